"""How a landed document stands beside others, and what a person should know of that, in Chinese."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from common.messages import message
from common.refusal import Refusal
from compare.documents import folded
from schemas.records.rows import NoticeRow
from schemas.tables.frames import rows_as
from schemas.vocabulary import NoticeRole
from warehouse.reading import landed_notices, rows_with
from warehouse.snapshots import current_snapshot, require_snapshot
from warehouse.views import current_notices


@dataclass(frozen=True, slots=True)
class InForce:
    """Which documents are landed, and which of them are in force by year; issuers are folded."""

    landed: frozenset[str]
    of_year: Mapping[int, tuple[str, ...]]
    issuers: Mapping[str, str]


def in_force(warehouse: Path) -> InForce:
    """Return how landed documents stand beside each other."""
    landed = landed_notices(require_snapshot(warehouse))
    years: dict[int, tuple[str, ...]] = {}
    for row in current_notices(landed):
        years[row["year"]] = (*years.get(row["year"], ()), row["document_id"])
    issuers = {row["document_id"]: folded(row["issuer"] or "") for row in landed}
    return InForce(frozenset(issuers), years, issuers)


def in_force_notes(
    beside: InForce, document_id: str, role: str, supersedes: str | None, year: int
) -> tuple[str, ...]:
    """Return what a person should know of a document, in Chinese; nothing where all is as usual."""
    current = beside.of_year.get(year, ())
    notes = []
    if supersedes is not None and supersedes not in beside.landed:
        notes.append(message("flows.superseded_missing", document=supersedes).zh)
    if role == NoticeRole.OFFICIAL and document_id not in current:
        documents = "、".join(current)
        notes.append(message("flows.not_in_force.this", year=year, documents=documents).zh)
    return tuple(notes)


def later_note(beside: InForce, year: int, issuer: str, batch: Collection[str]) -> tuple[str, ...]:
    """Return which later notices of its office were landed, and not compared with a new one.

    Those of its ``batch`` are not meant: they are read after it, or again.
    """
    later = [
        each
        for when, documents in sorted(beside.of_year.items())
        for each in documents
        if when > year and issuer and beside.issuers[each] == issuer and each not in batch
    ]
    if not later:
        return ()
    return (message("flows.later_not_compared", documents="、".join(later[:5])).zh,)


def source_names(warehouse: Path, document_ids: Collection[str]) -> dict[str, str]:
    """Return the file's name of each document that is landed; none where they are damaged."""
    try:
        snapshot = current_snapshot(warehouse)
        if snapshot is None:
            return {}
        rows = rows_as(NoticeRow, rows_with(snapshot, "notices", "document_id", document_ids))
    except Refusal:
        return {}
    return {row["document_id"]: row["source_name"] for row in rows}


def other_source_note(before: Mapping[str, str], document_id: str, now: str) -> tuple[str, ...]:
    """Return that another file's rows were replaced; nothing where none were."""
    file = before.get(document_id, now)
    if file == now:
        return ()
    return (message("flows.other_source", id=document_id, before=file, now=now).zh,)
