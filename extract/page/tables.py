"""One page record becomes tables of cells, lines around them, and notes on what fits nowhere."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import NamedTuple

from extract.notes import reader_note
from extract.page.crossed import crossed
from extract.page.grid import Grid, GridCell, Point, build_grids, drawn_grids
from extract.page.lines import TextLine, box_of, chars_to_lines, lines_to_text, padding
from extract.page.marks import TextMarks, split_marks
from extract.page.notes import page_notes, quoted
from extract.page.page import Char, Flaw, PageRecord
from extract.page.repeats import overprinted
from schemas.records.document import Box, Cell, ReaderNote, Seen, Table
from schemas.vocabulary import Severity

TOUCHING = 0.05
"""Characters drawn one after the other with a smaller gap (in sizes) are one piece of text."""
NEXT_LINE = 1.0
"""A line this close (in sizes) below the end of an open cell's rules still belongs to the cell."""
PASSED = (Flaw.STRUCK, Flaw.COVERED)
FEWEST_COLUMNS = 3
"""A table without full rules has at least so many columns."""
WIDE = 1.0
"""Outside tables a gap wider than this (in sizes) parts two pieces of text."""

Place = tuple[int, int] | None
"""Which grid and which of its cells a character is in; None: in none."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """What was read from one page: its tables (table_no still 0), the lines outside them.

    ``struck`` are the characters left out because a line runs through them. ``loose`` tells whether
    text may stand in columns that no drawn rule parts: in a cell, or outside all of them.
    """

    tables: tuple[Table, ...]
    lines: tuple[str, ...]
    notes: tuple[ReaderNote, ...]
    struck: tuple[Char, ...] = ()
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a page's rules draw: lines that mark text, parted from the grids, and the page's ink.

    ``drawn`` are the grids without the edges of fills; where there is none, ``grids`` has others.
    """

    marks: TextMarks
    ink: list[Point]
    drawn: list[Grid]
    grids: list[Grid]


class Held(NamedTuple):
    """What each cell of a grid holds: its characters, those that are not read, its lines."""

    chars: Sequence[Sequence[Char]]
    lost: Sequence[Sequence[Char]]
    lines: Sequence[Sequence[TextLine]]


def ruling_of(page: PageRecord) -> Ruling:
    """Return what a page's rules draw."""
    marks, ink = split_marks(page.rules, page.chars, page.pens), ink_of(page.chars)
    drawn = drawn_grids(marks.rules, ink)
    return Ruling(marks, ink, drawn, drawn or build_grids(marks.rules, ink))


def read_page(
    page: PageRecord, undrawn: Sequence[Grid] = (), ruling: Ruling | None = None
) -> PageReading:
    """Return the tables of a page, top to bottom, and all other text as lines.

    ``undrawn`` are the grids of a page whose tables' rules are not drawn, ``ruling`` is the page's
    own where it is known.
    """
    ruling = ruling or ruling_of(page)
    marks = ruling.marks
    struck = list(chain.from_iterable(marks.struck))
    grids = list(undrawn) or _printed(ruling)
    placed, outside, moved = _place_chars(_without(page.chars, struck), grids)
    lost, _, _ = _place_chars(_left_out(page, struck), grids)
    beside, around = _split_beside(outside, grids)
    lines = chars_to_lines(around, WIDE)
    inside = [[chars_to_lines(chars) for chars in cells] for cells in placed]
    held = dict(zip(map(id, grids), map(Held, placed, lost, inside), strict=True))
    shelves = _shelves(grids)
    tables = [
        _table(page, grid, held[id(grid)], around)
        for shelf, around in zip(shelves, _lines_around(shelves, lines), strict=True)
        for grid in shelf
    ]
    notes = (
        *page_notes(page),
        *(_over_edge(page, run) for run in ([] if undrawn else moved)),
        *_grid_notes(page, grids, marks, chars_to_lines(beside, WIDE)),
    )
    texts = tuple(line.text for line in lines)
    loose = bool(beside) or not ruling.drawn or _is_loose(chain(*inside), lines)
    return PageReading(tuple(tables), texts, notes, tuple(struck), loose)


def _grid_notes(
    page: PageRecord, grids: Sequence[Grid], marks: TextMarks, beside: Sequence[TextLine]
) -> Iterator[ReaderNote]:
    """Yield notes on repaired cells, on text that a line runs through, and on text beside."""
    yield from (_repaired(page, grid, cell) for grid in grids for cell in grid.repaired)
    yield from (_struck(page, chars) for chars in marks.struck)
    yield from (_beside(page, line) for line in beside)


def _is_loose(inside: Iterable[Sequence[TextLine]], around: Iterable[TextLine]) -> bool:
    """Tell whether white may part a line of a cell in two, or one outside tables in columns."""
    in_cells = any(line.may_part(1) for lines in inside for line in lines)
    return in_cells or any(line.may_part(FEWEST_COLUMNS - 1) for line in around)


def _without(chars: Sequence[Char], struck: Sequence[Char]) -> list[Char]:
    if not struck:
        return list(chars)
    out = set(map(id, struck))
    return [char for char in chars if id(char) not in out]


def _left_out(page: PageRecord, struck: Sequence[Char]) -> list[Char]:
    """Return the characters that stood in cells and were not read, each with the reason."""
    reasons = ((Flaw.STRUCK, struck), (Flaw.COVERED, page.covered), (Flaw.MARKED, page.astray))
    return [char._replace(flaw=flaw) for flaw, chars in reasons for char in chars]


def ink_of(chars: Sequence[Char]) -> list[Point]:
    """Return the middles of the characters that show."""
    return [
        ((x0 + x1) / 2, (top + bottom) / 2)
        for text, x0, top, x1, bottom, _, _, _ in chars
        if not text.isspace()
    ]


def _over_edge(page: PageRecord, run: Sequence[Char]) -> ReaderNote:
    text = "".join(char.text for char in run)
    return reader_note("text_over_edge", text=text, page=page.number, box=box_of(run))


def _repaired(page: PageRecord, grid: Grid, cell: GridCell) -> ReaderNote:
    return reader_note("cell_repaired", page=page.number, box=_box(grid, cell))


def _struck(page: PageRecord, chars: Sequence[Char]) -> ReaderNote:
    return reader_note("struck_text.pdf", text=quoted(chars), page=page.number, box=box_of(chars))


def _beside(page: PageRecord, line: TextLine) -> ReaderNote:
    return reader_note(
        "text_beside_table",
        severity=Severity.INFO,
        text=line.text,
        page=page.number,
        box=line.box,
    )


def _printed(ruling: Ruling) -> list[Grid]:
    """Return the grids that hold any text."""
    return [grid for grid in ruling.grids if any(grid.holds(x, y) for x, y in ruling.ink)]


class CellFinder:
    """Finds the cell at a point of a grid by its bands."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.floor: dict[int, float] = {}  # how far the text of open cells reaches below the rules
        self.last, self.at_last = (0.0, 0.0, 0.0, 0.0), 0  # the cell found last
        self.owner: dict[tuple[int, int], int] = {}
        for index, cell in enumerate(grid.cells):
            for row in range(cell.row0, cell.row1):
                for column in range(cell.column0, cell.column1):
                    self.owner[row, column] = index

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the number of the cell at a point; None beside the grid."""
        x0, y0, x1, y1 = self.last
        if x0 <= x < x1 and y0 <= y < y1:
            return self.at_last
        xs, ys = self.grid.xs, self.grid.ys
        if not (xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]):
            return None
        row = min(bisect_right(ys, y), len(ys) - 1) - 1
        column = min(bisect_right(xs, x), len(xs) - 1) - 1
        found = self.owner[row, column]
        cell = self.grid.cells[found]
        self.last = xs[cell.column0], ys[cell.row0], xs[cell.column1], ys[cell.row1]
        self.at_last = found
        return found

    def cell_over_edge(self, char: Char) -> int | None:
        """Find the open cell at a page's end whose text continues beyond the end of its rules."""
        first, last = self.grid.ys[0], self.grid.ys[-1]
        if char.top < first < char.bottom:
            return self._open_cell(char, first + 1.0, top=True)
        if char.bottom <= last:
            return None
        found = self._open_cell(char, last - 1.0, top=False)
        if found is None or char.top > self.floor.get(found, last) + NEXT_LINE * char.size:
            return None
        self.floor[found] = max(char.bottom, self.floor.get(found, last))
        return found

    def _open_cell(self, char: Char, y: float, *, top: bool) -> int | None:
        index = self.cell_at(char.center_x, y)
        if index is None:
            return None
        cell = self.grid.cells[index]
        return index if (cell.open_top if top else cell.open_bottom) else None


def _place_chars(
    chars: Sequence[Char], grids: Sequence[Grid]
) -> tuple[list[list[list[Char]]], list[Char], list[list[Char]]]:
    """Put each character into the cell where its middle lies.

    A piece of text that runs over an edge goes as a whole to the cell that has most of it.
    Returns characters by grid and cell, the others, and the pieces that ran over an edge.
    """
    placed: list[list[list[Char]]] = [[[] for _ in grid.cells] for grid in grids]
    if not chars:
        return placed, [], []
    finders = [CellFinder(grid) for grid in grids]
    outside: list[Char] = []
    moved: list[list[Char]] = []
    for run in _runs(chars):
        places = [_place(char, finders) for char in run]
        place = places[0]
        if places.count(place) < len(places):
            ((place, _),) = Counter(places).most_common(1)
            moved.append(run)
        (outside if place is None else placed[place[0]][place[1]]).extend(run)
    return placed, outside, moved


def _place(char: Char, finders: Sequence[CellFinder]) -> Place:
    _, x0, top, x1, bottom, _, _, _ = char
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    for index, finder in enumerate(finders):
        cell = finder.cell_at(x, y)
        if cell is None:
            cell = finder.cell_over_edge(char)
        if cell is not None:
            return index, cell
    return None


def _runs(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Yield pieces of text: characters drawn one after the other without a gap, on one line."""
    run: list[Char] = []
    for char in chars:
        if run and not _touches(run[-1], char):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _touches(last: Char, char: Char) -> bool:
    text, x0, _, _, bottom, size, turn, _ = char
    before, _, _, end, foot, _, other_turn, _ = last
    near = TOUCHING * size
    if not (-near <= x0 - end <= near and -near <= bottom - foot <= near):
        return False
    return not (turn or other_turn or before.isspace() or text.isspace())


def _split_beside(outside: Sequence[Char], grids: Sequence[Grid]) -> tuple[list[Char], list[Char]]:
    """Part characters left and right of tables from those above and below all of them."""
    beside: list[Char] = []
    around: list[Char] = []
    for char in outside:
        level = any(grid.ys[0] < char.center_y < grid.ys[-1] for grid in grids)
        (beside if level else around).append(char)
    return beside, around


def _shelves(grids: Sequence[Grid]) -> list[list[Grid]]:
    """Group tables that stand side by side; shelves go down the page, tables across."""
    shelves: list[list[Grid]] = []
    floor = 0.0
    for grid in sorted(grids, key=lambda grid: grid.ys[0]):
        if shelves and grid.ys[0] < floor:
            shelves[-1].append(grid)
        else:
            shelves.append([grid])
        floor = max(floor, grid.ys[-1])
    return [sorted(shelf, key=lambda grid: grid.xs[0]) for shelf in shelves]


def _lines_around(
    shelves: Sequence[Sequence[Grid]], lines: Sequence[TextLine]
) -> list[tuple[list[str], list[str]]]:
    """Return for each shelf the lines above it and those below it, nearest first.

    Lines between two shelves are parted at the widest gap.
    """
    if not shelves:
        return []
    roofs = [min(grid.ys[0] for grid in shelf) for shelf in shelves]
    floors = [max(grid.ys[-1] for grid in shelf) for shelf in shelves]
    middles = [(line.box.top + line.box.bottom) / 2 for line in lines]

    def within(low: float, high: float) -> list[TextLine]:
        return [line for line, at in zip(lines, middles, strict=True) if low <= at < high]

    above, below = [within(-inf, roofs[0])], []
    for floor, roof in zip(floors, roofs[1:], strict=False):
        between = within(floor, roof)
        cut = _widest_gap(between, floor, roof)
        below.append(between[:cut])
        above.append(between[cut:])
    below.append(within(floors[-1], inf))
    return [
        ([line.text for line in reversed(over)], [line.text for line in under])
        for over, under in zip(above, below, strict=True)
    ]


def _widest_gap(lines: Sequence[TextLine], floor: float, roof: float) -> int:
    """Return before which line the widest gap between two shelves lies."""
    starts = [line.box.top for line in lines] + [roof]
    ends = [floor] + [line.box.bottom for line in lines]
    gaps = [start - end for start, end in zip(starts, ends, strict=True)]
    return gaps.index(max(gaps))


def _table(
    page: PageRecord,
    grid: Grid,
    held: Held,
    around: tuple[Sequence[str], Sequence[str]],
) -> Table:
    boxes = [_box(grid, cell) for cell in grid.cells]
    margin = padding(zip(boxes, held.lines, strict=True))
    texts = [
        lines_to_text(lines, box, margin) for box, lines in zip(boxes, held.lines, strict=True)
    ]
    over = crossed(grid.cells, boxes, held.lines)
    return Table(
        table_no=0,
        cells=tuple(
            _cell(page.number, box, cell, text, _seen(inside, gone, text, over.get(number)))
            for number, (cell, box, text, inside, gone) in enumerate(
                zip(grid.cells, boxes, texts, held.chars, held.lost, strict=True)
            )
        ),
        row_count=len(grid.ys) - 1,
        column_count=len(grid.xs) - 1,
        page=page.number,
        column_edges=grid.xs,
        page_size=(page.width, page.height),
        caption=tuple(around[0]),
        notes=tuple(around[1]),
    )


def _seen(
    chars: Sequence[Char], gone: Sequence[Char], text: str, crossing: Seen | None
) -> tuple[Seen, ...]:
    """Return what the characters of a cell show that its text may not say.

    What is struck out or covered is told where no other text is left: that is what is seen.
    """
    flawed: dict[Flaw, str] = {}
    over = [char._replace(flaw=Flaw.OVERPRINTED) for char in overprinted(chars)]
    for char in [char for char in (*chars, *gone, *over) if char.flaw]:
        if char.flaw and not (text and char.flaw in PASSED):
            flawed[char.flaw] = flawed.get(char.flaw, "") + char.text
    seen = (Seen(flaw.value, text) for flaw, text in flawed.items())
    return (*seen, crossing) if crossing else tuple(seen)


def _cell(page: int, box: Box, cell: GridCell, text: str, seen: tuple[Seen, ...]) -> Cell:
    return Cell(
        row=cell.row0 + 1,
        column=cell.column0 + 1,
        text=text,
        row_span=cell.row1 - cell.row0,
        column_span=cell.column1 - cell.column0,
        page=page,
        box=box,
        open_top=cell.open_top,
        open_bottom=cell.open_bottom,
        undrawn=cell.doubt,
        seen=seen,
    )


def _box(grid: Grid, cell: GridCell) -> Box:
    return Box(grid.xs[cell.column0], grid.ys[cell.row0], grid.xs[cell.column1], grid.ys[cell.row1])
