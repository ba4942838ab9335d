"""Review that saves: the review page of :mod:`report.review`, whose decisions go into the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from common.refusal import refusal
from flows.desk.shared.access import csrf_of
from flows.desk.shared.desk import Desk
from flows.desk.shared.pages import page, static_files
from flows.desk.shared.watch import watched
from flows.jobs.desk import decisions
from flows.jobs.desk.listing import to_review
from flows.jobs.desk.memory import alone, folder_of
from flows.jobs.ingest import Progress
from flows.jobs.review import draw, find_source, read_landed
from flows.jobs.sidecar.document import document_in, locate
from report.review.data import Landed, review_data
from report.review.page import PICTURES, page_text

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

_MOST_ENTRIES = 2000


def show_list(desk: Desk, request: Request) -> Response:
    """Return the documents in force with what is to be looked at in each."""
    return page(request, "reviews.html", documents=to_review(desk.order.warehouse))


def show_review(desk: Desk, request: Request) -> Response:
    """Return the review page of a document; where it is not read yet, the page of that work."""
    from starlette.responses import HTMLResponse

    document_id = request.path_params["document"]
    landed = read_landed(desk.order.warehouse, document_id)
    mark = f"{document_id} {landed.notice['source_sha256']}"
    folder = folder_of(desk.order.raw, document_id)
    if mark not in desk.drawn.pictures or not desk.memory.knows(folder):
        return watched(
            desk,
            f"准备核对 {document_id}",
            lambda say: _prepare(desk, landed, mark, folder, say),
        )
    _, pictures, remark = desk.drawn.pictures[mark]
    data = review_data(landed, pictures, remark)
    data["desk"] = _for_script(desk, request, folder)
    return HTMLResponse(page_text(landed.title, data, served=True).encode("utf-8", "replace"))


def _for_script(desk: Desk, request: Request, folder: Path) -> dict[str, object]:
    """Return what the page's script needs to save: the decisions so far, and the session's word."""
    return {
        "csrf": csrf_of(request.scope["desk_cookie"]),
        "read_only": desk.order.read_only,
        "landed": desk.memory.is_landed(folder, desk.order.warehouse),
        "decisions": [
            {
                "number": each.number,
                "where": each.where,
                "text": f"{each.place} {each.decision}",
                "who": f"{each.by}　{each.on}　{each.reason}",
                "mark": decisions.mark_of(each),
            }
            for each in decisions.written(folder)
        ],
    }


def _prepare(desk: Desk, landed: Landed, mark: str, folder: Path, say: Progress) -> str:
    """Read the document and draw its pages; return where it is reviewed."""
    document_id = landed.notice["document_id"]
    desk.memory.read(folder, desk.order.warehouse, say)
    source, remark = find_source(landed.notice, document_in(folder))
    place = desk.drawn.place() / f"{len(desk.drawn.pictures)}"
    pictures = [] if source is None else draw(source, landed, place, say)
    desk.drawn.pictures[mark] = (place, pictures, remark)
    return f"/review/{document_id}/"


def show_part(desk: Desk, request: Request) -> Response:
    """Return a script, a style or a page's picture of the review page."""
    from starlette.responses import FileResponse, PlainTextResponse

    name, document_id = request.path_params["name"], request.path_params["document"]
    if (found := static_files().get(f"review/{name}")) is not None:
        return FileResponse(found[0], media_type=found[1])
    for mark, (place, pictures, _) in desk.drawn.pictures.items():
        if mark.split(" ")[0] == document_id and name in {
            f"{PICTURES}/{each.name}" for each in pictures
        }:
            return FileResponse(place / Path(name).name)
    return PlainTextResponse("404", 404)


def save(desk: Desk, request: Request, form: FormData) -> Response:
    """Write decisions of the page and land them; the answer says how many findings are open."""
    entries = _entries(form.get("entries"))
    folder = folder_of(desk.order.raw, request.path_params["document"])
    order = desk.order
    summary = decisions.decide(folder, order.raw, order.warehouse, desk.memory, entries)
    return _saved(summary.findings)


def take_back(desk: Desk, request: Request, form: FormData) -> Response:
    """Take a decision back and land the document without it."""
    folder = folder_of(desk.order.raw, request.path_params["document"])
    number, said = str(form.get("number", "")), str(form.get("mark", ""))
    place = int(number) if number.isdecimal() else 0
    order = desk.order
    summary = decisions.undo(folder, order.raw, order.warehouse, desk.memory, place, said)
    return _saved(summary.findings)


def land_again(desk: Desk, request: Request, form: FormData) -> Response:
    """Land a document with what its files say now, which somebody changed by hand."""
    folder = folder_of(desk.order.raw, request.path_params["document"])
    desk.memory.recall(folder, desk.order.warehouse)
    with alone(desk.order.raw):
        reading = desk.memory.understand(locate(folder), desk.order.warehouse)
        summary = desk.memory.land(reading, folder, desk.order.warehouse)
    return _saved(summary.findings)


def _saved(findings: dict[str, int]) -> Response:
    from starlette.responses import JSONResponse

    return JSONResponse({"open": findings["error"] + findings["warning"]})


def _entries(given: object) -> list[dict[str, object]]:
    """Return the decisions that a page sends; Refusal where they are no list of decisions."""
    try:
        entries = json.loads(given) if isinstance(given, str) else None
    except ValueError:
        entries = None
    if not isinstance(entries, list) or not 0 < len(entries) <= _MOST_ENTRIES:
        raise refusal("flows.desk_entries")
    if not all(isinstance(each, dict) for each in entries):
        raise refusal("flows.desk_entries")
    return entries


PAGES = {
    "/review": show_list,
    "/review/{document}/": show_review,
    "/review/{document}/{name:path}": show_part,
}
CHANGES = {
    "/review/{document}/decide": save,
    "/review/{document}/undo": take_back,
    "/review/{document}/land": land_again,
}
