"""What each department owes, what it handed in and what came, or stays, after it was due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from report.marks import is_withheld
from report.site.model import NO_DEPARTMENT, Edition, departments_of
from schemas.tables.frames import Row


def duties(edition: Edition, department: str) -> list[Row]:
    """Return a department's indicators: entities that count, received, owed, and when.

    An entity is owed while its score says that what was received is not whole.
    """
    found = []
    for indicator in edition.indicators:
        if department not in departments_of(indicator):
            continue
        counted = _entities(edition, indicator["serial_no"], {"not_assessed"}, without=True)
        held = _withheld(edition, indicator["serial_no"])
        missing = _entities(edition, indicator["serial_no"], {"not_received"})
        owed = [entity for entity in missing if entity not in held]
        rows = edition.returns.get(indicator["serial_no"], ())
        found.append(
            {
                "indicator": indicator,
                "counted": counted,
                "owed": owed,
                "withheld": held,
                "unusable": _entities(edition, indicator["serial_no"], {"invalid"}),
                "last": max((row["received_on"] for row in rows), default=None),
                "revised": sum(row["revision"] > 1 for row in rows),
            }
        )
    return found


def summary(edition: Edition, department: str) -> Row:
    """Return a department's counts of cells: due, received, owed, and the dates of its returns."""
    own = duties(edition, department)
    due, owed = (sum(len(row[name]) for row in own) for name in ("counted", "owed"))
    return {
        "name": department,
        "page": edition.department_page(department),
        "indicators": len(own),
        "due": due,
        "owed": owed,
        "received": due - owed,
        "files": files(edition, department),
        "late": late(edition, department),
        "overdue": owed if past_due(edition) else 0,
        "last": max((row["last"] for row in own if row["last"]), default=None),
    }


def files(edition: Edition, department: str) -> list[Row]:
    """Return the files that a department handed in, the latest first, with their rows counted."""
    found: dict[tuple[date, str, str], Row] = {}
    for row in _returned(edition, department):
        key = (row["received_on"], row["source_name"], row["source_sha256"])
        entry = found.setdefault(
            key,
            {
                "received_on": row["received_on"],
                "name": row["source_name"],
                "sha256": row["source_sha256"],
                "rows": 0,
                "revised": 0,
                "late": row["received_on"] > edition.due,
                "sample": row["sample"],
            },
        )
        entry["rows"] += 1
        entry["revised"] += row["revision"] > 1
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1]), reverse=True)]


def late(edition: Edition, department: str) -> int:
    """Count the values that came for the first time only after they were due."""
    first: dict[tuple[Any, ...], date] = {}
    for row in _returned(edition, department):
        key = (row["serial_no"], row["entity"], row["part_no"])
        first[key] = min(first.get(key, row["received_on"]), row["received_on"])
    return sum(day > edition.due for day in first.values())


def past_due(edition: Edition) -> bool:
    """Say whether the scores shown are of a day after returns were to be there."""
    return edition.as_of is not None and edition.as_of > edition.due


def _withheld(edition: Edition, serial_no: int) -> list[str]:
    """Return the entities of which nothing is owed but what came does not count: unapproved."""
    scores = ((entity, edition.scores.get((serial_no, entity))) for entity in edition.entities)
    return [entity for entity, score in scores if is_withheld(score)]


def _entities(
    edition: Edition, serial_no: int, statuses: Iterable[str], *, without: bool = False
) -> list[str]:
    """Return the entities whose score has (or has not) one of the statuses.

    Where nothing is scored yet, all that are assessed count and none is owed.
    """
    found = []
    for entity in edition.entities:
        score = edition.scores.get((serial_no, entity))
        target = edition.targets.get((serial_no, entity))
        status = score["status"] if score else (target["status"] if target else "not_assessed")
        if (status in statuses) != without:
            found.append(entity)
    return found


def _returned(edition: Edition, department: str) -> Iterable[Row]:
    """Return what a department handed in; of the missing department, what nobody is printed for."""
    printed = set(edition.departments)
    for rows in edition.returns.values():
        for row in rows:
            whose = row["department"] if row["department"] in printed else NO_DEPARTMENT
            if department == whose:
                yield row
