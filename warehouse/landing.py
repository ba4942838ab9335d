"""Landing: one or more documents' frames become a new snapshot of all tables, whole or not at all.

The order of things is what makes it safe to be killed anywhere: everything is written and synced
beside the current snapshot, then one rename switches. The next landing sweeps what was left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import sync
from common.refusal import Refusal, refusal
from schemas.arrow_alone import leave_pandas_out
from schemas.ids import checked_document_id, checked_year
from schemas.tables import models
from schemas.tables.frames import (
    Rows,
    arrow_to_frame,
    frame_to_arrow,
    rows_to_frame,
)
from schemas.tables.package import PACKAGE
from schemas.tables.registry import TABLES
from warehouse import catalogue
from warehouse import snapshots as store
from warehouse.contents import Contents, year_of
from warehouse.files import package_of
from warehouse.manifest import write_manifest
from warehouse.parts import hold
from warehouse.staged import Changes, Shelf, holdings_after, order_after, stage

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: What differs from run to run and does not make a landing a new one.
_OF_THE_RUN = ("run_id", "landed_at")

_WAIT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Batch:
    """One document's rows by table name, and who made them.

    Tables that are not in ``frames`` keep the rows they have of this document.
    """

    document_id: str
    year: int
    frames: Mapping[str, Rows]
    run_id: str
    code_version: str


@dataclass(frozen=True, slots=True)
class Landing:
    """What a landing did: the documents that changed, and the snapshot that is current after it.

    ``rows`` counts the rows handed in, for the tables that were.
    """

    documents: frozenset[str]
    snapshot: Path
    rows: Mapping[str, int]

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return bool(self.documents)


_Tables = dict[tuple[str, str], "pa.Table"]


def land(
    warehouse: Path, batches: Sequence[Batch], *, wait_seconds: float = _WAIT_SECONDS
) -> Landing:
    """Land the documents, all in one new snapshot; each replaces what was there of itself.

    Where every row is there already (run and time apart) nothing is changed. Raises Refusal,
    with the warehouse as it was, where a value does not fit its table, a document's name or
    year cannot be a file's, another landing takes too long, the warehouse is damaged, or the
    disk refuses.
    """
    tables = _checked_tables(batches)
    store.require_nameable(warehouse)
    try:
        warehouse.mkdir(parents=True, exist_ok=True)
        with store.locked(warehouse, wait_seconds):
            store.prepare(warehouse)
            return _land_locked(warehouse, _shelf(warehouse), batches, tables)
    except OSError as error:
        raise _disk_refused(warehouse, error) from error


@dataclass(frozen=True, slots=True)
class Amendment:
    """One table of one document made anew from the rows that it has.

    ``make`` gets the landed rows (none where there are none yet) and returns what shall be there
    instead; nobody else lands in between. Several tables of a document are several amendments.
    """

    document_id: str
    year: int
    table: str
    make: Callable[[pd.DataFrame], Rows]
    run_id: str
    code_version: str


def amend(
    warehouse: Path,
    amendments: Sequence[Amendment],
    *,
    made_from: Path | None = None,
    wait_seconds: float = _WAIT_SECONDS,
) -> Landing:
    """Land tables that are made from their landed rows, all in one new snapshot; see :func:`land`.

    The other tables of the documents keep their rows. ``made_from`` is the snapshot that the
    amendments were computed from: where another one is current by now, Refusal
    ``warehouse_moved``, and the caller may compute them again.
    """
    store.require_nameable(warehouse)
    try:
        warehouse.mkdir(parents=True, exist_ok=True)
        with store.locked(warehouse, wait_seconds):
            store.prepare(warehouse)
            shelf = _shelf(warehouse)
            if made_from is not None and (shelf.base is None or shelf.base.snapshot != made_from):
                raise refusal("warehouse.warehouse_moved", warehouse=warehouse)
            batches = _amended(shelf, amendments)
            return _land_locked(warehouse, shelf, batches, _checked_tables(batches))
    except OSError as error:
        raise _disk_refused(warehouse, error) from error


def _amended(shelf: Shelf, amendments: Sequence[Amendment]) -> list[Batch]:
    """Return one batch a document, with all its tables that are amended."""
    frames: dict[str, dict[str, Rows]] = {}
    first: dict[str, Amendment] = {}
    for one in amendments:
        first.setdefault(one.document_id, one)
        own = frames.setdefault(one.document_id, {})
        if one.table in own or one.year != first[one.document_id].year:
            raise refusal("warehouse.document_twice", document_id=one.document_id)
        own[one.table] = one.make(_landed_rows(shelf, one))
    return [
        Batch(name, one.year, frames[name], one.run_id, one.code_version)
        for name, one in first.items()
    ]


def _shelf(warehouse: Path) -> Shelf:
    current = store.current_snapshot(warehouse)
    return Shelf(Contents(current) if current is not None else None)


def _landed_rows(shelf: Shelf, amendment: Amendment) -> pd.DataFrame:
    table = TABLES[amendment.table]
    for held in shelf.find(table.name, amendment.document_id).values():
        return arrow_to_frame(held.rows)
    return rows_to_frame(table, [])


def _checked_tables(batches: Sequence[Batch]) -> _Tables:
    """Return the batches' rows as Arrow tables; Refusal where one does not fit its table."""
    _check_names(batches)
    models.validate_all([batch.frames for batch in batches])
    tables = {
        (batch.document_id, name): frame_to_arrow(TABLES[name], frame)
        for batch in batches
        for name, frame in batch.frames.items()
    }
    for (document_id, name), rows in tables.items():
        _check_document(document_id, name, rows)
    return tables


def _check_names(batches: Sequence[Batch]) -> None:
    """Refuse a document's name or year that could not be a file's or folder's."""
    names = [batch.document_id for batch in batches]
    for batch in batches:
        checked_document_id(batch.document_id)
        checked_year(batch.year)
        if names.count(batch.document_id) > 1:
            raise refusal("warehouse.document_twice", document_id=batch.document_id)


def _check_document(document_id: str, name: str, rows: pa.Table) -> None:
    """Refuse rows of another document: they would hide in this one's file."""
    others = sorted(set(rows.column("document_id").unique().to_pylist()) - {document_id})
    if others:
        raise refusal(
            "warehouse.other_document", table=name, document_id=document_id, other=others[0]
        )


def warm_up() -> None:
    """Import what a landing needs, while others read.

    DuckDB is not started: who forks this process could not use it.
    """
    leave_pandas_out()

    import duckdb  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    models.warm_up()


def _land_locked(
    warehouse: Path, shelf: Shelf, batches: Sequence[Batch], tables: _Tables
) -> Landing:
    rows = {
        name: sum(len(rows) for (_, table), rows in tables.items() if table == name)
        for name in TABLES
        if any(table == name for _, table in tables)
    }
    try:
        new = [batch for batch in batches if not _is_there(shelf, batch, tables)]
        if shelf.base is not None and not new:
            _make_whole(warehouse, shelf)
            return Landing(frozenset(), shelf.base.snapshot, rows)
        snapshot = _make_snapshot(warehouse, shelf, _changes(shelf, new, tables))
        store.switch(warehouse, snapshot.name)
    except BaseException:
        store.sweep(warehouse)  # gives a full disk its room back; the old state stays current
        raise
    store.prune(warehouse, datetime.now(UTC).timestamp())
    return Landing(frozenset(batch.document_id for batch in new), snapshot, rows)


def _changes(shelf: Shelf, batches: Sequence[Batch], tables: _Tables) -> Changes:
    """Return what is to be there; what a document has of these tables in other years goes."""
    changes: Changes = {table: {} for _, table in tables}
    for batch in batches:
        for table in batch.frames:
            rows = tables[batch.document_id, table]
            held = hold(rows, batch.run_id, batch.code_version)
            for year in _years(shelf, table, batch):
                changes[table].setdefault(year, {})[batch.document_id] = (
                    held if year == batch.year else None
                )
    return changes


def _years(shelf: Shelf, table: str, batch: Batch) -> set[int]:
    """Return the year of a batch and those under which its document may be landed."""
    holding = shelf.base.holding(table, (batch.document_id,)) if shelf.base is not None else ()
    return {batch.year} | {year_of(name) for name in holding}


def _make_snapshot(warehouse: Path, shelf: Shelf, changes: Changes) -> Path:
    """Write a whole snapshot under its final name; nobody looks at it before the switch.

    What was written is read again from the disk before.
    """
    now = datetime.now(UTC)
    name = store.next_name(warehouse, now)
    tree = store.begin(warehouse, name, now.timestamp())
    order = order_after(shelf, changes)
    staged = stage(tree, shelf, changes, order)
    write_manifest(tree.folder, staged.entries, holdings_after(shelf, changes, staged, order))
    store.write_name(tree.folder)
    tree.finish()
    snapshot = warehouse / "snapshots" / name
    tree.folder.rename(snapshot)
    contents = Contents(snapshot)
    for file in staged.written:
        contents.read(file)
    catalogue.put(warehouse, contents)
    _put_package(contents)
    sync(warehouse / "snapshots")
    return snapshot


def _put_package(contents: Contents) -> None:
    """Write the descriptor of the tables beside them, for programs that know Data Packages."""
    path = contents.snapshot / PACKAGE
    path.write_bytes(package_of(contents, {name: name for name in contents.names}))
    sync(path)
    sync(contents.snapshot)


def _make_whole(warehouse: Path, shelf: Shelf) -> None:
    """Write the current snapshot's views anew where they are not whole.

    Refusal where a table file of another document is gone or has another size.
    """
    assert shelf.base is not None, "what is there is in a snapshot"
    for name in sorted(shelf.base.names):
        shelf.entry(name)
    if catalogue.check(shelf.base.snapshot / store.CATALOGUE, shelf.base.snapshot):
        catalogue.put(warehouse, shelf.base)


def _is_there(shelf: Shelf, batch: Batch, tables: _Tables) -> bool:
    """Whether the snapshot holds exactly these rows of the document, under this year only.

    A file that is damaged does not, nor one that has not got all columns yet.
    """
    if shelf.base is None:
        return False
    try:
        return all(_holds(shelf, batch, table, tables) for table in batch.frames)
    except Refusal as reason:
        if reason.code != "damaged_table":
            raise
        return False


def _holds(shelf: Shelf, batch: Batch, table: str, tables: _Tables) -> bool:
    found = shelf.find(table, batch.document_id)
    if [year_of(name) for name in found] != [batch.year]:
        return False
    ((name, held),) = found.items()
    made = tables[batch.document_id, table]
    return _same_rows(held.rows, made) and not shelf.is_older(name)


def _same_rows(landed: pa.Table, made: pa.Table) -> bool:
    compared = [name for name in made.column_names if name not in _OF_THE_RUN]
    if landed.column_names != made.column_names:
        return False
    return bool(landed.select(compared).equals(made.select(compared)))


def _disk_refused(warehouse: Path, error: OSError) -> Refusal:
    return refusal(
        "warehouse.warehouse_not_writable.tables",
        warehouse=warehouse,
        error=error,
        reason=error.strerror or error,
    )
