"""SQL over the current snapshot's tables by their names, reading only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.refusal import Refusal, refusal
from schemas.tables.registry import TABLES
from warehouse import catalogue
from warehouse.catalogue import VIEWS
from warehouse.manifest import Contents
from warehouse.snapshots import require_snapshot

if TYPE_CHECKING:
    import duckdb

    from warehouse.table_files import TableFiles

#: DESCRIBE, SUMMARIZE, SHOW, FROM and WITH are SELECT to DuckDB; PIVOT is MULTI.
_READING = ("SELECT", "EXPLAIN", "MULTI")


#: What a statement may hold beside the table files that it opens.
MEMORY = "2GiB"


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: column names, DuckDB's type of each, and the rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def query(warehouse: Path, sql: str, of: Collection[str] = tuple(TABLES)) -> Result:
    """Run one reading statement over the tables, all of them from one snapshot.

    It sees the tables ``of``, and the views over these: a file of each is opened beforehand.

    The statement sees the snapshot's table files, each verified when it is opened, and has no
    other right to the file system, whatever kind of statement it is. Raises Refusal for SQL that
    DuckDB does not understand, that would write or reach elsewhere, for a damaged table file, and
    where nothing is landed.
    """
    import duckdb

    from warehouse.table_files import PREFIX, TableFiles

    contents = Contents(require_snapshot(warehouse))
    files = TableFiles(contents)
    with duckdb.connect(":memory:") as connection:
        try:
            connection.register_filesystem(files)
            catalogue.create_views(connection, contents, PREFIX, of)
            confine(connection)
            _check_statement(connection, sql)
            cursor = connection.execute(sql)
            described = cursor.description or []
            result = Result(
                tuple(str(column[0]) for column in described),
                tuple(str(column[1]) for column in described),
                cursor.fetchall(),
            )
        except duckdb.OutOfMemoryException as error:
            raise refusal("warehouse.too_much_memory", limit=MEMORY) from error
        except (duckdb.Error, Refusal) as error:
            raise _meant(error, files) from error
        except RuntimeError as error:  # what DuckDB makes of Ctrl-C
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from None
            raise
    if files.damage is not None:
        raise files.damage
    return result


def confine(connection: duckdb.DuckDBPyConnection) -> None:
    """Take from a connection, for good, every right but to open the table files."""
    from warehouse.table_files import PREFIX

    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET temp_directory = ''")
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute("SET python_enable_replacements = false")
    connection.execute(f"SET allowed_directories = ['{PREFIX}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def _check_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse, in words, what is not one statement that reads; the safety does not rest on it."""
    statements = connection.extract_statements(sql)
    kinds = [statement.type.name for statement in statements]
    if len(kinds) == 1 and kinds[0] in _READING:
        return
    if not kinds:
        raise refusal("warehouse.not_a_query.empty")
    raise refusal("warehouse.not_a_query.other", found=", ".join(kinds))


def _meant(error: duckdb.Error | Refusal, files: TableFiles) -> Refusal:
    """Return what an error means: what the table files said goes before DuckDB's text of it."""
    from warehouse.table_files import PREFIX

    if isinstance(error, Refusal):
        return error
    if "Traceback (most recent call last)" in str(error) and not (files.damage or files.refused):
        return refusal("warehouse.not_a_table_file.writing", name=PREFIX)
    names = [*TABLES, *(view.name for view in VIEWS)]
    return (
        files.damage
        or files.refused
        or refusal(
            "warehouse.bad_sql", error=error, tables=", ".join(names), tables_zh="、".join(names)
        )
    )
