"""The landed documents as a list, the latest year first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.days import ZONE
from common.refusal import Refusal
from flows.jobs.site.report import in_force
from schemas.tables.frames import records


@dataclass(frozen=True, slots=True)
class LandedNotice:
    """One landed document; ``stands`` says whether it is the one in force of its year."""

    document_id: str
    year: int
    title: str | None
    doc_number: str | None
    role: str
    stands: bool
    landed_on: date
    open_findings: int


def landed_notices(warehouse: Path) -> list[LandedNotice]:
    """Return all landed documents; none where nothing is landed."""
    from warehouse.reading import read_table

    try:
        rows = records(read_table(warehouse, "notices"))
    except Refusal as refused:
        if refused.code == "nothing_landed":
            return []
        raise
    standing = {each["document_id"] for each in in_force(rows)}
    return [
        LandedNotice(
            str(row["document_id"]),
            int(row["year"]),
            row["title"],
            row["doc_number"],
            row["role"] or "official",
            row["document_id"] in standing,
            row["landed_at"].astimezone(ZONE).date(),
            int(row["open_findings"]),
        )
        for row in sorted(rows, key=lambda row: (-row["year"], str(row["document_id"])))
    ]
