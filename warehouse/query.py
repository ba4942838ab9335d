"""SQL over the current snapshot's tables by their names, reading only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.refusal import Refusal, refusal
from schemas.tables.registry import TABLES
from warehouse import catalogue
from warehouse.catalogue import VIEWS
from warehouse.snapshots import require_snapshot

if TYPE_CHECKING:
    import duckdb

#: DESCRIBE, SUMMARIZE, SHOW, FROM and WITH are SELECT to DuckDB; PIVOT is MULTI.
_READING = ("SELECT", "EXPLAIN", "MULTI")


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: column names, DuckDB's type of each, and the rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def query(warehouse: Path, sql: str) -> Result:
    """Run one reading statement over the tables, all of them from one snapshot.

    The statement can reach the snapshot's files and nothing else on the machine. Raises Refusal
    for SQL that DuckDB does not understand, that would write, and where nothing is landed.
    """
    import duckdb

    snapshot = require_snapshot(warehouse)
    with duckdb.connect(":memory:") as connection:
        try:
            catalogue.create_views(connection, snapshot)
            _confine(connection, snapshot)
            _check_statement(connection, sql)
            cursor = connection.execute(sql)
            described = cursor.description or []
            return Result(
                tuple(str(column[0]) for column in described),
                tuple(str(column[1]) for column in described),
                cursor.fetchall(),
            )
        except duckdb.Error as error:
            raise _bad_sql(error) from error


def _confine(connection: duckdb.DuckDBPyConnection, snapshot: Path) -> None:
    folder = f"{snapshot.absolute()}/".replace("'", "''")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET allowed_directories = ['{folder}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _check_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    kinds = [statement.type.name for statement in statements]
    if len(kinds) == 1 and kinds[0] in _READING:
        return
    if not kinds:
        raise refusal("warehouse.not_a_query.empty")
    raise refusal("warehouse.not_a_query.other", found=", ".join(kinds))


def _bad_sql(error: duckdb.Error) -> Refusal:
    names = [*TABLES, *(view.name for view in VIEWS)]
    return refusal(
        "warehouse.bad_sql", error=error, tables=", ".join(names), tables_zh="、".join(names)
    )
