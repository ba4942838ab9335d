"""How much of the indicator table was not read: by rows and by pages, not by tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from normalize.findings.ledger import PlacedDoubt
from normalize.layout.header import find_header
from normalize.layout.table_chains import EDGE_TOLERANCE, Part, of_one_table
from normalize.model.doubt import doubt
from normalize.select.candidates import Candidate
from normalize.select.score import is_contents
from schemas.records.document import Document, Table
from schemas.vocabulary import Severity

#: What readers note of pages from which nothing was read.
_LOST_PAGES = frozenset({"picture_page", "page_damaged", "page_too_heavy"})
_BESIDE = "text_beside_table"
_FEWEST_EDGES = 3  # fewer stand on another table's by chance


def mostly_unread(taken: Sequence[Candidate], document: Document) -> Iterator[PlacedDoubt]:
    """Yield an error where most rows of the tables, or half of their pages, went unread.

    Their rows are those of the tables that were taken, and of others without a title of their own
    that repeat a header or stand on the columns of one. A page is unread where nothing could be
    read from it, or where more texts stand beside its table than in it.
    """
    annexes = [[p for chain in (one.chain, *one.also) for p in chain.parts] for one in taken]
    tables = [part.table for parts in annexes for part in parts]
    others = list(_left(annexes, document))
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


def _left(annexes: Sequence[Sequence[Part]], document: Document) -> Iterator[Table]:
    """Yield the tables that were not taken and are part of one that was."""
    numbers = {part.table.table_no for parts in annexes for part in parts}
    for table in document.tables:
        if table.table_no not in numbers and any(_is_part(parts, table) for parts in annexes):
            yield table


def _rows(tables: Sequence[Table]) -> int:
    return sum(table.row_count for table in tables)


def _pages(tables: Sequence[Table]) -> set[int]:
    return {table.page for table in tables if table.page is not None}


def _is_part(parts: Sequence[Part], table: Table) -> bool:
    if table.place != parts[0].table.place:
        return False
    header = find_header(table, parts[0].header)
    return of_one_table(parts, Part(table, header)) or (header is None and _below(parts, table))


def _below(parts: Sequence[Part], table: Table) -> bool:
    """Tell whether a table without a header stands between upright rules of one of the parts.

    Bands of colour, or rules under some rows only, make several tables of one; the rows between
    them read as lines above each.
    """
    mine = table.column_edges or ()
    if len(mine) < _FEWEST_EDGES or is_contents(table):
        return False
    return any(_within(mine, part.table.column_edges or ()) for part in parts)


def _within(edges: Sequence[float], others: Sequence[float]) -> bool:
    return all(any(abs(edge - other) <= EDGE_TOLERANCE for other in others) for edge in edges)


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
