"""Levels become rows: the way of cutting them that fits alignment, edges and order of drawing."""

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
NOT_DRAWN_SO = 1.5
"""Two lines parted that were drawn together, or joined though drawn apart, cost this much."""
ACROSS_EDGE = 4.0
"""A row with a drawn edge within it that parts a column's text costs this much."""
OVER_SPAN = 3.0
"""So does a piece over several columns in one row with pieces under it."""
MOST_LEVELS = 45
WIDE_GAP = 2.2
"""Two lines of one cell lie at most this far apart (in sizes)."""

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
        return cost + self._within(blocks) + self._after(blocks, end)

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
                    cost += NOT_DRAWN_SO
                if self.evidence.by_cells and below.order != above.order + 1:
                    cost += NOT_DRAWN_SO
        return cost

    def _after(self, blocks: Blocks, end: int) -> float:
        """Return what speaks against a new row beginning after these lines."""
        if not self.evidence.by_cells:
            return 0.0
        ends = {lines[-1].order: reach for reach, lines in blocks.items()}
        following = [each for level in self.places[end : end + 2] for each in level]
        together = (
            (first, last)
            for piece, (first, last) in following
            if (reach := ends.get(piece.order - 1)) and reach[0] < last and first < reach[1]
        )
        return NOT_DRAWN_SO * len(list(together))


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
    for piece, (first, last) in wide:
        near = next((r for r in united if r[0] < last and first < r[1]), None)
        lines = united.pop(near) if near else []
        first, last = min(first, near[0] if near else first), max(last, near[1] if near else last)
        united[first, last] = [*lines, piece]
    return {**blocks, **united}


def _spread(places: Sequence[tuple[float, float]], size: float) -> float:
    common = median(at for _, at in places)
    return sum(
        weight * min(MOST_UNALIGNED, UNALIGNED * max(0.0, abs(at - common) / size - 0.1))
        for weight, at in places
    )
