"""A unit that caption or header state is every row's without one of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

HEADER = "指标名称 | 分值 | 甲县 | 乙县 | 责任单位"
BODY = """
一般公共预算收入 | 30 | 56910 | 54126 | 市财政局
城镇新增就业（人） | 30 | 320 | 280 | 市人力资源社会保障局
工业投资 | 40 | 86910 | 44126 | 市发展改革委
"""


def read(drawing: str, caption: tuple[str, ...] = (), notes: tuple[str, ...] = ()) -> Notice:
    drawn = table(drawing, page=1, caption=caption, notes=notes)
    return normalize(document(drawn, title="2025年度县区考核指标"), SourceMeta("x", year=2025))


def units(notice: Notice) -> list[str | None]:
    return [indicator.unit for indicator in notice.indicators]


def doubted(notice: Notice) -> set[int]:
    return {target.serial_no for target in notice.targets if target.needs_review}


TWO = (
    "指标名称 | 分值 | 2025年目标（万元） | < | 责任单位\n^ | ^ | 甲县 | 乙县 | ^" + BODY,
    "指标名称 | 分值 | 目标值（单位：万元） | < | 责任单位\n^ | ^ | 甲县 | 乙县 | ^" + BODY,
)


@for_each(
    "drawing, caption, notes",
    [
        (HEADER + BODY, ("单位：万元",), ()),
        (HEADER + BODY, ("2025年度县区考核指标", "（金额单位：人民币万元）"), ()),
        (HEADER + BODY, (), ("注：除注明外，单位均为万元。",)),
        (f"单位：万元 | < | < | < | <\n{HEADER}{BODY}", (), ()),
        (HEADER.replace("指标名称", "县区 指标 单位：万元") + BODY, (), ()),
        (HEADER.replace("指标名称", "指标名称（万元）") + BODY, (), ()),
        (HEADER.replace("甲县", "甲县（万元）").replace("乙县", "乙县（万元）") + BODY, (), ()),
        (TWO[0], (), ()),
        (TWO[1], (), ()),
    ],
)
def test_it_is_every_rows_without_one_of_its_own(
    drawing: str, caption: tuple[str, ...], notes: tuple[str, ...]
) -> None:
    notice = read(drawing, caption, notes)
    assert units(notice) == ["万元", "人", "万元"]
    assert [t.target_unit for t in notice.targets] == ["万元"] * 2 + ["人"] * 2 + ["万元"] * 2
    assert notice.entities == ("甲县", "乙县")
    assert not doubted(notice)


@pytest.mark.parametrize("line", ["单位：分", "填报单位：市统计局", "单位：市统计局"])
def test_points_and_offices_are_no_unit(line: str) -> None:
    notice = read(HEADER + BODY, (line,))
    assert units(notice) == [None, "人", None]
    assert not doubted(notice)


def test_a_rate_is_not_in_the_tables_money() -> None:
    notice = read(HEADER + BODY.replace("工业投资", "工业投资增速"), ("单位：万元",))
    assert units(notice) == ["万元", "人", None]
    assert doubted(notice) == {3}
    (finding,) = [found for found in notice.findings if found.code == "unit_stated"]
    assert (finding.serial_no, finding.field) == (3, "unit")


def test_of_several_the_one_that_fits_is_taken_and_doubted() -> None:
    notice = read(HEADER + BODY.replace("工业投资", "工业投资增速"), ("单位：万元、%",))
    assert units(notice) == ["万元", "人", "%"]
    assert doubted(notice) == {1, 3}


def test_a_row_that_holds_no_bare_number_has_none() -> None:
    body = BODY.replace("56910 | 54126", "增长8% | 增长7%").replace(
        "86910 | 44126", "按要求完成 | <"
    )
    notice = read(HEADER + body, ("单位：万元",))
    assert units(notice) == [None, "人", None]
    assert not doubted(notice)


def test_columns_may_each_have_their_own() -> None:
    header = HEADER.replace("甲县", "甲县（万元）").replace("乙县", "乙县（亿元）")
    notice = read(header + BODY)
    assert [t.target_unit for t in notice.targets] == ["万元", "亿元", "人", "人", "万元", "亿元"]


def test_a_bracket_that_may_be_a_unit_is_doubted_where_numbers_are_bare() -> None:
    bridges = BODY.replace("工业投资", "改造桥梁（跨）")
    assert doubted(read(HEADER + bridges)) == {3}
    assert not doubted(read(HEADER + bridges.replace("86910 | 44126", "86座 | 44座")))
    assert doubted(read(HEADER + bridges, ("单位：万元",))) == {3}


@pytest.mark.parametrize("line", ["单位：万元\n\n", "| 单位：万元 | | | | |\n"])
def test_converted_tables_state_it_too(line: str, tmp_path: Path) -> None:
    rows = [HEADER, *BODY.strip().split("\n")]
    body = "".join(f"| {row} |\n" for row in rows)
    file = tmp_path / "notice.md"
    file.write_text(f"2025年度县区考核指标\n\n{line}{body}", "utf-8")
    notice = normalize(read_document(file), SourceMeta("x", year=2025))
    assert units(notice) == ["万元", "人", "万元"]


SECTIONS = """二级指标 | 指标名称 | 分值 | 甲县 | 乙县 | 责任单位
一、增长（单位：%） | < | < | < | < | <
经济（单位：万元） | 财政收入 | 20 | 56910 | 54126 | 市财政局
^ | 新增就业（人） | 20 | 320 | 280 | 市人力资源社会保障局
投资 | 投资增速 | 20 | 8.5 | 7.5 | 市发展改革委
二、民生（填报单位：市统计局） | < | < | < | < | <
社会 | 惠民工程 | 40 | 91 | 92 | 市统计局"""


def test_a_heading_states_it_for_the_rows_below_and_is_called_without() -> None:
    notice = read(SECTIONS, ("单位：件",))
    assert units(notice) == ["万元", "人", "%", "件"]
    assert [(i.level1, i.level2) for i in notice.indicators] == [
        *[("增长", "经济")] * 2,
        ("增长", "投资"),
        ("民生（填报单位：市统计局）", "社会"),
    ]
    assert not doubted(notice)
