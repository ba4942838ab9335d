"""The confirmed keys of the night: landed anew where their file or a document changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from flows.jobs.night.ledger import KeysEntry, Problem, current_name
from flows.jobs.night.night import Night, attempt, is_passing
from flows.jobs.night.summary import Item
from schemas.records.keys import KEYS_FILE

if TYPE_CHECKING:
    from flows.jobs.keys import Landed

_NAME = KEYS_FILE.as_posix()


def fingerprint(raw: Path) -> str | None:
    """Return the hash of the keys' file, "" where there is none; None where it is unreadable."""
    try:
        return hashlib.sha256((raw / KEYS_FILE).read_bytes()).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError:
        return None


def land(night: Night) -> None:
    """Land the confirmed keys; a stale one is named, and keeps no year from being published.

    On a night with anything new every key is held against its document again: that may be another
    reading now. Keys say nothing of points.
    """
    mark = fingerprint(night.order.raw)
    if mark == "" and not _are_landed(night.order.warehouse):
        night.ledger.keys = KeysEntry("")
        return
    if current_name(night.order.warehouse) is None:
        return
    landed: list[Landed] = []

    def do() -> None:
        from flows.jobs.keys import land_keys

        landed.append(land_keys(night.order.warehouse, night.order.raw, night.progress))

    problem = attempt(night, "keys", _NAME, do)
    passing = mark is None or (problem is not None and is_passing(problem))
    night.ledger.keys = None if passing else KeysEntry(mark or "", problem)
    if problem is not None:
        note_problem(night, problem, "failed" if passing else "refused")
    elif landed[0].changed:
        _note_landed(night, landed[0])
    else:
        night.items.pop(("keys", _NAME), None)
    night.save()


def _are_landed(warehouse: Path) -> bool:
    """Say whether the current snapshot holds keys, without reading it."""
    snapshot = warehouse / "snapshots" / (current_name(warehouse) or "")
    return next(snapshot.glob("indicator_keys/year=*/*.parquet"), None) is not None


def note_problem(night: Night, problem: Problem, state: str = "refused") -> None:
    """Say that the keys could not be landed; those that are landed stay."""
    told = (problem.zh, problem.en, problem.code)
    night.note(Item("keys", _NAME, state, None, *told, clean=False))


def _note_landed(night: Night, landed: Landed) -> None:
    waiting = f"；未入库的文件：{'、'.join(landed.waiting)}" if landed.waiting else ""
    count = sum(landed.documents.values())
    detail = f"{len(landed.documents)} 份文件 {count} 项指标，共 {landed.keys} 个键{waiting}"
    night.note(Item("keys", _NAME, "landed", None, detail, f"{landed.keys} keys"))
