"""The landed documents as a list, the latest year first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from common.days import ZONE
from common.refusal import Refusal
from flows.jobs.site.report import in_force
from schemas.records.rows import NoticeRow
from schemas.tables.frames import rows_as

if TYPE_CHECKING:
    import pandas as pd


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


@dataclass(frozen=True, slots=True)
class ToReview:
    """A document in force: its open findings of severity error or warning, values to look at."""

    notice: LandedNotice
    doubts: int
    values: int


def landed_notices(warehouse: Path) -> list[LandedNotice]:
    """Return all landed documents; none where nothing is landed."""
    from warehouse.reading import read_table

    try:
        rows = rows_as(NoticeRow, read_table(warehouse, "notices"))
    except Refusal as refused:
        if refused.code == "nothing_landed":
            return []
        raise
    standing = {each["document_id"] for each in in_force(rows)}
    return [
        LandedNotice(
            row["document_id"],
            row["year"],
            row["title"],
            row["doc_number"],
            row["role"] or "official",
            row["document_id"] in standing,
            row["landed_at"].astimezone(ZONE).date(),
            row["open_findings"],
        )
        for row in sorted(rows, key=lambda row: (-row["year"], row["document_id"]))
    ]


def standing_notices(warehouse: Path) -> list[LandedNotice]:
    """Return the documents in force, the latest year first; none where nothing is landed."""
    return [each for each in landed_notices(warehouse) if each.stands]


def to_review(warehouse: Path) -> list[ToReview]:
    """Return what there is to review in each document in force."""
    from warehouse.reading import read_own

    return [
        ToReview(each, *left_open(read_own(warehouse, each.document_id, ("findings", "targets"))))
        for each in standing_notices(warehouse)
    ]


def left_open(own: Mapping[str, pd.DataFrame]) -> tuple[int, int]:
    """Return how many of a document's findings and of its targets somebody has to look at."""
    findings = own["findings"]
    asking = (findings["state"] == "open") & findings["severity"].isin(("error", "warning"))
    return int(asking.sum()), int(own["targets"]["needs_review"].sum())
