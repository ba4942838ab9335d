"""One page in two readers' words."""

from __future__ import annotations

from extract.pdf.camelot import SecondCell
from schemas.records.document import Box, Cell, Document, Table


def cell(text: str, row: int = 1, column: int = 1, **spans: int) -> Cell:
    rows, columns = spans.get("row_span", 1), spans.get("column_span", 1)
    box = Box(100.0 * column, 20.0 * row, 100.0 * (column + columns), 20.0 * (row + rows))
    return Cell(row, column, text, rows, columns, page=1, box=box)


def second(text: str, row: int = 1, column: int = 1, **spans: int) -> SecondCell:
    rows, columns = spans.get("row_span", 1), spans.get("column_span", 1)
    left, top = 100.0 * column + 0.8, 20.0 * row - 0.8
    right, bottom = 100.0 * (column + columns), 20.0 * (row + rows)
    return SecondCell(1, 1, row, column, rows, columns, left, top, right, bottom, text)


def document(*cells: Cell) -> Document:
    table = Table(1, cells, 2, 2, page=1)
    return Document("a.pdf", "pdf", "0", "first", (table,))
