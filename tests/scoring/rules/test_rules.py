"""Every rule at its edges, from cases an official can read; each trace replays to its points."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from common.declared import declared
from schemas.vocabulary import TargetKind, word, words
from scoring.engine import Scored
from scoring.model.items import STATUSES
from scoring.points.listing import effective_rules
from scoring.results.frames import scores_frame
from scoring.results.replay import replay
from scoring.rules.declared import edition
from scoring.rules.method import Method
from scoring.rules.registry import METHODS
from tests.support.paths import ROOT
from tests.support.scoring.notices import AS_OF, cases, number, one

_KEYS = {
    *("说明", "规则", "参数", "种类", "符号", "目标", "方向", "改方向", "考核", "分值"),
    *(
        "实际",
        "上年",
        "评定",
        "全省",
        "文字",
        "否决",
        "各项",
        "各项报送",
        "完成率",
        "得分",
        "状态",
        "区间",
    ),
}
_DIRECTIONS = {
    "高": "higher_is_better",
    "低": "lower_is_better",
    "近": "nearer_is_better",
    "不明": "unknown",
}
_RETURNED = {
    "实际": "actual_value",
    "评定": "awarded_pct",
    "全省": "benchmark_value",
    "文字": "actual_text",
    "否决": "veto",
}


def scored_of(case: dict[str, Any]) -> Scored:
    assert set(case) <= _KEYS, set(case) - _KEYS
    told: dict[str, Any] = {}
    if case["规则"] != "默认":
        told = {"rule": case["规则"], "parameters": case.get("参数", {})}
    if "改方向" in case:
        told["direction"] = case["改方向"]
    direction = _DIRECTIONS[case.get("方向", "高")]
    value = case["目标"]
    target = {
        "status": case.get("考核", "assessed"),
        "target_kind": case.get("种类", "number"),
        "operator": None if value is None else case.get("符号", ">="),
        "target_value": None if value is None else float(value),
        "max_points": float(case.get("分值", 2)),
        "base_value": case.get("上年"),
    }
    if "各项" in case:
        target["parts"] = [
            {"text": f"{sign}{value}", "subject": None, "operator": sign, "unit": None,
             "value": float(value)}
            for sign, value in case["各项"]
        ]  # fmt: skip
    handed_in: Any = {name: case[key] for key, name in _RETURNED.items() if key in case}
    if "各项报送" in case:
        handed_in = [
            {"part_no": part_no, "source_row": part_no, "actual_value": float(value)}
            for part_no, value in case["各项报送"].items()
        ]
    return one(
        owner={"direction": direction, "base_points": 2.0},
        target=target,
        returned=handed_in or None,
        rules={"rule": [{"serial_no": 1, **told}]} if told else None,
    )


@pytest.mark.parametrize("case", cases("rules"))
def test_rule(case: dict[str, Any]) -> None:
    scored = scored_of(case)
    assert STATUSES[scored.status[0]] == case.get("状态", "scored")
    assert number(scored.attainment[0]) == case.get("完成率")
    assert number(scored.points[0]) == case.get("得分")
    row = scores_frame(scored).iloc[0].to_dict()
    ends = case.get("区间", [case.get("得分")] * 2)
    assert [None if v is None else round(v, 9) for v in _ends(row)] == ends
    found = replay(row["trace"])
    assert (None if found is None else round(found, 9)) == case.get("得分")


def _ends(row: dict[str, Any]) -> list[float | None]:
    return [None if row[name] != row[name] or row[name] is None else float(row[name])
            for name in ("points_low", "points_high")]  # fmt: skip


def test_a_trace_says_what_its_rule_rests_on() -> None:
    own = {
        "version": "3",
        "basis": "考核办法第七条",
        "rule": [{"serial_no": 1, "rule": "pass_fail"}],
    }
    for rules, basis in ((own, "考核办法第七条"), (None, edition(AS_OF).basis)):
        row = scores_frame(one(returned={"actual_value": 12.0}, rules=rules)).iloc[0]
        assert json.loads(row["trace"])["rule"]["basis"] == basis
        assert replay(row["trace"]) == row["points"] == 1.0


MODULES = {path.stem: f"scoring.rules.methods.{path.parent.name}.{path.stem}"
           for path in sorted((ROOT / "scoring/rules/methods").glob("*/[a-z]*.py"))}  # fmt: skip


@pytest.mark.parametrize("rule", MODULES)
def test_a_rule_module_has_words_and_cases(rule: str) -> None:
    method: Method = import_module(MODULES[rule]).METHOD
    assert METHODS[rule] is method
    for section in ("rule", "rule_text"):
        assert word(section, rule)
    for spec in method.all_parameters:
        assert word("parameter", spec.name)
    assert rule in {case.values[0]["规则"] for case in cases("rules")}


def test_defaults_are_of_parameters_of_rules_and_within_their_bounds() -> None:
    for rule, defaults in declared("scoring", "rules")["defaults"].items():
        specs = {spec.name: spec for spec in METHODS[rule].all_parameters}
        for name, value in defaults.items():
            if specs[name].kind == "number":
                assert specs[name].minimum <= value <= specs[name].maximum
            elif specs[name].kind == "choice":
                assert value in specs[name].choices


@pytest.mark.parametrize(
    "table", declared("scoring", "rules")["edition"], ids=lambda each: each["version"]
)
def test_an_edition_gives_every_kind_of_target_its_rule(table: dict[str, Any]) -> None:
    """Of a target that nobody could read there is nothing to count."""
    assert set(table["kinds"]) == set(TargetKind) - {TargetKind.NONE}
    assert set(table["kinds"].values()) | set(table["parts"].values()) <= set(METHODS)


def test_words_are_of_rules_and_parameters_that_exist() -> None:
    assert list(words("rule")) == list(words("rule_text")) == list(METHODS)
    used = {spec.name for method in METHODS.values() for spec in method.all_parameters}
    assert set(words("parameter")) == used


@pytest.mark.parametrize(
    ("actual", "rule", "doubted"),
    [(9.0, {}, True), (8.0, {}, False), (9.0, {"tolerance": 1.0}, False)],
)
def test_about_says_what_its_points_rest_on(
    actual: float, rule: dict[str, float], doubted: bool
) -> None:
    told = [{"serial_no": 1, "rule": "approximate", "parameters": rule}] if rule else []
    scored = one(
        target={"target_kind": "approximate", "operator": "~", "target_value": 8.0},
        returned={"actual_value": actual},
        rules={"rule": told} if told else None,
    )
    trace = json.loads(scores_frame(scored).iloc[0]["trace"])
    assert ("多大偏差" in trace["words"], "得分区间" in trace["words"]) == (doubted, doubted)
    assert "目标待核实" not in trace["words"]
    listed = effective_rules(
        scored.inputs.targets, scored.inputs.indicators, AS_OF, scored.inputs.rules
    )
    assert ("多大偏差" in (listed[0]["note_zh"] or "")) == (not rule)
