"""A year put together of its quarters by their weights, each case worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from common.refusal import Refusal
from schemas.records.trace import Trace
from schemas.tables.frames import records
from scoring.engine import Inputs, score
from scoring.points.periods import parse_periods
from scoring.results.audit import differences
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.replay import replayed
from scoring.results.scorecards import total
from tests.support.for_each import for_each
from tests.support.scoring.notices import (
    DOCUMENT,
    cases,
    indicator,
    inputs,
    milestones,
    returned,
    target,
)

QUARTERS: dict[str, Any] = {
    "2020-Q1": {"weight": 15, "as_of": date(2020, 4, 20)},
    "2020-Q2": {"weight": 25, "as_of": date(2020, 7, 20)},
    "2020-Q3": {"weight": 25, "as_of": date(2020, 10, 20)},
    "2020-Q4": {"weight": 35, "as_of": date(2021, 1, 20)},
}


def year(case: dict[str, Any]) -> Inputs:
    told = case["指标"]
    owner = indicator(
        base_points=10.0,
        indicator=told["name"],
        unit=told["unit"],
        direction=told.get("way", "higher_is_better"),
    )
    held = target(
        owner,
        target_kind=told.get("kind", "number"),
        operator=told.get("operator", ">="),
        target_value=float(told["target"]),
        target_unit=told["unit"],
    )
    given = [
        returned(
            owner, actual_value=float(figure), received_on=day, source_row=row, veto=bool(veto)
        )
        for row, (day, figure, *veto) in enumerate(case["报送"], 5)
    ]
    steps = case.get("分期")
    other = {"milestones": _in_unit(milestones(steps), told["unit"])} if steps else {}
    rules = {"rule": [{"serial_no": 1, **case["规则"]}]} if "规则" in case else None
    periods = {DOCUMENT: parse_periods(QUARTERS, "source.toml")}
    return inputs([owner], [held], given, as_of=case["截至"], rules=rules, periods=periods, **other)


def _in_unit(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    return frame.assign(unit=pd.Series([unit] * len(frame), dtype=frame["unit"].dtype))


@for_each("case", cases("periods"))
def test_a_year_is_the_weighted_sum_of_its_periods(case: dict[str, Any]) -> None:
    told = year(case)
    found = score(told)
    scores, cards = scores_frame(found), scorecards_frame(found, total(found))
    (row,) = records(scores)
    points = case["得分"]
    assert row["status"] == case.get("状态", "scored")
    assert row["points"] == (None if points is None else pytest.approx(points, abs=1e-9))
    ends = case.get("区间", [points, points])
    assert [row["points_low"], row["points_high"]] == pytest.approx(ends, abs=1e-9)
    trace = Trace.from_json(row["trace"])
    assert trace.whole_year == case.get("全年", False)
    assert replayed(trace).points == (None if points is None else pytest.approx(points, abs=1e-9))
    (top, *_) = records(cards)
    assert top["received_share"] == pytest.approx(case.get("已报", 1.0), abs=1e-9)
    tables = {
        "scores": scores,
        "scorecards": cards,
        "targets": told.targets,
        "indicators": told.indicators,
        "returns": told.returns,
    }
    assert differences(tables) == ()


def test_the_trace_says_each_period_in_words() -> None:
    case = next(each for each in cases("periods") if "第一季度过后" in each["说明"])
    words = str(Trace.from_json(records(scores_frame(score(year(case))))[0]["trace"]).words)
    assert "2020-Q1（权重 15%，截至 2020-04-20）目标 25" in words
    assert "2020-Q4（权重 35%，截至 2021-01-20）尚未计分" in words
    assert "得分 10 ×（0.15 × 0.8） = 1.2 分" in words


def test_a_landed_period_that_was_changed_is_named() -> None:
    case = cases("periods")[0]
    told = year(case)
    found = score(told)
    scores = scores_frame(found)
    forged = [each.replace('"value": 40.0', '"value": 50.0') for each in scores["trace"]]
    tables = {
        "scores": scores.assign(trace=pd.Series(forged, dtype=scores["trace"].dtype)),
        "scorecards": scorecards_frame(found, total(found)),
        "targets": told.targets,
        "indicators": told.indicators,
        "returns": told.returns,
    }
    assert {each.table for each in differences(tables)} >= {"scores", "returns"}


@for_each(
    "table, said",
    [
        ({}, "合计为 1 或 100"),
        ({"2020-Q1": {"weight": 40, "as_of": date(2020, 4, 20)}}, "合计为 1 或 100"),
        ({"一季度": {"weight": 1, "as_of": date(2020, 4, 20)}}, "分期名称"),
        ({"2020-Q1": 15}, "表"),
        ({"2020-Q1": {"weight": 1}}, "as_of"),
        ({"2020-Q1": {"weight": 1, "as_of": date(2020, 3, 1)}}, "不早于"),
        ({"2020-Q1": {"weight": 1, "as_of": date(2020, 4, 1), "x": 1}}, "x"),
        (
            {
                "2020-Q1": {"weight": 50, "as_of": date(2020, 9, 1)},
                "2020-H1": {"weight": 50, "as_of": date(2020, 8, 1)},
            },
            "都晚于",
        ),
        (
            {
                "2020-Q4": {"weight": 50, "as_of": date(2021, 1, 1)},
                "2021-Q1": {"weight": 50, "as_of": date(2021, 4, 1)},
            },
            "2020 年",
        ),
    ],
)
def test_what_is_not_understood_is_refused(table: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal) as caught:
        parse_periods(table, "source.toml")
    assert said in caught.value.zh


def test_periods_of_another_year_are_refused() -> None:
    told = year(cases("periods")[0])
    later = {
        name.replace("2020", "2021"): {**each, "as_of": each["as_of"].replace(year=2022)}
        for name, each in QUARTERS.items()
    }
    other = {
        name: {**each, "as_of": date(2022, 1 + place, 1)}
        for place, (name, each) in enumerate(later.items())
    }
    with pytest.raises(Refusal) as caught:
        score(
            Inputs(
                told.targets,
                told.indicators,
                told.returns,
                told.as_of,
                periods={DOCUMENT: parse_periods(other, "source.toml")},
            )
        )
    assert "2021-Q1" in caught.value.zh
