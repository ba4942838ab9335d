"""Whether a warehouse is whole: links, files, columns, keys, counts, views. Nothing is written.

Every file is held against the snapshot's manifest and read to its last page.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import is_locked
from common.refusal import Refusal
from schemas.records.health import Check, check, phrase
from schemas.records.rows import NoticeRow
from schemas.tables.frames import arrow_schema, rows_as
from schemas.tables.package import PACKAGE
from schemas.tables.registry import TABLES
from warehouse import snapshots as store
from warehouse.catalogue import attached, folder_of
from warehouse.contents import Contents, year_of
from warehouse.files import older_columns, read_rows
from warehouse.manifest import MANIFEST, SNAPSHOT
from warehouse.parts import documents_of
from warehouse.views import quoted

if TYPE_CHECKING:
    import pyarrow as pa

#: What else may lie in a warehouse: the records of nights, and links and folders of its own.
_KNOWN = frozenset(
    {"snapshots", "staging", "current", "CURRENT", store.LOCK, store.CATALOGUE}
    | {"nightly.json", "nightly.lock"}
)
_SHOWN = 5
_FILE = re.compile(r"'((?:[^']|'')*\.parquet)'")


def check_warehouse(warehouse: Path) -> Iterator[Check]:
    """Yield what is found of a warehouse; nothing but a note where there is none yet."""
    if not warehouse.is_dir():
        yield check("warehouse.store.warehouse.absent", warehouse=warehouse)
        return
    try:
        snapshot = store.current_snapshot(warehouse)
        contents = Contents(snapshot) if snapshot is not None else None
    except Refusal as refusal:
        yield check("warehouse.store.warehouse.refused", reason=refusal.zh)
        return
    yield from _leftovers(warehouse)
    if snapshot is None or contents is None:
        yield check("warehouse.store.warehouse.empty", warehouse=warehouse)
        return
    yield _links(warehouse, snapshot)
    yield from _files(contents)
    yield _views(warehouse, snapshot)
    yield _size(warehouse)


def _links(warehouse: Path, snapshot: Path) -> Check:
    """Check that ``current``, ``CURRENT`` and the DuckDB file's link agree."""
    expected = {
        "current": f"snapshots/{snapshot.name}",
        "CURRENT": "current/SNAPSHOT",
        store.CATALOGUE: f"current/{store.CATALOGUE}",
    }
    wrong = []
    for name, target in expected.items():
        link = warehouse / name
        found = str(link.readlink()) if link.is_symlink() else phrase("warehouse.store.no_link")
        if found != target:
            wrong.append(phrase("warehouse.store.link", link=name, target=target, found=found))
    if wrong:
        return check(
            "warehouse.store.links.wrong",
            wrong="；".join(wrong),
            warehouse=warehouse,
            commands="；".join(f"ln -sfn {target} {name}" for name, target in expected.items()),
        )
    return check("warehouse.store.links.right", snapshot=snapshot.name)


def _leftovers(warehouse: Path) -> Iterator[Check]:
    """Yield what a killed landing left, and files that are not the warehouse's."""
    staged = _names(warehouse / "staging")
    if staged and is_locked(warehouse / store.LOCK):
        yield check("warehouse.store.staging.busy")
    elif staged:
        yield check("warehouse.store.staging.left", count=len(staged), names=_listed(staged))
    strange = [name for name in _names(warehouse) if name not in _KNOWN and name[0] != "."]
    folder = warehouse / "snapshots"
    strange += [f"snapshots/{name}" for name in _names(folder) if not store.is_snapshot_name(name)]
    if strange:
        yield check(
            "warehouse.store.strange_files.found", count=len(strange), names=_listed(strange)
        )


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    shown = "、".join(listed[:_SHOWN])
    if len(listed) <= _SHOWN:
        return shown
    return phrase("warehouse.store.and_more", names=shown, count=len(listed))


@dataclass(slots=True)
class _Seen:
    """What was found of all files: reasons in words, columns by table, rows by document.

    In ``counts`` -1 stands for a file that is damaged.
    """

    broken: list[str] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    older: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    notices: list[NoticeRow] = field(default_factory=list)


def _files(contents: Contents) -> Iterator[Check]:
    """Read every file of the current snapshot whole and check it against manifest and table."""
    seen = _Seen()
    for table in TABLES:
        for _, name in contents.files(table):
            _look(contents, table, name, seen)
    if seen.broken:
        yield check("warehouse.store.files.wrong", wrong=_joined(seen.broken))
    else:
        yield check("warehouse.store.files.right", count=len(contents.names))
    if seen.misfits:
        yield check("warehouse.store.columns.wrong", wrong=_joined(seen.misfits))
    else:
        yield check("warehouse.store.columns.right")
    yield from _older(contents, seen)
    yield _whole_documents(seen)
    yield from _orphans(contents)


def _look(contents: Contents, table: str, name: str, seen: _Seen) -> None:
    try:
        rows, documents = read_rows(contents, name), documents_of(contents, name)
    except Refusal as reason:
        seen.broken.append(reason.zh)
        year = year_of(name)
        lost = contents.documents.get(year, ())
        documents = {each: -1 for each in lost if contents.part_of(table, year, each) == name}
        rows = None
    for document, count in documents.items():
        seen.counts.setdefault(document, {})[table] = count
    if rows is not None:
        _look_at_rows(contents, (table, name), documents, rows, seen)


def _look_at_rows(
    contents: Contents,
    place: tuple[str, str],
    documents: dict[str, int],
    rows: pa.Table,
    seen: _Seen,
) -> None:
    table, name = place
    lacking, outdated = older_columns(TABLES[table], rows.schema)
    if lacking:
        seen.missing.setdefault(table, lacking)
    if outdated:
        seen.older.setdefault(table, outdated)
    wrong = (
        _misfit(table, rows, {*lacking, *outdated})
        or _wrong_documents(contents, name, documents, rows)
        or _wrong_keys(table, rows)
    )
    if wrong:
        seen.misfits.append(phrase("warehouse.store.misfit", part=name, wrong=wrong))
    if table == "notices":
        seen.notices += rows_as(NoticeRow, rows)


def _older(contents: Contents, seen: _Seen) -> Iterator[Check]:
    """Yield in what the snapshot is of an older version."""
    if contents.entries is None:
        yield check("warehouse.store.manifest.absent")
    elif not contents.sealed:
        yield check("warehouse.store.manifest.unsealed")
    if seen.missing:
        lacking = (
            phrase("warehouse.store.lacking", table=table, columns="、".join(names))
            for table, names in seen.missing.items()
        )
        yield check("warehouse.store.older_columns.older", tables="；".join(lacking))
    if seen.older:
        outdated = (
            phrase("warehouse.store.outdated", table=table, columns="、".join(names))
            for table, names in seen.older.items()
        )
        yield check("warehouse.store.older_forms.older", tables="；".join(outdated))


def _joined(wrong: list[str]) -> str:
    shown = "；".join(wrong[:_SHOWN])
    if len(wrong) <= _SHOWN:
        return shown
    return phrase("warehouse.store.and_more_wrong", wrong=shown, count=len(wrong))


def _misfit(table: str, rows: pa.Table, older: set[str]) -> str:
    """Return in words what is wrong with the columns, those of an older version apart."""
    expected = arrow_schema(TABLES[table])
    extra = [name for name in rows.column_names if name not in expected.names]
    wrong = [
        phrase(
            "warehouse.store.other_type",
            column=name,
            expected=expected.field(name).type,
            found=rows.schema.field(name).type,
        )
        for name in expected.names
        if name not in older and rows.schema.field(name).type != expected.field(name).type
    ]
    wrong += [phrase("warehouse.store.other_column", column=name) for name in extra]
    return "，".join(wrong)


def _wrong_documents(
    contents: Contents, name: str, documents: dict[str, int], rows: pa.Table
) -> str:
    """Return in words where rows are not those of the documents that the file says it holds."""
    found = rows["document_id"].to_pylist()
    if others := {*found} - {*documents}:
        return phrase("warehouse.store.other_documents", names=_listed(sorted(map(str, others))))
    if found != [document for document, count in documents.items() for _ in range(count)]:
        return phrase("warehouse.store.other_counts")
    place = (name.partition("/")[0], year_of(name))
    if strange := sorted(each for each in documents if contents.part_of(*place, each) != name):
        return phrase("warehouse.store.other_part", names=_listed(strange))
    return ""


def _wrong_keys(table: str, rows: pa.Table) -> str:
    """Return in words where one key occurs twice."""
    key = [name for name in TABLES[table].key if name in rows.column_names]
    found = len(rows) - len(rows.group_by(key).aggregate([]))
    return phrase("warehouse.store.keys", count=found, columns="、".join(key)) if found else ""


def _whole_documents(seen: _Seen) -> Check:
    """Check each document's rows against the counts that its notice carries."""
    wrong = [
        phrase("warehouse.store.no_notice", document=document_id, tables=_listed(tables))
        for document_id, tables in sorted(seen.counts.items())
        if "notices" not in tables
    ]
    for notice in seen.notices:
        name = notice["document_id"]
        found = seen.counts.get(name, {})
        wrong += [
            phrase(
                "warehouse.store.rows",
                document=name,
                table=table,
                expected=notice[table],
                found=found.get(table, 0),
            )
            for table in ("indicators", "targets")
            if found.get(table, 0) not in (notice[table], -1)
        ]
    if wrong:
        return check("warehouse.store.documents.wrong", wrong=_joined(wrong))
    return check("warehouse.store.documents.right", count=len(seen.counts))


def _orphans(contents: Contents) -> Iterator[Check]:
    """Yield the files in the current snapshot that belong to no table."""
    own = {name for table in TABLES for _, name in contents.files(table)}
    own |= {SNAPSHOT, MANIFEST, PACKAGE, store.CATALOGUE}
    names = (
        path.relative_to(contents.snapshot).as_posix()
        for path in sorted(contents.snapshot.rglob("*"))
        if not path.is_dir()
    )
    if found := [name for name in names if name not in own]:
        sealed = "sealed" if contents.sealed else "unsealed"
        yield check(f"warehouse.store.orphans.{sealed}", names=_listed(found))


def _views(warehouse: Path, snapshot: Path) -> Check:
    """Open the DuckDB file and count the rows of every view."""
    import duckdb

    path = snapshot / store.CATALOGUE
    if not path.is_file():
        return check("warehouse.store.views.gone")
    try:
        with attached(path, "READ_ONLY") as connection:
            sql = (
                "SELECT view_name, sql FROM duckdb_views() "
                "WHERE NOT internal AND database_name = current_database()"
            )
            views = dict(connection.execute(sql).fetchall())
            elsewhere = _elsewhere(folder_of(connection), views, snapshot)
            if elsewhere:
                return check("warehouse.store.views.elsewhere", names=_listed(elsewhere))
            missing = [name for name in TABLES if name not in views]
            if views:
                counts = (f"SELECT count(*) FROM {quoted(name)}" for name in views)
                connection.execute(" UNION ALL ".join(counts)).fetchall()
    except duckdb.Error as error:
        return check("warehouse.store.views.closed", reason=str(error).splitlines()[0][:200])
    if missing:
        return check("warehouse.store.views.older", names=_listed(missing))
    return check("warehouse.store.views.right", count=len(views))


def _elsewhere(folder: Path | None, views: dict[str, str], snapshot: Path) -> list[str]:
    """Return the views that see files of another folder than the snapshot's, however written.

    Those of older versions name each file themselves.
    """
    if folder is not None:
        return [] if folder.resolve() == snapshot.resolve() else [str(folder)]
    files = {
        name: [Path(file.replace("''", "'")) for file in _FILE.findall(text)]
        for name, text in views.items()
    }
    return [
        name
        for name, named in files.items()
        if not all(file.resolve().is_relative_to(snapshot.resolve()) for file in named)
    ]


def _size(warehouse: Path) -> Check:
    """Return how much room the warehouse takes and how much is free."""
    seen = {
        (info.st_dev, info.st_ino): info.st_size
        for path in warehouse.rglob("*")
        if not path.is_symlink() and path.is_file() and (info := path.stat())
    }
    used, free = sum(seen.values()), shutil.disk_usage(warehouse).free
    return check("warehouse.store.size.right", used=used / 1e6, free=free / 1e9)
