"""Queries read the tables by their names and can do nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from common.refusal import Refusal
from schemas.tables.registry import TABLES
from tests.support.warehouse.landings import batch, content
from warehouse.catalogue import VIEWS
from warehouse.landing import land
from warehouse.query import query


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
        ("SUMMARIZE notices", 22),
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


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
        "SELECT * FROM sniff_csv('{file}')",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/out.csv'",
    ],
)
def test_nothing_outside_can_be_reached(warehouse: Path, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    with pytest.raises(Refusal):
        query(warehouse, sql.format(file=secret, folder=tmp_path))
    assert list(tmp_path.iterdir()) == [secret]


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
