"""The weights of the year's periods, as ``[periods]`` of ``source.toml`` declares them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from common.numbers import EPSILON
from schemas.vocabulary import ScoreStatus
from scoring.points.milestones import end_of
from scoring.rules.toml import Entry

#: Statuses of periods, the one first that the year has if any period has it.
WORST_FIRST = (
    *(ScoreStatus.INVALID, ScoreStatus.UNREADABLE, ScoreStatus.NOT_RECEIVED),
    *(ScoreStatus.METHOD_NOT_APPLIED, ScoreStatus.SCORED),
)
#: Statuses of what was received.
RECEIVED = (ScoreStatus.SCORED, ScoreStatus.INVALID, ScoreStatus.METHOD_NOT_APPLIED)

_TABLE = "[periods]"
_KEYS = frozenset({"weight", "as_of"})
_WHOLES = (1.0, 100.0)


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the year: ``weight`` of 1; what was received by the end of ``as_of`` counts."""

    name: str
    weight: float
    end: date
    as_of: date


def parse_periods(table: Mapping[str, object], source: str) -> tuple[Period, ...]:
    """Return the periods in their order; their weights sum to 1.

    Raises Refusal for what is not understood: a period that is none, of several years or that
    begins again, a day before its end, weights that sum neither to 1 nor to 100.
    """
    entry = Entry(source, _TABLE, table, frozenset(table))
    found = sorted((_period(entry, name) for name in table), key=lambda each: each.end)
    for one, other in pairwise(found):
        if one.end == other.end or one.as_of >= other.as_of:
            raise entry.unexpected("later_than", other.name, name=one.name)
        if one.end.year != other.end.year:
            raise entry.unexpected("same_year", other.name, year=one.end.year)
    whole = math.fsum(each.weight for each in found)
    if not found or not any(abs(whole - each) <= EPSILON * each for each in _WHOLES):
        raise entry.unexpected("weights", found[-1].name if found else "weight", sum=whole)
    return tuple(
        Period(each.name, each.weight / round(whole), each.end, each.as_of) for each in found
    )


def _period(entry: Entry, name: str) -> Period:
    end = end_of(name)
    if end is None:
        raise entry.unexpected("period", name)
    own = Entry(entry.source, f"{_TABLE} {name}", entry.table(name), _KEYS)
    as_of = own.day("as_of")
    if as_of < end:
        raise own.unexpected("not_before", "as_of", day=end)
    return Period(name, own.number("weight", EPSILON, _WHOLES[-1]), end, as_of)
