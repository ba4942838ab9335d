"""Tables landed before annexes were read: every reader gets the new columns empty."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from compare.documents import side
from schemas.tables.frames import rows_to_arrow
from schemas.tables.registry import TABLES
from tests.support.warehouse.landings import DOCUMENT, batch, landed_otherwise, relist
from warehouse import catalogue
from warehouse.files import converted
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


@pytest.mark.parametrize(
    ("reason", "left_out"),
    [
        (None, []),
        ("没有写明未完成目标时如何计分", []),
        ("未能理解“酌情处理，加倍扣分”；没有写明其余情况如何计分", ["“酌情处理”", "“加倍扣分”"]),
        ("其中的分数与本项分值对不上", ["其中的分数与本项分值对不上"]),
    ],
)
def test_what_a_rule_leaves_out_comes_from_the_reason(
    reason: str | None, left_out: list[str]
) -> None:
    """Older versions kept it in one text: who confirmed a rule then need not do so again."""
    row = dict.fromkeys(TABLES["methods"].names) | {"reason": reason}
    whole = rows_to_arrow(TABLES["methods"], [row])
    found = converted(TABLES["methods"], whole.drop_columns(["left_out"]))
    assert found["left_out"].to_pylist() == [left_out]
