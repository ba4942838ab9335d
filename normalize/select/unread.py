"""How much of the indicator table was not read: by rows and by pages, not by tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from normalize.findings.ledger import PlacedDoubt
from normalize.layout.header import find_header
from normalize.layout.table_chains import Part, of_one_table
from normalize.model.doubt import doubt
from normalize.select.candidates import Candidate
from schemas.records.document import Document, Table
from schemas.vocabulary import Severity

#: What readers note of pages from which nothing was read.
_LOST_PAGES = frozenset({"picture_page", "page_damaged", "page_too_heavy"})
_BESIDE = "text_beside_table"


def mostly_unread(best: Candidate, document: Document) -> Iterator[PlacedDoubt]:
    """Yield an error where most rows of the table, or half of its pages, went unread.

    Its rows are those of the tables that were taken, and of others without a title of their own
    that repeat its header or stand on its columns. A page is unread where nothing could be read
    from it, or where more texts stand beside its table than in it.
    """
    parts = [part for chain in (best.chain, *best.also) for part in chain.parts]
    tables = [part.table for part in parts]
    numbers = {table.table_no for table in tables}
    others = [t for t in document.tables if t.table_no not in numbers and _is_part(parts, t)]
    rows, lost_rows = _rows(tables), _rows(others)
    lost = _pages(others) | set(_unread_pages(document, min(_pages(tables), default=0)))
    pages = _pages(tables) | lost
    if lost_rows > rows or (lost and 2 * len(lost) >= len(pages)):
        unread = doubt(
            "mostly_unread",
            severity=Severity.ERROR,
            rows=lost_rows,
            of_rows=rows + lost_rows,
            pages=len(lost),
            of_pages=len(pages),
            listed="、".join(map(str, sorted(lost))) or "—",
        )
        yield PlacedDoubt(unread)


def _rows(tables: Sequence[Table]) -> int:
    return sum(table.row_count for table in tables)


def _pages(tables: Sequence[Table]) -> set[int]:
    return {table.page for table in tables if table.page is not None}


def _is_part(parts: Sequence[Part], table: Table) -> bool:
    if table.place != parts[0].table.place:
        return False
    return of_one_table(parts, Part(table, find_header(table, parts[0].header)))


def _unread_pages(document: Document, first: int) -> Iterator[int]:
    """Yield the pages from the table's first one on that gave nothing, or less than they hold."""
    noted = [(note.page or 0, note.code) for note in document.notes]
    beside = Counter(page for page, code in noted if code == _BESIDE)
    for page, code in noted:
        crowded = code == _BESIDE and beside[page] > _texts(document, page)
        if page and page >= first and (crowded or code in _LOST_PAGES):
            yield page


def _texts(document: Document, page: int) -> int:
    """Return how many cells of a page hold a text."""
    tables = (table for table in document.tables if table.page == page)
    return sum(bool(cell.text.strip()) for table in tables for cell in table.cells)
