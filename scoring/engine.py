"""Scoring: targets, indicators and returns in, points, intervals and lights out, by columns.

Nothing is read or written here, and no row is looked at by itself. :mod:`scoring.results.frames`
makes the frames of the contract from what this returns, traces included;
:mod:`scoring.results.scorecards` sums.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from scoring.model.columns import Flags, Floats, Ints, Numbering
from scoring.model.inputs import NOT_ASSESSED as WITHOUT
from scoring.model.inputs import UNKNOWN, Rows, read_rows
from scoring.model.items import INVALID, NOT_APPLIED, NOT_ASSESSED, SCORED, Attained, Items
from scoring.points.accumulation import is_sum
from scoring.points.alternatives import bounds, in_doubt, other_way, read_readings, widen
from scoring.points.lights import GREEN, GREY, RED, YELLOW, lights, paces
from scoring.points.milestones import set_milestones
from scoring.points.parts import Means, means, read_parts
from scoring.points.rank_groups import RankGroups, rank_groups
from scoring.points.shares import Shares, share_points
from scoring.returns.disputes import dispute_bounds, disputed_rows
from scoring.returns.latest import Latest, latest_returns
from scoring.returns.withheld import still_withheld
from scoring.rules.attainment import assumed, attain, set_without_base
from scoring.rules.effective import Effective, resolve
from scoring.rules.method_rows import MethodRows, of_share, placeable
from scoring.rules.notice_rules import NoticeRules
from scoring.rules.registry import METHOD_CODES, METHODS
from scoring.scored import Inputs, Scored
from scoring.weighed import weighed

__all__ = ["Inputs", "Scored", "score"]


def score(inputs: Inputs) -> Scored:
    """Score every target as of a day, of the year or of its periods as their notice declares it.

    See ``Refusal``s of the functions this calls.
    """
    year = _score_day(inputs)
    return weighed(year, _score_day) if inputs.periods else year


def _score_day(inputs: Inputs) -> Scored:
    as_of = inputs.as_of
    rules = _in_force(inputs)
    rows = read_rows(inputs.targets, inputs.indicators)
    effective = resolve(rows, rules, as_of, inputs.targets, inputs.methods)
    latest = latest_returns(inputs.returns, rows, as_of)
    shares = share_points(rows, rules)
    groups = rank_groups(rows, inputs.rank_groups)
    items = _items(rows, effective, shares, latest, groups)
    attained = attain(items, latest.returned, effective.book)
    least, most, still_open = _bounds(items, attained, latest, effective)
    if (items.way == UNKNOWN).any():
        turned = other_way(items)
        found = attain(turned, latest.returned, effective.book)
        low, high, _ = _bounds(turned, found, latest, effective)
        least, most = np.minimum(least, low), np.maximum(most, high)
    parts = read_parts(rows, effective, shares, latest)
    veto = latest.returned.veto[latest.whole]
    of_parts = means(parts, effective, latest)
    unsure = (effective.way == UNKNOWN) | assumed(items, attained, latest.returned, effective.book)
    unsure[of_parts.rows] |= of_parts.unsure
    _put_together(of_parts, attained, least, most, veto)
    veto &= rows.status != WITHOUT
    _hold_open(effective, attained, shares, least, most)
    _take(rows, effective, attained, least, most)
    _settle(rows, attained, (least, most), veto)
    points = shares.points * attained.attainment
    low, high = _interval(shares.points * least, shares.points * most)
    readings = None
    if inputs.alternatives is not None and len(inputs.alternatives):
        read, others = read_readings(inputs.alternatives, rows, effective, shares)
        own = (least, most)
        readings = bounds(read, others, latest.returned, effective, latest.whole, own)
        readings = widen(readings, low, high, veto)
        unsure[readings.row[readings.of_target]] = True
        least, most = in_doubt(readings, least, most)
    due, sums, light = _paced(inputs, rows, effective, attained, (least, most), unsure)
    light[veto] = RED
    return Scored(
        inputs, rows, effective, shares, latest, groups, parts, readings, items.peers, still_open,
        attained.outcome, veto, attained.attainment, points, low, high, light, due, sums,
        None, *_withheld(inputs, rows),
    )  # fmt: skip


def _in_force(inputs: Inputs) -> Mapping[str, NoticeRules]:
    """Return the notices' own rules that have begun by the day."""
    return {name: own for name, own in inputs.rules.items() if own.since <= inputs.as_of}


def _withheld(inputs: Inputs, rows: Rows) -> tuple[Latest | None, pd.DataFrame]:
    """Return what there is for each row of returns that wait for approval, and these."""
    if inputs.withheld is None:
        return None, inputs.returns.iloc[:0]
    waiting = still_withheld(inputs.returns, inputs.withheld, inputs.as_of)
    return latest_returns(waiting, rows, inputs.as_of), waiting


def _paced(
    inputs: Inputs,
    rows: Rows,
    effective: Effective,
    attained: Attained,
    ends: tuple[Floats, Floats],
    unsure: Flags,
) -> tuple[Floats, Flags, Ints]:
    """Return what is due of each row by the day, whether as the year passes, and its light.

    Green claims nothing that a decision may turn: points that are provisional, and those that are
    ``unsure`` unless both ends show the same, are yellow at best.
    """
    sums = is_sum(rows, inputs.accumulates)
    of_year, green, yellow = (
        each[rows.documents.codes]
        for each in paces(rows, _in_force(inputs), inputs.as_of, effective.edition)
    )
    due = np.where(sums, of_year, 1.0)
    if inputs.milestones is not None:
        set_milestones(due, rows, inputs.milestones, sums, inputs.as_of)
    light = lights(attained.attainment, due, green, yellow)
    turned = attained.outcome == NOT_APPLIED
    if unsure.any():
        least, most = (lights(end, due, green, yellow) for end in ends)
        turned |= unsure & (least != most)
    light[turned & (light == GREEN)] = YELLOW
    light[rows.on_top] = GREY  # nothing is due of what comes on top
    return due, sums, light


def _items(
    rows: Rows, effective: Effective, shares: Shares, latest: Latest, groups: RankGroups
) -> Items:
    return Items(
        rule=effective.rule,
        source=latest.whole,
        target=rows.target,
        operator=effective.operator,
        way=effective.way,
        share=shares.points,
        peers=_peers(rows, effective, groups),
        count=rows.count,
        base=rows.base,
    )


def _peers(rows: Rows, effective: Effective, groups: RankGroups) -> Ints:
    """Number who is ranked with whom: one indicator's entities of one rank group, or all.

    They may have rules of their own: whoever counts among others does so among all of these.
    """
    book = effective.book
    ranked = book.among_peers()[effective.rule]
    if not ranked.any():
        return np.full(len(rows), -1, np.int64)
    group = groups.of_rows(rows, book.over_all()[effective.rule])
    return np.where(ranked, Numbering(group, rows.serial, rows.width).numbers, -1)


def _bounds(
    items: Items, attained: Attained, latest: Latest, effective: Effective
) -> tuple[Floats, Floats, Ints]:
    """Return the attainment at least and at most, and how many ranked rows are waited for."""
    least, most = _ends(items, attained, latest, effective)
    _bound_disputes(latest, items, effective, least, most)
    return least, most, _bound_peers(items, attained, latest, effective, (least, most))


def _ends(
    items: Items, attained: Attained, latest: Latest, effective: Effective
) -> tuple[Floats, Floats]:
    """Return the attainment at least and at most: of the rule where it is not known for sure."""
    book = effective.book
    open_rows = np.isnan(attained.attainment) | assumed(items, attained, latest.returned, book)
    least = np.where(open_rows, book.least(items.rule), attained.attainment)
    most = np.where(open_rows, book.most(items.rule, items.share), attained.attainment)
    set_without_base(items, attained, latest.returned, book, (least, most))
    return least, most


def _bound_disputes(
    latest: Latest, items: Items, effective: Effective, least: Floats, most: Floats
) -> None:
    """Set (in place) the ends of rows whose values departments differ in to what each gives."""
    if not latest.returned.disputed:
        return
    disputed = disputed_rows(items.source, items.rule, latest.returned, effective.book)
    dispute_bounds(latest.disputes, items, disputed, effective.book, (least, most))


def _bound_peers(
    items: Items,
    attained: Attained,
    latest: Latest,
    effective: Effective,
    ends: tuple[Floats, Floats],
) -> Ints:
    """Count whose value a ranked row waits for, and set (in place) what it may come to by them."""
    book, (least, most) = effective.book, ends
    found = np.zeros(len(items.rule), np.int64)
    ranked = np.flatnonzero(book.among_peers()[items.rule])
    if len(ranked) == 0:
        return found
    placed = placeable(latest.returned.actual[items.source[ranked]], items.count[ranked])
    peers, missing = items.peers[ranked], np.isnan(placed)
    found[ranked] = np.bincount(peers, missing).astype(np.int64)[peers] - missing
    for name, method in METHODS.items():
        rows = ranked[book.methods()[items.rule[ranked]] == METHOD_CODES[name]]
        if method.peers.ends is None or len(rows) == 0:
            continue
        all_of_them = MethodRows(items, latest.returned, book.rules, rows)
        low, high = method.peers.ends(all_of_them, attained.attainment[rows], found[rows])
        known = ~np.isnan(attained.attainment[rows])
        own, low, high = rows[known], low[known], high[known]
        least[own], most[own] = np.minimum(low, least[own]), np.maximum(high, most[own])
    return found


def _take(
    rows: Rows, effective: Effective, attained: Attained, least: Floats, most: Floats
) -> None:
    """Turn (in place) what minus items attain into what they take: 0 to -1 of their cap.

    An award is what is taken; any other rule says what is left.
    """
    minus = np.flatnonzero(rows.minus)
    if len(minus) == 0:
        return
    awards = effective.book.awards()[effective.rule[minus]]
    for values in (attained.attainment, least, most):
        values[minus] = np.where(awards, -values[minus], values[minus] - 1)


def _put_together(
    found: Means, attained: Attained, least: Floats, most: Floats, veto: Flags
) -> None:
    """Set (in place) what the parts of compound targets come to."""
    rows = found.rows
    attained.attainment[rows] = found.attained.attainment
    attained.outcome[rows] = found.attained.outcome
    invalid = found.attained.outcome == INVALID
    least[rows] = np.where(invalid, 0.0, found.low)
    most[rows] = found.high
    veto[rows] |= found.veto


def _hold_open(
    effective: Effective, attained: Attained, shares: Shares, least: Floats, most: Floats
) -> None:
    """Mark (in place) what is scored by the general rule though the notice prints a method.

    Such points are provisional: they may be all or nothing, and what a bonus could give, up to the
    most that the text gives.
    """
    rows = np.flatnonzero(effective.provisional())
    attained.outcome[rows[attained.outcome[rows] == SCORED]] = NOT_APPLIED
    beyond = of_share(effective.beyond()[rows], shares.points[rows])
    least[rows] = np.minimum(least[rows], 0.0)
    most[rows] = np.maximum(most[rows], 1.0 + np.nan_to_num(beyond))
    share = shares.points[rows]
    limit = np.full(len(rows), np.inf)
    np.divide(effective.limits()[rows], share, out=limit, where=share > 0)
    for values in (attained.attainment, most):
        values[rows] = np.minimum(values[rows], limit)


def _settle(rows: Rows, attained: Attained, ends: tuple[Floats, Floats], veto: Flags) -> None:
    """Set (in place) what a veto and a target that is not assessed come to."""
    for values in (attained.attainment, *ends):
        values[veto] = 0.0
    attained.outcome[veto] = SCORED
    without = rows.status == WITHOUT
    attained.outcome[without] = np.where(rows.on_top[without], NOT_APPLIED, NOT_ASSESSED)
    attained.attainment[without] = np.nan


def _interval(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return the ends in order: points may be to be lost, too."""
    if (low > high).any():
        return np.minimum(low, high), np.maximum(low, high)
    return low, high
