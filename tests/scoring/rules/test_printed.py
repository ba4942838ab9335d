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
from scoring.points.listing import effective_rules
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
def test_provisional_points_end_where_the_text_does(status: str) -> None:
    said = {**RULE, "limit_points": 3}
    row, _ = rows(scored(method(status=status, parameters=json.dumps(said), reason="酌情处理")))
    assert (row["points"], row["points_low"], row["points_high"]) == (3.0, 0.0, 3.0)
    again = replayed(Trace.from_json(row["trace"]))
    assert (again.points, again.points_low, again.points_high) == (3.0, 0.0, 3.0)
    assert "完成率 0.8，通知载明最高得 3 分" in Trace.from_json(row["trace"]).words
    waiting, _ = rows(scored(method(status=status, parameters=json.dumps(said)), value=None))
    assert (waiting["points_low"], waiting["points_high"]) == (0.0, 3.0)


@pytest.mark.parametrize("status", ["proposed", "not_understood"])
def test_points_are_provisional_where_it_was_not(status: str) -> None:
    said = {**RULE, "beyond_points": 2}
    made = scored(method(status=status, parameters=json.dumps(said), reason="未能理解“酌情处理”"))
    row, _ = rows(made)
    assert (row["rule"], row["status"]) == ("proportional", "method_not_applied")
    assert (row["points"], row["points_low"], row["points_high"]) == (3.2, 0.0, 6.0)
    trace = Trace.from_json(row["trace"])
    assert trace.rule is not None and trace.rule.origin == "default"
    assert "未载明" not in row["trace"] and TEXT in trace.words and "暂" in trace.words
    assert "未能理解“酌情处理”" in trace.words  # the words that nobody read, beside the points
    card = scorecards_frame(made, total(made)).iloc[0]
    assert (card["points"], card["points_low"], card["points_high"]) == (3.2, 0.0, 6.0)
    assert card["received_share"] == 1.0


def test_what_is_not_returned_is_open_up_to_what_the_text_may_give() -> None:
    unread = method(status="proposed", parameters=json.dumps({**RULE, "beyond_points": 2}))
    row, _ = rows(scored(unread, value=None))
    assert (row["status"], row["points"]) == ("not_received", None)
    assert (row["points_low"], row["points_high"]) == (0.0, 6.0)


def test_a_bonus_that_only_makes_up_all_points_may_give_no_more() -> None:
    begun = {**RULE, "start": 0.75, "side": "over", "points": 0.5, "beyond_points": 1.0}
    unread = method(status="proposed", parameters=json.dumps({**begun, "over_points": 0.0}))
    row, _ = rows(scored(unread, value=None))
    assert (row["points_low"], row["points_high"]) == (0.0, 4.0)


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


def test_the_method_of_a_veto_is_quoted_though_it_gives_no_points() -> None:
    owner = indicator(base_points=None, item_kind="veto")
    held = target(owner, item_kind="veto", max_points=None, target_kind="none", target_value=None)
    said = method(
        "出现违规举债的，取消评优资格", status="not_understood", rule=None, parameters=None
    )
    (row,) = rows(score(inputs([owner], [held], [], methods=rows_to_frame(METHODS, [said]))))
    trace = Trace.from_json(row["trace"])
    assert trace.method is not None and trace.method.text == said["text"]
    assert (row["status"], row["points"], row["points_low"], row["points_high"]) == (
        *("method_not_applied", None, None, None),
    )


def test_a_veto_that_was_returned_has_its_place_in_the_return() -> None:
    owner = indicator(base_points=None, item_kind="veto")
    held = target(owner, item_kind="veto", max_points=None, target_kind="none", target_value=None)
    came = returned(owner, veto=True)
    methods = rows_to_frame(METHODS, [method("发生的，取消评优资格", status="not_understood")])
    (row,) = rows(score(inputs([owner], [held], [came], methods=methods)))
    trace = Trace.from_json(row["trace"])
    assert trace.veto and trace.actual is not None and trace.actual.veto
    assert trace.actual.source.name and trace.actual.source.sheet
    assert trace.actual.received_on == str(came["received_on"])


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


UNREAD = "未能理解“情节严重的加倍扣分”；没有写明未完成目标时如何计分"


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        ({"left_out": ["“情节严重的加倍扣分”"]}, "“情节严重的加倍扣分”"),
        ({"left_out": ["其中的分数与本项分值对不上"]}, "其中的分数与本项分值对不上"),
        ({}, UNREAD),
    ],
)
def test_a_proposal_that_leaves_words_out_cannot_be_confirmed_bare(
    kept: dict[str, Any], left: str
) -> None:
    """Where nobody kept what it leaves out, that is all that it waits for."""
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    with pytest.raises(Refusal) as refused:
        scored(method(status="proposed", reason=UNREAD, **kept), rules=told)
    assert refused.value.code == "confirmed_unread"
    assert "第 1 项" in refused.value.zh and f"没有涵盖：{left}。" in refused.value.zh
    assert 'rule = "per_unit"、parameters = {per = 1, points = -0.5}' in refused.value.zh


def test_places_of_something_else_are_told_to_be_returned_as_points() -> None:
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    ranked = {"rule": "rank", "parameters": '{"step_points": 0.5}', "left_out": ["“按增幅排名”"]}
    with pytest.raises(Refusal) as refused:
        scored(method(status="proposed", reason=UNREAD, **ranked), rules=told)
    assert 'rule = "external"、parameters = {out_of = 本项分值}' in refused.value.zh


def test_no_rule_of_a_target_is_advised_where_the_target_has_no_figure() -> None:
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    reason = "未能理解“较上年不上升的得满分”；目标没有可比较的数值"
    left = {"left_out": ["“较上年不上升的得满分”"]}
    with pytest.raises(Refusal) as refused:
        scored(method(status="proposed", reason=reason, **left), rules=told)
    assert "per_unit 也算不出" in refused.value.zh
    assert 'rule = "per_unit"' not in refused.value.zh
    assert 'rule = "previous_value"' in refused.value.zh
    assert 'rule = "external"、parameters = {out_of = 本项分值}' in refused.value.zh


def test_all_confirmations_that_do_not_stand_are_named_at_once() -> None:
    told = {"method": [{"serial_no": no, "text": TEXT} for no in (1, 7)]}
    with pytest.raises(Refusal) as refused:
        scored(method(status="proposed", reason=UNREAD), rules=told)
    first, second = refused.value.zh.splitlines()
    assert "第 1 项" in first and "没有涵盖" in first
    assert "第 7 项" in second and "没有这条办法" in second


@pytest.mark.parametrize("left_out", [[], ["“取消评优资格”"]])
def test_an_answer_to_a_question_confirms(left_out: list[str]) -> None:
    """What is not written the rule answers; what becomes of the whole is no matter of the row."""
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    printed = method(status="proposed", reason=UNREAD, left_out=left_out)
    row, _ = rows(scored(printed, rules=told))
    assert (row["status"], row["points"]) == ("scored", 3.0)


@pytest.mark.parametrize("rule", [{}, {"rule": "per_unit"}])
def test_parameters_that_an_officer_writes_stand_as_his(rule: dict[str, str]) -> None:
    written = {"serial_no": 1, "text": TEXT, "parameters": {"per": 1.0, "points": -0.25}, **rule}
    row, _ = rows(scored(method(status="proposed", reason=UNREAD), rules={"method": [written]}))
    trace = Trace.from_json(row["trace"])
    assert (row["status"], row["points"], row["points_high"]) == ("scored", 3.5, 3.5)
    assert trace.rule is not None and trace.method is not None
    assert (trace.rule.origin, trace.method.status) == ("notice", "overridden")
    assert "人工写明" in (trace.rule.basis or "") and "情节严重的加倍扣分" in (
        trace.rule.basis or ""
    )


def test_of_two_methods_with_written_parameters_neither_is_chosen_in_silence() -> None:
    two = [method(), method("完成得满分", rule="pass_fail", parameters=None)]
    told = [{"serial_no": 1, "text": each["text"], "parameters": {}} for each in two]
    told[0]["parameters"] = RULE
    own, _ = rows(scored(*two, rules={"method": told[:1]}))
    assert (own["status"], own["points"]) == ("scored", 3.0)
    with pytest.raises(Refusal, match="only one can count"):
        scored(*two, rules={"method": told})


@pytest.mark.parametrize(
    ("rule", "given", "points"),
    [
        ("pass_fail", {}, 0.0),
        ("mix", {"rules": [[0.5, "proportional", {}], [0.5, "pass_fail", {}]]}, 1.6),
    ],
)
def test_a_confirmed_rule_counts_whatever_may_come_beside(
    rule: str, given: dict[str, Any], points: float
) -> None:
    """What a text may give beyond the points is said of the text, and is no parameter of most."""
    beside = json.dumps({**given, "beyond_points": 0.5})
    waiting = method(status="proposed", rule=rule, parameters=beside)
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    row, _ = rows(scored(waiting, rules=told))
    assert (row["status"], row["rule"], row["points"]) == ("scored", rule, points)


def test_a_confirmed_rule_with_parameters_that_cannot_be_is_refused() -> None:
    told = {"method": [{"serial_no": 1, "text": TEXT}]}
    with pytest.raises(Refusal, match="per"):
        scored(method(status="proposed", parameters='{"per": 0}'), rules=told)


def test_the_list_of_rules_shows_what_waits_for_confirmation() -> None:
    owner = indicator(base_points=4.0)
    frame = rows_to_frame(METHODS, [method(status="proposed", reason=UNREAD)])
    asked = inputs([owner], [target(owner)], [], methods=frame)
    (row,) = effective_rules(asked.targets, asked.indicators, asked.as_of, {}, asked.methods)
    assert (row.rule, row.proposed_rule) == ("proportional", "per_unit")
    assert row.proposed_parameters["points"] == -0.5
    assert row.method_reason == UNREAD
