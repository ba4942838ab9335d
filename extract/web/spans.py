"""Place cells that only say how far they reach (HTML's way) on a grid without overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from common.refusal import refusal
from extract.text.flow import within_width
from schemas.records.document import Cell

MAX_SPAN = 1000  # HTML itself allows no wider cell
MAX_SLOTS = 2_000_000
MAX_COLUMNS = 5_000


@dataclass(frozen=True, slots=True)
class Spanned:
    """A cell before it has a place. A ``row_span`` of 0 reaches to the end of its row group."""

    text: str
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class SpannedRow:
    """A row of cells without places; one that is not shown counts only for spans over it."""

    cells: Sequence[Spanned]
    shown: bool = True


def place_shown(groups: Sequence[Sequence[SpannedRow]]) -> tuple[list[Cell], bool]:
    """Return the cells of the rows that are shown with their places, and whether spans overlapped.

    Whoever hid a row may have counted it in the spans over it, as spreadsheets do, or not: the
    way counts that needs fewer columns, the shown rows alone where both need as many.
    """
    shown = [[row.cells for row in group if row.shown] for group in groups]
    placed = place(shown)
    hidden = [not row.shown for group in groups for row in group]
    if not any(hidden):
        return placed
    cells, overlapped = place([[row.cells for row in group] for group in groups])
    return (
        (_without_rows(cells, hidden), overlapped) if _width(cells) < _width(placed[0]) else placed
    )


def _width(cells: Sequence[Cell]) -> int:
    return max((cell.column + cell.column_span for cell in cells), default=0)


def _without_rows(cells: Sequence[Cell], hidden: Sequence[bool]) -> list[Cell]:
    """Return the cells as they stand once the hidden rows are gone; a span becomes shorter."""
    before = list(accumulate((not each for each in hidden), initial=0))  # rows shown above a row
    ends = ((cell, before[cell.row - 1], before[cell.row - 1 + cell.row_span]) for cell in cells)
    return [
        replace(cell, row=first + 1, row_span=end - first)
        for cell, first, end in ends
        if end > first
    ]


def place(groups: Sequence[Sequence[Sequence[Spanned]]]) -> tuple[list[Cell], bool]:
    """Return the cells of row groups (of rows) with their places, and whether spans overlapped.

    A span ends with its row group and with the table. A cell that would run into one that comes
    down from above is cut before it. No column exists that no row reaches by itself, however wide
    a cell claims to be.
    """
    _check_slots(groups)
    cells: list[Cell] = []
    overlapped = False
    first = 1
    for group in groups:
        taken: dict[int, int] = {}  # column -> first row below the cell that comes down there
        last = first + len(group)
        for row, spanned in enumerate(group, first):
            overlapped |= _place_row(row, last, spanned, taken, cells)
        first = last
    return within_width(cells), overlapped


def _check_slots(groups: Sequence[Sequence[Sequence[Spanned]]]) -> None:
    slots = sum(
        min(cell.column_span, MAX_SPAN) for group in groups for row in group for cell in row
    )
    if slots > MAX_SLOTS:
        raise refusal("extract.too_large.spans", count=slots)


def _place_row(
    row: int, last: int, spanned: Sequence[Spanned], taken: dict[int, int], cells: list[Cell]
) -> bool:
    """Place one row's cells; ``last`` is the row after the group. Say whether one was cut."""
    column = 1
    cut = False
    for cell in spanned:
        while taken.get(column, 0) > row:
            column += 1
        if column > MAX_COLUMNS:
            raise refusal("extract.too_large.columns", count=column)
        wanted = min(max(cell.column_span, 1), MAX_SPAN)
        width = _free(taken, row, column, wanted)
        cut |= width < wanted
        height = last - row if cell.row_span == 0 else min(max(cell.row_span, 1), last - row)
        if height > 1:
            taken.update(dict.fromkeys(range(column, column + width), row + height))
        cells.append(Cell(row, column, cell.text, height, width))
        column += width
    return cut


def _free(taken: dict[int, int], row: int, column: int, wanted: int) -> int:
    if not taken:
        return wanted
    free = 1
    while free < wanted and taken.get(column + free, 0) <= row:
        free += 1
    return free
