"""Which end of an indicator's scale is good."""

from __future__ import annotations

import csv

import pytest

from normalize.text.direction import direction
from tests.support.paths import TESTS

with (TESTS / "normalize/cases" / "direction.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["indicator"])
def test_case(case: dict[str, str]) -> None:
    assert direction(case["indicator"]) == f"{case['direction']}_is_better"


def test_a_limits_operator_decides() -> None:
    assert direction("某项指标", None, "<") == "lower_is_better"
    assert direction("城镇登记失业率", None, ">=") == "higher_is_better"
    assert direction("居民消费价格指数涨幅", "%", "~") == "lower_is_better"
