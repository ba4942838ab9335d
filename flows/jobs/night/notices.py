"""The notices of the night: those that are new or changed are ingested as one batch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from common.messages import Message
from common.names import shown_name
from common.refusal import Refusal, refusal
from flows.jobs.apart import attempt
from flows.jobs.batch.choice import EngineChoice, engine_of
from flows.jobs.batch.run import ingest_all
from flows.jobs.batch.summary import Summary
from flows.jobs.ingest import Order
from flows.jobs.marks import notice_folders, notice_mark
from flows.jobs.night.ledger import Ledger, NoticeEntry, write_ledger
from flows.jobs.night.summary import Item, NightlyOrder
from flows.jobs.night.tally import Run, is_transient
from flows.jobs.sidecar.document import SIDECAR
from flows.jobs.sidecar.meta import parse_sidecar
from schemas.records.source import SourceMeta


def ingest_notices(order: NightlyOrder, ledger: Ledger, run: Run) -> Iterator[Item]:
    """Ingest every notice that is new or changed; remember and yield what became of it.

    What a person has to put right is remembered with the content's hash, and not tried again
    before that changes; what may pass by itself is tried every night.
    """
    paths = notice_folders(order.raw)
    names, there = {path.name for path in paths}, _landed(order.warehouse)
    ledger.notices = {name: entry for name, entry in ledger.notices.items() if name in names}
    marks: dict[Path, str | None] = {}
    orders: list[Order] = []
    for path in paths:
        mark, entry, name = notice_mark(path), ledger.notices.get(path.name), shown_name(path.name)
        if entry is not None and entry.fingerprint == mark:
            if entry.problem is not None:
                yield Item.of_notice(name, entry, entry.problem)
                continue
            if there.get(entry.document_id) == entry.year:
                continue
        marks[path] = mark
        asked = attempt("notice", name, partial(_order, order, ledger.notices, path))
        if isinstance(asked, Message):
            yield _remembered(order, ledger, path, mark, asked)
        else:
            orders.append(asked)
    with engine_of(EngineChoice(), len(orders)) as engine:
        for done in ingest_all(orders, engine, run.progress, run.id):
            path = done.order.source
            landed = attempt("notice", shown_name(path.name), done.taken)
            yield _remembered(order, ledger, path, marks[path], landed)


def _remembered(
    order: NightlyOrder, ledger: Ledger, path: Path, mark: str | None, landed: Summary | Message
) -> Item:
    """Remember what became of one folder of ``raw/notices``, and return it."""
    name = shown_name(path.name)
    if isinstance(landed, Message):
        entry = _entry_of(order.warehouse, ledger.notices.get(path.name), path, mark, landed)
        again = mark is None or is_transient(landed)
        item = Item.of_notice(name, entry, landed, "failed" if again else "refused")
    else:
        role, again = _meta(path).role, False
        entry = NoticeEntry(mark or "", landed.document_id, landed.year, role)
        item = _landed_item(name, landed)
    if again:
        ledger.notices.pop(path.name, None)
    else:
        ledger.notices[path.name] = entry
    write_ledger(order.warehouse, ledger)
    return item


def _order(order: NightlyOrder, known: Mapping[str, NoticeEntry], path: Path) -> Order:
    if not path.is_dir():
        raise refusal("flows.not_in_a_folder", path=path)
    document_id = _meta(path).document_id
    _check_twice(known, path, document_id)
    return Order(path, order.warehouse, document_id)


def _meta(path: Path) -> SourceMeta:
    sidecar = path / SIDECAR
    return (
        parse_sidecar(sidecar, shown_name(path.name))
        if sidecar.is_file()
        else SourceMeta(document_id=shown_name(path.name))
    )


def _check_twice(known: Mapping[str, NoticeEntry], path: Path, document_id: str) -> None:
    """Refuse a folder whose document another folder brings: each would replace the other's rows."""
    for name, entry in known.items():
        if name != path.name and entry.document_id == document_id and entry.problem is None:
            raise refusal(
                "flows.document_twice.other",
                path=path,
                folder=path.name,
                other=name,
                id=document_id,
            )


def _landed_item(name: str, summary: Summary) -> Item:
    counts = "，".join(
        f"{severity} {count}" for severity, count in summary.findings.items() if count
    )
    return Item(
        "notice",
        name,
        "landed" if summary.changed else "unchanged",
        summary.year,
        f"指标 {summary.indicators}，目标 {summary.targets}，发现 {counts or '无'}",
        summary.document_id,
        clean=summary.clean,
    )


def _entry_of(
    warehouse: Path, before: NoticeEntry | None, path: Path, mark: str | None, problem: Message
) -> NoticeEntry:
    """Return what is known of a document that was not taken: from its sidecar, or from before."""
    meta = SourceMeta(document_id=before.document_id if before else shown_name(path.name))
    with suppress(Refusal, OSError):
        meta = _meta(path)
    year = meta.year or (before.year if before else None)
    year = year or _landed_year(warehouse, meta.document_id)
    return NoticeEntry(mark or "", meta.document_id, year, meta.role, problem)


def _landed_year(warehouse: Path, document_id: str) -> int | None:
    """Return the year under which a document is landed; None where it is not."""
    return _landed(warehouse).get(document_id)


def _landed(warehouse: Path) -> Mapping[str, int]:
    """Return the documents that are landed with the year of each; none that cannot be read."""
    from warehouse.reading import landed_documents
    from warehouse.snapshots import current_snapshot

    try:
        snapshot = current_snapshot(warehouse)
        return landed_documents(snapshot) if snapshot is not None else {}
    except Refusal:
        return {}
