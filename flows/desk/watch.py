"""The page on which a piece of work is watched, and what its script asks for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from common.refusal import refusal
from flows.desk.desk import Desk
from flows.desk.pages import page
from flows.desk.work import Task

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


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
    return JSONResponse({"state": task.state, "lines": task.lines, "seconds": seconds})


def _task(desk: Desk, request: Request) -> Task:
    task = desk.works.find(request.path_params["number"])
    if task is None:
        raise refusal("flows.desk_work_gone")
    return task


PAGES = {"/work/{number:int}": show_work, "/work/{number:int}/state": tell_work}
