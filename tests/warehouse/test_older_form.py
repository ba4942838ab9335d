"""Other readings were texts once and are structs now: read as structs, converted when landed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.tables.frames import arrow_schema, rows_to_frame
from schemas.tables.registry import TABLES
from scoring.points.other_readings import alternatives_of
from tests.support.warehouse.landings import DOCUMENT, batch, content, landed_otherwise
from warehouse import catalogue, integrity
from warehouse.landing import Amendment, amend, land
from warehouse.query import query
from warehouse.reading import read_table, read_tables

OTHER = "heping-2022"
SQL = "SELECT alternatives FROM findings WHERE document_id = '{}' ORDER BY finding_id"
TEXTS = [["8.1", "＜8"], []]
EMPTY = dict.fromkeys(("operator", "value", "unit", "max_points", "serial_no", "entity"))
STRUCTS = [[{**EMPTY, "text": text} for text in texts] for texts in TEXTS]
NEW = arrow_schema(TABLES["findings"]).field("alternatives").type.value_type


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A warehouse of two years whose findings were written when other readings were texts."""
    land(tmp_path, [batch(1), batch(1, OTHER, 2022)])
    for path in files_of_findings(tmp_path):
        landed_otherwise(path, with_texts)
    return tmp_path


def with_texts(rows: pa.Table) -> pa.Table:
    place = rows.column_names.index("alternatives")
    field = pa.field("alternatives", pa.list_(pa.string()))
    return rows.set_column(place, field, pa.array(TEXTS, field.type))


def files_of_findings(warehouse: Path) -> list[Path]:
    return sorted((warehouse / "current").resolve().glob("findings/year=*/*.parquet"))


def types_of_files(warehouse: Path) -> set[pa.DataType]:
    files = files_of_findings(warehouse)
    return {pq.read_schema(path).field("alternatives").type.value_type for path in files}


def seen(rows: list[tuple[Any, ...]]) -> list[Any]:
    return [row[0] for row in rows]


def test_a_query_sees_structs(old: Path) -> None:
    assert seen(query(old, SQL.format(DOCUMENT)).rows) == STRUCTS
    assert query(old, "SELECT alternatives[1].text FROM findings").rows == [("8.1",), (None,)] * 2


def test_views_see_structs(old: Path) -> None:
    with duckdb.connect(str(catalogue.rebuild(old)), read_only=True) as connection:
        for document in (DOCUMENT, OTHER):
            assert seen(connection.execute(SQL.format(document)).fetchall()) == STRUCTS


def test_reading_gives_structs_and_scoring_takes_them(old: Path) -> None:
    tables = read_tables(old, ("findings", "targets"))
    assert list(tables["findings"]["alternatives"]) == STRUCTS * 2
    others = alternatives_of(tables["findings"], tables["targets"])
    assert others["document_id"].to_list() == [DOCUMENT] * 2 + [OTHER] * 2


def test_nothing_is_written_before_the_next_landing(old: Path) -> None:
    catalogue.rebuild(old)
    before = content(old)
    query(old, SQL.format(DOCUMENT))
    read_table(old, "findings")
    list(integrity.check_warehouse(old))
    assert content(old) == before


def test_a_check_names_the_older_form_as_a_note(old: Path) -> None:
    catalogue.rebuild(old)
    found = {check.code: check for check in integrity.check_warehouse(old)}
    assert "findings 的 alternatives" in found["older_forms"].found_zh
    assert {check.state for check in found.values()} <= {"ok", "note"}


def test_landing_another_document_converts_all(old: Path) -> None:
    before = read_table(old, "findings")
    assert land(old, [batch(2, "third-2021")]).changed
    assert types_of_files(old) == {NEW}
    after = read_table(old, "findings")
    assert after[after["document_id"] != "third-2021"].reset_index(drop=True).equals(before)
    path = files_of_findings(old)[0]
    kept = pq.read_schema(path).metadata
    assert kept[b"table"] == b"findings"
    assert not any(check.code == "older_forms" for check in integrity.check_warehouse(old))


def test_landing_one_of_the_old_documents_again_converts_all(old: Path) -> None:
    assert land(old, [batch(1)]).changed
    assert types_of_files(old) == {NEW}
    assert seen(query(old, SQL.format(OTHER)).rows) == STRUCTS


def test_landing_another_table_converts_too(old: Path) -> None:
    keys = TABLES["indicator_keys"]

    def one_key(none: pd.DataFrame) -> pd.DataFrame:
        rows = [dict.fromkeys(keys.names, "x") | {"document_id": DOCUMENT, "serial_no": 1}]
        rows[0]["confirmed_on"] = date(2021, 1, 1)
        return rows_to_frame(keys, rows)

    amend(old, [Amendment(DOCUMENT, 2021, "indicator_keys", one_key, "run", "0")])
    assert types_of_files(old) == {NEW}
