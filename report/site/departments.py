"""What each department owes, what it handed in and what came, or stays, after it was due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from report.marks import is_withheld
from report.site.model import NO_DEPARTMENT, Edition, departments_of
from schemas.records.rows import IndicatorRow, ReturnRow


@dataclass(frozen=True, slots=True)
class Duty:
    """An indicator of a department: the entities that count, of which it owes some.

    An entity is owed while its score says that what was received is not whole, unless all that is
    missing is an approval (``withheld``). ``last`` is when anything came, ``revised`` how often.
    """

    indicator: IndicatorRow
    counted: list[str]
    owed: list[str]
    withheld: list[str]
    unusable: list[str]
    last: date | None
    revised: int


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that a department handed in, with its rows, of which some were there before."""

    received_on: date
    name: str
    sha256: str
    rows: int
    revised: int
    late: bool
    sample: bool


@dataclass(frozen=True, slots=True)
class Department:
    """A department's counts of cells: due, received, owed, overdue, late; and what it handed in."""

    name: str
    page: str
    indicators: int
    due: int
    owed: int
    files: list[Handed]
    late: int
    overdue: int
    last: date | None

    @property
    def received(self) -> int:
        """How many cells are whole."""
        return self.due - self.owed


def duties(edition: Edition, department: str) -> list[Duty]:
    """Return a department's indicators in printed order."""
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
            Duty(
                indicator,
                counted,
                owed,
                withheld=held,
                unusable=_entities(edition, indicator["serial_no"], {"invalid"}),
                last=max((row["received_on"] for row in rows), default=None),
                revised=sum(row["revision"] > 1 for row in rows),
            )
        )
    return found


def summary(edition: Edition, department: str) -> Department:
    """Return a department's counts, and the files that it handed in."""
    own = duties(edition, department)
    owed = sum(len(duty.owed) for duty in own)
    return Department(
        department,
        edition.department_page(department),
        indicators=len(own),
        due=sum(len(duty.counted) for duty in own),
        owed=owed,
        files=files(edition, department),
        late=late(edition, department),
        overdue=owed if past_due(edition) else 0,
        last=max((duty.last for duty in own if duty.last), default=None),
    )


def files(edition: Edition, department: str) -> list[Handed]:
    """Return the files that a department handed in, the latest first, with their rows counted."""
    found: dict[tuple[date, str, str], list[ReturnRow]] = {}
    for row in _returned(edition, department):
        key = (row["received_on"], row["source_name"], row["source_sha256"])
        found.setdefault(key, []).append(row)
    return [
        Handed(
            *key,
            rows=len(found[key]),
            revised=sum(row["revision"] > 1 for row in found[key]),
            late=key[0] > edition.due,
            sample=found[key][0]["sample"],
        )
        for key in sorted(found, key=lambda key: (key[0], key[1]), reverse=True)
    ]


def late(edition: Edition, department: str) -> int:
    """Count the values that came for the first time only after they were due."""
    first: dict[tuple[int, str, int | None], date] = {}
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
    return [entity for entity, score in scores if score and is_withheld(score.row)]


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
        row = score.row if score else target
        status = row["status"] if row else "not_assessed"
        if (status in statuses) != without:
            found.append(entity)
    return found


def _returned(edition: Edition, department: str) -> Iterable[ReturnRow]:
    """Return what a department handed in; of the missing department, what nobody is printed for."""
    printed = set(edition.departments)
    for rows in edition.returns.values():
        for row in rows:
            whose = row["department"] if row["department"] in printed else NO_DEPARTMENT
            if department == whose:
                yield row
