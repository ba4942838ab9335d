"""Processes that a service keeps alive, and what it asks of the machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from common.files import locked
from common.isolated import end_with_parent
from common.refusal import refusal
from flows.jobs.guard import private_folder

#: The variable in which a runner of ours leaves its number to the flows that it starts.
RUNNER = "KAOHE_RUNNER"
_STANDARD_ERROR = 2
STOP_SECONDS, _LONGEST_WAIT, _STEADY_AFTER = 30.0, 60.0, 300.0


@dataclass(slots=True)
class Child:
    """One process that is kept alive, and when it may be started again.

    It works in ``folder`` and is ``handed`` these open files.
    """

    name: str
    arguments: list[str]
    folder: Path | None = None
    handed: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = 1.0
    not_before: float = 0.0

    @property
    def pid(self) -> int | None:
        """The number of the process; None where none lives."""
        alive = self.process is not None and self.process.poll() is None
        return self.process.pid if alive and self.process is not None else None

    def start(self, env: dict[str, str]) -> None:
        """Start the process in a session of its own; it ends when this one does."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            env=env,
            cwd=self.folder,
            pass_fds=self.handed,
            stdin=subprocess.DEVNULL,
            stdout=_STANDARD_ERROR,  # where its own goes; what we print is ours
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        )

    def delay(self) -> float:
        """Return how long to wait before the next start: longer each time, unless it ran well."""
        steady = time.monotonic() - self.started > _STEADY_AFTER
        self.wait = 1.0 if steady else min(self.wait * 2, _LONGEST_WAIT)
        self.not_before = time.monotonic() + self.wait
        return self.wait

    def stop(self) -> None:
        """End the process and all of its session: asked first, then made to."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def end_with_runner() -> None:
    """End this process when its runner ends, however that ends; nobody would know of it."""
    if number := os.environ.get(RUNNER):
        end_with_parent(signal.SIGKILL, int(number))


def is_healthy(api_url: str) -> bool:
    """Say whether the Prefect server answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{api_url}/health", timeout=10) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError, HTTPException):
        return False


def listen(port: int) -> socket.socket:
    """Take a port of this machine for ourselves, any free one for 0; Refusal where it is taken.

    Nobody else can listen there, and so nobody be given our credentials, as long as this is open.
    """
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise refusal("flows.port_taken", port=port, error=error) from error
    return listening


def url_of(listening: socket.socket) -> str:
    """Return the address of the API that is served at a socket."""
    return f"http://127.0.0.1:{listening.getsockname()[1]}/api"


@contextmanager
def only_one(home: Path) -> Iterator[None]:
    """Hold the folder of records alone; Refusal where another service has it."""
    private_folder(home)
    with locked(home / "serve.lock", 0.0, refusal("flows.already_serving", home=home)):
        yield
