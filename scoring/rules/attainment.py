"""How far targets are attained, over columns: each row by the method of its rule.

Whoever calls brings the columns together; nothing here knows where a row came from.
"""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Flags, Floats, Ints
from scoring.model.items import INVALID, NOT_RECEIVED, SCORED, UNREADABLE, Attained, Items, Returned
from scoring.rules.book import RuleBook
from scoring.rules.method_rows import MethodRows, compare
from scoring.rules.registry import METHOD_CODES, METHODS


def attain(items: Items, returned: Returned, book: RuleBook) -> Attained:
    """Return attainment and outcome of every row, without vetoes.

    A row without a rule, or whose rule needs a target's value where there is none, is
    UNREADABLE; one with something unusable is INVALID; one that lacks a value NOT_RECEIVED.
    """
    codes = book.methods()[items.rule]
    attainment = np.full(len(codes), np.nan)
    outcome = np.full(len(codes), UNREADABLE, np.int64)
    for name, method in METHODS.items():
        rows = np.flatnonzero(codes == METHOD_CODES[name])
        if method.arithmetic is None or len(rows) == 0:
            continue
        of_method = MethodRows(items, returned, book.rules, rows)
        found, impossible = method.arithmetic.attain(of_method)
        found = _over_threshold(of_method, found)
        attainment[rows] = found
        outcome[rows] = _outcome(of_method, book, found, impossible)
    attainment[outcome != SCORED] = np.nan
    return Attained(attainment, outcome)


def assumed(items: Items, attained: Attained, returned: Returned, book: RuleBook) -> Flags:
    """Tell which scored rows rest on what a rule that nobody declared assumes.

    They may come to all that the rule can give, or to nothing.
    """
    codes, found = book.methods()[items.rule], np.zeros(len(items.rule), np.bool_)
    open_rows = (attained.outcome == SCORED) & book.assuming()[items.rule]
    for name, method in METHODS.items():
        rows = np.flatnonzero(open_rows & (codes == METHOD_CODES[name]))
        if method.assumed is None or len(rows) == 0:
            continue
        of_method = MethodRows(items, returned, book.rules, rows)
        found[rows] = method.assumed.tells(of_method, attained.attainment[rows])
    return found


def set_without_base(
    items: Items,
    attained: Attained,
    returned: Returned,
    book: RuleBook,
    ends: tuple[Floats, Floats],
) -> None:
    """Set (in place) the ends of rows that lack nothing but last year's value."""
    codes = book.methods()[items.rule]
    for name, method in METHODS.items():
        rows = np.flatnonzero((attained.outcome == UNREADABLE) & (codes == METHOD_CODES[name]))
        if method.without_base is None or len(rows) == 0:
            continue
        found = method.without_base.ends(MethodRows(items, returned, book.rules, rows))
        for end, values in zip(ends, found, strict=True):
            end[rows] = np.where(np.isnan(values), end[rows], values)


def _over_threshold(rows: MethodRows, found: Floats) -> Floats:
    """Return the attainment, 0 where a threshold is missed; NaN where nobody knows."""
    least = rows.parameter("threshold")
    if np.isnan(least).all():
        return found
    missed = compare(rows.ratio(), least)
    over = np.where(missed < 0, 0.0, np.where(np.isnan(rows.ratio()), np.nan, found))
    return np.where(np.isnan(least), found, over)


def _outcome(rows: MethodRows, book: RuleBook, found: Floats, impossible: Flags | None) -> Ints:
    """Return the status of the rows of one method."""
    received = ~np.isnan(found)
    unusable = rows.returned.infinite[rows.source]
    counts = book.needs("actual_value")[rows.rule]
    unusable |= counts & rows.returned.wordy[rows.source]
    unusable |= counts & rows.items.count[rows.rows] & (rows.actual < 0)
    if impossible is not None:
        unusable |= impossible
    for name, flags in rows.returned.disputed.items():
        unusable |= flags[rows.source] & book.needs(name)[rows.rule]
    outcome = np.where(received, SCORED, NOT_RECEIVED)
    outcome[unusable] = INVALID
    if not received.all():
        outcome[~received & _uncountable(rows, book)] = UNREADABLE
    return outcome


def _uncountable(rows: MethodRows, book: RuleBook) -> Flags:
    """Tell where there is no value of the target, or of the year before, to count with."""
    without: Flags = book.with_target()[rows.rule] & np.isnan(rows.target)
    without |= book.with_ratio()[rows.rule] & ~(rows.target > 0)
    without |= book.with_base()[rows.rule] & np.isnan(rows.base) & ~_waits_for_value(rows, book)
    return without


def _waits_for_value(rows: MethodRows, book: RuleBook) -> Flags:
    """Tell where nothing came of which a rule is the best, which may do without last year's."""
    return book.flags("take", "best")[rows.rule] & np.isnan(rows.actual)
