"""A printed method counts where it was understood; else the points are provisional and say so."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from common.refusal import Refusal
from schemas.records.trace import Trace
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import METHODS
from scoring.engine import Scored, score
from scoring.model.items import STATUSES
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.replay import replayed
from scoring.results.scorecards import total
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target

TEXT = "每低1个百分点扣0.5分，扣完为止"
RULE = {"per": 1, "points": -0.5}


def method(text: str = TEXT, **said: Any) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(METHODS.names)
    row |= {
        "document_id": DOCUMENT,
        "indicator_id": f"{DOCUMENT}/001",
        "serial_no": 1,
        "annex": 1,
        "text": text,
        "rule": "per_unit",
        "parameters": json.dumps(RULE),
        "status": "applied",
        "page": 3,
    }
    return row | said


def scored(*methods: dict[str, Any], value: float | None = 8.0, **told: Any) -> Scored:
    owner = indicator(base_points=4.0)
    targets = [target(owner), target(owner, "乙县", target_text="10，" + TEXT)]
    given = [] if value is None else [returned(owner, each, actual_value=value)
                                      for each in ("甲县", "乙县")]  # fmt: skip
    frame: pd.DataFrame = rows_to_frame(METHODS, methods)
    return score(inputs([owner], targets, given, methods=frame, **told))


def rows(found: Scored) -> list[dict[str, Any]]:
    """Return the scores' rows, each held against the replay of its trace."""
    frame = scores_frame(found)
    kept: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    for row in kept:
        again = replayed(Trace.from_json(row["trace"]))
        for name in ("status", "rule", "attainment", "points", "points_low", "points_high"):
            assert getattr(again, name) == row[name], (name, row["trace"])
    return kept


def test_a_method_that_was_understood_is_the_rule() -> None:
    row, _ = rows(scored(method()))
    trace = Trace.from_json(row["trace"])
    assert (row["rule"], row["status"], row["points"]) == ("per_unit", "scored", 3.0)
    assert row["points_low"] == row["points_high"] == 3.0
    assert trace.rule is not None and trace.method is not None
    assert trace.rule.origin == "printed"
    assert TEXT in (trace.rule.basis or "") and "第 3 页" in (trace.rule.basis or "")
    assert (trace.method.text, trace.method.status, trace.method.cell.page) == (TEXT, "applied", 3)


@pytest.mark.parametrize("status", ["proposed", "not_understood"])
def test_points_are_provisional_where_it_was_not(status: str) -> None:
    made = scored(method(status=status, parameters=json.dumps({**RULE, "beyond_points": 2})))
    row, _ = rows(made)
    assert (row["rule"], row["status"]) == ("proportional", "method_not_applied")
    assert (row["points"], row["points_low"], row["points_high"]) == (3.2, 0.0, 6.0)
    trace = Trace.from_json(row["trace"])
    assert trace.rule is not None and trace.rule.origin == "default"
    assert "未载明" not in row["trace"] and TEXT in trace.words and "暂" in trace.words
    card = scorecards_frame(made, total(made)).iloc[0]
    assert (card["points"], card["points_low"], card["points_high"]) == (3.2, 0.0, 6.0)
    assert card["received_share"] == 1.0


def test_what_is_not_returned_is_open_up_to_what_the_text_may_give() -> None:
    unread = method(status="proposed", parameters=json.dumps({**RULE, "beyond_points": 2}))
    row, _ = rows(scored(unread, value=None))
    assert (row["status"], row["points"]) == ("not_received", None)
    assert (row["points_low"], row["points_high"]) == (0.0, 6.0)


def test_an_officer_confirms_a_proposal_by_its_text() -> None:
    told = {"method": [{"serial_no": 1, "text": "每低１个百分点扣0.5分, 扣完为止"}]}
    row, _ = rows(scored(method(status="proposed"), rules=told))
    trace = Trace.from_json(row["trace"])
    assert (row["status"], row["points"]) == ("scored", 3.0)
    assert trace.rule is not None and (trace.rule.origin, trace.rule.version) == ("printed", "1")


@pytest.mark.parametrize("said", [{"text": "别的"}, {"rule": None}])
def test_what_is_not_printed_or_has_no_rule_cannot_be_confirmed(said: dict[str, Any]) -> None:
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    with pytest.raises(Refusal, match="confirms the method"):
        scored(method(status="proposed", **said), rules=told)


def test_an_officers_rule_stands_instead() -> None:
    told = {"rule": [{"serial_no": 1, "rule": "pass_fail"}]}
    row, _ = rows(scored(method(status="not_understood", rule=None), rules=told))
    trace = Trace.from_json(row["trace"])
    assert (row["status"], row["rule"], row["points"]) == ("scored", "pass_fail", 0.0)
    assert trace.method is not None and trace.method.status == "overridden"


def test_what_stands_in_a_targets_cell_is_for_that_target() -> None:
    own, other = rows(scored(method()))
    assert (own["rule"], other["rule"]) == ("per_unit", "per_unit")  # beside: for both
    cell = {"table_no": 1, "row": 2, "column": 3}
    owner = indicator(base_points=4.0)
    targets = [target(owner), target(owner, "乙县", target_text=f"10，{TEXT}", **cell)]
    given = [returned(owner, each, actual_value=8.0) for each in ("甲县", "乙县")]
    frame = rows_to_frame(METHODS, [method(**cell)])
    own, other = rows(score(inputs([owner], targets, given, methods=frame)))
    assert (own["rule"], other["rule"]) == ("proportional", "per_unit")


def test_of_several_methods_for_one_line_none_is_applied() -> None:
    row, _ = rows(scored(method(), method("完成得满分", rule="pass_fail", parameters=None)))
    assert (row["status"], row["points_low"], row["points_high"]) == (
        "method_not_applied",
        0.0,
        4.0,
    )


@pytest.mark.parametrize("said", [{"rule": "of_tomorrow"}, {"parameters": '{"per": 0}'}])
def test_a_rule_that_cannot_be_applied_is_not(said: dict[str, Any]) -> None:
    row, _ = rows(scored(method(**said)))
    assert STATUSES.index(row["status"]) == STATUSES.index("method_not_applied")
