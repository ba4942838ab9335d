"""Tables on the sheets of exported workbooks: headings, rows, looks, saving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from openpyxl import Workbook
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from report.figures import Figure
from report.workbook import (
    ALARM,
    BODY,
    BOX,
    CENTRED,
    HEAD,
    TITLE,
    WRAPPED,
    Look,
    fill,
    put,
    save_settled,
)

POINTS, SHARE, COUNT = "0.00", "0.0%", "0"
NOTHING = "—"
HEADING = fill("DDEBF7")
DOUBT = fill("FFF2CC")
BLANK = fill("EDEDED")
_HEADED = Look(HEAD, CENTRED, BOX, HEADING)


Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Column(Generic[Record]):
    """One column of a table: heading, width in letters, what stands in it, and how.

    What may be in doubt is a :class:`report.figures.Figure`: yellow, with its sign behind it.
    ``look`` gives a cell another background; None leaves it white. ``at_top`` is for cells that are
    merged over pages: what stands in them is then on the first one.
    """

    heading: str
    width: float
    value: Callable[[Record], object]
    format: str | None = None
    wrapped: bool = False
    look: Callable[[Record], PatternFill | None] | None = None
    at_top: bool = False


def put_title(sheet: Worksheet, columns: int, title: str, lines: Sequence[str]) -> int:
    """Write a title and lines below it across ``columns`` columns; return the next free row.

    A line that begins with 【 is an alarm.
    """
    for row, text in enumerate((title, *lines), start=1):
        cell = put(sheet.cell(row, 1), text)
        cell.font = TITLE if row == 1 else ALARM if text.startswith("【") else BODY
        cell.alignment = CENTRED if row == 1 else WRAPPED
        if columns > 1:
            sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    sheet.row_dimensions[1].height = 30
    return len(lines) + 2


def put_table(
    sheet: Worksheet, at: int, columns: Sequence[Column[Record]], records: Sequence[Record]
) -> int:
    """Write headings at a row and the records below; return the next free row."""
    for number, column in enumerate(columns, start=1):
        put(sheet.cell(at, number), column.heading, _HEADED)
    sheet.row_dimensions[at].height = 30
    looks = _Looks()
    for row, record in enumerate(records, start=at + 1):
        sheet.row_dimensions[row].height = _put_record(sheet, row, columns, record, looks)
    return at + 1 + len(records)


class _Looks:
    """The looks of a table's cells, each made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[object, ...], Look] = {}

    def of(
        self,
        column: Column[Record],
        value: object,
        background: PatternFill | None,
        written: tuple[str | None, str],
    ) -> Look:
        """Return how a value looks on a background; ``written``: a number's format, and signs."""
        numeric = isinstance(value, (int, float))
        place = (id(column), numeric, id(background), written)
        if place not in self._made:
            own, signs = written
            self._made[place] = Look(
                alignment=_alignment(column),
                border=BOX,
                fill=background,
                number_format=_with_signs(own if numeric else None, signs, numeric=numeric),
            )
        return self._made[place]


def _with_signs(own: str | None, signs: str, *, numeric: bool) -> str | None:
    """Return a cell's format with signs behind what it shows: so numbers stay numbers."""
    if not signs:
        return own
    return f'{own or "General"}"{signs}"' if numeric else f'@"{signs}"'


def _put_record(
    sheet: Worksheet, row: int, columns: Sequence[Column[Record]], record: Record, looks: _Looks
) -> float:
    """Write one record and return the height that shows its longest text."""
    lines = 1.0
    for number, column in enumerate(columns, start=1):
        value, signs, form = _told(column.value(record))
        background = DOUBT if signs else column.look(record) if column.look else None
        look = looks.of(column, value, background, (form or column.format, signs))
        put(sheet.cell(row, number), NOTHING if value is None else value, look)
        if isinstance(value, str):
            lines = max(lines, _lines(value, column.width))
    return 15.0 * min(lines, 20) + 4


def _told(value: object) -> tuple[object, str, str | None]:
    """Return what stands in a cell, the signs of the doubt that it rests on, and its own format."""
    if not isinstance(value, Figure):
        return value, "", None
    return value.value if value.said is None else value.said, value.signs, value.form


def _alignment(column: Column[Record]) -> Alignment:
    if column.at_top:
        return Alignment(
            wrap_text=True, vertical="top", horizontal=None if column.wrapped else "center"
        )
    return WRAPPED if column.wrapped else CENTRED


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes: a Chinese character takes two places."""
    return sum(
        max(1, -(-sum(1 + (ord(sign) > 0x2E7F) for sign in line) // int(width - 1)))
        for line in text.split("\n")
    )


def set_widths(sheet: Worksheet, columns: Sequence[Column[Record]]) -> None:
    """Give every column its width."""
    for number, column in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width


def save(book: Workbook, path: Path, day: date) -> Path:
    """Save a workbook so that the same content is the same file; ``day`` is that of its data."""
    book.properties.creator = "kaohe"
    save_settled(book, path, day)
    return path
