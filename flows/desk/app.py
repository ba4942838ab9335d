"""The desk as a web application: which pages there are, and how a request comes to one.

A page is a plain function. What it raises as a Refusal becomes a page that says so; what changes
something is asked for by POST with the session's word, and refused where the desk is read only.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from common.messages import Message, message
from flows.desk.shared.access import ENTER, SCRIPT, TooMuchError, csrf_of, is_csrf
from flows.desk.shared.desk import Desk
from flows.desk.shared.labels import at_the_desk
from flows.desk.shared.pages import page, static_files
from flows.jobs.apart import attempt

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    Page = Callable[[Desk, Request], Response]
    Change = Callable[[Desk, Request, FormData], Response]

_log = logging.getLogger(__name__)
_MOST_FILES, _MOST_FIELDS, _MOST_FIELD_BYTES = 500, 5000, 4 * 2**20


def application(desk: Desk) -> Starlette:
    """Return the application of one desk; :class:`.shared.access.Access` stands before it."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    from flows.desk.sections import methods, notices, returns, review, scores, year
    from flows.desk.shared import watch

    pages = {**year.PAGES, **watch.PAGES, **notices.PAGES, **review.PAGES}
    pages |= {**methods.PAGES, **returns.PAGES, **scores.PAGES}
    posts = {**notices.CHANGES, **review.CHANGES, **returns.CHANGES, **scores.CHANGES}
    posts |= methods.CHANGES

    app = Starlette(
        exception_handlers={400: no_form, 404: no_page, 405: no_page, 500: failed},
        routes=[
            Route(ENTER, enter, methods=["GET"]),
            Route("/word", tell_word, methods=["GET"]),
            Route("/static/{name:path}", static, methods=["GET"]),
            *(shows(path, each) for path, each in pages.items()),
            *(changes(path, each) for path, each in posts.items()),
        ],
    )
    app.state.desk = desk
    return app


def shows(path: str, show: Page) -> Route:
    """Return the route of a page that changes nothing."""
    from starlette.concurrency import run_in_threadpool
    from starlette.routing import Route

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answered, request, partial(show, request.app.state.desk))

    return Route(path, endpoint, methods=["GET"])


def changes(path: str, change: Change) -> Route:
    """Return the route of a change."""
    from starlette.concurrency import run_in_threadpool
    from starlette.routing import Route

    async def endpoint(request: Request) -> Response:
        desk: Desk = request.app.state.desk
        if desk.order.read_only:
            return refused(request, message("flows.desk_refused.read_only"), 403)
        limits = (_MOST_FILES, _MOST_FIELDS, _MOST_FIELD_BYTES)
        names = ("max_files", "max_fields", "max_part_size")
        try:
            async with request.form(**dict(zip(names, limits, strict=True))) as form:
                if not is_csrf(request.scope["desk_cookie"], form.get("csrf")):
                    return refused(request, message("flows.desk_refused.csrf"), 403, old=True)
                return await run_in_threadpool(
                    answered, request, lambda asked: change(desk, asked, form)
                )
        except TooMuchError:
            return refused(request, message("flows.desk_refused.too_much"), 413)

    return Route(path, endpoint, methods=["POST"])


def answered(request: Request, do: Callable[[Request], Response]) -> Response:
    """Return the answer to a request; what is refused or fails is said on a page."""
    got = attempt("desk", request.url.path, lambda: do(request))
    return refused(request, got) if isinstance(got, Message) else got


def refused(request: Request, reason: Message, status: int = 400, *, old: bool = False) -> Response:
    """Say why something was not done: on a page, or to a script as JSON.

    ``old``: the page is of an earlier session; its script may ask for the word of this one.
    """
    from starlette.responses import JSONResponse

    if request.headers.get("accept") == SCRIPT:
        return JSONResponse({"zh": at_the_desk(reason.zh), "old": old}, status)
    return page(request, "refused.html", status, reason=reason)


async def enter(request: Request) -> Response:
    """Let a browser in that brings the token, and lead it to the year."""
    from starlette.responses import PlainTextResponse, RedirectResponse

    desk: Desk = request.app.state.desk
    if request.method == "HEAD":  # a look ahead of a program; it would use the token up
        return PlainTextResponse("", 405)
    answer = RedirectResponse("/", 303)
    if desk.sessions.known(request.scope):
        return answer  # an address that was used is opened again where it let in
    cookie = desk.sessions.enter(request.query_params.get("token", ""))
    if cookie is None:
        return PlainTextResponse(message("flows.desk_refused.token").zh, 403)
    answer.set_cookie(desk.sessions.name, cookie, path="/", httponly=True, samesite="strict")
    return answer


async def tell_word(request: Request) -> Response:
    """Return the session's word, to a page that was opened in an earlier session of the desk."""
    from starlette.responses import JSONResponse

    return JSONResponse({"csrf": csrf_of(request.scope["desk_cookie"])})


async def no_page(request: Request, error: Exception) -> Response:
    """Say that there is no such page."""
    return refused(request, message("flows.desk_no_page"), getattr(error, "status_code", 404))


async def no_form(request: Request, error: Exception) -> Response:
    """Say that what was sent is no form of the desk."""
    return refused(request, message("flows.desk_refused.no_form"), 400)


async def failed(request: Request, error: Exception) -> Response:
    """Say that the program made a mistake, which is kept whole for whoever maintains it."""
    from starlette.responses import JSONResponse, PlainTextResponse

    said = message("flows.unexpected", thing=request.url.path, error=type(error).__name__)
    _log.error("desk %s failed", request.url.path, exc_info=error)
    if request.headers.get("accept") == SCRIPT:
        return JSONResponse({"zh": said.zh}, 500)
    return PlainTextResponse(said.zh, 500)


async def static(request: Request) -> Response:
    """Return one of the desk's own files; there are no others to ask for."""
    from starlette.responses import FileResponse, PlainTextResponse

    found = static_files().get(request.path_params["name"])
    if found is None:
        return PlainTextResponse("404", 404)
    return FileResponse(found[0], media_type=found[1])
