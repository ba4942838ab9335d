"""What a document is scored from: its landed tables, what came back, and what its sidecar says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from common.messages import message
from common.refusal import refusal
from flows.jobs.diff import not_landed
from flows.jobs.earlier_years import in_force, last_year_of, split_returns
from flows.jobs.score.whole import printed_whole, rules_of_the_whole
from flows.jobs.sidecar.document import SIDECAR
from flows.jobs.sidecar.landed import declared_sidecar
from flows.jobs.sidecar.meta import parse_sidecar
from flows.jobs.sidecar.rules import periods_of, rules_of, total_of
from schemas.records.rows import NoticeRow, TargetRow
from schemas.records.source import SourceMeta
from schemas.tables.frames import of_document, rows_as

if TYPE_CHECKING:
    import pandas as pd

    from scoring.engine import Inputs
    from scoring.returns.last_year import LastYears
    from scoring.total.printed import PrintedTotal
    from scoring.total.rules import TotalRules

_OF_DOCUMENT = ("indicators", "targets", "findings", "returns", "methods", "milestones")
_KEYS = "indicator_keys"


@dataclass(frozen=True, slots=True)
class ScoreOrder:
    """What is to be scored: a year's document in force or the one named, as of a day.

    Without ``as_of`` the day comes from the data, see :func:`day_of`. ``raw`` holds ``notices``
    with the sidecars that declare rules and rank groups.
    """

    year: int
    warehouse: Path
    document_id: str | None = None
    as_of: date | None = None
    raw: Path = Path("raw")


@dataclass(frozen=True, slots=True)
class Case:
    """One document ready to be scored; ``snapshot`` is what it was read from.

    ``left_behind`` counts returns for documents that this one supersedes, by document.
    ``undeclared`` is the sidecar's place where there is none. ``passed_over`` are other official
    documents of the year, superseded by none. ``approval_required``: values count only where
    somebody approved them. ``printed_total`` is what the notice's notes say of the whole result,
    where ``source.toml`` declares nothing of it; ``total_unread`` are their clauses that were not
    understood.
    """

    document_id: str
    year: int
    title: str | None
    inputs: Inputs
    snapshot: Path
    left_behind: Mapping[str, int]
    undeclared: str | None = None
    passed_over: tuple[str, ...] = ()
    approval_required: bool = False
    printed_total: PrintedTotal | None = None
    total_unread: tuple[str, ...] = ()


def read_case(order: ScoreOrder) -> Case:
    """Read what an order is about, all of it from one snapshot.

    Raises Refusal where the document is not landed or not of this year, or where its sidecar's
    rules or rank groups are wrong.
    """
    from warehouse.reading import current_document
    from warehouse.snapshots import require_snapshot

    snapshot = require_snapshot(order.warehouse)
    chosen = order.document_id or current_document(order.warehouse, order.year)
    return case_of(order, chosen, tables_for(snapshot, order.year, [chosen]), snapshot)


def tables_for(snapshot: Path, year: int, documents: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return what documents of a year are scored from, and nothing that is of others alone.

    All notices are there; of the documents that these supersede, and of last year's that share
    confirmed keys with them, all that they have.
    """
    from warehouse.reading import read_rows_with, read_snapshot

    notices = read_snapshot(snapshot, ("notices",))["notices"]
    own_keys = read_rows_with(snapshot, _KEYS, "document_id", documents)
    keys = read_rows_with(snapshot, _KEYS, "indicator_key", own_keys["indicator_key"])
    landed = rows_as(NoticeRow, notices, ["document_id", "year", "role", "supersedes"])
    last_year = {*in_force(landed, year - 1)} & {*keys["document_id"]}
    superseded = (each for one in documents for each in _superseded(landed, one))
    wanted = {*documents, *superseded, *last_year}
    others = {name: read_rows_with(snapshot, name, "document_id", wanted) for name in _OF_DOCUMENT}
    return {"notices": notices, _KEYS: keys, **others}


def case_of(
    order: ScoreOrder, chosen: str, tables: Mapping[str, pd.DataFrame], snapshot: Path
) -> Case:
    """Return one document of :func:`tables_for` it; Refusal as :func:`read_case`."""
    notices = rows_as(NoticeRow, tables["notices"])
    own = {name: of_document(table, chosen) for name, table in tables.items()}
    notice = _checked_notice(notices, chosen, order.year, own["targets"])
    sidecar = declared_sidecar(order.raw, notice)
    day = order.as_of or day_of(own["notices"], own["returns"], order.year)
    meta = parse_sidecar(sidecar, sidecar.parent.name) if sidecar else SourceMeta(chosen)
    required = meta.approval == "required"
    own["returns"], withheld = split_returns(own["returns"], required=required)
    before = last_year_of(own, tables, order.year, day, order.raw)
    printed = printed_whole(own)
    whole = rules_of_the_whole(sidecar, printed)
    inputs = replace(_inputs(chosen, own, sidecar, day, before, whole), withheld=withheld)
    return Case(
        chosen,
        order.year,
        notice["title"],
        inputs,
        snapshot,
        _left_behind(notices, tables["returns"], chosen),
        None if sidecar else str(order.raw / "notices" / chosen / SIDECAR),
        _passed_over(notices, chosen, order.year),
        required,
        None if sidecar and total_of(sidecar) else printed,
        whole.unread if whole else (),
    )


def _checked_notice(
    notices: Sequence[NoticeRow], document_id: str, year: int, targets: pd.DataFrame
) -> NoticeRow:
    """Return the document's row of ``notices``; Refusal where it cannot be scored for the year."""
    found = {each["document_id"]: each for each in notices}
    if document_id not in found:
        raise not_landed(document_id, list(found))
    notice = found[document_id]
    if notice["year"] != year:
        raise refusal("flows.other_year", document=document_id, found=notice["year"], asked=year)
    if targets.empty and notice["targets"]:
        raise refusal("flows.targets_missing", document=document_id, targets=notice["targets"])
    return notice


def _inputs(
    document_id: str,
    own: Mapping[str, pd.DataFrame],
    sidecar: Path | None,
    day: date,
    before: LastYears,
    whole: TotalRules | None,
) -> Inputs:
    """Return what the engine counts with, the sidecar's rules and rank groups included."""
    from scoring.engine import Inputs
    from scoring.points.other_readings import alternatives_of
    from scoring.returns.last_year import filled

    rules = rules_of(sidecar) if sidecar else None
    periods = periods_of(sidecar) if sidecar else ()
    meta = parse_sidecar(sidecar, sidecar.parent.name) if sidecar else SourceMeta(document_id)
    groups = meta.rank_groups or annex_groups(own["targets"])
    return Inputs(
        filled(own["targets"], before.found),
        own["indicators"],
        own["returns"],
        day,
        rules={document_id: rules} if rules else {},
        rank_groups={document_id: groups} if groups else {},
        alternatives=alternatives_of(own["findings"], own["targets"]),
        methods=own["methods"],
        totals={document_id: whole} if whole else {},
        accumulates={document_id: meta.accumulates} if meta.accumulates else {},
        milestones=own["milestones"],
        findings=own["findings"],
        last_year=before,
        periods={document_id: periods} if periods else {},
        deadlines={document_id: meta.deadline} if meta.deadline else {},
    )


def annex_groups(targets: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return the entities by the annexes that assess them; none where all have the same.

    Who is assessed by other indicators is not ranked with the rest.
    """
    annexes: dict[str, set[int]] = {}
    for row in rows_as(TargetRow, targets, ["entity", "annex"]):
        if row["annex"] is not None:
            annexes.setdefault(row["entity"], set()).add(row["annex"])
    groups: dict[str, list[str]] = {}
    for entity, numbers in annexes.items():
        said = message("flows.annex_group", annexes="、".join(map(str, sorted(numbers))))
        groups.setdefault(said.zh, []).append(entity)
    return {name: tuple(members) for name, members in groups.items()} if len(groups) > 1 else {}


def _passed_over(notices: Sequence[NoticeRow], document_id: str, year: int) -> tuple[str, ...]:
    return tuple(each for each in in_force(notices, year) if each != document_id)


def _left_behind(
    notices: Sequence[NoticeRow], returns: pd.DataFrame, document_id: str
) -> dict[str, int]:
    """Count the returns, whenever received, for documents that one supersedes, in turn."""
    found = {
        each: int((returns["document_id"] == each).sum())
        for each in _superseded(notices, document_id)
    }
    return {name: count for name, count in found.items() if count}


def _superseded(notices: Sequence[NoticeRow], document_id: str) -> Iterator[str]:
    """Give the documents that one supersedes, in turn."""
    before = {each["document_id"]: each["supersedes"] for each in notices}
    earlier = before.pop(document_id, None)
    while isinstance(earlier, str):
        yield earlier
        earlier = before.pop(earlier, None)


def day_of(notice: pd.DataFrame, returns: pd.DataFrame, year: int) -> date:
    """Return the as-of date that the data give, so that the same data give the same scores.

    It is the latest day on which a return or the notice was received or the notice issued, so that
    more data never give an earlier day; where none is known the year's first day.
    """
    told = (returns["received_on"], notice["issued_on"], notice["received_on"])
    return max((day for days in told for day in days.dropna()), default=date(year, 1, 1))
