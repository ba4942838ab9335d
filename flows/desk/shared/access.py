"""Who gets in: the gate by Host and Origin, a token that is used once, a cookie, a size.

The address that the terminal shows holds a token. The first browser that brings it gets a cookie
that no script and no other site can use, and the token is worth nothing more; the terminal then
shows a new one for another browser. Whoever has no cookie is told so, and nothing else.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from common.messages import message
from flows.gate import Gate, header

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENTER = "/enter"
MOST_BYTES = 256 * 2**20
"""Of one request: many forms may be dropped at once; each file has its own limit besides."""
SCRIPT = "application/json"
"""What a page's script accepts; a browser that opens a page accepts more."""
_MOST_SESSIONS = 32
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: Headers of every answer. Scripts and styles come from here alone, and nothing else runs.
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(slots=True)
class Sessions:
    """The token that lets the next browser in, and the cookies of those that are in."""

    name: str
    on_new: Callable[[str], None]
    token: str = ""
    cookies: list[str] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self.renew()

    def renew(self) -> None:
        """Make a token that nobody had before, and show it."""
        self.token = secrets.token_urlsafe(32)
        self.on_new(self.token)

    def enter(self, token: str) -> str | None:
        """Return a cookie for the right token, which ends with it; None for any other."""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        cookie = secrets.token_urlsafe(32)
        self.cookies = [*self.cookies, cookie][-_MOST_SESSIONS:]
        self.renew()
        return cookie

    def known(self, scope: Scope) -> str | None:
        """Return the cookie of a request that is in; None for any other."""
        for text in header(scope, b"cookie"):
            try:
                jar = SimpleCookie(text)
            except CookieError:
                continue
            given = jar[self.name].value if self.name in jar else ""
            for cookie in self.cookies:
                if hmac.compare_digest(given.encode(), cookie.encode()):
                    return cookie
        return None


def csrf_of(cookie: str) -> str:
    """Return the word that every change of a session carries, which no other page can know."""
    return hmac.new(cookie.encode(), b"change", hashlib.sha256).hexdigest()


def is_csrf(cookie: str, given: object) -> bool:
    """Say whether a change carries its session's word."""
    text = given if isinstance(given, str) else ""
    return hmac.compare_digest(csrf_of(cookie).encode(), text.encode())


class TooMuchError(Exception):
    """A request's body is larger than any that is meant."""


class Access(Gate):
    """The gate before the desk."""

    def __init__(self, app: ASGIApp, port: int, sessions: Sessions) -> None:
        super().__init__(app, port)
        self.sessions = sessions

    def refuses(self, scope: Scope) -> int | None:
        """Return the status with which the request is refused; None where it may pass."""
        refused = super().refuses(scope)
        if refused is not None or scope["type"] != "http":
            return refused or 403
        if scope["method"] in _CHANGES and len(header(scope, b"origin")) != 1:
            return 403
        if scope["path"] == ENTER:
            return None
        scope["desk_cookie"] = self.sessions.known(scope)
        if scope["desk_cookie"] is None:
            return 401
        sizes = header(scope, b"content-length")
        if sizes and (not sizes[0].isdecimal() or int(sizes[0]) > MOST_BYTES):
            return 413
        return None

    def answer(self, scope: Scope, status: int) -> ASGIApp:
        """Return what is said to whom is refused: as text, or to a script as JSON."""
        from starlette.responses import JSONResponse, PlainTextResponse

        said = message("flows.desk_refused.foreign").zh
        if status == 401:
            said = message("flows.desk_refused.no_cookie").zh
        elif status == 413:
            said = message("flows.desk_refused.too_much").zh
        if header(scope, b"accept") == [SCRIPT]:
            return JSONResponse({"zh": said}, status)
        return PlainTextResponse(said, status)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on within its size; every answer gets the headers."""
        got = 0

        async def counted() -> Message:
            nonlocal got
            part = await receive()
            got += len(part.get("body", b""))
            if got > MOST_BYTES:
                raise TooMuchError
            return part

        async def headed(part: Message) -> None:
            if part["type"] == "http.response.start":
                own = {key for key, _ in part.get("headers", [])}
                more = [(key.encode(), value.encode()) for key, value in _HEADERS.items()]
                kept = [each for each in more if each[0] not in own]
                part = {**part, "headers": [*part.get("headers", []), *kept]}
            await send(part)

        await super().__call__(scope, counted, headed)
