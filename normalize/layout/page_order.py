"""Pages that stand twice, and pages in another order than they were printed in.

Who puts a notice together of copies or scans may lay a page in twice, or the pile upside down.
A repeated page is left out; the order is put right where serial numbers or printed page numbers
show it.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from common.fold import clean, fold
from common.numbers import counted
from normalize.layout.table_chains import is_title
from normalize.model.doubt import Doubt, doubt
from schemas.records.document import Document, Table

_PAGE_NUMBER = re.compile(r"[-—–－\s]*第?(\d+)页?(?:[/／共]共?\d+页?)?[-—–－\s]*")
_FEWEST_TEXTS = 10
"""Pages of fewer texts may be alike by chance."""

_Page = Sequence[Table]


def in_printed_order(document: Document) -> tuple[Document, tuple[Doubt, ...]]:
    """Return the document with each page once and in the order of print, and what was changed."""
    if any(table.page is None for table in document.tables):
        return document, ()
    pages = [list(group) for _, group in groupby(document.tables, key=lambda table: table.page)]
    kept, doubts = _without_repeats(pages)
    without_table = (document.pages or len(pages)) - len(pages)
    if (ordered := _by_serials(kept)) is not None:
        doubts.append(doubt("pages_reordered.by_serials", listed=_listed(ordered)))
    elif (ordered := _by_page_numbers(kept, without_table)) is not None:
        doubts.append(doubt("pages_reordered.by_numbers", listed=_listed(ordered)))
    tables = tuple(table for page in ordered or kept for table in page)
    return replace(document, tables=tables), tuple(doubts)


def _listed(pages: Sequence[_Page]) -> str:
    return "、".join(str(page[0].page) for page in pages)


def page_number(line: str) -> int | None:
    """Return the page number that a line is, None where it is anything else."""
    found = _PAGE_NUMBER.fullmatch(clean(line))
    return counted(found[1]) if found else None


def _without_repeats(pages: Sequence[_Page]) -> tuple[list[_Page], list[Doubt]]:
    """Return the pages without those that repeat an earlier one, and a doubt for each of these.

    A page is no repetition where a title stands on a page between: two entities' tables may have
    the same rows.
    """
    kept: list[_Page] = []
    doubts: list[Doubt] = []
    first: dict[Hashable, int] = {}
    for page in pages:
        content = _content(page)
        at = first.get(content) if content is not None else None
        if at is None or any(map(_has_title, kept[at + 1 :])):
            first[content] = len(kept)
            kept.append(page)
        else:
            doubts.append(doubt("page_repeated", page=page[0].page, first=kept[at][0].page))
    return kept, doubts


def _content(page: _Page) -> Hashable:
    """Return all that a page's tables print, None where it is too little to know the page by."""
    cells = [(table.table_no - page[0].table_no, cell) for table in page for cell in table.cells]
    if sum(bool(clean(cell.text)) for _, cell in cells) < _FEWEST_TEXTS:
        return None
    titles = tuple(fold(line) for table in page for line in table.caption if is_title(line))
    places = ((no, c.row, c.column, c.row_span, c.column_span, fold(c.text)) for no, c in cells)
    return (titles, *places)


def _has_title(page: _Page) -> bool:
    return any(is_title(line) for table in page for line in table.caption)


def _by_serials(pages: Sequence[_Page]) -> list[_Page] | None:
    """Return the pages in another order, in which their serial numbers run from 1 to the end."""
    runs = [list(_serials(page)) for page in pages]
    if not all(runs) or any(b != a + 1 for run in runs for a, b in pairwise(run)):
        return None
    order = sorted(range(len(pages)), key=lambda at: runs[at][0])
    whole = [number for at in order for number in runs[at]]
    return _moved(pages, order) if whole == list(range(1, len(whole) + 1)) else None


def _serials(page: _Page) -> Iterator[int]:
    """Yield the numbers in the first column, top down."""
    for table in page:
        first = sorted((c for c in table.cells if c.column == 1), key=lambda cell: cell.row)
        numbers = (counted(clean(cell.text).rstrip(".．、")) for cell in first)
        yield from (number for number in numbers if number is not None)


def _by_page_numbers(pages: Sequence[_Page], without_table: int) -> list[_Page] | None:
    """Return the pages in the order of their printed numbers, where each has one of its own.

    Numbers with larger gaps than pages without a table explain are of several documents.
    """
    found = [_printed_number(page) for page in pages]
    numbers = [number for number in found if number is not None]
    if len(numbers) < len(pages) or len(set(numbers)) < len(numbers) or not numbers:
        return None
    if max(numbers) - min(numbers) >= len(numbers) + without_table:
        return None
    return _moved(pages, sorted(range(len(pages)), key=lambda at: numbers[at]))


def _printed_number(page: _Page) -> int | None:
    lines = (*reversed(page[-1].notes), *page[0].caption)
    return next((number for line in lines if (number := page_number(line)) is not None), None)


def _moved(pages: Sequence[_Page], order: Sequence[int]) -> list[_Page] | None:
    """Return the pages in an order, None where it is the one they have."""
    return None if list(order) == list(range(len(pages))) else [pages[at] for at in order]
