"""Lines become a grid, the grid becomes cells with spans that tile it.

The full grid is kept: every elementary square of it knows which of its four sides is ruled. A
printed cell is the union of squares across missing rules; it always comes out as a rectangle.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extract.page.open_tables import extent_edges, join_open_groups
from extract.page.page import Mark, Rule
from extract.page.rules import Group, RuleLine, cluster, find, rules_to_groups, union
from extract.page.split import Square, split_region

DRAWN = 0.5
"""A side of a square is ruled where lines cover at least this part of it."""
SLIVER = 5.0
"""A row or column thinner than this (points) that holds no text is two edges meant as one."""

Point = tuple[float, float]


class GridCell(NamedTuple):
    """A cell of a grid; rows and columns are 0-based and half-open.

    ``doubt`` names what nothing drawn decides about it.
    """

    row0: int
    row1: int
    column0: int
    column1: int
    open_top: bool = False
    open_bottom: bool = False
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Edges (points, ascending) and the cells that tile them.

    ``repaired`` are cells that were cut out of a region that was no rectangle or whose rules had
    holes.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    repaired: tuple[GridCell, ...] = ()

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a point lies on the grid."""
        return self.xs[0] <= x <= self.xs[-1] and self.ys[0] <= y <= self.ys[-1]


def build_grids(rules: Sequence[Rule], ink: Sequence[Point]) -> list[Grid]:
    """Return the grids that a page's rules draw, in reading order.

    ``ink`` are the middles of the page's characters: a doubtful edge is only kept where it
    parts text. Edges of fills count only on a page where nothing better makes a grid.
    """
    return drawn_grids(rules, ink) or _drop_nested(_rules_to_grids(rules, ink))


def drawn_grids(rules: Sequence[Rule], ink: Sequence[Point]) -> list[Grid]:
    """Return the grids that a page's rules draw without the edges of fills."""
    drawn = [rule for rule in rules if rule.mark > Mark.FILL_EDGE]
    return _drop_nested(_rules_to_grids(drawn, ink))


def _rules_to_grids(rules: Sequence[Rule], ink: Sequence[Point]) -> list[Grid]:
    groups = join_open_groups(rules_to_groups(rules), ink)
    grids = (group_to_grid(group, ink) for group in groups)
    return [grid for grid in grids if grid and len(grid.cells) > 1]


def group_to_grid(group: Group, ink: Sequence[Point]) -> Grid | None:
    """Return the grid of one group of lines, None if it encloses nothing."""
    xs, ys = extent_edges(group, ink)
    inside = [(x, y) for x, y in ink if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]]
    xs = _merge_slivers(xs, [x for x, _ in inside])
    ys = _merge_slivers(ys, [y for _, y in inside])
    if len(xs) < 2 or len(ys) < 2:
        return None
    return _Squares(xs, ys, group).to_grid()


def _merge_slivers(edges: Sequence[float], ink: Sequence[float]) -> list[float]:
    """Merge neighbouring edges that stand so close that nothing can be printed between them."""
    merged: list[float] = []
    ordered = sorted(ink)
    for run in cluster(edges, SLIVER):
        members = list(edges[run])
        while len(members) > 1 and _any_between(ordered, members[0], members[1]):
            merged.append(members.pop(0))
        merged.append(sum(members) / len(members))
    return merged


def _any_between(ordered: Sequence[float], low: float, high: float) -> bool:
    return bisect_right(ordered, low) < bisect_right(ordered, high)


class _Squares:
    """The elementary squares of a grid with their ruled sides."""

    def __init__(self, xs: Sequence[float], ys: Sequence[float], group: Group) -> None:
        self.xs = xs
        self.ys = ys
        self.rows = len(ys) - 1
        self.columns = len(xs) - 1
        self.above = _coverage(ys, xs, group.horizontal)
        self.left = _coverage(xs, ys, group.vertical)

    def to_grid(self) -> Grid:
        cells: list[GridCell] = []
        repaired: list[GridCell] = []
        for region in self._regions():
            rectangles = split_region(region, self._rule_above, self._rule_left)
            made = [self._cell(rectangle) for rectangle in rectangles]
            cells.extend(made)
            if len(made) > 1:
                repaired.extend(made)
        cells.sort()
        return Grid(tuple(self.xs), tuple(self.ys), tuple(cells), tuple(sorted(repaired)))

    def _rule_above(self, square: Square) -> tuple[float, float]:
        """Return how much of a square's upper side is ruled, and how much there is (points)."""
        row, column = square
        length = self.xs[column + 1] - self.xs[column]
        return self.above[row][column] * length, length

    def _rule_left(self, square: Square) -> tuple[float, float]:
        """Return how much of a square's left side is ruled, and how much there is (points)."""
        row, column = square
        length = self.ys[row + 1] - self.ys[row]
        return self.left[column][row] * length, length

    def _regions(self) -> Iterable[set[Square]]:
        """Unite squares across missing rules."""
        leader = list(range(self.rows * self.columns))
        for row in range(self.rows):
            for column in range(self.columns):
                here = row * self.columns + column
                if row and self.above[row][column] < DRAWN:
                    union(leader, here, here - self.columns)
                if column and self.left[column][row] < DRAWN:
                    union(leader, here, here - 1)
        regions: dict[int, set[Square]] = {}
        for index in range(len(leader)):
            square = divmod(index, self.columns)
            regions.setdefault(find(leader, index), set()).add(square)
        return regions.values()

    def _cell(self, rectangle: tuple[int, int, int, int]) -> GridCell:
        row0, row1, column0, column1 = rectangle
        return GridCell(
            row0,
            row1,
            column0,
            column1,
            open_top=row0 == 0 and not self._ruled(0, column0, column1),
            open_bottom=row1 == self.rows and not self._ruled(self.rows, column0, column1),
        )

    def _ruled(self, edge: int, column0: int, column1: int) -> bool:
        spans = [self.xs[j + 1] - self.xs[j] for j in range(column0, column1)]
        drawn = sum(self.above[edge][column0 + index] * span for index, span in enumerate(spans))
        return drawn >= DRAWN * sum(spans)


def _coverage(
    edges: Sequence[float], bands: Sequence[float], lines: Sequence[RuleLine]
) -> list[list[float]]:
    """Return for each edge and each band beside it which part of the band its lines cover."""
    covered = [[0.0] * (len(bands) - 1) for _ in edges]
    for line in lines:
        row = covered[_nearest(edges, line.at)]
        first = max(bisect_right(bands, line.start) - 1, 0)
        for band in range(first, len(bands) - 1):
            low, high = bands[band], bands[band + 1]
            if low >= line.end:
                break
            part = (min(high, line.end) - max(low, line.start)) / (high - low)
            row[band] = min(1.0, row[band] + max(0.0, part))
    return covered


def _nearest(edges: Sequence[float], at: float) -> int:
    above = min(bisect_right(edges, at), len(edges) - 1)
    below = max(above - 1, 0)
    return above if abs(edges[above] - at) < abs(edges[below] - at) else below


def _drop_nested(grids: Sequence[Grid]) -> list[Grid]:
    """Drop a frame around a grid, and small grids inside a cell of a grid."""
    return [
        grid
        for grid in grids
        if not any(
            other is not grid and _overlap(grid, other) and len(other.cells) > len(grid.cells)
            for other in grids
        )
    ]


def _overlap(one: Grid, other: Grid) -> bool:
    return (
        one.xs[0] < other.xs[-1]
        and other.xs[0] < one.xs[-1]
        and one.ys[0] < other.ys[-1]
        and other.ys[0] < one.ys[-1]
    )
