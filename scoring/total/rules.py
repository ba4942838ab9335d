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

from common.messages import message
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
    None: nobody said whose share it is. ``unread`` are printed clauses about the whole that were
    not understood.
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
    quota_of: QuotaOf | None = None
    unread: tuple[str, ...] = ()

    def factor_of(self, entity: str, group: str) -> float:
        """Return what multiplies an entity's total, 1 where nothing does."""
        return self.coefficients.get(entity, self.coefficients.get(group, 1.0))

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

    def left_out(self, who: str, group: str, bonus: float, minus: float) -> tuple[str, ...]:
        """Return what is printed of a total's points, not declared, and would change them.

        ``bonus`` and ``minus`` are what comes on top of it, the latter at most 0.
        """
        factor, (most, least) = self.possible.factor_of(who, group), self.possible.caps
        told = []
        if factor != 1:
            told.append(message("scoring.total_open.factor", number=factor))
        if bonus > most:
            told.append(message("scoring.total_open.bonus_cap", number=most))
        if -minus > least:
            told.append(message("scoring.total_open.minus_cap", number=least))
        return tuple(each.zh for each in told)

    def effects(self, serial_no: int) -> frozenset[VetoEffect]:
        """Return what a veto of this indicator does to the whole."""
        return _effects(self.vetoes, serial_no)

    def struck(self, serial_no: int, *, veto_row: bool) -> Struck:
        """Return what a veto of this indicator does: as declared, else what is printed of it.

        What is printed counts of a veto row, in place of setting the whole aside; of another row
        it may come to count.
        """
        if declared := self.effects(serial_no):
            return Struck(declared)
        printed = _effects(self.possible.vetoes, serial_no)
        if not veto_row:
            return Struck(unsure=printed)
        return Struck(printed or OF_VETO_ROWS, printed)


def _effects(vetoes: Iterable[WholeVeto], serial_no: int) -> frozenset[VetoEffect]:
    """Return what is said of a veto of an indicator; that it is of its row alone goes first."""
    fitting = [each for each in vetoes if each.serial_no in (None, serial_no)]
    own = any(VetoEffect.ROW in each.effects for each in fitting if each.serial_no is not None)
    found = frozenset(effect for each in fitting for effect in each.effects)
    return frozenset({VetoEffect.ROW}) if own else found


_TABLE = frozenset(
    {"version", "from", "basis", "bonus_cap", "minus_cap", "quota_of", "grade", "veto"}
)
_GRADE = frozenset({"name", "at_least", "at_most_rank", "quota"})
_VETO = frozenset({"serial_no", "effects"})
_MOST = 1e6


def parse_total(
    table: Mapping[str, object], coefficients: Mapping[str, object], source: str
) -> TotalRules:
    """Return the rules of the whole; ``source`` names the file in refusals.

    ``table`` is ``[total]``, ``coefficients`` the table of that name, each by rank group or entity.
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
        quota_of=_quota_of(entry),
    )


def _quota_of(entry: Entry) -> QuotaOf | None:
    return QuotaOf(entry.choice("quota_of", tuple(QuotaOf))) if "quota_of" in entry.given else None


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
