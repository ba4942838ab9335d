"""Which days of which documents a night must score, and landing a year's scores all at once.

What a document's scores of a day are made of is hashed: its landed tables, its sidecar, the
program, last year's returns, and every return received by that day. A day whose hash is not the one
remembered is scored again; so a late return touches its day and all later ones, and a missed night
is made up.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import sha256_of_bytes
from common.refusal import Refusal, refusal
from flows.jobs.ingest import code_version
from flows.jobs.night.ledger import Ledger
from flows.jobs.night.summary import Item, NightlyOrder
from flows.jobs.night.tally import Run
from flows.jobs.score.inputs import ScoreOrder, case_of, tables_for
from flows.jobs.score.run import of_days, score_case
from flows.jobs.score.summary import ScoreSummary, summarize
from flows.jobs.sidecar.landed import sidecar_of
from schemas.tables.registry import RETURNS, TABLES
from schemas.vocabulary import word

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.jobs.score.inputs import Case
    from scoring.engine import Scored
    from warehouse.contents import Contents

    Day = tuple[Case, Scored, dict[str, pa.Table]]

#: Tables that scores are made of, beside the returns.
MADE_OF = (
    *("notices", "indicators", "targets", "findings", "methods", "milestones"),
    "indicator_keys",
)
MADE_OF_LAST_YEAR = ("targets", "returns", "indicator_keys")
#: Stands for the day that the notice itself gives, where nothing was returned yet.
NOTICE_DAY = ""


@dataclass(frozen=True, slots=True)
class Due:
    """One document in force: the hash of each of its days, and which days are to be scored."""

    document_id: str
    year: int
    inputs: Mapping[str, str]
    days: tuple[str, ...]


def dues(order: NightlyOrder, ledger: Ledger, snapshot: Path) -> list[Due]:
    """Return every document in force with its days; grain: one document."""
    from warehouse.contents import Contents
    from warehouse.reading import landed_days

    contents, landed = Contents(snapshot), landed_days(snapshot)
    known = _in_force(order.warehouse)
    return [
        _due(
            order,
            ledger,
            _made_of(order.raw, contents, document_id, before=_of_year(known, year - 1)),
            (document_id, year),
            frozenset(day.isoformat() for day in landed.get(document_id, ())),
        )
        for document_id, year in known
    ]


def years_in_force(warehouse: Path) -> dict[int, str]:
    """Return the years in force, each with one of its documents; none where nothing is landed."""
    from warehouse.snapshots import current_snapshot

    if current_snapshot(warehouse) is None:
        return {}
    return {year: document_id for document_id, year in _in_force(warehouse)}


def _in_force(warehouse: Path) -> list[tuple[str, int]]:
    from warehouse.reading import landed_notices
    from warehouse.snapshots import require_snapshot
    from warehouse.views import current_notices

    rows = current_notices(landed_notices(require_snapshot(warehouse)))
    found = [(str(row["document_id"]), int(row["year"])) for row in rows]
    return sorted(found, key=lambda each: (each[1], each[0]))


def _due(
    order: NightlyOrder,
    ledger: Ledger,
    made_of: tuple[str, list[tuple[str, str]]],
    document: tuple[str, int],
    landed: frozenset[str],
) -> Due:
    (document_id, year), (base, returned) = document, made_of
    days = {day for day, _ in returned} or {NOTICE_DAY}
    asked = {order.as_of.isoformat()} if order.as_of else set()
    inputs = {day: _hash_until(base, returned, day) for day in sorted(days | asked | landed)}
    known = ledger.scored.get(document_id, {})
    new = [day for day in inputs if known.get(day) != inputs[day] or not _is_there(day, landed)]
    return Due(document_id, year, inputs, tuple(new))


def _is_there(day: str, landed: frozenset[str]) -> bool:
    """Say whether a day's scores are landed; which day is the notice's own is not known here."""
    return bool(landed) if day == NOTICE_DAY else day in landed


def _of_year(known: Iterable[tuple[str, int]], year: int) -> list[str]:
    return [document_id for document_id, of in known if of == year]


def _made_of(
    raw: Path, landed: Contents, document_id: str, before: Iterable[str]
) -> tuple[str, list[tuple[str, str]]]:
    """Return the hash of all that counts on every day, and what was returned on which.

    ``before`` are the documents of the year before, whose returns may be what this year's are held
    against.
    """
    from warehouse.parts import mark_of

    digest = hashlib.sha256(code_version().encode())
    tables = [(document_id, MADE_OF), *((name, MADE_OF_LAST_YEAR) for name in before)]
    for name, of in tables:
        for table in of:
            digest.update(mark_of(TABLES[table], landed, name).encode())
        sidecar = _sidecar(raw, name)
        digest.update(sidecar.read_bytes() if sidecar is not None else b"none")
    return digest.hexdigest(), _returned(landed, document_id)


def _sidecar(raw: Path, document_id: str) -> Path | None:
    """Return the document's sidecar; None where a wrong one hides it: scoring refuses it."""
    try:
        return sidecar_of(raw, document_id)
    except Refusal:
        return None


def _returned(landed: Contents, document_id: str) -> list[tuple[str, str]]:
    """Return each day on which something was received with a hash of the day's rows, by day."""
    from warehouse.parts import rows_of

    landed_rows = rows_of(RETURNS, landed, document_id)
    rows = sorted(
        (row["received_on"].isoformat(), json.dumps(row, sort_keys=True, default=str))
        for row in (landed_rows.to_pylist() if landed_rows is not None else ())
    )
    return [
        (day, sha256_of_bytes("\n".join(text for _, text in own).encode()))
        for day, own in groupby(rows, key=lambda row: row[0])
    ]


def _hash_until(base: str, returned: Iterable[tuple[str, str]], day: str) -> str:
    until = [text for received, text in returned if received <= day]
    return sha256_of_bytes("\n".join([base, *until]).encode())


def publish_year(
    order: NightlyOrder, own: list[Due], snapshot: Path, run: Run
) -> list[ScoreSummary]:
    """Score all days of all of a year's documents, then land them in one snapshot.

    Returns the summary of each document's last day. Raises Refusal, and then nothing of the year
    has been landed or changed; ``warehouse_moved`` where the snapshot is not the current one.
    """
    from warehouse.landing import Amendment, amend

    amendments, last = [], []
    for due in own:
        run.progress(f"scoring {due.document_id}: {len(due.days)} as-of dates")
        day, made = scored_days(order, due, snapshot)
        last.append(day)
        for name, rows in made.items():
            amendments.append(
                Amendment(due.document_id, due.year, name, of_days(rows), run.id, code_version())
            )
    changed = amend(order.warehouse, amendments, made_from=snapshot).changed
    where = str(order.warehouse)
    return [
        summarize(case, scored, of_day, where, changed=changed) for case, scored, of_day in last
    ]


def scored_days(
    order: NightlyOrder, due: Due, snapshot: Path
) -> tuple[Day, dict[str, dict[date, pa.Table]]]:
    """Return the last day whole, and of every day the rows to land, by table."""
    from warehouse.snapshots import require_snapshot

    asked = ScoreOrder(due.year, order.warehouse, due.document_id, raw=order.raw)
    if require_snapshot(order.warehouse) != snapshot:
        raise refusal("flows.warehouse_moved", warehouse=order.warehouse)
    tables = tables_for(snapshot, due.year, [due.document_id])
    case = case_of(asked, due.document_id, tables, snapshot)
    made: dict[str, dict[date, pa.Table]] = {}
    for day in due.days:
        as_of = case.inputs.as_of if day == NOTICE_DAY else date.fromisoformat(day)
        if case.inputs.last_year.known:  # what had come of last year by then is the day's own
            on_day = case_of(replace(asked, as_of=as_of), due.document_id, tables, snapshot)
        else:
            on_day = replace(case, inputs=replace(case.inputs, as_of=as_of))
        scored, of_day = score_case(on_day)
        for name, rows in of_day.items():
            made.setdefault(name, {})[as_of] = rows
    return (on_day, scored, of_day), made


def remember(ledger: Ledger, own: Iterable[Due], summaries: Iterable[ScoreSummary]) -> None:
    """Note what the landed scores were made of."""
    last = {summary.document_id: summary.as_of for summary in summaries}
    for due in own:
        known = dict(due.inputs)
        if NOTICE_DAY in known and due.document_id in last:
            known[last[due.document_id]] = known[NOTICE_DAY]
        ledger.scored[due.document_id] = known


def score_item(due: Due, summary: ScoreSummary) -> Item:
    """Return what the summary of the night says of a document's scores."""
    days = sorted({day or summary.as_of for day in due.days})
    span = days[0] if len(days) == 1 else f"{days[0]} 至 {days[-1]} 共 {len(days)} 天"
    owing = word("score_status", "not_received")
    listed = [f"，{word('to_look_at', name)} {count}" for name, count in summary.to_look_at.items()]
    return Item(
        "score",
        due.document_id,
        "scored" if summary.changed else "unchanged",
        due.year,
        f"截至 {span}；{owing}的部门 {summary.departments_late} 个{''.join(listed)}",
        f"as of {', '.join(days)}",
        clean=summary.clean,
    )
