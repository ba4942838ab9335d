"""The page on which a piece of work is watched, and what its script asks for."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from common.refusal import refusal
from flows.desk.shared.desk import Desk
from flows.desk.shared.pages import page
from flows.desk.shared.work import Task
from flows.jobs.ingest import Progress

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


def watched(desk: Desk, title: str, do: Callable[[Progress], str]) -> Response:
    """Start a piece of work, which returns where its result is shown, and lead to its page."""
    from starlette.responses import RedirectResponse

    return RedirectResponse(f"/work/{desk.works.start(title, do).number}", 303)


def show_work(desk: Desk, request: Request) -> Response:
    """Return the page of a piece of work; one that is done leads to its result."""
    from starlette.responses import RedirectResponse

    task = _task(desk, request)
    if task.next is not None:
        return RedirectResponse(task.next, 303)
    return page(request, "work.html", task=task)


def tell_work(desk: Desk, request: Request) -> Response:
    """Return how far a piece of work is, for the page's script."""
    from starlette.responses import JSONResponse

    task = _task(desk, request)
    seconds = round(time.monotonic() - task.started)
    told = {"state": task.state, "lines": task.lines, "pages": task.pages, "seconds": seconds}
    return JSONResponse(told)


def _task(desk: Desk, request: Request) -> Task:
    task = desk.works.find(request.path_params["number"])
    if task is None:
        raise refusal("flows.desk_work_gone")
    return task


PAGES = {"/work/{number:int}": show_work, "/work/{number:int}/state": tell_work}
