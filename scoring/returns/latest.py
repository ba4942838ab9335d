"""The returns that count: of each line the latest received by the as-of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from scoring.model.columns import Columns, Flags, Floats, Ints, Numbering
from scoring.model.inputs import Rows
from scoring.model.items import Returned
from scoring.returns.attribution import attribute
from scoring.returns.disputes import Disputes, disputes, resolved

#: The columns of the returns that scoring looks at.
RETURNED = (
    *("document_id", "serial_no", "entity", "part_no", "actual_value", "actual_text"),
    *("awarded_pct", "benchmark_value", "veto", "received_on", "revision"),
    *("department", "indicator"),
)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Latest:
    """What counts of the returns.

    ``whole`` is each target's row in the returns, -1 for none. ``part`` leads from (target's row,
    part) to it, see :meth:`of_parts`. ``unmatched`` are rows received in time for which there is
    no target; ``received`` all that were received in time. ``fit`` tells of every row how it fits
    (:mod:`scoring.returns.attribution`). ``disputes`` are other departments' returns of the same
    lines.
    """

    returned: Returned
    whole: Ints
    unmatched: Ints
    received: Ints
    fit: Ints
    disputes: Disputes
    _rows: Ints
    _targets: Ints
    _parts: Ints

    def of_parts(self, targets: Ints, part_no: Ints) -> Ints:
        """Return the rows in the returns of parts, each by its target's row and number from 1."""
        if len(targets) == 0:
            return np.zeros(0, np.int64)
        width = int(part_no.max()) + 1
        numbering = Numbering(targets, part_no, width)
        latest = np.full(numbering.size, -1, np.int64)
        numbers = numbering.of(self._targets, self._parts)
        latest[numbers[numbers >= 0]] = self._rows[numbers >= 0]
        return latest[numbering.numbers]


def latest_returns(returns: pd.DataFrame, rows: Rows, as_of: date) -> Latest:
    """Match the returns received by the end of ``as_of`` with the targets, the latest of each line.

    A line is an indicator, an entity and a part; its latest return is the one received last, and
    of several on one day that with the highest revision. Of several departments the latest of
    each counts, see :mod:`scoring.returns.disputes`. A target that has no parts may be returned as
    part 1.
    """
    columns = Columns(returns, RETURNED)
    order = _in_order(columns, as_of)
    attribution = attribute(columns, rows)
    target = attribution.target[order]
    part = columns.ints("part_no")[order]
    known = target >= 0
    returned = _returned(columns)
    department = columns.words("department").codes
    found = disputes(order[known], target[known], part[known], department, returned)
    unmatched = order[~known]
    if len(found.primary):  # what is empty goes first, so that it is not the last of its line
        first = np.isin(order, found.aside)
        again = np.argsort(~first, kind="stable")
        order, target, part, known = order[again], target[again], part[again], known[again]
    whole = np.full(len(rows), -1, np.int64)
    as_whole = known & (part <= 1)
    whole[target[as_whole]] = order[as_whole]  # the last one of a line stays
    return Latest(
        resolved(found),
        whole,
        unmatched,
        order,
        attribution.fit,
        found,
        order[known & (part > 0)],
        target[known & (part > 0)],
        part[known & (part > 0)],
    )


def _in_order(columns: Columns, as_of: date) -> Ints:
    """Return the rows received in time, the latest last."""
    received = columns.days("received_on")
    last_day = (as_of - _EPOCH).days
    order = np.arange(len(columns))
    if len(order) == 0:
        return order
    revision = columns.ints("revision")
    when = received.astype(np.int64) * (int(revision.max()) + 1) + revision
    if (np.diff(when) < 0).any():
        order = np.argsort(when, kind="stable")
    late = received > last_day
    return order[~late[order]] if late.any() else order


def _returned(columns: Columns) -> Returned:
    names = ("actual_value", "awarded_pct", "benchmark_value")
    actual, awarded, benchmark = (columns.floats(name) for name in names)
    infinite = np.isinf(actual) | np.isinf(awarded) | np.isinf(benchmark)
    wordy = columns.missing("actual_value") & ~columns.missing("actual_text")
    return Returned(
        actual=_with_none(actual),
        awarded=_with_none(awarded),
        benchmark=_with_none(benchmark),
        veto=_and_none(columns.flags("veto")),
        wordy=_and_none(wordy),
        infinite=_and_none(infinite),
    )


def _with_none(values: Floats) -> Floats:
    return np.append(values, np.nan)


def _and_none(flags: Flags) -> Flags:
    return np.append(flags, False)
