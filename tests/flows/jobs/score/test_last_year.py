"""Last year's returned figure, by a confirmed key, is what this year's is held against."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from flows.jobs.keys import confirm_keys
from flows.jobs.night.ledger import Ledger
from flows.jobs.night.scores import dues, scored_days
from flows.jobs.night.summary import NightlyOrder
from flows.jobs.returns.forms import read_document_lines
from schemas.tables.document_frames import document_tables
from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import RETURNS
from schemas.vocabulary import TargetKind
from tests.support.schemas.records import ENTITIES, PROVENANCE, small_document, small_notice
from warehouse.landing import Amendment, Batch, amend, land
from warehouse.reading import read_table
from warehouse.snapshots import current_snapshot

HEAD = "确认,指标键,原文件,原序号,原名称,新文件,新序号,新名称,相似度,提示,理由\n"
KEY = "是,revenue,tianhe-2021,2,财政收入,tianhe-2022,2,财政收入,1,,名称相同\n"
LINE = {"serial_no": 2, "entity": "东河区"}


def notice(year: int, **said: Any) -> Batch:
    return notice_of(year, {"东河区": said})


def notice_of(year: int, said: Mapping[str, Mapping[str, Any]]) -> Batch:
    """Return a small notice of whose indicator 2 other things are said for some entities."""
    made = small_notice(f"tianhe-{year}", year)
    targets = tuple(
        dataclasses.replace(each, **said.get(each.entity, {})) if each.serial_no == 2 else each
        for each in made.targets
    )
    tables = document_tables(
        small_document(), dataclasses.replace(made, targets=targets), PROVENANCE
    )
    return Batch(made.document_id, year, tables, "run-1", "0.1.0")


#: 不低于上年: no figure of its own, no unit but the indicator's.
HELD = {
    "target_kind": TargetKind.PREVIOUS_VALUE,
    "operator": None,
    "target_value": None,
    "target_unit": None,
    "target_text": "不低于上年",
    "needs_review": False,
}


def hand_in(
    tables: Path, year: int, value: float, entities: Sequence[str] = ("东河区",), **said: Any
) -> None:
    row: dict[str, Any] = dict.fromkeys(RETURNS.names)
    row |= {"document_id": f"tianhe-{year}", "indicator_id": f"tianhe-{year}/002"} | LINE
    row |= {"actual_value": value, "veto": False, "received_on": date(year + 1, 1, 10)}
    row |= {"revision": 1, "department": "市财政局", "source_name": f"{year}.xlsx"}
    row |= {"source_sheet": "填报表", "source_row": 7, "source_sha256": f"{year}" * 16}
    row |= {"sample": False, "indicator": "财政收入"} | said
    lines = [
        row | {"entity": entity, "source_row": row["source_row"] + number}
        for number, entity in enumerate(entities)
    ]
    rows = rows_to_frame(RETURNS, lines)

    def add(before: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([before, rows], ignore_index=True) if len(before) else rows

    amend(tables, [Amendment(f"tianhe-{year}", year, "returns", add, "run", "0.1.0")])


def confirm(tables: Path) -> None:
    file = tables.parent / "answers.csv"
    file.write_text(HEAD + KEY, encoding="utf-8-sig")
    confirm_keys(tables, tables.parent / "raw", file, "王某", date(2023, 1, 5))


def kaohe(tables: Path, *arguments: str) -> Result:
    where = ["--warehouse", str(tables)]
    if arguments[0] == "score":
        where += ["--raw", str(tables.parent / "raw")]
    return CliRunner().invoke(cli, [*arguments, *where])


def scored(tables: Path) -> dict[str, Any]:
    return all_scored(tables)["东河区"]


def all_scored(tables: Path) -> dict[str, dict[str, Any]]:
    """Score the year and return the rows of indicator 2 by their entities."""
    assert kaohe(tables, "score", "2022").exit_code in (0, 3)
    rows = records(read_table(tables, "scores"))
    return {each["entity"]: each for each in rows if each["serial_no"] == LINE["serial_no"]}


def asked(tables: Path) -> frozenset[str]:
    document, _ = read_document_lines(tables, 2022, None, tables.parent / "raw")
    (line,) = (each for each in document.lines if (each.serial_no, each.entity) == (2, "东河区"))
    return line.needs


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two years with what was handed in for each."""
    tables = tmp_path_factory.mktemp("two") / "tables"
    land(tables, [notice(2021), notice(2022, **HELD)])
    hand_in(tables, 2021, 10.0)
    hand_in(tables, 2022, 9.0)
    return tables


@pytest.fixture
def two(handed_in: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(handed_in, tmp_path / "tables", symlinks=True))


def test_the_return_of_last_year_counts_and_the_trace_names_it(two: Path) -> None:
    assert scored(two)["rule"] == "judged"  # nobody said that both are one indicator
    assert asked(two) == {"award"}
    confirm(two)
    assert asked(two) == {"actual"}
    row = scored(two)
    assert (row["rule"], row["points"]) == ("previous_value", 0.0)  # 9 is worse than 10
    target = json.loads(row["trace"])["target"]
    assert target["base_value"] == 10.0
    base = target["base"]
    assert (base["year"], base["document_id"], base["serial_no"]) == (2021, "tianhe-2021", 2)
    assert base["returned"]["source"]["name"] == "2021.xlsx"
    for said in ("2021 年 tianhe-2021 第2项", "市财政局 2022-01-10 报送", "2021.xlsx 填报表 第7行"):
        assert said in kaohe(two, "trace", "2022", "2", "东河区").stdout
    hand_in(two, 2022, 11.0, revision=2, source_row=8)
    assert scored(two)["points"] == 2.0
    assert kaohe(two, "score", "2022", "--replay").exit_code == 0
    hand_in(two, 2021, 12.0, received_on=date(2022, 2, 1), source_row=9)
    assert scored(two)["points"] == 0.0  # last year's office corrected its figure


def test_a_base_that_is_not_as_landed_is_named_by_the_replay(two: Path) -> None:
    confirm(two)
    scored(two)

    def other(rows: pd.DataFrame) -> pd.DataFrame:
        return rows.assign(actual_value=rows["actual_value"] + 1)

    amend(two, [Amendment("tianhe-2021", 2021, "returns", other, "run", "0.1.0")])
    replay = kaohe(two, "score", "2022", "--replay")
    assert replay.exit_code == 1
    assert "2021.xlsx" in replay.output


@pytest.mark.parametrize(
    ("printed", "base"),
    [
        ({"base_text": "8", "base_value": 8.0, "base_unit": "亿元", "base_label": "上年完成"}, 8.0),
        ({"base_text": "见年报", "base_label": "上年完成"}, None),
    ],
)
def test_what_the_notice_prints_of_last_year_goes_before(
    tmp_path: Path, printed: dict[str, Any], base: float | None
) -> None:
    tables = tmp_path / "tables"
    land(tables, [notice(2021), notice(2022, **HELD, **printed)])
    hand_in(tables, 2021, 10.0)
    hand_in(tables, 2022, 9.0)
    confirm(tables)
    row = scored(tables)
    target = json.loads(row["trace"])["target"]
    assert target.get("base_value") == base
    if base is not None:
        assert (target["base"]["text"], row["points"]) == ("8", 2.0)
        assert kaohe(tables, "score", "2022", "--replay").exit_code == 0


@pytest.mark.parametrize(
    ("texts", "printed"),
    [
        (("高于上年（92%）", "较上年提高（上年8.5亿元）", "高于上年（2021年8.5亿元）"), True),
        (("高于上年", "高于上年（2021年）"), False),
    ],
    ids=["printed", "not printed"],
)
def test_a_figure_in_the_target_is_never_called_not_printed(
    tmp_path: Path, texts: Sequence[str], printed: bool
) -> None:
    tables, entities = tmp_path / "tables", ENTITIES[: len(texts)]
    of_each = {
        entity: HELD | {"status": "assessed", "parts": (), "target_text": text}
        for entity, text in zip(entities, texts, strict=True)
    }
    before = {entity: {"status": "assessed"} for entity in entities}
    land(tables, [notice_of(2021, before), notice_of(2022, of_each)])
    hand_in(tables, 2021, 10.0, entities)
    hand_in(tables, 2022, 9.0, entities)
    confirm(tables)
    rows = all_scored(tables)
    # What is printed and not understood is not passed over for what was returned last year.
    bases = {each: json.loads(rows[each]["trace"])["target"].get("base_value") for each in entities}
    assert bases == dict.fromkeys(entities, None if printed else 10.0)
    declare(tables)
    all_scored(tables)
    for entity in entities:
        said = kaohe(tables, "trace", "2022", "2", entity).stdout
        assert "没有载明上年数" not in said
        assert ("通知所印的上年数没有读成可用的数值" in said) == printed


def declare(tables: Path) -> None:
    """Declare that the line counts by the year before, whatever is known of it."""
    file = tables.parent / "raw/notices/tianhe-2022/source.toml"
    file.parent.mkdir(parents=True)
    rule = '[rules]\nversion = "1"\nfrom = 2022-01-01\nbasis = "办法"\n'
    rule += '[[rules.rule]]\nserial_no = 2\nrule = "previous_value"\n'
    file.write_text(rule, "utf-8")


def test_what_came_for_a_line_without_a_base_is_received(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    land(tables, [notice(2022, **HELD | {"target_text": "高于上年（92%）"})])
    declare(tables)
    hand_in(tables, 2022, 9.0)
    assert scored(tables)["status"] == "unreadable"
    assert received(tables) == pytest.approx(4 / 19)  # the one of its lines that came
    assert kaohe(tables, "score", "2022", "--replay").exit_code == 0


def received(tables: Path) -> float:
    cards = records(read_table(tables, "scorecards"))
    (card,) = (e for e in cards if e["level"] == "total" and e["entity"] == LINE["entity"])
    return float(card["received_share"])


def test_a_value_in_another_unit_is_no_base(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    land(tables, [notice(2021), notice(2022, **HELD | {"target_unit": "万元"})])
    hand_in(tables, 2021, 10.0)
    confirm(tables)
    assert "base_value" not in json.loads(scored(tables)["trace"])["target"]


def test_departments_that_differed_last_year_give_no_base(two: Path) -> None:
    hand_in(two, 2021, 11.0, department="市统计局", source_row=20)
    confirm(two)
    assert scored(two)["rule"] == "judged"


def test_last_years_value_needs_the_approval_that_its_notice_required(two: Path) -> None:
    confirm(two)
    declared = two.parent / "raw/notices/tianhe-2021/source.toml"
    declared.parent.mkdir(parents=True)
    declared.write_text('year = 2021\napproval = "required"\n', encoding="utf-8")
    assert scored(two)["rule"] == "judged"
    assert asked(two) == {"award"}
    signed = {"approved_by": "乙某", "approved_on": date(2022, 1, 11)}
    hand_in(two, 2021, 8.0, received_on=date(2022, 1, 12), source_row=9, **signed)
    assert scored(two)["points"] == 2.0
    assert asked(two) == {"actual"}


def test_a_night_scores_again_what_last_years_returns_and_keys_change(two: Path) -> None:
    order, ledger = NightlyOrder(two, two.parent / "raw"), Ledger()

    def made_of() -> list[str]:
        (due,) = (
            each
            for each in dues(order, ledger, current_snapshot(two) or two)
            if each.document_id == "tianhe-2022"
        )
        return sorted(due.inputs.values())

    seen = [made_of()]
    confirm(two)
    seen.append(made_of())
    hand_in(two, 2021, 12.0, received_on=date(2022, 2, 1), source_row=9)
    seen.append(made_of())
    assert len({*map(tuple, seen)}) == 3


def test_a_night_reads_last_years_value_as_of_each_of_its_days(tmp_path: Path) -> None:
    """What came of last year after a day is not what that day is held against."""
    tables = tmp_path / "tables"
    land(tables, [notice(2021), notice(2022, **HELD)])
    hand_in(tables, 2021, 50.0, received_on=date(2022, 1, 10))
    confirm(tables)
    hand_in(tables, 2022, 60.0, received_on=date(2022, 6, 30))
    hand_in(tables, 2021, 70.0, received_on=date(2022, 9, 1), revision=2, source_row=8)
    hand_in(tables, 2022, 60.0, received_on=date(2022, 12, 31), revision=2, source_row=8)
    order = NightlyOrder(tables, tmp_path / "raw")
    snapshot = current_snapshot(tables)
    assert snapshot is not None
    due = next(each for each in dues(order, Ledger(), snapshot) if each.year == 2022)
    _, made = scored_days(order, due, snapshot)
    traces = {
        str(day): next(json.loads(row["trace"]) for row in records(rows) if row["serial_no"] == 2)
        for day, rows in made["scores"].items()
    }
    bases = {day: trace["target"]["base_value"] for day, trace in traces.items()}
    assert (bases["2022-06-30"], bases["2022-12-31"]) == (50.0, 70.0)
