"""One traced line that a rule is applied to: plain arithmetic, and the words for it.

Written apart from the columns' arithmetic (:mod:`scoring.rules.method_rows`), so that each checks
the other and an auditor can read how points come about.
"""

from __future__ import annotations

from dataclasses import dataclass

from common.numbers import EPSILON, show
from schemas.records.traced import PartTarget, TracedRank, TracedReturn, TracedTarget
from schemas.vocabulary import Direction, Operator, words
from scoring.rules.rule import Given


@dataclass(frozen=True, slots=True)
class Case:
    """What one rule is applied to.

    ``share`` are the line's points, ``base`` is what was reached the year before.
    """

    parameters: Given
    target: TracedTarget | PartTarget
    actual: TracedReturn
    share: float | None
    rank: TracedRank | None = None
    base: float | None = None

    def both(self) -> tuple[float, float] | None:
        """Return value and target; None where either is missing."""
        if self.actual.value is None or self.target.value is None:
            return None
        return self.actual.value, self.target.value

    @property
    def lower(self) -> bool:
        """Whether less is better."""
        return self.target.direction == Direction.LOWER

    @property
    def nearer(self) -> bool:
        """Whether neither more nor less is better than the target."""
        return self.target.direction == Direction.NEARER

    def number(self, parameter: str, otherwise: float | None = None) -> float:
        """Return a numeric parameter; KeyError where it and ``otherwise`` are missing."""
        value = self.parameters.get(parameter, otherwise)
        if not isinstance(value, (int, float)):
            raise KeyError(parameter)
        return value

    def clipped(self, attained: float) -> float:
        """Return the attainment within floor and cap."""
        return float(min(max(attained, self.number("floor")), self.number("cap")))

    def of_share(self, points: float) -> float:
        """Return points as a part of the line's own; 0 where it has none above 0."""
        return points / self.share if self.share and self.share > 0 else 0.0

    def passes(self, value: float, target: float) -> float:
        """Return 1 where the operator holds, else 0."""
        operator = self.target.operator
        if operator in {None, Operator.ABOUT}:
            meant = {Direction.LOWER: Operator.AT_MOST, Direction.NEARER: Operator.EQUAL}
            operator = meant.get(Direction(self.target.direction), Operator.AT_LEAST)
        same = nearly(value, target)
        holds = {
            Operator.AT_LEAST: value > target or same,
            Operator.MORE_THAN: value > target and not same,
            Operator.AT_MOST: value < target or same,
            Operator.LESS_THAN: value < target and not same,
            Operator.EQUAL: same,
        }
        return 1.0 if holds[Operator(str(operator))] else 0.0

    def ratio(self) -> float | None:
        """Return the completion rate; None where there is none."""
        both = self.both()
        if both is None or both[1] <= 0:
            return None
        value, target = both
        return 1 - (value - target) / target if self.lower else value / target

    def falls_short(self) -> bool | None:
        """Whether a threshold is missed, below which nothing is given; None if nobody knows."""
        if "threshold" not in self.parameters:
            return False
        least, ratio = self.number("threshold"), self.ratio()
        return None if ratio is None else ratio < least and not nearly(ratio, least)

    def shown(self, parameter: str) -> str:
        """Return a numeric parameter for people."""
        return shown(self.number(parameter))

    def actual_shown(self) -> str:
        """Return the actual value with its unit."""
        return f"实际值 {shown(self.actual.value)}{self.target.unit or ''}"

    def target_shown(self) -> str:
        """Return the target with its operator and unit."""
        sign = words("operator").get(self.target.operator or "", "")
        return f"{sign}{shown(self.target.value)}{self.target.unit or ''}"

    def bounds_shown(self) -> str:
        """Return floor and cap."""
        return f"（限 {self.shown('floor')} 至 {self.shown('cap')}）"


def nearly(one: float, other: float) -> bool:
    """Tell whether two figures are equal: they differ by less than a billionth of the greater."""
    return abs(one - other) <= slack_between(one, other)


def slack_between(one: float, other: float) -> float:
    """Return by how much two figures may differ and be equal."""
    return EPSILON * max(abs(one), abs(other))


def shown(number: float | None) -> str:
    """Return a number for people: at most six decimals."""
    return show(number, 6)
