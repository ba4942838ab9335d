"""Weights printed at several levels that are relative to those beside them.

Points of a heading are mostly the sum of those under it; then the finest are the points. Where the
sums say otherwise for most headings of a level, that level's numbers are shares of the heading's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from common.numbers import same
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell
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


def shares_of(leaves: Sequence[Leaf], columns: Sequence[Column], entities: Sequence[str]) -> Shares:
    """Return what the finest of several points columns is multiplied by, leaf by leaf."""
    found = (_Level.of(leaves, column, entities) for column in columns)
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
    """One points column: the number of each of its cells, and which cell each leaf has."""

    name: str
    values: dict[int, float]
    cells: tuple[int, ...]

    @classmethod
    def of(cls, leaves: Sequence[Leaf], column: Column, entities: Sequence[str]) -> _Level | None:
        """Return a column's level; None where a leaf has no plain number in it."""
        held = [leaf.at(column) for leaf in leaves]
        values: dict[int, float] = {}
        for cell in held:
            value = _plain(cell, entities)
            if cell is None or value is None:
                return None
            values[id(cell)] = value
        return cls(column.name, values, tuple(map(id, held)))

    def at(self, place: int) -> float:
        """Return the number of a leaf."""
        return self.values[self.cells[place]]


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
        differing = sum(not same(self.sums[key], coarse.values[key]) for key in self.sums)
        self.relative = 2 * differing > len(self.sums)
        alike = all(same(value, next(iter(self.sums.values()))) for value in self.sums.values())
        self.sums_to_whole = alike and next(iter(self.sums.values()), 0.0) in _WHOLES

    def share(self, place: int) -> float:
        """Return a leaf's share of its heading; of a level that sums up, of the heading's own."""
        key = self.coarse.cells[place]
        whole = self.sums[key] if self.relative else self.coarse.values[key]
        return self.fine.at(place) / whole if whole else 0.0
