"""Two departments for one line: they agree, or nothing is scored and both are named."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from schemas.records.trace import Trace
from scoring.engine import Scored, score
from scoring.model.items import STATUSES
from scoring.results.frames import scores_frame
from scoring.results.replay import replay, replayed
from tests.support.scoring.notices import indicator, inputs, number, one, returned, target

A, B = "市统计局", "市发展改革委"


def by(department: str, **said: Any) -> dict[str, Any]:
    return {"department": department, **said}


def trace_of(scored: Scored) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(scores_frame(scored)["trace"].iloc[0])
    return told


def test_departments_that_agree_are_scored() -> None:
    scored = one(returned=[by(A, actual_value=5.0), by(B, actual_value=5.0, revision=2)])
    assert scored.points[0] == 0.5
    assert replay(scores_frame(scored)["trace"].iloc[0]) == 0.5


@pytest.mark.parametrize("first", [A, B])
def test_departments_that_differ_are_not_scored(first: str) -> None:
    second = B if first == A else A
    rows = [by(first, actual_value=5.0), by(second, actual_value=8.0, revision=2)]
    scored = one(returned=rows)
    assert STATUSES[scored.status[0]] == "invalid"
    assert number(scored.points[0]) is None
    assert (scored.low[0], scored.high[0]) == (0.5, 0.8)
    told = trace_of(scored)
    assert [told["actual"]["department"], told["others"][0]["department"]] == [second, first]
    assert first in told["words"]
    assert second in told["words"]
    assert replay(json.dumps(told)) is None


def test_a_department_that_corrects_itself_settles_it() -> None:
    rows = [
        by(A, actual_value=5.0),
        by(B, actual_value=8.0, revision=2),
        by(A, actual_value=8.0, revision=3),
    ]
    assert one(returned=rows).attainment[0] == 0.8


def test_before_the_second_came_the_first_counts() -> None:
    rows = [by(A, actual_value=5.0), by(B, actual_value=8.0, received_on=date(2021, 1, 20))]
    assert one(returned=rows, as_of=date(2021, 1, 15)).attainment[0] == 0.5
    assert STATUSES[one(returned=rows).status[0]] == "invalid"


def test_a_veto_of_either_counts() -> None:
    rows = [by(A, actual_value=5.0, veto=True), by(B, actual_value=5.0, revision=2)]
    scored = one(returned=rows)
    assert (scored.points[0], scored.veto[0]) == (0.0, True)
    assert replay(scores_frame(scored)["trace"].iloc[0]) == 0.0


def test_a_return_that_says_nothing_takes_no_value_away() -> None:
    rows = [by(A, actual_value=5.0), by(B, revision=2)]
    scored = one(returned=rows)
    assert scored.attainment[0] == 0.5
    assert trace_of(scored)["actual"]["department"] == A


def test_what_the_rule_does_not_count_with_may_differ() -> None:
    rows = [
        by(A, awarded_pct=90.0, actual_value=1.0),
        by(B, awarded_pct=90.0, actual_value=2.0, revision=2),
    ]
    judged = {"target_kind": "judged", "operator": None, "target_value": None}
    scored = one(target=judged, returned=rows)
    assert scored.attainment[0] == 0.9
    assert replay(scores_frame(scored)["trace"].iloc[0]) == 0.9


def test_a_text_against_a_number() -> None:
    rows = [by(A, actual_text="已完成"), by(B, actual_value=5.0, revision=2)]
    scored = one(returned=rows)
    assert STATUSES[scored.status[0]] == "invalid"
    assert replay(scores_frame(scored)["trace"].iloc[0]) is None


def test_a_disputed_part_is_a_disputed_whole() -> None:
    parts = [
        {"text": f"{n}户", "subject": None, "operator": ">=", "value": 10.0, "unit": "户"}
        for n in (1, 2)
    ]
    compound = {"target_kind": "compound", "operator": None, "target_value": None, "parts": parts}
    rows = [
        by(A, part_no=1, actual_value=10.0),
        by(A, part_no=2, actual_value=5.0),
        by(B, part_no=2, actual_value=10.0, revision=2),
    ]
    scored = one(target=compound, returned=rows)
    assert STATUSES[scored.status[0]] == "invalid"
    told = trace_of(scored)
    assert B in told["words"]
    assert replay(json.dumps(told)) is None


def test_a_disputed_value_is_ranked_with_nobody() -> None:
    owner = indicator()
    rows = [
        returned(owner, "甲县", **by(A, actual_value=9.0)),
        returned(owner, "甲县", **by(B, actual_value=2.0, revision=2)),
        returned(owner, "乙县", actual_value=5.0),
    ]
    rules = {"rule": [{"serial_no": 1, "rule": "rank"}]}
    both = [target(owner, "甲县"), target(owner, "乙县")]
    scored = score(inputs([owner], both, rows, rules=rules))
    assert [STATUSES[code] for code in scored.status] == ["invalid", "scored"]
    assert scored.attainment[1] == 1.0
    assert (scored.low[0], scored.high[0]) == (0.0, 1.0)
    assert replay(scores_frame(scored)["trace"].iloc[1]) == 1.0


def test_the_best_of_several_cases_waits_for_a_value_that_departments_agree_on() -> None:
    """Also where last year's is not known either: the trace gives the same status again."""
    best = {"rules": [[1.0, "previous_value", {}], [0.5, "pass_fail", {}]], "take": "best"}
    rule = {"serial_no": 1, "rule": "mix", "parameters": best}
    rows = [by(A, actual_value=5.0), by(B, actual_value=8.0, revision=2)]
    scored = one(returned=rows, rules={"rule": [rule]})
    assert STATUSES[scored.status[0]] == "invalid"
    text = scores_frame(scored)["trace"].iloc[0]
    assert replayed(Trace.from_json(text)).status == "invalid"
