"""Whether a warehouse is whole: links, files, columns, keys, counts, views. Nothing is written.

Every file is held against the snapshot's manifest and read to its last page.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.files import is_locked
from common.refusal import Refusal
from schemas.records.health import Check, State
from schemas.tables.frames import arrow_schema
from schemas.tables.package import PACKAGE
from schemas.tables.registry import TABLES
from warehouse import snapshots as store
from warehouse.catalogue import folder_of
from warehouse.contents import Contents, year_of
from warehouse.files import older_columns, read_rows
from warehouse.manifest import MANIFEST, SNAPSHOT
from warehouse.parts import documents_of

if TYPE_CHECKING:
    import pyarrow as pa

AREA = "数据仓库"

#: What else may lie in a warehouse: the records of nights, and links and folders of its own.
_KNOWN = frozenset(
    {"snapshots", "staging", "current", "CURRENT", store.LOCK, store.CATALOGUE}
    | {"nightly.json", "nightly.lock"}
)
_SHOWN = 5
_FILE = re.compile(r"'((?:[^']|'')*\.parquet)'")
_RESTORE = "请从备份把有关文件恢复到原处（见 docs/operate.md 的“恢复”），或重新 kaohe ingest。"


def check_warehouse(warehouse: Path) -> Iterator[Check]:
    """Yield what is found of a warehouse; nothing but a note where there is none yet."""
    if not warehouse.is_dir():
        yield _check("warehouse", "note", "数据仓库", f"“{warehouse}”还不存在，第一次入库时建立")
        return
    try:
        snapshot = store.current_snapshot(warehouse)
        contents = Contents(snapshot) if snapshot is not None else None
    except Refusal as refusal:
        yield _check("warehouse", "error", "当前快照", refusal.zh, "见上，从备份恢复后重新检查。")
        return
    yield from _leftovers(warehouse)
    if snapshot is None or contents is None:
        yield _check("warehouse", "note", "数据仓库", f"“{warehouse}”里还没有数据")
        return
    yield _links(warehouse, snapshot)
    yield from _files(contents)
    yield _views(warehouse, snapshot)
    yield _size(warehouse)


def _check(code: str, state: State, name_zh: str, found_zh: str, todo_zh: str = "") -> Check:
    return Check(AREA, code, state, name_zh, found_zh, todo_zh)


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
        found = str(link.readlink()) if link.is_symlink() else "不是链接"
        if found != target:
            wrong.append(f"{name} 应指向 {target}，现为“{found}”")
    if wrong:
        todo = (
            f"复制或恢复时请保留符号链接（如 cp -a、tar）；或在“{warehouse}”中用 ln -sfn 重建："
            + "；".join(f"ln -sfn {target} {name}" for name, target in expected.items())
        )
        return _check("links", "error", "当前快照", "；".join(wrong), todo)
    return _check("links", "ok", "当前快照", snapshot.name)


def _leftovers(warehouse: Path) -> Iterator[Check]:
    """Yield what a killed landing left, and files that are not the warehouse's."""
    staged = _names(warehouse / "staging")
    if staged and is_locked(warehouse / store.LOCK):
        yield _check("staging", "note", "暂存区", "有入库程序正在写入")
    elif staged:
        found = f"有上次未完成的入库留下的 {len(staged)} 项：{_listed(staged)}"
        yield _check("staging", "note", "暂存区", f"{found}。下次入库时自动清除，不影响数据")
    strange = [name for name in _names(warehouse) if name not in _KNOWN and name[0] != "."]
    folder = warehouse / "snapshots"
    strange += [f"snapshots/{name}" for name in _names(folder) if not store.is_snapshot_name(name)]
    if strange:
        yield _check(
            "strange_files", "warning", "其他文件",
            f"数据仓库中有 {len(strange)} 个不属于它的文件：{_listed(strange)}",
            "请移到别处；数据仓库的文件夹不要存放其他内容。",
        )  # fmt: skip


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" 等 {len(listed)} 个" if len(listed) > _SHOWN else ""
    return "、".join(listed[:_SHOWN]) + more


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
    notices: list[dict[str, Any]] = field(default_factory=list)


def _files(contents: Contents) -> Iterator[Check]:
    """Read every file of the current snapshot whole and check it against manifest and table."""
    seen = _Seen()
    for table in TABLES:
        for _, name in contents.files(table):
            _look(contents, table, name, seen)
    right = f"{len(contents.names)} 个 Parquet 文件都能完整读出，与入库时一致"
    yield _verdict("files", "数据文件", seen.broken, right, _RESTORE)
    yield _verdict("columns", "表结构", seen.misfits, "各列与本版本的规定一致", _RESTORE)
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
        seen.misfits.append(f"{name}：{wrong}")
    if table == "notices":
        seen.notices += rows.to_pylist()


def _older(contents: Contents, seen: _Seen) -> Iterator[Check]:
    """Yield in what the snapshot is of an older version."""
    if contents.entries is None:
        found = "当前快照由旧版本写入，没有校验清单，读出时无法核对。下次入库时补上"
        yield _check("manifest", "note", "校验清单", found)
    elif not contents.sealed:
        found = "当前快照由旧版本写入，校验清单没有自身的校验值。下次入库时补上"
        yield _check("manifest", "note", "校验清单", found)
    if seen.missing:
        named = "；".join(f"{table} 缺 {'、'.join(names)}" for table, names in seen.missing.items())
        yield _check(
            "older_columns", "note", "表结构",
            f"由旧版本写入：{named}。这些列按空值读出，下次入库时补上",
        )  # fmt: skip
    if seen.older:
        named = "；".join(f"{table} 的 {'、'.join(names)}" for table, names in seen.older.items())
        yield _check(
            "older_forms", "note", "表结构",
            f"由旧版本写入：{named}。这些列读出时换成新的形式，下次入库时改写",
        )  # fmt: skip


def _verdict(code: str, name_zh: str, wrong: list[str], right: str, todo: str) -> Check:
    if not wrong:
        return _check(code, "ok", name_zh, right)
    found = "；".join(wrong[:_SHOWN]) + (f"；等 {len(wrong)} 处" if len(wrong) > _SHOWN else "")
    return _check(code, "error", name_zh, found, todo)


def _misfit(table: str, rows: pa.Table, older: set[str]) -> str:
    """Return in words what is wrong with the columns, those of an older version apart."""
    expected = arrow_schema(TABLES[table])
    extra = [name for name in rows.column_names if name not in expected.names]
    wrong = [
        f"{name} 应为 {expected.field(name).type}，现为 {rows.schema.field(name).type}"
        for name in expected.names
        if name not in older and rows.schema.field(name).type != expected.field(name).type
    ]
    wrong += [f"多出列 {name}（可能由更新的版本写入）" for name in extra]
    return "，".join(wrong)


def _wrong_documents(
    contents: Contents, name: str, documents: dict[str, int], rows: pa.Table
) -> str:
    """Return in words where rows are not those of the documents that the file says it holds."""
    found = rows["document_id"].to_pylist()
    if others := {*found} - {*documents}:
        return f"含有其他文件的行（{_listed(sorted(map(str, others)))}）"
    if found != [document for document, count in documents.items() for _ in range(count)]:
        return "各文件的行与文件所记的行数不符"
    place = (name.partition("/")[0], year_of(name))
    if strange := sorted(each for each in documents if contents.part_of(*place, each) != name):
        return f"含有清单没有列在这里的文件（{_listed(strange)}）"
    return ""


def _wrong_keys(table: str, rows: pa.Table) -> str:
    """Return in words where one key occurs twice."""
    key = [name for name in TABLES[table].key if name in rows.column_names]
    found = len(rows) - len(rows.group_by(key).aggregate([]))
    return f"有 {found} 行的键（{'、'.join(key)}）重复" if found else ""


def _whole_documents(seen: _Seen) -> Check:
    """Check each document's rows against the counts that its notice carries."""
    wrong = [
        f"{document_id} 有 {_listed(tables)} 而没有 notices"
        for document_id, tables in sorted(seen.counts.items())
        if "notices" not in tables
    ]
    for notice in seen.notices:
        name = notice["document_id"]
        found = seen.counts.get(name, {})
        wrong += [
            f"{name} 的 {table} 应有 {notice[table]} 行，实有 {found.get(table, 0)} 行"
            for table in ("indicators", "targets")
            if found.get(table, 0) not in (notice[table], -1)
        ]
    right = f"{len(seen.counts)} 份文件的各表齐全"
    return _verdict("documents", "文件完整性", wrong, right, _RESTORE)


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
        yield _check(
            "orphans", "warning", "多余文件", f"当前快照中有不属于任何表的文件：{_listed(found)}",
            "入库的数据都在清单中，已逐个核对；这些文件不是其中之一，可能被人放入，请移到别处。"
            if contents.sealed
            else "可能由更新的版本写入，或被人放入。请对照备份后再移走。",
        )  # fmt: skip


def _views(warehouse: Path, snapshot: Path) -> Check:
    """Open the DuckDB file and count the rows of every view."""
    import duckdb

    todo = "请运行 kaohe catalogue 重建（数据不受影响）。"
    path = snapshot / store.CATALOGUE
    if not path.is_file():
        return _check("views", "error", "kaohe.duckdb", "不见了", todo)
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            sql = "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal"
            views = dict(connection.execute(sql).fetchall())
            elsewhere = _elsewhere(folder_of(connection), views, snapshot)
            if elsewhere:
                found = f"视图指向别处（{_listed(elsewhere)}）：数据仓库被移动或改名过"
                return _check("views", "error", "kaohe.duckdb", found, todo)
            missing = [name for name in TABLES if name not in views]
            for name in views:
                connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()
    except duckdb.Error as error:
        found = str(error).splitlines()[0][:200]
        return _check("views", "error", "kaohe.duckdb", f"无法打开或查询：{found}", todo)
    if missing:
        found = f"由旧版本建立，没有 {_listed(missing)}，下次入库时补上"
        return _check("views", "note", "kaohe.duckdb", found)
    return _check("views", "ok", "kaohe.duckdb", f"{len(views)} 个视图都能查询")


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
    return _check("size", "ok", "占用空间", f"{used / 1e6:.1f} MB，磁盘剩余 {free / 1e9:.1f} GB")
