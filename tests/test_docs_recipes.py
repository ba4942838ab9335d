"""Every recipe of docs/query.md gives the figures that one works out by hand.

Of a first year alone there are two documents, the later of which supersedes the other, each scored
as of two days, and no key that a person confirmed; in a second warehouse there is a year more,
scored as of one day, with keys. Returns reach the share of the target that ``SCORED`` says.
"""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from schemas.ids import indicator_id
from schemas.tables.frames import Rows, rows_to_frame
from schemas.tables.registry import INDICATOR_KEYS, RETURNS, TABLES
from scoring.engine import Inputs, score
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from tests.support.paths import DOCS
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Batch, land

PAGE = (DOCS / "query.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"^<!-- recipe -->\n```python\n(.*?)^```", PAGE, re.M | re.S)

#: Documents by id: the year, the one it supersedes, and by as-of date the share that was reached.
SCORED = {
    "a-2021": (2021, None, {date(2021, 6, 30): 0.2, date(2021, 9, 30): 0.4}),
    "b-2021": (2021, "a-2021", {date(2021, 12, 31): 0.9, date(2021, 10, 31): 0.5}),
    "c-2022": (2022, None, {date(2022, 12, 31): 0.8}),
}
#: The weight of each indicator with a number to reach; 4 and 5 share 2 points. And who must.
SHARES = {1: (3.0, 3), 2: (2.0, 2), 4: (1.0, 3), 5: (1.0, 3)}

Row = dict[str, Any]


def returned(target: Row, share: float, day: date, row: int) -> Row:
    blank: Row = dict.fromkeys(RETURNS.names)
    same = ("document_id", "indicator_id", "serial_no", "entity", "indicator")
    return blank | {name: target[name] for name in same} | {
        "actual_value": target["target_value"] * share,
        "veto": False,
        "department": "市统计局",
        "received_on": day,
        "revision": 1,
        "source_name": "填报表.xlsx",
        "source_sheet": "填报表",
        "source_row": row,
        "source_sha256": "ab" * 32,
        "sample": False,
    }  # fmt: skip


def scores_of(frames: dict[str, Rows], year: int, reached: dict[date, float]) -> dict[str, Rows]:
    """Return scores and scorecards as of each day, in the order given."""
    own = {name: _frame(frames[name]).assign(year=year) for name in ("targets", "indicators")}
    numbers = [
        row
        for row in pa.Table.from_pandas(own["targets"], preserve_index=False).to_pylist()
        if row["target_kind"] == "number"
    ]
    made: dict[str, list[pd.DataFrame]] = {"scores": [], "scorecards": []}
    for day, share in reached.items():
        rows = [returned(each, share, day, place) for place, each in enumerate(numbers, 5)]
        frame = rows_to_frame(RETURNS, rows)
        scored = score(Inputs(own["targets"], own["indicators"], frame, day))
        made["scores"].append(scores_frame(scored))
        made["scorecards"].append(scorecards_frame(scored, total(scored)))
    return {name: pd.concat(each, ignore_index=True) for name, each in made.items()}


def _frame(rows: Rows) -> pd.DataFrame:
    assert isinstance(rows, pd.DataFrame)
    return rows


def land_one(warehouse: Path, name: str, *, keyed: bool) -> None:
    year, before, reached = SCORED[name]
    notice = small_notice(name, year)
    made_by = replace(PROVENANCE, supersedes=before, received_on=date(year, 2, 1))
    frames: dict[str, Rows] = dict(document_frames(small_document(), notice, made_by))
    frames |= scores_of(frames, year, reached)
    if keyed:
        first = notice.indicators[1]
        key = {
            "document_id": name,
            "indicator_id": indicator_id(name, 2),
            "serial_no": 2,
            "name": first.indicator,
            "indicator_key": "revenue",
            "confirmed_by": "王某",
            "confirmed_on": date(2022, 3, 1),
            "reason": "名称相同",
        }
        frames["indicator_keys"] = rows_to_frame(INDICATOR_KEYS, [key])
    land(warehouse, [Batch(name, year, frames, "run-1", "0.1.0")])


@pytest.fixture(scope="module")
def first_year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = tmp_path_factory.mktemp("first-year")
    for name in ("a-2021", "b-2021"):
        land_one(warehouse, name, keyed=False)
    return warehouse


@pytest.fixture(scope="module")
def two_years(tmp_path_factory: pytest.TempPathFactory) -> Path:
    warehouse = tmp_path_factory.mktemp("two-years")
    for name in SCORED:
        land_one(warehouse, name, keyed=True)
    return warehouse


def run_recipe(number: int, warehouse: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Row:
    """Run a recipe where its tables are this warehouse's; return its names."""
    monkeypatch.chdir(folder)
    (folder / "warehouse").mkdir()
    (folder / "warehouse/tables").symlink_to(warehouse)
    names: Row = {}
    exec(RECIPES[number], names)
    return names


def test_duckdb_of_a_first_year(
    first_year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run_recipe(0, first_year, tmp_path, monkeypatch)
    # Nine tenths of 3 + 2 + 1 + 1 points, of 3 + 1 + 1 where the second is not assessed.
    assert [(*row[:4], round(row[4], 6)) for row in made["totals"]] == [
        ("b-2021", 2021, date(2021, 12, 31), "东河区", 6.3),
        ("b-2021", 2021, date(2021, 12, 31), "南屏县", 6.3),
        ("b-2021", 2021, date(2021, 12, 31), "高新区", 4.5),
    ]
    assert sorted(row[1:] for row in made["duties"]) == [
        (name, [2021], 1)
        for name in ("市人社局", "市信访局", "市医保局", "市扶贫办", "市统计局", "市财政局")
    ]
    with (tmp_path / "targets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 15  # of 18, three are not assessed
    assert {row["document_id"] for row in rows} == {"b-2021"}
    assert rows[0]["target_text"] == "4.3"


def test_duckdb_of_two_years(
    two_years: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run_recipe(0, two_years, tmp_path, monkeypatch)
    assert [(row[1], row[3], round(row[4], 6)) for row in made["totals"]] == [
        (2021, "东河区", 6.3),
        (2021, "南屏县", 6.3),
        (2021, "高新区", 4.5),
        (2022, "东河区", 5.6),
        (2022, "南屏县", 5.6),
        (2022, "高新区", 4.0),
    ]
    assert ("市统计局", [2021, 2022], 2) in [row[1:] for row in made["duties"]]


def test_pandas_of_a_first_year(
    first_year: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = run_recipe(1, first_year, tmp_path, monkeypatch)
    assert str(made["targets"]["year"].dtype) == "int64"
    assert len(made["wide"]) == 12
    assert made["wide"].loc[("b-2021", 1, "地区生产总值增长率"), "高新区"] == "5.1"
    assert made["doubt"].to_dict() == {
        (2021, "a-2021", "南屏县"): 1,
        (2021, "b-2021", "南屏县"): 1,
    }
    through = made["through_the_years"]
    assert len(through) == 3 + 2 + 3 + 3
    assert through.loc[("b-2021/002", "东河区", "亿元")].to_dict() == {2021: 12.0}


def test_pandas_of_two_years(
    two_years: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    through = run_recipe(1, two_years, tmp_path, monkeypatch)["through_the_years"]
    assert through.loc[("revenue", "南屏县", "亿元")].to_dict() == {2021: 8.0, 2022: 8.0}
    assert through.loc[("c-2022/001", "高新区", "%")].dropna().to_dict() == {2022: 5.1}


@pytest.mark.parametrize("years", [1, 2])
def test_polars(
    years: int,
    first_year: Path,
    two_years: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = run_recipe(2, first_year if years == 1 else two_years, tmp_path, monkeypatch)
    own = {name: each for name, each in SCORED.items() if each[0] < 2021 + years}
    last = {name: each[2][max(each[2])] for name, each in own.items()}
    assert sorted((*row[:3], round(row[3], 6)) for row in made["lost"].rows()) == [
        (own[name][0], name, serial, round(points * entities * (1 - share), 6))
        for name, share in last.items()
        for serial, (points, entities) in SHARES.items()
    ]
    assert made["lost"].rows()[0][:3] == (2021, "a-2021", 1)
    assert round(made["lost"].rows()[0][3], 6) == 5.4  # six tenths of 3 points, three times
    assert made["workload"].filter(assessing_departments="市统计局").rows() == [
        (own[name][0], name, "市统计局", 1) for name in own
    ]
    assert set(made["workload"]["indicators"]) == {1}
    revenue = made["actuals"].filter(serial_no=2, entity="东河区")
    assert {row[1]: round(row[4], 6) for row in revenue.rows()} == {
        name: round(12 * share, 6) for name, share in last.items()
    }
    assert len(made["actuals"]) == 18 * len(own)


def test_recipes_that_do_not_run_here_name_tables_and_columns_that_are_there() -> None:
    """R and Power Query cannot be had here."""
    known = {"year", *TABLES, *(c.name for table in TABLES.values() for c in table.columns)}
    blocks = re.findall(r"^```(r|powerquery)\n(.*?)^```", PAGE, re.M | re.S)
    assert [language for language, _ in blocks] == ["r", *["powerquery"] * 3]
    own = {"rows", "latest", "total", "Extension", "Content", "Folder Path"}
    for language, text in blocks:
        quoted = r'tables, "(\w+)"|\b(?:select|filter|count|arrange)\(([\w, ]+?)(?: ==.*)?\)'
        named = (
            {name for pair in re.findall(quoted, text) for name in ", ".join(pair).split(", ")}
            if language == "r"
            else {*re.findall(r'"([a-z_0-9]+)"', text), *re.findall(r"\[([A-Za-z_ ]+)\]", text)}
        )
        assert named - {""} <= known | own
