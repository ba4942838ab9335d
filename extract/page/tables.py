"""One page record becomes tables of cells, lines around them, and notes on what fits nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import NamedTuple

from extract.notes import reader_note
from extract.page.crossed import crossed, filled, hidden_lines
from extract.page.grid import Grid, GridCell, Point, build_grids, drawn_grids
from extract.page.lines import TextLine, box_of, chars_to_lines, lines_to_text, padding
from extract.page.marks import TextMarks, split_marks
from extract.page.notes import page_notes, quoted
from extract.page.page import Char, Flaw, PageRecord
from extract.page.placing import hidden_pieces, place_chars
from extract.page.repeats import overprinted
from schemas.records.document import Box, Cell, ReaderNote, Seen, Table
from schemas.vocabulary import Severity

PASSED = (Flaw.STRUCK, Flaw.COVERED)
FEWEST_COLUMNS = 3
"""A table without full rules has at least so many columns."""
WIDE = 1.0
"""Outside tables a gap wider than this (in sizes) parts two pieces of text."""


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
    placed, outside, moved = place_chars(_without(page.chars, struck), grids)
    lost, _, _ = place_chars(_left_out(page, struck), grids)
    beside, around = _split_beside(outside, grids)
    lines = chars_to_lines(around, WIDE)
    inside = [[chars_to_lines(chars) for chars in cells] for cells in placed]
    held = dict(zip(map(id, grids), map(Held, placed, lost, inside), strict=True))
    shelves, hidden = _shelves(grids), hidden_pieces(page)
    tables = [
        _table(page, grid, held[id(grid)], hidden, around, ruled=not undrawn)
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
    hidden: Sequence[Sequence[Char]],
    around: tuple[Sequence[str], Sequence[str]],
    *,
    ruled: bool,
) -> Table:
    boxes = [_box(grid, cell) for cell in grid.cells]
    margin = padding(zip(boxes, held.lines, strict=True))
    texts = [
        lines_to_text(lines, box, margin) for box, lines in zip(boxes, held.lines, strict=True)
    ]
    over = [_over(chars) for chars in held.chars]
    beyond = (
        crossed(grid.cells, boxes, held.lines, over),
        hidden_lines(grid.cells, boxes, held.lines, hidden),
        filled(grid.cells, boxes, held.lines) if ruled else {},
    )
    return Table(
        table_no=0,
        cells=tuple(
            _cell(
                page.number,
                box,
                cell,
                text,
                _seen(shown, text, [seen[number] for seen in beyond if number in seen]),
            )
            for number, (cell, box, text, *shown) in enumerate(
                zip(grid.cells, boxes, texts, held.chars, held.lost, over, strict=True)
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


def _over(chars: Sequence[Char]) -> list[Char]:
    return [char._replace(flaw=Flaw.OVERPRINTED) for char in overprinted(chars)]


def _seen(shown: Iterable[Sequence[Char]], text: str, beyond: Sequence[Seen]) -> tuple[Seen, ...]:
    """Return what the characters of a cell show that its text may not say.

    ``shown`` are its characters, those that are not read and those over one another. What is struck
    out or covered is told where no other text is left: that is what is seen.
    """
    flawed: dict[Flaw, str] = {}
    for char in [char for char in chain(*shown) if char.flaw]:
        if char.flaw and not (text and char.flaw in PASSED):
            flawed[char.flaw] = flawed.get(char.flaw, "") + char.text
    return (*(Seen(flaw.value, text) for flaw, text in flawed.items()), *beyond)


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
