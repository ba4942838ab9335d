"""Several departments' returns for one line: they agree, or the line has no value to score by."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scoring.model.columns import Flags, Floats, Ints, Numbering
from scoring.model.items import SCORED, Items, Returned
from scoring.rules.attainment import assumed, attain
from scoring.rules.book import RuleBook
from scoring.rules.method_rows import slack_of

#: The values that departments may differ in, by what a rule needs.
VALUES = {"actual_value": "actual", "awarded_pct": "awarded", "benchmark_value": "benchmark"}


@dataclass(frozen=True, slots=True)
class Disputes:
    """Returns of another department than the one that counts, each the latest of its own.

    ``primary`` and ``other`` are rows of the returns; ``aside`` are rows without a value beside
    others with one. ``given`` is what was returned, before what departments differ in was emptied.
    """

    primary: Ints
    other: Ints
    aside: Ints
    given: Returned


def no_disputes(given: Returned) -> Disputes:
    """Return what there is where each line has one department's returns."""
    nothing = np.zeros(0, np.int64)
    return Disputes(nothing, nothing, nothing, given)


def disputes(order: Ints, target: Ints, part: Ints, department: Ints, given: Returned) -> Disputes:
    """Return other departments' returns among some, by their targets' rows and parts.

    ``order`` has the latest last. Of each department the latest return of a line counts. Of those
    the one received last that holds any value is the primary one.
    """
    if len(order) == 0:
        return no_disputes(given)
    part = np.maximum(part, 1)  # the whole of a target may be returned as its part 1
    line = Numbering(target, part, int(part.max()) + 1)
    last = np.full(line.size, -1, np.int64)
    last[line.numbers] = order
    shared = np.zeros(line.size, np.bool_)
    shared[line.numbers[department[order] != department[last[line.numbers]]]] = True
    if not shared.any():
        return no_disputes(given)
    kept = np.flatnonzero(shared[line.numbers])
    return _among(order[kept], line.numbers[kept], department[order[kept]], given)


def _among(order: Ints, line: Ints, department: Ints, given: Returned) -> Disputes:
    """Return what there is of lines that several departments returned."""
    place = np.arange(len(order))
    newest = np.lexsort((place, department, line))
    ends = np.append((np.diff(line[newest]) != 0) | (np.diff(department[newest]) != 0), True)
    newest = np.sort(newest[ends])  # the latest of each department, by time
    row, own = order[newest], line[newest]
    holds = _holds_value(given, row)
    ranked = np.lexsort((np.arange(len(row)), holds, own))  # what holds a value goes last
    lines = own[ranked]
    final = np.append(np.diff(lines) != 0, True)
    primary = row[ranked][final][np.searchsorted(lines[final], own)]
    rest = row != primary
    return Disputes(primary[rest], row[rest], row[rest & ~holds], given)


def _holds_value(given: Returned, row: Ints) -> Flags:
    found = given.wordy[row].copy()
    for name in VALUES.values():
        found |= ~np.isnan(getattr(given, name)[row])
    return found


def resolved(found: Disputes) -> Returned:
    """Return what was returned with a veto of any department, and without what they differ in.

    What they differ in is empty and flagged in ``disputed``, by what a rule needs.
    """
    given = found.given
    if len(found.primary) == 0:
        return given
    veto = given.veto.copy()
    veto[found.primary[given.veto[found.other]]] = True
    values: dict[str, Floats] = {name: getattr(given, name) for name in VALUES.values()}
    disputed: dict[str, Flags] = {}
    for need, name in VALUES.items():
        column = values[name]
        differ = _differ(column[found.primary], column[found.other])
        if need == "actual_value":
            differ |= given.wordy[found.primary] != given.wordy[found.other]
            differ &= _holds_value(given, found.other)
        if differ.any():
            values[name], disputed[need] = column.copy(), np.zeros(len(column), np.bool_)
            values[name][found.primary[differ]] = np.nan
            disputed[need][found.primary[differ]] = True
    return replace(
        given,
        veto=veto,
        disputed=disputed,
        actual=values["actual"],
        awarded=values["awarded"],
        benchmark=values["benchmark"],
    )


def _differ(one: Floats, other: Floats) -> Flags:
    """Tell where both are there and are not the same within the slack."""
    found: Flags = np.abs(one - other) > slack_of(one, other)
    return found


def disputed_rows(source: Ints, rule: Ints, returned: Returned, book: RuleBook) -> Flags:
    """Tell which rows' rule counts with a value that departments differ in."""
    found = np.zeros(len(source), np.bool_)
    for need, flags in returned.disputed.items():
        found |= flags[source] & book.needs(need)[rule]
    return found


def dispute_bounds(
    found: Disputes, items: Items, disputed: Flags, book: RuleBook, ends: tuple[Floats, Floats]
) -> None:
    """Set (in place) the attainment at least and at most of disputed rows to what each value gives.

    A value that cannot be used, and a rank, leave it open: from 0 to the cap.
    """
    place = np.full(len(found.given.actual), -1, np.int64)
    place[items.source[disputed]] = np.flatnonzero(disputed)
    known = place[found.primary] >= 0
    primary, other = found.primary[known], found.other[known]
    row, source = np.tile(place[primary], 2), np.concatenate([primary, other])
    tried = Items(
        items.rule[row], source, items.target[row], items.operator[row], items.way[row],
        items.share[row], items.peers[row], items.count[row], items.base[row],
    )  # fmt: skip
    attained = attain(tried, found.given, book)
    open_rows = (attained.outcome != SCORED) | assumed(tried, attained, found.given, book)
    open_rows |= book.among_peers()[tried.rule]
    least, most = ends
    least[row], most[row] = np.inf, -np.inf
    np.minimum.at(least, row, np.where(open_rows, book.least(tried.rule), attained.attainment))
    np.maximum.at(
        most, row, np.where(open_rows, book.most(tried.rule, tried.share), attained.attainment)
    )
