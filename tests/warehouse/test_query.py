"""Queries read the tables by their names and can do nothing else."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import pytest

from common.refusal import Refusal
from schemas.tables.registry import TABLES
from tests.support.warehouse.landings import DOCUMENT, batch, content
from warehouse import table_files
from warehouse.contents import Contents
from warehouse.landing import land
from warehouse.query import query, source_of
from warehouse.table_files import TableFiles, confine
from warehouse.views import VIEWS, create_views


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("query")
    land(folder, [batch(1)])
    return folder


def test_result_has_columns_types_and_rows(warehouse: Path) -> None:
    result = query(warehouse, "SELECT entity, sum(max_points) AS p FROM targets GROUP BY ALL;")
    assert result.columns == ("entity", "p")
    assert result.types == ("VARCHAR", "DOUBLE")
    assert dict(result.rows) == {"东河区": 11.5, "南屏县": 11.5, "高新区": 11.5}


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("FROM targets", 18),
        ("TABLE notices", 1),
        ("WITH t AS (SELECT DISTINCT entity FROM targets) SELECT * FROM t", 3),
        ("DESCRIBE findings", len(TABLES["findings"].names) + 1),
        ("SUMMARIZE notices", len(TABLES["notices"].names) + 1),
        ("SHOW TABLES", len(TABLES) + len(VIEWS)),
        ("EXPLAIN SELECT 1", 1),
        ("PIVOT targets ON entity USING sum(max_points) GROUP BY serial_no", 6),
    ],
)
def test_statements_that_read(warehouse: Path, sql: str, rows: int) -> None:
    assert len(query(warehouse, sql).rows) == rows


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW targets",
        "CREATE TABLE t (a INT)",
        "INSERT INTO targets SELECT * FROM targets",
        "DELETE FROM targets",
        "COPY targets TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/x.duckdb'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET threads = 1",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "CHECKPOINT",
        "SELECT 1; SELECT 2",
        "",
        "-- nothing",
    ],
)
def test_statements_that_do_more_are_refused(warehouse: Path, tmp_path: Path, sql: str) -> None:
    before = content(warehouse)
    with pytest.raises(Refusal) as refused:
        query(warehouse, sql.format(folder=tmp_path))
    assert refused.value.code == "not_a_query"
    assert list(tmp_path.iterdir()) == []
    assert content(warehouse) == before


#: What would read, write or open something; wrapped below in all that runs another statement.
REACHING = (
    "COPY (SELECT 1) TO '{landed}'",
    "COPY (SELECT 1) TO 'ro://{name}'",
    "COPY (SELECT 1) TO 'ro://new.parquet'",
    "COPY targets TO '{folder}/out.csv'",
    "COPY targets TO '{folder}/out' (FORMAT parquet, PARTITION_BY entity)",
    "COPY (SELECT 1) TO '{landed}' (FORMAT parquet, OVERWRITE true)",
    "EXPORT DATABASE '{folder}/out'",
    "EXPORT DATABASE 'ro://out'",
    "IMPORT DATABASE '{folder}'",
    "ATTACH '{folder}/x.duckdb'",
    "ATTACH 'ro://x.duckdb'",
    "ATTACH '{catalogue}' (READ_ONLY)",
    "INSTALL httpfs",
    "INSTALL '{folder}/x.duckdb_extension'",
    "LOAD '{folder}/x.duckdb_extension'",
    "SET temp_directory = '{folder}'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "SET allowed_directories = ['/']",
    "SET allowed_paths = ['{file}']",
    "SET profiling_output = '{folder}/out'",
    "SET log_query_path = '{folder}/out'",
    "SET home_directory = '{folder}'",
    "SET secret_directory = '{folder}'",
    "SET extension_directory = '{folder}'",
    "SET VARIABLE a = (SELECT content FROM read_text('{file}'))",
    "RESET lock_configuration",
    "PRAGMA enable_profiling = 'json'",
    "PRAGMA profile_output = '{folder}/out'",
    "CREATE PERSISTENT SECRET s (TYPE s3)",
    "CALL enable_logging(storage = 'file', storage_path = '{folder}')",
    "CREATE TABLE t AS FROM read_csv('{file}')",
    "CREATE VIEW v AS FROM read_csv('{file}')",
    "INSERT INTO targets FROM read_csv('{file}')",
    "FROM read_text('{file}')",
    "FROM read_blob('{file}')",
    "FROM read_csv('{file}')",
    "FROM read_json('{file}')",
    "FROM read_parquet('{landed}')",
    "FROM '{file}'",
    "FROM '{landed}'",
    "FROM glob('{folder}/*')",
    "FROM sniff_csv('{file}')",
    "FROM parquet_metadata('{landed}')",
    "FROM read_duckdb('{catalogue}')",
    "FROM query('FROM read_text(''{file}'')')",
    "FROM query_table('{file}')",
    "SELECT (SELECT content FROM read_text('{file}'))",
    "SELECT getenv('HOME')",
    "FROM read_text('ro://MANIFEST.json')",
    "FROM read_text('ro://../../lock')",
    "FROM read_text('ro:///etc/passwd')",
    "FROM glob('ro://*')",
    "FROM read_parquet('ro://*/*/*.parquet')",
    "FROM read_parquet('https://127.0.0.1:9/x.parquet')",
    "FROM read_text('file://{file}')",
    "FROM (SELECT '{file}' AS f), LATERAL read_text(f)",
    "SET VARIABLE v = '{file}'; FROM read_text(getvariable('v'))",
    "FROM files",
    "FROM contents",
)
WRAPPED = (
    "{}",
    "EXPLAIN {}",
    "EXPLAIN ANALYZE {}",
    "EXPLAIN (ANALYZE, FORMAT json) {}",
    "PREPARE p AS {}; EXECUTE p",
    "CREATE OR REPLACE MACRO m() AS TABLE {}; FROM m()",
    "BEGIN; {}; COMMIT",
    "SELECT * FROM query('{}')",
    "WITH w AS MATERIALIZED ({}) FROM w",
    "SELECT 1; {}",
    "PIVOT ({}) ON x",
    "DESCRIBE {}",
    "SUMMARIZE {}",
)


@pytest.fixture
def places(warehouse: Path, tmp_path: Path) -> dict[str, object]:
    secret = tmp_path / "secret.csv"
    secret.write_text("told\n4711\n", encoding="utf-8")
    landed = next((warehouse / "current").resolve().glob("targets/*/*.parquet"))
    return {
        "file": secret,
        "folder": tmp_path,
        "landed": landed,
        "name": f"targets/year=2021/{landed.name}",
        "catalogue": warehouse / "kaohe.duckdb",
    }


@pytest.mark.parametrize("wrapped", ["{}", "EXPLAIN ANALYZE {}"])
def test_what_reaches_out_is_refused_in_words(
    warehouse: Path, tmp_path: Path, places: dict[str, object], wrapped: str
) -> None:
    before = content(warehouse)
    for sql in REACHING:
        text = wrapped.format(sql.format(**places))
        with pytest.raises(Refusal) as refused:
            query(warehouse, text, of=["targets"])  # which are named; to show all takes long
        for said in (refused.value.zh, refused.value.en):
            assert "Traceback" not in said, text
            assert ".py" not in said, text
            assert "4711" not in said, text
        assert list(tmp_path.iterdir()) == [places["file"]], text
    assert content(warehouse) == before


def test_nothing_reaches_out_whatever_it_is_wrapped_in(
    warehouse: Path, tmp_path: Path, places: dict[str, object]
) -> None:
    """The safety does not rest on the kinds of statements that are let through."""
    before = content(warehouse)
    contents = Contents((warehouse / "current").resolve())
    with duckdb.connect(":memory:") as connection:
        connection.register_filesystem(TableFiles(contents))
        files = {table: [name for _, name in contents.files(table)] for table in TABLES}
        create_views(connection, {name: source_of(contents, name, files[name]) for name in TABLES})
        confine(connection)
        for wrapped in WRAPPED:
            for sql in REACHING:
                text = sql.format(**places)
                text = wrapped.format(text.replace("'", "''") if "query(" in wrapped else text)
                try:
                    told = str(connection.execute(text).fetchall())
                except duckdb.Error as error:
                    told = str(error)
                assert "4711" not in told, text
                assert list(tmp_path.iterdir()) == [places["file"]], text
    assert content(warehouse) == before


def test_one_file_can_be_named_and_is_verified(warehouse: Path) -> None:
    name = f"targets/year=2021/{DOCUMENT}.parquet"
    assert query(warehouse, f"SELECT count(*) FROM 'ro://{name}'").rows == [(18,)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELEC 1", "SELEC"),
        ("SELECT * FROM targts", "targets"),
        ("SELECT nosuch FROM targets", "nosuch"),
        ("SELECT CAST(entity AS INT) FROM targets", "东河区"),
    ],
)
def test_bad_sql_is_refused_in_words(warehouse: Path, sql: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        query(warehouse, sql)
    assert refused.value.code == "bad_sql"
    assert said in refused.value.zh
    assert "notices、cells、indicators、targets、findings" in refused.value.zh
    assert "scores_latest" in refused.value.zh


def test_times_are_utc(warehouse: Path) -> None:
    rows = query(warehouse, "SELECT CAST(landed_at AS VARCHAR) FROM notices").rows
    assert rows == [("2021-03-04 05:06:00+00",)]


@pytest.mark.parametrize("name", ["new", "made"])
def test_nothing_landed_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "made").mkdir()
    with pytest.raises(Refusal) as refused:
        query(tmp_path / name, "SELECT 1")
    assert refused.value.code == "nothing_landed"
    assert "kaohe ingest" in refused.value.zh
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "into",
    ["'ro://dir' (FORMAT parquet, PARTITION_BY (a))", "'ro://x' (FORMAT csv, PER_THREAD_OUTPUT)"],
)
def test_writing_into_folders_is_refused_in_words(warehouse: Path, into: str) -> None:
    with pytest.raises(Refusal) as refused:
        query(warehouse, f"EXPLAIN ANALYZE COPY (SELECT 1 a, 2 b) TO {into}")
    assert "Traceback" not in refused.value.en + refused.value.zh
    assert refused.value.code == "not_a_table_file"


def test_memory_has_a_limit(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (limit,) = query(warehouse, "SELECT current_setting('memory_limit')").rows
    assert (limit, table_files.MEMORY) == (("2.0 GiB",), "2GiB")
    monkeypatch.setattr(table_files, "MEMORY", "100MiB")  # to fill two takes seconds
    with pytest.raises(Refusal) as refused:
        query(warehouse, "SELECT list(range) FROM range(3000000000)")
    assert refused.value.code == "too_much_memory"
    assert "100MiB" in refused.value.zh


def test_a_signal_that_a_library_swallows_ends_the_statement_all_the_same(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def swallowing(*arguments: Any) -> tuple[str, ...]:
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        return ()

    handler = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr("warehouse.query.tables_asked", swallowing)
    with pytest.raises(KeyboardInterrupt):
        query(warehouse, "SELECT sum(random()) FROM range(10_000_000_000)")
    assert signal.getsignal(signal.SIGINT) is handler
