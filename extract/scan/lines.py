"""Lines of print in a picture: found cell by cell, and outside tables strip by strip.

Places are in pixels of the upright picture until a line is returned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import cv2
import numpy as np

from extract.page.grid import Grid, GridCell
from extract.scan.picture import PagePicture, Pixels

SPECK = 0.45
"""A spot of ink smaller than this (points) both ways is dirt, unless it stands in a line."""
INSET = 0.6
"""A margin this wide (points) along a cell's rules is left out."""
WIDE_GAP = 2.0
"""A gap wider than this many heights of the line parts it into two."""
USUAL_HEIGHT = 9.0
"""Height (points) of a line of print where a page has too few to tell."""
SLIVER = 0.45
"""A line along a rule lower than this part of the usual height is what is left of a cut line."""
DOUBLE = 1.7
"""A line higher than this many usual heights is several that touch."""
LOW = 0.55
"""A line lower than this part of the usual height may be a piece of its neighbour (二, 三)."""


class Region(NamedTuple):
    """A part of the picture, in pixels (half-open)."""

    x0: int
    top: int
    x1: int
    bottom: int

    @property
    def height(self) -> int:
        """Return the height in pixels."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PrintLine:
    """One line of print: where its ink is, the part of the picture it may use, and its cell.

    ``cell`` is the grid and cell it stands in (None: outside tables). ``cut``: the line is cut by
    the page's or the cell's edge so that only a sliver shows.
    """

    ink: Region
    room: Region
    cell: tuple[int, int] | None
    cut: bool = False


def find_lines(picture: PagePicture, rules: Pixels, grids: Sequence[Grid]) -> list[PrintLine]:
    """Return all lines of print of a page, cell by cell and then around the tables."""
    print_only = without_rules(picture.faint_ink, rules, picture.scale)
    lines: list[PrintLine] = []
    outside = print_only.copy()
    for number, grid in enumerate(grids):
        box = _pixels(picture, (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1]), -2.0)
        outside[box.top : box.bottom, box.x0 : box.x1] = 0
        for index, cell in enumerate(grid.cells):
            region = cell_region(picture, grid, cell)
            lines.extend(_lines_in(print_only, region, (number, index), picture.scale))
    whole = Region(0, 0, outside.shape[1], outside.shape[0])
    lines.extend(_lines_in(outside, whole, None, picture.scale))
    return _finished(lines, print_only, picture.scale)


def without_rules(ink: Pixels, rules: Pixels, scale: float) -> Pixels:
    """Return the ink without rules and without specks of dirt."""
    around = cv2.dilate(rules, np.ones((3, 3), np.uint8))
    left = cv2.subtract(ink, around)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(left, connectivity=8)
    large = np.max(stats[:, 2:4], axis=1) >= max(2.0, SPECK * scale)
    large[0] = False
    kept: Pixels = large.astype(np.uint8)[labels]
    return kept


def cell_region(picture: PagePicture, grid: Grid, cell: GridCell) -> Region:
    """Return the inside of a cell."""
    box = (
        grid.xs[cell.column0],
        grid.ys[cell.row0],
        grid.xs[cell.column1],
        grid.ys[cell.row1],
    )
    return _pixels(picture, box, INSET)


def _pixels(picture: PagePicture, box: tuple[float, float, float, float], inset: float) -> Region:
    height, width = picture.grey.shape
    x0, top, x1, bottom = (value * picture.scale for value in box)
    edge = inset * picture.scale
    return Region(
        max(0, round(x0 + edge)),
        max(0, round(top + edge)),
        min(width, round(x1 - edge)),
        min(height, round(bottom - edge)),
    )


def _lines_in(
    ink: Pixels, region: Region, cell: tuple[int, int] | None, scale: float
) -> Iterator[PrintLine]:
    """Yield the runs of rows of a region that hold ink."""
    part = ink[region.top : region.bottom, region.x0 : region.x1]
    if not part.any():
        return
    for low, high in spans_of(part.any(axis=1)):
        columns = np.nonzero(part[low:high].any(axis=0))[0]
        x0, x1 = int(columns[0]), int(columns[-1]) + 1
        found = Region(region.x0 + x0, region.top + low, region.x0 + x1, region.top + high)
        yield PrintLine(found, region, cell)


def spans_of(filled: Any) -> list[tuple[int, int]]:
    """Return the runs of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    return [(int(low), int(high)) for low, high in zip(edges[::2], edges[1::2], strict=True)]


def _finished(lines: Sequence[PrintLine], ink: Pixels, scale: float) -> list[PrintLine]:
    """Join what is one line, part what is several, and give each line its room."""
    usual = usual_height(lines, scale)
    finished: list[PrintLine] = []
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or lines[end].cell != lines[start].cell or lines[end].cell is None:
            block = lines[start:end]
            parted = [part for line in _joined(block, usual) for part in _parted(line, ink, usual)]
            finished.extend(_with_room(parted, usual))
            start = end
    return [piece for line in finished for piece in _at_gaps(line, ink, usual)]


def usual_height(lines: Sequence[PrintLine], scale: float) -> float:
    """Return the height (pixels) of a line of words in tables; most digits are lower."""
    heights = sorted(
        line.ink.height
        for line in lines
        if line.cell is not None and line.ink.height >= 0.5 * USUAL_HEIGHT * scale
    )
    enough = len(heights) > 5
    return float(heights[len(heights) * 3 // 4]) if enough else USUAL_HEIGHT * scale


def _joined(lines: Sequence[PrintLine], usual: float) -> list[PrintLine]:
    """Put low pieces one above the other together: 二 is one line, not two."""
    joined: list[PrintLine] = []
    for line in lines:
        if joined:
            last = joined[-1]
            both = _around(last.ink, line.ink)
            low = min(last.ink.height, line.ink.height) < LOW * usual
            near = line.ink.top - last.ink.bottom < 0.4 * usual
            if low and near and both.height <= 1.15 * usual and _overlap(last.ink, line.ink):
                joined[-1] = PrintLine(both, last.room, last.cell)
                continue
        joined.append(line)
    return joined


def _overlap(one: Region, other: Region) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1


def _around(one: Region, other: Region) -> Region:
    return Region(
        min(one.x0, other.x0),
        min(one.top, other.top),
        max(one.x1, other.x1),
        max(one.bottom, other.bottom),
    )


def _parted(line: PrintLine, ink: Pixels, usual: float) -> list[PrintLine]:
    """Part a run of rows too high for one line at its emptiest rows."""
    if line.cell is None or line.ink.height < DOUBLE * usual:
        return [line]
    box = line.ink
    filled = ink[box.top : box.bottom, box.x0 : box.x1].sum(axis=1, dtype=np.int64)
    count = max(2, round(box.height / (1.2 * usual)))
    cuts = [0]
    for number in range(1, count):
        middle = round(number * box.height / count)
        reach = max(1, round(0.35 * usual))
        window = filled[middle - reach : middle + reach]
        cuts.append(middle - reach + int(window.argmin()))
    cuts.append(box.height)
    return [
        PrintLine(Region(box.x0, box.top + low, box.x1, box.top + high), line.room, line.cell)
        for low, high in pairwise(cuts)
        if high > low
    ]


def _with_room(lines: Sequence[PrintLine], usual: float) -> Iterator[PrintLine]:
    """Give each line the rows up to the middle between it and its neighbours."""
    for index, line in enumerate(lines):
        room = line.room
        top = (lines[index - 1].ink.bottom + line.ink.top) // 2 if index else room.top
        below = lines[index + 1] if index + 1 < len(lines) else None
        bottom = (line.ink.bottom + below.ink.top + 1) // 2 if below else room.bottom
        at_edge = line.ink.top <= room.top + 1 or line.ink.bottom >= room.bottom - 1
        cut = line.cell is not None and at_edge and line.ink.height < SLIVER * usual
        yield PrintLine(line.ink, Region(room.x0, top, room.x1, bottom), line.cell, cut)


def _at_gaps(line: PrintLine, ink: Pixels, usual: float) -> Iterator[PrintLine]:
    """Part a line at wide gaps, so that each piece is one piece of text."""
    box = line.ink
    part = ink[box.top : box.bottom, box.x0 : box.x1]
    gap = WIDE_GAP * max(usual, box.height if line.cell is None else 0)
    runs: list[list[int]] = []
    for low, high in spans_of(part.any(axis=0)):
        if runs and low - runs[-1][1] <= gap:
            runs[-1][1] = high
        else:
            runs.append([low, high])
    for number, (low, high) in enumerate(runs):
        rows = np.nonzero(part[:, low:high].any(axis=1))[0]
        found = Region(
            box.x0 + low, box.top + int(rows[0]), box.x0 + high, box.top + int(rows[-1]) + 1
        )
        left = (box.x0 + (runs[number - 1][1] + low) // 2) if number else line.room.x0
        right = (
            box.x0 + (high + runs[number + 1][0]) // 2 if number + 1 < len(runs) else line.room.x1
        )
        room = Region(left, line.room.top, right, line.room.bottom)
        yield PrintLine(found, room, line.cell, line.cut)
