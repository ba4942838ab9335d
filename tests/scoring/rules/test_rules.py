"""Every rule at its edges, from cases an official can read; each trace replays to its points."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from common.declared import declared
from schemas.vocabulary import TargetKind, word, words
from scoring.engine import Scored, score
from scoring.model.items import STATUSES
from scoring.points.listing import effective_rules
from scoring.results.frames import scores_frame
from scoring.results.replay import replay
from scoring.rules.declared import edition
from scoring.rules.method import Method
from scoring.rules.registry import METHODS
from tests.support.paths import ROOT
from tests.support.scoring.notices import (
    AS_OF,
    cases,
    indicator,
    inputs,
    number,
    one,
    returned,
    target,
)

CASES = cases("rules")
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


def told_of(serial_no: int, case: dict[str, Any]) -> dict[str, Any]:
    """Return rows of an indicator and its target, of what was handed in, and the rule of a case."""
    assert set(case) <= _KEYS, set(case) - _KEYS
    direction = _DIRECTIONS[case.get("方向", "高")]
    owner = indicator(serial_no, direction=direction, base_points=2.0)
    value = case["目标"]
    aim = {
        "status": case.get("考核", "assessed"),
        "target_kind": case.get("种类", "number"),
        "operator": None if value is None else case.get("符号", ">="),
        "target_value": None if value is None else float(value),
        "max_points": float(case.get("分值", 2)),
        "base_value": case.get("上年"),
    }
    if "各项" in case:
        aim["parts"] = [
            {"text": f"{sign}{value}", "subject": None, "operator": sign, "unit": None,
             "value": float(value)}
            for sign, value in case["各项"]
        ]  # fmt: skip
    handed_in: Any = [{name: case[key] for key, name in _RETURNED.items() if key in case}]
    if "各项报送" in case:
        handed_in = [
            {"part_no": part_no, "source_row": part_no, "actual_value": float(value)}
            for part_no, value in case["各项报送"].items()
        ]
    rule: dict[str, Any] = {"serial_no": serial_no}
    if case["规则"] != "默认":
        rule |= {"rule": case["规则"], "parameters": case.get("参数", {})}
    if "改方向" in case:
        rule["direction"] = case["改方向"]
    returns = [returned(owner, **each) for each in handed_in if each]
    return {"owner": owner, "target": target(owner, **aim), "returns": returns, "rule": rule}


def test_rules() -> None:
    """Each case is an indicator of one notice: none has to do with another."""
    told = [told_of(number, case) for number, case in enumerate(CASES, 1)]
    scored = score(
        inputs(
            [each["owner"] for each in told],
            [each["target"] for each in told],
            [row for each in told for row in each["returns"]],
            rules={"rule": [each["rule"] for each in told if len(each["rule"]) > 1]},
        )
    )
    rows = scores_frame(scored).to_dict("records")
    assert [row["serial_no"] for row in rows] == [*range(1, len(CASES) + 1)]
    wrong = {
        case["说明"]: (found, said)
        for place, (case, row) in enumerate(zip(CASES, rows, strict=True))
        if (found := found_of(scored, place, row)) != (said := said_of(case))
    }
    assert wrong == {}


def said_of(case: dict[str, Any]) -> list[Any]:
    points = case.get("得分")
    said = [case.get("状态", "scored"), case.get("完成率"), points, points]
    return [*said, *case.get("区间", [points, points])]


def found_of(scored: Scored, place: int, row: dict[str, Any]) -> list[Any]:
    """Return status, attainment, points, what its trace replays to, and both ends of a score."""
    replayed = replay(row["trace"])
    return [
        STATUSES[scored.status[place]],
        number(scored.attainment[place]),
        number(scored.points[place]),
        None if replayed is None else round(replayed, 9),
        *(None if end is None else round(end, 9) for end in _ends(row)),
    ]


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
    assert rule in {case["规则"] for case in CASES}


def test_defaults_are_of_parameters_of_rules_and_within_their_bounds() -> None:
    for rule, defaults in declared(dict[str, object], "scoring", "rules", "defaults").items():
        specs = {spec.name: spec for spec in METHODS[rule].all_parameters}
        for name, value in defaults.items():
            if specs[name].kind == "number":
                assert specs[name].minimum <= value <= specs[name].maximum
            elif specs[name].kind == "choice":
                assert value in specs[name].choices


@pytest.mark.parametrize(
    "table",
    declared(list[dict[str, object]], "scoring", "rules", "edition"),
    ids=lambda each: each["version"],
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
    assert ("多大偏差" in (listed[0].note_zh or "")) == (not rule)
