"""The same indicator over the years: by the keys that people confirmed, never by name alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from report.doubts import Score
from report.site.model import Edition, entity_mark, indicator_page
from schemas.records.rows import IndicatorRow, TargetRow

#: A document with one of its indicators.
Line = tuple[Edition, IndicatorRow]


@dataclass(frozen=True, slots=True)
class KeyCell:
    """An entity's target and score in one document; ``page`` and ``mark`` lead to where it is."""

    target: TargetRow
    score: Score | None
    marks: tuple[str, ...]
    page: str
    mark: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An entity's cells, one a document; None where it is not assessed there."""

    entity: str
    cells: tuple[KeyCell | None, ...]


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A confirmed key of two or more documents: its page's path, its name, and what it shows.

    ``lines`` are the documents with the indicator that bears the key, the earliest year first.
    """

    page: str
    name: str
    lines: tuple[Line, ...]
    rows: tuple[KeyRow, ...]


def keys(editions: Sequence[Edition]) -> list[KeyPage]:
    """Return every confirmed key of two or more documents."""
    return [
        KeyPage(f"k/{place:03d}.html", lines[-1][1]["indicator"], tuple(lines), _rows(lines))
        for place, lines in enumerate(lines_of(editions), start=1)
    ]


def lines_of(editions: Sequence[Edition]) -> list[list[Line]]:
    """Return the lines of each key of two or more documents, the earliest year first."""
    found: dict[str, list[Line]] = {}
    for edition in sorted(editions, key=lambda each: (each.year, each.folder)):
        named = {row["serial_no"]: row for row in edition.indicators}
        for row in edition.rows.get("indicator_keys", ()):
            if row["serial_no"] in named:
                line = (edition, named[row["serial_no"]])
                found.setdefault(row["indicator_key"], []).append(line)
    return [lines for lines in found.values() if len({e.folder for e, _ in lines}) > 1]


def _rows(lines: Sequence[Line]) -> tuple[KeyRow, ...]:
    entities = dict.fromkeys(entity for edition, _ in lines for entity in edition.entities)
    return tuple(
        KeyRow(entity, tuple(_cell(*line, entity) for line in lines)) for entity in entities
    )


def _cell(edition: Edition, indicator: IndicatorRow, entity: str) -> KeyCell | None:
    key = (indicator["serial_no"], entity)
    target = edition.targets.get(key)
    if target is None:
        return None
    return KeyCell(
        target,
        edition.scores.get(key),
        edition.doubt(*key).marks,
        f"{edition.folder}/{indicator_page(indicator['serial_no'])}",
        entity_mark(edition, entity),
    )
