"""Lights, from cases an official can read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from common.refusal import Refusal
from scoring.points.accumulation import is_sum, understood
from scoring.points.lights import LIGHTS, expected
from scoring.points.milestones import end_of
from tests.support.for_each import for_each
from tests.support.scoring.notices import DOCUMENT, cases, milestones, one

_KEYS = {"说明", "截至", "实际", "否决", "计划", "灯限", "灯"} | {
    *("指标", "目标", "单位", "种类", "方向", "声明", "节点"),
}


@for_each("case", cases("lights"))
def test_light(case: dict[str, Any]) -> None:
    assert set(case) <= _KEYS
    told = {"from": date(2019, 1, 1)}
    if "计划" in case:
        told["progress"] = case["计划"]
    if "灯限" in case:
        told["lights"] = case["灯限"]
    row = {"actual_value": case.get("实际"), "veto": case.get("否决", False)}
    owner = {"indicator": case.get("指标", "公路建设投资")}
    if case.get("方向") == "低":
        owner |= {"direction": "lower_is_better"}
    printed = {
        "target_value": float(case.get("目标", 100)),
        "target_unit": case.get("单位", "万元"),
        "target_kind": case.get("种类", "number"),
        "operator": "<=" if case.get("方向") == "低" else ">=",
    }
    scored = one(
        owner=owner,
        target=printed,
        milestones=milestones(case.get("节点", {})),
        accumulates={DOCUMENT: {"1": case["声明"]}} if "声明" in case else {},
        returned=None if "实际" not in case else row | {"received_on": date(2019, 6, 1)},
        as_of=case["截至"],
        rules=told,
    )
    assert LIGHTS[scored.light[0]] == case["灯"]


def test_expected_grows_from_nought_to_one_over_the_year() -> None:
    assert expected(2021, date(2020, 12, 31)) == 0
    assert expected(2021, date(2021, 1, 1)) == pytest.approx(1 / 365)
    assert expected(2021, date(2021, 12, 31)) == 1
    assert expected(2021, date(2022, 6, 1)) == 1


@for_each(
    "period, day",
    [
        ("2020-Q1", date(2020, 3, 31)),
        ("2020-H1", date(2020, 6, 30)),
        ("2020-02", date(2020, 2, 29)),
        ("2020-H2", date(2020, 12, 31)),
        ("2020-13", None),
        ("一季度", None),
    ],
)
def test_the_last_day_of_a_period(period: str, day: date | None) -> None:
    assert end_of(period) == day


def test_a_declaration_of_no_indicator_is_refused() -> None:
    for key in ("9", "别的指标"):
        with pytest.raises(Refusal, match="accumulates"):
            one(accumulates={DOCUMENT: {key: "rate"}})


@for_each(
    "name, unit, kind",
    [
        ("公路建设投资", "万元", "number"),
        ("失业率", "%", "number"),
        ("项目完成率", "%", "number"),
        ("贷款余额", "亿元", "number"),
        ("地区生产总值", "亿元", "growth"),
        ("年末人口（户籍）", "万人", "number"),
        ("空气质量排名", None, "rank"),
        ("累计完成率", None, "number"),
    ],
)
def test_what_is_shown_of_a_figure_is_what_counts(name: str, unit: str | None, kind: str) -> None:
    """The words for the officer and the columns of the engine come to the same."""
    way, _, _ = understood(name, unit, kind)
    scored = one(owner={"indicator": name}, target={"target_unit": unit, "target_kind": kind})
    assert is_sum(scored.rows, {}).tolist() == [way == "sum"]
