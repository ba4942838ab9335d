"""What departments must return for each line of a document, by the rules that will count it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.jobs.earlier_years import last_year_of
from flows.jobs.sidecar.rules import rules_of
from schemas.records.asked import Asked, AskedFields
from schemas.records.forms import FORM_COLUMNS
from schemas.tables.frames import Row, of_document
from schemas.vocabulary import Direction

if TYPE_CHECKING:
    import pandas as pd

#: The tables that a document's lines, and what they ask for, are made of.
OF_LINES = ("targets", "indicators", "methods", "notices", "returns", "indicator_keys")


def effective(
    sidecar: Path | None,
    document_id: str,
    year: int,
    tables: Mapping[str, pd.DataFrame],
    raw: Path,
) -> list[Row]:
    """Return the effective rules of a document at the end of its year, or of what begins later.

    ``raw`` holds the sidecar of the year before.

    Raises Refusal where the sidecar's rules are wrong.
    """
    from scoring.points.listing import effective_rules
    from scoring.returns.last_year import filled

    own = rules_of(sidecar) if sidecar else None
    begins = [own.since, *(entry.since for entry in own.overrides)] if own else []
    mine = {name: of_document(tables[name], document_id) for name in OF_LINES}
    as_of = max([date(year, 12, 31), *begins])
    before = last_year_of(mine, tables, year, as_of, raw)
    return effective_rules(
        filled(mine["targets"], before.found),
        mine["indicators"],
        as_of,
        {document_id: own} if own else None,
        mine["methods"],
    )


def unclear(listed: Sequence[Row]) -> frozenset[int]:
    """Return the indicators that are counted by a figure of which nobody knows the good end."""
    return frozenset(
        row["serial_no"]
        for row in listed
        if row["direction"] == Direction.UNKNOWN and row["actual_value"]
    )


def asked_fields(listed: Sequence[Row]) -> AskedFields:
    """Return what each line must bring, by serial number, entity and part (0: the whole)."""
    return {(row["serial_no"], row["entity"], row["part_no"] or 0): _asked(row) for row in listed}


def _asked(row: Row) -> Asked:
    given = json.loads(row["parameters"]) if row["parameters"] else {}
    points = row["share_points"]
    whole = row["part_no"] is None
    return Asked(
        needs=frozenset(column for name, column in FORM_COLUMNS.items() if row[name]),
        most_award=100 * given.get("cap", 1.0) if row["awarded_pct"] else 100.0,
        classes=tuple(given.get("classes", ())) if whole else (),
        points=points,
    )
