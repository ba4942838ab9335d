"""A first reader that misreads some cells, and a second one that reads them as they are."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from extract.pdf.camelot import SecondCell
from schemas.records.document import Document

_MISREAD = {"0": "8", "1": "7", "3": "8", "5": "6", "6": "5", "8": "3", "县": "具", "市": "巿"}
_MOST = 3


def second_reading(document: Document) -> list[SecondCell]:
    """Return the cells of a PDF as a second reader sees them that misreads nothing."""
    return [
        SecondCell(
            cell.page or 1,
            table.table_no,
            cell.row,
            cell.column,
            cell.row_span,
            cell.column_span,
            *(cell.box.x0, cell.box.top, cell.box.x1, cell.box.bottom),
            cell.text,
        )
        for table in document.tables
        for cell in table.cells
        if cell.box is not None
    ]


def misread(document: Document, seed: int) -> Document:
    """Read one character of up to three body cells as another that looks like it."""
    random = Random(seed)
    fit = [
        (t, c)
        for t, table in enumerate(document.tables)
        for c, cell in enumerate(table.cells)
        if cell.row > 3 and any(sign in cell.text for sign in _MISREAD)
    ]
    tables = [list(table.cells) for table in document.tables]
    for t, c in random.sample(fit, min(_MOST, len(fit))):
        text = tables[t][c].text
        sign = random.choice([sign for sign in _MISREAD if sign in text])
        tables[t][c] = tables[t][c]._replace(text=text.replace(sign, _MISREAD[sign], 1))
    changed = zip(document.tables, tables, strict=True)
    return replace(document, tables=tuple(replace(t, cells=tuple(cells)) for t, cells in changed))
