"""Lights, from cases an official can read."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from scoring.points.lights import LIGHTS, expected
from tests.support.scoring.notices import cases, one

_KEYS = {"说明", "截至", "实际", "否决", "计划", "灯限", "灯"}


@pytest.mark.parametrize("case", cases("lights"))
def test_light(case: dict[str, Any]) -> None:
    assert set(case) <= _KEYS
    told = {"from": date(2019, 1, 1)}
    if "计划" in case:
        told["progress"] = case["计划"]
    if "灯限" in case:
        told["lights"] = case["灯限"]
    row = {"actual_value": case.get("实际"), "veto": case.get("否决", False)}
    scored = one(
        target={"target_value": 100.0},
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
