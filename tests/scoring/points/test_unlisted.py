"""A doubt of a target that lists no other reading: the target may be anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from common.declared import declared_list
from normalize.findings.catalogue import catalogue
from normalize.model.doubt import doubt
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import FINDINGS, TARGETS
from scoring.engine import Scored, score
from scoring.points.lights import GREEN, YELLOW
from scoring.points.other_readings import alternatives_of
from tests.support.normalize.drawn import document, table
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target

Row = dict[str, Any]
HEADER = "一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 丙县 | 考核单位"
SIGNS = [each for each in catalogue() if each.touches == "targets"]


def finding(code: str, message: str, **said: Any) -> Row:
    row: Row = dict.fromkeys(FINDINGS.names)
    row |= {"document_id": DOCUMENT, "serial_no": 1, "entity": "甲县", "field": "target_text"}
    row |= {"state": "open", "severity": "warning", "code": code, "message_zh": message}
    return row | {"alternatives": []} | said


def scored(row: Row, actual: float, *findings: Row) -> Scored:
    """Return the score of one target worth 1 point, of which the findings' messages are said."""
    owner = indicator()
    reason = "；".join(each["message_zh"].rstrip("。") for each in findings) + "。"
    made = target(owner, needs_review=True, review_reason=reason, **row)
    frames = rows_to_frame(FINDINGS, findings), rows_to_frame(TARGETS, [made])
    value = {"awarded_pct" if row.get("target_kind") == "judged" else "actual_value": actual}
    return score(
        inputs([owner], [made], [returned(owner, **value)], alternatives=alternatives_of(*frames))
    )


def interval(row: Row, actual: float, *findings: Row) -> tuple[float, float]:
    found = scored(row, actual, *findings)
    return float(found.low[0]), float(found.high[0])


def test_every_sign_of_a_target_without_another_reading_leaves_it_open() -> None:
    """Each in a document of its own, where no other's words stand beside."""
    owners = [indicator(document_id=each.code) for each in SIGNS]
    said = [finding(each.code, each.zh, document_id=each.code) for each in SIGNS]
    made = [
        target(owner, needs_review=True, review_reason=f"{each['message_zh'].rstrip('。')}。")
        for owner, each in zip(owners, said, strict=True)
    ]
    listed = alternatives_of(rows_to_frame(FINDINGS, said), rows_to_frame(TARGETS, made))
    came = [returned(owner, actual_value=10.0) for owner in owners]
    found = score(inputs(owners, made, came, alternatives=listed))
    codes = found.inputs.targets["document_id"]
    figures = zip(found.points, found.low, found.high, found.light, strict=True)
    told = dict(zip(codes, figures, strict=True))
    assert told == dict.fromkeys([each.code for each in SIGNS], (1.0, 0.0, 1.0, YELLOW))


@pytest.mark.parametrize(
    "said",
    [
        {"field": "assessing_departments"},
        {"field": "direction"},
        {"field": "indicator"},
        {"state": "accepted"},
    ],
)
def test_what_is_not_of_the_target_or_settled_leaves_it_as_it_is(said: Row) -> None:
    found = scored({}, 10.0, finding("text_unread", "此处请核对。", **said))
    assert (found.low[0], found.high[0], found.light[0]) == (1.0, 1.0, GREEN)


def test_a_doubt_that_does_not_flag_the_target_leaves_it_as_it_is() -> None:
    owner = indicator()
    made = target(owner, needs_review=True, review_reason="部门名称请核对。")
    hint = finding("digit_differs", "只差一个数字，请留意。", severity="info")
    frames = rows_to_frame(FINDINGS, [hint]), rows_to_frame(TARGETS, [made])
    assert alternatives_of(*frames).empty


WORDS = {"target_kind": "judged", "operator": None, "target_value": None}


@pytest.mark.parametrize("code", declared_list("scoring", "doubts", "lost"))
def test_words_of_which_something_is_lost_may_be_a_figure(code: str) -> None:
    row = WORDS | {"target_text": "完成□户"}
    assert interval(row, 90.0, finding(code, "请核对。")) == (0.0, 1.0)
    assert code in {each.code for each in SIGNS}


def test_other_damage_to_words_changes_nothing() -> None:
    odd = finding("title_cut", "不成对，文字可能不完整。")
    assert interval(WORDS | {"target_text": "按《办法考核"}, 90.0, odd) == (0.9, 0.9)
    assert interval(WORDS | {"target_text": "按《2020年办法考核"}, 90.0, odd) == (0.9, 0.9)


def test_a_rule_that_counts_with_no_target_is_as_it_was() -> None:
    owner = indicator()
    said = finding("text_unread", "请核对。")
    made = target(owner, needs_review=True, review_reason="请核对。")
    frames = rows_to_frame(FINDINGS, [said]), rows_to_frame(TARGETS, [made])
    rules = {"rule": [{"serial_no": 1, "rule": "external", "parameters": {"out_of": 10.0}}]}
    given = [returned(owner, actual_value=8.0)]
    found = score(
        inputs([owner], [made], given, rules=rules, alternatives=alternatives_of(*frames))
    )
    assert (found.low[0], found.high[0]) == pytest.approx((0.8, 0.8))


def test_a_message_of_several_clauses_is_found_among_others() -> None:
    said = doubt("target_blank.cell").message_zh
    long = finding("row_shifted", "前一句；后一句。")
    assert interval({}, 10.0, finding("department_near", said, field="note"), long) == (0.0, 1.0)


def read(printed: str) -> Sequence[tuple[str, float, float, int]]:
    """Return entity, points at least and most, and light of a row that prints a target first."""
    body = f"{HEADER}\n质量 | 企业 | 规模以上企业户数（户） | 10 | {printed} | 市统计局"
    drawn = document(table(body, page=1), title="2020年度考核指标")
    frames = document_frames(drawn, normalize(drawn, SourceMeta(DOCUMENT, year=2020)), PROVENANCE)
    owner = records(frames["indicators"])[0]
    targets = records(frames["targets"])
    given = [returned(owner, each["entity"], actual_value=8.0) for each in targets]
    listed = alternatives_of(frames["findings"], frames["targets"])
    found = score(inputs([owner], targets, given, alternatives=listed))
    return [
        (each["entity"], float(low), float(high), int(light))
        for each, low, high, light in zip(targets, found.low, found.high, found.light, strict=True)
    ]


@pytest.mark.parametrize(
    "printed", ["4□", "□4", "4■户", "≥4□", "4?", "4\ufffd", "4*", "约4□", "4…", "4囗", "(4", "4〓"]
)
def test_a_sign_beside_the_figure_that_nobody_can_read_leaves_all_points_open(printed: str) -> None:
    (_, low, high, light), *others = read(f"{printed} | 8 | 5")
    assert (low, high) == (0.0, 10.0)
    assert light != GREEN
    assert others == [("乙县", 10.0, 10.0, GREEN), ("丙县", 10.0, 10.0, GREEN)]


def test_each_target_that_an_unread_cell_serves_is_open() -> None:
    first, second, third = read("4□ | < | 5")
    assert first[1:3] == second[1:3] == (0.0, 10.0)
    assert third == ("丙县", 10.0, 10.0, GREEN)


def test_listed_readings_bound_the_points() -> None:
    (_, low, high, light), *_ = read("4O | 8 | 5")
    assert (low, high) == (2.0, 10.0)
    assert light != GREEN


def test_listed_readings_are_of_the_first_target_that_a_cell_serves() -> None:
    first, second, third = read("4O | < | 5")
    assert first[1:3] == (2.0, 10.0)
    assert second[1:3] == (0.0, 10.0)
    assert third == ("丙县", 10.0, 10.0, GREEN)
