"""The workbook that goes back to a clerk: what was handed in, with what was refused marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from common.fold import places
from common.messages import Message, message
from report.forms.form import WIDTHS
from report.workbook import (
    ALARM,
    BOX,
    CENTRED,
    HEAD,
    LINK,
    TITLE,
    WRAPPED,
    Look,
    Paper,
    fill,
    height,
    plain,
    put,
    save_settled,
    set_paper,
    sheet_title,
)
from schemas.records.forms import (
    HEADINGS,
    HELP_SHEET,
    INFO,
    INFO_SHEET,
    REFUSED,
    REPLY_SHEET,
    SAMPLE_LABEL,
    ReadCell,
    ReadSheet,
    Receipt,
    Remark,
)
from schemas.vocabulary import word

_REFUSED, _LOOK = fill("FFC7CE"), fill("FFEB9C")
_COPIED = Look(alignment=WRAPPED)
_HEADED = Look(HEAD, CENTRED, None, fill("DDEBF7"))
_LISTED = replace(_HEADED, border=BOX)
_COLUMNS = (
    *(("序号", 6), ("结果", 8), ("位置、指标和考核对象", 36)),
    *(("所填内容", 24), ("问题和处理办法", 80)),
)
#: The row of the list's headings.
_LIST_ROW = 5
_WIDEST, _NARROWEST = 30, 6
_MOST_SHOWN = 2_000
_MOST_MERGES = 200
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
_ROLES = {heading: role for role, heading in HEADINGS.items()}
#: This many of a form's own headings in one row make it the row of headings.
_ENOUGH = 4

#: Cells merged within a row: the row, the first and the last column.
Area = tuple[int, int, int]


def write_reply(receipt: Receipt, received_on: str, path: Path) -> None:
    """Write the reply to one returned file: a sheet of remarks, then the file's own sheets.

    Cells stand where they stood, so that the places in the remarks hold, and the hidden sheet
    stays, so that the reply can be corrected and handed in. Its properties say which document it is
    of and how many lines were refused.
    """
    book = Workbook()
    taken = [REPLY_SHEET]
    titles: dict[str, str] = {}
    for sheet in receipt.book.sheets:
        # A sheet of an earlier reply is not carried on; formulas and hidden notes neither.
        if sheet.name in (REPLY_SHEET, HELP_SHEET) or (sheet.hidden and sheet.name != INFO_SHEET):
            continue
        title = sheet_title(sheet.name, taken)
        taken.append(title)
        titles[sheet.name] = title
        copy = book.create_sheet(title)
        _copy(copy, sheet)
        _mark(copy, [each for each in receipt.remarks if each.sheet == sheet.name])
        if sheet.hidden:
            copy.sheet_state = "hidden"
    rows = {(each.sheet, each.row) for each in receipt.refused if each.row is not None}
    book.properties.identifier, book.properties.keywords = receipt.document_id, str(len(rows))
    _list(book.active, receipt, received_on, titles)
    save_settled(book, path, date.fromisoformat(received_on))


def _list(sheet: Worksheet, receipt: Receipt, received_on: str, titles: Mapping[str, str]) -> None:
    sheet.title = REPLY_SHEET
    sample = f"【{SAMPLE_LABEL}】" if receipt.sample else ""
    title = f"{sample}考核数据填报表{'退回说明' if receipt.refused else '回执'}"
    put(sheet["A1"], title).font = ALARM if receipt.sample else TITLE
    file = message(
        "report.reply.file",
        department=receipt.department,
        document_id=receipt.document_id,
        received_on=received_on,
        name=receipt.book.source_name,
    )
    counts = message(
        "report.reply.counts",
        taken=len(receipt.values),
        refused=len(receipt.refused),
        unapproved=receipt.unapproved,
        unfilled=receipt.unfilled,
        absent=receipt.absent,
    )
    last = get_column_letter(len(_COLUMNS))
    for row, text in enumerate((file.zh, f"{counts.zh}{_to_do(receipt).zh}"), start=2):
        put(sheet.cell(row, 1), text).alignment = WRAPPED
        sheet.merge_cells(f"A{row}:{last}{row}")
        sheet.row_dimensions[row].height = height([(text, sum(w for _, w in _COLUMNS))])
    for column, (name, width) in enumerate(_COLUMNS, start=1):
        put(sheet.cell(_LIST_ROW, column), name, _LISTED)
        sheet.column_dimensions[get_column_letter(column)].width = width
    order = sorted(receipt.remarks, key=lambda each: each.severity != REFUSED)
    for number, remark in enumerate(order[:_MOST_SHOWN], start=1):
        _remark(sheet, _LIST_ROW + number, number, remark)
        _link(sheet.cell(_LIST_ROW + number, 3), remark, titles)
    if len(order) > _MOST_SHOWN:
        more = message("report.reply.more", count=len(order) - _MOST_SHOWN)
        put(sheet.cell(_LIST_ROW + 1 + _MOST_SHOWN, 1), more.zh)
    sheet.freeze_panes = sheet.cell(_LIST_ROW + 1, 1)
    set_paper(sheet, Paper(repeated_row=_LIST_ROW))


def _to_do(receipt: Receipt) -> Message:
    """Say what the clerk has to do: only what was refused has to come again."""
    at_cells = any(each.row is not None for each in receipt.refused or receipt.to_look_at)
    if receipt.refused:
        return message("report.reply.correct") if at_cells else message("report.reply.refused")
    return message("report.reply.look") if at_cells else message("report.reply.unplaced")


def _remark(sheet: Worksheet, row: int, number: int, remark: Remark) -> None:
    values = (
        number,
        word("remark", remark.severity),
        _place(remark),
        remark.found,
        remark.message_zh,
    )
    for column, value in enumerate(values, start=1):
        cell = put(sheet.cell(row, column), value)
        cell.border = BOX
        cell.alignment = WRAPPED if column > 2 else CENTRED
        if remark.severity != INFO:
            cell.fill = _REFUSED if remark.severity == REFUSED else _LOOK
    sheet.row_dimensions[row].height = height(
        (str(value), width) for value, (_, width) in zip(values, _COLUMNS, strict=True) if value
    )


def _place(remark: Remark) -> str:
    """Return where a remark points, and below it the indicator and entity that stand there."""
    about = "　".join(filter(None, (remark.indicator, remark.entity)))
    return "\n".join(filter(None, (remark.place_zh, about)))


def _link(cell: Cell, remark: Remark, titles: Mapping[str, str]) -> None:
    """Let a click on a place lead there."""
    title = titles.get(remark.sheet or "")
    if title is None or remark.row is None or not _has_room(remark.row, remark.column or 1):
        return
    place = f"{get_column_letter(remark.column or 1)}{remark.row}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{place}")
    cell.font = LINK


def _copy(copy: Worksheet, sheet: ReadSheet) -> None:
    """Write a sheet's cells where they stood, with its merges within a row, sized and lined."""
    across = [(row, *each) for row, ranges in sheet.across().items() for each in ranges]
    across = across[:_MOST_MERGES]
    for row, first, last in across:
        copy.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    shown = _uncovered(sheet.cells, across)
    headings = _headings(shown)
    for cell in shown:
        _put_cell(copy, cell, is_heading=cell.row in headings)
    merged = {(row, column) for row, column, _ in across}
    single = [cell for cell in shown if (cell.row, cell.column) not in merged]
    _set_sizes(copy, single, _widths(single, headings))
    _draw_lines(copy, single, headings)
    set_paper(copy, Paper(repeated_row=min(headings, default=None)))


def _uncovered(cells: Iterable[ReadCell], across: Iterable[Area]) -> list[ReadCell]:
    """Return the cells that no merge hides and that a workbook has room for."""
    covered = {
        (row, column) for row, first, last in across for column in range(first + 1, last + 1)
    }
    return [
        cell
        for cell in cells
        if (cell.row, cell.column) not in covered and _has_room(cell.row, cell.column)
    ]


def _has_room(row: int, column: int) -> bool:
    """Say whether a workbook has such a cell; a CSV file may go on further."""
    return row <= _LAST_ROW and column <= _LAST_COLUMN


def _put_cell(copy: Worksheet, cell: ReadCell, *, is_heading: bool) -> None:
    look = _HEADED if is_heading else _COPIED
    made = put(copy.cell(cell.row, cell.column), _value(cell), look)
    if cell.kind == "number" and "%" in cell.code:
        made.number_format = cell.code


def _headings(cells: Iterable[ReadCell]) -> frozenset[int]:
    """Return the rows that are a form's headings."""
    known = Counter(cell.row for cell in cells if cell.shown in _ROLES)
    return frozenset(row for row, count in known.items() if count >= _ENOUGH)


def _role_columns(cells: Iterable[ReadCell], headings: frozenset[int]) -> dict[int, str]:
    """Return the columns that stand under a form's headings, each with its role."""
    named = [cell for cell in cells if cell.row in headings and cell.shown in _ROLES]
    return {cell.column: _ROLES[cell.shown] for cell in named}


def _widths(cells: Sequence[ReadCell], headings: frozenset[int]) -> dict[int, float]:
    """Return a width for each column that shows what is in it."""
    widths: dict[int, float] = {
        column: WIDTHS[role] for column, role in _role_columns(cells, headings).items()
    }
    for cell in cells:
        if cell.column not in widths or cell.shown not in _ROLES:
            own = min(max(places(line) for line in cell.shown.splitlines() or [""]) + 2, _WIDEST)
            widths[cell.column] = max(widths.get(cell.column, _NARROWEST), own)
    return widths


def _set_sizes(copy: Worksheet, cells: Iterable[ReadCell], widths: Mapping[int, float]) -> None:
    for column, width in widths.items():
        copy.column_dimensions[get_column_letter(column)].width = width
    texts: dict[int, list[tuple[str, float]]] = {}
    for cell in cells:
        texts.setdefault(cell.row, []).append((cell.shown, widths[cell.column]))
    for row, own in texts.items():
        copy.row_dimensions[row].height = height(own)


def _draw_lines(copy: Worksheet, cells: Sequence[ReadCell], headings: frozenset[int]) -> None:
    """Give a form's table its lines, from its headings down."""
    lined = _role_columns(cells, headings)
    for row in {cell.row for cell in cells if headings and cell.row >= min(headings)}:
        for column in lined:
            copy.cell(row, column).border = BOX


def _value(cell: ReadCell) -> str | float:
    if cell.kind == "number":
        number = float(cell.value)
        return int(number) if number.is_integer() and abs(number) < 1e15 else number
    return cell.shown or cell.value


def _mark(copy: Worksheet, remarks: Iterable[Remark]) -> None:
    """Colour and comment the cells that remarks are about; a row's remark marks its first cell."""
    said: dict[tuple[int, int], list[Remark]] = {}
    for remark in remarks:
        place = (remark.row or 0, remark.column or 1)
        if remark.row is not None and remark.severity != INFO and _has_room(*place):
            said.setdefault(place, []).append(remark)
    for (row, column), about in said.items():
        cell = copy.cell(row, column)
        cell.fill = _REFUSED if any(each.severity == REFUSED for each in about) else _LOOK
        text = "\n".join(dict.fromkeys(each.message_zh for each in about))
        cell.comment = Comment(plain(text)[:2000], "kaohe", height=120, width=320)
