"""How far targets are attained: one function a rule, each over columns.

A row is a target, a part of one, or another reading of one. Whoever calls brings the columns
together; nothing here knows where a row came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import OPERATORS
from scoring.model.ranks import places
from scoring.rules.book import METHOD_CODES, RuleBook

#: What became of a row; the order is that of the statuses in the scores table.
SCORED, NOT_ASSESSED, NOT_RECEIVED, INVALID, UNREADABLE = range(5)

#: Figures that differ by less than this share of the greater one are equal: 4.6 + 0.3 is 4.9.
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Returned:
    """What was returned, as columns that end with a row of nothing (row -1).

    ``wordy``: a text was returned and no number; ``infinite``: a number that is none.
    ``disputed``: what departments differ in, by the value's name in the returns.
    """

    actual: Floats
    awarded: Floats
    benchmark: Floats
    veto: Flags
    wordy: Flags
    infinite: Flags
    disputed: Mapping[str, Flags] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Items:
    """Rows to score. ``rule`` numbers the book's rules, ``source`` is the row of what was returned.

    ``operator`` is a code, ``lower`` tells that less is better, ``share`` are the row's points,
    ``peers`` numbers who is ranked with whom, ``count`` tells that the value is a number of events.
    """

    rule: Ints
    source: Ints
    target: Floats
    operator: Ints
    lower: Flags
    share: Floats
    peers: Ints
    count: Flags


@dataclass(frozen=True, slots=True)
class Attained:
    """The attainment of each row, NaN where there is none, and what became of the row."""

    attainment: Floats
    outcome: Ints


class _Some:
    """The rows of one method, each column fetched when it is asked for."""

    def __init__(self, items: Items, returned: Returned, book: RuleBook, rows: Ints) -> None:
        self.items, self.returned, self.book, self.rows = items, returned, book, rows
        self.source = items.source[rows]
        self.rule = items.rule[rows]

    @property
    def actual(self) -> Floats:
        return self.returned.actual[self.source]

    @property
    def target(self) -> Floats:
        return self.items.target[self.rows]

    @property
    def lower(self) -> Flags:
        return self.items.lower[self.rows]

    def parameter(self, name: str) -> Floats:
        return self.book.column(name, np.nan)[self.rule]

    def flag(self, name: str, value: bool | str) -> Flags:
        return self.book.flags(name, value)[self.rule]


_Method = Callable[[_Some], tuple[Floats, Flags | None]]


def attain(items: Items, returned: Returned, book: RuleBook) -> Attained:
    """Return attainment and outcome of every row, without vetoes.

    A row without a rule, or whose rule needs a target's value where there is none, is
    UNREADABLE; one with something unusable is INVALID; one that lacks a value NOT_RECEIVED.
    """
    methods = book.methods()[items.rule]
    attainment = np.full(len(methods), np.nan)
    outcome = np.full(len(methods), UNREADABLE, np.int64)
    for name, method in _METHODS.items():
        rows = np.flatnonzero(methods == METHOD_CODES[name])
        if len(rows) == 0:
            continue
        some = _Some(items, returned, book, rows)
        found, impossible = method(some)
        attainment[rows] = found
        outcome[rows] = _outcome(some, found, impossible)
    attainment[outcome != SCORED] = np.nan
    return Attained(attainment, outcome)


def _outcome(some: _Some, found: Floats, impossible: Flags | None) -> Ints:
    """Return what became of the rows of one method."""
    received = ~np.isnan(found)
    with_figure = some.book.needs("actual_value")[some.rule]
    unusable = (some.returned.wordy[some.source] & with_figure) | some.returned.infinite[
        some.source
    ]
    unusable |= some.items.count[some.rows] & with_figure & (some.actual < 0)
    if impossible is not None:
        unusable |= impossible
    for name, flags in some.returned.disputed.items():
        unusable |= flags[some.source] & some.book.needs(name)[some.rule]
    outcome = np.where(received, SCORED, NOT_RECEIVED)
    outcome[unusable] = INVALID
    if not received.all():
        outcome[~received & _without_target(some)] = UNREADABLE
    return outcome


def _without_target(some: _Some) -> Flags:
    """Tell where a rule counts with the target's value and there is none to count with."""
    by_ratio = some.flag("by", "ratio")
    needed = some.book.with_target()[some.rule] & ~some.flag("by", "value")
    return needed & (np.isnan(some.target) | (by_ratio & (some.target <= 0)))


def _sign(value: Floats, limit: Floats) -> Ints:
    """Return -1, 0 or 1 for less, equal or more; equal within the slack."""
    difference = value - limit
    slack = SLACK * np.maximum(np.abs(value), np.abs(limit))
    return (difference > slack).astype(np.int64) - (difference < -slack)


#: Whether an operator (by code) holds where the value is less than, equal to, more than the target.
_HOLDS = np.array(
    [
        {">=": (0, 1, 1), ">": (0, 0, 1), "<=": (1, 1, 0), "<": (1, 0, 0), "=": (0, 1, 0)}.get(
            operator, (0, 1, 1)
        )
        for operator in OPERATORS
    ],
    np.float64,
)
_AT_LEAST, _AT_MOST = OPERATORS.index(">="), OPERATORS.index("<=")
_ABOUT = OPERATORS.index("~")


def _passes(value: Floats, target: Floats, operator: Ints, lower: Flags) -> Floats:
    """Return 1 where the operator holds, else 0; NaN where either side is missing.

    Where there is no operator, or only "about", the direction says which side is good.
    """
    vague = (operator < 0) | (operator == _ABOUT)
    clear = np.where(vague, np.where(lower, _AT_MOST, _AT_LEAST), operator)
    held = _HOLDS[clear, _sign(value, target) + 1]
    held[np.isnan(value) | np.isnan(target)] = np.nan
    return held


def _clipped(some: _Some, attainment: Floats) -> tuple[Floats, None]:
    floor, cap = some.parameter("floor"), some.parameter("cap")
    return np.minimum(np.maximum(attainment, floor), cap), None


def _pass_fail(some: _Some) -> tuple[Floats, None]:
    operator = some.items.operator[some.rows]
    return _passes(some.actual, some.target, operator, some.lower), None


def _proportional(some: _Some) -> tuple[Floats, None]:
    value, target, lower = some.actual, some.target, some.lower
    with np.errstate(divide="ignore", invalid="ignore"):
        attainment = value / target
        attainment[lower] = np.minimum(1.0, 1 - (value[lower] - target[lower]) / target[lower])
    flat = np.flatnonzero(target <= 0)
    if len(flat):
        operator = some.items.operator[some.rows[flat]]
        attainment[flat] = _passes(value[flat], target[flat], operator, lower[flat])
    return _clipped(some, attainment)


def _approximate(some: _Some) -> tuple[Floats, None]:
    value, target, tolerance = some.actual, some.target, some.parameter("tolerance")
    distance = value - target
    distance = np.where(some.flag("one_sided", True), distance, np.abs(distance))
    slack = SLACK * np.maximum(np.abs(value), np.abs(target))
    within = (distance <= tolerance + slack).astype(np.float64)
    within[np.isnan(distance)] = np.nan
    return within, None


def _benchmark(some: _Some) -> tuple[Floats, None]:
    distance = some.actual - some.returned.benchmark[some.source]
    better = np.where(some.lower, -distance, distance)
    return _clipped(some, some.parameter("base") + some.parameter("slope") * better)


def _bands(some: _Some) -> tuple[Floats, None]:
    measure = some.actual
    ratio = some.flag("by", "ratio")
    target = np.where(some.target > 0, some.target, np.nan)
    measure = np.where(ratio, measure / target, measure)
    attainment = np.where(np.isnan(measure), np.nan, 0.0)
    for number in np.unique(some.rule):
        rows = np.flatnonzero(some.rule == number)
        for start, fraction in some.book.rules[number].bands:
            reached = _sign(measure[rows], np.full(len(rows), start)) >= 0
            attainment[rows[reached & ~np.isnan(measure[rows])]] = fraction
    return attainment, None


def _rank(some: _Some) -> tuple[Floats, None]:
    value = some.actual
    place = places(some.items.peers[some.rows], np.where(some.lower, -value, value))
    attainment = 1 - some.parameter("step") * (place - 1)
    attainment = np.maximum(attainment, some.parameter("floor"))
    return np.where(place > 0, attainment, np.nan), None


def _efficacy(some: _Some) -> tuple[Floats, None]:
    worst, best = some.parameter("unacceptable"), some.parameter("satisfactory")
    return _clipped(some, ((some.actual - worst) / (best - worst) * 40 + 60) / 100)


def _deduction(some: _Some) -> tuple[Floats, Flags]:
    events, share = some.actual, some.items.share[some.rows]
    lost = some.parameter("points_per_event") * events
    with np.errstate(divide="ignore", invalid="ignore"):
        attainment = np.maximum(0.0, 1 - lost / share)
    none_lost = np.where(np.isnan(events), np.nan, 1.0)
    return np.where(lost > 0, attainment, none_lost), events < 0


def _judged(some: _Some) -> tuple[Floats, Flags]:
    attainment = some.returned.awarded[some.source] / 100
    return attainment, (attainment < 0) | (attainment > some.parameter("cap"))


def _external(some: _Some) -> tuple[Floats, Flags]:
    attainment = some.actual / some.parameter("out_of")
    return np.minimum(attainment, some.parameter("cap")), attainment < 0


#: Every rule that is counted row by row; ``parts`` is put together from its parts.
_METHODS: dict[str, _Method] = {
    "proportional": _proportional,
    "pass_fail": _pass_fail,
    "approximate": _approximate,
    "benchmark": _benchmark,
    "bands": _bands,
    "rank": _rank,
    "efficacy": _efficacy,
    "deduction": _deduction,
    "judged": _judged,
    "external": _external,
}
