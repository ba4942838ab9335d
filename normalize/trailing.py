"""A heading across the table that was printed last on a page reads as a line under that page.

It is a row of the table where the table has such headings and goes on on the next page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from normalize.leaves import ordinal_style
from schemas.document import Cell, Table


def with_trailing_headings(tables: Sequence[Table]) -> Iterator[Table]:
    """Yield the pages of one table, the lines under each that are headings as its last rows."""
    styles = {ordinal_style(cell.text) for table in tables for cell in _across(table)} - {None}
    for number, table in enumerate(tables, 1):
        headings = [line for line in table.notes if ordinal_style(line) in styles]
        last = number == len(tables)
        yield table if last or headings != list(table.notes) else _with_rows(table, headings)


def _across(table: Table) -> Iterator[Cell]:
    return (cell for cell in table.cells if cell.column_span == table.column_count > 1)


def _with_rows(table: Table, headings: Sequence[str]) -> Table:
    cells = tuple(
        Cell(table.row_count + row, 1, text, column_span=table.column_count, page=table.page)
        for row, text in enumerate(headings, 1)
    )
    count = table.row_count + len(headings)
    return replace(table, cells=(*table.cells, *cells), row_count=count, notes=())
