"""Returned values as traces hold them, and where a value of the year before comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

import numpy as np
import pandas as pd

from schemas.records.rows import ReturnRow, TargetRow
from schemas.records.traced import ReturnSource, TracedBase, TracedReturn
from schemas.tables.frames import rows_as
from scoring.engine import Scored
from scoring.model.columns import Ints
from scoring.results.standing import first_days, withheld_lines
from scoring.returns.last_year import LastYear
from scoring.returns.withheld import EPOCH

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


@dataclass(frozen=True, slots=True)
class DatedReturn:
    """A row of the returns; where it came late so long, and the day on which its line came first.

    ``first_on`` only where that was another day.
    """

    row: ReturnRow
    days_late: int | None = None
    first_on: date | None = None

    def traced(self, part_no: int | None = None) -> TracedReturn:
        """Return it as a trace holds it; ``part_no`` where it stands for itself."""
        row = self.row
        return TracedReturn(
            value=_finite(row["actual_value"]),
            text=row["actual_text"],
            awarded_pct=_finite(row["awarded_pct"]),
            benchmark_value=_finite(row["benchmark_value"]),
            veto=row["veto"],
            grounds=row["grounds"],
            department=row["department"],
            received_on=row["received_on"].isoformat(),
            revision=row["revision"],
            sample=row["sample"],
            indicator=row.get("indicator"),
            serial_no=row["serial_no"],
            source=ReturnSource(
                row["source_name"], row["source_sheet"], row["source_row"], row["source_sha256"]
            ),
            reported_by=row.get("reported_by"),
            approved_by=row.get("approved_by"),
            approved_on=_iso(row.get("approved_on")),
            evidence=row.get("evidence"),
            days_late=self.days_late,
            first_on=_iso(self.first_on),
            part_no=part_no,
        )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def dated_returns(
    frame: pd.DataFrame, first_on: Ints, deadlines: Mapping[str, date]
) -> list[DatedReturn]:
    """Return returns with how late each came and when its line came first.

    ``first_on`` is in days since 1970.
    """
    rows = rows_as(ReturnRow, frame, KEPT)
    if not deadlines:
        return [DatedReturn(row) for row in rows]
    return [
        _dated(row, deadlines.get(row["document_id"], date.max), EPOCH + timedelta(days=day))
        for row, day in zip(rows, first_on.tolist(), strict=True)
    ]


def _dated(row: ReturnRow, deadline: date, first: date) -> DatedReturn:
    received = row["received_on"]
    if received <= deadline:
        return DatedReturn(row)
    return DatedReturn(row, (received - deadline).days, first if first < received else None)


def _finite(value: float | None) -> float | None:
    """Return a number as it is, None for one that is none (JSON has no sign for it)."""
    return None if value is None or not isfinite(value) else value


def traced_base(before: LastYear | None, target: TargetRow) -> TracedBase:
    """Return where a value of the year before comes from: another year's return, or the notice."""
    if before is None:
        return TracedBase(text=target["base_text"], label=target["base_label"])
    returned = DatedReturn(before.returned).traced()
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
            self._withheld.setdefault(place, []).append(row.traced(row.row["part_no"]))
        self._others: dict[int, list[int]] = {}
        for primary, other in zip(disputes.primary.tolist(), disputes.other.tolist(), strict=True):
            self._others.setdefault(primary, []).append(other)

    def is_part(self, source: int) -> bool:
        """Tell whether a return is of a part."""
        return source >= 0 and self._rows[source].row["part_no"] is not None

    def actual(self, source: int) -> TracedReturn | None:
        """Return what was returned there; -1 for nothing."""
        return None if source < 0 else self._rows[source].traced()

    def others(self, source: int) -> tuple[TracedReturn, ...]:
        """Return what other departments returned for the same line."""
        return tuple(self._rows[other].traced() for other in self._others.get(source, ()))

    def withheld(self, row: int) -> tuple[TracedReturn, ...]:
        """Return what was returned for a target and does not count as nobody approved it."""
        return tuple(self._withheld.get(row, ()))


def _rows_of(scored: Scored, returns: pd.DataFrame) -> list[DatedReturn]:
    return dated_returns(returns, first_days(scored, returns), scored.inputs.deadlines)
