"""Compound targets, from cases an official can read."""

from __future__ import annotations

from typing import Any

from scoring.engine import Scored
from scoring.model.items import STATUSES
from scoring.results.frames import scores_frame
from scoring.results.replay import replay
from tests.support.for_each import for_each
from tests.support.scoring.notices import cases, number, one

_KEYS = {"说明", "各项", "规则", "报送", "评定", "否决", "完成率", "得分", "状态", "区间"}


def scored_of(case: dict[str, Any]) -> Scored:
    assert set(case) <= _KEYS, set(case) - _KEYS
    parts = [
        {"text": text, "subject": None, "operator": sign, "unit": None,
         "value": None if value is None else float(value)}
        for text, sign, value in case["各项"]
    ]  # fmt: skip
    rows: dict[int, dict[str, Any]] = {}
    for part_no, value in case.get("报送", {}).items():
        name = "actual_text" if isinstance(value, str) else "actual_value"
        rows.setdefault(part_no, {})[name] = value
    for part_no, value in case.get("评定", {}).items():
        rows.setdefault(part_no, {})["awarded_pct"] = value
    if "否决" in case:
        rows[case["否决"]]["veto"] = True
    target = {
        "target_kind": "compound",
        "operator": None,
        "target_value": None,
        "max_points": 2.0,
        "parts": parts,
    }
    told = [{"part_no": no or None, "source_row": no + 5, **each} for no, each in rows.items()]
    return one(target=target, returned=told, rules=case.get("规则"))


@for_each("case", cases("parts"))
def test_compound(case: dict[str, Any]) -> None:
    scored = scored_of(case)
    assert STATUSES[scored.status[0]] == case.get("状态", "scored")
    assert number(scored.attainment[0]) == case.get("完成率")
    assert number(scored.points[0]) == case.get("得分")
    ends = case.get("区间", [case.get("得分")] * 2)
    assert [number(scored.low[0]), number(scored.high[0])] == ends
    found = replay(scores_frame(scored)["trace"].iloc[0])
    assert (None if found is None else round(found, 9)) == case.get("得分")


def test_a_target_without_parts_may_be_returned_as_part_one() -> None:
    scored = one(returned={"part_no": 1, "actual_value": 5.0})
    assert scored.points[0] == 0.5
