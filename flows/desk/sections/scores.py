"""Scores: computed, tried otherwise, answered for one line, and published to a folder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from common.refusal import refusal
from flows.desk.shared.desk import Desk, chosen_year
from flows.desk.shared.pages import page
from flows.desk.shared.watch import watched
from flows.jobs.desk.cards import lines_of, scorecards_of
from flows.jobs.desk.glance import glance_of
from flows.jobs.desk.printed import draw_line, name_of, printed_line
from flows.jobs.desk.publishing import place_named, remember
from flows.jobs.desk.scored import day_landed, day_to_score
from flows.jobs.ingest import Progress
from flows.jobs.returns.refused import with_refused
from flows.jobs.score.appeal import answer
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from flows.jobs.score.what_if import tried
from flows.jobs.site.report import ReportOrder, make_report
from report.figures import added, signs_text
from schemas.records.forms import SAMPLE_LABEL

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

_TRIED = {
    "actual_value": "actual",
    "awarded_pct": "actual",
    "target_value": "target",
    "max_points": "target",
}
"""What may be tried otherwise, with the table of a what-if file that it belongs to."""
_TRIAL = "试算"


def show_scores(desk: Desk, request: Request) -> Response:
    """Return the latest scores of a document, and what can be done with them."""
    warehouse = desk.order.warehouse
    found, chosen = chosen_year(warehouse, request)
    glance = glance_of(desk.order.places, chosen.document_id) if chosen else None
    summary = desk.works.kept.get(_number(request.query_params.get("done")))
    cards = scorecards_of(warehouse, glance.document_id) if glance else []
    return page(
        request,
        "scores.html",
        documents=found,
        glance=glance,
        cards=cards,
        signs=signs_text(added(card.doubt for card in cards)),
        lines=lines_of(warehouse, glance.document_id) if glance else [],
        summary=summary,
        report=desk.order.places.report.absolute(),
    )


def score(desk: Desk, request: Request, form: FormData) -> Response:
    """Score a document as of a day, the latest of what counts where none is named, and land it."""
    document_id = request.path_params["document"]
    order = _order(desk, document_id, _day(str(form.get("as_of") or "")))
    if order.as_of is None:
        latest = day_to_score(order.warehouse, document_id, order.year)
        order = replace(order, as_of=latest)

    def work(say: Progress) -> str:
        kept = desk.works.keep(score_year(order, say))
        return f"/scores?document={document_id}&done={kept}"

    return watched(desk, "计分", work)


def publish(desk: Desk, request: Request, form: FormData) -> Response:
    """Make the site in the folder of the report; an earlier one stays until it is whole."""
    document_id, order = request.path_params["document"], desk.order
    folder = place_named(str(form.get("folder") or ""), order.out, order.raw)
    report = ReportOrder(desk.year_of(document_id), order.warehouse, folder, order.raw, document_id)

    def work(say: Progress) -> str:
        make_report(report, say)
        remember(order.out, folder)
        return f"/scores?document={document_id}"

    return watched(desk, "发布", work)


def show_answer(desk: Desk, request: Request) -> Response:
    """Return the answer to an appeal about one line, to be printed."""
    document_id = request.path_params["document"]
    serial_no, entity = _line(request)
    order = desk.order
    found = answer(_order(desk, document_id), serial_no, entity)
    found = with_refused(found, order.warehouse, order.raw)
    printed = printed_line(order.warehouse, order.raw, document_id, serial_no)
    said = [line.split("　") for _, lines in found.sections() for line in lines]
    sample = any(SAMPLE_LABEL in each for each in said)
    return page(
        request, "answer.html", sample=sample, answer=found, printed=printed, name_of=name_of
    )


def send_printed(desk: Desk, request: Request) -> Response:
    """Return the picture of where an indicator is printed; it is drawn when it is first asked."""
    from starlette.responses import FileResponse, PlainTextResponse

    order, asked = desk.order, request.path_params
    line = printed_line(order.warehouse, order.raw, asked["document"], asked["serial_no"])
    if asked["name"] not in map(name_of, line.strips):
        return PlainTextResponse("404", 404)
    mark = f"{asked['document']} {line.notice['source_sha256']} {asked['serial_no']}"
    folder = desk.drawn.line(mark, lambda place: draw_line(line, order.raw, place, lambda _: None))
    return FileResponse(folder / asked["name"])


def show_what_if(desk: Desk, request: Request) -> Response:
    """Return what one line would change if it were otherwise, beside the real; nothing lands."""
    from scoring.what_if.parse import parse_what_if

    document_id = request.path_params["document"]
    serial_no, entity = _line(request)
    column, given = (request.query_params.get(key, "") for key in ("column", "value"))
    if column not in _TRIED:
        raise refusal("flows.desk_field.number", name=_TRIAL, found=column)
    change = {"serial_no": serial_no, "entity": entity, column: _value(given)}
    if part_no := _number(request.query_params.get("part_no")):
        change["part_no"] = part_no
    asked = parse_what_if({_TRIED[column]: [change]}, _TRIAL)
    day = day_landed(desk.order.warehouse, document_id)
    found = tried(_order(desk, document_id, day), asked, _TRIAL, lambda _: None)
    return page(request, "what_if.html", found=found, tried=change, column=column)


def _order(desk: Desk, document_id: str, day: date | None = None) -> ScoreOrder:
    order = desk.order
    return ScoreOrder(desk.year_of(document_id), order.warehouse, document_id, day, order.raw)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise refusal("flows.desk_field.day", name="截至", found=text) from None


def _line(request: Request) -> tuple[int, str]:
    """Return the line that a page is about: an indicator's number and an entity."""
    serial_no = _number(request.query_params.get("serial_no"))
    return serial_no, request.query_params.get("entity", "")


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _value(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise refusal("flows.desk_field.number", name=_TRIAL, found=text) from None


PAGES = {
    "/scores": show_scores,
    "/scores/{document}/answer": show_answer,
    "/scores/{document}/what-if": show_what_if,
    "/scores/{document}/printed/{serial_no:int}/{name}": send_printed,
}
CHANGES = {"/scores/{document}/score": score, "/scores/{document}/publish": publish}
