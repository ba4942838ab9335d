"""What reading a target cell needs to know and gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from common.fold import clean
from common.numbers import show
from normalize.model.doubt import Doubt
from schemas.records.notice import Alternative, Part
from schemas.vocabulary import Direction, Operator, TargetKind

#: The operator of a figure that has none of its own, by the indicator's direction.
BETTER = {
    Direction.HIGHER: Operator.AT_LEAST,
    Direction.LOWER: Operator.AT_MOST,
    Direction.NEARER: Operator.ABOUT,
}


@dataclass(frozen=True, slots=True)
class TypedTarget:
    """What a target's text says.

    ``kind`` and ``operator`` are the contract's. ``value`` is in ``unit``; the numbers of a
    compound or a pair stand in ``parts`` alone, with value and operator None; a range has its low
    end as value, no operator, and both ends as parts; what is held against the year before has no
    value; a goal with
    a stretch goal (保8%争9%) has the floor as value and both as parts. A fall is negative
    (下降3% is at most -3 %), unless the indicator itself names the fall. ``subject`` is what the
    number counts where the text names it (渔船 in 渔船226艘). ``method`` is what the cell says of
    how points are given, None where it says nothing.
    """

    kind: TargetKind
    operator: Operator | None = None
    value: float | None = None
    unit: str | None = None
    parts: tuple[Part, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    subject: str | None = None
    method: str | None = None

    def read_as(self, value: float) -> Alternative:
        """Return another reading of the target: this number, all else as it is."""
        return Alternative(show(value), self.operator, value, self.unit)


class TargetContext(NamedTuple):
    """What the row says of a cell: the indicator, its unit, its direction as far as it is known.

    A figure without words of its own gets its operator from the direction, and none where that is
    not known. ``base`` is what a person or a column says was reached the
    year before, where the cell has brackets that may say it, too.
    """

    indicator: str = ""
    unit: str | None = None
    direction: Direction = Direction.UNKNOWN
    base: str | None = None


def target_context(
    indicator: str, unit: str | None = None, direction: Direction = Direction.UNKNOWN
) -> TargetContext:
    """Return the context of a row, its texts cleaned."""
    return TargetContext(clean(indicator), clean(unit or "") or None, direction)
