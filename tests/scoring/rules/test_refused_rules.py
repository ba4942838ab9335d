"""What a notice's own rules may not say is refused by file, entry and key."""

from __future__ import annotations

from typing import Any

import pytest

from common.refusal import Refusal
from tests.support.for_each import for_each
from tests.support.scoring.notices import own_rules

EFFICACY = {"satisfactory": 5.0, "unacceptable": 5.0}
ENTRIES: list[tuple[dict[str, Any], str, str]] = [
    ({"rule": "pass_fail"}, "serial_no", "恰好一项"),
    ({"serial_no": 1, "kind": "number", "rule": "pass_fail"}, "serial_no", "恰好一项"),
    ({"serial_no": 0, "rule": "pass_fail"}, "serial_no", "从1起的整数"),
    ({"serial_no": 1, "rules": "pass_fail"}, "rules", "下列之一"),
    ({"serial_no": 1, "rule": "fair"}, "rule", "下列之一：proportional、pass_fail"),
    ({"serial_no": 1}, "rule", "规则名称"),
    ({"level2": " ", "rule": "pass_fail"}, "level2", "非空的文字"),
    ({"level2": "民生", "part_no": 1, "rule": "pass_fail"}, "part_no", "只与 serial_no"),
    ({"serial_no": 1, "part_no": 1, "rule": "rank"}, "rule", "不含 parts、rank"),
    ({"serial_no": 1, "rule": "pass_fail", "from": "2020"}, "from", "日期"),
    ({"serial_no": 1, "rule": "pass_fail", "parameters": 3}, "parameters", "表"),
    ({"serial_no": 1, "rule": "deduction"}, "points_per_event", "每起扣分"),
    ({"serial_no": 1, "rule": "pass_fail", "rank_group": "县"}, "rank_group", "下列之一"),
    (
        {"serial_no": 1, "rule": "pass_fail", "rank_group": "县", "entity": "甲县"},
        "rank_group",
        "恰好一项",
    ),
    (
        {"serial_no": 1, "rule": "rank", "parameters": {"among": "all"}, "entity": "甲县"},
        "among",
        "不能与全部考核对象比较",
    ),
    (
        {"serial_no": 1, "rule": "efficacy", "parameters": {"satisfactory": 5}},
        "unacceptable",
        "不允许值",
    ),
    (
        {"serial_no": 1, "rule": "rank", "parameters": {"step": 0.1, "step_points": 1}},
        "step_points",
        "恰好一项",
    ),
    ({"serial_no": 1, "rule": "mix", "parameters": {"rules": [[1, "parts"]]}}, "rules", "权重"),
    ({"serial_no": 1, "rule": "classes"}, "classes", "每项得分"),
    ({"serial_no": 1, "rule": "classes", "parameters": {"classes": {}}}, "classes", "级别"),
    (
        {"serial_no": 1, "rule": "classes", "parameters": {"classes": {"省级": 0}}},
        "classes",
        "级别",
    ),
    ({"serial_no": 1, "rule": "classes", "parameters": {"classes": [1]}}, "classes", "级别"),
    ({"serial_no": 1, "rule": "mix", "parameters": {"rules": [[1, "classes"]]}}, "rules", "权重"),
    ({"serial_no": 1, "rule": "mix", "parameters": {"rules": [[1, "bands"]]}}, "bands", "分档"),
    (
        {
            "serial_no": 1,
            "rule": "mix",
            "parameters": {"rules": [[1, "proportional", {"threshold": 0.8}], [1, "pass_fail"]]},
        },
        "threshold",
        "与 rules 并列",
    ),
    (
        {"serial_no": 1, "rule": "proportional", "parameters": {"threshold": 5}},
        "threshold",
        "0 至 2",
    ),
    ({"serial_no": 1, "rule": "judged", "parameters": {"threshold": 0.8}}, "threshold", "下列之一"),
    ({"serial_no": 1, "rule": "rank", "parameters": {"step": 2}}, "step", "0 至 1 之间"),
    ({"serial_no": 1, "rule": "approximate", "parameters": {"one_sided": 1}}, "one_sided", "true"),
    ({"serial_no": 1, "rule": "bands", "parameters": {"bands": [[1]]}}, "bands", "不重复"),
    ({"serial_no": 1, "rule": "bands", "parameters": {"bands": [[1, 11]]}}, "bands", "0至10"),
    ({"serial_no": 1, "rule": "efficacy", "parameters": EFFICACY}, "unacceptable", "满意值不同"),
    (
        {"serial_no": 1, "rule": "proportional", "parameters": {"cap": 0.1, "floor": 0.5}},
        "floor",
        "上限",
    ),
]


@for_each("entry, key, wanted", ENTRIES)
def test_an_entry_is_refused(entry: dict[str, Any], key: str, wanted: str) -> None:
    with pytest.raises(Refusal) as refused:
        own_rules({"rule": [entry]})
    assert refused.value.code == "bad_rules"
    assert "source.toml 中 [[rules.rule]] 第1条" in refused.value.zh
    assert f"{key} " in refused.value.zh
    assert wanted in refused.value.zh
    assert f"{key}: found" in refused.value.en


@for_each(
    "table, wanted",
    [
        ({"rule": {}}, "若干条目的列表"),
        ({"rule": [{"serial_no": 1, "rule": "pass_fail"}] * 2}, "第2条重复"),
        ({"share": [{"weight_group": 1, "fractions": {"1": 0.5}}]}, "合计为1"),
        ({"share": [{"weight_group": 1, "fractions": {"a": 1.0}}]}, "指标序号"),
        ({"share": [{"weight_group": 1, "fractions": {"1": 1.0}}] * 2}, "只写一次"),
        ({"lights": {"green": 0.5, "yellow": 0.9}}, "不大于 green"),
    ],
)
def test_a_table_is_refused(table: dict[str, Any], wanted: str) -> None:
    with pytest.raises(Refusal) as refused:
        own_rules(table)
    assert wanted in refused.value.zh


def test_a_plan_that_falls_is_refused() -> None:
    from datetime import date

    days = (date(2020, 6, 30), date(2020, 3, 31))
    with pytest.raises(Refusal) as refused:
        own_rules({"progress": [{"on": day, "expected": 0.4} for day in days]})
    assert "日期递增" in refused.value.zh
