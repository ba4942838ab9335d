"""Records become frames of exactly the tables' types; keys and repeated columns are right."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, date, datetime

import pandas as pd
import pyarrow as pa
import pytest

from schemas.records.document import Box, Cell, Table
from schemas.records.notice import Alternative
from schemas.tables.document_frames import Provenance
from schemas.tables.frames import (
    arrow_schema,
    arrow_type,
    frame_to_arrow,
    records,
    rows_to_frame,
)
from schemas.tables.registry import DOCUMENT_TABLES, TABLES
from tests.support.for_each import for_each
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return document_frames(small_document(), small_notice(), PROVENANCE)


@for_each("name", DOCUMENT_TABLES)
def test_types_are_exactly_the_schemas(frames: dict[str, pd.DataFrame], name: str) -> None:
    schema = arrow_schema(TABLES[name])
    assert [dtype.pyarrow_dtype for dtype in frames[name].dtypes] == list(schema.types)
    assert frame_to_arrow(TABLES[name], frames[name]).schema.equals(schema, check_metadata=True)


def test_notice_tells_of_the_document(frames: dict[str, pd.DataFrame]) -> None:
    (row,) = frame_to_arrow(TABLES["notices"], frames["notices"]).to_pylist()
    assert row["doc_number"] == "天府发〔2021〕1号"
    assert row["issued_on"] == date(2021, 2, 1)
    assert (row["tables"], row["indicators"], row["targets"]) == (1, 6, 18)
    assert row["open_findings"] == 2
    assert row["landed_at"] == datetime(2021, 3, 4, 5, 6, tzinfo=UTC)


def test_what_a_person_declared_goes_before_what_was_read() -> None:
    declared = replace(PROVENANCE, title="正式标题", issuer="某办", issued_on=date(2021, 9, 9))
    notices = document_frames(small_document(), small_notice(), declared)["notices"]
    row = notices.iloc[0]
    assert (row["title"], row["issuer"], row["issued_on"]) == ("正式标题", "某办", date(2021, 9, 9))
    assert row["doc_number"] == "天府发〔2021〕1号"


def test_targets_repeat_their_indicator(frames: dict[str, pd.DataFrame]) -> None:
    rows = frame_to_arrow(TABLES["targets"], frames["targets"]).to_pylist()
    row = next(each for each in rows if each["serial_no"] == 5)
    assert row["indicator_id"] == "tianhe-2021/005"
    assert (row["indicator"], row["unit"], row["weight_group"]) == ("养老保险参保率", "%", 4)
    assert row["assessing_departments"] == ["市人社局"]
    parts = next(each for each in rows if each["parts"])["parts"]
    assert parts[1] == {
        "text": "完成率100%",
        "subject": "完成率",
        "operator": ">=",
        "value": 100.0,
        "unit": "%",
    }


def test_rows_come_in_printed_order() -> None:
    notice = small_notice()
    shuffled = replace(
        notice,
        indicators=notice.indicators[::-1],
        targets=notice.targets[::-1],
        entities=("高新区", "东河区", "南屏县"),
    )
    document = small_document()
    table = document.tables[0]
    document = replace(document, tables=(replace(table, cells=table.cells[::-1]),))
    frames = document_frames(document, shuffled, PROVENANCE)
    assert frames["indicators"]["serial_no"].tolist() == [1, 2, 3, 4, 5, 6]
    assert frames["targets"]["entity"].tolist()[:3] == ["高新区", "东河区", "南屏县"]
    assert frames["cells"][["row", "column"]].values.tolist()[:2] == [[1, 1], [1, 2]]


def test_cells_without_a_page_have_no_place_on_one() -> None:
    sheet = Table(2, (Cell(1, 1, "x"), Cell(1, 2, "y", page=7)), 1, 2, page=3, place="表一")
    document = replace(small_document(), tables=(sheet, replace(sheet, table_no=3, page=None)))
    cells = document_frames(document, small_notice(), PROVENANCE)["cells"]
    assert cells["page"].tolist() == [3, 7, pd.NA, 7]
    assert cells["x0"].isna().all()
    assert cells["place"].tolist() == ["表一"] * 4


def finding_ids(**changes: object) -> list[str]:
    notice = small_notice()
    findings = tuple(replace(each, **changes) for each in notice.findings)  # type: ignore[arg-type]
    notice = replace(notice, findings=findings)
    frame = document_frames(small_document(), notice, PROVENANCE)["findings"]
    return list(frame["finding_id"])


def test_finding_ids_outlive_another_wording_and_another_run() -> None:
    before = finding_ids()
    assert (
        finding_ids(message="said otherwise", message_zh="换一种说法", state="accepted") == before
    )
    assert all(each.startswith("tianhe-2021/") for each in before)
    assert finding_ids(code="other") != before


def test_findings_at_one_place_are_told_apart() -> None:
    notice = small_notice()
    same = replace(notice, findings=notice.findings[:1] * 3)
    frame = document_frames(small_document(), same, PROVENANCE)["findings"]
    assert frame["finding_id"].is_unique
    more = replace(notice, findings=(*notice.findings[:1], notice.findings[1]))
    again = document_frames(small_document(), more, PROVENANCE)["findings"]
    assert again["finding_id"].iloc[0] == frame["finding_id"].iloc[0]


def test_a_findings_box_is_landed(frames: dict[str, pd.DataFrame]) -> None:
    row = frames["findings"].iloc[0]
    assert Box(row["x0"], row["top"], row["x1"], row["bottom"]) == Box(300, 120, 340, 140)


def test_a_row_with_other_columns_is_not_taken() -> None:
    with pytest.raises(ValueError, match="extra"):
        rows_to_frame(TABLES["notices"], [{"extra": 1}])


@pytest.mark.parametrize("names", [None, ["b", "a"], ("b",), []])
def test_records_are_the_same_however_the_rows_are_held(names: list[str] | None) -> None:
    held = pa.table({"a": pa.array([1, None], pa.int64()), "b": ["x", None], "c": [["y"], []]})
    arrow = held.to_pandas(types_mapper=pd.ArrowDtype)
    wanted = held.column_names if names is None else names
    said = [{name: row[name] for name in wanted} for row in held.to_pylist()] if wanted else []
    mixed = arrow.assign(a=pd.array([1, None], "Int64"))
    for rows in (held, arrow, mixed):
        got = records(rows, names)
        assert [list(row.items()) for row in got if row] == [list(row.items()) for row in said]


def test_text_never_becomes_a_number() -> None:
    rows = [dict.fromkeys(TABLES["cells"].names) | {"page": "5"}]
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        rows_to_frame(TABLES["cells"], rows)


def test_empty_tables_keep_their_types() -> None:
    notice = replace(small_notice(), findings=())
    frames = document_frames(small_document(), notice, PROVENANCE)
    assert len(frames["findings"]) == 0
    other = arrow_type("list<alternative>")
    assert frames["findings"].dtypes["alternatives"] == pd.ArrowDtype(other)


def test_other_readings_are_typed() -> None:
    first, second = small_notice().findings
    other = Alternative("＜3", operator="<", value=3.0, unit="%", serial_no=4, entity="东河区")
    notice = replace(
        small_notice(), findings=(replace(first, alternatives=(other, Alternative("5"))), second)
    )
    frame = document_frames(small_document(), notice, PROVENANCE)["findings"]
    row = frame_to_arrow(TABLES["findings"], frame).to_pylist()[0]
    assert row["alternatives"] == [asdict(other), asdict(Alternative("5"))]


def test_importing_the_descriptions_imports_nothing_heavy() -> None:
    code = (
        "import sys, schemas.tables.frames, schemas.tables.models, schemas.tables.registry, "
        "warehouse.landing, "
        "warehouse.query; print([name for name in ('pandas', 'pandera', 'pyarrow', 'duckdb') "
        "if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert Provenance("r", "v", datetime(2021, 1, 1, tzinfo=UTC)).title is None
