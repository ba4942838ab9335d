"""What is printed in or under the table and landed nowhere: it is named in findings."""

from __future__ import annotations

from collections.abc import Iterator

from common.fold import clean
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.layout.page_order import page_number
from normalize.model.doubt import doubt
from normalize.model.table import LogicalTable
from normalize.points.rows import Rows
from schemas.vocabulary import Severity


def unplaced_texts(table: LogicalTable, rows: Rows) -> Iterator[PlacedDoubt]:
    """Yield notes, total rows, lines under the table, and cells that went into no value."""
    for cell in rows.notes:
        yield _note(cell.text, Place(None, None, "note", cell))
    yield from _total_rows(rows)
    for line in table.notes:
        if clean(line) and page_number(line) is None:
            yield _note(line, Place(None, None, "note", text=clean(line)))
    used = _used(rows)
    for cell in table.cells:
        if id(cell) not in used and clean(cell.text):
            found = doubt("text_unplaced.cell", text=clean(cell.text))
            yield PlacedDoubt(found, Place(None, None, None, cell))


def _note(text: str, place: Place) -> PlacedDoubt:
    return PlacedDoubt(doubt("table_note", severity=Severity.INFO, text=clean(text)), place)


def _total_rows(rows: Rows) -> Iterator[PlacedDoubt]:
    for row in rows.totals:
        cells = {id(cell): cell for cell in row.values() if clean(cell.text)}
        text = " ".join(clean(cell.text) for cell in cells.values())
        found = doubt("total_row", severity=Severity.INFO, text=text)
        yield PlacedDoubt(found, Place(None, None, None, next(iter(cells.values()))))


def _used(rows: Rows) -> set[int]:
    """Return the ids of all cells that a row was made of."""
    used = {id(cell) for leaf in rows.leaves for cells in leaf.cells.values() for cell in cells}
    used.update(map(id, rows.notes))
    used.update(id(cell) for each in rows.headings for cell in (each.cell, *each.beside))
    used.update(id(cell) for row in rows.totals for cell in row.values())
    return used
