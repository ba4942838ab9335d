"""Levels become rows where the order of drawing does not tell: the cutting that fits best.

Each row has a price, by how its cells are aligned and what is drawn within it; the cheapest way
of cutting all levels into rows is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from extract.aligned.columns import Columns
from extract.aligned.evidence import Evidence
from extract.aligned.pieces import Level, Piece

ROW = 1.0
"""A row more is worth this much: of two cuttings that fit alike the finer is right."""
MISSING = 0.5
"""A column without text in a row costs this much, less where most of its rows have none."""
UNALIGNED, MOST_UNALIGNED = 1.0, 1.0
"""A cell that lies off its row's middle or top costs this for each size, but not more."""
WIDE_GAP, FAR = 2.2, 1.5
"""Two lines of one cell that lie farther apart (sizes) than this cost so much."""
ACROSS_EDGE = 4.0
"""A row with a drawn edge within it that parts a column's text costs this much."""
OVER_SPAN = 3.0
"""So does a piece over several columns in one row with pieces under it."""
MOST_LEVELS = 45

Segment = tuple[int, int]
Reach = tuple[int, int]
Blocks = dict[Reach, list[Piece]]
"""Lines from top to bottom by the columns (half-open) they stand over."""


def find_rows(levels: Sequence[Level], columns: Columns, evidence: Evidence) -> list[Segment]:
    """Return the rows as half-open ranges of levels."""
    cutter = _Cutter(levels, columns, evidence)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(levels) + 1):
        starts = range(max(0, end - MOST_LEVELS), end)
        best.append(min((best[start][0] + cutter.cost(start, end), start) for start in starts))
    rows: list[Segment] = []
    end = len(levels)
    while end:
        start = best[end][1]
        rows.append((start, end))
        end = start
    return rows[::-1]


class _Cutter:
    """Tells what it costs to take some levels for one row."""

    def __init__(self, levels: Sequence[Level], columns: Columns, evidence: Evidence) -> None:
        self.levels = levels
        self.evidence = evidence
        self.columns = columns
        self.places = [[(p, columns.over(p)) for p in level.pieces] for level in levels]
        self.count = len(columns.bands)
        filled = [0] * self.count
        for level in self.places:
            for _, (first, last) in level:
                for column in range(first, last):
                    filled[column] += 1
        usual = max(1.0, float(median(sorted(filled)[self.count // 2 :])))
        self.weights = [min(1.0, number / usual) for number in filled]

    def cost(self, start: int, end: int) -> float:
        blocks = _blocks(self.places[start:end])
        covered = {c for (first, last) in blocks for c in range(first, last)}
        missing = sum(MISSING * self.weights[c] for c in range(self.count) if c not in covered)
        crowded = sum(map(len, (range(*reach) for reach in blocks))) - len(covered)
        cost = -ROW + missing + OVER_SPAN * (crowded > 0) + self._unaligned(blocks)
        return cost + self._within(blocks)

    def _unaligned(self, blocks: Blocks) -> float:
        """Return how far the cells lie off their common middle, or off their common top."""
        if len(blocks) < 2:
            return 0.0
        tops, middles = [], []
        for (first, _), lines in blocks.items():
            top, end = lines[0].middle, lines[-1].middle
            tops.append((self.weights[first], top))
            middles.append((self.weights[first], (top + end) / 2))
        size = next(iter(blocks.values()))[0].size
        return min(_spread(tops, size), _spread(middles, size))

    def _within(self, blocks: Blocks) -> float:
        """Return what speaks against the lines in each column being one cell."""
        cost = 0.0
        for (first, last), lines in blocks.items():
            for above, below in pairwise(lines):
                if below.middle - above.middle < 0.2 * above.size:
                    continue
                x0, x1 = self.columns.edges[first], self.columns.edges[last]
                if self.evidence.between(above.middle, below.middle, x0, x1):
                    cost += ACROSS_EDGE
                if below.middle - above.middle > WIDE_GAP * above.size:
                    cost += FAR
        return cost


def _blocks(levels: Sequence[Sequence[tuple[Piece, Reach]]]) -> Blocks:
    """Return the pieces by the columns they stand over; those over some of the same are one."""
    blocks: Blocks = {}
    wide: list[tuple[Piece, Reach]] = []
    for level in levels:
        for piece, reach in level:
            if reach[1] - reach[0] > 1:
                wide.append((piece, reach))
            else:
                blocks.setdefault(reach, []).append(piece)
    united: Blocks = {}
    for piece, reach in wide:
        near = next((r for r in united if r[0] < reach[1] and reach[0] < r[1]), reach)
        lines = united.pop(near, [])
        united[min(reach[0], near[0]), max(reach[1], near[1])] = [*lines, piece]
    return {**blocks, **united}


def _spread(places: Sequence[tuple[float, float]], size: float) -> float:
    common = median(at for _, at in places)
    return sum(
        weight * min(MOST_UNALIGNED, UNALIGNED * max(0.0, abs(at - common) / size - 0.1))
        for weight, at in places
    )
