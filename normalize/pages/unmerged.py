"""Headings that are printed in the first of their rows only, over blank cells of their own.

Programs that know no merged cells print them so. Where every row has its name, points and
department no cell has moved, and the blanks are what was merged: the rows under a heading, down to
the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from common.fold import clean
from normalize.model.table import LogicalCell, LogicalTable, Role

_SURE = (Role.SERIAL, Role.LEVEL, Role.POINTS, Role.ASSESSING)
"""Columns that hold something in every row, headings apart: where none is blank, nothing moved."""


def with_headings_merged(table: LogicalTable) -> LogicalTable | None:
    """Return a table whose headings reach down over the blanks below them.

    None where names, points or departments are blank, too: what stands there may have moved or be
    merged. And where the first row has no heading: headings may stand in the middle of their rows.
    """
    *columns, _ = [column.index for column in table.columns_of(Role.LEVEL)] or [0]
    if not columns or not all(clean(cell.text) for cell in _never_blank(table, columns)):
        return None
    others = (cell for cell in table.cells if cell.column0 not in columns)
    cells = sorted((*others, *_headings(table, columns)), key=_place)
    return replace(table, cells=tuple(cells))


def _never_blank(table: LogicalTable, headings: Sequence[int]) -> Iterator[LogicalCell]:
    """Yield the cells that hold something where nothing has moved: the first headings, too."""
    sure = {column.index for role in _SURE for column in table.columns_of(role)} - {*headings}
    for cell in table.cells:
        if cell.column0 in sure or (cell.row0 == 0 and cell.column0 in headings):
            yield cell


def _headings(table: LogicalTable, columns: Sequence[int]) -> Iterator[LogicalCell]:
    """Yield the headings of these columns, which end where one to their left begins."""
    begun: set[int] = set()
    for column in columns:
        own = [cell for cell in table.cells if cell.column0 == column]
        whole = list(_merged(sorted(own, key=_place), begun))
        begun |= {cell.row0 for cell in whole if clean(cell.text)}
        yield from whole


def _place(cell: LogicalCell) -> tuple[int, int]:
    return cell.row0, cell.column0


def _merged(cells: Sequence[LogicalCell], begun: Collection[int]) -> Iterator[LogicalCell]:
    """Yield a column's headings with the blanks below them, but where one to the left begins."""
    last: LogicalCell | None = None
    for cell in cells:
        if last is not None and not clean(cell.text) and cell.row0 not in begun:
            last = last._replace(row1=cell.row1, sources=(*last.sources, *cell.sources))
            continue
        if last is not None:
            yield last
        last = cell
    if last is not None:
        yield last
