"""Notices: dropped on the desk, what landed of them, and what is declared of them in forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.refusal import refusal
from flows.desk.desk import Desk
from flows.desk.pages import page
from flows.desk.uploads import with_files
from flows.desk.watch import watched
from flows.jobs.desk.declaring import VALUES, Declaration, declare, declared, state_of
from flows.jobs.desk.dropping import Dropped, take_in
from flows.jobs.desk.evidence import evidence_of
from flows.jobs.desk.listing import landed_notices
from flows.jobs.desk.memory import folder_of
from flows.jobs.ingest import Progress

if TYPE_CHECKING:
    from starlette.datastructures import FormData
    from starlette.requests import Request
    from starlette.responses import Response

_DAYS = (("issued_on", "印发日期"), ("received_on", "收到日期"), ("deadline", "报送截止日期"))
_SPLIT = re.compile(r"[\n,，、;；]+")
_GRADES = 6


def show_notices(desk: Desk, request: Request) -> Response:
    """Return all landed documents, and the place to drop another."""
    return page(request, "notices.html", notices=landed_notices(desk.order.warehouse))


def drop(desk: Desk, request: Request, form: FormData) -> Response:
    """Take a dropped notice in: it is read, gets its place and lands, watched on a page."""
    year = str(form.get("year") or "").strip()
    said = Dropped(
        str(form.get("document_id") or "").strip() or None,
        int(year) if year.isdecimal() and len(year) == 4 else None,
        _names(form.get("entities")),
    )
    order = desk.order

    def work(folder: Path, _: Sequence[str], say: Progress) -> str:
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
        evidence=evidence_of(order.warehouse, document_id, folder, front),
        seen=state_of(folder),
        landed=desk.memory.is_landed(folder, order.warehouse),
        done=request.query_params.get("done"),
        grades=_GRADES,
    )


def save(desk: Desk, request: Request, form: FormData) -> Response:
    """Write what the forms declare, and land the document with it."""
    from starlette.responses import RedirectResponse

    document_id, order = request.path_params["document"], desk.order
    folder = folder_of(order.raw, document_id)
    said = _said(form, folder)
    seen = str(form.get("seen") or "")
    declare(folder, order.raw, order.warehouse, desk.memory, said, seen)
    return RedirectResponse(f"/notices/{document_id}/?done=declared", 303)


def _said(form: FormData, folder: Path) -> Declaration:
    """Return what the forms say; what no field shows stays as the file has it."""
    texts = {key: str(form.get(key) or "").strip() or None for key in VALUES}
    values: dict[str, str | int | date | None] = dict(texts)
    if (year := texts["year"]) is not None:
        values["year"] = _number(year, "年度")
    for key, name in _DAYS:
        values[key] = _day(texts[key], name)
    held = declared(folder)
    values |= {key: held.get(key) for key in VALUES if key not in form}
    issued = values["issued_on"]
    named: dict[str, Mapping[str, Any]] = {
        "departments": _aliases(form),
        "directions": _chosen(form, "direction.", held.get("directions", {})),
        "rank_groups": _groups(form),
    }
    confirmed = [_method(str(each)) for each in form.getlist("method")]
    since = issued if isinstance(issued, date) else date(_year(form), 1, 1)
    basis = str(form.get("basis") or "").strip() or "通知所印"
    return Declaration(
        values, _names(form.get("entities")), named, confirmed, _total(form), since, basis
    )


def _names(given: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(str.strip, _SPLIT.split(str(given or ""))))))


def _year(form: FormData) -> int:
    return _number(str(form.get("landed_year") or ""), "年度")


def _number(text: str, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise refusal("flows.desk_field.number", name=name, found=text)
    return int(text)


def _points(text: str, name: str) -> float | None:
    if not text.strip():
        return None
    with suppress(ValueError):
        return float(text)
    raise refusal("flows.desk_field.number", name=name, found=text)


def _day(text: str | None, name: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise refusal("flows.desk_field.day", name=name, found=text) from None


def _fields(form: FormData, start: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of a table: what stands behind its name, and what is filled in."""
    for key, value in form.multi_items():
        if key.startswith(start) and isinstance(value, str) and value.strip():
            yield key.removeprefix(start), value.strip()


def _aliases(form: FormData) -> dict[str, str]:
    """Return departments' other names: those that are filled in, and one that is new."""
    found = dict(_fields(form, "department."))
    printed, name = (str(form.get(key) or "").strip() for key in ("new_printed", "new_name"))
    return found | ({printed: name} if printed and name else {})


def _chosen(form: FormData, start: str, held: dict[str, Any]) -> dict[str, str]:
    """Return the choices of a table; those of the file that no field shows stay."""
    shown = {key.removeprefix(start) for key in form if key.startswith(start)}
    kept = {key: value for key, value in held.items() if key not in shown}
    return kept | dict(_fields(form, start))


def _groups(form: FormData) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for entity, group in _fields(form, "group."):
        found.setdefault(group, []).append(entity)
    return found


def _method(given: str) -> tuple[int, str]:
    number, _, text = given.partition("|")
    return _number(number, "序号"), text


def _total(form: FormData) -> dict[str, Any]:
    """Return caps and grades; a grade without a name is none."""
    grades = []
    for number in range(1, _GRADES + 1):
        get = {key: str(form.get(f"grade{number}.{key}") or "").strip() for key in _GRADE_KEYS}
        if not get["name"]:
            continue
        quota = _points(get["quota"], "名额占比")
        rank = _number(get["at_most_rank"], "名次") if get["at_most_rank"] else None
        grade = {
            "name": get["name"],
            "at_least": _points(get["at_least"], "最低分"),
            "at_most_rank": rank,
            "quota": None if quota is None else round(quota / 100, 6),
        }
        grades.append({key: value for key, value in grade.items() if value is not None})
    caps = {
        key: _points(str(form.get(key) or ""), name)
        for key, name in (("bonus_cap", "加分上限"), ("minus_cap", "减分上限"))
    }
    return {**caps, "grade": grades}


_GRADE_KEYS = ("name", "at_least", "at_most_rank", "quota")

PAGES = {"/notices": show_notices, "/notices/{document}/": show_notice}
CHANGES = {"/notices/drop": drop, "/notices/{document}/declare": save}
