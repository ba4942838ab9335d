"""Prefect's server behind a gate of our own; a program that ``kaohe serve`` starts.

It listens on a socket that its parent has bound and keeps, so that nobody else can take the port
while this process is started again::

    python -m flows.server DESCRIPTOR [--ui]
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from common.processes import end_at_once
from flows.gate import Gate

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Scope

_CLOSED = "/api/ready"
_MOST_REQUESTS_WAITING = 128
#: Without pages nobody fills in a block, and to enter their kinds Prefect imports all that is
#: installed beside it, Dask with it, at every start.
_NO_BLOCKS = {
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_MEMOIZE_BLOCK_AUTO_REGISTRATION": "false",
}


class PrefectGate(Gate):
    """The gate before Prefect's server: its API alone, and its pages where they are asked for."""

    def __init__(self, app: ASGIApp, port: int, *, ui: bool = False) -> None:
        super().__init__(app, port)
        self.ui = ui

    def refuses(self, scope: Scope) -> int | None:
        """Return the status with which the request is refused; None where it may pass."""
        refused = super().refuses(scope)
        path = scope["path"]
        if refused is None and (path == _CLOSED or not (self.ui or path.startswith("/api/"))):
            return 404
        return refused


def main(descriptor: int, *, ui: bool) -> None:
    """Serve until SIGTERM, then forget what ended long ago."""
    os.umask(0o077)  # Prefect makes its database for everybody to read
    if not ui:
        os.environ.update(_NO_BLOCKS)
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises again what it was ended by
    import uvicorn
    from prefect.server.api.server import create_app

    with socket.socket(fileno=descriptor) as listening:
        config = uvicorn.Config(
            PrefectGate(create_app(final=True), listening.getsockname()[1], ui=ui),
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="on",
            backlog=_MOST_REQUESTS_WAITING,
            timeout_graceful_shutdown=5,
        )
        uvicorn.Server(config).run(sockets=[listening])
    forget_old_runs()


def forget_old_runs() -> None:
    """Delete from the database in ``PREFECT_HOME`` the runs that ended long ago, with their logs.

    How long is ``PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD``. The server's own service
    does so once an hour; the server of one command lives too briefly for it.
    """
    from prefect.server.database import provide_database_interface
    from prefect.server.services.db_vacuum import vacuum_old_flow_runs

    asyncio.run(vacuum_old_flow_runs(db=provide_database_interface()))


if __name__ == "__main__":
    main(int(sys.argv[1]), ui=sys.argv[2:] == ["--ui"])
    gc.freeze()  # to search all for garbage once more takes a second
    end_at_once(0)
