"""A year whose periods have weights: each is scored by itself, as of its own day, and summed.

By the end of a period a sum (an amount, a count) is held against the share of the target that is
due then, by the notice's milestones, the declared plan, or the months that are over; a level and a
rate against the target itself or its milestone. Where a rule has bounds of its own for the year's
figure, or counts the target by parts, nobody knows those of a period: such a row is of the whole
year. What is on top of the whole is, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa

from common.refusal import refusal
from schemas.vocabulary import ScoreStatus
from scoring.model.columns import Flags, Floats, Ints
from scoring.model.inputs import NOT_ASSESSED, Rows
from scoring.model.items import STATUSES
from scoring.points.alternatives import Readings, rows_of
from scoring.points.lights import expected
from scoring.points.milestones import set_milestones
from scoring.points.periods import RECEIVED, WORST_FIRST, Period
from scoring.scored import Inputs, OfPeriod, Scored, Weighed

_MONTHS = 12


def weighed(year: Scored, score_day: Callable[[Inputs], Scored]) -> Scored:
    """Return the scores of a year with those of its periods put together.

    ``year`` is scored as a whole, as of its day: rows that have no periods stay so. Refusal where
    periods are of another year than the notice.
    """
    rows, names = year.rows, year.rows.documents.values
    nothing = np.zeros(len(rows), np.bool_)
    found = Weighed({}, nothing, nothing.copy(), np.ones(len(rows)))
    status, attainment = year.status.copy(), year.attainment.copy()
    low, high = year.low.copy(), year.high.copy()
    for name, periods in year.inputs.periods.items():
        if name not in names:
            continue
        code = names.index(name)
        _check_year(rows, code, name, periods)
        own = (rows.documents.codes == code) & (rows.status != NOT_ASSESSED) & ~rows.on_top
        dues = [_due(year, code, each) for each in periods]
        fits = own & ~_bounded(year, dues)
        each = tuple(
            _of_period(year, score_day, period, due)
            for period, due in zip(periods, dues, strict=True)
        )
        found.of_document[code] = each
        found.applies[fits], found.whole_year[own & ~fits] = True, True
        chosen = np.flatnonzero(fits & ~year.veto)
        status[chosen], attainment[chosen] = _together(each, chosen)
        found.received[chosen] = _received(each, chosen)
        low[chosen] = sum(one.period.weight * one.scored.low[chosen] for one in each)
        high[chosen] = sum(one.period.weight * one.scored.high[chosen] for one in each)
    return replace(
        year,
        status=status,
        attainment=attainment,
        points=year.shares.points * attainment,
        low=low,
        high=high,
        readings=_without(year.readings, found.applies),
        periods=found,
    )


def _check_year(rows: Rows, code: int, name: str, periods: Sequence[Period]) -> None:
    year = int(rows.years()[code])
    for each in periods:
        if each.end.year != year:
            raise refusal(
                "scoring.period_of_other_year", document=name, period=each.name, year=year
            )


def _due(year: Scored, code: int, period: Period) -> Floats:
    """Return what share of each row's target is due by the end of a period."""
    rows, inputs = year.rows, year.inputs
    own = inputs.rules.get(rows.documents.values[code])
    plan = own.progress if own and own.since <= inputs.as_of else ()
    share = expected(period.end.year, period.end, plan) if plan else period.end.month / _MONTHS
    due = np.where(year.sums, share, 1.0)
    if inputs.milestones is not None:
        set_milestones(due, rows, inputs.milestones, year.sums, period.end)
    return due


def _bounded(year: Scored, dues: Sequence[Floats]) -> Flags:
    """Tell which rows have a target that is not whole in every period, and a rule for the whole."""
    partly = np.any([due != 1.0 for due in dues], axis=0)
    effective = year.effective
    bounded = effective.book.of_year()[effective.rule]
    return np.asarray(partly & bounded, np.bool_)


def _of_period(
    year: Scored, score_day: Callable[[Inputs], Scored], period: Period, due: Floats
) -> OfPeriod:
    inputs = year.inputs
    is_open = period.as_of > inputs.as_of
    scored = score_day(
        replace(
            inputs,
            as_of=inputs.as_of if is_open else period.as_of,
            returns=inputs.returns.iloc[:0] if is_open else inputs.returns,
            withheld=None if is_open else inputs.withheld,
            targets=_scaled(inputs.targets, due),
            alternatives=_other_targets(year, due),
        )
    )
    return OfPeriod(period, scored, is_open)


def _scaled(frame: pd.DataFrame, due: Floats) -> pd.DataFrame:
    """Return targets, or other readings of them, with what is due of their values."""
    values = frame["target_value"].to_numpy(np.float64, na_value=np.nan) * due
    array = pa.array(values, pa.float64(), from_pandas=True)
    column = pd.Series(pd.arrays.ArrowExtensionArray(array), frame.index)
    return frame.assign(target_value=column)


def _other_targets(year: Scored, due: Floats) -> pd.DataFrame | None:
    others = year.inputs.alternatives
    if others is None or others.empty:
        return others
    of_row = np.append(due, 1.0)[rows_of(others, year.rows)]
    return _scaled(others, of_row)


def _together(each: Sequence[OfPeriod], chosen: Ints) -> tuple[Ints, Floats]:
    """Return status and attainment of rows: of the periods that are over, the others open."""
    status = np.full(len(chosen), STATUSES.index(ScoreStatus.NOT_RECEIVED), np.int64)
    over = [one for one in each if not one.open]
    if not over:
        return status, np.full(len(chosen), np.nan)
    for name in reversed(WORST_FIRST):
        code = STATUSES.index(name)
        status[np.any([one.scored.status[chosen] == code for one in over], axis=0)] = code
    summed = np.zeros(len(chosen))
    for one in over:
        summed += one.period.weight * one.scored.attainment[chosen]
    return status, summed


def _received(each: Sequence[OfPeriod], chosen: Ints) -> Floats:
    codes = [STATUSES.index(name) for name in RECEIVED]
    found = np.zeros(len(chosen))
    for one in each:
        if not one.open:
            found += one.period.weight * np.isin(one.scored.status[chosen], codes)
    return found


def _without(readings: Readings | None, applies: Flags) -> Readings | None:
    """Return the readings of rows that have no periods; those of the others are in these."""
    return None if readings is None else readings.kept(~applies[readings.row])
