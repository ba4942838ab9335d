"""The Excel form that a department fills in: its lines, what it may write, how it prints."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.declared import declared_list
from common.files import safe_name, sha256_of_bytes
from common.messages import message
from report.forms.checks import add_checks, hint_for
from report.forms.head import HEAD_ROW, add_head
from report.workbook import (
    ALARM,
    BOX,
    CENTRED,
    TITLE,
    WRAPPED,
    Look,
    Paper,
    fill,
    height,
    plain,
    printed,
    put,
    set_paper,
)
from schemas.records.forms import (
    FILLED,
    FORM_SHEET,
    HEADINGS,
    HELP_SHEET,
    INFO_FORM,
    INFO_SHEET,
    SAMPLE_LABEL,
    Form,
    FormLine,
)
from schemas.vocabulary import word

#: How wide each column is.
WIDTHS = {
    "serial_no": 6, "level1": 12, "level2": 15, "indicator": 26, "entity": 11, "target": 26,
    "points": 7, "part_no": 6, "part": 16, "unit": 10, "actual": 13, "award": 11,
    "benchmark": 11, "veto": 11, "grounds": 26, "evidence": 24,
}  # fmt: skip
_TEXTS = frozenset({"level1", "level2", "indicator", "target", "part", "grounds", "evidence"})
_WANTED, _ALLOWED, _LOCKED = fill("FFF2CC"), fill("FFFFFF"), fill("EDEDED")
_COLUMNS = tuple(HEADINGS)
#: Columns that are hidden where no line of the form has anything in them.
_WHERE_USED = frozenset(
    {"level1", "level2", "points", "part_no", "part", "unit", "actual", "award", "benchmark"}
)
_HELP_WIDTH = 76


def file_name(form: Form) -> str:
    """Return the name of a form's file: the department's and the document's, made safe."""
    return f"{safe_name(form.department)}_{form.document_id}.xlsx"


def mark_of(form: Form) -> str:
    """Return digits that change whenever anything does that a form prints or lets be filled in.

    Whether it is a sample is left out: that is said of a form and does not change under it.
    """
    printed_lines = [
        [
            *_values(line).values(),
            *(sorted(open_roles(line)), sorted(line.needs), line.most_award, line.on_top),
            hint_for(line),
        ]
        for line in form.lines
    ]
    day = form.deadline.isoformat() if form.deadline else None
    head = [form.document_id, form.year, form.title, form.department, sorted(form.unclear), day]
    text = json.dumps([head, printed_lines], ensure_ascii=False)
    return sha256_of_bytes(text.encode())


def write_form(form: Form, path: Path) -> None:
    """Write a form's workbook to a new file, which says in its properties what it was made of."""
    book = Workbook()
    book.properties.creator = "kaohe"
    book.properties.identifier = mark_of(form)
    book.properties.title = plain(f"{form.department} {FORM_SHEET}")
    sheet = book.active
    sheet.title = FORM_SHEET
    for row, line in enumerate(form.lines, start=HEAD_ROW + 1):
        _line(sheet, row, line)
    add_checks(sheet, form.lines, HEAD_ROW + 1)
    add_head(sheet, form, _layout(sheet, form))
    _help(book.create_sheet(HELP_SHEET), form)
    _info(book.create_sheet(INFO_SHEET), form)
    book.save(path)


def _line(sheet: Worksheet, row: int, line: FormLine) -> None:
    values, is_open = _values(line), open_roles(line)
    for column, role in enumerate(_COLUMNS, start=1):
        way = (role in is_open, role in line.needs) if role in FILLED else None
        put(sheet.cell(row, column), values.get(role), _LOOKS[role in _TEXTS, way])


def _look(wrapped: bool, way: tuple[bool, bool] | None) -> Look:
    """Return how a cell looks, and whether it is locked where it may be filled in or wanted."""
    where = WRAPPED if wrapped else CENTRED
    if way is None:
        return Look(alignment=where, border=BOX)
    is_open, is_wanted = way
    background = (_WANTED if is_wanted else _ALLOWED) if is_open else _LOCKED
    return Look(
        alignment=where, border=BOX, fill=background, protection=Protection(locked=not is_open)
    )


_WAYS = (None, *product((False, True), (False, True)))
_LOOKS = {(wrapped, way): _look(wrapped, way) for wrapped in (False, True) for way in _WAYS}


def _values(line: FormLine) -> dict[str, str | float | None]:
    """Return what a line shows in the columns that nobody fills in."""
    return {
        "serial_no": line.serial_no,
        "level1": line.level1,
        "level2": line.level2,
        "indicator": line.indicator,
        "entity": line.entity,
        "target": line.shown_target or word("missing", "target"),
        "points": None if line.points is None else round(line.points, 6),
        "part_no": line.part_no if line.part_text is not None else None,
        "part": line.part_text,
        "unit": line.unit,
    }


def open_roles(line: FormLine) -> frozenset[str]:
    """Return the columns that may be filled in on a line; the others are locked."""
    described = {"actual"} if "award" in line.needs else set()
    asked = line.needs if line.asks_figure or not line.one_figure else line.needs - {"benchmark"}
    return frozenset({*asked, *described, "veto", "grounds", "evidence"})


def _layout(sheet: Worksheet, form: Form) -> float:
    """Set widths, heights and what is protected; return how wide the shown columns are."""
    hidden = _unused(form)
    for column, role in enumerate(_COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.hidden = WIDTHS[role], role in hidden
    for row, line in enumerate(form.lines, start=HEAD_ROW + 1):
        texts = _values(line)
        sheet.row_dimensions[row].height = height(
            (str(texts[role]), WIDTHS[role]) for role in _TEXTS if texts.get(role)
        )
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, _COLUMNS.index("entity") + 2)
    set_paper(sheet, Paper(repeated_row=HEAD_ROW, footer=form.department))
    sheet.oddFooter.right.text = printed(f"{form.document_id} {form.version}")
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.formatCells = False
    return sum(width for role, width in WIDTHS.items() if role not in hidden)


def _unused(form: Form) -> frozenset[str]:
    """Return the columns that stay empty in this form: they only make its print smaller."""
    used = {role for line in form.lines for role, value in _values(line).items() if value}
    used |= {role for line in form.lines for role in open_roles(line)}
    return _WHERE_USED - used


def _help(sheet: Worksheet, form: Form) -> None:
    sheet.column_dimensions["A"].width = _HELP_WIDTH
    put(sheet["A1"], HELP_SHEET).font = TITLE
    made_up = message("report.sample.form", label=SAMPLE_LABEL).zh
    sample = (made_up,) if form.sample else ()
    for row, text in enumerate((*sample, *declared_list("report", "sheets", "form_help")), start=2):
        cell = put(sheet.cell(row, 1), text)
        cell.alignment = WRAPPED
        sheet.row_dimensions[row].height = height([(text, _HELP_WIDTH)]) + 8
        if row == 2 and sample:
            cell.font = ALARM
    set_paper(sheet, Paper(landscape=False))
    sheet.protection.sheet = True


def _info(sheet: Worksheet, form: Form) -> None:
    """Write what names the form; a program reads it when the form comes back."""
    facts = {
        "form": INFO_FORM,
        "document_id": form.document_id,
        "year": form.year,
        "department": form.department,
        "version": form.version,
        "sample": "true" if form.sample else "false",
    }
    for row, (key, value) in enumerate(facts.items(), start=1):
        put(sheet.cell(row, 1), key)
        put(sheet.cell(row, 2), value)
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
