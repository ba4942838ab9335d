"""Other layouts give what the ordinary one gives, or are refused: never silently something else."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from common.refusal import Refusal
from schemas.records.notice import Notice
from tests.support.normalize.drawn import table
from tests.support.normalize.layouts import FIRST, ORDINARY, SECOND, TURNED, read, turned


def said(notice: Notice) -> list[tuple[object, ...]]:
    by_serial = {each.serial_no: each for each in notice.indicators}
    return [
        (
            by_serial[t.serial_no].level1,
            by_serial[t.serial_no].indicator,
            by_serial[t.serial_no].unit,
            by_serial[t.serial_no].weight_group,
            by_serial[t.serial_no].assessing_departments,
            t.entity,
            t.max_points,
            t.status,
            t.target_text,
        )
        for t in sorted(notice.targets, key=lambda t: (t.serial_no, t.entity))
    ]


@cache
def expected() -> list[tuple[object, ...]]:
    return said(read(table(ORDINARY, page=1)))


def loud(notice: Notice) -> list[str]:
    """Warnings, but for the totals: what is not assessed makes them differ in these tables."""
    codes = [f.code for f in notice.findings if f.severity != "info"]
    return [code for code in codes if code != "totals_unequal"]


# Blocks side by side.

HEADER, *BODY = ORDINARY.strip().splitlines()


def beside(left: list[str], right: list[str]) -> str:
    return "\n".join(f"{one} | {other}" for one, other in zip(left, right, strict=True))


SIDE_BY_SIDE = beside([HEADER, *BODY[:2]], [HEADER, *BODY[2:]])


def test_two_blocks_side_by_side_are_one_list() -> None:
    notice = read(table(SIDE_BY_SIDE, page=1))
    assert said(notice) == expected()
    assert not loud(notice)


def test_a_blank_column_between_the_blocks_does_not_matter() -> None:
    lines = [line.split("|") for line in SIDE_BY_SIDE.splitlines()]
    spaced = "\n".join("|".join([*line[:6], " . ", *line[6:]]) for line in lines)
    assert said(read(table(spaced, page=1))) == expected()


def test_the_right_block_may_end_earlier() -> None:
    blank = " | ".join("." * 6)
    last = BODY[3].replace("^", "民生")
    jobs = BODY[2]
    drawing = beside([HEADER, *BODY[:2], jobs], [HEADER, last, blank, blank])
    assert said(read(table(drawing, page=1))) == expected()


def test_a_value_keeps_the_place_where_it_was_printed() -> None:
    notice = read(table(SIDE_BY_SIDE, page=1))
    jobs = next(t for t in notice.targets if t.target_text == "70")
    assert jobs.box is not None
    assert (jobs.page, jobs.box.x0, jobs.box.top) == (1, 450.0, 20.0)


def test_blocks_over_two_pages_read_left_before_right() -> None:
    second = beside(
        [HEADER, "生态 | 空气优良率（%） | 1 | 90 | 91 | 市环保局"],
        [HEADER, "生态 | 森林覆盖率（%） | 1 | 40 | 41 | 市林业局"],
    )
    notice = read(table(SIDE_BY_SIDE, page=1), table(second, page=2))
    assert [i.indicator for i in notice.indicators] == [
        *("研发投入强度", "高企数量", "新增就业", "城镇失业率", "空气优良率", "森林覆盖率"),
    ]


def test_headings_and_totals_across_both_blocks() -> None:
    drawing = """
        三级指标 | 分值 | 甲县 | 乙县 | 三级指标 | 分值 | 甲县 | 乙县
        一、高质量发展 | < | < | < | < | < | < | <
        研发投入强度（%） | 3 | 1 | 2 | 高企数量（户） | 4 | 7 | 8
        二、民生 | < | < | < | < | < | < | <
        新增就业（人） | 2 | 70 | --- | 城镇失业率（%） | 1 | 4.5 | 4.5
        """
    notice = read(table(drawing, page=1))
    assert [(i.level1, i.indicator) for i in notice.indicators] == [
        ("高质量发展", "研发投入强度"),
        ("高质量发展", "高企数量"),
        ("民生", "新增就业"),
        ("民生", "城镇失业率"),
    ]


def test_blocks_of_other_entities_are_their_columns() -> None:
    drawing = """
        一级指标 | 三级指标 | 分值 | 甲县 | 一级指标 | 三级指标 | 分值 | 乙县
        高质量发展 | 研发投入强度（%） | 3 | 1 | 高质量发展 | 研发投入强度（%） | 3 | 2
        ^ | 高企数量（户） | 4 | 7 | ^ | 高企数量（户） | 4 | 8
        """
    notice = read(table(drawing, page=1))
    assert notice.entities == ("甲县", "乙县")
    assert [t.target_value for t in notice.targets] == [1.0, 2.0, 7.0, 8.0]
    assert not loud(notice)


# One table an entity.


@pytest.mark.parametrize("named_by", ["caption", "sheet"])
def test_one_table_an_entity(named_by: str) -> None:
    if named_by == "caption":
        one = table(FIRST, page=1, caption=("附件1 资阳市甲县2020年度目标任务",))
        two = table(SECOND, page=2, caption=("附件2 资阳市乙县2020年度目标任务",))
    else:
        one, two = table(FIRST, place="甲县"), table(SECOND, place="乙县")
    notice = read(one, two)
    assert notice.entities == ("甲县", "乙县")
    assert said(notice) == expected()
    assert not loud(notice)
    assert "tables_combined" in [f.code for f in notice.findings]


def test_points_that_differ_are_each_entitys_own() -> None:
    other = SECOND.replace("| 3 |", "| 5 |")
    notice = read(table(FIRST, place="甲县"), table(other, place="乙县"))
    points = [(t.entity, t.max_points) for t in notice.targets if t.serial_no == 1]
    assert points == [("甲县", 3.0), ("乙县", 5.0)]


def test_what_else_differs_is_said() -> None:
    other = SECOND.replace("| 7 | 市科技局", "| 7 | 市经信局").replace(
        "8 | 市科技局", "8 | 市经信局"
    )
    notice = read(table(FIRST, place="甲县"), table(other, place="乙县"))
    flagged = [(t.serial_no, t.entity) for t in notice.targets if t.needs_review]
    assert flagged == [(2, "乙县")]
    [finding] = [f for f in notice.findings if f.code == "tables_differ"]
    assert "市经信局" in finding.message_zh


def test_a_row_that_one_table_lacks_is_not_assessed_there() -> None:
    other = SECOND.replace("高企数量", "专利授权数量")
    notice = read(table(FIRST, place="甲县"), table(other, place="乙县"))
    assert [i.indicator for i in notice.indicators] == [
        *("研发投入强度", "专利授权数量", "高企数量", "新增就业", "城镇失业率")
    ]
    lacking = {t.entity: t for t in notice.targets if t.serial_no == 2}
    assert (lacking["甲县"].status, lacking["甲县"].max_points) == ("not_assessed", None)
    assert (lacking["乙县"].target_text, lacking["乙县"].max_points) == ("8", 4.0)
    assert [t.max_points for t in notice.targets if t.serial_no == 3] == [4.0, None]
    assert not [t for t in notice.targets if t.needs_review]


def test_a_row_of_nearly_the_same_name_is_flagged() -> None:
    other = SECOND.replace("高企数量（户）", "高企数最（户）")
    notice = read(table(FIRST, place="甲县"), table(other, place="乙县"))
    flagged = {(t.serial_no, t.entity) for t in notice.targets if t.needs_review}
    assert flagged == {(2, "甲县"), (2, "乙县"), (3, "甲县"), (3, "乙县")}


def test_quite_other_indicators_are_an_annex() -> None:
    other = SECOND.replace("研发", "招商").replace("高企", "园区").replace("新增就业", "案件")
    notice = read(table(FIRST, place="甲县"), table(other, place="乙县"))
    assert [(e.annex, e.entity) for e in notice.assessed] == [(1, "甲县"), (2, "乙县")]
    assert [i.annex for i in notice.indicators] == [1, 1, 1, 1, 2, 2, 2, 2]


# A row an entity.


def test_a_row_an_entity() -> None:
    notice = read(table(turned(TURNED), page=1))
    assert notice.entities == ("甲县", "乙县")
    assert said(notice) == expected()
    assert not loud(notice)


def test_a_target_over_two_entities_stays_one() -> None:
    lines = TURNED.strip().splitlines()
    notice = read(table("\n".join(lines), page=1))
    assert said(notice) == expected()
    shared = [t.inherited for t in notice.targets if t.serial_no == 4]
    assert shared == [False, True]


def test_a_serial_number_and_a_title_in_the_grid() -> None:
    drawing = """
        2020年度县区考核目标 | < | < | <
        序号 | 县区 | 研发投入强度（%） | 高企数量（户）
        . | 分值 | 3 | 4
        1 | 甲县 | 1 | 7
        2 | 乙县 | 2 | 8
        """
    notice = read(table(drawing, page=1))
    assert notice.entities == ("甲县", "乙县")
    assert [t.target_value for t in notice.targets] == [1.0, 2.0, 7.0, 8.0]
    assert [t.max_points for t in notice.targets] == [3.0, 3.0, 4.0, 4.0]


def test_points_behind_the_names() -> None:
    drawing = """
        县区 | 研发投入强度（%）（3分） | 高企数量（户）（4分）
        甲县 | 1 | 7
        乙县 | 2 | 8
        """
    notice = read(table(drawing, page=1))
    assert [(i.indicator, i.unit, i.base_points) for i in notice.indicators] == [
        ("研发投入强度", "%", 3.0),
        ("高企数量", "户", 4.0),
    ]
    assert [t.target_value for t in notice.targets] == [1.0, 2.0, 7.0, 8.0]


def test_points_and_targets_of_each_indicator() -> None:
    drawing = """
        县区 | 研发投入强度（%） | < | 高企数量（户） | <
        ^ | 分值 | 目标值 | 分值 | 目标值
        甲县 | 3 | 1 | 4 | 7
        乙县 | 2 | 2 | 4 | 8
        """
    notice = read(table(drawing, page=1))
    assert [(t.entity, t.max_points, t.target_value) for t in notice.targets] == [
        ("甲县", 3.0, 1.0),
        ("乙县", 2.0, 2.0),
        ("甲县", 4.0, 7.0),
        ("乙县", 4.0, 8.0),
    ]


def test_more_entities_on_the_next_page() -> None:
    head = "县区 | 研发投入强度（%） | 高企数量（户）\n分值 | 3 | 4\n"
    notice = read(
        table(head + "甲县 | 1 | 7\n乙县 | 2 | 8", page=1),
        table(head + "丙县 | 3 | 9\n丁县 | 4 | 10", page=2),
    )
    assert notice.entities == ("甲县", "乙县", "丙县", "丁县")
    assert [t.target_value for t in notice.targets] == [1.0, 2.0, 3.0, 4.0, 7.0, 8.0, 9.0, 10.0]


def test_more_indicators_on_the_next_page() -> None:
    notice = read(
        table("县区 | 研发（%） | 高企（户）\n分值 | 3 | 4\n甲县 | 1 | 7\n乙县 | 2 | 8", page=1),
        table(
            "县区 | 就业（人） | 失业率（%）\n分值 | 2 | 1\n甲县 | 70 | 4\n乙县 | 80 | 5", page=2
        ),
    )
    assert notice.entities == ("甲县", "乙县")
    assert [i.indicator for i in notice.indicators] == ["研发", "高企", "就业", "失业率"]


def test_what_is_lost_in_turning_is_said() -> None:
    drawing = turned(TURNED).replace("责任单位 |", "合计 | 1 | 2 | 3 | 4\n责任单位 |")
    notice = read(table(drawing, page=1))
    assert said(notice) == expected()
    assert "text_unplaced" in loud(notice)


# The entity in a column of a list.


def test_a_list_with_the_entity_in_a_column() -> None:
    drawing = """
        县区 | 一级指标 | 三级指标 | 分值 | 目标值 | 责任单位
        甲县 | 高质量发展 | 研发投入强度（%） | 3 | 1 | 市科技局
        ^ | ^ | 高企数量（户） | 4 | 7 | 市科技局
        ^ | 民生 | 新增就业（人） | 2 | 70 | 市人社局
        ^ | ^ | 城镇失业率（%） | 1 | 4.5 | 市人社局
        乙县 | 高质量发展 | 研发投入强度（%） | 3 | 2 | 市科技局
        ^ | ^ | 高企数量（户） | 4 | 8 | 市科技局
        ^ | 民生 | 新增就业（人） | 2 | --- | 市人社局
        ^ | ^ | 城镇失业率（%） | 1 | 4.5 | 市人社局
        """
    notice = read(table(drawing, page=1))
    assert notice.entities == ("甲县", "乙县")
    assert said(notice) == expected()
    assert not loud(notice)


def test_a_short_list_that_names_the_entity_in_each_row() -> None:
    drawing = """
        县区 | 三级指标 | 分值 | 目标值
        甲县 | 研发投入强度（%） | 3 | 1
        甲县 | 高企数量（户） | 4 | 7
        乙县 | 研发投入强度（%） | 3 | 2
        乙县 | 高企数量（户） | 4 | 8
        """
    notice = read(table(drawing, page=1))
    assert notice.entities == ("甲县", "乙县")
    assert [t.target_value for t in notice.targets] == [1.0, 2.0, 7.0, 8.0]


# What cannot be turned without a guess is refused, in plain words.


def test_two_rows_an_entity_are_refused() -> None:
    drawing = """
        县区 | 项目 | 研发投入强度（%） | 高企数量（户）
        甲县 | 目标值 | 1 | 7
        ^ | 分值 | 3 | 4
        乙县 | 目标值 | 2 | 8
        ^ | 分值 | 3 | 4
        """
    with pytest.raises(Refusal) as refusal:
        read(table(drawing, page=1))
    assert refusal.value.code in ("layout_unknown", "no_indicator_table")


def test_a_converted_text_of_such_a_layout_is_refused() -> None:
    loose = replace(table(turned(TURNED)), regular=False)
    with pytest.raises(Refusal) as refusal:
        read(loose)
    assert refusal.value.code == "layout_unknown"
    assert "每行一项指标" in refusal.value.zh


def test_such_a_table_beside_an_ordinary_one_is_named() -> None:
    loose = replace(table(turned(TURNED), page=2), regular=False)
    notice = read(table(ORDINARY, page=1), loose)
    assert said(notice) == expected()
    assert loud(notice) == ["layout_unknown"]
