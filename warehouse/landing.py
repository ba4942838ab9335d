"""Landing: one or more documents' frames become a new snapshot of all tables, whole or not at all.

The order of things is what makes it safe to be killed anywhere: everything is written and synced
beside the current snapshot, then one rename switches. The next landing sweeps what was left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import sync
from common.refusal import Refusal, refusal
from schemas.ids import checked_document_id, checked_year
from schemas.tables import models
from schemas.tables.frames import arrow_to_frame, frame_to_arrow, rows_to_frame
from schemas.tables.registry import TABLES
from warehouse import catalogue
from warehouse import snapshots as store
from warehouse.files import (
    carry_over,
    entry_of,
    read_as,
    read_rows,
    sync_folders,
    write_table,
)
from warehouse.manifest import Contents, Entry, place_of, write_manifest

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: What differs from run to run and does not make a landing a new one.
_OF_THE_RUN = ("run_id", "landed_at")

_WAIT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Batch:
    """One document's frames by table name, and who made them.

    Tables that are not in ``frames`` keep the rows they have of this document.
    """

    document_id: str
    year: int
    frames: Mapping[str, pd.DataFrame]
    run_id: str
    code_version: str


@dataclass(frozen=True, slots=True)
class Landing:
    """What a landing did: whether anything changed, and the snapshot that is current after it.

    ``rows`` counts the rows handed in, for the tables that were.
    """

    changed: bool
    snapshot: Path
    rows: Mapping[str, int]


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
            return _land_locked(warehouse, batches, tables)
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
    make: Callable[[pd.DataFrame], pd.DataFrame]
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
            base = store.current_snapshot(warehouse)
            if made_from is not None and base != made_from:
                raise refusal("warehouse.warehouse_moved", warehouse=warehouse)
            batches = _amended(base, amendments)
            return _land_locked(warehouse, batches, _checked_tables(batches))
    except OSError as error:
        raise _disk_refused(warehouse, error) from error


def _amended(base: Path | None, amendments: Sequence[Amendment]) -> list[Batch]:
    """Return one batch a document, with all its tables that are amended."""
    frames: dict[str, dict[str, pd.DataFrame]] = {}
    first: dict[str, Amendment] = {}
    for one in amendments:
        first.setdefault(one.document_id, one)
        own = frames.setdefault(one.document_id, {})
        if one.table in own or one.year != first[one.document_id].year:
            raise refusal("warehouse.document_twice", document_id=one.document_id)
        own[one.table] = one.make(_landed_rows(base, one))
    return [
        Batch(name, one.year, frames[name], one.run_id, one.code_version)
        for name, one in first.items()
    ]


def _landed_rows(base: Path | None, amendment: Amendment) -> pd.DataFrame:
    table = TABLES[amendment.table]
    rows = rows_to_frame(table, [])
    if base is None:
        return rows
    contents = Contents(base)
    for name in _files_of(contents, table.name, amendment.document_id):
        rows = arrow_to_frame(read_as(table, contents, name))
    return rows


def _files_of(contents: Contents, table: str, document_id: str) -> list[str]:
    """Return a document's files of a table, whatever year it was landed under."""
    return [name for _, name in contents.files(table) if Path(name).stem == document_id]


def _checked_tables(batches: Sequence[Batch]) -> _Tables:
    """Return the batches' rows as Arrow tables; Refusal where one does not fit its table."""
    _check_names(batches)
    for batch in batches:
        models.validate(batch.frames)
        _check_document(batch)
    return {
        (batch.document_id, name): frame_to_arrow(TABLES[name], frame)
        for batch in batches
        for name, frame in batch.frames.items()
    }


def _check_names(batches: Sequence[Batch]) -> None:
    """Refuse a document's name or year that could not be a file's or folder's."""
    names = [batch.document_id for batch in batches]
    for batch in batches:
        checked_document_id(batch.document_id)
        checked_year(batch.year)
        if names.count(batch.document_id) > 1:
            raise refusal("warehouse.document_twice", document_id=batch.document_id)


def _check_document(batch: Batch) -> None:
    """Refuse rows of another document: they would hide in this one's file."""
    for name, frame in batch.frames.items():
        others = sorted(set(frame["document_id"]) - {batch.document_id})
        if others:
            raise refusal(
                "warehouse.other_document",
                table=name,
                document_id=batch.document_id,
                other=others[0],
            )


def warm_up() -> None:
    """Import what a landing needs and build the models, while something else is being read."""
    import duckdb  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    models.warm_up()


def _land_locked(warehouse: Path, batches: Sequence[Batch], tables: _Tables) -> Landing:
    current = store.current_snapshot(warehouse)
    base = Contents(current) if current is not None else None
    rows = {
        name: sum(len(rows) for (_, table), rows in tables.items() if table == name)
        for name in TABLES
        if any(table == name for _, table in tables)
    }
    try:
        if base is not None and all(_is_there(base, batch, tables) for batch in batches):
            _make_whole(warehouse, base)
            return Landing(False, base.snapshot, rows)
        snapshot = _make_snapshot(warehouse, base, batches, tables)
        store.switch(warehouse, snapshot.name)
    except BaseException:
        store.sweep(warehouse)  # gives a full disk its room back; the old state stays current
        raise
    store.prune(warehouse, datetime.now(UTC).timestamp())
    return Landing(True, snapshot, rows)


def _make_snapshot(
    warehouse: Path, base: Contents | None, batches: Sequence[Batch], tables: _Tables
) -> Path:
    """Write a whole snapshot under its final name; nobody looks at it before the switch.

    What was written is read again from the disk before.
    """
    name = store.next_name(warehouse, datetime.now(UTC))
    staged = warehouse / "staging" / name
    staged.mkdir()
    replaced = frozenset((table, document_id) for document_id, table in tables)
    carried = carry_over(base, staged, replaced) if base is not None else {}
    written = {name: entry for batch in batches for name, entry in _write(staged, batch, tables)}
    write_manifest(staged, carried | written)
    store.write_name(staged)
    sync_folders(staged)
    snapshot = warehouse / "snapshots" / name
    staged.rename(snapshot)
    contents = Contents(snapshot)
    for file in written:
        contents.read(file)
    catalogue.put(warehouse, snapshot)
    sync(warehouse / "snapshots")
    return snapshot


def _write(staged: Path, batch: Batch, tables: _Tables) -> Iterator[tuple[str, Entry]]:
    stamp = {
        "document_id": batch.document_id,
        "run_id": batch.run_id,
        "code_version": batch.code_version,
    }
    for table in batch.frames:
        name = place_of(table, batch.year, batch.document_id)
        yield name, write_table(tables[batch.document_id, table], staged / name, stamp)


def _make_whole(warehouse: Path, base: Contents) -> None:
    """Write the current snapshot's views anew where they are not whole.

    Refusal where a table file of another document is gone or has another size.
    """
    for name in sorted(base.names):
        entry_of(base, name)
    if catalogue.check(base.snapshot / store.CATALOGUE, base):
        catalogue.put(warehouse, base.snapshot)


def _is_there(base: Contents, batch: Batch, tables: _Tables) -> bool:
    """Whether the snapshot holds exactly these rows of the document, under this year only."""
    places = {table: place_of(table, batch.year, batch.document_id) for table in batch.frames}
    return all(
        _files_of(base, table, batch.document_id) == [place]
        and _holds(base, place, tables[batch.document_id, table])
        for table, place in places.items()
    )


def _holds(base: Contents, name: str, made: pa.Table) -> bool:
    """Whether a file holds these rows; a damaged one does not, and is written anew."""
    if base.entries is not None and base.entries[name].rows != len(made):
        return False
    try:
        return _same_rows(read_rows(base, name), made)
    except Refusal as reason:
        if reason.code != "damaged_table":
            raise
        return False


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
