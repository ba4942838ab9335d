"""What a notice declares of the whole result: ``[total]`` and ``[coefficients]`` of its sidecar.

Their form is shown, with all keys, in docs/scoring.md ("The total").
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from scoring.rules.toml import Entry


class VetoEffect(StrEnum):
    """What a veto does to the whole.

    No result at all, the last grade, one grade less, no first grade, or nothing but to its own row.
    """

    SET_ASIDE = "set_aside"
    LOWEST_GRADE = "lowest_grade"
    LOWER_GRADE = "lower_grade"
    BAR = "bar"
    ROW = "row"


#: What a veto row does where nothing is declared or printed of what it does.
OF_VETO_ROWS = frozenset({VetoEffect.SET_ASIDE})


class QuotaOf(StrEnum):
    """Whose share the quota of a grade is: of all that are assessed, or of each rank group."""

    ALL = "all"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade and what it takes: points of 100, a place, a share of those assessed; None: not."""

    name: str
    at_least: float | None = None
    at_most_rank: int | None = None
    quota: float | None = None


@dataclass(frozen=True, slots=True)
class WholeVeto:
    """What a veto of an indicator does to the whole; ``serial_no`` None: of any indicator."""

    serial_no: int | None
    effects: frozenset[VetoEffect]


@dataclass(frozen=True, slots=True)
class Struck:
    """What vetoes do to a whole: ``effects`` count, and ``unsure`` are those nobody confirmed."""

    effects: frozenset[VetoEffect] = frozenset()
    unsure: frozenset[VetoEffect] = frozenset()

    def __or__(self, other: Struck) -> Struck:
        return Struck(self.effects | other.effects, self.unsure | other.unsure)

    @property
    def at_least(self) -> frozenset[VetoEffect]:
        """The effects that hold whatever is decided."""
        return self.effects - self.unsure

    @property
    def at_most(self) -> frozenset[VetoEffect]:
        """The effects that hold once all is confirmed."""
        return self.effects | self.unsure


#: What those come to who are vetoed in nothing.
NOT_STRUCK = Struck()


@dataclass(frozen=True, slots=True)
class Possible:
    """What notes print of the whole and nobody confirmed: it does not count and may come to count.

    Caps are in points, ``factors`` multiply the total of an entity or rank group of the name, or of
    entities in whose names it is (开发区 of 高新开发区). ``vetoes`` are what texts say of vetoes.
    """

    bonus_cap: float | None = None
    minus_cap: float | None = None
    factors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    vetoes: tuple[WholeVeto, ...] = ()

    @property
    def caps(self) -> tuple[float, float]:
        """The caps of bonus and minus, infinite where none is printed."""
        return _infinite(self.bonus_cap), _infinite(self.minus_cap)

    def factor_of(self, entity: str, group: str) -> float:
        """Return what may multiply an entity's total, 1 where nothing may."""
        exact = [self.factors[name] for name in (entity, group) if name in self.factors]
        inside = [factor for name, factor in self.factors.items() if name in entity]
        return next(iter((*exact, *inside)), 1.0)


def _infinite(cap: float | None) -> float:
    return math.inf if cap is None else cap


@dataclass(frozen=True, slots=True)
class TotalRules:
    """A notice's rules of the whole. ``grades`` come best first; caps are in points.

    ``coefficients`` multiply the totals of a rank group, or of an entity, whose own goes first.
    ``possible`` is what may still count beside them, so that the interval holds it. ``quota_of``
    None: nobody said whose share it is.
    ``unread`` are printed clauses about the whole that were not understood.
