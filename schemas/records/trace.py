"""The trace of a score: all that its points come from, kept as JSON in the table ``scores``.

:meth:`Trace.to_json` and :meth:`Trace.from_json` are inverse to each other. A trace of an earlier
version may lack keys; what is not there reads as None.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from common.numbers import EPSILON
from schemas.records.rows import ScoreRow
from schemas.records.traced import (
    AppliedRule,
    PartShare,
    PartTarget,
    PrintedCell,
    ReturnSource,
    TracedBase,
    TracedLight,
    TracedMethod,
    TracedPart,
    TracedRank,
    TracedReading,
    TracedReturn,
    TracedShare,
    TracedTarget,
)
from schemas.vocabulary import Direction, ScoreStatus

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Given = Mapping[str, object]
Record = TypeVar("Record", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class TracedPeriod:
    """One period of the year, scored by itself; nothing is received of one that is ``open`` yet."""

    name: str
    weight: float
    as_of: str
    open: bool
    trace: Trace


@dataclass(frozen=True, slots=True)
class Trace:
    """All that a score comes from. Of a target that is not assessed only the target is there.

    ``others`` are other departments' returns of the same line; ``words`` is the arithmetic in
    Chinese. ``on_top`` is the kind of an item on top of the whole: a minus item's attainment is
    from 0 to -1, and a veto item's ``veto`` is of the whole. Where the year's ``periods`` have
    weights, attainment and points are put together of them; ``whole_year``: of such a notice, too,
    but by a rule whose figures are of the whole year. ``withheld`` are returns that do not count as
    nobody approved them; ``deadline`` is the day by which returns were to be there.
    """

    status: str
    target: TracedTarget
    rule: AppliedRule | None = None
    method: TracedMethod | None = None
    share: TracedShare | None = None
    actual: TracedReturn | None = None
    others: tuple[TracedReturn, ...] = ()
    veto: bool = False
    parts: tuple[TracedPart, ...] = ()
    rank: TracedRank | None = None
    readings: tuple[TracedReading, ...] = ()
    attainment: float | None = None
    points: float | None = None
    interval: tuple[float | None, float | None] = (None, None)
    light: TracedLight | None = None
    words: str = ""
    on_top: str | None = None
    periods: tuple[TracedPeriod, ...] = ()
    whole_year: bool = False
    withheld: tuple[TracedReturn, ...] = ()
    deadline: str | None = None

    def to_json(self) -> str:
        """Return the trace as JSON text; ValueError for a number that JSON has no sign for."""
        assessed = self.status != ScoreStatus.NOT_ASSESSED
        kept = [
            name
            for name in (_ORDER if assessed else _NOT_ASSESSED)
            if name not in _WHERE_THERE or getattr(self, name)
        ]
        shown = {name: getattr(self, name) for name in kept}
        return json.dumps(shown, default=_plain, ensure_ascii=False, allow_nan=False)

    @property
    def provisional(self) -> bool:
        """Whether the points may turn out otherwise though all was returned that they come from.

        So they may while a printed method is not applied, and where nobody knows which end is good,
        how the target is read or what a rule assumes. Peers and periods that nothing came of are
        missing returns: not for them.
        """
        if self.status == ScoreStatus.METHOD_NOT_APPLIED:
            return True
        if self.status != ScoreStatus.SCORED:
            return False
        if self.periods:
            return any(not each.open and each.trace.provisional for each in self.periods)
        return not (self.rank and self.rank.open) and _spans(*self.interval)

    def counted(self) -> tuple[Trace | TracedPart, ...]:
        """Return all that has a rule and a return of its own: the line, its parts, its periods."""
        of_periods = (line for each in self.periods for line in each.trace.counted())
        return (self, *self.parts, *of_periods)

    @classmethod
    def from_json(cls, text: str) -> Trace:
        """Return the trace that :meth:`to_json` wrote; ValueError for text that is no JSON."""
        return cls.from_plain(json.loads(text))

    @classmethod
    def from_plain(cls, given: _Given) -> Trace:
        """Return the trace of its fields as JSON knows them."""
        target = _needed(given, "target")
        share, rank = _within(given, "share"), _within(given, "rank")
        return _read(
            cls,
            given,
            status=given["status"],
            target=_read(
                TracedTarget,
                target,
                direction=_direction(target),
                cell=_cell(target),
                base=_base(_within(target, "base")),
            ),
            rule=_rule(_within(given, "rule")),
            method=_method(_within(given, "method")),
            share=share and _read(TracedShare, share, members=_pairs(share, "members")),
            actual=_return(_within(given, "actual")),
            others=_returns(given, "others"),
            withheld=_returns(given, "withheld"),
            parts=tuple(map(_part, _list(given, "parts"))),
            rank=rank and _read(TracedRank, rank, values=_pairs(rank, "values")),
            readings=tuple(
                _read(TracedReading, each, interval=_interval(each))
                for each in _list(given, "readings")
            ),
            interval=_interval(given),
            light=_light(_within(given, "light")),
            words=given["words"],
            periods=tuple(
                _read(TracedPeriod, each, trace=cls.from_plain(_needed(each, "trace")))
                for each in _list(given, "periods")
            ),
        )


#: The keys in the order in which they are written.
_ORDER = (
    *("status", "on_top", "rule", "method", "target", "share", "deadline", "actual", "others"),
    *("withheld", "veto", "parts"),
    *("rank", "readings", "periods", "whole_year"),
    *("attainment", "points", "interval", "light", "words"),
)
_NOT_ASSESSED = ("status", "method", "target", "words")
_WHERE_THERE = frozenset(
    {
        *("on_top", "method", "parts", "rank", "readings", "base_value", "base"),
        *("periods", "whole_year"),
        *("reported_by", "approved_by", "approved_on", "evidence"),
        *("base_missing", "withheld", "deadline", "days_late", "first_on", "part_no"),
    }
)
_KEYS = {"since": "from"}


def _plain(record: DataclassInstance) -> dict[str, object]:
    """Return a record's fields by their keys in JSON."""
    return {
        _KEYS.get(name, name): value
        for name in record.__dataclass_fields__
        if (value := getattr(record, name)) is not None
        or not (name in _WHERE_THERE or isinstance(record, TracedBase))
    }


def _read(kind: type[Record], given: _Given, **made: object) -> Record:
    """Return a record of what is given, some of its fields already made."""
    make: Callable[..., Record] = kind
    for name, key, other in _fields(kind):
        if name not in made:
            made[name] = given.get(key, other)
    return make(**made)


@cache
def _fields(kind: type[DataclassInstance]) -> tuple[tuple[str, str, object], ...]:
    """Return each field's name, its key in JSON, and what it is where it is not there."""
    found = {each.name: None if each.default is MISSING else each.default for each in fields(kind)}
    return tuple((name, _KEYS.get(name, name), other) for name, other in found.items())


def _within(given: _Given, name: str) -> _Given | None:
    """Return a table within; None where there is none."""
    found = given.get(name)
    if found is None or isinstance(found, dict):
        return found
    raise TypeError(f"{name} is no table")


def _needed(given: _Given, name: str) -> _Given:
    """Return a table within that every trace has."""
    found = _within(given, name)
    if found is None:
        raise KeyError(name)
    return found


def _list(given: _Given, name: str) -> list[Any]:
    """Return a list within; an empty one where there is none."""
    found = given.get(name, [])
    if isinstance(found, list):
        return found
    raise TypeError(f"{name} is no list")


def _rule(given: _Given | None) -> AppliedRule | None:
    return None if given is None else _read(AppliedRule, given)


def _light(given: _Given | None) -> TracedLight | None:
    return None if given is None else _read(TracedLight, given)


def _method(given: _Given | None) -> TracedMethod | None:
    return None if given is None else _read(TracedMethod, given, cell=_cell(given))


def _cell(given: _Given) -> PrintedCell:
    return _read(PrintedCell, _within(given, "cell") or {})


def _base(given: _Given | None) -> TracedBase | None:
    if given is None:
        return None
    return _read(TracedBase, given, returned=_return(_within(given, "returned")))


def _direction(target: _Given) -> str:
    """Return the direction; earlier versions wrote only whether less is better."""
    earlier = Direction.LOWER if target.get("lower_is_better") else Direction.HIGHER
    return str(target.get("direction") or earlier)


def _return(given: _Given | None) -> TracedReturn | None:
    if given is None:
        return None
    return _read(TracedReturn, given, source=_read(ReturnSource, _within(given, "source") or {}))


def _returns(given: _Given, name: str) -> tuple[TracedReturn, ...]:
    returned = map(_return, _list(given, name))
    return tuple(each for each in returned if each is not None)


def _part(given: _Given) -> TracedPart:
    target = _needed(given, "target")
    return _read(
        TracedPart,
        given,
        rule=_rule(_within(given, "rule")),
        target=_read(PartTarget, target, direction=_direction(target)),
        share=_read(PartShare, _needed(given, "share")),
        actual=_return(_within(given, "actual")),
        others=_returns(given, "others"),
    )


def _pairs(given: _Given, name: str) -> tuple[tuple[object, object], ...]:
    return tuple((one, other) for one, other in _list(given, name))


def _interval(given: _Given) -> tuple[object, ...]:
    return (*_list(given, "interval"),) or (None, None)


def is_provisional(score: ScoreRow) -> bool:
    """Say of a row of scores whether its points are :attr:`Trace.provisional`.

    Its trace is read only where the row leaves it open.
    """
    if score["status"] != ScoreStatus.SCORED:
        return score["status"] == ScoreStatus.METHOD_NOT_APPLIED
    if not _spans(score.get("points_low"), score.get("points_high")):
        return False
    return Trace.from_json(score["trace"]).provisional


def _spans(low: float | None, high: float | None) -> bool:
    """Tell whether an interval is more than one number."""
    return low is not None and high is not None and high - low > EPSILON
