"""The gate before a server of ours: who names it otherwise or comes from elsewhere stays out.

A page elsewhere that makes its name point to this machine sends that name as ``Host``; a page
that calls this machine's address sends its own origin. Both end here, and web sockets as well,
to which a browser's rules for other origins do not apply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Gate:
    """Lets through what names this server by its own address and comes from no foreign page."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app = app
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it without a word about what lies behind."""
        if scope["type"] == "lifespan" or (refused := self.refuses(scope)) is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, refused)(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def refuses(self, scope: Scope) -> int | None:
        """Return the status with which the request is refused; None where it may pass."""
        hosts = header(scope, b"host")
        if set(hosts) - self.hosts or len(hosts) != 1:
            return 421
        if set(header(scope, b"origin")) - self.origins:
            return 403
        return None

    def answer(self, scope: Scope, status: int) -> ASGIApp:
        """Return what is said to whom is refused."""
        from starlette.responses import PlainTextResponse

        return PlainTextResponse("refused", status)


def header(scope: Scope, name: bytes) -> list[str]:
    """Return the values of a request's header."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]
