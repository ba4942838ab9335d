"""What a statement asks for: of which tables, and of which documents where it names them.

DuckDB is asked itself: it plans the statement over tables without rows, and its plan says of every
place where a table is read whether only the rows of one document are wanted there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

from schemas.tables.column import SQL_TYPES
from schemas.tables.registry import TABLES, YEAR
from warehouse.views import VIEWS, View, create_views, quoted

if TYPE_CHECKING:
    import duckdb

    from warehouse.contents import Contents

#: Such a statement sees which views there are.
_OF_ALL = re.compile(r"\b(duckdb_|information_schema|pg_|sqlite_|show|describe|pragma)", re.I)
_ONE_DOCUMENT = re.compile(r"\(document_id = '([^' ]+)'\)")
#: What moves a condition to where a table is read; whatever else DuckDB does may take it away.
_MOVING = ("filter_pullup", "filter_pushdown", "expression_rewriter")
#: Of fewer files all may be opened.
MANY = 8


def views_asked(sql: str, tables: Collection[str]) -> list[View]:
    """Return the views over these tables that a statement may see; they may read one another."""
    if not _names_none(sql) and not any(view.name in sql.lower() for view in VIEWS):
        return []
    return [view for view in VIEWS if view.sees_only(tables)]


def tables_asked(sql: str, of: Collection[str]) -> list[str]:
    """Return the tables ``of`` those given that a statement may see, itself or through a view."""
    if _names_none(sql):
        return [*of]
    asked = {name for name in TABLES if name in sql.lower()}
    for view in VIEWS:
        if view.name in sql.lower():
            asked |= {*view.of, *view.beside}
    return [name for name in of if name in asked]


def _names_none(sql: str) -> bool:
    names = (*TABLES, *(view.name for view in VIEWS))
    return bool(_OF_ALL.search(sql)) or not any(name in sql.lower() for name in names)


def files_asked(sql: str, contents: Contents, tables: Collection[str]) -> dict[str, list[str]]:
    """Return the files of each table that a statement may see rows of; no other is opened."""
    files = {table: [name for _, name in contents.files(table)] for table in tables}
    if "document_id" in sql and max(map(len, files.values()), default=0) > MANY:
        for table, documents in documents_asked(sql, tables).items():
            files[table] = contents.holding(table, documents)
    return files


def documents_asked(sql: str, tables: Collection[str]) -> Mapping[str, set[str]]:
    """Return the documents of the tables of which nothing but these is wanted anywhere."""
    import duckdb

    from warehouse.table_files import confine

    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        _only_move_conditions(connection)
        for table in tables:
            columns = ", ".join(
                f"{quoted(column.name)} {SQL_TYPES[column.kind]}"
                for column in (*TABLES[table].columns, YEAR)
            )
            connection.execute(f"CREATE TABLE {quoted(table)} ({columns})")
        create_views(connection, {}, views_asked(sql, tables))
        confine(connection)
        try:
            found = connection.execute(f"EXPLAIN (FORMAT json) {sql}").fetchall()
            return _wanted(json.loads(found[0][1]))
        except (duckdb.Error, ValueError, LookupError):  # it is said where the statement is run
            return {}


def _only_move_conditions(connection: duckdb.DuckDBPyConnection) -> None:
    """Leave to the planner only what says more plainly which rows are wanted."""
    names = connection.execute("SELECT name FROM duckdb_optimizers()").fetchall()
    others = ",".join(name for (name,) in names if name not in _MOVING)
    connection.execute(f"SET disabled_optimizers = '{others}'")


class _Told(TypedDict, total=False):
    """What a plan says of a place where a table is read."""

    Table: str
    Filters: str | list[str]


class _Node(TypedDict):
    """A place of a plan, with those that it gets its rows from."""

    extra_info: NotRequired[_Told]
    children: list[_Node]


def _wanted(plan: Sequence[_Node]) -> dict[str, set[str]]:
    wanted: dict[str, set[str] | None] = {}
    for table, document in _scans(plan):
        before = wanted.setdefault(table, set())
        wanted[table] = before | {document} if before is not None and document else None
    return {table: documents for table, documents in wanted.items() if documents is not None}


def _scans(nodes: Sequence[_Node]) -> Iterator[tuple[str, str | None]]:
    """Yield each place of a plan where a table is read, with the document that is wanted there."""
    for node in nodes:
        told = node.get("extra_info")
        if told and "Table" in told:
            filters = told.get("Filters", [])
            texts = [filters] if isinstance(filters, str) else filters
            found = [match[1] for text in texts if (match := _ONE_DOCUMENT.fullmatch(text))]
            yield told["Table"].rpartition(".")[2].strip('"'), found[0] if found else None
        yield from _scans(node["children"])
