"""Texts that run over the rule below them: what stands beyond it may be their rest.

A browser that parts a cell at a page's end may print its rest over the cells that follow.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.page.grid import GridCell
from extract.page.lines import TextLine
from schemas.records.document import Box, Seen

CROSSING = 0.15
"""A line that reaches beyond its cell by more (in its heights) runs over the rule: of 28,000 cells
of 56 printed notices 7 do, and nothing stands close below these."""
NEXT_LINE = 1.0
"""What stands closer below a line (in its heights) may be the next line of the same text."""


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
