"""A Prefect server of our own for as long as a command or a check takes.

It stands behind the same gate as the one of ``kaohe serve`` (:mod:`flows.server`), asks for
credentials that only this process and its children know, and ends with this process.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

from common.isolated import python_path
from common.refusal import refusal
from flows.jobs.guard import guarded, new_credentials, private_folder
from flows.processes import Child, is_healthy, listen, url_of

_START_SECONDS = 180.0
_POLL = 0.1


@contextmanager
def own_server(home: Path) -> Iterator[str]:
    """Keep a server with its records in ``home`` and let the flows of this process report to it.

    Must come before Prefect is imported. Neither side reads a ``.env`` or ``prefect.toml`` of the
    folder that the user works in: the server works in a folder of ours, and Prefect, which reads
    its settings when it is imported, is imported there. Raises Refusal where it does not start.
    """
    folder = private_folder(home / "run")
    with listen(0) as listening:
        url = url_of(listening)
        os.environ.update(
            guarded(new_credentials(), url.removesuffix("/api"))
            | {"PREFECT_API_URL": url, "PREFECT_HOME": str(home.absolute())}
            | {"PREFECT_PROFILES_PATH": os.devnull}
        )
        number = listening.fileno()
        server = Child("server", ["-m", "flows.server", str(number)], folder, (number,))
        server.start(dict(os.environ) | {"PYTHONPATH": python_path()})
        try:
            with chdir(folder):
                import prefect  # noqa: F401
            _wait_for(server, url)
            yield url
        finally:
            server.stop()


def _wait_for(server: Child, url: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not is_healthy(url):
        if server.pid is None or time.monotonic() > deadline:
            raise refusal("flows.no_server", address=url)
        time.sleep(_POLL)
