"""Two or more blocks printed side by side: the columns' names come again from left to right.

Blocks with the same names are one list, the left one first; blocks that differ only in
the entities' names are tables of their own, one an entity, and are put together later
(:mod:`normalize.select.combine`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from normalize.columns.words import role_by_name
from normalize.layout.cell_mover import Mover, TableParts, columns_of, with_cells
from normalize.layout.header import Header, matrix
from normalize.model.table import Role
from schemas.records.document import Table

_MOST_BLOCKS = 4
_LEAST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Blocks:
    """The columns (0-based) of each block, left to right; ``go_on``: they are one list."""

    columns: tuple[tuple[int, ...], ...]
    one_list: bool


def find_blocks(table: Table, header: Header) -> Blocks | None:
    """Return the blocks of a table, or None where its columns do not come again."""
    blank = {i for i, path in enumerate(header.paths) if not path and _is_blank(table, i)}
    kept = [i for i in range(len(header.paths)) if i not in blank]
    for count in range(2, _MOST_BLOCKS + 1):
        width, rest = divmod(len(kept), count)
        if rest or width < _LEAST_COLUMNS:
            continue
        columns = tuple(tuple(kept[i * width : (i + 1) * width]) for i in range(count))
        if (one_list := _compare(header, columns)) is not None:
            return Blocks(columns, one_list)
    return None


def _is_blank(table: Table, column: int) -> bool:
    cells = {id(cell): cell for row in matrix(table) if (cell := row[column]) is not None}
    return all(not clean(c.text) for c in cells.values() if c.column_span == 1)


def _compare(header: Header, columns: Sequence[Sequence[int]]) -> bool | None:
    """Tell whether blocks are one list (True), differ in entities only (False), or are none."""
    names = [_names(header, block) for block in columns]
    roles = [list(map(role_by_name, block)) for block in names]
    if any(block != roles[0] for block in roles) or Role.LEVEL not in roles[0]:
        return None
    alike = [len(set(same_place)) == 1 for same_place in zip(*names, strict=True)]
    if not all(same for same, role in zip(alike, roles[0], strict=True) if role is not None):
        return None
    valued = {Role.POINTS, Role.TARGET, None} & set(roles[0])
    return all(alike) if valued and len(set(names[0])) > 1 else None


def _names(header: Header, columns: Sequence[int]) -> list[str]:
    return [fold(path[-1]) if (path := header.paths[column]) else "" for column in columns]


def part(
    table: Table, header: Header | None, blocks: Blocks, mover: Mover
) -> Iterator[tuple[int, Table]]:
    """Yield each block's number and table, in reading order.

    Rows across all blocks (a heading, a total) part a list: what is above comes first, left before
    right. Blocks that are tables of their own have each such row.
    """
    head = list(range(header.start, header.end)) if header else []
    for wide, rows in _segments(table, blocks, header.end if header else 0):
        for number, columns in enumerate(blocks.columns):
            mine = rows if number and blocks.one_list else [*wide, *rows]
            if mine:
                yield number, _block(table, [*head, *mine], columns, blocks, mover)


def _segments(table: Table, blocks: Blocks, first: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield rows across all blocks, with the rows that follow them up to the next such."""
    across = set()
    for cell in table.cells:
        touched = [b for b in blocks.columns if set(b) & set(columns_of(cell))]
        if len(touched) > 1 and clean(cell.text):
            across.add(cell.row - 1)
    wide: list[int] = []
    rows: list[int] = []
    for row in range(first, table.row_count):
        if row in across and rows:
            yield wide, rows
            wide, rows = [], []
        (wide if row in across else rows).append(row)
    yield wide, rows


def _block(
    table: Table, rows: Sequence[int], columns: Sequence[int], blocks: Blocks, mover: Mover
) -> Table:
    cells = list(mover.cut(table, rows, columns))
    block = with_cells(table, cells, (len(rows), len(columns)))
    edges = table.column_edges
    if edges is None:
        return block
    left = blocks.columns[0]  # the grid of the first block serves all of them
    return replace(block, column_edges=(*(edges[c] for c in left), edges[left[-1] + 1]))


def parted(tables: Sequence[Table], mover: Mover) -> list[Table]:
    """Return the tables with blocks side by side parted, in reading order.

    Blocks that are tables of their own come one after the other, each over all its pages.
    """
    parts = TableParts()
    known: Blocks | None = None
    for table in tables:
        header = mover.header(table) if table.regular else None
        blocks = find_blocks(table, header) if header else _continues(table, known)
        if blocks != known:
            parts.end_list()
        known = blocks
        if blocks is None:
            parts.keep(table)
            continue
        for number, block in part(table, header, blocks, mover):
            parts.add(0 if blocks.one_list else number, block)
    return parts.all()


def _continues(table: Table, known: Blocks | None) -> Blocks | None:
    """Return the blocks of the page before where a page without a header can hold the same."""
    if known is None or not table.regular or table.caption:
        return None
    widest = known.columns[-1][-1] + 1
    return known if table.column_count == widest else None
