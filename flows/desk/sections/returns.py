"""Forms and returns: forms made, returned ones dropped, replies, and who owes what."""

from __future__ import annotations

from datetime import date
from itertools import starmap
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import today
from common.refusal import refusal
from flows.desk.shared.desk import Desk, chosen_year
from flows.desk.shared.pages import page
from flows.desk.shared.uploads import Kept, with_files
from flows.desk.shared.watch import watched
from flows.jobs.desk.owing import owed, refused_files
from flows.jobs.folders import within
from flows.jobs.ingest import Progress
from flows.jobs.returns.forms import make_forms
from flows.jobs.returns.receive import Delivery, receive_and_finish
from flows.jobs.returns.redate import FiledReturn, filed_returns, redate
from flows.jobs.returns.replies import FiledReply, replies_to, reply_named
from flows.jobs.returns.summary import Received, not_taken

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response


def show_returns(desk: Desk, request: Request) -> Response:
    """Return the forms and returns of the year's document in force, or of the one asked for."""
    order = desk.order
    found, chosen = chosen_year(order.warehouse, request)
    shown = None
    replies: dict[str, tuple[FiledReply, ...]] = {}
    filed: tuple[FiledReturn, ...] = ()
    if chosen is not None:
        forms = order.places.forms
        shown = owed(order.warehouse, order.raw, forms, chosen.document_id, chosen.year)
        replies = {
            each.department: replies_to(
                order.out / "replies", shown.year, each.department, shown.document_id
            )
            for each in shown.departments
        }
        filed = filed_returns(order.raw, shown.year)
    return page(
        request,
        "returns.html",
        documents=found,
        owed=shown,
        replies=replies,
        filed=filed,
        refused=refused_files(order.raw),
        done=request.query_params.get("done"),
    )


def forms(desk: Desk, request: Request, form: FormData) -> Response:
    """Make the forms of a document."""
    document_id, order = request.path_params["document"], desk.order
    year = desk.year_of(document_id)

    def work(say: Progress) -> str:
        say("正在做填报表")
        made = make_forms(order.warehouse, year, order.places.forms, document_id, raw=order.raw)
        return f"/returns?document={made.document_id}&done={len(made.forms)}"

    return watched(desk, "做填报表", work)


def receive(desk: Desk, request: Request, form: FormData) -> Response:
    """Receive dropped forms: each is filed, landed and answered, or refused with its reason."""
    order = desk.order
    day = _day(str(form.get("received_on") or ""))

    def work(folder: Path, kept: Kept, say: Progress) -> str:
        files = tuple(folder / name for name in kept.names)
        delivery = Delivery(files, order.warehouse, day, order.raw, order.out / "replies")
        got = receive_and_finish(delivery, say)
        left = starmap(not_taken, kept.left)
        return f"/returns/received/{desk.works.keep(Received((*got.files, *left)))}"

    return with_files(desk, form, lambda names: f"接收 {len(names)} 份填报表", work)


def set_day(desk: Desk, request: Request, form: FormData) -> Response:
    """File a return under the day that it really came; its lines land and are answered anew."""
    order = desk.order
    day = _day(str(form.get("received_on") or ""))
    known = filed_returns(order.raw, desk.year_of(request.path_params["document"]))
    chosen = [each.path for each in known if each.name == form.get("filed")]
    if not chosen:
        raise refusal("flows.desk_field.filed", found=str(form.get("filed") or ""))

    def work(say: Progress) -> str:
        delivery = Delivery(tuple(chosen), order.warehouse, day, order.raw, order.out / "replies")
        return f"/returns/received/{desk.works.keep(redate(delivery, say))}"

    return watched(desk, "更正收到日期", work)


def show_received(desk: Desk, request: Request) -> Response:
    """Return what became of the files that were dropped together."""
    got = desk.works.kept.get(request.path_params["number"])
    if got is None:
        raise refusal("flows.desk_work_gone")
    replies = desk.order.out / "replies"
    files = [(each, _from(replies, each.reply)) for each in got.files]
    return page(request, "received.html", files=files)


def _from(folder: Path, path: str | None) -> str | None:
    """Return a reply's path from the folder of the replies."""
    return None if path is None else Path(path).relative_to(folder).as_posix()


def send_form(desk: Desk, request: Request) -> Response:
    """Return a form to be downloaded."""
    path = within(desk.order.places.forms, request.path_params["name"])
    return _sent(path if path.suffix == ".xlsx" and path.is_file() else None)


def send_reply(desk: Desk, request: Request) -> Response:
    """Return a reply to be downloaded: one of those that are there, whatever is asked for."""
    return _sent(reply_named(desk.order.out / "replies", request.path_params["name"]))


def _sent(path: Path | None) -> Response:
    """Return a workbook to be downloaded; that there is none such where it is None."""
    from starlette.responses import FileResponse, PlainTextResponse

    if path is None:
        return PlainTextResponse("404", 404)
    return FileResponse(path, filename=path.name)


def _day(text: str) -> date:
    """Return the day of receipt; today where none is named."""
    if not text:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal("flows.desk_field.day", name="收到日期", found=text) from None


PAGES = {
    "/returns": show_returns,
    "/returns/received/{number:int}": show_received,
    "/returns/forms/{name}": send_form,
    "/returns/replies/{name:path}": send_reply,
}
CHANGES = {
    "/returns/receive": receive,
    "/returns/redate/{document}": set_day,
    "/returns/forms/of/{document}": forms,
}
