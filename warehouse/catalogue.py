"""Views of one snapshot for DuckDB: one a table, with the year as its last column.

The views over the tables: name, grain, SQL, and whose columns they show.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import sync
from common.refusal import refusal
from schemas.tables.column import SQL_TYPES, Column
from schemas.tables.registry import TABLES, YEAR, TableSpec
from warehouse import snapshots as store
from warehouse.manifest import Contents

if TYPE_CHECKING:
    import duckdb

#: Which document is in force.
_CURRENT_NOTICES = """
WITH official AS (
    SELECT * FROM notices WHERE coalesce(role, 'official') = 'official'
), standing AS (
    SELECT * FROM official WHERE document_id NOT IN (
        SELECT later.supersedes FROM official AS later
        WHERE later.supersedes IS NOT NULL AND later.supersedes <> later.document_id
    )
), of_one AS (  -- a document that names no issuer is that of the year's only one
    SELECT *, coalesce(issuer, CASE WHEN count(DISTINCT issuer) OVER (PARTITION BY year) = 1
        THEN max(issuer) OVER (PARTITION BY year) END, '') AS whose
    FROM standing
)
SELECT * EXCLUDE (whose) FROM of_one
QUALIFY row_number() OVER (
    PARTITION BY year, whose
    ORDER BY issued_on DESC NULLS LAST, received_on DESC NULLS LAST, landed_at DESC,
        document_id DESC
) = 1
ORDER BY year, issuer
"""

#: A key counts only while the indicator still has the name that was confirmed: after another
#: reading its number may stand for another indicator. An indicator without one is its own key,
#: unless a person gave that very key to another indicator.
_INDICATOR_HISTORY = """
SELECT
    coalesce(
        k.indicator_key,
        CASE WHEN i.indicator_id IN (SELECT indicator_key FROM indicator_keys)
            THEN i.indicator_id || '*' ELSE i.indicator_id END
    ) AS indicator_key,
    k.indicator_key IS NOT NULL AS confirmed,
    i.*
FROM indicators AS i
LEFT JOIN indicator_keys AS k
    ON k.document_id = i.document_id AND k.serial_no = i.serial_no AND k.year = i.year
    AND k.name = CASE
        WHEN coalesce(i.level4, '') <> '' AND coalesce(i.level3, '') <> ''
        THEN i.level3 || ' ' || i.indicator ELSE i.indicator END
WHERE i.document_id IN (SELECT document_id FROM current_notices)
ORDER BY i.year, i.document_id, i.serial_no
"""


@dataclass(frozen=True, slots=True)
class View:
    """One view; ``of`` are the tables whose columns it shows, and ``own`` describes the others.

    ``beside`` are tables that it reads besides.
    """

    name: str
    grain: str
    sql: str
    of: tuple[str, ...]
    own: tuple[tuple[str, str], ...] = ()
    beside: tuple[str, ...] = ()


#: In the order in which they build on each other.
VIEWS = (
    View(
        "current_notices",
        "one row a year and issuer: the document in force, which is official, not superseded by "
        "another official one, and the latest issued, received or landed",
        _CURRENT_NOTICES,
        ("notices",),
    ),
    *(
        View(
            f"{table}_latest",
            f"the rows of {table} of each document's latest as-of date",
            f"SELECT * FROM {table} "
            "QUALIFY as_of = max(as_of) OVER (PARTITION BY document_id, year)",
            (table,),
        )
        for table in ("scores", "scorecards")
    ),
    View(
        "indicator_history",
        "one row an indicator of a document in force, with the key that follows it through years",
        _INDICATOR_HISTORY,
        ("indicators", "indicator_keys"),
        (("confirmed", "Whether a person confirmed the key; else the indicator is its own"),),
        beside=("notices",),
    ),
)


def build(snapshot: Path, path: Path) -> None:
    """Write a DuckDB file at ``path`` that holds the views of the snapshot and nothing else.

    The views name the snapshot's own files, so that a reader of several sees one state. Views and
    columns carry their descriptions as comments. What was written is opened again and checked:
    OSError where the disk has not taken it whole, Refusal where a table file is damaged.
    """
    import duckdb

    contents = Contents(snapshot)
    try:
        with duckdb.connect(str(path), config={"threads": 1}) as connection:
            connection.execute("BEGIN")
            create_views(connection, contents, f"{snapshot.absolute()}/")
            describe_columns(connection)
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")  # at closing it would fail without a word
        wrong = check(path, contents)
    except duckdb.Error as error:
        wrong = str(error)
    if wrong:
        for name in sorted(contents.names):
            contents.read(name)
        raise OSError(f"{path}: {wrong}")


def check(path: Path, contents: Contents) -> str:
    """Return what is wrong with a DuckDB file: a view that is missing, or shows too few rows."""
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            found = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal")
            missing = {*TABLES, *(view.name for view in VIEWS)} - {
                row[0] for row in found.fetchall()
            }
            if missing:
                return f"without {', '.join(sorted(missing))}"
            for table in TABLES:
                counted = connection.execute(f"SELECT count(*) FROM {_name(table)}").fetchone()
                if (expected := contents.rows(table)) not in (None, *(counted or ())):
                    return f"{table}: {counted} rows, expected {expected}"
    except duckdb.Error as error:
        return str(error)
    return ""


def put(warehouse: Path, snapshot: Path) -> None:
    """Put the views into the snapshot, where its files already lie: views name whole paths.

    To be called by the holder of the lock. OSError or Refusal as :func:`build` says.
    """
    draft = warehouse / "staging" / f"views-{secrets.token_hex(4)}.duckdb"
    build(snapshot, draft)
    sync(draft)
    draft.replace(snapshot / store.CATALOGUE)
    sync(snapshot)


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
                put(warehouse, snapshot)
            except BaseException:
                store.sweep(warehouse)
                raise
    except OSError as error:
        path = snapshot / store.CATALOGUE
        raise refusal(
            "warehouse.warehouse_not_writable.catalogue", path=path, error=error
        ) from error
    return warehouse / store.CATALOGUE


def create_views(
    connection: duckdb.DuckDBPyConnection,
    contents: Contents,
    prefix: str,
    names: Collection[str] = tuple(TABLES),
) -> None:
    """Create the views of tables over the snapshot's files, and those over these tables.

    ``prefix`` is before each file's name.
    """
    for table in (TABLES[name] for name in names):
        rows = _select(connection, table, contents, prefix)
        connection.execute(f"CREATE VIEW {_name(table.name)} AS {rows}")
        connection.execute(f"COMMENT ON VIEW {_name(table.name)} IS {_text(table.grain)}")
    for view in (view for view in VIEWS if {*view.of, *view.beside} <= {*names}):
        connection.execute(f"CREATE VIEW {_name(view.name)} AS {view.sql}")
        connection.execute(f"COMMENT ON VIEW {_name(view.name)} IS {_text(view.grain)}")


def describe_columns(connection: duckdb.DuckDBPyConnection) -> None:
    """Give every column of every view its description and unit as a comment."""
    for table in TABLES.values():
        comments = {column.name: comment(column) for column in (*table.columns, YEAR)}
        _comment(connection, table.name, comments)
    for view in VIEWS:
        shown = connection.execute(f"DESCRIBE {_name(view.name)}").fetchall()
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
    for column, text in comments.items():
        connection.execute(f"COMMENT ON COLUMN {_name(view)}.{_name(column)} IS {_text(text)}")


def _select(
    connection: duckdb.DuckDBPyConnection, table: TableSpec, contents: Contents, prefix: str
) -> str:
    """Return the table's rows; a column that older files have not got yet is empty in them.

    All files of one table in one snapshot have the same columns, so that one of them says which
    are in an older form; no other is opened but by who reads.
    """
    by_year: dict[int, list[str]] = {}
    for year, name in contents.files(table.name):
        by_year.setdefault(year, []).append(prefix + name)
    if not by_year:
        return _select_nothing(table)
    columns = ", ".join(_name(column.name) for column in (*table.columns, YEAR))
    first = min(by_year)
    cast = _casts(connection, table, by_year[first][0])
    years = (_select_year(year, by_year[year], cast) for year in sorted(by_year))
    rows = " UNION ALL BY NAME ".join((_select_nothing(table), *years))
    return f"SELECT {columns} FROM ({rows})"


def _casts(connection: duckdb.DuckDBPyConnection, table: TableSpec, file: str) -> str:
    """Return what turns columns of an older form into this version's: texts into structs."""
    structs = {c.name: SQL_TYPES[c.kind] for c in table.columns if "STRUCT" in SQL_TYPES[c.kind]}
    if not structs:
        return ""
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_text(file)})")
    casts = [
        f"[{{'text': each}} FOR each IN {_name(name)}]::{structs[name]} AS {_name(name)}"
        for name, kind, *_ in described.fetchall()
        if name in structs and kind == "VARCHAR[]"
    ]
    return f" REPLACE ({', '.join(casts)})" if casts else ""


def _select_year(year: int, named: list[str], cast: str) -> str:
    # The year is written here and not read from the folders: a warehouse may itself lie in a
    # folder of the form name=value, which would become a column.
    files = ", ".join(_text(file) for file in named)
    return (
        f"SELECT *{cast}, {year}::BIGINT AS {YEAR.name} "
        f"FROM read_parquet([{files}], hive_partitioning = false)"
    )


def _select_nothing(table: TableSpec) -> str:
    columns = ", ".join(
        f"NULL::{SQL_TYPES[column.kind]} AS {_name(column.name)}"
        for column in (*table.columns, YEAR)
    )
    return f"SELECT {columns} WHERE false"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
