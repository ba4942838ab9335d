"""The confirmed keys of the night: landed anew where their file or a document changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from common.messages import Message
from flows.jobs.apart import attempt
from flows.jobs.ingest import Progress
from flows.jobs.marks import current_name, keys_mark
from flows.jobs.night.ledger import KeysEntry, Ledger, write_ledger
from flows.jobs.night.summary import KEYS_NAME, Item, NightlyOrder
from flows.jobs.night.tally import is_transient

if TYPE_CHECKING:
    from flows.jobs.keys import LandedKeys


def land_keys(order: NightlyOrder, ledger: Ledger, progress: Progress) -> Iterator[Item]:
    """Land the confirmed keys; a stale one is named, and keeps no year from being published.

    On a night with anything new every key is held against its document again: that may be another
    reading now. Keys say nothing of points.
    """
    mark = keys_mark(order.raw)
    if mark == "" and not _are_landed(order.warehouse):
        ledger.keys = KeysEntry("")
        return
    if current_name(order.warehouse) is None:
        return
    landed = attempt("keys", KEYS_NAME, lambda: _land(order, progress))
    problem = landed if isinstance(landed, Message) else None
    again = mark is None or (problem is not None and is_transient(problem))
    ledger.keys = None if again else KeysEntry(mark or "", problem)
    write_ledger(order.warehouse, ledger)
    if isinstance(landed, Message):
        yield Item.of_keys(landed, "failed" if again else "refused")
    elif landed.changed:
        yield _landed_item(landed)


def _land(order: NightlyOrder, progress: Progress) -> LandedKeys:
    from flows.jobs.keys import land_keys as land

    return land(order.warehouse, order.raw, progress)


def _are_landed(warehouse: Path) -> bool:
    """Say whether the current snapshot holds keys, without reading it."""
    snapshot = warehouse / "snapshots" / (current_name(warehouse) or "")
    return next(snapshot.glob("indicator_keys/year=*/*.parquet"), None) is not None


def _landed_item(landed: LandedKeys) -> Item:
    waiting = f"；未入库的文件：{'、'.join(landed.waiting)}" if landed.waiting else ""
    count = sum(landed.documents.values())
    detail = f"{len(landed.documents)} 份文件 {count} 项指标，共 {landed.keys} 个键{waiting}"
    return Item("keys", KEYS_NAME, "landed", None, detail, f"{landed.keys} keys")
