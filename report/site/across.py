"""The same indicator over the years: by the keys that people confirmed, never by name alone."""

from __future__ import annotations

from collections.abc import Sequence

from report.marks import marks
from report.site.model import Edition, indicator_page
from schemas.tables.frames import Row


def keys(editions: Sequence[Edition]) -> list[Row]:
    """Return every confirmed key of two or more documents: its names, and its page's path.

    ``lines`` are the documents with the indicator that bears the key, the earliest year first.
    """
    return [
        {
            "key": key,
            "page": f"k/{place:03d}.html",
            "name": lines[-1][1]["indicator"],
            "lines": lines,
            "rows": _rows(lines),
        }
        for place, (key, lines) in enumerate(lines_of(editions), start=1)
    ]


def lines_of(editions: Sequence[Edition]) -> list[tuple[str, list[tuple[Edition, Row]]]]:
    """Return the keys of two or more documents, each with its lines, the earliest year first."""
    found: dict[str, list[tuple[Edition, Row]]] = {}
    for edition in sorted(editions, key=lambda each: (each.year, each.folder)):
        named = {row["serial_no"]: row for row in edition.indicators}
        for row in edition.rows.get("indicator_keys", ()):
            if row["serial_no"] in named:
                line = (edition, named[row["serial_no"]])
                found.setdefault(row["indicator_key"], []).append(line)
    return [(key, lines) for key, lines in found.items() if len({e.folder for e, _ in lines}) > 1]


def _rows(lines: Sequence[tuple[Edition, Row]]) -> list[Row]:
    """Return a row an entity: a cell a document, None where it is not assessed there."""
    entities = dict.fromkeys(entity for edition, _ in lines for entity in edition.entities)
    return [
        {"entity": entity, "cells": [_cell(*line, entity) for line in lines]} for entity in entities
    ]


def _cell(edition: Edition, indicator: Row, entity: str) -> Row | None:
    key = (indicator["serial_no"], entity)
    target, score = edition.targets.get(key), edition.scores.get(key)
    if target is None:
        return None
    return {
        "target": target,
        "score": score,
        "marks": marks(target, score),
        "page": f"{edition.folder}/{indicator_page(indicator['serial_no'])}",
        "mark": f"e{edition.entities.index(entity) + 1}",
    }
