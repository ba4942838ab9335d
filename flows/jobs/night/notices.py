"""One notice of the night: ingested from its folder, and what became of it remembered."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from common.refusal import Refusal
from flows.jobs.ingest import Order, ingest
from flows.jobs.ingest_summary import Summary
from flows.jobs.night.ledger import NoticeEntry, Problem, current_name
from flows.jobs.night.night import Night, attempt, is_passing, note_problem
from flows.jobs.night.summary import Item
from flows.jobs.sidecar import SIDECAR, parse_sidecar
from schemas.records.source import SourceMeta


def is_landed(warehouse: Path, entry: NoticeEntry) -> bool:
    """Say whether the document that an entry tells of is in the current snapshot."""
    name = f"year={entry.year}/{entry.document_id}.parquet"
    return (warehouse / "snapshots" / (current_name(warehouse) or "") / "notices" / name).is_file()


def ingest_notice(night: Night, path: Path, mark: str | None) -> None:
    """Ingest one folder of ``raw/notices`` and note what became of it.

    What a person has to put right is remembered with the content's hash, and not tried again
    before that changes; what may pass by itself is tried every night.
    """
    landed: list[Summary] = []

    def do() -> None:
        landed.append(_ingest(night, path))

    problem = attempt(night, "notice", path.name, do)
    if problem is None and landed:
        _note_landed(night, path, mark or "", landed[0])
        return
    entry = _entry_of(night, path, mark or "", problem)
    if problem is not None and (mark is None or is_passing(problem)):
        night.ledger.notices.pop(path.name, None)
        note_problem(night, path.name, entry, "failed")
    else:
        night.ledger.notices[path.name] = entry
        note_problem(night, path.name, entry)
    night.save()


def _ingest(night: Night, path: Path) -> Summary:
    if not path.is_dir():
        raise Refusal(
            "not_in_a_folder",
            f"{path}: a notice lies in a folder of its own",
            f"{path} 不在自己的文件夹中。请在 raw/notices 下为每份通知建一个文件夹，把文件放进去。",
        )
    document_id = _meta(path).document_id
    _check_twice(night, path, document_id)
    night.progress(f"notice {path.name}")
    return ingest(Order(path, night.order.warehouse, document_id), night.progress, night.run_id)


def _meta(path: Path) -> SourceMeta:
    sidecar = path / SIDECAR
    return (
        parse_sidecar(sidecar, path.name)
        if sidecar.is_file()
        else SourceMeta(document_id=path.name)
    )


def _check_twice(night: Night, path: Path, document_id: str) -> None:
    """Refuse a folder whose document another folder brings: each would replace the other's rows."""
    for name, entry in night.ledger.notices.items():
        if name != path.name and entry.document_id == document_id and entry.problem is None:
            raise Refusal(
                "document_twice",
                f"{path} and {name} are both called {document_id}",
                f"文件夹 {path.name} 和 {name} 的文件编号都是“{document_id}”，会互相覆盖。"
                "请在其中一个的 source.toml 中改用别的 document_id。",
            )


def _note_landed(night: Night, path: Path, mark: str, summary: Summary) -> None:
    role = _meta(path).role
    night.ledger.notices[path.name] = NoticeEntry(mark, summary.document_id, summary.year, role)
    night.save()
    open_findings = "，".join(
        f"{name} {count}" for name, count in summary.findings.items() if count
    )
    night.note(
        Item(
            "notice",
            path.name,
            "landed" if summary.changed else "unchanged",
            summary.year,
            f"指标 {summary.indicators}，目标 {summary.targets}，发现 {open_findings or '无'}",
            summary.document_id,
            clean=summary.clean,
        )
    )


def _entry_of(night: Night, path: Path, mark: str, problem: Problem | None) -> NoticeEntry:
    """Return what is known of a document that was not taken: from its sidecar, or from before."""
    before = night.ledger.notices.get(path.name)
    meta = SourceMeta(document_id=before.document_id if before else path.name)
    with suppress(Refusal, OSError):
        meta = _meta(path)
    year = meta.year or (before.year if before else None) or _landed_year(night, meta.document_id)
    return NoticeEntry(mark, meta.document_id, year, meta.role, problem)


def _landed_year(night: Night, document_id: str) -> int | None:
    """Return the year under which a document is landed; None where it is not."""
    warehouse = night.order.warehouse
    snapshot = warehouse / "snapshots" / (current_name(warehouse) or "")
    for path in snapshot.glob("notices/year=*/*.parquet"):
        if path.stem == document_id:
            return int(path.parent.name.removeprefix("year="))
    return None
