"""The pages of a ruled table become one logical table.

Repeated headers are dropped, one column grid serves all pages, and cells that a page break cut
are put together again: those left blank on the next page, those whose text is repeated, repeated
in part, or split over the break. A rule that is missing at the page's end is the best evidence;
where pages are closed by a rule all the same, blanks and texts decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.fold import clean, fold
from normalize.columns.hints import NO_HINTS, Hints
from normalize.columns.roles import columns_of_table
from normalize.columns.words import role_by_name
from normalize.layout.column_grid import Columns, column_grid
from normalize.layout.header import matrix
from normalize.layout.table_chains import Chain, Part
from normalize.model.doubt import doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.pages.fragments import CellFragment, MergedCells, join_texts, joined
from normalize.pages.headings import named_again, named_late
from normalize.pages.page_break import PageBreak, Pages, Printing
from normalize.pages.page_evidence import gather_evidence
from normalize.pages.rejoin_cells import rejoin_cells
from normalize.text.places import is_place


def join(chain: Chain, hints: Hints = NO_HINTS) -> LogicalTable:
    """Join a chain's pages to one logical table; ``hints`` are what the document says around it."""
    grid = _merge_split_columns(column_grid(chain), chain)
    fragments, breaks, rows = _place(chain, grid)
    bodies = [_texts(fragments, i) for i in range(len(grid.paths))]
    columns = columns_of_table(grid.paths, bodies, hints)
    merged = MergedCells(fragments)
    evidence = gather_evidence(fragments, columns, {0, *breaks, rows})
    page_breaks = [
        PageBreak(at, fragments, columns, Pages(start, end))
        for start, at, end in zip([0, *breaks], breaks, [*breaks[1:], rows], strict=False)
    ]
    opened, late = any(each.shows_cuts for each in page_breaks), any(map(named_late, page_breaks))
    again = any(map(named_again, page_breaks))
    printing = Printing(evidence, merged, opened, late, again)
    rejoined = [rejoin_cells(each, printing) for each in page_breaks]
    gone = {at for at, one_row in zip(breaks, rejoined, strict=True) if one_row}
    return _table(chain, columns, merged, rows, gone)


def _merge_split_columns(grid: Columns, chain: Chain) -> Columns:
    """Take neighbouring columns with one header for one column, unless they are levels.

    A level may be printed as two columns (indicator and sub-indicator); for any other column a
    second rule under one header is a flaw of the drawing. A place that two cells name is two.
    """
    own = _named_apart(grid, chain)
    target: list[int] = []
    paths: list[tuple[str, ...]] = []
    for i, path in enumerate(grid.paths):
        level = bool(path) and role_by_name(path[-1]) is Role.LEVEL
        if i and path and path == grid.paths[i - 1] and not level and i not in own:
            target.append(len(paths) - 1)
        else:
            target.append(len(paths))
            paths.append(path)
    spans = tuple(
        tuple(
            (target[low], target[high - 1] + 1) if high > low else (target[low],) * 2
            for low, high in part
        )
        for part in grid.spans
    )
    return Columns(tuple(paths), spans)


def _named_apart(grid: Columns, chain: Chain) -> set[int]:
    """Return the columns under a header cell that names a place beside another that does."""
    row = matrix(chain.parts[0].table)[chain.header.end - 1]
    cells = {at: cell for span, cell in zip(grid.spans[0], row, strict=True) for at in range(*span)}
    pairs = ((i, cells.get(i - 1), cells.get(i)) for i in range(1, len(grid.paths)))
    return {
        i for i, left, cell in pairs if cell and left and cell is not left and is_place(cell.text)
    }


def _place(chain: Chain, grid: Columns) -> tuple[list[CellFragment], list[int], int]:
    """Place all body cells; returns them, the first row of each later page, and the row count."""
    fragments: list[CellFragment] = []
    breaks: list[int] = []
    rows = 0
    for part, spans in zip(chain.parts, grid.spans, strict=True):
        if rows:
            breaks.append(rows)
        placed = list(_place_part(part, spans, rows, _repeated_headers(chain, part)))
        fragments.extend(placed)
        rows = max((fragment.row1 for fragment in placed), default=rows)
    return fragments, [b for b in breaks if b < rows], rows


def _repeated_headers(chain: Chain, part: Part) -> set[int]:
    """Body rows (0-based) that print the header again in mid-table, and rows without any text."""
    header = {fold(text) for path in chain.header.paths for text in path}
    texts: dict[int, list[str]] = {}
    for cell in part.table.cells:
        for row in range(cell.row - 1, cell.row - 1 + cell.row_span):
            texts.setdefault(row, []).append(fold(cell.text))
    return {
        row
        for row, found in texts.items()
        if row >= part.body_start
        and (not any(found) or (len(found) > 2 and all(t in header for t in found if t)))
    }


def _place_part(
    part: Part, spans: Sequence[tuple[int, int]], first: int, dropped: set[int]
) -> Iterator[CellFragment]:
    kept = [r for r in range(part.body_start, part.table.row_count) if r not in dropped]
    at = {row: first + i for i, row in enumerate(kept)}
    for cell in part.table.cells:
        covered = [at[r] for r in range(cell.row - 1, cell.row - 1 + cell.row_span) if r in at]
        low = spans[cell.column - 1][0]
        high = spans[min(cell.column - 2 + cell.column_span, len(spans) - 1)][1]
        if covered and high > low:
            yield CellFragment(covered[0], covered[-1] + 1, low, high, cell)


def _texts(fragments: Sequence[CellFragment], column: int) -> list[str]:
    """The texts that stand in one column alone."""
    return [
        fragment.cell.text
        for fragment in fragments
        if fragment.column0 <= column < fragment.column1
        and fragment.column1 - fragment.column0 <= 2
    ]


def _table(
    chain: Chain, columns: tuple[Column, ...], merged: MergedCells, rows: int, gone: set[int]
) -> LogicalTable:
    """Build the logical table, the rows that a break had cut in two made one again."""
    number: list[int] = []
    for row in range(rows):
        number.append(number[-1] if row in gone else (number[-1] + 1 if number else 0))
    cells = [_cell(fragments, number) for fragments in merged.members()]
    cells = _without_overlap(cells)
    tables = [part.table for part in chain.parts]
    notes = tuple(line for table in tables for line in table.notes)
    pages = tuple(table.page for table in tables for _ in table.notes)
    count = number[-1] + 1 if number else 0
    return LogicalTable(columns, count, tuple(cells), chain.caption, notes, pages)


def _cell(fragments: Sequence[CellFragment], number: Sequence[int]) -> LogicalCell:
    written = [fragment.cell for fragment in fragments if fragment.text] or [fragments[0].cell]
    return LogicalCell(
        min(number[fragment.row0] for fragment in fragments),
        max(number[fragment.row1 - 1] for fragment in fragments) + 1,
        min(fragment.column0 for fragment in fragments),
        max(fragment.column1 for fragment in fragments),
        joined(fragments),
        tuple(written),
        tuple(each for fragment in fragments for each in fragment.doubts),
    )


def _without_overlap(cells: Sequence[LogicalCell]) -> list[LogicalCell]:
    """Give each place one cell: what a cut row leaves over goes to the cell it continues.

    It happens where the rest of a row is drawn with other spans than its beginning; the text is
    kept and doubted.
    """
    kept: dict[int, LogicalCell] = {}
    owner: dict[tuple[int, int], int] = {}
    for cell in sorted(cells, key=lambda c: (c.row0, c.column0, -c.column1)):
        places = [
            (r, c) for r in range(cell.row0, cell.row1) for c in range(cell.column0, cell.column1)
        ]
        taken = next((owner[place] for place in places if place in owner), None)
        if taken is None:
            kept[len(kept)] = cell
            owner.update(dict.fromkeys(places, len(kept) - 1))
        elif clean(cell.text):
            kept[taken] = _with_continuation(kept[taken], cell)
    return list(kept.values())


def _with_continuation(cell: LogicalCell, added: LogicalCell) -> LogicalCell:
    joined_here = doubt("text_continued.page_top", (clean(cell.text),))
    return cell._replace(
        text=join_texts([cell.text, added.text]),
        sources=cell.sources + added.sources,
        doubts=(*cell.doubts, *added.doubts, joined_here),
    )
