"""An analyst with nothing but DuckDB, pandas or Polars opens the tables and finds the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest

from schemas.tables.document_frames import document_tables
from schemas.tables.registry import DOCUMENT_TABLES, TABLES
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from tests.support.warehouse.landings import landed_otherwise
from warehouse.catalogue import build, comment
from warehouse.contents import Contents
from warehouse.landing import Batch, land
from warehouse.views import VIEWS

# 3 for each of three entities, 2 for two, 1.5 for one, 2 for three.
TOTALS = {("tianhe-2021", 2021): 20.5, ("tianhe-2022", 2022): 20.5}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("analysts")
    batches = []
    for year in (2021, 2022):
        notice = small_notice(f"tianhe-{year}", year)
        tables = document_tables(small_document(), notice, PROVENANCE)
        batches.append(Batch(notice.document_id, year, tables, "run-1", "0.1.0"))
    land(folder, batches)
    return folder


def test_duckdb_file_alone(warehouse: Path, tmp_path: Path) -> None:
    """In another folder and another process, without a line of this project."""
    sql = (
        "SELECT document_id, year, sum(target_value) FROM targets WHERE serial_no = 2 "
        "GROUP BY ALL ORDER BY year"
    )
    code = (
        "import sys, duckdb\n"
        "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
        "print(connection.execute(sys.argv[2]).fetchall())\n"
    )
    command = [sys.executable, "-I", "-c", code, str(warehouse / "kaohe.duckdb"), sql]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert found.stdout.strip() == "[('tianhe-2021', 2021, 20.0), ('tianhe-2022', 2022, 20.0)]"


def test_duckdb_over_the_files(warehouse: Path) -> None:
    sql = (
        "SELECT document_id, year, sum(max_points) FROM "
        f"read_parquet('{warehouse}/current/targets/*/*.parquet', hive_partitioning = true) "
        "WHERE status = 'assessed' AND serial_no < 5 GROUP BY ALL"
    )
    assert {row[:2]: row[2] for row in duckdb.execute(sql).fetchall()} == TOTALS


def test_views_have_comments(warehouse: Path) -> None:
    with duckdb.connect(str(warehouse / "kaohe.duckdb"), read_only=True) as connection:
        sql = "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
        assert dict(connection.execute(sql).fetchall()) == {
            table.name: table.grain for table in TABLES.values()
        } | {view.name: view.grain for view in VIEWS}


def test_every_column_of_every_view_says_what_it_is(warehouse: Path) -> None:
    sql = (
        "SELECT table_name, column_name, comment FROM duckdb_columns() "
        "WHERE NOT internal ORDER BY table_name, column_index"
    )
    with duckdb.connect(str(warehouse / "kaohe.duckdb"), read_only=True) as connection:
        rows = connection.execute(sql).fetchall()
    assert {row[0] for row in rows} == {*TABLES, *(view.name for view in VIEWS)}
    assert [row[:2] for row in rows if not row[2]] == []
    told = {row[:2]: row[2] for row in rows}
    assert told["targets", "x0"].endswith(
        "[points of 1/72 inch from the page's top left, page upright]"
    )
    assert told["scores", "status"] == comment(TABLES["scores"].column("status"))
    assert told["scores_latest", "status"] == told["scores", "status"] != told["targets", "status"]
    assert told["current_notices", "title"] == told["notices", "title"]


def test_what_a_parquet_file_says_of_itself(warehouse: Path) -> None:
    for name, table in DOCUMENT_TABLES.items():
        path = warehouse / f"current/{name}/year=2021/tianhe-2021.parquet"
        schema = pq.read_schema(path)
        for column in table.columns:
            told = {
                key.decode(): value.decode()
                for key, value in schema.field(column.name).metadata.items()
                if key != b"PARQUET:field_id"
            }
            unit = {"unit": column.unit} if column.unit else {}
            assert told == {"description": column.description} | unit
        file = {key.decode(): value.decode() for key, value in schema.metadata.items()}
        made = json.loads(file.pop("documents"))
        assert file == {"table": name, "grain": table.grain}
        assert made["tianhe-2021"]["run_id"] == "run-1"
        assert made["tianhe-2021"]["code_version"] == "0.1.0"
        assert made["tianhe-2021"]["rows"] == pq.read_metadata(path).num_rows


def test_a_snapshot_older_than_a_column(warehouse: Path, tmp_path: Path) -> None:
    """Views of what an earlier version landed show a column that it had not got as empty."""
    snapshot = tmp_path / (warehouse / "current").resolve().name
    shutil.copytree(warehouse / "current/", snapshot)
    for path in (snapshot / "notices").glob("*/*.parquet"):
        landed_otherwise(path, lambda rows: rows.drop_columns(["role", "supersedes"]))
    build(Contents(snapshot), tmp_path / "views.duckdb")
    with duckdb.connect(str(tmp_path / "views.duckdb"), read_only=True) as connection:
        rows = connection.execute("SELECT role, supersedes, year FROM current_notices").fetchall()
        assert rows == [(None, None, 2021), (None, None, 2022)]


def test_pandas(warehouse: Path) -> None:
    targets = pd.read_parquet(warehouse / "current/targets")
    assert list(targets.columns) == [*TABLES["targets"].names, "year"]
    assert targets["max_points"].dtype == "float64"
    assert targets["needs_review"].dtype == "bool"
    counted = targets[(targets["status"] == "assessed") & (targets["serial_no"] < 5)]
    sums = counted.groupby(["document_id", "year"], observed=True)["max_points"].sum()
    assert {(name, int(year)): total for (name, year), total in sums.items()} == TOTALS
    one = pd.read_parquet(warehouse / "current/targets", filters=[("year", "=", 2022)])
    assert set(one["document_id"]) == {"tianhe-2022"}
    notices = pd.read_parquet(warehouse / "current/notices")
    assert str(notices["landed_at"].dt.tz) == "UTC"


def test_polars(warehouse: Path) -> None:
    import polars as pl

    scan = pl.scan_parquet(warehouse / "current/targets", hive_partitioning=True)
    assert scan.collect_schema()["assessing_departments"] == pl.List(pl.String)
    assert scan.collect_schema()["year"] == pl.Int64
    sums = (
        scan.filter((pl.col("status") == "assessed") & (pl.col("serial_no") < 5))
        .group_by("document_id", "year")
        .agg(pl.col("max_points").sum())
        .collect()
    )
    assert {(row[0], row[1]): row[2] for row in sums.iter_rows()} == TOTALS


def test_every_table_opens_in_all_three(warehouse: Path) -> None:
    import polars as pl

    for name, table in DOCUMENT_TABLES.items():
        path = warehouse / "current" / name
        frame = pd.read_parquet(path)
        polars = pl.scan_parquet(path, hive_partitioning=True).collect()
        rows = duckdb.execute(
            f"FROM read_parquet('{path}/*/*.parquet', hive_partitioning = true)"
        ).fetchall()
        assert len(frame) == polars.height == len(rows) > 0
        assert list(frame.columns) == polars.columns == [*table.names, "year"]


def test_views_hold_for_a_warehouse_named_relatively(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = small_notice()
    tables = document_tables(small_document(), notice, PROVENANCE)
    monkeypatch.chdir(tmp_path)
    land(Path("some/tables"), [Batch(notice.document_id, 2021, tables, "run-1", "0.1.0")])
    monkeypatch.chdir("/")
    with duckdb.connect(str(tmp_path / "some/tables/kaohe.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM targets").fetchone() == (18,)
