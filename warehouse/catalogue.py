"""Views of one snapshot for DuckDB: one a table, with the year as its last column."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from schemas.columns import SQL_TYPES
from schemas.tables import TABLES, YEAR, TableSpec
from warehouse.files import data_files

if TYPE_CHECKING:
    import duckdb


#: Views over the tables' views: name, grain, SQL.
VIEWS = (
    (
        "current_notices",
        "one row a year and issuer: the document in force, which is official, not superseded by "
        "another official one, and the latest issued, received or landed",
        """
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
        """,
    ),
    *(
        (
            f"{table}_latest",
            f"the rows of {table} of each document's latest as-of date",
            f"SELECT * FROM {table} "
            "QUALIFY as_of = max(as_of) OVER (PARTITION BY document_id, year)",
        )
        for table in ("scores", "scorecards")
    ),
)


def build(snapshot: Path, path: Path) -> None:
    """Write a DuckDB file at ``path`` that holds the views of the snapshot and nothing else.

    The views name the snapshot's own files, so that a reader of several sees one state.
    """
    import duckdb

    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        connection.execute("BEGIN")
        create_views(connection, snapshot)
        connection.execute("COMMIT")


def create_views(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    """Create the view of every table over the snapshot's files."""
    for table in TABLES.values():
        connection.execute(f"CREATE VIEW {_name(table.name)} AS {_select(table, snapshot)}")
        connection.execute(f"COMMENT ON VIEW {_name(table.name)} IS {_text(table.grain)}")
    for name, grain, sql in VIEWS:
        connection.execute(f"CREATE VIEW {_name(name)} AS {sql}")
        connection.execute(f"COMMENT ON VIEW {_name(name)} IS {_text(grain)}")


def _select(table: TableSpec, snapshot: Path) -> str:
    by_year: dict[int, list[Path]] = {}
    for year, path in data_files(snapshot.absolute(), table.name):
        by_year.setdefault(year, []).append(path)
    if not by_year:
        return _select_nothing(table)
    return " UNION ALL ".join(_select_year(table, year, by_year[year]) for year in sorted(by_year))


def _select_year(table: TableSpec, year: int, paths: list[Path]) -> str:
    # The year is written here and not read from the folders: a warehouse may itself lie in a
    # folder of the form name=value, which would become a column.
    columns = ", ".join(_name(name) for name in table.names)
    files = ", ".join(_text(str(path)) for path in paths)
    return (
        f"SELECT {columns}, {year}::BIGINT AS {YEAR.name} "
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
