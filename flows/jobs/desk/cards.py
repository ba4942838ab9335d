"""The latest scorecards of a document, and its lines to choose from."""

from __future__ import annotations

from pathlib import Path

from flows.jobs.score.what_if import indicator_names
from report.doubts import Card, Doubts, by_line
from schemas.tables.frames import table_rows

_TABLES = ("targets", "scores", "scorecards")


def scorecards_of(warehouse: Path, document_id: str) -> list[Card]:
    """Return the totals of the latest as-of date by rank group and rank; none where unscored.

    Each has its doubt (:mod:`report.doubts`).
    """
    from warehouse.reading import read_own

    own = table_rows(read_own(warehouse, document_id, _TABLES, latest=("scorecards", "scores")))
    doubts = Doubts((), by_line(own["targets"]), by_line(own["scores"]))
    totals = [row for row in own["scorecards"] if row["level"] == "total"]
    totals.sort(key=lambda row: (row["rank_group"], row["rank"] or 10**6, row["entity"]))
    return [doubts.with_doubt(row) for row in totals]


def lines_of(warehouse: Path, document_id: str) -> list[tuple[int, str]]:
    """Return the indicators of a document by serial number, with their names."""
    from warehouse.reading import read_own

    own = read_own(warehouse, document_id, ("indicators",))
    return sorted(indicator_names(own["indicators"]).items())
