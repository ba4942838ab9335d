"""What share of a target is expected on a day by the milestones that the notice prints."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date
from itertools import accumulate

import numpy as np
import pandas as pd

from schemas.records.rows import MilestoneRow
from schemas.tables.frames import rows_as
from scoring.model.columns import Flags, Floats, Words
from scoring.model.inputs import HIGHER, Rows

_PERIOD = re.compile("([0-9]{4})-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>0[1-9]|1[0-2]))")
_MONTHS = {"quarter": 3, "half": 6, "month": 1}

#: A milestone's day, as a number, and what is to be reached by then.
Step = tuple[int, float]


def set_milestones(
    due: Floats, rows: Rows, milestones: pd.DataFrame, sums: Flags, as_of: date
) -> None:
    """Set (in place) what is due of rows with milestones: what they ask for, by the target.

    Of a sum that lies on the line between the milestones, from nought at the year's beginning to
    the target at its end; of a rate or a level it is the latest milestone that is over, or the
    first one. Milestones in doubt or in another unit say nothing, nor does any where less is
    better or the target is not above 0.
    """
    years = rows.years()
    for row, steps in _steps(rows, milestones).items():
        target = float(rows.target[row])
        if rows.way[row] != HIGHER or not target > 0:
            continue
        year = int(years[rows.documents.codes[row]])
        aim = _of_sum(year, steps, target, as_of) if sums[row] else _latest(steps, as_of)
        due[row] = min(max(aim / target, 0.0), 1.0)


def _of_sum(year: int, steps: Sequence[Step], target: float, as_of: date) -> float:
    first, last = date(year, 1, 1).toordinal() - 1, date(year, 12, 31).toordinal()
    known = {first: 0.0, last: target} | dict(steps)
    days = sorted(known)
    return float(np.interp(as_of.toordinal(), days, [known[day] for day in days]))


def _latest(steps: Sequence[Step], as_of: date) -> float:
    over = [value for day, value in steps if day <= as_of.toordinal()]
    return over[-1] if over else steps[0][1]


def _steps(rows: Rows, milestones: pd.DataFrame) -> dict[int, list[Step]]:
    """Return each row's milestones by day; periods' own figures summed up."""
    if len(milestones) == 0:
        return {}
    cells = _cells(rows)
    units = rows.columns.words("target_unit")
    found: dict[int, list[tuple[int, float, bool]]] = {}
    for each in rows_as(MilestoneRow, milestones):
        row = cells.get((each["document_id"], each["serial_no"], each["entity"]))
        day, value = end_of(each["period"]), each["value"]
        if row is None or day is None or value is None:
            continue
        if _is_usable(each, _unit(units, row)):
            found.setdefault(row, []).append((day.toordinal(), value, each["cumulative"]))
    return {row: _reached(sorted(steps)) for row, steps in found.items()}


def _cells(rows: Rows) -> dict[tuple[str, int, str], int]:
    everything = np.arange(len(rows))
    documents, entities = rows.documents.at(everything), rows.entities.at(everything)
    keys = zip(map(str, documents), rows.serial.tolist(), map(str, entities), strict=True)
    return {key: row for row, key in enumerate(keys)}


def _unit(units: Words, row: int) -> str | None:
    code = units.codes[row]
    return units.values[code] if code >= 0 else None


def _is_usable(milestone: MilestoneRow, unit: str | None) -> bool:
    return not milestone["needs_review"] and milestone["unit"] in (None, unit)


def _reached(steps: Sequence[tuple[int, float, bool]]) -> list[Step]:
    """Return what is reached by each day, figures of one period alone added up."""
    if any(so_far for *_, so_far in steps):
        return [(day, value) for day, value, so_far in steps if so_far]
    sums = accumulate(value for _, value, _ in steps)
    return [(day, value) for (day, *_), value in zip(steps, sums, strict=True)]


def end_of(period: str) -> date | None:
    """Return the last day of a period such as 2020-Q1, 2020-H1 or 2020-06; None for any other."""
    match = _PERIOD.fullmatch(period)
    if match is None:
        return None
    (kind, number) = next((kind, n) for kind, n in match.groupdict().items() if n is not None)
    year, month = int(match[1]), int(number) * _MONTHS[kind]
    return date(year, month, calendar.monthrange(year, month)[1])
