"""Place cells that only say how far they reach (HTML's way) on a grid without overlap."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import NamedTuple

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


@dataclass(slots=True)
class Placed:
    """Cells with their places; whether spans overlapped; the texts of cells that were cut.

    Cut are cells that reached down over rows which are full without them.
    """

    cells: list[Cell] = field(default_factory=list)
    overlapped: bool = False
    cut: list[str] = field(default_factory=list)


class _Above(NamedTuple):
    """A cell that comes down from above: its first row, the row below it, its number."""

    first: int
    end: int
    number: int


def place_shown(groups: Sequence[Sequence[SpannedRow]]) -> Placed:
    """Return the cells of the rows that are shown with their places.

    Whoever hid a row may have counted it in the spans over it, as spreadsheets do, or not: the
    way counts that needs fewer columns, the shown rows alone where both need as many.
    """
    shown = [[row.cells for row in group if row.shown] for group in groups]
    placed = place(shown)
    hidden = [not row.shown for group in groups for row in group]
    if not any(hidden):
        return placed
    whole = place([[row.cells for row in group] for group in groups])
    if _width(whole.cells) >= _width(placed.cells):
        return placed
    return replace(whole, cells=_without_rows(whole.cells, hidden))


def _width(cells: Sequence[Cell]) -> int:
    return max((cell.column + cell.column_span for cell in cells), default=0)


def _without_rows(cells: Sequence[Cell], hidden: Sequence[bool]) -> list[Cell]:
    """Return the cells as they stand once the hidden rows are gone; a span becomes shorter."""
    before = list(accumulate((not each for each in hidden), initial=0))  # rows shown above a row
    ends = ((cell, before[cell.row - 1], before[cell.row - 1 + cell.row_span]) for cell in cells)
    return [
        cell._replace(row=first + 1, row_span=end - first)
        for cell, first, end in ends
        if end > first
    ]


def without_columns(cells: Sequence[Cell], folded: Collection[int]) -> list[Cell]:
    """Return the cells as they stand once columns (1-based) are gone; a span becomes narrower."""
    hidden = [column + 1 in folded for column in range(_width(cells))]
    before = list(accumulate((not each for each in hidden), initial=0))  # shown left of a column
    ends = (
        (cell, before[cell.column - 1], before[cell.column - 1 + cell.column_span])
        for cell in cells
    )
    return [
        cell._replace(column=first + 1, column_span=end - first)
        for cell, first, end in ends
        if end > first
    ]


def place(groups: Sequence[Sequence[Sequence[Spanned]]]) -> Placed:
    """Return the cells of row groups (of rows) with their places.

    A span ends with its row group and with the table, and above a row that has too many cells for
    it: one of them would stand in a column that no row reaches by itself. A cell that would run
    into one that comes down from above is cut before it. No column exists that no row reaches by
    itself, however wide a cell claims to be.
    """
    _check_slots(groups)
    placed = Placed()
    widest = max((_own_width(row) for group in groups for row in group), default=0)
    first = 1
    for group in groups:
        taken: dict[int, _Above] = {}  # by column
        last = first + len(group)
        for row, spanned in enumerate(group, first):
            _make_room(
                row, widest - (_own_width(spanned) if len(spanned) > 1 else 1), taken, placed
            )
            placed.overlapped |= _place_row(row, last, spanned, taken, placed.cells)
        first = last
    placed.cells = within_width(placed.cells)
    return placed


def _own_width(spanned: Sequence[Spanned]) -> int:
    return sum(min(max(cell.column_span, 1), MAX_SPAN) for cell in spanned)


def _make_room(row: int, room: int, taken: dict[int, _Above], placed: Placed) -> None:
    """Cut what comes down into a row until no more columns of it are taken than have ``room``.

    The cell that began last is cut first, of several the one that reaches furthest.
    """
    coming = [above for above in taken.values() if above.end > row]
    while room >= 0 and len(coming) > room:
        wrong = max(coming)
        coming = [above for above in coming if above.number != wrong.number]
        for column in [key for key, above in taken.items() if above.number == wrong.number]:
            del taken[column]
        cell = placed.cells[wrong.number]
        placed.cells[wrong.number] = cell._replace(row_span=row - cell.row, undrawn="cut")
        placed.cut.append(cell.text)


def _check_slots(groups: Sequence[Sequence[Sequence[Spanned]]]) -> None:
    slots = sum(
        min(cell.column_span, MAX_SPAN) for group in groups for row in group for cell in row
    )
    if slots > MAX_SLOTS:
        raise refusal("extract.too_large.spans", count=slots)


def _place_row(
    row: int, last: int, spanned: Sequence[Spanned], taken: dict[int, _Above], cells: list[Cell]
) -> bool:
    """Place one row's cells; ``last`` is the row after the group. Say whether one was cut."""
    column = 1
    cut = False
    for cell in spanned:
        while _is_taken(taken, row, column):
            column += 1
        if column > MAX_COLUMNS:
            raise refusal("extract.too_large.columns", count=column)
        wanted = min(max(cell.column_span, 1), MAX_SPAN)
        width = _free(taken, row, column, wanted)
        cut |= width < wanted
        height = last - row if cell.row_span == 0 else min(max(cell.row_span, 1), last - row)
        if height > 1:
            above = _Above(row, row + height, len(cells))
            taken.update(dict.fromkeys(range(column, column + width), above))
        cells.append(Cell(row, column, cell.text, height, width))
        column += width
    return cut


def _is_taken(taken: dict[int, _Above], row: int, column: int) -> bool:
    above = taken.get(column)
    return above is not None and above.end > row


def _free(taken: dict[int, _Above], row: int, column: int, wanted: int) -> int:
    if not taken:
        return wanted
    free = 1
    while free < wanted and not _is_taken(taken, row, column + free):
        free += 1
    return free
