"""Which end of an indicator's scale is good, as far as its name says it."""

from __future__ import annotations

import csv

from normalize.text.direction import direction
from tests.support.for_each import for_each
from tests.support.paths import TESTS


def _cases(name: str) -> list[dict[str, str]]:
    with (TESTS / "normalize/cases" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


CODES = {"higher": "higher_is_better", "lower": "lower_is_better", "unknown": "unknown"}
NAMES = _cases("direction_names.csv")


@for_each("case", _cases("direction.csv"))
def test_case(case: dict[str, str]) -> None:
    assert direction(case["indicator"]) == CODES[case["direction"]]


def test_names_of_all_themes_are_understood_or_named_but_never_turned() -> None:
    """The list is by meaning, from notices of every theme; some names nobody can decide."""
    found = [(case, direction(case["indicator"])) for case in NAMES]
    wrong = [case for case, way in found if way not in (CODES[case["direction"]], "unknown")]
    right = [case for case, way in found if way == CODES[case["direction"]]]
    assert wrong == []
    assert len(right) >= 0.95 * len(NAMES)


@for_each(
    "name, way",
    [
        ("隐患", "lower"),
        ("隐患整改率", "higher"),
        ("隐患整改反弹数", "lower"),
        ("隐患整改时限", "lower"),
        ("清理拖欠账款", "higher"),
        ("债务成本", "lower"),
        ("企业数", "higher"),
        ("亏损企业数", "lower"),
        ("亏损企业扭亏数", "higher"),
        ("合格率", "higher"),
        ("不合格率", "lower"),
        ("未办结件数", "lower"),
        ("零投诉窗口数", "higher"),
        ("能耗下降率", "higher"),
        ("耕地减少面积", "lower"),
        ("降低企业成本", "higher"),
        ("压减行政许可事项数", "higher"),
        ("债务增速", "lower"),
        ("GDP排名", "lower"),
        ("GDP排名提升位数", "higher"),
        ("上访量排名", "unknown"),
        ("税收占支出比重", "higher"),
        ("非税收入占税收比重", "lower"),
        ("每万人口死亡率", "lower"),
        ("单位GDP用地", "lower"),
        ("用地面积", "unknown"),
        ("人口增长率", "unknown"),
        ("某项增长率", "higher"),
        ("某项比率", "unknown"),
        ("传染病某某率", "unknown"),
        ("非法集资参与人数", "unknown"),
        ("", "unknown"),
    ],
)
def test_the_last_word_that_decides_decides(name: str, way: str) -> None:
    assert direction(name) == CODES[way]


def test_a_unit_says_it_where_the_name_does_not() -> None:
    assert direction("某项", "微克/立方米") == "lower_is_better"
    assert direction("某项测评", "分") == "higher_is_better"
    assert direction("全省排序", "位") == "lower_is_better"
    assert direction("某项", "吨") == "unknown"
    assert direction("水体pH值") == "nearer_is_better"
