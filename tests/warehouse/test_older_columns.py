"""Tables landed before annexes were read: every reader gets the new columns empty."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from compare.documents import side
from schemas.tables.registry import TABLES
from tests.support.warehouse.landings import DOCUMENT, batch, landed_otherwise, relist
from warehouse import catalogue
from warehouse.landing import land
from warehouse.query import query
from warehouse.reading import read_tables

NEW = {
    "indicators": ["annex", "item_kind", "cap", "definition", "notes"],
    "targets": [
        *("annex", "item_kind", "cap"),
        *("base_text", "base_value", "base_unit", "base_label"),
    ],
}
NEW_TABLES = ("methods", "milestones", "entities")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A warehouse as it was written before the new columns and tables."""
    land(tmp_path, [batch(1)])
    current = (tmp_path / "current").resolve()
    for name, columns in NEW.items():
        for path in current.glob(f"{name}/*/*.parquet"):
            landed_otherwise(path, lambda rows, gone=columns: rows.drop_columns(gone))
    for name in NEW_TABLES:
        shutil.rmtree(current / name)
    relist(current)
    return tmp_path


def test_readers_get_them_empty(old: Path) -> None:
    tables = read_tables(old, (*NEW, *NEW_TABLES))
    for name, columns in NEW.items():
        assert tables[name][columns].isna().all(axis=None)
        assert len(tables[name])
    assert [len(tables[name]) for name in NEW_TABLES] == [0, 0, 0]
    both = side(DOCUMENT, tables["indicators"], tables["targets"])
    assert {item.indicator.annex for item in both.items} == {1}
    assert {item.indicator.item_kind for item in both.items} == {"scored"}


def test_queries_and_views_get_them_empty(old: Path) -> None:
    sql = "SELECT count(*), count(annex), count(notes) FROM indicators"
    assert query(old, sql).rows == [(6, 0, 0)]
    assert query(old, "SELECT count(*) FROM entities").rows == [(0,)]
    with duckdb.connect(str(catalogue.rebuild(old)), read_only=True) as connection:
        assert connection.execute(sql).fetchall() == [(6, 0, 0)]
        assert connection.execute("SELECT count(*) FROM milestones").fetchall() == [(0,)]


def test_the_next_landing_upgrades_them(old: Path) -> None:
    assert land(old, [batch(2, "third-2021")]).changed
    for name in NEW:
        for path in (old / "current").resolve().glob(f"{name}/*/*.parquet"):
            assert set(TABLES[name].names) <= set(pq.read_schema(path).names)
    assert query(old, "SELECT count(*), count(annex) FROM indicators").rows == [(12, 6)]
    assert land(old, [batch(1)]).changed
    assert query(old, "SELECT count(*) FROM entities").rows == [(6,)]
