"""Units printed with an indicator's name."""

from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalize.text.units import known_unit, split_unit
from tests.support.paths import TESTS

with (TESTS / "normalize/cases" / "units.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["printed"])
def test_case(case: dict[str, str]) -> None:
    reading = split_unit(case["printed"])
    assert (reading.name, reading.unit or "") == (case["name"], case["unit"])
    assert [doubt.code for doubt in reading.doubts] == [case["doubt"]] * bool(case["doubt"])


@pytest.mark.parametrize(
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


@pytest.mark.parametrize("text", ["PQI", "高新区", "含工资支付", "", "市财政局", "完成", "三"])
def test_unknown(text: str) -> None:
    assert not known_unit(text)


@given(st.text(max_size=30))
def test_any_text_keeps_all_or_gives_a_unit(text: str) -> None:
    reading = split_unit(text)
    assert reading.unit is None or known_unit(reading.unit)
    assert split_unit(reading.name).name or not reading.name
