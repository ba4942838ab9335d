"""What departments must return for each line of a document, by the rules that will count it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.source import rules_of
from schemas.forms import Wanted

if TYPE_CHECKING:
    import pandas as pd

#: The columns of a form by those of the returns.
FORM_COLUMNS = {"actual_value": "actual", "awarded_pct": "award", "benchmark_value": "benchmark"}


def wanted_of(
    sidecar: Path | None,
    document_id: str,
    year: int,
    targets: pd.DataFrame,
    indicators: pd.DataFrame,
) -> Wanted:
    """Return what each line of a document must bring; see :data:`schemas.forms.Wanted`.

    The rules are those that its ``sidecar`` declares for the year, also such as begin later in it,
    or after it.
    Raises Refusal where the sidecar's rules are wrong.
    """
    from flows.forms import records
    from scoring.listing import effective_rules

    own = rules_of(sidecar) if sidecar else None
    begins = [own.since, *(entry.since for entry in own.overrides)] if own else []
    listed = effective_rules(
        targets[targets["document_id"] == document_id],
        indicators[indicators["document_id"] == document_id],
        max([date(year, 12, 31), *begins]),
        {document_id: own} if own else None,
    )
    names = ["serial_no", "entity", "part_no", *FORM_COLUMNS]
    return {
        (row["serial_no"], row["entity"], row["part_no"] or 0): frozenset(
            column for name, column in FORM_COLUMNS.items() if row[name]
        )
        for row in records(listed[names])
    }
