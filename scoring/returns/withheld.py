"""Returned values that do not count because nobody approved them, where approval is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from scoring.model.columns import Floats, Ints

#: What makes a department's line.
LINE = ("document_id", "serial_no", "entity", "part_no", "department")
#: Days are counted from here.
EPOCH = date(1970, 1, 1)
_ORDER = ("received_on", "revision")


def approved(returns: pd.DataFrame) -> pd.Series[bool]:
    """Tell which returned values somebody approved: a name and a day stand there.

    Without such columns nobody is known to have.
    """
    if "approved_by" not in returns:
        return pd.Series(data=False, index=returns.index)
    return returns["approved_by"].notna() & returns["approved_on"].notna()


def day_numbers(days: pd.Series[Any]) -> Ints:
    """Return a column of days as days since 1970."""
    array: Any = pa.array(days, pa.date32())
    found: Ints = pc.cast(array, pa.int32()).to_numpy(zero_copy_only=False).astype(np.int64)
    return found


def first_received(
    frame: pd.DataFrame, all_returns: pd.DataFrame, ends: Mapping[str, Sequence[date]]
) -> Ints:
    """Return for each return the day on which its department's line was handed in first.

    ``ends`` are the days up to which returns count for a document's periods: what came for another
    period is another line. Where the parts of a target changed between, what came for the whole
    came for each part, and what came for a part for the whole.
    """
    lines = _lines(all_returns, ends).assign(came=day_numbers(all_returns["received_on"]))
    asked, whole = _lines(frame, ends), lines["part_no"].isna()
    of_line = _first(asked, lines, [*LINE, "period"])
    of_whole = _first(asked, lines[whole], _TARGET)
    first = np.where(asked["part_no"].isna(), _first(asked, lines, _TARGET), of_line)
    return np.fmin(first, of_whole).astype(np.int64)


#: What makes a target's line, whatever its parts are.
_TARGET = [*(name for name in LINE if name != "part_no"), "period"]


def _first(asked: pd.DataFrame, lines: pd.DataFrame, key: list[str]) -> Floats:
    """Return the first day on which anything with the same key came; NaN where nothing did."""
    grouped = lines.groupby(key, dropna=False, sort=False, observed=True, as_index=False)
    joined = asked[key].merge(grouped["came"].min(), how="left", on=key)
    return joined["came"].to_numpy(np.float64)


def _lines(frame: pd.DataFrame, ends: Mapping[str, Sequence[date]]) -> pd.DataFrame:
    """Return what makes the lines of returns, with the number of the period they came for."""
    period = np.zeros(len(frame), np.int64)
    came = day_numbers(frame["received_on"])
    for name, days in ends.items():
        own = (frame["document_id"] == name).to_numpy(np.bool_)
        # what comes after the last period is of that one
        last = np.array(sorted((day - EPOCH).days for day in days)[:-1])
        period[own] = np.searchsorted(last, came[own])
    return frame[list(LINE)].assign(period=period)


def still_withheld(returns: pd.DataFrame, withheld: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Return the withheld values that are the latest of their department's line as of a day.

    ``returns`` are those that count. Grain: one a line and department.
    """
    if withheld.empty:
        return withheld
    listed = [*LINE, *_ORDER]
    waiting = withheld[withheld["received_on"] <= as_of]
    both = pd.concat([returns.loc[returns["received_on"] <= as_of, listed], waiting[listed]])
    place = pd.Series(range(len(both)), both.index)
    in_order = both.assign(place=place.to_numpy()).sort_values(list(_ORDER), kind="stable")
    last = in_order.drop_duplicates(list(LINE), keep="last")["place"].to_numpy()
    first = len(both) - len(waiting)
    return waiting.iloc[sorted(last[last >= first] - first)].reset_index(drop=True)
