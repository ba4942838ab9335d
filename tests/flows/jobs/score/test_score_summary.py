"""What ``kaohe score`` says of ranks that are not certain and of points below their interval."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flows.cli.main import cli
from flows.jobs.score.card_texts import below_text, beyond_text, card_text, stability_text
from tests.support.flows.scored_years import hand_in, lines_of, met, score, scored_rows

Row = dict[str, Any]


@pytest.fixture
def tables(landed: Path, tmp_path: Path) -> Path:
    """A warehouse of its own that holds the notice of 2020."""
    shutil.copytree(landed, tmp_path / "tables", symlinks=True)
    return tmp_path / "tables"


def held(entity: str, rank: int, share: float) -> Row:
    noise = {"draws": 1000, "noise": 0.2}
    return {"entity": entity, "rank_group": "县", "rank": rank, "share": share, **noise}


def test_only_ranks_that_are_not_certain_are_told_a_line_an_entity() -> None:
    rows = [
        held("甲县", 1, 1.0),
        held("乙县", 2, 0.87),
        held("乙县", 3, 0.13),
        held("丙县", 2, 0.999),
        held("丙县", 3, 0.001),
    ]
    heading, *lines = stability_text(rows).splitlines()
    assert "20%" in heading
    assert "1000" in heading
    assert lines == [
        "  乙县 名次稳定性: 第2 87 %，第3 13 %",
        "  丙县 名次稳定性: 第2 99 %，第3 ＜1 %",
    ]
    assert stability_text(rows[:1]) == stability_text([]) == ""


def test_the_table_signs_what_is_in_doubt_and_prints_places_not_one_of_them() -> None:
    names = ("points", "points_low", "points_high", "points_of_100", "max_points", "rank_group")
    figures = dict(zip(names, (2.5, 2.5, 3.0, 83.333, 3.0, "县"), strict=True))
    more: Row = dict.fromkeys(("bonus", "minus", "vetoed", "barred", "vetoes"))
    more |= dict.fromkeys(("grade", "grade_low", "grade_high", "coefficient"))
    card = {**figures, **more, "rank": 1, "rank_low": 1, "rank_high": 3, "received_share": 0.9}
    doubtful = {**card, "entity": "甲县", "values_in_doubt": 1, "provisional": 2}
    sure = {**card, "entity": "乙县", "values_in_doubt": None, "provisional": 0, "rank_high": 1}
    nothing = {**sure, "entity": "丙县", "received_share": 0.0, "points_low": 2.6}
    heading, _, *lines, signs = card_text((doubtful, sure, nothing)).splitlines()
    assert "名次区间" not in heading
    assert lines[0].split() == [
        "甲县",
        "2.50？◇",
        "2.50–3.00？◇",
        "3.00",
        "83.33？◇",
        "县",
        "1–3？◇",
        "90%",
    ]
    assert lines[1].split() == ["乙县", "2.50", "2.50–3.00", "3.00", "83.33", "县", "1", "90%"]
    assert lines[2].split() == [
        "丙县",
        "部分收到",
        "2.60–3.00",
        "3.00",
        "部分收到",
        "县",
        "—",
        "0%",
    ]
    assert "待核对" in signs and "尚未采用" in signs
    drawn = [held("甲县", 1, 0.6), held("甲县", 2, 0.4)]
    assert stability_text(drawn, (doubtful,)).endswith("第2 40 %（名次 1–3？◇）")
    assert stability_text(drawn, ({**sure, "entity": "甲县"},)).endswith("第2 40 %")


def test_points_below_their_interval_are_explained_by_name() -> None:
    low = {"entity": "甲县", "points": 1.0, "points_low": 2.0}
    sure = {"entity": "乙县", "points": 2.0, "points_low": 2.0 + 1e-12}
    assert below_text([sure]) == ""
    text = below_text([low, sure])
    assert "甲县" in text
    assert "乙县" not in text
    assert beyond_text(()) == ""


def test_the_command_tells_both(tables: Path) -> None:
    """Two entities lost the same in different groups; for a third two departments differ."""

    def differ(line: Row) -> Row | None:
        first = line["serial_no"] == 1 and line["entity"] == "安岳县"
        return met(line) | {"actual_value": line["target_value"] * 0.9} if first else None

    points = {
        line["owner"]["weight_group"]: line["owner"]["base_points"] for line in lines_of(tables)
    }
    one, other = [group for group, each in points.items() if each == 1.0 and group > 1][:2]
    lost = {("雁江区", one), ("乐至县", other)}  # worth the same, as long as the weights are those

    def most(line: Row) -> Row:
        veto = (line["entity"], line["owner"]["weight_group"]) in lost
        return met(line) | {"veto": veto}

    hand_in(tables, most)
    hand_in(tables, differ, department="市发展和改革委", revision=2)
    summary = score(tables)
    text = summary.as_text()
    assert text.count("得分低于得分区间下限：安岳县") == 1
    unsure = {row["entity"] for row in summary.stability if row["share"] < 1}
    assert {"雁江区", "乐至县"} <= unsure
    assert text.count("名次稳定性") == len(unsure)
    assert "  雁江区 名次稳定性: 第" in text
    landed = {(r["entity"], r["rank"]): r["share"] for r in scored_rows(tables, "rank_stability")}
    assert {(r["entity"], r["rank"]): r["share"] for r in summary.stability} == landed

    where = ["--warehouse", str(tables), "--raw", str(tables.parent / "raw"), "--json"]
    told = json.loads(CliRunner().invoke(cli, ["score", "2020", *where]).stdout)
    assert told["stability"] == list(summary.stability)
