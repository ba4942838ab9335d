"""Who signed a return: 报送人, 审核人, 审核日期, above or below the lines or in their columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from common.days import today
from common.declared import declared, declared_list
from common.fold import fold, fold_tight
from returns.doubtful import At, Doubtful, doubtful, shortened
from returns.sheet import TableRow
from schemas.ids import FIRST_YEAR
from schemas.records.asked import UNSIGNED, SignOff
from schemas.records.forms import SIGN_OFF, ReadBook, ReadCell, ReadSheet

_DAY = re.compile(r"([12][0-9]{3})(?:年|[-./])([0-9]{1,2})(?:月|[-./])([0-9]{1,2})日?")
_EIGHT = re.compile(r"([12][0-9]{3})([01][0-9])([0-3][0-9])")
#: The days of 2000 to 2049 as a spreadsheet numbers them, and the day that it begins with.
_DAYS, _FIRST = range(36526, 54789), date(1899, 12, 30)
_ENDS_AS_LABEL = (":", "：")
_NAME = r"[^\s　:：_]+"


@dataclass(frozen=True, slots=True)
class Signed:
    """What a file says of who signed it, and the year that it is of."""

    by: SignOff = UNSIGNED
    year: int = FIRST_YEAR


def signed_of(
    book: ReadBook, rows: Sequence[TableRow], nothing: Signed
) -> tuple[Signed, list[tuple[At, Doubtful]]]:
    """Return who signed the file beside its lines, and what of it could not be understood.

    Only sheets with lines say so, and cells of ``rows`` that are lines say nothing of the others.
    """
    with_lines = {row.sheet for row in rows}
    lines = {(row.sheet, row.row) for row in rows if _is_line(row)}
    found, doubts = nothing, list[tuple[At, Doubtful]]()
    for sheet in book.sheets:
        if sheet.hidden or sheet.name not in with_lines:
            continue
        for role, cell, text in _labelled(sheet):
            if (sheet.name, cell.row) in lines or getattr(found.by, role) is not None:
                continue
            at = At(sheet.name, cell.row, cell.column, text)
            found = _with(found, role, cell, text, (at, doubts))
    return found, doubts


def signed_in(row: TableRow, whole: Signed) -> tuple[SignOff, list[tuple[str, Doubtful]]]:
    """Return who signed a line: what its own columns say, else what is said of the whole file.

    A line with an approver of its own has no day but its own.
    """
    found, doubts = whole, list[tuple[At, Doubtful]]()
    if "approved_by" in row.cells:
        found = replace(found, by=replace(found.by, approved_by=None, approved_on=None))
    for role in SIGN_OFF:
        if (cell := row.cells.get(role)) is not None:
            found = replace(found, by=replace(found.by, **{role: None}))
            found = _with(found, role, cell, row.text(role), (At(), doubts))
    return found.by, [("approved_on", doubt) for _, doubt in doubts]


def _is_line(row: TableRow) -> bool:
    return bool(row.text("entity")) and bool(row.text("serial_no") or row.text("indicator"))


def signs(row: TableRow) -> bool:
    """Say whether a row is one of signatures, below the lines."""
    texts = [cell.value for cell in row.cells.values() if cell.kind == "text"]
    return not _is_line(row) and any(_roles().get(_label(text)) or _within(text) for text in texts)


def _with(
    found: Signed,
    role: str,
    cell: ReadCell,
    text: str,
    doubtful_at: tuple[At, list[tuple[At, Doubtful]]],
) -> Signed:
    """Return the signatures with one more; what is no day is doubtful and left out.

    So is a day before the year: nobody approved its figures then.
    """
    at, doubts = doubtful_at
    written = text.strip(" 　_.。,，;；")
    if cell.struck or not written or _is_nobody(written):
        return found
    if role == "reported_by":
        return replace(found, by=replace(found.by, reported_by=written))
    if role == "approved_by":
        return replace(found, by=replace(found.by, approved_by=written))
    day = _day_of(cell, written)
    if day is None:
        doubts.append((at, doubtful("bad_approval_day.unread", written=shortened(text))))
    elif day > today():
        doubts.append((at, doubtful("bad_approval_day.to_come", written=day.isoformat())))
    elif day.year < found.year:
        doubts.append((at, doubtful("bad_approval_day.before", written=day, year=found.year)))
    else:
        return replace(found, by=replace(found.by, approved_on=day))
    return found


def _is_nobody(text: str) -> bool:
    nobody = declared_list("returns", "returns", "sign_off", "nobody")
    return fold_tight(text) in map(fold_tight, nobody)


def _day_of(cell: ReadCell, text: str) -> date | None:
    """Return the day that is written, or that a cell holds as a number."""
    folded = fold_tight(text)
    for form in (_DAY, _EIGHT):
        if match := form.fullmatch(folded):
            return _date(*map(int, match.groups()))
    if cell.kind in ("date", "number"):
        serial = int(float(cell.value)) if re.fullmatch(r"[0-9.]{1,12}", cell.value) else 0
        return _FIRST + timedelta(days=serial) if serial in _DAYS else None
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _labelled(sheet: ReadSheet) -> list[tuple[str, ReadCell, str]]:
    """Return what stands behind the labels of a sheet: role, cell and text.

    It stands in the label's own cell behind its colon, or in the next cell of the row.
    """
    by_row: dict[int, list[ReadCell]] = {}
    for cell in sorted(sheet.cells, key=lambda each: (each.row, each.column)):
        by_row.setdefault(cell.row, []).append(cell)
    found = []
    for cells in by_row.values():
        for place, cell in enumerate(cells):
            if cell.kind != "text":
                continue
            role = _roles().get(_label(cell.value))
            if role is not None and cell.value.strip().endswith(_ENDS_AS_LABEL):
                behind = cells[place + 1] if place + 1 < len(cells) else None
                if behind is not None and not _is_label(behind):
                    found.append((role, behind, behind.shown or behind.value))
                continue
            found += [(role, cell, text) for role, text in _within(cell.value)]
    return found


def _is_label(cell: ReadCell) -> bool:
    return cell.kind == "text" and any(sign in cell.value for sign in _ENDS_AS_LABEL)


def _within(text: str) -> list[tuple[str, str]]:
    """Return what stands behind labels within one text: 审核人：李某　　审核日期：2021年1月5日."""
    found = []
    for role, pattern in _patterns().items():
        if match := pattern.search(text):
            found.append((role, match[1]))
    return found


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    listed = declared(dict[str, list[str]], "returns", "returns", "sign_off")
    # A name ends with a gap; the blank space of a form is followed by the next label.
    return {
        role: re.compile(
            rf"(?:{'|'.join(listed[role])})\s*[:：][ \t　_]*({_NAME}(?: {_NAME})*?)"
            r"(?=\s{2,}|　|_|$| [^\s:：]+[:：])"
        )
        for role in SIGN_OFF
    }


@cache
def _roles() -> Mapping[str, str]:
    listed = declared(dict[str, list[str]], "returns", "returns", "sign_off")
    return {_label(name): role for role in SIGN_OFF for name in listed[role]}


def _label(text: str) -> str:
    return fold(re.sub(r"[(（][^()（）]*[)）]", "", text)).strip(" :：").replace(" ", "")
