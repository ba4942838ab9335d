"""How far targets are attained, over columns: each row by the method of its rule.

Whoever calls brings the columns together; nothing here knows where a row came from.
"""

from __future__ import annotations

import numpy as np

from scoring.model.columns import Flags, Floats, Ints
from scoring.model.items import INVALID, NOT_RECEIVED, SCORED, UNREADABLE, Attained, Items, Returned
from scoring.rules.book import RuleBook
from scoring.rules.method import Method
from scoring.rules.method_rows import MethodRows
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
        attainment[rows] = found
        outcome[rows] = _outcome(method, of_method, found, impossible)
    attainment[outcome != SCORED] = np.nan
    return Attained(attainment, outcome)


def _outcome(method: Method, rows: MethodRows, found: Floats, impossible: Flags | None) -> Ints:
    """Return the status of the rows of one method."""
    received = ~np.isnan(found)
    unusable = rows.returned.infinite[rows.source]
    if "actual_value" in method.needs:
        unusable |= rows.returned.wordy[rows.source]
        unusable |= rows.items.count[rows.rows] & (rows.actual < 0)
    if impossible is not None:
        unusable |= impossible
    for name, flags in rows.returned.disputed.items():
        if name in method.needs:
            unusable |= flags[rows.source]
    outcome = np.where(received, SCORED, NOT_RECEIVED)
    outcome[unusable] = INVALID
    if method.target and not received.all():
        outcome[~received & _without_target(rows)] = UNREADABLE
    return outcome


def _without_target(rows: MethodRows) -> Flags:
    """Tell where there is no target's value to count with."""
    by_ratio = rows.flag("by", "ratio")
    return ~rows.flag("by", "value") & (np.isnan(rows.target) | (by_ratio & (rows.target <= 0)))
