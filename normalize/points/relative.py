"""Weights printed at several levels that are relative to those beside them.

Points of a heading are mostly the sum of those under it; then the finest are the points. They are
shares of the heading's where the sums say so: where they are another number, the same one under
most headings. Where they are neither, the finest are points, and the sums are in doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from common.fold import clean
from common.numbers import same
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.cell import PointsReading, read_points
from normalize.points.rows import Leaf

_WHOLES = (1.0, 10.0, 100.0)  # what shares of a whole sum to


@dataclass(frozen=True, slots=True)
class Shares:
    """What each leaf's printed points are multiplied by, and how sure that is.

    Empty where points are printed at one level only, or are sums of each other.
    """

    factors: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def applied(self, place: int, reading: PointsReading) -> PointsReading:
        """Return a leaf's reading with its points as shares of the whole."""
        if not self.factors or reading.base is None:
            return reading
        factor = self.factors[place]
        own = {entity: value * factor for entity, value in reading.exceptions.items()}
        doubts = (*reading.doubts, *self.doubts)
        return replace(reading, base=reading.base * factor, exceptions=own, doubts=doubts)


def shares_of(leaves: Sequence[Leaf], table: LogicalTable, entities: Sequence[str]) -> Shares:
    """Return what the finest of several points columns is multiplied by, leaf by leaf."""
    columns = table.columns_of(Role.POINTS)
    found = (_Level.of(leaves, column, table, entities) for column in columns)
    levels = sorted(filter(None, found), key=lambda level: len(level.values))
    steps = [_Descent(coarse, fine) for coarse, fine in pairwise(levels)]
    if not all(step.nests for step in steps) or not any(step.relative for step in steps):
        return Shares()
    factors = [_factor(levels, steps, place) for place in range(len(leaves))]
    unsure = [step for step in steps if step.relative and not step.sums_to_whole]
    doubts = (doubt("points_relative", column=unsure[0].fine.name),) if unsure else ()
    return Shares(tuple(factors), doubts)


def _factor(levels: Sequence[_Level], steps: Sequence[_Descent], place: int) -> float:
    """Return what a leaf's finest number is multiplied by: its share over the number."""
    share = levels[0].at(place)
    for step in steps:
        share *= step.share(place)
    finest = levels[-1].at(place)
    return share / finest if finest else 0.0


@dataclass(frozen=True, slots=True)
class _Level:
    """One points column: the number of each of its cells, and which cell each leaf has.

    A cell that a page break printed twice, under its heading again, is one.
    """

    name: str
    values: dict[int, float]
    cells: tuple[int, ...]

    @classmethod
    def of(
        cls,
        leaves: Sequence[Leaf],
        column: Column,
        table: LogicalTable,
        entities: Sequence[str],
    ) -> _Level | None:
        """Return a column's level; None where a leaf has no plain number in it."""
        left = [level for level in table.columns_of(Role.LEVEL) if level.index < column.index]
        values: dict[int, float] = {}
        cells: list[int] = []
        before: tuple[LogicalCell | None, LogicalCell] | None = None
        for leaf in leaves:
            cell = leaf.at(column)
            value = _plain(cell, entities)
            if cell is None or value is None:
                return None
            printed = (leaf.at(left[-1]) if left else None, cell)
            key = cells[-1] if before and _printed_again(*before, *printed) else id(cell)
            values.setdefault(key, value)
            cells.append(key)
            before = printed
        return cls(column.name, values, tuple(cells))

    def at(self, place: int) -> float:
        """Return the number of a leaf."""
        return self.values[self.cells[place]]


def _printed_again(
    heading: LogicalCell | None,
    points: LogicalCell,
    heading_below: LogicalCell | None,
    points_below: LogicalCell,
) -> bool:
    """Tell whether a heading and its points are those above, printed again on a new page."""
    if heading is None or heading_below is None or heading is heading_below:
        return False
    texts = (clean(heading.text), clean(points.text))
    return texts == (clean(heading_below.text), clean(points_below.text))


def _plain(cell: LogicalCell | None, entities: Sequence[str]) -> float | None:
    """Return the base of a points cell; None where it has none, or is doubtful."""
    reading = read_points(cell.text, entities) if cell is not None else None
    return reading.base if reading is not None and not reading.doubts else None


class _Descent:
    """A level under another: whether its numbers are shares of the heading's."""

    def __init__(self, coarse: _Level, fine: _Level) -> None:
        self.coarse, self.fine = coarse, fine
        pairs = set(zip(coarse.cells, fine.cells, strict=True))
        self.nests = len(pairs) == len(fine.values) > len(coarse.values)
        self.sums = dict.fromkeys(coarse.values, 0.0)
        for over, under in pairs:
            self.sums[over] += fine.values[under]
        agreeing = sum(same(self.sums[key], coarse.values[key]) for key in self.sums)
        whole, alike = Counter(round(each, 6) for each in self.sums.values()).most_common(1)[0]
        one_whole = alike > agreeing and 2 * alike > len(self.sums)
        self.relative = one_whole and (whole in _WHOLES or alike > 1)
        self.sums_to_whole = whole in _WHOLES and alike == len(self.sums)

    def share(self, place: int) -> float:
        """Return a leaf's share of its heading; of a level that sums up, of the heading's own."""
        key = self.coarse.cells[place]
        whole = self.sums[key] if self.relative else self.coarse.values[key]
        return self.fine.at(place) / whole if whole else 0.0
