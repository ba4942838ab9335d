"""What a notice declares of the whole result: ``[total]`` and ``[coefficients]`` of its sidecar.

Their form is shown, with all keys, in docs/scoring.md ("The total").
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from scoring.rules.toml import Entry


class VetoEffect(StrEnum):
    """What a veto does to the whole: no result at all, one grade less, or no first grade."""

    SET_ASIDE = "set_aside"
    LOWER_GRADE = "lower_grade"
    BAR = "bar"


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade and what it takes: points of 100, a place, a share of the rank group; None: not."""

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
class Possible:
    """What notes print of the whole and nobody confirmed: it does not count and may come to count.

    Caps are in points, ``factors`` multiply the total of an entity or rank group of the name, or of
    entities in whose names it is (开发区 of 高新开发区).
    """

    bonus_cap: float | None = None
    minus_cap: float | None = None
    factors: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

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

    ``coefficients`` multiply the totals of a rank group. ``possible`` is what may still count
    beside them, so that the interval holds it.
    """

    version: str
    since: date
    basis: str
    bonus_cap: float | None = None
    minus_cap: float | None = None
    grades: tuple[Grade, ...] = ()
    vetoes: tuple[WholeVeto, ...] = ()
    coefficients: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    possible: Possible = field(default_factory=Possible)

    @property
    def caps(self) -> tuple[float, float]:
        """The caps of bonus and minus, infinite where none is declared."""
        return _infinite(self.bonus_cap), _infinite(self.minus_cap)

    @property
    def least_caps(self) -> tuple[float, float]:
        """The caps of bonus and minus that leave least of the total."""
        return min(self.caps[0], self.possible.caps[0]), self.caps[1]

    @property
    def most_caps(self) -> tuple[float, float]:
        """The caps of bonus and minus that leave most of the total."""
        return self.caps[0], min(self.caps[1], self.possible.caps[1])

    def effects(self, serial_no: int) -> frozenset[VetoEffect]:
        """Return what a veto of this indicator does to the whole."""
        fitting = (each for each in self.vetoes if each.serial_no in (None, serial_no))
        return frozenset(effect for each in fitting for effect in each.effects)


_TABLE = frozenset({"version", "from", "basis", "bonus_cap", "minus_cap", "grade", "veto"})
_GRADE = frozenset({"name", "at_least", "at_most_rank", "quota"})
_VETO = frozenset({"serial_no", "effects"})
_MOST = 1e6


def parse_total(
    table: Mapping[str, object], coefficients: Mapping[str, object], source: str
) -> TotalRules:
    """Return the rules of the whole; ``source`` names the file in refusals.

    ``table`` is ``[total]``, ``coefficients`` the table of that name, each by rank group.
    Raises Refusal for every key or value that is not understood to the last.
    """
    entry = Entry(source, "[total]", table, _TABLE)
    return TotalRules(
        entry.text("version"),
        entry.day("from"),
        entry.text("basis"),
        _optional(entry, "bonus_cap"),
        _optional(entry, "minus_cap"),
        _grades(entry),
        tuple(
            _veto(Entry(source, f"[[total.veto]] 第{number}条", each, _VETO))
            for number, each in enumerate(entry.tables("veto"), 1)
        ),
        _coefficients(coefficients, source),
    )


def _optional(entry: Entry, key: str) -> float | None:
    return entry.number(key, 0.0, _MOST) if key in entry.given else None


def _grades(entry: Entry) -> tuple[Grade, ...]:
    """Return the grades, best first; refused where a later one asks for more than an earlier."""
    found: list[Grade] = []
    for number, table in enumerate(entry.tables("grade"), 1):
        where = f"[[total.grade]] 第{number}条"
        own = Entry(entry.source, where, table, _GRADE)
        name = own.text("name")
        if name in {each.name for each in found}:
            raise own.unexpected("grade_once", "name", number=number)
        found.append(
            Grade(
                name,
                own.number("at_least", 0.0, _MOST) if "at_least" in table else None,
                own.count("at_most_rank") if "at_most_rank" in table else None,
                own.number("quota", 0.0, 1.0) if "quota" in table else None,
            )
        )
        least = [each.at_least for each in found if each.at_least is not None]
        if least != sorted(least, reverse=True):
            raise own.unexpected("best_first", "at_least")
    return tuple(found)


def _veto(entry: Entry) -> WholeVeto:
    given = entry.given.get("effects")
    known = tuple(VetoEffect)
    if not isinstance(given, list) or not given or not all(each in known for each in given):
        raise entry.unlisted("effects", known)
    serial_no = entry.count("serial_no") if "serial_no" in entry.given else None
    return WholeVeto(serial_no, frozenset(map(VetoEffect, given)))


def _coefficients(table: Mapping[str, object], source: str) -> Mapping[str, float]:
    entry = Entry(source, "[coefficients]", table, frozenset(table))
    return MappingProxyType({name: entry.number(name, 0.0, 100.0) for name in table})
