"""Rows of a document whose every text is hostile."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Row = dict[str, Any]


HOSTILE = (
    "</script></title><img src=x onerror=alert(1)><a href=javascript:alert(1)>&amp;\"'`{{7*7}}"
)


#: Texts that are no texts of a document: names that programs look things up by.
KEPT = frozenset(
    (
        *("document_id", "indicator_id", "finding_id", "run_id", "code_version", "source_format"),
        *("source_sha256", "reader", "role", "status", "target_kind", "operator", "light", "rule"),
        *("level", "state", "severity", "code", "direction", "field", "kind", "item_kind"),
    )
)


TRACE_KEPT = frozenset(
    (
        "status",
        "name",
        "kind",
        "operator",
        "origin",
        "light",
        "sha256",
        "received_on",
        "from",
        "direction",
    )
)


def few(rows: dict[str, list[Row]], most: int) -> dict[str, list[Row]]:
    """Return the rows of the first indicators only."""
    return {
        name: [row for row in table if (row.get("serial_no") or 0) <= most]
        for name, table in rows.items()
    }


def spoiled(value: Any, kept: frozenset[str], spoil: Callable[[str], str]) -> Any:
    """Return records with every free text spoiled, the same text always alike."""
    if isinstance(value, dict):
        return {
            name: each if name in kept else spoiled(each, kept, spoil)
            for name, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [spoiled(each, kept, spoil) for each in value]
    return spoil(value) if isinstance(value, str) and value else value


def hostile_rows(rows: dict[str, list[Row]]) -> dict[str, list[Row]]:
    def spoil(text: str) -> str:
        return f"{text}{HOSTILE}"

    made = {
        name: [spoiled(row, KEPT | {"trace"}, spoil) for row in table]
        for name, table in rows.items()
    }
    for row in made["scores"]:
        row["trace"] = json.dumps(spoiled(json.loads(row["trace"]), TRACE_KEPT, spoil))
    return made
