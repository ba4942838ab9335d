"""The pages of a converted table: their body rows, and where they print a level of two columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from common.fold import clean
from normalize.converted.costs import ColumnPlan, key
from normalize.converted.row_prior import Row
from schemas.records.document import Cell, Table


class SecondColumn(StrEnum):
    """Where a page prints the second place of a level that most rows need only once.

    The values are the endings of the declared odds.
    """

    UNKNOWN = ""
    NARROW = "_narrow"  # nowhere: it has a column less
    PLACED = "_placed"  # as a blank after the name: its header has one there
    BEHIND = "_behind"  # at the row's end: its header has its blank there


def pages_of(
    plan: ColumnPlan, tables: Sequence[Table], header_rows: Sequence[int]
) -> tuple[list[Row], list[SecondColumn]]:
    """Return the body rows that hold any text, and where each table prints its second column.

    A row ends with its last printed cell; where the reader handed on no blank cells at all, every
    row is as wide as its table.
    """
    rows: list[Row] = []
    second_columns: list[SecondColumn] = []
    for part, (table, head) in enumerate(zip(tables, header_rows, strict=True)):
        printed = _printed(table)
        second_columns.append(_second_column(plan, printed, head))
        narrow = second_columns[-1] is SecondColumn.NARROW
        body = [cells for number, cells in sorted(printed.items()) if number > head]
        for cells in body:
            texts = tuple(clean(cell.text) for cell in cells)
            if any(texts):
                first = not rows or rows[-1].part != part
                rows.append(Row(part, cells, texts, first, narrow))
    return rows, second_columns


def _printed(table: Table) -> dict[int, tuple[Cell, ...]]:
    """Return the cells of each printed row, those that the reader left out as blanks."""
    found: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        found.setdefault(cell.row, {})[cell.column] = cell
    ragged = any(not clean(cell.text) for cell in table.cells)
    whole: dict[int, tuple[Cell, ...]] = {}
    for number, row in found.items():
        width = max(row) if ragged else table.column_count
        blank = Cell(number, 1, "", page=table.page)
        whole[number] = tuple(row.get(c, blank._replace(column=c)) for c in range(1, width + 1))
    return whole


def _second_column(
    plan: ColumnPlan, printed: Mapping[int, tuple[Cell, ...]], head: int
) -> SecondColumn:
    if plan.second is None:
        return SecondColumn.UNKNOWN
    if max(map(len, printed.values()), default=0) < len(plan.columns):
        return SecondColumn.NARROW
    name = key(plan.columns[plan.first].name)
    for number in range(head, 0, -1):
        texts = [key(cell.text) for cell in printed.get(number, ())]
        if name in texts:
            after = texts[texts.index(name) + 1 :]
            if after and after[0] in ("", name):
                return SecondColumn.PLACED
            return SecondColumn.UNKNOWN if all(after) else SecondColumn.BEHIND
    return SecondColumn.UNKNOWN
