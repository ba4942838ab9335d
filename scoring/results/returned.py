"""Returned values as traces hold them, and where a value of the year before comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from schemas.records.traced import ReturnSource, TracedBase, TracedReturn
from scoring.returns.last_year import LastYear

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


def traced_return(row: Row) -> TracedReturn:
    """Return a row of the returns as a trace holds it."""
    approved_on = row.get("approved_on")
    return TracedReturn(
        **{name: finite(row.get(column)) for name, column in ACTUAL.items()},
        received_on=row["received_on"].isoformat(),
        approved_on=None if approved_on is None else approved_on.isoformat(),
        source=ReturnSource(**{name: row[column] for name, column in SOURCE.items()}),
    )


def finite(value: Any) -> Any:
    """Return a value as it is, None for a number that is none (JSON has no sign for it)."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def traced_base(before: LastYear | None, target: Row) -> TracedBase:
    """Return where a value of the year before comes from: another year's return, or the notice."""
    if before is None:
        return TracedBase(text=target["base_text"], label=target["base_label"])
    returned = traced_return(before.returned)
    return TracedBase(None, None, before.year, before.document_id, before.serial_no, returned)
