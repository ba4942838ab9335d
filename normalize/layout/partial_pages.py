"""Pages that print only part of the table's rules are completed to the whole grid.

A merged cell that covers a whole page leaves a column with two upright rules and nothing else, so
that the page reads as a narrower table, or as two side by side. The rules that are there stand
where those of the pages before stand: what is missing between or beside them is a cell that was
cut above and below. What was read as text beside the table stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile, zip_longest

from normalize.layout.header import Header, find_header
from normalize.layout.stacked import parted
from normalize.layout.table_chains import EDGE_TOLERANCE
from schemas.records.document import Box, Cell, Document, ReaderNote, Table

_OF_TABLE = re.compile(r"附?表\s*[\d一二三四五六七八九十]|[(（]?(?:计量)?单位\s*[:：]")


def with_whole_pages(document: Document) -> Document:
    """Complete the pages that show only part of the grid of the pages before.

    A page with a header of its own begins a table, also one in its midst; parts beside each other
    may look like one by themselves, a part above or below another is one.
    Text that turns out to stand in a cell is no longer noted as text beside the table.
    """
    tables: list[Table] = []
    edges: tuple[float, ...] = ()
    beside = [note for note in document.notes if note.code == "text_beside_table"]
    for page in _pages(document.tables):
        shown = _as_shown(page, edges, beside)
        heads = (find_header(table) for table in (*shown, *_stacked(page)))
        continued = bool(edges) and all(header is None for header in heads)
        tables.extend(shown if continued else page)
        last = tables[-1].column_edges or ()
        edges = _all_edges(edges, last) if continued else last
    placed = _notes_in_cells(beside, tables)
    notes = tuple(note for note in document.notes if note not in placed)
    return replace(document, tables=tuple(_with_captions(tables)), notes=notes)


def _with_captions(tables: Sequence[Table]) -> Iterator[Table]:
    """Yield tables, those that begin a page with what stands of theirs at the foot of the last.

    A table's number and its unit (表3, 单位：家) stand above it, never below another.
    """
    taken: tuple[str, ...] = ()
    for table, below in zip_longest(tables, tables[1:]):
        whole = replace(table, caption=(*table.caption, *taken))
        found = _captions_at_foot(table)
        taken = found if found and below and _begins_page(table, below) else ()
        yield replace(whole, notes=whole.notes[: len(whole.notes) - len(taken)])


def _begins_page(above: Table, table: Table) -> bool:
    """Tell whether a table with a header and without a caption begins the next page."""
    next_page = above.page is not None and table.page == above.page + 1
    return next_page and not table.caption and find_header(table) is not None


def _captions_at_foot(table: Table) -> tuple[str, ...]:
    """Return the lines at a page's end that say what table follows, the last first."""
    return tuple(takewhile(_OF_TABLE.match, reversed(table.notes)))


def _pages(tables: Sequence[Table]) -> Iterator[list[Table]]:
    """Yield what each page shows of one table: a header that stands in it again begins another."""
    known: Header | None = None
    for _, group in groupby(tables, key=_page_key):
        page = list(group)
        above, *below = parted(page[0], known) if len(page) == 1 else (page[0],)
        yield [above, *page[1:]]
        yield from ([table] for table in below)
        known = next(filter(None, (find_header(table, known) for table in page)), known)


def _as_shown(
    page: list[Table], edges: Sequence[float], beside: Sequence[ReaderNote]
) -> list[Table]:
    """Return a page's parts as the one table that they are with the columns of these edges."""
    whole = completed(page, edges, beside) if edges else None
    return [whole] if whole else page


def _stacked(page: Sequence[Table]) -> list[Table]:
    """Return the parts of a page that stand above or below another: in columns that both have."""
    return [
        one for one in page if any(_share_columns(one, other) for other in page if other is not one)
    ]


def _share_columns(one: Table, other: Table) -> bool:
    if not one.column_edges or not other.column_edges:
        return False
    left = max(one.column_edges[0], other.column_edges[0])
    return min(one.column_edges[-1], other.column_edges[-1]) - left > EDGE_TOLERANCE


def _notes_in_cells(beside: Sequence[ReaderNote], tables: Sequence[Table]) -> list[ReaderNote]:
    """Return the texts beside a table that stand in a cell without a rule above and below."""
    cells = [cell for table in tables for cell in table.cells if cell.open_top and cell.open_bottom]
    return [note for note in beside if any(_stands_in(note, cell) for cell in cells)]


def _all_edges(known: Sequence[float], shown: Sequence[float]) -> tuple[float, ...]:
    """Return the rules of a table so far: a page whose cells are merged across shows fewer."""
    ends = ((known[0], shown[0]), (known[-1], shown[-1])) if shown else ()
    if not ends or any(abs(one - other) > EDGE_TOLERANCE for one, other in ends):
        return tuple(shown)
    new = (edge for edge in shown if abs(known[_nearest(known, edge)] - edge) > EDGE_TOLERANCE)
    return tuple(sorted((*known, *new)))


def _page_key(table: Table) -> tuple[int, int]:
    return (table.page or 0, 0 if table.page else table.table_no)


def completed(
    tables: Sequence[Table], edges: Sequence[float], beside: Sequence[ReaderNote] = ()
) -> Table | None:
    """Return one table with the columns of ``edges`` from the parts that one page shows of it.

    ``beside`` is the text that stands in no cell. None where the parts' rules do not stand where
    the edges are, or all columns are there.
    """
    spans = [found for table in tables if (found := _columns(table, edges)) is not None]
    if len(spans) < len(tables):
        return None
    missing = _missing_columns(spans, len(edges) - 1)
    if not missing and len(tables) == 1:
        return None
    rows = _row_edges(tables)
    placed = [
        whole
        for table, own in zip(tables, spans, strict=True)
        for cell in table.cells
        if (whole := _placed(cell, rows, own)) is not None
    ]
    gaps = _gaps(missing, edges, rows, tables[0].page)
    blanks = (gap._replace(text=_text_in(gap, beside)) for gap in gaps)
    return replace(
        tables[0],
        cells=(*placed, *blanks),
        row_count=len(rows) - 1,
        column_count=len(edges) - 1,
        column_edges=tuple(edges),
    )


def _missing_columns(spans: Sequence[Sequence[tuple[int, int]]], count: int) -> list[int]:
    """Return the columns of the whole grid, ``count`` in all, that no part covers."""
    covered = {column for own in spans for low, high in own for column in range(low, high)}
    return [column for column in range(count) if column not in covered]


def _columns(table: Table, edges: Sequence[float]) -> tuple[tuple[int, int], ...] | None:
    """Map a part's columns to half-open ranges of the whole grid's, None where a rule differs."""
    at = []
    for edge in table.column_edges or ():
        nearest = _nearest(edges, edge)
        if abs(edges[nearest] - edge) > EDGE_TOLERANCE:
            return None
        at.append(nearest)
    if len(at) < 2 or len(set(at)) != len(at):
        return None
    return tuple(pairwise(at))


def _row_edges(tables: Sequence[Table]) -> list[float]:
    """Return where the rows of all parts begin and end, top down."""
    boxes = [cell.box for table in tables for cell in table.cells if cell.box is not None]
    edges: list[float] = []
    for edge in sorted({y for box in boxes for y in (box.top, box.bottom)}):
        if not edges or edge - edges[-1] > EDGE_TOLERANCE:
            edges.append(edge)
    return edges


def _placed(cell: Cell, rows: Sequence[float], spans: Sequence[tuple[int, int]]) -> Cell | None:
    if cell.box is None:
        return None
    top, bottom = _nearest(rows, cell.box.top), _nearest(rows, cell.box.bottom)
    low = spans[cell.column - 1][0]
    high = spans[cell.column - 2 + cell.column_span][1]
    return cell._replace(
        row=top + 1, row_span=max(bottom - top, 1), column=low + 1, column_span=high - low
    )


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def _gaps(
    missing: Sequence[int], edges: Sequence[float], rows: Sequence[float], page: int | None
) -> Iterator[Cell]:
    for column in missing:
        box = Box(edges[column], rows[0], edges[column + 1], rows[-1])
        yield Cell(
            1,
            column + 1,
            "",
            row_span=len(rows) - 1,
            page=page,
            box=box,
            open_top=True,
            open_bottom=True,
        )


def _text_in(gap: Cell, beside: Sequence[ReaderNote]) -> str:
    lines = [note for note in beside if _stands_in(note, gap)]
    lines.sort(key=lambda note: note.box.top if note.box else 0.0)
    return "\n".join(note.text or "" for note in lines)


def _stands_in(note: ReaderNote, gap: Cell) -> bool:
    if note.box is None or gap.box is None or note.page != gap.page:
        return False
    x, y = (note.box.x0 + note.box.x1) / 2, (note.box.top + note.box.bottom) / 2
    return gap.box.x0 < x < gap.box.x1 and gap.box.top < y < gap.box.bottom
