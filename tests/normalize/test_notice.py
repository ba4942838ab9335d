"""From drawn tables to records: headers, page breaks, spans, points, totals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from common.refusal import Refusal
from normalize.pipeline import normalize
from schemas.records.document import Box, ReaderNote
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

HEADER = "一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位"


def read(*drawings: str, **traits: object) -> Notice:
    tables = [table(d, number=i, page=i) for i, d in enumerate(drawings, 1)]
    return normalize(document(*tables), SourceMeta("x"))


def names(notice: Notice) -> list[tuple[str | None, str | None, str | None, str | None]]:
    return [(i.level1, i.level2, i.level3, i.level4) for i in notice.indicators]


def codes(notice: Notice) -> list[str]:
    return [f.code for f in notice.findings if f.severity != "info"]


def test_spans_are_spread_and_marked_as_inherited() -> None:
    notice = read(f"""
        {HEADER}
        高质量发展 | 创新 | 研发投入强度（%） | 3 | 1.2 | < | 市科技局
        ^ | ^ | 高企数量（户） | ^ | 7 | 8 | ^
        """)
    assert names(notice) == [
        ("高质量发展", "创新", "研发投入强度（%）", None),
        ("高质量发展", "创新", "高企数量（户）", None),
    ]
    assert [i.weight_group for i in notice.indicators] == [1, 1]
    assert [i.unit for i in notice.indicators] == ["%", "户"]
    assert [(t.target_value, t.inherited) for t in notice.targets] == [
        (1.2, False),
        (1.2, True),
        (7.0, False),
        (8.0, False),
    ]
    assert all(i.assessing_departments == ("市科技局",) for i in notice.indicators)
    assert not codes(notice)


def test_a_target_knows_its_place_on_the_page() -> None:
    notice = read(f"""
        {HEADER}
        高质量发展 | 创新 | 高企数量（户） | 3 | 7 | 8 | 市科技局
        """)
    second = notice.targets[1]
    assert (second.page, second.box.x0 if second.box else None) == (1, 250.0)


# The four ways in which a merged cell is cut by a page break.


BLANK = (
    f"""
    {HEADER}
    高质量发展 | 创新 | 研发投入强度（%） | 3 | 1 | 2 | 市科技局
    """,
    f"""
    {HEADER}
    . | . | 高企数量（户） | . | 7 | 8 | .
    """,
)
REPEATED = (
    BLANK[0],
    f"""
    {HEADER}
    高质量发展 | 创新 | 高企数量（户） | 3 | 7 | 8 | 市科技局
    """,
)
LATE = (
    f"""
    {HEADER}
    . | . | 研发投入强度（%） | . | 1 | 2 | .
    """,
    f"""
    {HEADER}
    高质量发展 | 创新 | 高企数量（户） | 3 | 7 | 8 | 市科技局
    """,
)
SPLIT = (
    f"""
    {HEADER}
    高质量 | 创 | 研发投入强度（%） | 3 | 1 | 2 | 市科
    """,
    f"""
    {HEADER}
    发展 | 新 | 高企数量（户） | . | 7 | 8 | 技局
    """,
)
CLIPPED = (
    BLANK[0],
    f"""
    {HEADER}
    发展 | 创 | 高企数量（户） | . | 7 | 8 | 技局
    """,
)
MERGED = (1, 2, 4, 7)


@for_each("pages", [BLANK, REPEATED, LATE, SPLIT, CLIPPED])
def test_a_merged_cell_cut_by_a_page_break_is_one_again(pages: tuple[str, str]) -> None:
    first = table(pages[0], number=1, page=1, open_bottom=MERGED)
    second = table(pages[1], number=2, page=2)
    notice = normalize(document(first, second), SourceMeta("x"))
    assert names(notice) == [
        ("高质量发展", "创新", "研发投入强度（%）", None),
        ("高质量发展", "创新", "高企数量（户）", None),
    ]
    assert [i.weight_group for i in notice.indicators] == [1, 1]
    assert {i.assessing_departments for i in notice.indicators} == {("市科技局",)}
    assert {t.max_points for t in notice.targets} == {3.0}
    assert not codes(notice)


def test_equal_points_on_both_sides_of_a_closed_break_are_two_groups() -> None:
    notice = read(*REPEATED)
    assert names(notice)[1][:2] == ("高质量发展", "创新")
    assert [i.weight_group for i in notice.indicators] == [1, 2]


def test_points_below_a_blank_may_be_shared_with_it() -> None:
    notice = read(f"""
        {HEADER}
        发展 | 创新 | 高企（户） | 3 | 7 | 8 | 市科技局
        ^ | ^ | 专利（件） | . | 7 | 8 | 市科技局
        ^ | ^ | 合同（个） | 2 | 7 | 8 | 市科技局
        """)
    told = [(f.serial_no, f.severity) for f in notice.findings if f.code == "points_blank"]
    assert told == [(1, "warning"), (3, "info")]


def test_a_row_whose_text_runs_over_the_page_is_one_row() -> None:
    first = f"""
        {HEADER}
        高质量发展 | 创新 | 知识产权 | 3 | 按《知识产权保护 | < | 市科技局
        """
    second = f"""
        {HEADER}
        . | . | . | . | 细则》考核 | < | .
        . | . | 高企数量（户） | 2 | 7 | 8 | .
        """
    notice = read(first, second)
    assert [i.indicator for i in notice.indicators] == ["知识产权", "高企数量"]
    assert notice.targets[0].target_text == "按《知识产权保护细则》考核"


def test_the_last_character_of_a_text_over_the_page_is_kept() -> None:
    first = f"""
        {HEADER}
        高质量发展 | 创新 | 知识产权 | 3 | 按《知识产权保护办法》考 | < | 市科技局
        """
    second = f"""
        {HEADER}
        . | . | . | . | 核 | < | .
        . | . | 高企数量（户） | 2 | 7 | 8 | .
        """
    assert read(first, second).targets[0].target_text == "按《知识产权保护办法》考核"


def heading_pages(*named: str) -> list[str]:
    return [
        f"""
        {HEADER}
        {name} | 创新 | 第{i}类企业（户） | 3 | 7 | 8 | 市科技局
        ^ | ^ | 第{i}类企业增长（%） | 2 | 7 | 8 | 市科技局
        """
        for i, name in enumerate(named)
    ]


def test_a_heading_blank_over_a_whole_page_goes_on() -> None:
    notice = read(*heading_pages("高质量发展", ".", "年度重点"))
    assert [level1 for level1, *_ in names(notice)] == ["高质量发展"] * 4 + ["年度重点"] * 2
    assert not codes(notice)


def test_a_heading_blank_over_a_whole_page_is_doubted_where_headings_are_named_late() -> None:
    notice = read(*heading_pages(".", "高质量发展", ".", "年度重点"))
    assert [level1 for level1, *_ in names(notice)] == ["高质量发展"] * 6 + ["年度重点"] * 2
    assert sorted({t.serial_no for t in notice.targets if t.needs_review}) == [5, 6]


def test_a_supporting_department_left_blank_at_the_top_of_a_page_is_blank() -> None:
    header = "考核指标 | 分值 | 甲县 | 乙县 | 牵头单位 | 配合单位"
    notice = read(
        f"""
        {header}
        高企数量（户） | 3 | 7 | 8 | 市科技局 | 市财政局
        研发投入（亿元） | 3 | 7 | 8 | 市科技局 | .
        研发强度（%） | 3 | 7 | 8 | 市科技局 | 市财政局
        """,
        f"""
        {header}
        进出口（亿元） | 3 | 7 | 8 | 市商务局 | .
        """,
    )
    assert notice.indicators[3].supporting_departments == ()
    assert not codes(notice)


def test_a_page_without_header_goes_on_by_its_columns() -> None:
    notice = read(
        BLANK[0],
        """
        . | 开放 | 进出口（亿元） | 2 | 7 | 8 | 市商务局
        """,
    )
    assert names(notice)[1] == ("高质量发展", "开放", "进出口（亿元）", None)


def test_one_column_grid_for_all_pages() -> None:
    """A page that lacks the rule between indicator and sub-indicator shifts nothing."""
    first = table(
        """
        一级指标 | 二级指标 | 三级指标 | < | 分值 | 甲县 | 乙县
        高质量发展 | 创新 | 中小企业 | 培育（户） | 1 | 7 | 8
        """,
        page=1,
        edges=(0, 50, 100, 150, 200, 250, 300, 350),
    )
    second = table(
        """
        一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县
        高质量发展 | 创新 | 进出口（亿元） | 2 | 5 | 6
        """,
        number=2,
        page=2,
        edges=(0, 50, 100, 200, 250, 300, 350),
    )
    notice = normalize(document(first, second), SourceMeta("x"))
    assert names(notice) == [
        ("高质量发展", "创新", "中小企业", "培育（户）"),
        ("高质量发展", "创新", "进出口（亿元）", None),
    ]
    assert [t.target_value for t in notice.targets] == [7.0, 8.0, 5.0, 6.0]


def test_a_page_that_shows_only_part_of_the_grid_is_completed() -> None:
    """A heading that covers a whole page leaves its column without any cell."""
    edges = (0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0)
    first = table(BLANK[0], page=1, edges=edges, open_bottom=(1,))
    rest = table(
        """
        开放 | 进出口（亿元） | 2 | 7 | 8 | 市商务局
        ^ | 外资（亿元） | 3 | 4 | 5 | ^
        """,
        number=2,
        page=2,
        edges=edges[1:],
        left=50.0,
    )
    notice = normalize(document(first, rest), SourceMeta("x"))
    assert names(notice) == [
        ("高质量发展", "创新", "研发投入强度（%）", None),
        ("高质量发展", "开放", "进出口（亿元）", None),
        ("高质量发展", "开放", "外资（亿元）", None),
    ]
    assert not codes(notice)


def test_text_between_the_parts_of_a_page_stands_in_the_cell_they_leave_out() -> None:
    """A cell that covers a whole page and has no rule above or below still has its text."""
    edges = (0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0)
    drawn = BLANK[0].replace("创新", ".")
    first = table(drawn, page=1, edges=edges, open_bottom=(1, 2))
    left = table(".\n^", number=2, page=2, edges=edges[:2], open_top=(1,))
    right = table(
        """
        进出口（亿元） | 2 | 7 | 8 | 市商务局
        外资（亿元） | 3 | 4 | 5 | ^
        """,
        number=3,
        page=2,
        edges=edges[2:],
        left=100.0,
    )
    beside = ReaderNote(
        "info", "text_beside_table", "beside", "旁", "创新", 2, Box(60.0, 15.0, 90.0, 25.0)
    )
    far = replace(beside, text="旁注", box=Box(400.0, 15.0, 430.0, 25.0))
    whole = replace(document(first, left, right), notes=(beside, far))
    notice = normalize(whole, SourceMeta("x"))
    assert names(notice) == [
        ("高质量发展", "创新", "研发投入强度（%）", None),
        ("高质量发展", "创新", "进出口（亿元）", None),
        ("高质量发展", "创新", "外资（亿元）", None),
    ]
    assert [f.text for f in notice.findings if f.code == "text_beside_table"] == ["旁注"]


def test_parts_of_a_page_beside_a_blank_column_are_one_table() -> None:
    header = "序号 | 一级指标 | 三级指标 | 分值 | 甲县 | 乙县"
    edges = (0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0)
    first = table(
        f"""
        {header}
        1 | 高质量发展 | 高企（户） | 2 | 7 | 8
        """,
        page=1,
        edges=edges,
        open_bottom=(2,),
    )
    left = table("2\n3", number=2, page=2, edges=edges[:2])
    right = table(
        "进出口（亿元） | 2 | 7 | 8\n外资（亿元） | 3 | 4 | 5",
        number=3,
        page=2,
        edges=edges[2:],
        left=100.0,
    )
    notice = normalize(document(first, left, right), SourceMeta("x"))
    assert [i.level1 for i in notice.indicators] == ["高质量发展"] * 3
    assert [t.target_value for t in notice.targets] == [7, 8, 7, 8, 4, 5]
    assert not codes(notice)


def test_parts_of_a_page_of_which_one_looks_like_a_header_are_one_table() -> None:
    header = "序号 | 一级指标 | 三级指标 | 分值 | 责任单位 | 甲县 | 乙县"
    edges = (0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0, 350.0)
    first = table(
        f"{header}\n1 | 高质量发展 | 高企（户） | 2 | 市科技局 | 7 | 8",
        page=1, edges=edges, open_bottom=(2,),
    )  # fmt: skip
    left = table("2\n3", number=2, page=2, edges=edges[:2])
    right = table(
        "信访维稳工作（3分） | . | 市信访局、市司法局 | 高于全省平均水平 | 完成年度任务\n"
        "外资（亿元）（3分） | . | 市商务局 | 4 | 5",
        number=3, page=2, edges=edges[2:], left=100.0,
    )  # fmt: skip
    notice = normalize(document(first, left, right), SourceMeta("x"))
    assert [one.indicator for one in notice.indicators] == ["高企", "信访维稳工作", "外资"]


def test_a_page_that_names_columns_again_over_more_of_them_is_read() -> None:
    first = table(f"{HEAD}\n发展 | 高企（户） | 3 | 7 | 8", page=1, edges=EDGES)
    more = table(
        ". | . | . | 甲县 | 乙县 | .\n发展 | 专利（件） | 3 | 7 | 8 | .",
        number=2, page=2, edges=(*EDGES[:-1], 225.0, 250.0),
    )  # fmt: skip
    notice = normalize(document(first, more), SourceMeta("x", year=2020))
    assert [one.indicator for one in notice.indicators] == ["高企", "专利"]


def test_a_table_with_a_header_below_the_rest_of_another_is_one_of_its_own() -> None:
    head = "一级指标 | 三级指标 | 分值 | 目标 | <\n^ | ^ | ^ | 各县 | <\n^ | ^ | ^ | 甲县 | 乙县"
    rows = [f"民生 | 岗位{number}（个） | 3 | 6 | 5" for number in range(1, 10)]
    first = table("\n".join((head, *rows[:3])), page=1, edges=EDGES)
    rest = table("\n".join(rows[3:7]), number=2, page=2, edges=EDGES)
    again = table(
        "\n".join(("续表1 | < | < | < | <", head, *rows[7:])),
        number=3, page=2, edges=EDGES, top=100.0,
    )  # fmt: skip
    notice = normalize(document(first, rest, again), SourceMeta("x"))
    assert [(one.level1, one.indicator) for one in notice.indicators] == [
        ("民生", f"岗位{number}") for number in range(1, 10)
    ]
    assert set(codes(notice)) == {"direction_unknown"}


HEAD = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县"
EDGES = (0.0, 50.0, 100.0, 150.0, 200.0, 250.0)


def test_another_caption_vetoes_the_join() -> None:
    first = table(BLANK[0], number=1, page=1, caption=("附件1 各县考核指标表",))
    second = table(REPEATED[1], number=2, page=2, caption=("附件2 园区考核指标情况表",))
    notice = normalize(document(first, second), SourceMeta("x"))
    assert [indicator.annex for indicator in notice.indicators] == [1, 2]


SWAPPED = f"""
    {HEADER}
    经济 | 创新 | 研发投入强度（%） | 3 | 1.2 | 1.4 | 市科技局
    经济 | 创新 | 高企数量（户） | 2 | 7 | 8 | 市科技局
    {{}}
    {HEADER.replace("甲县 | 乙县", "乙县 | 甲县")}
    民生 | 就业 | 新增就业（人） | 4 | 100 | 200 | 市人社局
    """


def test_what_stands_under_a_header_again_in_another_order_is_read_by_it() -> None:
    notice = read(SWAPPED.format("续表 | < | < | < | < | < | <"))
    read_so = {(t.serial_no, t.entity): t.target_value for t in notice.targets}
    assert read_so[3, "甲县"] == 200.0
    assert read_so[3, "乙县"] == 100.0
    assert read_so[2, "甲县"] == 7.0


def test_a_header_that_stands_a_third_time_in_its_first_order_begins_an_annex() -> None:
    third = f"""
    {HEADER}
    党建 | 廉政 | 廉政教育（场） | 5 | 30 | 40 | 市纪委"""
    notice = read(SWAPPED.format("续表 | < | < | < | < | < | <").rstrip() + third)
    assert [(one.annex, one.serial_no) for one in notice.indicators] == [
        (1, 1), (1, 2), (2, 3), (3, 4)
    ]  # fmt: skip
    read_so = {(t.serial_no, t.entity): t.target_value for t in notice.targets}
    assert (read_so[3, "甲县"], read_so[4, "甲县"]) == (200.0, 30.0)


@pytest.mark.parametrize(("line", "told"), [("续表", 0), ("重点民生工作", 1)])
def test_a_line_over_a_header_that_stands_again_is_told_where_it_may_head_rows(
    line: str, told: int
) -> None:
    rows = SWAPPED.replace("乙县 | 甲县", "甲县 | 乙县").format(f"{line} | < | < | < | < | < | <")
    notice = read(rows)
    assert len(notice.indicators) == 3
    assert codes(notice).count("text_unplaced") == told


def test_points_and_targets_under_each_entity() -> None:
    notice = read("""
        考核项目 | 考核指标 | 甲县 | < | 乙县 | < | 责任单位
        ^ | ^ | 分值 | 目标值 | 分值 | 目标值 | ^
        创新 | 高企数量（户） | 3 | 7 | 4 | 8 | 市科技局
        """)
    assert notice.entities == ("甲县", "乙县")
    assert [(t.entity, t.max_points, t.target_value) for t in notice.targets] == [
        ("甲县", 3.0, 7.0),
        ("乙县", 4.0, 8.0),
    ]


def test_last_years_values_are_no_targets() -> None:
    notice = read("""
        考核指标 | 分值 | 2019年完成值 | < | 2020年目标值 | < | 责任单位
        ^ | ^ | 甲县 | 乙县 | 甲县 | 乙县 | ^
        高企数量（户） | 3 | 1 | 2 | 7 | 8 | 市科技局
        """)
    assert [t.target_value for t in notice.targets] == [7.0, 8.0]
    assert [(t.base_label, t.base_value) for t in notice.targets] == [
        ("2019年完成值", 1.0), ("2019年完成值", 2.0)
    ]  # fmt: skip


def test_last_years_figure_in_brackets_behind_a_target_is_its_base() -> None:
    drawing = """
        考核指标 | 分值 | {past}甲县 | 乙县 | 责任单位
        森林覆盖率（%） | 3 | {held}不低于上年（41.2%） | 高于上年（38.6%） | 市林业局
        """
    notice = read(drawing.format(past="", held=""))
    assert [(t.base_text, t.base_value, t.base_unit, t.needs_review) for t in notice.targets] == [
        ("41.2%", 41.2, "%", False),
        (None, None, None, True),  # 38.6 points more than last year?
    ]
    # A column beside says which it is; where it says another figure, nobody knows.
    beside = read(drawing.format(past="上年完成 | ", held="38.6 | "))
    assert [(t.base_value, t.needs_review) for t in beside.targets] == [(38.6, True), (38.6, False)]


LOST_NUMBER = """
    考核指标 | 分值 | 甲县 | 乙县 | 丙县 | 高新区 | 责任单位
    高企数量（户） | 3 | 7 | 8 | 8 | 9 | 市科技局
    进出口（亿元） | 1（丙县0） | 7 | 8 | 9 | --- | 市商务局
    销售额（万元） | 2（丙县{丙县}）（高新区） | 7 | 8 | 9 | 9 | 市商务局
    """


@pytest.mark.parametrize("past", ["2019年完成", "2019年实绩", "2019年", "上年实际"])
def test_of_two_blocks_of_entities_one_holds_the_targets(past: str) -> None:
    notice = read(f"""
        考核指标 | 分值 | {past} | < | 2020年 | < | 责任单位
        ^ | ^ | 甲县 | 乙县 | 甲县 | 乙县 | ^
        高企数量（户） | 3 | 1 | 2 | 7 | 8 | 市科技局
        """)
    assert notice.entities == ("甲县", "乙县")
    assert [t.target_value for t in notice.targets] == [7.0, 8.0]
    assert [(t.base_label, t.base_value) for t in notice.targets] == [(past, 1.0), (past, 2.0)]


def test_an_entity_is_named_without_the_word_target() -> None:
    notice = read("""
        考核指标 | 分值 | 甲县目标值 | 2020年乙县目标任务 | 责任单位
        高企数量（户） | 3 | 7 | 8 | 市科技局
        """)
    assert notice.entities == ("甲县", "乙县")


def test_contents_and_targets_in_one_heading_name_the_indicators() -> None:
    notice = read("""
        考核项目 | 考核内容及目标 | 分值 | 甲县 | 乙县 | 责任单位
        创新 | 高企数量（户） | 3 | 7 | 8 | 市科技局
        开放 | 进出口总额（亿元） | 3 | 7 | 8 | 市商务局
        """)
    assert [(i.level1, i.indicator) for i in notice.indicators] == [
        ("创新", "高企数量"),
        ("开放", "进出口总额"),
    ]


def test_a_limit_of_rank_says_nothing_of_the_direction() -> None:
    notice = read("""
        考核指标 | 分值 | 甲县 | 乙县 | 责任单位
        工业增加值增速（%） | 3 | 前3位 | 8 | 市经信局
        """)
    assert notice.indicators[0].direction == "higher_is_better"


def test_a_lost_exception_is_settled_by_the_totals() -> None:
    notice = read(LOST_NUMBER.replace("{丙县}", "3"))
    points = {t.entity: t.max_points for t in notice.targets if t.serial_no == 3}
    assert points == {"甲县": 2, "乙县": 2, "丙县": 3, "高新区": 3}
    assert not codes(notice)
    assert "settled_by_totals" in [f.code for f in notice.findings]
    assert not any(t.needs_review for t in notice.targets)


def test_a_lost_exception_that_no_total_settles_is_flagged() -> None:
    notice = read(LOST_NUMBER.replace("{丙县}", "2.5"))
    assert "points_exception_without_number" in codes(notice)
    flagged = {(t.serial_no, t.entity) for t in notice.targets if t.needs_review}
    assert flagged == {(3, "高新区")}
    (finding,) = [f for f in notice.findings if f.code == "points_exception_without_number"]
    assert [each.text for each in finding.alternatives] == ["2.5", "2"]


def test_unequal_totals_name_the_suspect() -> None:
    notice = read("""
        考核指标 | 分值 | 甲县 | 乙县 | 丙县 | 责任单位
        高企数量（户） | 3（乙县4）（丙县4） | 7 | 8 | 9 | 市科技局
        进出口（亿元） | 2（乙县1） | 7 | 8 | 9 | 市商务局
        """)
    (finding,) = [f for f in notice.findings if f.code == "total_differs"]
    assert finding.entity == "丙县"
    assert any("进出口" in o.text and "可能应为1" in o.text for o in finding.alternatives)


def test_printed_heading_sums_are_checked() -> None:
    notice = read("""
        考核指标 | 分值 | 甲县 | 乙县 | 责任单位
        一、高质量发展（5分） | < | < | < | <
        高企数量（户） | 3 | 7 | 8 | 市科技局
        进出口（亿元） | 1 | 7 | 8 | 市商务局
        """)
    assert [i.level1 for i in notice.indicators] == ["高质量发展", "高质量发展"]
    assert "heading_sum_differs" in codes(notice)


def test_points_inside_headings_without_a_points_column() -> None:
    notice = read("""
        考核内容 | 考核指标 | 甲县 | 乙县 | 责任单位
        创新（5分） | 高企数量（户） | 7 | 8 | 市科技局
        ^ | 研发投入（亿元） | 7 | 8 | ^
        开放（4分） | 进出口（亿元） | 7 | 8 | 市商务局
        """)
    assert [i.weight_group for i in notice.indicators] == [1, 1, 3]
    assert [t.max_points for t in notice.targets] == [5, 5, 5, 5, 4, 4]
    assert [i.level1 for i in notice.indicators] == ["创新", "创新", "开放"]


def test_a_blank_target_says_so() -> None:
    notice = read(f"""
        {HEADER}
        高质量发展 | 创新 | 高企数量（户） | 3 | . | 8 | 市科技局
        """)
    blank = notice.targets[0]
    assert (blank.status, blank.needs_review) == ("unreadable", True)
    assert blank.review_reason


def test_a_note_explains_a_sign() -> None:
    first = table(
        f"""
        {HEADER}
        高质量发展 | 创新 | 高企数量（户） | 3 | ※ | 8 | 市科技局
        """,
        notes=("注：“※”表示不考核。",),
    )
    notice = normalize(document(first), SourceMeta("x"))
    assert notice.targets[0].status == "not_assessed"


def test_a_gap_in_serial_numbers_is_a_lost_row() -> None:
    notice = read("""
        序号 | 考核指标 | 分值 | 甲县 | 乙县 | 责任单位
        1 | 高企数量（户） | 3 | 7 | 8 | 市科技局
        3 | 进出口（亿元） | 1 | 7 | 8 | 市商务局
        """)
    assert codes(notice) == ["serial_gap"]


def test_totals_row_is_no_indicator() -> None:
    notice = read("""
        考核指标 | 分值 | 甲县 | 乙县 | 责任单位
        高企数量（户） | 3 | 7 | 8 | 市科技局
        合计 | 4 | . | . | .
        """)
    assert len(notice.indicators) == 1
    assert "total_differs" in codes(notice)


@pytest.mark.parametrize(
    ("drawing", "code"),
    [
        ("姓名 | 部门 | 电话\n张 | 局 | 1", "no_indicator_table"),
        ("考核指标 | 甲县 | 乙县 | 责任单位\n高企数量 | 7 | 8 | 市科技局", "no_points"),
    ],
)
def test_tables_of_another_family_are_refused(drawing: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(drawing)
    assert refused.value.code == code
    assert "。" in refused.value.zh


def test_totals_printed_under_each_entity_are_checked_and_subtotals_are_not() -> None:
    notice = read("""
        考核指标 | 分值 | 甲县 | 乙县 | 责任单位
        高企数量（户） | 3 | 7 | 8 | 市科技局
        小计 | 3 | . | . | .
        进出口（亿元） | 1（乙县2） | 7 | 8 | 市商务局
        合计 | . | 4 | 6 | .
        """)
    wrong = [f.entity for f in notice.findings if f.code == "total_differs"]
    assert wrong == ["乙县"]
    assert [f.code for f in notice.findings].count("total_row") == 2


def test_a_heading_printed_blank_says_so() -> None:
    notice = read(f"""
        {HEADER}
        高质量发展 | 创新 | 高企数量（户） | 3 | 7 | 8 | 市科技局
        ^ | ^ | 研发投入（亿元） | 2 | 7 | 8 | 市科技局
        ^ | . | 进出口（亿元） | 1 | 7 | 8 | 市商务局
        """)
    assert codes(notice) == ["heading_blank"]
    assert [t.serial_no for t in notice.targets if t.needs_review] == [3, 3]


LEAF = "序号 | 考核内容 | 考核指标 | 考核单位 | 甲县 | 乙县"


def test_a_department_blank_at_a_closed_break_is_taken_from_below_and_doubted() -> None:
    above = f"{LEAF}\n1 | 发展 | 高企（2分） | 市科技局 | 7 | 8\n2 | ^ | 专利（3分） | . | 7 | 8"
    below = (
        f"{LEAF}\n3 | 发展 | 合同（2分） | 市财政局 | 7 | 8\n4 | ^ | 贸易（2分） | 市商务局 | 4 | 5"
    )
    notice = read(above, below)
    assert [i.assessing_departments for i in notice.indicators] == [
        ("市科技局",), ("市财政局",), ("市财政局",), ("市商务局",)
    ]  # fmt: skip
    assert {t.serial_no for t in notice.targets if t.needs_review} == {2}


def test_a_supporting_department_goes_on_with_the_points_it_spans() -> None:
    header = f"{HEADER} | 配合单位"
    above = f"""
        {header}
        发展 | 创新 | 高企（户） | 3 | 7 | 8 | 市科技局 | .
        ^ | ^ | 专利（件） | 2 | 7 | 8 | 市商务局 | .
        """
    below = f"""
        {header}
        发展 | 创新 | 合同（个） | . | 7 | 8 | 市商务局 | 市财政局、市统计局
        ^ | ^ | 贸易（亿元） | ^ | 4 | 5 | 市商务局 | ^
        """
    notice = read(above, below)
    assert [len(i.supporting_departments) for i in notice.indicators] == [0, 2, 2, 2]
    assert not any(t.needs_review for t in notice.targets)


def test_points_left_blank_inside_a_page_are_doubted_at_its_end_too() -> None:
    rows = "^ | ^ | 专利（件） | . | 7 | 8 | 市科技局\n^ | ^ | 合同（个） | . | 7 | 8 | 市科技局"
    above = f"{HEADER}\n发展 | 创新 | 高企（户） | 3 | 7 | 8 | 市科技局\n{rows}"
    below = f"{HEADER}\n发展 | 创新 | 贸易（亿元） | 2 | 4 | 5 | 市商务局"
    notice = read(above, below)
    assert {t.serial_no for t in notice.targets if t.needs_review} >= {2, 3}


def test_a_heading_across_the_table_at_the_end_of_a_page_is_no_note() -> None:
    header = "序号 | 考核指标 | 分值 | 甲县 | 乙县 | 责任单位"
    first = table(
        f"{header}\n一、发展 | < | < | < | < | <\n1 | 高企（户） | 3 | 7 | 8 | 市科技局",
        notes=("二、民生",),
        place="表1",
    )
    second = table(f"{header}\n2 | 就业（人） | 3 | 7 | 8 | 市人社局", number=2, place="表2")
    last = table(
        f"{header}\n1 | 就业（人） | 3 | 7 | 8 | 市人社局",
        number=3,
        place="表3",
        notes=("三、说明",),
    )
    notice = normalize(document(first, second), SourceMeta("x"))
    assert [i.level1 for i in notice.indicators] == ["发展", "民生"]
    alone = normalize(document(last), SourceMeta("x"))
    assert [f.code for f in alone.findings] == ["table_note"]


def test_a_page_that_begins_with_a_row_of_words_like_a_headers_goes_on() -> None:
    header = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 丙县 | 丁县 | 责任单位"
    edges = tuple(range(0, 900, 100))
    first = f"{header}\n发展 | 高企（户） | 3 | 7 | 8 | 7 | 8 | 市科技局"
    same = " | ".join(["高于全省平均水平"] * 3)
    below = (
        f". | 深化改革相关工作 | . | {same} | 完成 | .\n. | 保密工作 | 2 | 7 | 8 | 7 | 8 | 市委办"
    )
    tables = [table(first, page=1, edges=edges), table(below, number=2, page=2, edges=edges)]
    notice = normalize(document(*tables), SourceMeta("x"))
    assert len(notice.indicators) == 3
    assert "other_table" not in codes(notice)


def test_a_table_ruled_as_the_one_read_is_not_left_out_lightly() -> None:
    header = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位"
    edges = tuple(range(0, 700, 100))
    first = f"{header}\n发展 | 高企（户） | 3 | 7 | 8 | 市科技局"
    other = (
        "步骤 | 工作内容 | 时间 | 地点 | 要求 | 联系人\n一 | 动员部署 | 3月 | 会场 | 全员 | 王某"
    )
    tables = [table(first, page=1, edges=edges), table(other, number=2, page=2, edges=edges)]
    notice = normalize(document(*tables), SourceMeta("x"))
    assert [f.severity for f in notice.findings if f.code == "other_table"] == ["warning"]


def test_a_heading_with_points_that_is_printed_again_in_each_row_gives_them_once() -> None:
    notice = read("""
        考核内容 | 考核项目 | 考核指标 | 甲县 | 乙县 | 责任单位
        发展 | 创新（9分） | 高企（户） | 7 | 8 | 市科技局
        ^ | 创新（9分） | 专利（件） | 7 | 8 | 市科技局
        ^ | 创新（9分） | 合同（个） | 7 | 8 | 市科技局
        ^ | 协调（3分） | 贸易（亿元） | 7 | 8 | 市商务局
        """)
    assert [i.weight_group for i in notice.indicators] == [1, 1, 1, 4]
    assert [i.base_points for i in notice.indicators] == [9, 9, 9, 3]


def test_a_row_without_a_name_at_a_page_top_is_doubted_where_its_texts_are_whole() -> None:
    above = f"""
        {HEADER}
        发展 | 创新 | 高企（户） | 3 | 贯彻落实 | 全面完成 | 市科技局
        ^ | ^ | 专利（件） | 2 | 贯彻落实 | 贯彻落实 | 市商务局
        """
    below = f"""
        {HEADER}
        发展 | 创新 | . | . | 全面完成 | 全面完成 | 市商务局
        ^ | ^ | 贸易（亿元） | 2 | 4 | 5 | 市商务局
        """
    notice = read(above, below)
    assert "row_cut_unsure" in {f.code for f in notice.findings}


def test_a_leaf_that_lost_its_points_does_not_take_those_of_its_heading() -> None:
    notice = read("""
        考核内容 | 考核指标 | 甲县 | 乙县 | 责任单位
        发展（9分） | 高企（户）（3分） | 7 | 8 | 市科技局
        ^ | 专利（件） | 7 | 8 | 市科技局
        ^ | 合同（个）（2分） | 7 | 8 | 市科技局
        """)
    assert "points_blank" in codes(notice)
    assert max(i.base_points or 0 for i in notice.indicators) == 3
