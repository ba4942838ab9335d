"""SQL over the current snapshot's tables by their names, reading only."""

from __future__ import annotations

import signal
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from common.processes import deaf_to
from common.refusal import Refusal, refusal
from schemas.tables.registry import TABLES
from warehouse.asked import files_asked, tables_asked, views_asked
from warehouse.contents import Contents
from warehouse.snapshots import require_snapshot
from warehouse.views import VIEWS, Source, create_views, literal, older_of

if TYPE_CHECKING:
    import duckdb

    from warehouse.table_files import TableFiles

#: DESCRIBE, SUMMARIZE, SHOW, FROM and WITH are SELECT to DuckDB; PIVOT is MULTI.
_READING = ("SELECT", "EXPLAIN", "MULTI")
_STOP_AGAIN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: column names, DuckDB's type of each, and the rows."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def query(warehouse: Path, sql: str, of: Collection[str] = tuple(TABLES)) -> Result:
    """Run one reading statement over the tables, all of them from one snapshot.

    It sees the tables ``of``, and the views over these, as far as it asks for them; of a table of
    which it wants one document, only the file that holds it is opened.

    The statement sees the snapshot's table files, each verified when it is opened, and has no
    other right to the file system, whatever kind of statement it is. Raises Refusal for SQL that
    DuckDB does not understand, that would write or reach elsewhere, for a damaged table file, and
    where nothing is landed.
    """
    contents = Contents(require_snapshot(warehouse))
    with deaf_to(signal.SIGINT, signal.SIGTERM):  # DuckDB aborts if it hears of them while it loads
        import duckdb

        from warehouse.table_files import MEMORY, TableFiles, confine

        files, started = TableFiles(contents), duckdb.connect(":memory:")
    with started as connection, _ended_by_signals(connection):
        try:
            connection.register_filesystem(files)
            confine(connection)
            _check_statement(connection, sql)
            _show(connection, contents, sql, of)
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
    if files.damage is not None:
        raise files.damage
    return result


@contextmanager
def _ended_by_signals(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end a statement whenever they come, with what they raise.

    DuckDB loads modules of Python while it begins and takes what is raised meanwhile for a module
    that is not there: one Ctrl-C in eight was lost, and the statement ran on. So it is told to stop
    until it has. Signals come to the main thread alone; in others nothing is done.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    raised: list[BaseException] = []
    over = threading.Event()

    def stop() -> None:
        while not over.wait(_STOP_AGAIN_SECONDS):
            connection.interrupt()

    stopping = threading.Thread(target=stop, daemon=True)
    both = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    handlers = {each: handler for each, handler in both.items() if callable(handler)}

    def heed(number: int, frame: FrameType | None) -> None:
        try:
            handlers[signal.Signals(number)](number, frame)
        except BaseException as error:
            if not raised:
                raised.append(error)
                stopping.start()
            raise

    for each in handlers:
        signal.signal(each, heed)
    try:
        yield
    finally:
        over.set()
        if raised:
            stopping.join()
        for each, handler in handlers.items():
            signal.signal(each, handler)
        if raised:
            raise raised[0] from None


def _show(
    connection: duckdb.DuckDBPyConnection, contents: Contents, sql: str, of: Collection[str]
) -> None:
    """Create the views that a statement may see."""
    tables = tables_asked(sql, of)
    files = files_asked(sql, contents, tables)
    sources = {name: source_of(contents, name, files[name]) for name in tables}
    create_views(connection, sources, views_asked(sql, tables))


def source_of(contents: Contents, table: str, files: Sequence[str]) -> Source | None:
    """Return what SQL is to read of a table: files of the snapshot, by names that it may open."""
    from warehouse.table_files import PREFIX

    if not files:
        return None
    named = ", ".join(literal(f"{PREFIX}{name}") for name in files)
    return Source(f"[{named}]", older_of(contents, table), contents.is_current(table))


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
