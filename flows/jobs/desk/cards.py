"""The latest scorecards of a document, and its lines to choose from."""

from __future__ import annotations

from pathlib import Path

from flows.jobs.score.what_if import indicator_names
from schemas.tables.frames import Row, records


def scorecards_of(warehouse: Path, document_id: str) -> list[Row]:
    """Return the totals of the latest as-of date by rank group and rank; none where unscored."""
    from warehouse.reading import read_tables

    cards = read_tables(warehouse, ("scorecards",), latest=("scorecards",))["scorecards"]
    own = cards[(cards["document_id"] == document_id) & (cards["level"] == "total")]
    return sorted(
        records(own), key=lambda row: (str(row["rank_group"]), row["rank"] or 10**6, row["entity"])
    )


def lines_of(warehouse: Path, document_id: str) -> list[tuple[int, str]]:
    """Return the indicators of a document by serial number, with their names."""
    from warehouse.reading import read_table

    indicators = read_table(warehouse, "indicators")
    own = indicators[indicators["document_id"] == document_id]
    return sorted(indicator_names(own).items())
