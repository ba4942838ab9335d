"""Printed cells put at other places of a grid, each knowing the cell that was printed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace

from normalize.layout.header import Header, find_header
from schemas.records.document import Cell, Table


class Mover:
    """Moves cells and keeps, for the id of each moved cell, it and the one that was printed.

    It knows each table's header, too, once that was asked for.
    """

    def __init__(self) -> None:
        self.origins: dict[int, tuple[Cell, Cell]] = {}
        self._headers: dict[int, tuple[Table, Header | None]] = {}

    def header(self, table: Table) -> Header | None:
        """Return a table's header, which is looked for once; None where it has none."""
        if id(table) not in self._headers:
            self._headers[id(table)] = table, find_header(table)
        return self._headers[id(table)][1]

    def move(
        self, cell: Cell, rows: Sequence[int], columns: Sequence[int], text: str | None = None
    ) -> Cell:
        """Return the cell at the 1-based rows and columns, which follow one another.

        ``text`` is the part of its text that is meant there, where it is not all of it.
        """
        moved = cell._replace(
            row=rows[0],
            column=columns[0],
            row_span=len(rows),
            column_span=len(columns),
            text=cell.text if text is None else text,
        )
        self.origins[id(moved)] = (moved, self.printed(cell))
        return moved

    def printed(self, cell: Cell) -> Cell:
        """Return the cell as it was printed; one that never moved is that itself."""
        return self.origins[id(cell)][1] if id(cell) in self.origins else cell

    def cut(self, table: Table, rows: Sequence[int], columns: Sequence[int]) -> Iterator[Cell]:
        """Yield the cells of these rows and columns (0-based), put together in their order."""
        row_at = {row: place for place, row in enumerate(rows, 1)}
        column_at = {column: place for place, column in enumerate(columns, 1)}
        for cell in table.cells:
            in_rows = [row_at[r] for r in rows_of(cell) if r in row_at]
            in_columns = [column_at[c] for c in columns_of(cell) if c in column_at]
            if in_rows and in_columns:
                yield self.move(cell, sorted(in_rows), sorted(in_columns))


class TableParts:
    """Tables in reading order, of which some were parted into several that go over pages.

    The parts of one key come one after the other, once the list that was parted has ended.
    """

    def __init__(self) -> None:
        self._done: list[Table] = []
        self._parts: dict[Hashable, list[Table]] = {}

    def add(self, key: Hashable, part: Table) -> None:
        """Add a part of the present list."""
        self._parts.setdefault(key, []).append(part)

    def keep(self, table: Table) -> None:
        """Add a table that is whole, behind the parts of the list before it."""
        self.end_list()
        self._done.append(table)

    def end_list(self) -> None:
        """Let the next part begin another list."""
        self._done.extend(part for parts in self._parts.values() for part in parts)
        self._parts = {}

    def all(self) -> list[Table]:
        """Return all tables."""
        self.end_list()
        return self._done


def rows_of(cell: Cell) -> range:
    """Return the rows a cell covers, 0-based."""
    return range(cell.row - 1, cell.row - 1 + cell.row_span)


def columns_of(cell: Cell) -> range:
    """Return the columns a cell covers, 0-based."""
    return range(cell.column - 1, cell.column - 1 + cell.column_span)


def with_cells(table: Table, cells: Iterable[Cell], size: tuple[int, int]) -> Table:
    """Return a table of other cells, of this size (rows, columns), without rules or lines."""
    return replace(
        table,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))),
        row_count=size[0],
        column_count=size[1],
        column_edges=None,
        lines=None,
    )
