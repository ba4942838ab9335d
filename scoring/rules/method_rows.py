"""The rows of one method as columns, and the comparisons that methods share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from common.numbers import EPSILON
from schemas.vocabulary import Direction, Operator
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import DIRECTIONS, LOWER, NEARER, OPERATORS
from scoring.model.items import Items, Returned
from scoring.rules.rule import Rule


class MethodRows:
    """The rows of one method, each column fetched when it is asked for."""

    def __init__(self, items: Items, returned: Returned, rules: Sequence[Rule], rows: Ints) -> None:
        self.items, self.returned, self.rules, self.rows = items, returned, rules, rows
        self.source = items.source[rows]
        self.rule = items.rule[rows]

    @property
    def actual(self) -> Floats:
        """The returned value."""
        return self.returned.actual[self.source]

    @property
    def placed(self) -> Floats:
        """The returned value as it counts among others."""
        return placeable(self.actual, self.items.count[self.rows])

    @property
    def target(self) -> Floats:
        """The target's value."""
        return self.items.target[self.rows]

    @property
    def way(self) -> Ints:
        """The direction's code; what is not known is counted as if more were better."""
        return self.items.way[self.rows]

    @property
    def lower(self) -> Flags:
        """Whether less is better."""
        return np.asarray(self.way == LOWER, np.bool_)

    @property
    def nearer(self) -> Flags:
        """Whether neither more nor less is better than the target."""
        return np.asarray(self.way == NEARER, np.bool_)

    @property
    def operator(self) -> Ints:
        """The operator's code, -1 for none."""
        return self.items.operator[self.rows]

    @property
    def base(self) -> Floats:
        """What was reached the year before, in the target's unit."""
        return self.items.base[self.rows]

    @property
    def share(self) -> Floats:
        """The rows' points."""
        return self.items.share[self.rows]

    @property
    def peers(self) -> Ints:
        """Who is ranked with whom, -1 for nobody."""
        return self.items.peers[self.rows]

    @property
    def everyone(self) -> MethodRows:
        """All rows that count among others, by whichever rule each does."""
        return MethodRows(
            self.items, self.returned, self.rules, np.flatnonzero(self.items.peers >= 0)
        )

    def ratio(self) -> Floats:
        """The completion rate, NaN where there is none."""
        target = np.where(self.target > 0, self.target, np.nan)
        rate: Floats = self.actual / target
        return np.where(self.lower, 1 - (self.actual - target) / target, rate)

    def by_rule(self) -> Iterator[tuple[Rule, Ints]]:
        """Give each rule with the places of its rows."""
        for number in np.unique(self.rule):
            yield self.rules[number], np.flatnonzero(self.rule == number)

    def with_rule(self, rule: Rule, places: Ints) -> MethodRows:
        """Return some of the rows, counted by another rule."""
        rows = self.rows[places]
        found = MethodRows(self.items, self.returned, [rule], rows)
        found.rule = np.zeros(len(rows), np.int64)
        return found

    def parameter(self, name: str) -> Floats:
        """Return a numeric parameter, NaN where the rule has none of this name."""
        return np.array([rule.number(name, np.nan) for rule in self.rules])[self.rule]

    def flag(self, name: str, value: bool | str) -> Flags:
        """Tell where a parameter has this value."""
        return np.array([rule.get(name) == value for rule in self.rules], np.bool_)[self.rule]

    def clipped(self, attainment: Floats) -> Floats:
        """Return the attainment within floor and cap."""
        return np.minimum(np.maximum(attainment, self.parameter("floor")), self.parameter("cap"))


def compare(value: Floats, limit: Floats) -> Ints:
    """Return -1, 0 or 1 for less, equal or more; equal within rounding."""
    difference = value - limit
    slack = slack_of(value, limit)
    return (difference > slack).astype(np.int64) - (difference < -slack)


def placeable(value: Floats, count: Flags) -> Floats:
    """Return values as they count among others; NaN for no figure, and for no count of events."""
    return np.where(np.isfinite(value) & ~(count & (value < 0)), value, np.nan)


def slack_of(one: Floats, other: Floats) -> Floats:
    """Return by how much two values may differ and be equal: 4.6 + 0.3 is 4.9."""
    slack: Floats = EPSILON * np.maximum(np.abs(one), np.abs(other))
    return slack


def of_share(points: Floats, share: Floats) -> Floats:
    """Return points as a part of the rows' own; 0 where a row has none above 0."""
    found: Floats = np.divide(points, share, out=points * 0.0, where=~(share <= 0))
    return found


#: Whether an operator (by code) holds where the value is less than, equal to, more than the target.
_HOLDS_WHERE = {
    Operator.AT_LEAST: (0, 1, 1),
    Operator.MORE_THAN: (0, 0, 1),
    Operator.AT_MOST: (1, 1, 0),
    Operator.LESS_THAN: (1, 0, 0),
    Operator.EQUAL: (0, 1, 0),
    Operator.ABOUT: (0, 1, 1),
}
_HOLDS = np.array([_HOLDS_WHERE[Operator(each)] for each in OPERATORS], np.float64)
_MEANT = {Direction.LOWER: Operator.AT_MOST, Direction.NEARER: Operator.EQUAL}
_BY_WAY = np.array(
    [OPERATORS.index(_MEANT.get(Direction(way), Operator.AT_LEAST)) for way in DIRECTIONS]
)
_ABOUT = OPERATORS.index(Operator.ABOUT)


def passes(value: Floats, target: Floats, operator: Ints, way: Ints) -> Floats:
    """Return 1 where the operator holds, else 0; NaN where either side is missing.

    Where there is no operator, or only "about", the direction says which side is good.
    """
    vague = (operator < 0) | (operator == _ABOUT)
    clear = np.where(vague, _BY_WAY[way], operator)
    held = _HOLDS[clear, compare(value, target) + 1]
    held[np.isnan(value) | np.isnan(target)] = np.nan
    return held
