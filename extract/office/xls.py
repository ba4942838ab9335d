"""Read .xls (BIFF, also WPS .et): the same sheets as of a modern workbook, from the old form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import xlrd
from xlrd.formatting import XF
from xlrd.formula import oREF, oREL
from xlrd.sheet import Sheet as OldSheet

from common.refusal import refusal
from extract.files.ole import SIGN, stream_of
from extract.office.biff import BOOKS, SheetExtras, beside_cells
from extract.office.sheets.cell_look import BLACK, WHITE, CellFont, Color, Run, Style, seen
from extract.office.sheets.number_format import BUILTIN, UNKNOWN
from extract.office.sheets.sheet import MAX_READ, Printed, Range, Sheet, Stored, letters
from extract.office.xlsx import document_of_sheets
from extract.text.flow import MAX_CELLS
from schemas.records.document import Document

S = TypeVar("S", bound=Sheet)
T = TypeVar("T")
_FIRST_OWN_FORMAT = 164  # below it a number stands for a format that Excel knows
_SOLID, _CENTRED_OVER = 1, 6
_AUTOMATIC = frozenset({64, 65, 0x7FFF, 0x4D, 0x4E, 0x4F, 0x51})
_PRINT_AREA = "print_area"
_LOWEST, _NARROWEST = 40, 77  # twentieths of a point; 256ths of a digit's width


def read_xls(path: Path) -> Document:
    """Return the document in a workbook of the old form, as :func:`read_xlsx` does of a new one.

    Raises ``Refusal`` for one that is encrypted or damaged.
    """
    return document_of_sheets(path, "xls", "xlrd", _printed_sheets(path))


def _opened(path: Path) -> xlrd.Book:
    data = path.read_bytes()
    if data.startswith(SIGN) and stream_of(data, BOOKS) is None:
        raise refusal("extract.damaged.xls", file=path.name, reason="no whole workbook stream")
    try:
        # Rows as long as they are: one cell far out makes no rectangle of a sheet.
        return xlrd.open_workbook(path, formatting_info=True, ragged_rows=True, logfile=_Silent())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise refusal("extract.encrypted.office", file=path.name) from error
        raise refusal("extract.damaged.xls", file=path.name, reason=error) from error
    except Exception as error:  # damaged bytes raise anything there, MemoryError too
        reason = f"{type(error).__name__}: {error}"
        raise refusal("extract.damaged.xls", file=path.name, reason=reason) from error


class _Silent:
    """Where the library's warnings go: it prints them else."""

    def write(self, text: str) -> int:
        return len(text)


def filled_sheets(path: Path, kind: type[S]) -> Iterator[tuple[S, bool]]:
    """Yield each sheet of a workbook, filled, and whether it is hidden."""
    book = _opened(path)
    for old in book.sheets():
        yield _filled(book, old, kind(old.name)), bool(old.visibility)


def _printed_sheets(path: Path) -> Iterator[Printed]:
    book, beside = _opened(path), beside_cells(path.read_bytes())
    for number, old in enumerate(book.sheets()):
        hidden, sheet = bool(old.visibility), Sheet(old.name)
        if not hidden:
            _filled(book, old, sheet)
            _lay_over(sheet, beside[number] if number < len(beside) else SheetExtras())
        yield Printed(sheet, hidden, _print_areas(book, number))


def _lay_over(sheet: Sheet, beside: SheetExtras) -> None:
    """Give a sheet what is drawn over it, and the cells with formats that are not evaluated."""
    sheet.overlays = beside.overlays
    for (row, column), text in sheet.texts.items():
        if any(a <= row <= c and b <= column <= d for a, b, c, d in beside.conditional):
            sheet.unevaluated.append(f"{letters(column)}{row}：{text}")


def _filled(book: xlrd.Book, old: OldSheet, sheet: S) -> S:
    """Put a sheet's cells into one of ours and return it."""
    sheet.merges = [
        (top + 1, left + 1, below, right) for top, below, left, right in old.merged_cells
    ]
    sheet.hidden_rows = {
        row + 1 for row, info in old.rowinfo_map.items() if info.hidden or info.height < _LOWEST
    }
    sheet.hidden_columns = [
        (c + 1, c + 1)
        for c, info in old.colinfo_map.items()
        if info.hidden or info.width < _NARROWEST
    ]
    _put_cells(book, old, sheet)
    sheet.join_spread()
    return sheet


def _put_cells(book: xlrd.Book, old: OldSheet, sheet: Sheet) -> None:
    """Put the cells that are there into one of our sheets."""
    read = 0
    for row in range(old.nrows):
        there = [c for c, kind in enumerate(old.row_types(row)) if kind != xlrd.XL_CELL_EMPTY]
        read += len(there)
        if read > MAX_READ or len(sheet.texts) > MAX_CELLS:
            raise refusal("extract.too_large.sheet", sheet=sheet.name)
        for column in there:
            _cell(book, old, sheet, row, column)


def _cell(book: xlrd.Book, old: OldSheet, sheet: Sheet, row: int, column: int) -> None:
    own = _at(book.xf_list, old.cell_xf_index(row, column))
    style = _style(book, own)
    sheet.box(row + 1, column + 1, style)
    kind, value = old.cell_type(row, column), old.cell_value(row, column)
    runs: list[Run] = []
    stored = Stored("text", "", "General")
    if kind in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        stored = Stored("number", format(value, ".15g"), style.code)
        name = f"{letters(column + 1)}{row + 1}"
        shown = sheet.show(value, style.code, name, epoch_1904=bool(book.datemode))
        runs = [(stored.value if shown is None else shown, None)]
    elif kind == xlrd.XL_CELL_TEXT:
        runs = _runs(book, old, row, column)
    elif kind == xlrd.XL_CELL_BOOLEAN:
        stored = Stored("bool", str(value), "General")
        runs = [("TRUE" if value else "FALSE", None)]
    elif kind == xlrd.XL_CELL_ERROR:
        stored = Stored("error", xlrd.error_text_from_code.get(value, "#?"), "General")
        runs = [(stored.value, None)]
    sheet.put(row + 1, column + 1, seen(runs, style), stored)


def _style(book: xlrd.Book, own: XF) -> Style:
    """Return what of a cell's style decides how it prints."""
    fill = own.background
    ground: Color | None = WHITE
    if fill.fill_pattern:
        index = fill.pattern_colour_index
        ground = _color(book, index, WHITE) if fill.fill_pattern == _SOLID else None
    return Style(
        format_code(book, own),
        _font(book, own.font_index),
        ground,
        bool(own.border.left_line_style or own.border.right_line_style),
        own.alignment.hor_align == _CENTRED_OVER,
    )


def _font(book: xlrd.Book, index: int) -> CellFont:
    font = _at(book.font_list, index)
    shift = {1: 1, 2: -1}.get(font.escapement, 0)
    ink = _color(book, font.colour_index, BLACK)
    return CellFont(bool(font.struck_out), shift, ink, font.height / 20)


def _color(book: xlrd.Book, index: int, automatic: Color) -> Color | None:
    """Return the colour of a number; the system's own where it stands for none."""
    if index in _AUTOMATIC:
        return automatic
    found: Color | None = book.colour_map.get(index)
    return found


def _at(items: Sequence[T], index: int) -> T:
    """Return an entry; the first one where a damaged file names one that is not there."""
    return items[index if index < len(items) else 0]


def format_code(book: xlrd.Book, style: XF) -> str:
    """Return a cell's number format; the numbers below 164 mean what they mean in new files."""
    key = style.format_key
    if key in BUILTIN and key < _FIRST_OWN_FORMAT:
        return BUILTIN[key]
    known = book.format_map.get(key)
    return (known.format_str if known is not None else None) or UNKNOWN


def _runs(book: xlrd.Book, old: OldSheet, row: int, column: int) -> list[Run]:
    """Return the pieces of a cell's text, each with its font."""
    text: str = old.cell_value(row, column)
    starts = old.rich_text_runlist_map.get((row, column), ())
    first = [(text[: starts[0][0]], None)] if starts and starts[0][0] else []
    ends = [start for start, _ in starts[1:]] + [len(text)]
    runs: list[Run] = [*first]
    for (start, font), end in zip(starts, ends, strict=False):
        runs.append((text[start:end], _font(book, font)))
    return runs or [(text, None)]


def _print_areas(book: xlrd.Book, number: int) -> list[Range]:
    """Return the areas that a sheet (0-based) prints; none where that is no list of ranges."""
    name = book.name_and_scope_map.get((_PRINT_AREA, number))
    found = getattr(name, "result", None)
    if found is None or found.kind not in (oREF, oREL):
        return []
    areas = [each.coords for each in found.value or ()]
    return [(top + 1, left + 1, below, right) for _, _, top, below, left, right in areas]
