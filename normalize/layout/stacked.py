"""Tables that stand one right under the other, and so share a grid, are parted at the header.

A browser puts the next table, or the rest of a row above a header that it repeats, without a gap
under what stands before it. The columns above and below are others, though their rules touch. A
converter or a person repeats the header wherever a page began, or where other entities begin: each
part is read by its own header. Lines right above it (续表, 单位：分) are no rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from common.fold import clean, fold
from normalize.layout.header import Header, begins_names, find_header, leaf_names, matrix
from normalize.layout.sections import alone_in, heads_rows
from schemas.records.document import Cell, Table


def parted(table: Table, known: Header | None) -> list[Table]:
    """Return the tables that a grid holds: a header that stands in it again begins another.

    ``known`` is the header of the tables before it; without one, only that of its own counts.
    """
    header = known or find_header(table)
    if header is None:
        return [table]
    begun = 0 if known is not None else header.end
    rows = [row for row in _rows_like(table, header) if row > begun]
    cuts = [_under_rows(table, row) for row in rows if _begins(table, row, header)]
    edges = [0, *(cut for cut in cuts if cut > begun), table.row_count]
    if len(edges) == 2:
        return [table]
    return [_rows(table, first, last) for first, last in pairwise(edges)]


def _rows_like(table: Table, header: Header) -> list[int]:
    """Return the rows (from 0) that begin as a header does, or hold most of its columns' names.

    Of the last one a page may have cut the names.
    """
    names = set(leaf_names(header))
    first = fold(next((path[0] for path in header.paths if path), ""))
    rows: dict[int, set[str]] = {}
    begun: set[int] = set()
    for cell in table.cells:
        text = fold(cell.text)
        rows.setdefault(cell.row - 1, set()).add(text)
        if cell.column == 1 and text == first:
            begun.add(cell.row - 1)
    last = table.row_count - 1
    if begins_names(rows.get(last, ()), header):
        begun.add(last)
    return [row for row in sorted(rows) if row in begun or 2 * len(rows[row] & names) > len(names)]


def _begins(table: Table, row: int, header: Header) -> bool:
    """Tell whether a header stands again from a row on, under more than a title."""
    over = [cell for cell in table.cells if cell.row <= row]
    if any(cell.row - 1 + cell.row_span > row for cell in over):
        return False
    if all(cell.column_span == table.column_count for cell in over):
        return False
    again = find_header(_rows(table, row, table.row_count), header)
    return again is not None and not again.start


def _under_rows(table: Table, row: int) -> int:
    """Return where the lines begin that stand over a header (from 0), blank ones among them."""
    rows = matrix(table, row)
    first = above = row
    while above > 0 and _is_line(rows[above - 1]):
        above -= 1
        if any(cell is not None and clean(cell.text) for cell in rows[above]):
            first = above
    return first


def _is_line(row: Sequence[Cell | None]) -> bool:
    """Tell whether a row is blank, or holds one text across it that heads none of the rows."""
    if None not in row and not any(cell and clean(cell.text) for cell in row):
        return True
    cell = alone_in(row)
    return cell is not None and not heads_rows(cell.text)


def _rows(table: Table, first: int, last: int) -> Table:
    """Return some rows of a table as one of their own, with the columns that they have."""
    held = [cell for cell in table.cells if first < cell.row <= last]
    part = replace(
        table,
        cells=tuple(cell._replace(row=cell.row - first) for cell in held),
        row_count=last - first,
        caption=() if first else table.caption,
        notes=table.notes if last == table.row_count else (),
    )
    return _with_own_columns(part)


def _with_own_columns(table: Table) -> Table:
    """Return a table without the columns that only what stood above or below it has."""
    sides = sorted({side for cell in table.cells for side in _sides(cell)})
    at, edges = {side: number for number, side in enumerate(sides)}, table.column_edges
    return replace(
        table,
        cells=tuple(_moved(cell, at) for cell in table.cells),
        column_count=len(sides) - 1,
        column_edges=tuple(edges[side] for side in sides) if edges else None,
    )


def _sides(cell: Cell) -> tuple[int, int]:
    return cell.column - 1, cell.column - 1 + cell.column_span


def _moved(cell: Cell, at: dict[int, int]) -> Cell:
    low, high = (at[side] for side in _sides(cell))
    return cell._replace(column=low + 1, column_span=high - low)
