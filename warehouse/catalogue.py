"""The DuckDB file of a snapshot: views of its tables with the year as their last column.

All that differs from snapshot to snapshot is the folder, which a macro gives; views read whatever
table files lie in it. So the file is made once by each process for tables of the same form, and
copied from then on: a landing neither opens table files nor describes columns anew. Those of the
usual forms, which set-up made, are kept beside the bytecode, for a process that lands once.
"""

from __future__ import annotations

import hashlib
import pickle
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import replacing, sync
from common.refusal import refusal
from schemas.tables.column import Column
from schemas.tables.registry import TABLES, YEAR
from warehouse import snapshots as store
from warehouse import views
from warehouse.contents import Contents
from warehouse.views import VIEWS, Source, View, create_views, literal, older_of, quoted

if TYPE_CHECKING:
    import duckdb

#: The macro that gives the snapshot's folder, as a pattern of nothing but itself.
FOLDER = "snapshot_folder"
#: Small blocks: what views say takes 100 KB, of which every snapshot has a copy.
_BLOCK = 16_384
_SEAL = hashlib.sha256().digest_size

_Forms = tuple[tuple[str, Source | None], ...]
"""How each table is read; None where it has no files."""

made_before: dict[_Forms, bytes] = {}
KEPT = Path(__file__).parent / "__pycache__" / "views.bin"


def put(warehouse: Path, contents: Contents) -> None:
    """Put the views into a snapshot that lies in its place: they name whole paths.

    To be called by the holder of the lock. OSError or Refusal as :func:`build` says.
    """
    draft = warehouse / "staging" / f"views-{secrets.token_hex(4)}.duckdb"
    build(contents, draft)
    sync(draft)
    draft.replace(contents.snapshot / store.CATALOGUE)
    sync(contents.snapshot)


def build(contents: Contents, path: Path) -> None:
    """Write a DuckDB file at ``path`` that holds the views of the snapshot and nothing else.

    The views see the snapshot's own files, so that a reader of several sees one state. Views and
    columns carry their descriptions as comments. What was written is opened again and checked:
    OSError where the disk has not taken it whole, Refusal where a table file is damaged.
    """
    import duckdb

    try:
        forms = _forms(contents)
        if forms not in made_before:
            _recall()
        _write(contents.snapshot, forms, path)
        wrong = check(path, contents.snapshot)
    except duckdb.Error as error:
        wrong = str(error)
    if wrong:
        for name in sorted(contents.names):
            contents.read(name)
        raise OSError(f"{path}: {wrong}")
    if forms not in made_before:
        made_before[forms] = path.read_bytes()


def _write(snapshot: Path, forms: _Forms, path: Path) -> None:
    if forms in made_before:
        path.write_bytes(made_before[forms])
        with attached(path) as connection:
            _set_folder(connection, snapshot)
        return
    with attached(path, f"BLOCK_SIZE {_BLOCK}") as connection:
        _set_folder(connection, snapshot)
        create_views(connection, dict(forms))
        describe_columns(connection)


def _forms(contents: Contents) -> _Forms:
    return tuple((name, _source(contents, name)) for name in TABLES)


def _source(contents: Contents, table: str) -> Source | None:
    if not contents.files(table):
        return None
    files = f"{FOLDER}() || {literal(f'/{table}/*/*.parquet')}"
    return Source(files, older_of(contents, table), contents.is_current(table))


def _set_folder(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    folder = literal(_as_pattern(str(snapshot.absolute())))
    connection.execute(f"CREATE OR REPLACE MACRO {FOLDER}() AS {folder}")


def _as_pattern(path: str) -> str:
    """Return the pattern that finds nothing but a path."""
    return "".join(f"[{each}]" if each in "[*?" else each for each in path)


def folder_of(connection: duckdb.DuckDBPyConnection) -> Path | None:
    """Return the folder whose files a connection's views see; None where they name each file."""
    import duckdb

    try:
        (pattern,) = connection.execute(f"SELECT {FOLDER}()").fetchone() or ("",)
    except duckdb.CatalogException:  # there is no such macro
        return None
    for each in "[*?":
        pattern = pattern.replace(f"[{each}]", each)
    return Path(pattern)


def check(path: Path, snapshot: Path) -> str:
    """Return what is wrong with a DuckDB file: a view that is missing, or sees another folder."""
    import duckdb

    try:
        with attached(path, "READ_ONLY") as connection:
            found = connection.execute(
                "SELECT view_name FROM duckdb_views() "
                "WHERE NOT internal AND database_name = current_database()"
            )
            missing = {*TABLES, *(view.name for view in VIEWS)} - {
                row[0] for row in found.fetchall()
            }
            if missing:
                return f"without {', '.join(sorted(missing))}"
            folder = folder_of(connection)
            if folder is None or folder.resolve() != snapshot.resolve():
                return "views of another folder"
    except duckdb.Error as error:
        return str(error)
    return ""


def start() -> None:
    """Start this process's DuckDB, for who will land and forks nothing that does."""
    _engine()
    _recall()


def _recall() -> None:
    """Take up the files that are kept."""
    for forms, content in _kept().items():
        made_before.setdefault(forms, content)


def keep() -> None:
    """Keep the files that this process made, for those to come. OSError as the disk has it."""
    held = pickle.dumps(made_before)
    KEPT.parent.mkdir(exist_ok=True)
    with replacing(KEPT) as new:
        new.write_bytes(_seal(held) + held)


def _kept() -> dict[_Forms, bytes]:
    """Return the files that are kept; none where they are damaged, or made from other than now."""
    try:
        content = KEPT.read_bytes()
    except OSError:
        return {}
    seal, held = content[:_SEAL], content[_SEAL:]
    return pickle.loads(held) if seal == _seal(held) else {}


def _seal(held: bytes) -> bytes:
    """Return the hash of what is kept and of all that such files are made from."""
    import duckdb

    code = [Path(module).read_bytes() for module in (views.__file__, __file__)]
    made_from = repr((duckdb.__version__, TABLES, YEAR, VIEWS, code))
    return hashlib.sha256(made_from.encode() + held).digest()


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """Return this process's DuckDB: to start one takes longer than to write the file."""
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1})


@contextmanager
def attached(path: Path, options: str = "") -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB file, and write what was done to it whole before it is closed."""
    name = f"views_{secrets.token_hex(8)}"
    opened = f" ({options})" if options else ""
    try:
        with _engine().cursor() as connection:
            connection.execute(f"ATTACH {literal(str(path))} AS {name}{opened}")
            connection.execute(f"USE {name}")
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
            if options != "READ_ONLY":
                connection.execute("CHECKPOINT")  # at closing it would fail without a word
            connection.execute("USE memory")
            connection.execute(f"DETACH {name}")
    except BaseException:
        _engine().close()  # whatever is still open in it
        _engine.cache_clear()
        raise


def rebuild(warehouse: Path, *, wait_seconds: float = 120.0) -> Path:
    """Write the current snapshot's DuckDB file anew and return it, for a warehouse that was moved.

    Views name files by their whole paths. Tables are left as they are, and a process that has the
    old file open keeps it. Refusal where nothing is landed, or the disk refuses.
    """
    snapshot = store.require_snapshot(warehouse)
    try:
        with store.locked(warehouse, wait_seconds):
            (warehouse / "staging").mkdir(exist_ok=True)
            try:
                put(warehouse, Contents(snapshot))
            except BaseException:
                store.sweep(warehouse)
                raise
    except OSError as error:
        path = snapshot / store.CATALOGUE
        raise refusal(
            "warehouse.warehouse_not_writable.catalogue", path=path, error=error
        ) from error
    return warehouse / store.CATALOGUE


def describe_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every view its grain, and every column of it its description and unit, as comments."""
    grains = {each.name: each.grain for each in TABLES.values()}
    for name, grain in (grains | {view.name: view.grain for view in VIEWS}).items():
        connection.execute(f"COMMENT ON VIEW {quoted(name)} IS {literal(grain)}")
    for table in TABLES.values():
        comments = {column.name: comment(column) for column in (*table.columns, YEAR)}
        _comment(connection, table.name, comments)
    for view in VIEWS:
        shown = connection.execute(f"DESCRIBE {quoted(view.name)}").fetchall()
        comments = _comments(view)
        _comment(connection, view.name, {column: comments[column] for column, *_ in shown})


def comment(column: Column) -> str:
    """Return a column's comment: its description, its unit, the values it may have."""
    unit = f" [{column.unit}]" if column.unit else ""
    values = f": {', '.join(column.values)}" if column.values else ""
    return f"{column.description}{unit}{values}"


def _comments(view: View) -> dict[str, str]:
    """Return the comments on a view's columns; from the first of its tables that has the column."""
    comments: dict[str, str] = {YEAR.name: comment(YEAR)}
    for name in view.of:
        for column in TABLES[name].columns:
            comments.setdefault(column.name, comment(column))
    return comments | dict(view.own)


def _comment(connection: duckdb.DuckDBPyConnection, view: str, comments: dict[str, str]) -> None:
    connection.execute(
        ";".join(
            f"COMMENT ON COLUMN {quoted(view)}.{quoted(column)} IS {literal(text)}"
            for column, text in comments.items()
        )
    )
