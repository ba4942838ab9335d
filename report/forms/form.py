"""The Excel form that a department fills in: its lines, what it may write, how it prints."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.declared import declared_list
from common.files import safe_name
from common.messages import message
from report.forms.checks import add_checks
from report.workbook import (
    ALARM,
    BODY,
    BOX,
    CENTRED,
    HEAD,
    TITLE,
    WRAPPED,
    Paper,
    fill,
    height,
    plain,
    printed,
    put,
    set_paper,
)
from schemas.records.forms import (
    DEPARTMENT_LABEL,
    DOCUMENT_LABEL,
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

#: The row of the headings; the lines follow.
HEAD_ROW = 5

#: How wide each column is.
WIDTHS = {
    "serial_no": 6, "level1": 12, "level2": 15, "indicator": 26, "entity": 11, "target": 26,
    "part_no": 6, "part": 16, "unit": 10, "actual": 13, "award": 11, "benchmark": 11,
    "veto": 9, "grounds": 30,
}  # fmt: skip
_TEXTS = frozenset({"level1", "level2", "indicator", "target", "part", "grounds"})
_WANTED, _ALLOWED, _LOCKED, _HEADING = (
    fill("FFF2CC"),
    fill("FFFFFF"),
    fill("EDEDED"),
    fill("DDEBF7"),
)
_COLUMNS = tuple(HEADINGS)
_GAP = "　" * 8
_SIGNED = (
    f"单位（盖章）：{_GAP}审核人：{_GAP}填表人：{_GAP}联系电话：{_GAP}日期：　　年　　月　　日"
)
_HOW = f"黄色为必填，按计量单位只填数字；填法见“{HELP_SHEET}”。"
#: Columns that are hidden where no line of the form has anything in them.
_WHERE_USED = frozenset(
    {"level1", "level2", "part_no", "part", "unit", "actual", "award", "benchmark"}
)
_HELP_WIDTH = 76


def file_name(form: Form) -> str:
    """Return the name of a form's file: the department's and the document's, made safe."""
    return f"{safe_name(form.department)}_{form.document_id}.xlsx"


def write_form(form: Form, path: Path) -> None:
    """Write a form's workbook to a new file."""
    book = Workbook()
    book.properties.creator = "kaohe"
    book.properties.title = plain(f"{form.department} {FORM_SHEET}")
    sheet = book.active
    sheet.title = FORM_SHEET
    _head(sheet, form)
    for row, line in enumerate(form.lines, start=HEAD_ROW + 1):
        _line(sheet, row, line)
    add_checks(sheet, form.lines, HEAD_ROW + 1)
    _layout(sheet, form)
    _help(book.create_sheet(HELP_SHEET), form)
    _info(book.create_sheet(INFO_SHEET), form)
    book.save(path)


def _head(sheet: Worksheet, form: Form) -> None:
    last = get_column_letter(len(_COLUMNS))
    title = f"{form.year}年度目标绩效考核数据填报表"
    notice = f"依据：{form.title}" if form.title else ""
    rows = (
        (1, f"【{SAMPLE_LABEL}，仅供演示】{title}" if form.sample else title, ALARM),
        (2, f"{DEPARTMENT_LABEL}：{form.department}", HEAD),
        (3, f"{notice}　{_HOW}{_asked(form)}".strip("　"), BODY),
        (4, _SIGNED, BODY),
    )
    for row, text, font in rows:
        put(sheet.cell(row, 1), text).font = font if row > 1 or form.sample else TITLE
    label = f"{DOCUMENT_LABEL}：{form.document_id}　　年度：{form.year}　　版本：{form.version}"
    put(sheet.cell(2, 6), label)
    for area in (f"A1:{last}1", "A2:E2", f"F2:{last}2", f"A3:{last}3", f"A4:{last}4"):
        sheet.merge_cells(area)
    sheet["A1"].alignment = CENTRED
    sheet["A3"].alignment = WRAPPED
    sheet["A4"].protection = Protection(locked=False)
    for column, role in enumerate(_COLUMNS, start=1):
        cell = put(sheet.cell(HEAD_ROW, column), HEADINGS[role])
        cell.font, cell.alignment, cell.border, cell.fill = HEAD, CENTRED, BOX, _HEADING


def _asked(form: Form) -> str:
    """Return the question which end of some indicators is good; empty where all is known."""
    names = {line.serial_no: line.indicator for line in form.lines}
    listed = "、".join(f"{number} {names[number]}" for number in sorted(form.unclear))
    return message("report.direction_asked", listed=listed).zh if listed else ""


def _line(sheet: Worksheet, row: int, line: FormLine) -> None:
    values, is_open = _values(line), open_roles(line)
    for column, role in enumerate(_COLUMNS, start=1):
        cell = put(sheet.cell(row, column), values.get(role))
        cell.border = BOX
        cell.alignment = WRAPPED if role in _TEXTS else CENTRED
        if role in FILLED:
            cell.protection = Protection(locked=role not in is_open)
            allowed = _ALLOWED if role in is_open else _LOCKED
            cell.fill = _WANTED if role in line.needs else allowed


def _values(line: FormLine) -> dict[str, str | int | None]:
    """Return what a line shows in the columns that nobody fills in."""
    return {
        "serial_no": line.serial_no,
        "level1": line.level1,
        "level2": line.level2,
        "indicator": line.indicator,
        "entity": line.entity,
        "target": line.target_text or word("missing", "target"),
        "part_no": line.part_no if line.part_text is not None else None,
        "part": line.part_text,
        "unit": line.unit,
    }


def open_roles(line: FormLine) -> frozenset[str]:
    """Return the columns that may be filled in on a line; the others are locked."""
    described = {"actual"} if "award" in line.needs else set()
    return frozenset({*line.needs, *described, "veto", "grounds"})


def _layout(sheet: Worksheet, form: Form) -> None:
    hidden = _unused(form)
    for column, role in enumerate(_COLUMNS, start=1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.hidden = WIDTHS[role], role in hidden
    sheet.row_dimensions[1].height = 28
    shown = sum(width for role, width in WIDTHS.items() if role not in hidden)
    if form.unclear:
        sheet.row_dimensions[3].height = height([(str(sheet["A3"].value), shown)])
    sheet.row_dimensions[4].height = 22
    sheet.row_dimensions[HEAD_ROW].height = 30
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
