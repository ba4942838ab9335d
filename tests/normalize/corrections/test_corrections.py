"""Corrections in normalization: everything follows, doubts close, provenance stays, or refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.refusal import Refusal
from normalize.pipeline import normalize
from schemas.records.corrections import (
    CellPlace,
    Content,
    Correction,
    FindingPlace,
    Place,
    ValuePlace,
)
from schemas.records.document import Document, ReaderNote
from schemas.records.notice import Indicator, Notice, Target
from schemas.records.source import SourceMeta
from schemas.tables.document_frames import finding_ids
from tests.support.for_each import for_each
from tests.support.normalize.corrected import (
    CLEAN,
    HEADER,
    corrected,
    drawn,
    fix,
    id_of,
    of,
    only,
    opened,
)
from tests.support.normalize.drawn import document, table

# Doubted: a title without its end, an exception without its number (and so the total), a blank.
DOUBTED = f"""
    {HEADER}
    高质量发展 | 创新 | 研发投入强度（%） | 3 | 落实《资阳市责任书 | < | 市科技局
    ^ | ^ | 高企数量（户） | 2（乙县） | 7 | . | 市科技局
    ^ | 民生 | 养老（户） | 2（乙县3） | 5 | 6 | 市民政局
    """


def target(notice: Notice, serial_no: int, entity: str) -> Target:
    return next(t for t in notice.targets if (t.serial_no, t.entity) == (serial_no, entity))


def indicator(notice: Notice, serial_no: int) -> Indicator:
    return notice.indicators[serial_no - 1]


def refused(code: str, read: Document | str, *corrections: Correction) -> Refusal:
    with pytest.raises(Refusal) as caught:
        corrected(read, *corrections)
    assert caught.value.code == code
    last = corrections[-1]
    assert f"{last.source}: correction {len(corrections)} (" in caught.value.en
    assert f"{last.source} 第{len(corrections)}条" in caught.value.zh
    return caught.value


def test_without_corrections_all_is_as_read() -> None:
    assert corrected(CLEAN) == normalize(drawn(CLEAN), SourceMeta("x"))
    assert opened(corrected(CLEAN)) == []
    assert opened(corrected(DOUBTED)) == [
        "title_cut",
        "target_blank",
        "points_exception_without_number",
        "totals_unequal",
    ]


# What a corrected value changes


def test_a_corrected_target_is_typed_again_for_one_entity() -> None:
    notice = corrected(CLEAN, fix(of(1, "target_text", "乙县"), "1.2", "不超过9人"))
    right, other = target(notice, 1, "乙县"), target(notice, 1, "甲县")
    assert (right.target_text, right.target_kind) == ("不超过9人", "limit")
    assert (right.operator, right.target_value, right.target_unit) == ("<=", 9.0, "人")
    assert (other.target_text, other.target_value) == ("1.2", 1.2)
    assert right.inherited  # still printed in the cell of its neighbour
    assert right.box == target(corrected(CLEAN), 1, "乙县").box


def test_a_target_without_entity_is_that_of_all() -> None:
    notice = corrected(CLEAN, fix(of(1, "target_text"), "1.2", "1.5"))
    assert [target(notice, 1, e).target_value for e in ("甲县", "乙县")] == [1.5, 1.5]
    refusal = refused("correction_unmatched", CLEAN, fix(of(2, "target_text"), "7", "9"))
    assert "“8”" in refusal.zh


def test_a_sign_may_be_corrected_to_a_target_and_back() -> None:
    notice = corrected(
        CLEAN,
        fix(of(3, "target_text", "乙县"), "---", "6"),
        fix(of(2, "target_text", "甲县"), "7", "---"),
    )
    assert (target(notice, 3, "乙县").status, target(notice, 3, "乙县").target_value) == (
        "assessed",
        6.0,
    )
    assert (target(notice, 2, "甲县").status, target(notice, 2, "甲县").target_text) == (
        "not_assessed",
        None,
    )


def test_a_status_may_be_decided() -> None:
    notice = corrected(
        CLEAN,
        fix(of(3, "status", "甲县"), "assessed", "not_assessed"),
    )
    held = target(notice, 3, "甲县")
    assert (held.status, held.target_text, held.target_value) == ("not_assessed", None, None)


def test_nothing_printed_can_be_assessed_without_a_text() -> None:
    blank = fix(of(2, "status", "乙县"), "unreadable", "assessed")
    assert "target_text" in refused("correction_place", DOUBTED, blank).zh
    sign = fix(of(3, "status", "乙县"), "not_assessed", "assessed")
    refused("correction_place", CLEAN, sign)


def test_corrected_points_are_those_of_the_group() -> None:
    notice = corrected(CLEAN, fix(of(2, "points"), "3", "4（乙县5）"))
    assert [i.weight_group for i in notice.indicators] == [1, 1, 3, 4]
    assert [i.base_points for i in notice.indicators] == [4, 4, 2, 2]
    assert [target(notice, s, "乙县").max_points for s in (1, 2)] == [5, 5]


def test_blank_points_become_a_group_of_their_own() -> None:
    drawing = f"""
        {HEADER}
        发展 | 创新 | 高企（户） | 3 | 7 | 8 | 市科技局
        ^ | ^ | 专利（件） | . | 7 | 8 | 市科技局
        """
    before = corrected(drawing)
    assert "points_blank" in opened(before)
    notice = corrected(drawing, fix(of(2, "points"), "", "2"))
    assert [i.weight_group for i in notice.indicators] == [1, 2]
    assert only(notice, "points_blank").state == "corrected"
    assert opened(notice) == []


def test_points_of_one_entity_are_corrected_for_the_whole_group() -> None:
    notice = corrected(CLEAN, fix(of(2, "max_points", "乙县"), 3.0, 3.5))
    assert [target(notice, s, "乙县").max_points for s in (1, 2)] == [3.5, 3.5]
    assert [target(notice, s, "甲县").max_points for s in (1, 2)] == [3, 3]


def test_levels_names_and_units_are_corrected_for_one_indicator() -> None:
    notice = corrected(
        CLEAN,
        fix(of(2, "level1"), "高质量发展", "重点工作"),
        fix(of(2, "level3"), "高企数量（户）", "高新企业（家）"),
        fix(of(4, "unit"), "", "件"),
    )
    assert [i.level1 for i in notice.indicators] == ["高质量发展", "重点工作", *["高质量发展"] * 2]
    second = indicator(notice, 2)
    assert (second.level3, second.indicator, second.unit) == ("高新企业（家）", "高新企业", "家")
    assert target(notice, 2, "甲县").target_unit == "家"
    assert indicator(notice, 4).unit == "件"


def test_a_unit_may_be_corrected_to_none_and_a_name_alone() -> None:
    notice = corrected(
        CLEAN,
        fix(of(2, "unit"), "户", ""),
        fix(of(2, "indicator"), "高企数量", "高新技术企业数量"),
    )
    second = indicator(notice, 2)
    assert (second.indicator, second.unit) == ("高新技术企业数量", None)
    assert second.level3 == "高企数量（户）"


def test_departments_may_be_a_list_or_a_text_parted_like_print() -> None:
    notice = corrected(
        CLEAN,
        fix(of(3, "assessing_departments"), "市民政局", ("市民政局", "市财政局")),
        fix(of(4, "assessing_departments"), ("市信访局",), "市信访局、市公安局"),
        fix(of(4, "supporting_departments"), (), "市司法局"),
        fix(of(4, "note"), "", "年底考核"),
    )
    assert indicator(notice, 3).assessing_departments == ("市民政局", "市财政局")
    assert indicator(notice, 4).assessing_departments == ("市信访局", "市公安局")
    assert indicator(notice, 4).supporting_departments == ("市司法局",)
    assert indicator(notice, 4).note == "年底考核"
    assert indicator(notice, 1).assessing_departments == ("市科技局",)


def test_a_printed_cell_serves_all_that_it_covers() -> None:
    notice = corrected(
        CLEAN,
        fix(CellPlace(2, 5, page=1), "1.2", "1.5"),
        fix(CellPlace(3, 1, page=1), "高质量发展", "重点工作"),  # a row that the cell covers
        fix(CellPlace(1, 6, table_no=1), "乙县", "丙县"),  # a heading of the table
    )
    assert notice.entities == ("甲县", "丙县")
    assert [target(notice, 1, e).target_value for e in notice.entities] == [1.5, 1.5]
    assert [target(notice, 1, e).inherited for e in notice.entities] == [False, True]
    assert {i.level1 for i in notice.indicators} == {"重点工作"}


def test_values_are_counted_after_printed_cells_are_corrected() -> None:
    drawing = f"""
        {HEADER}
        合计 | < | < | 3 | 7 | 8 | 市科技局
        高质量发展 | 创新 | 高企（户） | 3 | 7 | . | 市科技局
        """
    assert [i.indicator for i in corrected(drawing).indicators] == ["高企"]
    notice = corrected(
        drawing,
        fix(CellPlace(2, 1, page=1), "合计", "专利（件）"),
        fix(of(2, "indicator"), "高企", "高新企业"),
    )
    assert [i.indicator for i in notice.indicators] == ["专利", "高新企业"]
    blank = [f for f in notice.findings if f.code == "target_blank"]
    assert [(f.serial_no, f.state) for f in blank] == [(2, "open")]


# What becomes of doubts


def test_a_correction_closes_its_finding_and_no_other() -> None:
    before = corrected(DOUBTED)
    notice = corrected(DOUBTED, fix(of(2, "target_text", "乙县"), "", "9"))
    assert only(notice, "target_blank").state == "corrected"
    assert opened(notice) == [code for code in opened(before) if code != "target_blank"]
    ids = finding_ids(notice.findings, "x")
    assert finding_ids(before.findings, "x") == ids[: len(before.findings)]
    assert target(before, 2, "乙县").needs_review


def test_reviews_end_where_no_other_doubt_is_left() -> None:
    notice = corrected(DOUBTED, fix(of(2, "target_text", "乙县"), "", "9"))
    assert target(notice, 2, "乙县").needs_review  # its points are still doubtful
    notice = corrected(
        DOUBTED,
        fix(of(2, "target_text", "乙县"), "", "9"),
        fix(of(2, "points"), "2（乙县）", "2（乙县1）"),
    )
    held = target(notice, 2, "乙县")
    assert (held.needs_review, held.review_reason, held.max_points) == (False, None, 1.0)


def test_a_merged_cells_doubt_stays_with_those_not_corrected() -> None:
    text = "落实《资阳市责任书"
    notice = corrected(DOUBTED, fix(of(1, "target_text", "甲县"), text, text + "》"))
    assert not target(notice, 1, "甲县").needs_review
    assert target(notice, 1, "乙县").needs_review
    states = [(f.entity, f.state) for f in notice.findings if f.code == "title_cut"]
    assert states == [("甲县", "corrected"), ("乙县", "open")]
    whole = corrected(DOUBTED, fix(CellPlace(2, 5, page=1), text, text + "》"))
    assert not any(target(whole, 1, entity).needs_review for entity in whole.entities)
    assert only(whole, "title_cut").state == "corrected"


def test_a_doubtful_correction_is_doubted() -> None:
    notice = corrected(CLEAN, fix(of(2, "target_text", "甲县"), "7", "落实《责任书"))
    assert opened(notice) == ["title_cut"]
    assert target(notice, 2, "甲县").needs_review


def test_an_accepted_value_is_open_no_more() -> None:
    text = "落实《资阳市责任书"
    notice = corrected(DOUBTED, fix(of(1, "target_text", "甲县"), text))
    assert only(notice, "title_cut").state == "accepted"
    assert not target(notice, 1, "甲县").needs_review
    assert target(notice, 1, "甲县").target_text == text


def test_points_are_accepted_for_the_group_or_one_entity() -> None:
    by_group = corrected(DOUBTED, fix(of(2, "points"), "2（乙县）"))
    by_entity = corrected(DOUBTED, fix(of(2, "max_points", "乙县"), points_of(DOUBTED)))
    for notice in (by_group, by_entity):
        assert only(notice, "points_exception_without_number").state == "accepted"


def points_of(drawing: str) -> float:
    points = target(corrected(drawing), 2, "乙县").max_points
    assert points is not None
    return points


def test_a_cell_is_accepted_by_its_place() -> None:
    place = CellPlace(2, 6, page=1)  # the second of two columns that it covers
    notice = corrected(DOUBTED, fix(place, "落实《资阳市责任书"))
    assert only(notice, "title_cut").state == "accepted"


def test_a_finding_without_a_value_is_accepted_by_its_id() -> None:
    drawing = CLEAN.replace("2（乙县4）", "2（乙县7）")
    before = corrected(drawing)
    (code,) = opened(before)
    said = only(before, code)
    full = fix(FindingPlace(id_of(before, code)), said.message_zh)
    short = fix(FindingPlace(id_of(before, code).split("/")[1]), said.message)
    for correction in (full, short):
        notice = corrected(drawing, correction)
        assert opened(notice) == []
        assert only(notice, code).state == "accepted"
        assert only(notice, "accepted").entity == said.entity


def test_a_total_put_right_closes_its_finding() -> None:
    drawing = CLEAN.replace("2（乙县4）", "2（乙县7）")
    notice = corrected(drawing, fix(of(4, "max_points", "乙县"), 7.0, 4.0))
    assert opened(notice) == []
    assert {f.state for f in notice.findings if f.code in opened(corrected(drawing))} == {
        "corrected"
    }


def test_readers_and_their_notes_are_overruled() -> None:
    read = table(CLEAN, page=1)
    cells = tuple(
        cell._replace(agreed=False, other_text="9", confidence=0.4) if cell.text == "7" else cell
        for cell in read.cells
    )
    seven = next(cell for cell in cells if cell.text == "7")
    note = ReaderNote("warning", "faint", "faint", "字迹不清", "7", 1, seven.box)
    doubted = replace(document(replace(read, cells=cells)), notes=(note,))
    assert {"readers_disagree", "faint"} <= set(opened(corrected(doubted)))
    by_cell = corrected(doubted, fix(CellPlace(3, 5, page=1), "7", "9"))
    assert opened(by_cell) == []
    assert {f.state for f in by_cell.findings} == {"corrected"}
    by_value = corrected(doubted, fix(of(2, "target_text", "甲县"), "7", "9"))
    assert opened(by_value) == ["faint"]
    assert opened(corrected(doubted, fix(CellPlace(3, 5, page=1), "7"))) == []


# Where a value came from


def test_each_correction_says_who_why_and_when() -> None:
    notice = corrected(CLEAN, fix(of(2, "target_text", "甲县"), "7", "9"))
    told = only(notice, "corrected")
    assert (told.severity, told.state, told.serial_no, told.entity, told.field) == (
        "info",
        "corrected",
        2,
        "甲县",
        "target_text",
    )
    assert (told.text, [each.text for each in told.alternatives]) == ("7", ["7", "9"])
    assert told.message == (
        "indicator 2, target_text, 甲县: '7' corrected to '9': 原件如此 (王某, 2026-01-05)"
    )
    assert told.message_zh == (
        "第2项目标值（甲县）：由“7”更正为“9”。理由：原件如此（王某，2026-01-05）"
    )
    assert (told.page, told.box) == (1, target(notice, 2, "甲县").box)


def test_a_cells_correction_names_the_indicators_it_serves() -> None:
    notice = corrected(CLEAN, fix(CellPlace(2, 4, page=1), "3", "4"))
    told = only(notice, "corrected")
    assert (told.serial_no, told.entity) == (1, None)
    assert "（涉及第1、2项）" in told.message_zh
    assert told.box is not None
    lone = corrected(CLEAN, fix(CellPlace(3, 6, page=1), "8", "9"))
    assert (only(lone, "corrected").serial_no, only(lone, "corrected").entity) == (2, "乙县")


# Refusals


@for_each(
    "where",
    [
        of(2, "target_text", "甲县"),
        of(2, "max_points", "甲县"),
        of(2, "points"),
        of(2, "level2"),
        of(2, "assessing_departments"),
        CellPlace(3, 5, page=1),
    ],
)
def test_what_is_no_longer_read_is_refused(where: Place) -> None:
    points = isinstance(where, ValuePlace) and where.column == "max_points"
    expect: Content = 77.0 if points else "七十七"
    for value in (1.0 if points else "1", None):
        refusal = refused("correction_unmatched", CLEAN, fix(where, expect, value))
        assert f"expect 为“{'77' if points else '七十七'}”" in refusal.zh
        assert "现在读到的是“" in refusal.zh


def test_white_space_and_widths_do_not_matter_to_the_guard() -> None:
    notice = corrected(
        CLEAN, fix(of(4, "target_text"), "按〈 信访\n办法〉 考核", "按相关要求贯彻落实")
    )
    assert target(notice, 4, "甲县").target_text == "按相关要求贯彻落实"
    assert corrected(CLEAN, fix(CellPlace(3, 5, page=1), " ７ ", "9"))
    assert corrected(CLEAN, fix(of(4, "points"), "2(乙县 4)", "2"))


@for_each(
    "where, word",
    [
        (of(5, "note"), "4项"),
        (of(1, "target_text", "丙县"), "甲县、乙县"),
        (CellPlace(9, 1, page=1), "5行7列"),
        (CellPlace(1, 1, page=2), "无"),
        (CellPlace(1, 1, table_no=7), "无"),
        (FindingPlace("x/000000000000"), "没有这条发现"),
    ],
)
def test_a_place_that_is_not_there_is_refused(where: Place, word: str) -> None:
    assert word in refused("correction_place", CLEAN, fix(where, "1")).zh


def test_two_tables_of_a_page_need_the_tables_number() -> None:
    two = document(table(CLEAN, number=1, page=1), table("说明 | 备注\n一 | 二", number=2, page=1))
    refusal = refused("correction_place", two, fix(CellPlace(1, 1, page=1), "说明", "甲"))
    assert "table_no" in refusal.zh
    place = CellPlace(3, 5, page=1, table_no=1)
    assert target(corrected(two, fix(place, "7", "9")), 2, "甲县").target_value == 9


@for_each(
    "one, other",
    [
        (fix(of(1, "note"), "", "甲"), fix(of(1, "note"), "", "乙")),
        (fix(of(1, "points"), "3", "4"), fix(of(2, "points"), "3", "5")),
        (fix(of(1, "max_points", "甲县"), 3.0, 4.0), fix(of(2, "max_points", "甲县"), 3.0, 5.0)),
        (fix(of(1, "target_text"), "1.2", "2"), fix(of(1, "target_text", "甲县"), "1.2", "3")),
        (
            fix(of(2, "target_text", "甲县"), "7", "2"),
            fix(of(2, "status", "甲县"), "assessed", "not_assessed"),
        ),
        (
            fix(CellPlace(2, 5, page=1), "1.2", "2"),
            fix(CellPlace(2, 6, table_no=1), "1.2", "3"),
        ),
    ],
)
def test_two_corrections_of_one_value_are_refused(one: Correction, other: Correction) -> None:
    refusal = refused("correction_twice", CLEAN, one, other)
    assert "与第1条是同一处" in refusal.zh


def test_a_finding_is_accepted_once() -> None:
    before = corrected(DOUBTED)
    said = only(before, "title_cut")
    place = FindingPlace(id_of(before, "title_cut"))
    accept = fix(place, said.text or "")
    refused("correction_twice", DOUBTED, accept, accept)
    refused(
        "correction_unused", DOUBTED, fix(of(1, "target_text", "甲县"), said.text or ""), accept
    )
    refused("correction_unmatched", DOUBTED, fix(place, "别的"))


@for_each(
    "unused",
    [
        fix(of(2, "target_text", "甲县"), "7"),
        fix(of(2, "level1"), "高质量发展"),
        fix(of(2, "points"), "3"),
        fix(CellPlace(3, 5, page=1), "7"),
        fix(CellPlace(3, 5, page=1), "7", " 7"),
        fix(of(2, "target_text", "甲县"), "7", "７"),
        fix(of(2, "assessing_departments"), ("市科技局",), "市科技局"),
    ],
)
def test_a_correction_that_does_nothing_is_refused(unused: Correction) -> None:
    refused("correction_unused", CLEAN, unused)


def test_points_in_headings_are_corrected_in_their_cell() -> None:
    drawing = """
        考核内容 | 三级指标 | 甲县 | 乙县 | 责任单位
        创新（3分） | 高企（户） | 7 | 8 | 市科技局
        民生（2分） | 养老（户） | 7 | 8 | 市民政局
        """
    refused("correction_place", drawing, fix(of(1, "points"), "创新（3分）", "4"))
    notice = corrected(drawing, fix(CellPlace(2, 1, page=1), "创新（3分）", "创新（4分）"))
    assert [i.base_points for i in notice.indicators] == [4, 2]
    notice = corrected(drawing, fix(of(1, "max_points", "甲县"), 3.0, 5.0))
    assert target(notice, 1, "甲县").max_points == 5


def test_what_was_reached_before_is_put_right_or_taken_from_the_words_of_the_target() -> None:
    drawing = """
    考核项目 | 考核指标 | 分值 | 2019年完成数 | 甲县 | 乙县
    发展 | 化解率（%） | 100 | . | 高于上年（85%） | 高于上年（92%）
    """
    notice = corrected(
        drawing,
        fix(of(1, "base_text", "甲县"), "", "85%"),
        fix(of(1, "base_text", "乙县"), "", "92%"),
    )
    assert [(t.base_text, t.base_value, t.base_unit) for t in notice.targets] == [
        ("85%", 85, "%"),
        ("92%", 92, "%"),
    ]
    assert [t.target_kind for t in notice.targets] == ["previous_value", "previous_value"]
    assert not any(t.needs_review for t in notice.targets)
    assert {f.state for f in notice.findings if f.code == "text_unread"} == {"corrected"}
    other = corrected(drawing, fix(of(1, "base_text", "甲县"), "", "80%"))
    assert [t.needs_review for t in other.targets] == [True, True]  # 85% may be the distance
    assert {f.state for f in other.findings if f.code == "text_unread"} == {"open"}
    bare = drawing.replace(" | 2019年完成数", "").replace(" | .", "")
    notice = corrected(bare, fix(of(1, "base_text", "甲县"), "", "85%"))
    assert [t.base_value for t in notice.targets] == [85, None]
    printed = drawing.replace(" | .", " | 8５左右？")
    notice = corrected(printed, fix(of(1, "base_text"), "85左右?", "85"))
    assert [t.base_value for t in notice.targets] == [85, 85]
