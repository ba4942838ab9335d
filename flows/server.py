"""Prefect's server behind a gate of our own; a program that ``kaohe serve`` starts.

It listens on a socket that its parent has bound and keeps, so that nobody else can take the port
while this process is started again::

    python -m flows.server DESCRIPTOR [--ui]
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_OPEN = "/api/health"
_CLOSED = "/api/ready"
_MOST_REQUESTS_WAITING = 128


class Gate:
    """Lets through what names this server by its own address and comes from no foreign page.

    A page elsewhere that makes its name point to this machine sends that name as ``Host``; a page
    that calls this machine's address sends its own origin. Both end here, and web sockets as well,
    to which a browser's rules for other origins do not apply.
    """

    def __init__(self, app: ASGIApp, port: int, *, ui: bool = False) -> None:
        self.app = app
        self.ui = ui
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it without a word about what lies behind."""
        from starlette.responses import PlainTextResponse

        if scope["type"] == "lifespan" or (refused := self.refuses(scope)) is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse("refused", refused)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def refuses(self, scope: Scope) -> int | None:
        """Return the status with which the request is refused; None where it may pass."""
        if set(_header(scope, b"host")) - self.hosts or len(_header(scope, b"host")) != 1:
            return 421
        if set(_header(scope, b"origin")) - self.origins:
            return 403
        path = scope["path"]
        if path == _CLOSED or not (self.ui or path.startswith("/api/")):
            return 404
        return None


def _header(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a request's header."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def main(descriptor: int, *, ui: bool) -> None:
    """Serve until SIGTERM, then forget what ended long ago."""
    os.umask(0o077)  # Prefect makes its database for everybody to read
    signal.signal(signal.SIGTERM, lambda *_: None)  # uvicorn raises again what it was ended by
    import uvicorn
    from prefect.server.api.server import create_app

    with socket.socket(fileno=descriptor) as listening:
        config = uvicorn.Config(
            Gate(create_app(final=True), listening.getsockname()[1], ui=ui),
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
