"""A table of a year is one file until it grows; then parts, of which a landing writes the last."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from common.refusal import Refusal
from schemas.tables.registry import DOCUMENT_TABLES, TABLES
from tests.support.for_each import for_each
from tests.support.soak import Seeds
from tests.support.warehouse.landings import (
    DOCUMENT,
    as_older,
    batch,
    documents_in,
    landed_otherwise,
    version_in_views,
)
from warehouse import asked, staged
from warehouse.contents import Contents, first_of
from warehouse.integrity import check_warehouse
from warehouse.landing import land
from warehouse.manifest import Entry
from warehouse.parts import OF_A_DOCUMENT, Held
from warehouse.query import query
from warehouse.reading import landed_documents, read_table

WEIGHT = 18 + OF_A_DOCUMENT


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a part hold three of the small documents' targets and no more."""
    monkeypatch.setattr(staged, "LEAST", 2 * WEIGHT)
    monkeypatch.setattr(staged, "MOST", 3 * WEIGHT)
    monkeypatch.setattr(asked, "MANY", 2)


def parts(warehouse: Path, table: str, year: int = 2021) -> dict[str, list[str]]:
    """Return the documents of each file of a table and year, by the document that names it."""
    folder = (warehouse / "current").resolve() / table / f"year={year}"
    return {path.stem: documents_in(path) for path in sorted(folder.glob("*.parquet"))}


def is_sound(warehouse: Path) -> bool:
    return {check.state for check in check_warehouse(warehouse)} == {"ok"}


def test_one_file_a_table_and_year(tmp_path: Path) -> None:
    names = ["b-2021", "a", "c", "a-b", "a.b", "资阳"]
    land(tmp_path, [batch(1, name) for name in names])
    for table in DOCUMENT_TABLES:
        assert parts(tmp_path, table) == {"a": sorted(names)}
    ids = read_table(tmp_path, "targets")["document_id"].tolist()
    assert ids == [name for name in sorted(names) for _ in range(18)]
    file = pq.ParquetFile(next((tmp_path / "current/targets/year=2021").iterdir()))
    least = file.metadata.row_group(0).column(0).statistics
    assert (least.min, least.max) == ("a", "资阳")
    assert is_sound(tmp_path)


@pytest.mark.usefixtures("small_parts")
def test_a_landing_writes_one_part_of_a_year(tmp_path: Path) -> None:
    for number in range(12):
        land(tmp_path, [batch(1, f"d{number:02d}")])
    before = parts(tmp_path, "targets")
    assert [*chain(*before.values())] == [f"d{number:02d}" for number in range(12)]
    assert all(first == documents[0] for first, documents in before.items())
    assert 4 <= len(before) <= 8
    folder = (tmp_path / "current").resolve() / "targets/year=2021"
    inodes = {path.stem: path.stat().st_ino for path in folder.iterdir()}
    land(tmp_path, [batch(2, "d05")])
    folder = (tmp_path / "current").resolve() / "targets/year=2021"
    after = {path.stem: path.stat().st_ino for path in folder.iterdir()}
    assert len(inodes.items() - after.items()) == 1
    assert version_in_views(tmp_path, "d05") == 2
    assert version_in_views(tmp_path, "d06") == 1
    assert is_sound(tmp_path)


def test_a_landing_costs_what_it_brings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids in any order: each row is written as often as its part doubles, and parts stay few."""
    landings, written = 16, [0]
    write_part = staged.write_part

    def counted(held: Mapping[str, Held], path: Path) -> Entry:
        written[0] += sum(len(own.rows) for own in held.values() if path.parts[-3] == "targets")
        return write_part(held, path)

    monkeypatch.setattr(staged, "write_part", counted)
    monkeypatch.setattr(staged, "LEAST", WEIGHT)
    names = [f"d{number:02d}" for number in range(landings)]
    random.Random(20201128).shuffle(names)
    for version, name in enumerate(names):
        land(tmp_path, [batch(version, name)])
    assert written[0] <= landings * 18 * (1 + math.log2(landings) / 2)
    assert len(parts(tmp_path, "targets")) <= 1 + math.log2(landings)
    assert {version_in_views(tmp_path, name) for name in names} == {*range(landings)}
    rows = read_table(tmp_path, "targets")["document_id"].tolist()
    assert rows == [name for name in sorted(names) for _ in range(18)]
    assert is_sound(tmp_path)


@pytest.mark.usefixtures("small_parts")
def test_what_is_new_goes_behind_parts_in_the_order_of_ids(tmp_path: Path) -> None:
    """As they were until there was an order of coming: a document lies where that one says."""
    land(tmp_path, [batch(1, f"d{number}") for number in range(6)])
    assert len(before := parts(tmp_path, "targets")) == 2
    land(tmp_path, [batch(2, "a"), batch(2, "d1-a")])
    assert parts(tmp_path, "targets") == before | {"a": ["a", "d1-a"]}
    land(tmp_path, [batch(3, "d4"), batch(3, "d1-a"), batch(3, "0")])
    assert parts(tmp_path, "targets").keys() == before.keys() | {"a", "0"}
    for name, version in {"0": 3, "a": 2, "d1-a": 3, "d0": 1, "d2": 1, "d4": 3}.items():
        assert version_in_views(tmp_path, name) == version
        assert not land(tmp_path, [batch(version, name)]).changed
    assert is_sound(tmp_path)


@pytest.mark.usefixtures("small_parts")
def test_a_document_that_leaves_its_part_leaves_nothing(tmp_path: Path) -> None:
    land(tmp_path, [batch(1, f"d{number}") for number in range(6)])
    land(tmp_path, [batch(2, "d0", 2022)])
    assert [*chain(*parts(tmp_path, "targets").values())] == ["d1", "d2", "d3", "d4", "d5"]
    assert parts(tmp_path, "targets", 2022) == {"d0": ["d0"]}
    rows = query(tmp_path, "SELECT DISTINCT year FROM targets WHERE document_id = 'd0'").rows
    assert rows == [(2022,)]
    assert landed_documents((tmp_path / "current").resolve())["d0"] == 2022
    assert is_sound(tmp_path)
    for number in range(1, 6):
        land(tmp_path, [batch(2, f"d{number}", 2022)])
    assert parts(tmp_path, "targets") == {}
    assert Contents((tmp_path / "current").resolve()).documents.keys() == {2022}
    assert is_sound(tmp_path)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("sealed", [True, False])
def test_a_warehouse_with_a_file_a_document_is_taken_over(tmp_path: Path, sealed: bool) -> None:
    land(tmp_path, [batch(1, f"d{number}") for number in range(7)] + [batch(1, "e", 2022)])
    as_older(tmp_path, sealed=sealed)
    assert len(parts(tmp_path, "targets")) == 7
    before = read_table(tmp_path, "targets")
    assert query(tmp_path, "SELECT count(*) FROM targets WHERE document_id = 'd3'").rows == [(18,)]
    assert not land(tmp_path, [batch(1, "d3")]).changed
    assert land(tmp_path, [batch(1, "f", 2022)]).changed
    assert len(parts(tmp_path, "targets")) == 3
    assert parts(tmp_path, "findings", 2022) == {"e": ["e", "f"]}
    after = read_table(tmp_path, "targets")
    assert after[after["document_id"] != "f"].reset_index(drop=True).equals(before)
    assert version_in_views(tmp_path, "d3") == 1
    assert is_sound(tmp_path)


def test_what_a_newer_version_wrote_is_not_lost(tmp_path: Path) -> None:
    """A column that this version does not know would be gone from the file written anew."""
    snapshot = land(tmp_path, [batch(1)]).snapshot
    (path,) = snapshot.glob("cells/*/*.parquet")
    landed_otherwise(path, lambda rows: rows.append_column("shade", rows["text"]))
    with pytest.raises(Refusal) as refused:
        land(tmp_path, [batch(2, "other-2021")])
    assert refused.value.code == "newer_version"
    assert "shade" in refused.value.zh


@pytest.mark.usefixtures("small_parts")
def test_for_one_document_one_file_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(tmp_path, [batch(number, f"d{number}") for number in range(12)])
    read, opened = Contents.read, set()

    def noted(contents: Contents, name: str) -> bytes:
        opened.add(name)
        return read(contents, name)

    monkeypatch.setattr(Contents, "read", noted)
    sql = (
        "SELECT review_reason, count(*) FROM targets t JOIN findings f USING (document_id) "
        "WHERE document_id = 'd7' GROUP BY 1"
    )
    assert query(tmp_path, sql).rows == [("7", 36)]
    assert {name.split("/")[0] for name in opened} == {"targets", "findings"}
    (one,) = (name for name in opened if name.startswith("targets"))
    assert first_of(one) <= "d7"
    opened.clear()
    assert query(tmp_path, "SELECT 1").rows == [(1,)]
    assert query(tmp_path, "SELECT count(*) FROM targets WHERE document_id = 'no'").rows == [(0,)]
    assert len({name for name in opened if name.startswith("targets")}) <= 1


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("FROM targets WHERE document_id = 'd1'", {"targets": {"d1"}}),
        ("FROM targets WHERE 'd1' = document_id AND serial_no > 3", {"targets": {"d1"}}),
        ("FROM targets WHERE document_id = lower('D1')", {"targets": {"d1"}}),
        ("FROM targets WHERE document_id = 'd1' OR serial_no = 1", {}),
        ("FROM targets WHERE document_id <> 'd1'", {}),
        ("FROM targets WHERE document_id IN ('d1', 'd2')", {}),
        ("FROM targets WHERE entity = 'd1'", {}),
        ("FROM targets WHERE NOT document_id = 'd1'", {}),
        ("SELECT document_id = 'd1' FROM targets", {}),
        ("FROM (FROM targets LIMIT 3) WHERE document_id = 'd1'", {}),
        ("SELECT (SELECT count(*) FROM targets WHERE document_id = 'd1'), "
         "(SELECT count(*) FROM targets)", {}),
        ("FROM targets WHERE document_id = 'd1' UNION ALL FROM targets WHERE document_id = 'd2'",
         {"targets": {"d1", "d2"}}),
        ("FROM targets t LEFT JOIN findings f ON f.document_id = t.document_id "
         "AND t.document_id = 'd1'", {"findings": {"d1"}}),
        ("FROM targets JOIN findings USING (document_id) WHERE document_id = 'd1'",
         {"targets": {"d1"}, "findings": {"d1"}}),
        ("FROM current_notices WHERE document_id = 'd1'", {}),
        ("FROM scores_latest WHERE document_id = 'd1'", {"scores": {"d1"}}),
        ("FROM targets WHERE document_id = 'it''s'", {}),
        ("SELEC 1", {}),
        ("FROM targets WHERE nosuch = 'd1'", {}),
    ],
)  # fmt: skip
def test_documents_are_named_only_where_no_other_can_be_meant(
    sql: str, wanted: dict[str, set[str]]
) -> None:
    tables = asked.tables_asked(sql, [*TABLES])
    assert asked.documents_asked(sql, tables) == wanted


@for_each(
    "sql, tables",
    [
        ("SELECT 1 FROM Targets", {"targets"}),
        ("FROM query_table('targets')", {"targets"}),
        ("FROM indicator_history", {"indicators", "indicator_keys", "notices"}),
        ("SHOW TABLES", {*TABLES}),
        ("SELECT view_name FROM duckdb_views()", {*TABLES}),
        ("SELECT * FROM information_schema.tables WHERE table_name = 'targets'", {*TABLES}),
        ("SELECT 1", {*TABLES}),
    ],
)
def test_views_are_made_of_what_is_named(sql: str, tables: set[str]) -> None:
    assert {*asked.tables_asked(sql, [*TABLES])} == tables


@pytest.mark.usefixtures("small_parts")
def test_views_of_the_file_see_every_part(tmp_path: Path) -> None:
    land(tmp_path, [batch(number, f"d{number}") for number in range(9)])
    with duckdb.connect(str(tmp_path / "kaohe.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM targets").fetchone() == (162,)
        assert connection.execute("SELECT DISTINCT year FROM targets").fetchall() == [(2021,)]
    with duckdb.connect() as connection:  # by another name, from another one's connection
        connection.execute(f"ATTACH '{tmp_path}/kaohe.duckdb' AS other (READ_ONLY)")
        assert connection.execute("SELECT count(*) FROM other.targets").fetchone() == (162,)
        assert connection.execute("SELECT count(*) FROM other.current_notices").fetchone() == (1,)


def check_random_landings(warehouse: Path, chance: random.Random, landings: int) -> None:
    """Land documents, again and under other years, and hold all against what was landed last."""
    last: dict[str, tuple[int, int]] = {}
    for version in range(landings):
        names = chance.sample([f"d{number}" for number in range(14)], chance.randint(1, 4))
        made = [(name, version, chance.choice((2021, 2021, 2022))) for name in names]
        land(warehouse, [batch(number, name, year) for name, number, year in made])
        last |= {name: (number, year) for name, number, year in made}
        found = query(warehouse, "SELECT DISTINCT document_id, review_reason, year FROM targets")
        assert {row[0]: (int(row[1]), row[2]) for row in found.rows} == last
        if version % 8 == 7:
            assert is_sound(warehouse)
            assert version_in_views(warehouse, names[0]) == version


@pytest.mark.usefixtures("small_parts")
def test_whatever_is_landed_the_last_is_there_once(tmp_path: Path) -> None:
    check_random_landings(tmp_path, random.Random(20200206), 8)


@pytest.mark.soak
@pytest.mark.usefixtures("small_parts")
def test_whatever_is_ever_landed_the_last_is_there_once(tmp_path: Path, seeds: Seeds) -> None:
    for seed in seeds:
        with seeds.trying("documents landed again and under other years", 60):
            check_random_landings(tmp_path / str(seed), random.Random(seed), 60)


def test_many_landings_leave_few_snapshots(tmp_path: Path) -> None:
    for version in range(12):
        land(tmp_path, [batch(version)])
    snapshots = sorted(path.name[:6] for path in (tmp_path / "snapshots").iterdir())
    assert snapshots == [f"{number:06d}" for number in range(5, 13)]
    assert version_in_views(tmp_path, DOCUMENT) == 11
