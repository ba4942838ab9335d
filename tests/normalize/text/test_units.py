"""Units printed with an indicator's name."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.text.units import (
    header_unit,
    is_unit,
    known_unit,
    split_unit,
    stated_units,
    without_stated_units,
)
from tests.support.for_each import for_each
from tests.support.paths import TESTS

with (TESTS / "normalize/cases" / "units.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@for_each("case", CASES)
def test_case(case: dict[str, str]) -> None:
    reading = split_unit(case["printed"])
    assert (reading.name, reading.unit or "") == (case["name"], case["unit"])
    assert [doubt.code for doubt in reading.doubts] == [case["doubt"]] * bool(case["doubt"])


@for_each(
    "unit",
    [
        "%",
        "‰",
        "亿元",
        "万m²",
        "万立方米",
        "元/平方米",
        "件/万人",
        "公里",
        "万千瓦时",
        "人次",
        "吨",
    ],
)
def test_known(unit: str) -> None:
    assert known_unit(unit)


@for_each("text", ["PQI", "高新区", "含工资支付", "", "市财政局", "完成", "三"])
def test_unknown(text: str) -> None:
    assert not known_unit(text)


@given(st.text(max_size=30))
def test_any_text_keeps_all_or_gives_a_unit(text: str) -> None:
    reading = split_unit(text)
    assert reading.unit is None or is_unit(reading.unit)
    assert split_unit(reading.name).name or not reading.name


@for_each(
    "line, units",
    [
        ("单位：万元", "万元"),
        ("（金额单位：人民币 万元）", "万元"),
        ("附件1        单位：亿元、%", "亿元 %"),
        ("单位:万元    时间:2024年", "万元"),
        ("县区 指标 单位：人/万车", "人/万车"),
        ("单位：万元指标县区", "万元"),
        ("注：除注明外，单位均为万元。", "万元"),
        ("单位：分", ""),
        ("单位：市统计局", ""),
        ("填报单位：市统计局", ""),
        ("责任单位：万元", ""),
    ],
)
def test_units_stated_for_a_whole_table(line: str, units: str) -> None:
    assert stated_units(line) == tuple(units.split())


@for_each(
    "heading, name",
    [
        ("民生（单位：%）", "民生"),
        ("民生 (计量单位: 亿元) ", "民生 "),
        ("民生（填报单位：市统计局）", "民生（填报单位：市统计局）"),
        ("民生（单位：%）工程", "民生（单位：%）工程"),
        ("民生", "民生"),
    ],
)
def test_a_heading_is_called_without_the_units_it_states(heading: str, name: str) -> None:
    assert without_stated_units(heading) == name


def test_the_unit_of_a_column_is_named_by_its_lowest_header_that_names_one() -> None:
    assert header_unit(("目标值（万元）", "甲县")) == "万元"
    assert header_unit(("目标值（万元）", "甲县（亿元）")) == "亿元"
    assert header_unit(("分值（分）",)) is None


@pytest.mark.parametrize("name", ["绿化（丛）", "抽检（pH）", "产值（亿兀）", "合作社（标段）"])
def test_what_may_be_a_unit_is_kept_to_be_doubted(name: str) -> None:
    reading = split_unit(name)
    assert (reading.name, reading.unit) == (name, None)
    assert reading.unsure
