"""The rows of a logical table: leaf indicators under their headings, totals, notes.

A row is a leaf unless it is a heading across the table, a printed total or a note
(:mod:`normalize.points.sorting`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.fold import clean
from normalize.model.doubt import doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.cell import plain_points
from normalize.points.ordinals import ordinal_style, style_count
from normalize.points.outline import OutlineRow, outline_of
from normalize.points.sorting import (
    PrintedRow,
    RowKind,
    columns_under,
    distinct,
    grid_of,
    sorted_rows,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf indicator: grid rows ``row0`` to ``row1`` and, per column, its distinct cells.

    ``headings`` are the full-width headings it stands under, outermost first.
    """

    row0: int
    row1: int
    headings: tuple[LogicalCell, ...]
    cells: dict[int, tuple[LogicalCell, ...]]

    def at(self, column: Column) -> LogicalCell | None:
        """Return the first cell of a column."""
        cells = self.cells.get(column.index, ())
        return cells[0] if cells else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands in a row of its own, with its ordinal and points beside it."""

    cell: LogicalCell
    beside: tuple[LogicalCell, ...]
    points: LogicalCell | None
    style: int | None


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table, sorted by what they are."""

    leaves: tuple[Leaf, ...]
    totals: tuple[dict[int, LogicalCell], ...]
    notes: tuple[LogicalCell, ...]
    headings: tuple[Heading, ...]


def read_rows(table: LogicalTable) -> Rows:
    """Sort a table's rows into leaves under headings, totals and notes."""
    grid = grid_of(table)
    rows = list(sorted_rows(table, grid))
    headings, unsure = _headings(rows, table)
    stack = _HeadingStack()
    leaves: list[Leaf] = []
    for number, row in enumerate(rows):
        if number in headings:
            stack.push(headings[number])
        elif row.kind is RowKind.ITEM:
            lines = range(row.row0, row.row1)
            cells = {c: distinct(grid[r].get(c) for r in lines) for c in row.cells}
            cells = _doubted(cells, unsure.get(number))
            leaves.append(_under_headings(row, cells, stack.current(), table))
    return Rows(
        tuple(leaves),
        tuple(row.cells for row in rows if row.kind is RowKind.TOTAL),
        tuple(row.lone for row in rows if row.kind is RowKind.NOTE and row.lone is not None),
        tuple(headings.values()),
    )


def _headings(
    rows: Sequence[PrintedRow], table: LogicalTable
) -> tuple[dict[int, Heading], dict[int, LogicalCell]]:
    """Return the rows that are headings, by number: alone in their row, or over those below.

    Beside them the names of the rows that may be headings, and are read as items.
    """
    shown = [i for i, row in enumerate(rows) if row.kind in (RowKind.HEADING, RowKind.ITEM)]
    outline = outline_of([_outline_row(rows[i], table) for i in shown])
    found: dict[int, Heading] = {}
    unsure: dict[int, LogicalCell] = {}
    for place, i in enumerate(shown):
        name = rows[i].lone or _name_of(rows[i], table)
        if name is None:
            continue
        if rows[i].lone is not None or place in outline.headings:
            sure = place not in outline.unsure
            found[i] = _heading(name if sure else _by_sum(name), rows[i], table)
        elif place in outline.open:
            unsure[i] = name
    return found, unsure


def _by_sum(cell: LogicalCell) -> LogicalCell:
    found = doubt("heading_by_sum", text=clean(cell.text))
    return cell._replace(doubts=(*cell.doubts, found))


def _doubted(
    cells: dict[int, tuple[LogicalCell, ...]], name: LogicalCell | None
) -> dict[int, tuple[LogicalCell, ...]]:
    """Return a row's cells; its name is doubted where it may be that of a heading."""
    if name is None:
        return cells
    found = doubt("heading_or_item", text=clean(name.text))
    better = name._replace(doubts=(*name.doubts, found))
    return {c: tuple(better if e is name else e for e in held) for c, held in cells.items()}


def _heading(cell: LogicalCell, row: PrintedRow, table: LogicalTable) -> Heading:
    held = {c.role: row.cells[c.index] for c in table.columns if c.index in row.cells}
    aside = [held[role] for role in (Role.SERIAL, Role.POINTS) if role in held]
    points = held.get(Role.POINTS)
    beside = tuple(each for each in aside if each is not cell)
    return Heading(cell, beside, None if points is cell else points, _style(row, cell, table))


def _outline_row(row: PrintedRow, table: LogicalTable) -> OutlineRow:
    name = _name_of(row, table)
    targets = [row.cells[c.index] for c in table.columns_of(Role.TARGET) if c.index in row.cells]
    return OutlineRow(
        _style(row, name, table),
        tuple(_own_points(row, c) for c in table.columns_of(Role.POINTS)),
        single=name is not None,
        bare=not any(clean(cell.text) for cell in targets),
        barrier=row.kind is RowKind.HEADING,
    )


def _style(row: PrintedRow, name: LogicalCell | None, table: LogicalTable) -> int | None:
    """Return the style of a row's ordinal: of its serial number or name, else its level column."""
    style = _serial_style(row, table)
    if style is None and name is not None:
        style = ordinal_style(name.text)
    levels = [column.index for column in table.columns_of(Role.LEVEL)]
    if style is None and name is not None and len(levels) > 1 and len(columns_under(name)) == 1:
        return style_count() + name.column0
    return style


def _name_of(row: PrintedRow, table: LogicalTable) -> LogicalCell | None:
    """Return the one cell that names a row, where it is the row's own and no other does."""
    cells = (row.cells.get(column.index) for column in table.columns_of(Role.LEVEL))
    named = distinct(cell for cell in cells if cell is not None and clean(cell.text))
    own = len(named) == 1 and (named[0].row0, named[0].row1) == (row.row0, row.row1)
    return named[0] if own else None


def _serial_style(row: PrintedRow, table: LogicalTable) -> int | None:
    """Return the style of a row's serial number; None where it has none of its own."""
    for column in table.columns_of(Role.SERIAL):
        cell = row.cells.get(column.index)
        if cell is not None and (cell.row0, cell.row1) == (row.row0, row.row1):
            text = clean(cell.text)
            return (
                ordinal_style(text)
                if ordinal_style(text) is not None
                else ordinal_style(text + "、")
            )
    return None


def _own_points(row: PrintedRow, column: Column) -> float | None:
    """Return the plain points of a row; 0 where it shares the cell of the row above."""
    cell = row.cells.get(column.index)
    if cell is None:
        return None
    return plain_points(cell.text) if cell.row0 >= row.row0 else 0.0


def _under_headings(
    row: PrintedRow,
    cells: dict[int, tuple[LogicalCell, ...]],
    headings: tuple[LogicalCell, ...],
    table: LogicalTable,
) -> Leaf:
    """Return a leaf; a heading in a level column goes on in the blanks under it."""
    levels = {c.index for c in table.columns_of(Role.LEVEL)}
    over = []
    for heading in headings:
        own = [c for c in cells if c in levels and heading.column0 <= c < heading.column1]
        narrow = heading.column1 - heading.column0 == len(own) == 1
        if narrow and not any(clean(cell.text) for cell in cells[own[0]]):
            cells = {**cells, own[0]: (heading,)}
        else:
            over.append(heading)
    return Leaf(row.row0, row.row1, tuple(over), cells)


class _HeadingStack:
    """The headings in force; styles of ordinals nest in order of first use."""

    def __init__(self) -> None:
        self._styles: list[int | None] = []
        self._open: list[LogicalCell] = []

    def push(self, heading: Heading) -> None:
        """Open a heading, closing those of its own depth and below."""
        if heading.style not in self._styles:
            self._styles.append(heading.style)
        depth = self._styles.index(heading.style)
        self._open = [*self._open[:depth], heading.cell]

    def current(self) -> tuple[LogicalCell, ...]:
        """Return the open headings, outermost first."""
        return tuple(self._open)
