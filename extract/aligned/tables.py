"""A page's tables whose rules are not drawn, as grids: rows, columns and cells from alignment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.aligned.across import Beside, joined_across, spanned_together
from extract.aligned.cells import (
    ColumnReader,
    Frame,
    Ground,
    Place,
    make_frame,
)
from extract.aligned.columns import Columns, find_columns, parted
from extract.aligned.evidence import Evidence, gather, upright_edges
from extract.aligned.pieces import (
    Level,
    Piece,
    chars_to_levels,
    ends_of,
    numbered,
)
from extract.aligned.regions import find_regions
from extract.aligned.rows import find_rows
from extract.aligned.stream import Rows, rows_as_drawn
from extract.page.grid import Grid, GridCell
from extract.page.page import PageRecord
from extract.page.placing import CellFinder
from extract.page.tables import FEWEST_COLUMNS, Ruling

FEWEST_ROWS = 3
EXPLAINED, PARTED = 0.6, 0.6
"""Drawn rules suffice where on this part of the levels they part most of what stands in line."""
TINTED = 0.95
"""Edges of tinted cells alone suffice where on this part of the levels they part all of it."""
HEADER_ROWS = 2
"""Rows of pieces that may be one printed header row, its names in the middle of some at the top."""
SAME_PLACE = 30.0
"""Two pages of one table begin and end across within this (points) of each other."""


@dataclass(frozen=True)
class UndrawnPage:
    """A page that shows tables without full rules: the levels of each of them."""

    page: PageRecord
    regions: tuple[tuple[Level, ...], ...]


def undrawn(page: PageRecord, ruling: Ruling) -> UndrawnPage | None:
    """Return the tables of a page whose rules are not drawn; None where drawn rules suffice."""
    levels = chars_to_levels(page.chars)
    regions = find_regions(levels, ruling.marks.rules)
    if not regions:
        return None
    if ruling.drawn:
        sufficient = _explained(ruling.drawn, levels, PARTED) >= EXPLAINED
    else:
        sufficient = _explained(ruling.grids, levels, 1.0) >= TINTED
    if sufficient:
        return None
    return UndrawnPage(replace(page, rules=tuple(ruling.marks.rules)), tuple(map(tuple, regions)))


def grids_of(pages: Sequence[UndrawnPage]) -> list[list[Grid]]:
    """Return the grids of each page; pages of one table share its columns."""
    found: list[list[Grid]] = [[] for _ in pages]
    for table in _tables(pages):
        parts = [region for _, region in table]
        drawn = [
            at
            for number, region in table
            for at in upright_edges(pages[number].page, region[0].at, region[-1].at)
        ]
        columns = find_columns(parts, drawn)
        pieces = [piece for levels in parts for level in levels for piece in level.pieces]
        group = spanned_together(columns, pieces)
        for number, region in table:
            shape = Shape(columns, group, goes_on=region is not table[-1][1])
            grid = _grid(pages[number].page, region, shape)
            if grid is not None:
                found[number].append(grid)
    return found


Region = tuple[int, tuple[Level, ...]]


def _tables(pages: Sequence[UndrawnPage]) -> list[list[Region]]:
    """Group the regions of successive pages that have the same columns."""
    groups: list[list[Region]] = []
    for number, page in enumerate(pages):
        for region in page.regions:
            if groups and _of_one_table([each for _, each in groups[-1]], region):
                groups[-1].append((number, region))
            else:
                groups.append([(number, region)])
    return groups


def _of_one_table(parts: Sequence[tuple[Level, ...]], region: tuple[Level, ...]) -> bool:
    (left, right), (first, last) = ends_of(parts[0]), ends_of(region)
    if max(abs(left - first), abs(right - last)) > SAME_PLACE:
        return False
    counts = [len(find_columns(each, ()).bands) for each in (parts, [region])]
    return len(find_columns([*parts, region], ()).bands) >= max(counts) - 1


def _explained(grids: Sequence[Grid], levels: Sequence[Level], parted: float) -> float:
    """Return on which part of the levels a grid puts what stands in line into different cells."""
    finders = [CellFinder(grid) for grid in grids]
    places = [
        [_cell_of(piece, finders) for piece in level.pieces]
        for level in levels
        if len(level.pieces) >= FEWEST_COLUMNS
    ]
    explained = sum(
        None not in cells and len(set(cells)) >= parted * len(cells) for cells in places
    )
    return explained / len(places)


def _cell_of(piece: Piece, finders: Sequence[CellFinder]) -> tuple[int, int] | None:
    x, y = (piece.x0 + piece.x1) / 2, piece.middle
    found = ((grid, finder.cell_at(x, y)) for grid, finder in enumerate(finders))
    return next(((grid, cell) for grid, cell in found if cell is not None), None)


@dataclass(frozen=True)
class Shape:
    """What is known of a page's table from all its pages.

    Its columns, which of them texts span together, and whether it continues on the next page.
    """

    columns: Columns
    group: Mapping[int, int]
    goes_on: bool


def _grid(page: PageRecord, region: Sequence[Level], shape: Shape) -> Grid | None:
    columns = shape.columns
    if len(columns.bands) < FEWEST_COLUMNS:
        return None
    levels = numbered(parted(region, columns))
    evidence = gather(page, levels)
    pieces = [piece for level in levels for piece in level.pieces]
    rows = rows_as_drawn(pieces, columns) or _by_levels(levels, columns, evidence)
    rows = _with_whole_header(rows, pieces, columns)
    if rows.count < FEWEST_ROWS:
        return None
    frame, places = _places(pieces, rows, shape, evidence)
    return Grid(columns.edges, frame.ys, tuple(sorted(_tiled(places, rows.count, columns))))


def _tiled(places: Sequence[Place], rows: int, columns: Columns) -> Iterator[GridCell]:
    """Yield cells that tile the grid: of two places for one square the one with text has it."""
    squares: set[tuple[int, int]] = set()
    for place in sorted(places, key=lambda place: not place.pieces):
        own = {
            (row, column)
            for row in range(place.row0, place.row1)
            for column in range(place.column0, place.column1)
        }
        if not own & squares:
            squares |= own
            yield GridCell(place.row0, place.row1, place.column0, place.column1, doubt=place.doubt)
    for row in range(rows):
        for column in range(len(columns.bands)):
            if (row, column) not in squares:
                yield GridCell(row, row + 1, column, column + 1)


def _with_whole_header(rows: Rows, pieces: Sequence[Piece], columns: Columns) -> Rows:
    """Take the first two rows for one where each column is named in one of them alone.

    What stands in the middle of a taller header is higher than the names beside it.
    """
    named = sorted(
        column
        for piece in pieces
        if rows.of_piece[piece.order] < HEADER_ROWS
        for column in range(*columns.over(piece))
    )
    if named != list(range(len(columns.bands))):
        return rows
    joined = {order: max(0, row - 1) for order, row in rows.of_piece.items()}
    lone = frozenset(row - 1 for row in rows.lone if row > 1)
    return replace(rows, count=rows.count - 1, of_piece=joined, lone=lone)


def _by_levels(levels: Sequence[Level], columns: Columns, evidence: Evidence) -> Rows:
    segments = find_rows(levels, columns, evidence)
    of_piece = {
        piece.order: row
        for row, (start, end) in enumerate(segments)
        for level in levels[start:end]
        for piece in level.pieces
    }
    return Rows(len(segments), of_piece)


def _places(
    pieces: Sequence[Piece], rows: Rows, shape: Shape, evidence: Evidence
) -> tuple[Frame, list[Place]]:
    """Return the rows' frame and the cells; the frame is made anew without cells over rows."""
    columns = shape.columns
    spans, single = _spans(pieces, columns, rows)
    spans = _with_headings(spans, single, columns, rows)
    width = columns.edges[0], columns.edges[-1]
    beside = Beside(shape.group, single, spans, rows.of_piece)
    found = [*spans, *_cells_by_row(single, rows)]
    for _ in range(3):
        flat = _by_row(found, rows.count)
        if not all(flat):
            break
        frame = make_frame(flat, evidence, width)
        ground = Ground(frame, columns, evidence, rows, shape.goes_on)
        found = [*spans, *_columns_cells(single, spans, ground, beside)]
    return frame, joined_across(found, columns, beside)


def _cells_by_row(single: Mapping[int, Sequence[Piece]], rows: Rows) -> Iterator[Place]:
    """Yield what stands of each column in each row, as if no cell covered several rows."""
    for column, pieces in single.items():
        for row in sorted({rows.of_piece[piece.order] for piece in pieces}):
            own = tuple(piece for piece in pieces if rows.of_piece[piece.order] == row)
            yield Place(row, row + 1, column, column + 1, own)


def _by_row(places: Sequence[Place], count: int) -> list[list[Place]]:
    """Return the cells with text that lie in one row alone, row by row."""
    rows: list[list[Place]] = [[] for _ in range(count)]
    for place in places:
        if place.pieces and place.row1 == place.row0 + 1:
            rows[place.row0].append(place)
    return rows


def _spans(
    pieces: Sequence[Piece], columns: Columns, rows: Rows
) -> tuple[list[Place], dict[int, list[Piece]]]:
    """Part pieces over several columns, one cell for each row and reach, from those over one."""
    single: dict[int, list[Piece]] = {index: [] for index in range(len(columns.bands))}
    places: list[Place] = []
    for piece in sorted(pieces, key=lambda piece: (rows.of_piece[piece.order], piece.middle)):
        first, last = columns.over(piece)
        if last - first == 1:
            single[first].append(piece)
            continue
        row = rows.of_piece[piece.order]
        near = next((p for p in places if p.row0 == row and _overlap(p, first, last)), None)
        if near is None:
            places.append(Place(row, row + 1, first, last, (piece,)))
        else:
            reach = min(near.column0, first), max(near.column1, last)
            places[places.index(near)] = Place(row, row + 1, *reach, (*near.pieces, piece))
    return [_with_short_lines(place, single, rows) for place in places], single


def _with_headings(
    spans: Sequence[Place], single: dict[int, list[Piece]], columns: Columns, rows: Rows
) -> list[Place]:
    """Let a text that is alone in its row, in the middle or at the left, cover the whole row."""
    found = list(spans)
    held: dict[int, list[Place]] = {}
    for place in (*spans, *_cells_by_row(single, rows)):
        held.setdefault(place.row0, []).append(place)
    for row, places in held.items():
        lone = places[0]
        if row in rows.lone and len(places) == 1 and _is_heading(lone, columns):
            found = [place for place in found if place is not lone]
            for column in range(lone.column0, lone.column1):
                single[column] = [p for p in single[column] if p not in lone.pieces]
            found.append(replace(lone, column0=0, column1=len(columns.bands)))
    return found


def _is_heading(place: Place, columns: Columns) -> bool:
    size = place.pieces[0].size
    left, right = min(p.x0 for p in place.pieces), max(p.x1 for p in place.pieces)
    middle = abs(left + right - columns.edges[0] - columns.edges[-1]) / 2 < size
    return middle or left < columns.edges[1]


def _with_short_lines(place: Place, single: dict[int, list[Piece]], rows: Rows) -> Place:
    """Add what stands under a text over several columns in its row: its short last line."""
    short: list[Piece] = []
    for column in range(place.column0, place.column1):
        own = [p for p in single[column] if rows.of_piece[p.order] == place.row0]
        single[column] = [piece for piece in single[column] if piece not in own]
        short.extend(own)
    return replace(place, pieces=(*place.pieces, *short))


def _overlap(place: Place, first: int, last: int) -> bool:
    return first < place.column1 and place.column0 < last


def _columns_cells(
    single: dict[int, list[Piece]], spans: Sequence[Place], ground: Ground, beside: Beside
) -> list[Place]:
    """Return the cells of all columns: text at the top of cells or in the middle, as most are."""
    readings: list[dict[bool, tuple[float, list[Place]]]] = []
    for column, pieces in single.items():
        taken = frozenset(p.row0 for p in spans if p.column0 <= column < p.column1)
        reader = ColumnReader(column, pieces, (taken, beside.rows(column)), ground)
        readings.append({mode: reader.read(from_top=mode) for mode in (False, True)})
    from_top = sum(r[True][0] for r in readings) < sum(r[False][0] for r in readings)
    found: list[Place] = []
    for reading in readings:
        better = min((False, True), key=lambda mode: (reading[mode][0], mode is not from_top))
        if reading[from_top][0] <= reading[better][0] + 0.6:
            better = from_top
        found.extend(reading[better][1])
    return _with_one_header(found) if from_top else found


def _with_one_header(places: Sequence[Place]) -> list[Place]:
    """End the cells of the first row where most of them end: a header reaches into no body."""
    ends = Counter(place.row1 for place in places if place.row0 == 0 and place.pieces)
    if not ends:
        return list(places)
    end = min(row for row, count in ends.items() if count == max(ends.values()))
    found: list[Place] = []
    for place in places:
        if place.row0 == 0 and place.pieces and place.row1 > end:
            found.append(replace(place, row1=end))
            found.extend(
                Place(row, row + 1, place.column0, place.column1) for row in range(end, place.row1)
            )
        else:
            found.append(place)
    return found
