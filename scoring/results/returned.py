"""Returned values as traces hold them, and where a value of the year before comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from schemas.records.traced import ReturnSource, TracedBase, TracedReturn
from schemas.tables.frames import records
from scoring.engine import Scored
from scoring.model.columns import Ints
from scoring.results.standing import first_days, withheld_lines
from scoring.returns.last_year import LastYear
from scoring.returns.withheld import EPOCH

Row = Mapping[str, Any]
#: Fields of a traced return and of its source, and their columns in the returns.
ACTUAL = {
    "value": "actual_value",
    "text": "actual_text",
    "awarded_pct": "awarded_pct",
    "benchmark_value": "benchmark_value",
    "veto": "veto",
    "grounds": "grounds",
    "department": "department",
    "revision": "revision",
    "sample": "sample",
    "indicator": "indicator",
    "serial_no": "serial_no",
    "reported_by": "reported_by",
    "approved_by": "approved_by",
    "evidence": "evidence",
}
SOURCE = {
    "name": "source_name",
    "sheet": "source_sheet",
    "row": "source_row",
    "sha256": "source_sha256",
}


#: What a trace keeps of a row of the returns.
KEPT = (
    *("document_id", "part_no", "received_on", "approved_on"),
    *(*ACTUAL.values(), *SOURCE.values()),
)


def traced_return(row: Row) -> TracedReturn:
    """Return a row of the returns as a trace holds it.

    Where it came late the row has ``days_late`` and the day of its line's ``first_on``.
    """
    return TracedReturn(
        **{name: finite(row.get(column)) for name, column in ACTUAL.items()},
        received_on=row["received_on"].isoformat(),
        approved_on=_iso(row.get("approved_on")),
        source=ReturnSource(**{name: row[column] for name, column in SOURCE.items()}),
        days_late=row.get("days_late"),
        first_on=_iso(row.get("first_on")),
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def returned_rows(
    frame: pd.DataFrame, first_on: Ints, deadlines: Mapping[str, date]
) -> list[dict[str, Any]]:
    """Return returns as plain values, with how late each came and when its line came first.

    ``first_on`` is in days since 1970.
    """
    rows = records(frame, KEPT)
    if not deadlines:
        return rows
    for row, day in zip(rows, first_on.tolist(), strict=True):
        deadline, first = deadlines.get(row["document_id"], date.max), EPOCH + timedelta(days=day)
        if row["received_on"] > deadline:
            row["days_late"] = (row["received_on"] - deadline).days
            row["first_on"] = first if first < row["received_on"] else None
    return rows


def finite(value: Any) -> Any:
    """Return a value as it is, None for a number that is none (JSON has no sign for it)."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def traced_base(before: LastYear | None, target: Row) -> TracedBase:
    """Return where a value of the year before comes from: another year's return, or the notice."""
    if before is None:
        return TracedBase(text=target["base_text"], label=target["base_label"])
    returned = traced_return(before.returned)
    return TracedBase(None, None, before.year, before.document_id, before.serial_no, returned)


class TracedReturns:
    """The returns behind scores as traces hold them, by their place in the returns."""

    def __init__(self, scored: Scored) -> None:
        latest, items, disputes = scored.latest, scored.parts.items, scored.latest.disputes
        used = np.unique([*latest.whole, *items.source, *disputes.other])
        used = used[used >= 0]
        rows = _rows_of(scored, scored.inputs.returns.iloc[used])
        self._rows = dict(zip(used.tolist(), rows, strict=True))
        self._withheld: dict[int, list[TracedReturn]] = {}
        waiting, returns = withheld_lines(scored)
        for place, row in zip(waiting.tolist(), _rows_of(scored, returns), strict=True):
            made = replace(traced_return(row), part_no=row["part_no"])
            self._withheld.setdefault(place, []).append(made)
        self._others: dict[int, list[int]] = {}
        for primary, other in zip(disputes.primary.tolist(), disputes.other.tolist(), strict=True):
            self._others.setdefault(primary, []).append(other)

    def is_part(self, source: int) -> bool:
        """Tell whether a return is of a part."""
        return source >= 0 and self._rows[source]["part_no"] is not None

    def actual(self, source: int) -> TracedReturn | None:
        """Return what was returned there; -1 for nothing."""
        return None if source < 0 else traced_return(self._rows[source])

    def others(self, source: int) -> tuple[TracedReturn, ...]:
        """Return what other departments returned for the same line."""
        return tuple(traced_return(self._rows[other]) for other in self._others.get(source, ()))

    def withheld(self, row: int) -> tuple[TracedReturn, ...]:
        """Return what was returned for a target and does not count as nobody approved it."""
        return tuple(self._withheld.get(row, ()))


def _rows_of(scored: Scored, returns: pd.DataFrame) -> list[dict[str, Any]]:
    return returned_rows(returns, first_days(scored, returns), scored.inputs.deadlines)
