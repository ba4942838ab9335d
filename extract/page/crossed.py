"""Texts that run over the rule below them: what stands beyond it may be their rest.

A browser that parts a cell at a page's end may print its rest over the cells that follow. What was
drawn right after a text, a line lower at its edge, is its next line, wherever it lies.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from extract.page.grid import Grid, GridCell
from extract.page.lines import TextLine
from extract.page.page import Char
from schemas.records.document import Box, Seen

CROSSING = 0.15
"""A line that reaches beyond its cell by more (in its heights) runs over the rule: of 28,000 cells
of 56 printed notices 7 do, and nothing stands close below these."""
NEXT_LINE = 1.0
"""What stands closer below a line (in its heights) may be the next line of the same text."""
EVEN = 0.1
"""Edges and distances of lines that differ by less (in sizes of type) are the same."""
ROW_BY_ROW = 4
"""A page is drawn row by row where so many times as many texts are followed by one in their row
as by one in the cell below them."""

Place = tuple[int, int] | None
"""Which grid and which of its cells a piece of text is in; None: in none."""


def crossed(
    cells: Sequence[GridCell], boxes: Sequence[Box], lines: Sequence[Sequence[TextLine]]
) -> dict[int, Seen]:
    """Return what may be wrong with cells, by number: a text runs from the one into the other."""
    starts: dict[int, list[int]] = {}
    for number, cell in enumerate(cells):
        if lines[number]:
            starts.setdefault(cell.row0, []).append(number)
    return {
        one: Seen("crossed", lines[other][line].text)
        for upper, cell in enumerate(cells)
        if lines[upper] and not cell.open_bottom and _runs_over(lines[upper][-1], boxes[upper])
        for lower in starts.get(cell.row1, ())
        if _follows(lines[upper][-1], lines[lower][0])
        for one, other, line in ((upper, lower, 0), (lower, upper, -1))
    }


def _runs_over(line: TextLine, box: Box) -> bool:
    return line.box.bottom - box.bottom > CROSSING * (line.box.bottom - line.box.top)


def _follows(line: TextLine, below: TextLine) -> bool:
    """Tell whether one line stands close under another, where both have a part of their width."""
    common = min(line.box.x1, below.box.x1) - max(line.box.x0, below.box.x0)
    gap = below.box.top - line.box.bottom
    return common > 0 and gap < NEXT_LINE * (line.box.bottom - line.box.top)


def with_hanging_lines(
    runs: Sequence[Sequence[Char]], places: Sequence[Place], grids: Sequence[Grid]
) -> list[Place]:
    """Return where pieces of text belong, in the order in which they are drawn.

    A line in the cell below that goes on evenly where the text before it ends belongs to that text
    on a page drawn row by row, if what the lower cell holds would be drawn later, or further left.
    """
    found = list(places)
    if not _is_drawn_by_rows(found, grids):
        return found
    usual = _usual_step(runs, found)
    written = [_turns(number, grid, found) for number, grid in enumerate(grids)]
    text = 0  # where the pieces of the text at hand begin
    for at in range(1, len(runs)):
        below = _is_out_of_turn(found[text], found[at], grids, written)
        if below and _goes_on([run[0] for run in runs[text : at + 1]], usual):
            found[at] = found[text]
        elif found[at] != found[text]:
            text = at
    return found


def _is_drawn_by_rows(places: Sequence[Place], grids: Sequence[Grid]) -> bool:
    beside = below = 0
    for one, other in pairwise(places):
        if one is None or other is None or one == other or one[0] != other[0]:
            continue
        cells = grids[one[0]].cells
        beside += (
            cells[one[1]].row0 < cells[other[1]].row1 and cells[other[1]].row0 < cells[one[1]].row1
        )
        below += _is_below(one, other, grids)
    return beside > ROW_BY_ROW * below


def _is_below(one: Place, other: Place, grids: Sequence[Grid]) -> bool:
    """Tell whether a place is a cell right under another one."""
    if one is None or other is None or one[0] != other[0]:
        return False
    upper, lower = (grids[grid].cells[cell] for grid, cell in (one, other))
    shared = lower.column0 < upper.column1 and upper.column0 < lower.column1
    return shared and upper.row1 == lower.row0


def _turns(number: int, grid: Grid, places: Sequence[Place]) -> list[tuple[int, int]]:
    """Return where the cells of a grid that hold text begin, as rows are drawn."""
    cells = {place[1] for place in places if place is not None and place[0] == number}
    return sorted(_turn(grid.cells[cell]) for cell in cells)


def _turn(cell: GridCell) -> tuple[int, int]:
    return cell.row0, cell.column0


def _is_out_of_turn(
    one: Place, other: Place, grids: Sequence[Grid], written: Sequence[Sequence[tuple[int, int]]]
) -> bool:
    """Tell whether what is drawn right after a text is not what the cell under it holds.

    That would be drawn after the texts of cells between both, or begin at the edge of its cell.
    """
    if one is None or other is None or not _is_below(one, other, grids):
        return False
    upper, lower = (grids[grid].cells[cell] for grid, cell in (one, other))
    turns = written[one[0]]
    between = bisect_left(turns, _turn(lower)) - bisect_right(turns, _turn(upper))
    return between > 0 or lower.column0 < upper.column0


def _usual_step(runs: Sequence[Sequence[Char]], places: Sequence[Place]) -> float:
    """Return how far lines of one text lie apart on most of a page, in sizes of their type."""
    steps = Counter(
        round((other[0].top - one[0].top) / one[0].size, 2)
        for (one, at), (other, beyond) in pairwise(zip(runs, places, strict=True))
        if at is not None and at == beyond and other[0].top > one[0].top and one[0].size
    )
    return max(steps, key=lambda step: steps[step], default=0.0)


def _goes_on(starts: Sequence[Char], usual: float) -> bool:
    """Tell whether the last piece is the next line of the text that those before it are of.

    ``starts``: the first character of each; it lies as far down as the text's own lines do.
    """
    *before, last = starts
    even = EVEN * last.size
    lines = [char for char in before if abs(char.x0 - last.x0) < even]
    if not lines or max(char.top for char in before) > lines[-1].top + even:
        return False
    step = lines[-1].top - lines[-2].top if len(lines) > 1 else usual * last.size
    same = abs(lines[-1].size - last.size) < even
    return same and step > 0 and abs(last.top - lines[-1].top - step) < even
