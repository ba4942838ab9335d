"""Every query of docs/query.md across years answers what its heading asks.

Two years: in the second one indicator is renamed, re-weighted and given to another department, one
is dropped, one is new, and everything else stays.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from schemas.ids import indicator_id
from schemas.records.notice import Notice
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import INDICATOR_KEYS, RETURNS
from scoring.engine import Inputs, score
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from tests.support.paths import DOCS
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Batch, land
from warehouse.query import query
from warehouse.reading import read_tables

PAGE = (DOCS / "query.md").read_text(encoding="utf-8")
ACROSS = PAGE[PAGE.index("# Questions across years") :]
QUERIES = dict(re.findall(r"^## ([^\n]*)\n.*?^```sql\n(.*?)^```", ACROSS, re.M | re.S))
AS_OF = date(2023, 1, 31)

Row = dict[str, Any]


def next_year() -> Notice:
    notice = small_notice("tianhe-2022", 2022)
    changed = {
        2: {"indicator": "财政总收入", "level3": "财政总收入", "base_points": 3.0,
            "assessing_departments": ("市税务局",)},
        6: {"indicator": "营商环境", "level3": "营商环境"},
    }  # fmt: skip
    indicators = tuple(
        replace(each, **changed.get(each.serial_no, {}))  # type: ignore[arg-type]
        for each in notice.indicators
    )
    targets = tuple(
        replace(each, max_points=3.0) if each.serial_no == 2 else each for each in notice.targets
    )
    return replace(notice, indicators=indicators, targets=targets)


def key(document_id: str, serial_no: int, name: str) -> Row:
    return {
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, serial_no),
        "serial_no": serial_no,
        "name": name,
        "indicator_key": f"key-{serial_no}",
        "confirmed_by": "王某",
        "confirmed_on": date(2022, 3, 1),
        "reason": "名称相同",
    }


def returned(document_id: str, place: int, target: Row, *, sample: bool) -> Row:
    row: Row = dict.fromkeys(RETURNS.names)
    row |= {name: target[name] for name in ("document_id", "indicator_id", "serial_no", "entity")}
    if "indicator" in row:
        row["indicator"] = target["indicator"]
    return row | {
        "actual_value": target["target_value"] * 0.9,
        "veto": False,
        "department": "市统计局",
        "received_on": date(2022, 1, 10),
        "revision": 1,
        "source_name": f"{document_id}.xlsx",
        "source_sheet": "填报表",
        "source_row": place + 5,
        "source_sha256": "ab" * 32,
        "sample": sample,
    }


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("years")
    for notice in (small_notice("tianhe-2021", 2021), next_year()):
        name, year = notice.document_id, notice.year
        frames = document_frames(small_document(), notice, PROVENANCE)
        kept = [each for each in notice.indicators if each.serial_no < 6]
        keys = [key(name, each.serial_no, each.indicator) for each in kept]
        frames["indicator_keys"] = rows_to_frame(INDICATOR_KEYS, keys)
        land(folder, [Batch(name, year, frames, "run-1", "0.1.0")])
        tables = read_tables(folder, ("targets", "indicators"))
        own = {
            table: frame[frame["document_id"] == name].reset_index(drop=True)
            for table, frame in tables.items()
        }
        targets = pa.Table.from_pandas(own["targets"], preserve_index=False).to_pylist()
        returns = [
            returned(name, place, row, sample=year == 2022)
            for place, row in enumerate(targets)
            if row["target_kind"] == "number"
        ]
        frame = rows_to_frame(RETURNS, returns)
        scored = score(Inputs(own["targets"], own["indicators"], frame, AS_OF))
        made = {"returns": frame, "scores": scores_frame(scored)}
        made["scorecards"] = scorecards_frame(scored, total(scored))
        land(folder, [Batch(name, year, made, "run-2", "0.1.0")])
    return folder


def ask(warehouse: Path, words: str) -> list[Row]:
    (sql,) = (sql for heading, sql in QUERIES.items() if words in heading)
    found = query(warehouse, sql)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_every_question_is_tested() -> None:
    assert len(QUERIES) == ACROSS.count("```sql") == 8


def test_which_is_which(warehouse: Path) -> None:
    rows = ask(warehouse, "Which indicator of one year")
    assert [(row["indicator_key"], row["years"]) for row in rows] == [
        *((f"key-{number}", 2) for number in range(1, 6)),
        ("tianhe-2021/006", 1),
        ("tianhe-2022/006", 1),
    ]
    assert rows[1]["through_the_years"] == ["2021 2 财政收入", "2022 2 财政总收入"]
    assert [row["confirmed"] for row in rows] == [True] * 5 + [False] * 2


def test_one_indicator_through_the_years(warehouse: Path) -> None:
    rows = ask(warehouse, "How has one indicator")
    assert len(rows) == 5 * 3 * 2
    mine = [row for row in rows if (row["indicator_key"], row["entity"]) == ("key-2", "东河区")]
    assert [(row["year"], row["indicator"]) for row in mine] == [
        (2021, "财政收入"),
        (2022, "财政总收入"),
    ]
    assert [row["actual_value"] for row in mine] == [pytest.approx(10.8)] * 2
    assert [row["points"] for row in mine] == [pytest.approx(1.8), pytest.approx(2.7)]


def test_re_weighted(warehouse: Path) -> None:
    (row,) = ask(warehouse, "re-weighted")
    assert (row["indicator_key"], row["points_before"], row["points_after"]) == ("key-2", 2.0, 3.0)
    assert (row["earlier"], row["later"]) == (2021, 2022)


def test_new_and_dropped(warehouse: Path) -> None:
    rows = ask(warehouse, "new, and which were dropped")
    assert [(row["change"], row["year"], row["indicator"]) for row in rows] == [
        ("dropped after", 2021, "信访工作"),
        ("new", 2022, "营商环境"),
    ]


def test_departments_gained_and_lost(warehouse: Path) -> None:
    rows = {row["department"]: row for row in ask(warehouse, "departments gained")}
    assert rows["市税务局"]["gained"] == ["财政总收入"]
    assert rows["市税务局"]["indicators"] == 1
    assert rows["市财政局"]["relieved_of"] == ["财政收入"]
    assert rows["市财政局"]["indicators"] == 0
    assert rows["市信访局"]["gained"] == ["营商环境"]
    assert rows["市信访局"]["relieved_of"] == ["信访工作"]
    assert set(rows) == {"市税务局", "市财政局", "市信访局"}


def test_results_through_the_years(warehouse: Path) -> None:
    rows = ask(warehouse, "results go through")
    assert [(row["entity"], row["year"]) for row in rows] == [
        (entity, year)
        for entity in sorted({row["entity"] for row in rows})
        for year in (2021, 2022)
    ]
    for before, after in zip(rows[::2], rows[1::2], strict=True):
        assert before["change"] is None
        assert after["change"] == round(after["points_of_100"] - before["points_of_100"], 2)


def test_what_costs_points_year_after_year(warehouse: Path) -> None:
    rows = ask(warehouse, "cost an entity points")
    assert rows[0]["years"] == 2
    mine = next(r for r in rows if (r["indicator_key"], r["entity"]) == ("key-2", "东河区"))
    assert mine["points_lost"] == pytest.approx(0.5)
    assert mine["attainment"] == ["2021: 0.9", "2022: 0.9"]


def test_sample_figures(warehouse: Path) -> None:
    rows = ask(warehouse, "sample figures")
    assert [(row["year"], row["with_sample_figures"] > 0) for row in rows] == [
        (2021, False),
        (2022, True),
    ]
