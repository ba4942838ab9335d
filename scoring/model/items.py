"""Rows to score and what becomes of them, as columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.vocabulary import ScoreStatus
from scoring.model.columns import Flags, Floats, Ints

#: The statuses of scores by their codes.
STATUSES = tuple(each.value for each in ScoreStatus)
SCORED, NOT_ASSESSED, NOT_RECEIVED, INVALID, UNREADABLE, NOT_APPLIED = range(len(STATUSES))


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
    """Rows to score: each a target, a part of one, or another reading of one.

    ``rule`` numbers the book's rules, ``source`` is the row of what was returned. ``operator`` is
    a code, ``way`` the direction's code, ``share`` are the row's points, ``peers`` numbers
    who is ranked with whom (-1: nobody), ``count`` tells that the value is a number of events,
    ``base`` is what was reached the year before, in the target's unit.
    """

    rule: Ints
    source: Ints
    target: Floats
    operator: Ints
    way: Ints
    share: Floats
    peers: Ints
    count: Flags
    base: Floats


@dataclass(frozen=True, slots=True)
class Attained:
    """The attainment of each row, NaN where there is none, and its status by code."""

    attainment: Floats
    outcome: Ints
