"""Texts that run over the rule below or above them: what is beyond it may be their rest.

Some programs print such a rest over the text of the next cell, others hide it at the rule.

A browser that parts a cell at a page's end may print its rest over the cells that follow. What was
drawn right after a text, a line lower at its edge, is its next line, wherever it lies.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from math import inf
from typing import NamedTuple

from extract.page.grid import Grid, GridCell
from extract.page.lines import TextLine, chars_to_lines
from extract.page.page import Char
from schemas.records.document import Box, Seen

CROSSING = 0.15
"""A line that reaches beyond its cell by more (in its heights) runs over the rule: of 28,000 cells
of 56 printed notices 7 do, and nothing stands close below these."""
NEXT_LINE = 1.0
"""What stands closer below a line (in its heights) may be the next line of the same text."""
ROOM = 0.99
"""A cell lower than this part of what its lines take, each a step from the next, was not made as
high as its text: of 3,900 cells of several lines in 190 tables whose rows are none is, in 23 with
rows of a fixed height 245 are, from 0.67 to 0.98."""
WORD = 2.0
"""A last line shorter than the widest by less (in sizes of type) may have had no room for the next
word: a number with its unit, which no program parts, takes as much."""
EVEN = 0.1
"""Edges and distances of lines that differ by less (in sizes of type) are the same."""
ROW_BY_ROW = 4
"""A page is drawn row by row where so many times as many texts are followed by one in their row
as by one in the cell below them."""

Place = tuple[int, int] | None
"""Which grid and which of its cells a piece of text is in; None: in none."""


def crossed(
    cells: Sequence[GridCell],
    boxes: Sequence[Box],
    lines: Sequence[Sequence[TextLine]],
    over: Sequence[Sequence[Char]],
) -> dict[int, Seen]:
    """Return what may be wrong with cells, by number: a text runs from the one into the other.

    ``over`` are each cell's characters that are printed over one another: what stands close to them
    beyond the rule may be the rest of the one or of the other text.
    """
    leaving = _leaving(boxes, lines, over)
    return {
        one: Seen("crossed", lines[other][line].text)
        for upper, lower in (_above_one_another(cells, lines) if any(leaving) else ())
        if (upper in leaving.down or lower in leaving.up)
        and _follows(lines[upper][-1], lines[lower][0])
        for one, other, line in ((upper, lower, 0), (lower, upper, -1))
    }


class _Leaving(NamedTuple):
    """The numbers of cells whose text may go on beyond the rule below them, and above them."""

    down: set[int]
    up: set[int]


def _leaving(
    boxes: Sequence[Box], lines: Sequence[Sequence[TextLine]], over: Sequence[Sequence[Char]]
) -> _Leaving:
    found = _Leaving(set(), set())
    for number, (box, shown, double) in enumerate(zip(boxes, lines, over, strict=True)):
        if shown and (_runs_over(shown[-1], box) or _is_printed_over(shown[-1], double)):
            found.down.add(number)
        if shown and _is_printed_over(shown[0], double):
            found.up.add(number)
    return found


def _above_one_another(
    cells: Sequence[GridCell], lines: Sequence[Sequence[TextLine]]
) -> Iterator[tuple[int, int]]:
    """Yield the numbers of cells with text and of those with text whose row begins below them."""
    starts: dict[int, list[int]] = {}
    for number, cell in enumerate(cells):
        if lines[number]:
            starts.setdefault(cell.row0, []).append(number)
    for upper, cell in enumerate(cells):
        if lines[upper] and not cell.open_bottom:
            yield from ((upper, lower) for lower in starts.get(cell.row1, ()))


def _runs_over(line: TextLine, box: Box) -> bool:
    return line.box.bottom - box.bottom > CROSSING * (line.box.bottom - line.box.top)


def _is_printed_over(line: TextLine, over: Sequence[Char]) -> bool:
    return any(line.box.top < char.center_y < line.box.bottom for char in over)


def _follows(line: TextLine, below: TextLine) -> bool:
    """Tell whether one line stands close under another, where both have a part of their width."""
    common = min(line.box.x1, below.box.x1) - max(line.box.x0, below.box.x0)
    gap, high = below.box.top - line.box.bottom, line.box.bottom - line.box.top
    return common > 0 and gap < NEXT_LINE * high


def hidden_lines(
    cells: Sequence[GridCell],
    boxes: Sequence[Box],
    lines: Sequence[Sequence[TextLine]],
    hidden: Sequence[Sequence[Char]],
) -> dict[int, Seen]:
    """Return what rows that are too low hide of cells' texts, by number.

    ``hidden`` are pieces of text of which nothing shows, as they are drawn. Beyond the table's end
    and over its first row they are no loss: a spreadsheet program draws a text on each page that
    its cell touches, and hides what another page shows.
    """
    under = sorted(_under_first_row(hidden, cells, boxes), key=_middle)
    usual = _usual_step(lines, hidden) if under else 0.0
    found: dict[int, Seen] = {}
    for number, box in enumerate(boxes if under else ()):
        first, last = (bisect_left(under, side, key=_middle) for side in (box.x0, box.x1))
        if lost := _lost(lines[number], under[first:last], usual):
            text = "\n".join(line.text for line in chars_to_lines(lost))
            found[number] = Seen("clipped", text)
    return found


def _under_first_row(
    pieces: Sequence[Sequence[Char]], cells: Sequence[GridCell], boxes: Sequence[Box]
) -> Iterator[Sequence[Char]]:
    if pieces:
        tops = [box for cell, box in zip(cells, boxes, strict=True) if not cell.row0]
        yield from (piece for piece in pieces if any(_is_under(piece, box) for box in tops))


def _is_under(piece: Sequence[Char], box: Box) -> bool:
    return box.x0 < _middle(piece) < box.x1 and piece[0].center_y > box.bottom


def _middle(piece: Sequence[Char]) -> float:
    return (piece[0].x0 + piece[-1].x1) / 2


def _usual_step(lines: Sequence[Sequence[TextLine]], hidden: Sequence[Sequence[Char]]) -> float:
    """Return how far lines of one text lie apart, in sizes of their type; 0 where none does."""
    both = (pair for shown in lines for pair in pairwise(shown))
    steps = Counter(
        round((lower - upper) / size, 2)
        for upper, lower, size in (
            *((one.box.top, other.box.top, one.size) for one, other in both),
            *((one[0].top, other[0].top, one[0].size) for one, other in pairwise(hidden)),
        )
        if size and 1 - EVEN < (lower - upper) / size < 1 + NEXT_LINE
    )
    return max(steps, key=lambda step: steps[step], default=0.0)


def _lost(shown: Sequence[TextLine], hidden: Sequence[Sequence[Char]], usual: float) -> list[Char]:
    """Return the hidden characters above and below the lines that a cell shows, of the same text.

    The lines of one text lie evenly one under the other; those of the next cell's do not.
    """
    if not shown or not hidden:
        return []
    first, *others = (line.box.top for line in shown)
    step = others[0] - first if others else usual * shown[0].size
    return _evenly(shown, hidden, step) if step > 0 else []


def _evenly(shown: Sequence[TextLine], hidden: Sequence[Sequence[Char]], step: float) -> list[Char]:
    """Return the hidden characters of lines that lie so far apart above and below the shown."""
    found: list[Char] = []
    for edge, way in ((shown[0], -step), (shown[-1], step)):
        at = edge.box.top + way
        while line := [each for each in hidden if abs(each[0].top - at) < EVEN * edge.size]:
            found += chain.from_iterable(line)
            at += way
    return found


def filled(
    cells: Sequence[GridCell], boxes: Sequence[Box], lines: Sequence[Sequence[TextLine]]
) -> dict[int, Seen]:
    """Return the cells, by number, that are too low for the lines they show, the last as wide.

    Programs that print rows of a fixed height leave out the lines that have no room. Where one cell
    is too low, so may be those without room for another line. The last row of a page is counted
    only where its text reaches the rule: a row may be parted under a line.
    """
    ends = max(cell.row1 for cell in cells)
    full = {
        number: _room(shown, box)
        for number, (cell, box, shown) in enumerate(zip(cells, boxes, lines, strict=True))
        if _may_go_on(shown) and (cell.row1 < ends or shown[-1].box.bottom > box.bottom)
    }
    is_low = any(room < ROOM * len(lines[number]) for number, room in full.items())
    without = (number for number, room in full.items() if room < len(lines[number]) + 1)
    return {number: Seen("filled", "") for number in without if is_low}


def _room(shown: Sequence[TextLine], box: Box) -> float:
    """Return how many lines a cell has room for."""
    step = min(lower.box.top - upper.box.top for upper, lower in pairwise(shown))
    return (box.bottom - box.top) / step if step > 0 else inf


def _may_go_on(shown: Sequence[TextLine]) -> bool:
    """Tell whether several lines end with one so wide that the next word may have had no room."""
    if len(shown) < 2:
        return False
    widest, last = max(map(_width, shown)), shown[-1]
    upright = widest < 2 * last.size
    return widest - _width(last) < WORD * last.size and not upright


def _width(line: TextLine) -> float:
    return line.box.x1 - line.box.x0


def with_hanging_lines(
    runs: Sequence[Sequence[Char]], places: Sequence[Place], grids: Sequence[Grid]
) -> list[Place]:
    """Return where pieces of text belong, in the order in which they are drawn.

    A line in the cell below that goes on evenly where the text before it ends belongs to that text
    on a page drawn row by row, if what the lower cell holds would be drawn later, or further left.
    """
    found = list(places)
    page = _Drawing(runs, places, grids)
    text = 0  # where the pieces of the text at hand begin
    for at in range(1, len(runs)):
        if found[at] == found[text]:
            continue
        if page.is_out_of_turn(found[text], found[at]) and page.goes_on(text, at):
            found[at] = found[text]
        else:
            text = at
    return found


@dataclass(frozen=True)
class _Drawing:
    """The pieces of text of a page as they are drawn, and where they lie."""

    runs: Sequence[Sequence[Char]]
    places: Sequence[Place]
    grids: Sequence[Grid]

    def is_out_of_turn(self, one: Place, other: Place) -> bool:
        """Tell whether what is drawn right after a text is not what the cell under it holds.

        That would be drawn after the texts of cells between both, or begin at its cell's edge.
        """
        pair = self._cells(one, other)
        if one is None or pair is None or not _is_below(*pair):
            return False
        upper, lower = pair
        turns = self._turns[one[0]]
        between = bisect_left(turns, _turn(lower)) - bisect_right(turns, _turn(upper))
        return (between > 0 or lower.column0 < upper.column0) and self._is_by_rows

    def goes_on(self, first: int, at: int) -> bool:
        """Tell whether a piece is the next line of the text whose pieces begin at the first."""
        *before, last = (run[0] for run in self.runs[first : at + 1])
        even = EVEN * last.size
        lines = [char for char in before if abs(char.x0 - last.x0) < even]
        if not lines or max(char.top for char in before) > lines[-1].top + even:
            return False
        usual = self._usual_step * last.size
        step = lines[-1].top - lines[-2].top if len(lines) > 1 else usual
        same = abs(lines[-1].size - last.size) < even
        return same and step > 0 and abs(last.top - lines[-1].top - step) < even

    def _cells(self, one: Place, other: Place) -> tuple[GridCell, GridCell] | None:
        """Return the cells at two places; None where they are not two cells of one grid."""
        if one is None or other is None or one == other or one[0] != other[0]:
            return None
        cells = self.grids[one[0]].cells
        return cells[one[1]], cells[other[1]]

    @cached_property
    def _is_by_rows(self) -> bool:
        found = (self._cells(one, other) for one, other in pairwise(self.places))
        pairs = [pair for pair in found if pair is not None]
        beside = sum(one.row0 < other.row1 and other.row0 < one.row1 for one, other in pairs)
        return beside > ROW_BY_ROW * sum(_is_below(*pair) for pair in pairs)

    @cached_property
    def _usual_step(self) -> float:
        """How far lines of one text lie apart on most of the page, in sizes of their type."""
        drawn = zip(self.runs, self.places, strict=True)
        steps = Counter(
            round((other[0].top - one[0].top) / one[0].size, 2)
            for (one, at), (other, beyond) in pairwise(drawn)
            if at is not None and at == beyond and other[0].top > one[0].top and one[0].size
        )
        return max(steps, key=lambda step: steps[step], default=0.0)

    @cached_property
    def _turns(self) -> list[list[tuple[int, int]]]:
        """Where the cells of each grid that hold text begin, as rows are drawn."""
        held = {place for place in self.places if place is not None}
        return [
            sorted(_turn(grid.cells[cell]) for at, cell in held if at == number)
            for number, grid in enumerate(self.grids)
        ]


def _is_below(upper: GridCell, lower: GridCell) -> bool:
    """Tell whether a cell stands right under another one."""
    if upper.row1 != lower.row0:
        return False
    return lower.column0 < upper.column1 and upper.column0 < lower.column1


def _turn(cell: GridCell) -> tuple[int, int]:
    return cell.row0, cell.column0
