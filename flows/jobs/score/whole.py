"""What counts for a document's whole result: what its sidecar declares, or what may be declared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.jobs.sidecar import total_of

if TYPE_CHECKING:
    import pandas as pd

    from scoring.total.printed import PrintedTotal
    from scoring.total.rules import TotalRules


def printed_whole(own: Mapping[str, pd.DataFrame]) -> PrintedTotal | None:
    """Return what notes under the tables and printed methods say of the whole; None for nothing.

    ``own`` are the document's ``findings`` and ``methods``.
    """
    from scoring.total.printed import printed_total

    findings = own["findings"]
    notes = findings.loc[findings["code"] == "table_note", "text"].dropna().drop_duplicates()
    methods = own["methods"][["text", "serial_no"]].drop_duplicates()
    found = printed_total(
        [
            *((str(text), None) for text in notes),
            *((str(text), int(number)) for text, number in methods.itertuples(index=False)),
        ]
    )
    return found if found.texts else None


def rules_of_the_whole(sidecar: Path | None, printed: PrintedTotal | None) -> TotalRules | None:
    """Return what a sidecar declares; else rules that only hold open what the notes print."""
    from scoring.total.rules import Possible, TotalRules

    declared = total_of(sidecar) if sidecar else None
    if declared is not None or printed is None or printed.possible == Possible():
        return declared
    return TotalRules("", date.min, "", possible=printed.possible)
