"""Notices: dropped on the desk, what landed of them, and what is declared of them in forms."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import is_leftover
from flows.desk.sections.declaration import GRADES, declaration, names_in
from flows.desk.shared.desk import Desk
from flows.desk.shared.pages import page
from flows.desk.shared.uploads import Kept, with_files
from flows.desk.shared.watch import watched
from flows.jobs.desk.declaring import declare, declared, state_of
from flows.jobs.desk.dropping import Dropped, take_in
from flows.jobs.desk.evidence import evidence_of
from flows.jobs.desk.listing import landed_notices
from flows.jobs.desk.memory import alone, folder_of
from flows.jobs.desk.sidecar_text import with_declaration
from flows.jobs.ingest import Progress

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response


def show_notices(desk: Desk, request: Request) -> Response:
    """Return all landed documents, and the place to drop another."""
    return page(request, "notices.html", notices=landed_notices(desk.order.warehouse))


def drop(desk: Desk, request: Request, form: FormData) -> Response:
    """Take a dropped notice in: it is read, gets its place and lands, watched on a page."""
    year = str(form.get("year") or "").strip()
    said = Dropped(
        str(form.get("document_id") or "").strip() or None,
        int(year) if year.isdecimal() and len(year) == 4 else None,
        names_in(form.get("entities")),
    )
    order = desk.order

    def work(folder: Path, kept: Kept, say: Progress) -> str:
        for name, why in kept.left:
            if not is_leftover(name):  # one that is missing may be a page
                raise why
        landed = take_in(folder, order.raw, order.warehouse, desk.memory, said, say)
        return f"/notices/{landed.document_id}/?done=landed"

    return with_files(desk, form, lambda names: f"读取 {'、'.join(names)}", work)


def show_notice(desk: Desk, request: Request) -> Response:
    """Return what landed of a document and the forms of what may be declared of it."""
    document_id = request.path_params["document"]
    order, folder = desk.order, folder_of(desk.order.raw, document_id)
    if not desk.memory.knows(folder):

        def work(say: Progress) -> str:
            desk.memory.read(folder, order.warehouse, say)
            return f"/notices/{document_id}/"

        return watched(desk, f"读取 {document_id}", work)
    front = desk.memory.document(folder).front
    return page(
        request,
        "notice.html",
        evidence=evidence_of(order.warehouse, document_id, folder, order.raw, front),
        seen=state_of(folder),
        landed=desk.memory.is_landed(folder, order.warehouse),
        done=request.query_params.get("done"),
        grades=GRADES,
    )


def save(desk: Desk, request: Request, form: FormData) -> Response:
    """Write what the forms declare, and land the document with it."""
    from starlette.responses import RedirectResponse

    document_id, order = request.path_params["document"], desk.order
    folder = folder_of(order.raw, document_id)
    said = declaration(form, declared(folder))
    seen = str(form.get("seen") or "")
    change = partial(with_declaration, said=said)
    declare(folder, order.raw, order.warehouse, desk.memory, change, seen)
    return RedirectResponse(f"/notices/{document_id}/?done=declared", 303)


def land_again(desk: Desk, request: Request, form: FormData) -> Response:
    """Land a document with what its files say now; where it has to be read, on a page of its own.

    The document itself may have been changed, too.
    """
    document_id, order = request.path_params["document"], desk.order
    folder = folder_of(order.raw, document_id)

    def work(say: Progress) -> str:
        reading = desk.memory.read(folder, order.warehouse, say)
        with alone(order.raw):
            desk.memory.land(reading, folder, order.warehouse)
        return f"/notices/{document_id}/?done=landed"

    return watched(desk, f"重新入库 {document_id}", work)


PAGES = {"/notices": show_notices, "/notices/{document}/": show_notice}
CHANGES = {
    "/notices/drop": drop,
    "/notices/{document}/declare": save,
    "/notices/{document}/land": land_again,
}
