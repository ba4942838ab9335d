"""What departments must return for each line of a document, by the rules that will count it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from flows.jobs.earlier_years import last_year_of
from flows.jobs.sidecar.rules import rules_of
from schemas.records.asked import Asked, AskedFields
from schemas.records.forms import FORM_COLUMNS
from schemas.tables.frames import of_document
from schemas.vocabulary import Direction

if TYPE_CHECKING:
    import pandas as pd

    from scoring.points.listing import ListedRule

#: The tables that a document's lines, and what they ask for, are made of.
OF_LINES = ("targets", "indicators", "methods", "notices", "returns", "indicator_keys")


def effective(
    sidecar: Path | None,
    document_id: str,
    year: int,
    tables: Mapping[str, pd.DataFrame],
    raw: Path,
) -> list[ListedRule]:
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


def unclear(listed: Sequence[ListedRule]) -> frozenset[int]:
    """Return the indicators that are counted by a figure of which nobody knows the good end."""
    return frozenset(
        each.serial_no
        for each in listed
        if each.direction == Direction.UNKNOWN and each.actual_value
    )


def asked_fields(listed: Sequence[ListedRule]) -> AskedFields:
    """Return what each line must bring, by serial number, entity and part (0: the whole)."""
    return {(each.serial_no, each.entity, each.part_no or 0): _asked(each) for each in listed}


def _asked(each: ListedRule) -> Asked:
    from scoring.rules.rule import classes_of, number_of

    return Asked(
        needs=frozenset(column for name, column in FORM_COLUMNS.items() if getattr(each, name)),
        most_award=100 * number_of(each.parameters, "cap", 1.0) if each.awarded_pct else 100.0,
        classes=tuple(classes_of(each.parameters)) if each.part_no is None else (),
        points=each.share_points,
    )
