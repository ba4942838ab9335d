"""Which document is in force for a year, and that earlier ones stay."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from common.refusal import Refusal
from schemas.tables.document_frames import document_tables
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Batch, land
from warehouse.query import query
from warehouse.reading import current_document
from warehouse.views import VIEWS, current_notices

DAY = date(2021, 3, 1)


def land_one(warehouse: Path, document_id: str, year: int = 2021, **declared: object) -> None:
    notice = small_notice(document_id, year)
    provenance = replace(PROVENANCE, **{"issuer": "某市人民政府办公室", **declared})
    tables = document_tables(small_document(), notice, provenance)
    land(warehouse, [Batch(document_id, year, tables, "run", "0.1.0")])


def test_a_later_notice_replaces_an_earlier_one_and_both_stay(tmp_path: Path) -> None:
    land_one(tmp_path, "first", issued_on=DAY)
    assert current_document(tmp_path, 2021) == "first"
    land_one(tmp_path, "revised", issued_on=date(2021, 7, 1))
    assert current_document(tmp_path, 2021) == "revised"
    both = query(tmp_path, "SELECT document_id, count(*) FROM targets GROUP BY 1 ORDER BY 1")
    assert both.rows == [("first", 18), ("revised", 18)]
    land_one(tmp_path, "first", issued_on=DAY, title="again")
    assert current_document(tmp_path, 2021) == "revised"


def test_what_is_declared_superseded_goes_whatever_the_dates(tmp_path: Path) -> None:
    land_one(tmp_path, "first", issued_on=date(2021, 12, 1))
    land_one(tmp_path, "revised", issued_on=DAY, supersedes="first")
    assert current_document(tmp_path, 2021) == "revised"
    row = query(tmp_path, "SELECT role, supersedes FROM notices ORDER BY document_id").rows
    assert row == [("official", None), ("official", "first")]


def test_drafts_and_copies_are_never_in_force_and_replace_nothing(tmp_path: Path) -> None:
    land_one(tmp_path, "first", issued_on=DAY)
    land_one(tmp_path, "draft", issued_on=date(2021, 9, 1), role="draft", supersedes="first")
    land_one(tmp_path, "copy", issued_on=date(2021, 9, 1), role="copy")
    assert current_document(tmp_path, 2021) == "first"


def test_the_day_received_decides_where_the_day_of_issue_does_not(tmp_path: Path) -> None:
    land_one(tmp_path, "b", issued_on=DAY, received_on=date(2021, 4, 1))
    land_one(tmp_path, "a", issued_on=DAY, received_on=date(2021, 5, 1))
    assert current_document(tmp_path, 2021) == "a"


def test_every_year_has_its_own(tmp_path: Path) -> None:
    land_one(tmp_path, "x-2020", 2020)
    land_one(tmp_path, "x-2021", 2021)
    assert [current_document(tmp_path, year) for year in (2020, 2021)] == ["x-2020", "x-2021"]


def test_several_offices_in_one_year_must_be_told_apart(tmp_path: Path) -> None:
    land_one(tmp_path, "ours", issued_on=DAY)
    land_one(tmp_path, "theirs", issued_on=date(2021, 9, 1), issuer="另一市人民政府办公室")
    with pytest.raises(Refusal) as refusal:
        current_document(tmp_path, 2021)
    assert refusal.value.code == "several_in_force"
    assert "ours" in refusal.value.zh
    assert "theirs" in refusal.value.zh


def test_no_document_of_a_year(tmp_path: Path) -> None:
    land_one(tmp_path, "draft", role="draft")
    for year in (2021, 2022):
        with pytest.raises(Refusal) as refusal:
            current_document(tmp_path, year)
        assert refusal.value.code == "no_document_of_year"
        assert str(year) in refusal.value.zh


def test_the_view_is_in_the_duckdb_file(tmp_path: Path) -> None:
    land_one(tmp_path, "first")
    with duckdb.connect(str(tmp_path / "kaohe.duckdb"), read_only=True) as connection:
        found = connection.execute("SELECT document_id, year FROM current_notices").fetchall()
    assert found == [("first", 2021)]


def drawn_notices(draw: random.Random) -> list[dict[str, object]]:
    """Return notices of which little is known, with much in common."""
    days = [None, DAY, date(2021, 7, 1)]
    return [
        {
            "document_id": f"d{number}",
            "year": draw.choice([2020, 2021]),
            "issuer": draw.choice([None, None, "甲市", "乙市", ""]),
            "role": draw.choice([None, "official", "official", "draft", "copy"]),
            "supersedes": draw.choice([None, None, None, f"d{draw.randrange(8)}", "elsewhere"]),
            "issued_on": draw.choice(days),
            "received_on": draw.choice(days),
            "landed_at": datetime(2021, 9, draw.choice([1, 2]), tzinfo=UTC),
        }
        for number in draw.sample(range(8), draw.randrange(8))
    ]


def test_rows_give_what_the_view_gives() -> None:
    """The program asks its own question of rows, analysts ask the view: it is the same question."""
    (view,) = [each for each in VIEWS if each.name == "current_notices"]
    columns = (
        "document_id VARCHAR, year BIGINT, issuer VARCHAR, role VARCHAR, supersedes VARCHAR, "
        "issued_on DATE, received_on DATE, landed_at TIMESTAMPTZ"
    )
    several = 0
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"CREATE TABLE notices ({columns})")
        for seed in range(60):
            rows = drawn_notices(random.Random(seed))
            connection.execute("DELETE FROM notices")
            for row in rows:
                connection.execute("INSERT INTO notices VALUES (?,?,?,?,?,?,?,?)", [*row.values()])
            asked = connection.execute(f"SELECT document_id FROM ({view.sql})").fetchall()
            assert [each["document_id"] for each in current_notices(rows)] == [x for (x,) in asked]
            several += len(asked) > 1
    assert several > 20
