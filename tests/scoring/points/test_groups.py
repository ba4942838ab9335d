"""Shares, intervals, ranks and which rule goes first, from cases an official can read."""

from __future__ import annotations

from typing import Any, NamedTuple

import pandas as pd
import pytest

from schemas.records.trace import Trace
from scoring.engine import Scored, score
from scoring.points.alternatives import COLUMNS
from scoring.results.audit import differences
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.replay import replay, replayed
from scoring.results.scorecards import total
from tests.support.for_each import for_each
from tests.support.scoring.notices import (
    DOCUMENT,
    cases,
    indicator,
    inputs,
    number,
    returned,
    target,
)

_KEYS = {
    *("说明", "指标", "目标", "报送", "得分", "应占分", "总分", "规则", "排名组", "另读"),
    *("对象分值", "符号", "种类"),
}
CASES = {case["说明"]: case for case in cases("groups")}
_CARD = (
    *("max_points", "points", "points_low", "points_high", "points_of_100"),
    *("rank", "rank_low", "rank_high"),
)


def scored_of(case: dict[str, Any]) -> Scored:
    assert set(case) <= _KEYS, set(case) - _KEYS
    owners = {
        serial: indicator(
            serial,
            weight_group=said.get("组", serial),
            base_points=float(said.get("分值", 1)),
            direction="lower_is_better" if said.get("方向") == "低" else "higher_is_better",
            level2=said.get("二级", "发展质量"),
        )
        for serial, said in case["指标"].items()
    }
    targets = [
        _target(owners[serial], entity, value, case)
        for serial, each in case["目标"].items()
        for entity, value in each.items()
    ]
    returns = [
        returned(owners[serial], entity, actual_value=float(value))
        for serial, each in case["报送"].items()
        for entity, value in each.items()
    ]
    return score(
        inputs(
            list(owners.values()),
            targets,
            returns,
            rules=case.get("规则"),
            rank_groups=case.get("排名组"),
            alternatives=readings(case["另读"]) if "另读" in case else None,
        )
    )


def _target(owner: dict[str, Any], entity: str, value: Any, case: dict[str, Any]) -> dict[str, Any]:
    special = case.get("对象分值", {}).get(owner["serial_no"], {})
    points = float(special.get(entity, owner["base_points"]))
    if value == "---":
        return target(owner, entity, status="not_assessed", max_points=points)
    if value == "?":
        nothing = {"target_kind": "none", "operator": None, "target_value": None}
        return target(owner, entity, status="unreadable", max_points=None, **nothing)
    return target(
        owner,
        entity,
        max_points=points,
        target_value=float(value),
        operator=case.get("符号", ">="),
        target_kind=case.get("种类", "number"),
    )


def readings(told: list[dict[str, Any]]) -> pd.DataFrame:
    rows = [
        (
            DOCUMENT,
            each["序号"],
            each["对象"],
            each.get("目标"),
            each.get("符号"),
            each.get("分值"),
            each.get("读出", True),
            each.get("未知", False),
            each.get("疑点"),
            each.get("修正"),
        )
        for each in told
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


class Made(NamedTuple):
    """A case and what is made of it, which several tests look at."""

    case: dict[str, Any]
    scored: Scored
    scores: pd.DataFrame
    cards: pd.DataFrame


@pytest.fixture(scope="module")
def made() -> dict[str, Made]:
    return {name: made_of(case) for name, case in CASES.items()}


def made_of(case: dict[str, Any]) -> Made:
    scored = scored_of(case)
    cards = scorecards_frame(scored, total(scored))
    return Made(case, scored, scores_frame(scored), cards)


@for_each("name", CASES)
def test_notice(name: str, made: dict[str, Made]) -> None:
    case, _, scores, cards = made[name]
    for key, column in (("应占分", "share_points"), ("得分", "points")):
        for serial, each in case.get(key, {}).items():
            of_one = scores[scores["serial_no"] == serial].set_index("entity")[column]
            assert {entity: _plain(of_one[entity]) for entity in each} == each, serial
    totals = cards[cards["level"] == "total"].set_index("entity")
    for entity, expected in case.get("总分", {}).items():
        assert [_plain(totals.loc[entity, name]) for name in _CARD] == expected, entity


@for_each("name", CASES)
def test_scorecards_are_the_sums_of_what_traces_replay(name: str, made: dict[str, Made]) -> None:
    _, _, scores, cards = made[name]
    replayed = [replay(trace) or 0.0 for trace in scores["trace"]]
    for _, row in cards[cards["level"] == "total"].iterrows():
        own = [points for points, entity in zip(replayed, scores["entity"], strict=True)
               if entity == row["entity"]]  # fmt: skip
        assert float(row["points"]) == pytest.approx(sum(own), abs=1e-9)


@for_each("name", CASES)
def test_scorecards_are_what_the_traces_give(name: str, made: dict[str, Made]) -> None:
    _, scored, scores, cards = made[name]
    given = scored.inputs
    tables = {
        "scores": scores,
        "scorecards": cards,
        "targets": given.targets,
        "indicators": given.indicators,
        "returns": given.returns,
    }
    assert [each for each in differences(tables) if each.table == "scorecards"] == []


def _plain(value: Any) -> float | None:
    return None if value is pd.NA or value is None else number(float(value))


def test_each_is_ranked_by_its_own_direction() -> None:
    owner = indicator()
    least = {"target_kind": "limit", "operator": "<="}
    rows = [target(owner, "甲县"), target(owner, "乙县", **least), target(owner, "丙县")]
    values = {"甲县": 1.0, "乙县": 30.0, "丙县": 40.0}
    returns = [returned(owner, entity, actual_value=value) for entity, value in values.items()]
    rules = {"rule": [{"serial_no": 1, "rule": "rank"}]}
    scored = score(inputs([owner], rows, returns, rules=rules))
    assert [number(each) for each in scored.attainment] == [0.9, 0.95, 1.0]
    assert [replay(each) for each in scores_frame(scored)["trace"]] == [0.9, 0.95, 1.0]


def ranked(values: dict[str, float], *rules: dict[str, Any], **said: Any) -> pd.DataFrame:
    """Return the scores of one indicator's entities, which their traces give again."""
    owner = indicator()
    rows = [target(owner, entity, **said) for entity in ("甲县", "乙县", "丙县")]
    sent = [returned(owner, entity, actual_value=value) for entity, value in values.items()]
    found = scores_frame(score(inputs([owner], rows, sent, rules={"rule": list(rules)})))
    for row in found.to_dict("records"):
        again = replayed(Trace.from_json(row["trace"]))
        told = (again.points, again.points_low, again.points_high)
        assert (row["points"], row["points_low"], row["points_high"]) == pytest.approx(told)
    return found.set_index("entity")


RANK = {"serial_no": 1, "rule": "rank", "parameters": {"step": 0.1}}


def test_who_has_a_rule_of_its_own_takes_its_place_among_all() -> None:
    own = {"serial_no": 1, "entity": "甲县", "rule": "efficacy"}
    mix = {"rules": [[0.5, "rank", {"step": 0.2}], [0.5, "pass_fail", {}]]}
    mixed = {"serial_no": 1, "entity": "丙县", "rule": "mix", "parameters": mix}
    found = ranked({"甲县": 9.0, "乙县": 7.0, "丙县": 5.0}, RANK, own, mixed)
    assert found["points"].tolist() == pytest.approx([1.0, 0.9, 0.3])  # first, second, third


def test_a_number_of_events_below_0_takes_no_place() -> None:
    """It cannot be: its entity is still to come, and may come before everybody else."""
    events = {"target_kind": "zero_tolerance", "operator": "<=", "target_value": 0.0}
    found = ranked({"甲县": -3.0, "乙县": 2.0, "丙县": 4.0}, RANK, **events)
    assert found["status"].tolist() == ["invalid", "scored", "scored"]
    assert found["points"].tolist()[1:] == pytest.approx([1.0, 0.9])
    assert found["points_low"].tolist()[1:] == pytest.approx([0.9, 0.8])
