"""Items on top of the whole, points by group of entities, and rows that are headings."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.read import read_document
from normalize.pipeline import normalize
from normalize.points.kinds import kind_in_cell, kind_in_name
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

HEADER = "一级指标 | 三级指标 | 分值 | 甲县 | 乙区 | 评分办法 | 责任单位"
ORDINARY = """
    发展 | 工业投资（亿元） | 60 | 7 | 8 | 按完成率计分 | 市经信局
    ^ | 技改投资（亿元） | 40 | 5 | 6 | 按完成率计分 | 市经信局
"""


def read(header: str, body: str, title: str = "2020年度考核指标") -> Notice:
    lines = "\n".join(line.strip() for line in f"{header}\n{body}".splitlines() if line.strip())
    return normalize(document(table(lines, page=1), title=title), SourceMeta("x", year=2020))


def points(notice: Notice, serial_no: int) -> list[float | None]:
    return [t.max_points for t in notice.targets if t.serial_no == serial_no]


def flagged(notice: Notice) -> set[int]:
    return {t.serial_no for t in notice.targets if t.needs_review}


@for_each(
    "text, kind, cap",
    [
        ("+5", "bonus", 5),
        ("-5", "minus", 5),
        ("加5分", "bonus", 5),
        ("最高加5分", "bonus", 5),
        ("加分", "bonus", None),
        ("加分项", "bonus", None),
        ("附加分5", "bonus", 5),
        ("5（加分）", "bonus", 5),
        ("加分，累计不超过5分", "bonus", 5),
        ("每项加2分", "bonus", None),
        ("±2", "bonus_or_minus", 2),
        ("+5/-5", "bonus_or_minus", 5),
        ("加/扣3分", "bonus_or_minus", 3),
        ("扣5", "minus", 5),
        ("扣分项", "minus", None),
        ("倒扣", "minus", None),
        ("每次扣1分，最多扣5分", "minus", 5),
        ("一票否决", "veto", None),
        ("不设分值", "unscored", None),
    ],
)
def test_points_cells_that_name_a_kind(text: str, kind: str, cap: float | None) -> None:
    found = kind_in_cell(text)
    assert found is not None
    assert (found.kind, found.cap) == (kind, cap)


@for_each("text", ["5", "/", "—", "-", "1.5（含加分）", "10+5", "加3扣5", "60%", ""])
def test_points_cells_that_name_none(text: str) -> None:
    assert kind_in_cell(text) is None


@for_each(
    "name, kind",
    [
        ("加分项（最高加5分）", "bonus"),
        ("特色创新加分项", "bonus"),
        ("减分项", "minus"),
        ("奖惩事项", "bonus_or_minus"),
        ("一票否决事项", "veto"),
        ("奖励资金", None),
        ("减排", None),
        ("加强监管", None),
        ("约束性指标", None),
    ],
)
def test_names_of_kinds(name: str, kind: str | None) -> None:
    assert kind_in_name(name) == kind


def test_items_on_top_of_the_whole_are_outside_its_points() -> None:
    notice = read(
        HEADER,
        f"""{ORDINARY}
        加分项 | 国家级表彰 | +3 | 按实际发生情况考核 | < | 每项加1分 | 市考核办
        扣分项 | 通报批评 | -2 | --- | --- | 每次扣0.5分 | 市考核办
        一票否决 | 重大事故 | --- | --- | --- | 取消资格 | 市应急局
        """,
    )
    kinds = [(i.item_kind, i.cap, i.base_points) for i in notice.indicators[2:]]
    assert kinds == [("bonus", 3.0, None), ("minus", 2.0, None), ("veto", None, None)]
    assert [points(notice, serial) for serial in (3, 4, 5)] == [[None, None]] * 3
    # A dash in such a row exempts nobody.
    assert {t.status for t in notice.targets} == {"assessed"}
    assert [t.target_text for t in notice.targets[4:]] == ["按实际发生情况考核"] * 2 + [None] * 4
    assert {(t.item_kind, t.cap) for t in notice.targets if t.serial_no == 4} == {("minus", 2.0)}
    assert not flagged(notice)
    assert "points_missing" not in {f.code for f in notice.findings}


@pytest.mark.parametrize("text", ["不得发生", "违规举债", "严禁出现"])
def test_the_words_of_a_veto_are_no_odd_target(text: str) -> None:
    notice = read(
        HEADER, f"{ORDINARY} 一票否决 | 违规举借政府债务 | --- | {text} | < | 取消资格 | 市财政局"
    )
    assert {t.target_text for t in notice.targets if t.serial_no == 3} == {text}
    assert not flagged(notice)
    assert "target_untyped" not in {f.code for f in notice.findings}


def test_a_number_under_a_heading_of_bonus_items_is_their_cap() -> None:
    notice = read(
        HEADER, f"{ORDINARY}\n加分项 | 国家级表彰 | 3 | 按实际发生情况考核 | < | | 市考核办"
    )
    assert (notice.indicators[2].item_kind, notice.indicators[2].cap) == ("bonus", 3.0)
    assert not flagged(notice)


def test_a_sign_alone_is_doubted() -> None:
    notice = read(HEADER, ORDINARY.replace("| 40 |", "| -40 |"))
    assert (notice.indicators[1].item_kind, notice.indicators[1].cap) == ("minus", 40.0)
    assert flagged(notice) == {2}


def test_points_by_group_of_entities() -> None:
    notice = read(
        """指标名称 | 分值 | < | 目标值 | < | < | 考核单位
        ^ | 县（市、区） | 园区 | 岱海县 | 洪城市 | 保税港区 | ^""",
        """工业投资（亿元） | 50 | 60 | 10 | 12 | 7 | 市经信局
        技改投资（亿元） | 30 | 40 | 5 | 6 | 3 | 市经信局
        合同（件） | 20 | --- | 5 | 6 | 不考核 | 市经信局""",
    )
    assert notice.entities == ("岱海县", "洪城市", "保税港区")
    assert [points(notice, n) for n in (1, 2, 3)] == [[50, 50, 60], [30, 30, 40], [20, 20, None]]
    assert [i.base_points for i in notice.indicators] == [None, None, None]
    assert not flagged(notice)


def test_groups_of_points_are_the_headings_over_the_entities() -> None:
    notice = read(
        """考评指标 | 指标权重 | < | < | 指标目标 | < | < | < | 归口部门
        ^ | 中心城区 | 农业县 | 功能区 | 中心城区 | 农业县 | < | 功能区 | ^
        ^ | ^ | ^ | ^ | 榆关区 | 稷丘县 | 麦岭县 | 联动区 | ^""",
        """工业投资（亿元） | 50 | 60 | 70 | 10 | 12 | 7 | 3 | 市经信局
        技改投资（亿元） | 50 | 40 | 30 | 5 | 6 | 3 | 1 | 市经信局""",
    )
    assert notice.entities == ("榆关区", "稷丘县", "麦岭县", "联动区")
    assert [points(notice, n) for n in (1, 2)] == [[50, 60, 60, 70], [50, 40, 40, 30]]
    assert not flagged(notice)


def test_an_entity_of_no_group_has_no_points() -> None:
    notice = read(
        """指标名称 | 分值 | < | 目标值 | < | 考核单位
        ^ | 县区 | 园区 | 岱海县 | 青石镇 | ^""",
        """工业投资（亿元） | 50 | 60 | 10 | 12 | 市经信局
        技改投资（亿元） | 50 | 40 | 5 | 6 | 市经信局""",
    )
    assert [t.entity for t in notice.targets if t.needs_review] == ["青石镇", "青石镇"]


def test_points_in_pairs_are_no_sums_of_each_other() -> None:
    notice = read(
        """指标名称 | 甲县 | < | 乙区 | < | 考核单位
        ^ | 分值 | 目标值 | 分值 | 目标值 | ^""",
        """工业投资（亿元） | 50 | 10 | 60 | 12 | 市经信局
        技改投资（亿元） | 50 | 5 | 40 | 6 | 市经信局""",
    )
    assert [points(notice, n) for n in (1, 2)] == [[50, 60], [50, 40]]
    assert not notice.findings


LIST = "序号 | 考核项目 | 分值 | 甲县 | 乙区 | 责任单位"


def levels(notice: Notice) -> list[tuple[str | None, str | None, str]]:
    return [(i.level1, i.level2, i.indicator) for i in notice.indicators]


@pytest.mark.parametrize("target", ["", "全面完成"])
def test_a_numbered_row_with_the_sum_of_those_below_is_a_heading(target: str) -> None:
    notice = read(
        LIST,
        f"""一、 | 日常管护 | 60 | {target} | {target} | 市水利局
        1 | 河道保洁 | 40 | 7 | 8 | 市水利局
        2 | 巡查记录 | 20 | 5 | 6 | 市水利局
        二、 | 排污整治 | 40 | {target} | {target} | 市环保局
        1 | 排污口台账 | 40 | 3 | 4 | 市环保局""",
    )
    assert levels(notice) == [
        ("日常管护", None, "河道保洁"),
        ("日常管护", None, "巡查记录"),
        ("排污整治", None, "排污口台账"),
    ]
    assert [i.base_points for i in notice.indicators] == [40, 20, 40]
    assert not flagged(notice)


def test_numbered_headings_nest() -> None:
    notice = read(
        LIST,
        """一 | 发展 | 60 | | | 市水利局
        （一） | 创新 | 40 | | | 市水利局
        1 | 河道保洁 | 25 | 7 | 8 | 市水利局
        2 | 巡查记录 | 15 | 5 | 6 | 市水利局
        （二） | 协调 | 20 | | | 市水利局
        1 | 用水量 | 20 | 5 | 6 | 市水利局
        二 | 民生 | 40 | | | 市环保局
        （一） | 就业 | 40 | | | 市环保局
        1 | 台账 | 40 | 3 | 4 | 市环保局""",
    )
    assert levels(notice) == [
        ("发展", "创新", "河道保洁"),
        ("发展", "创新", "巡查记录"),
        ("发展", "协调", "用水量"),
        ("民生", "就业", "台账"),
    ]
    assert not flagged(notice)


def test_rows_that_add_up_to_the_row_above_are_under_it() -> None:
    notice = read(
        LIST.removeprefix("序号 | "),
        """日常管护 | 60 | 7 | 8 | 市水利局
        河道保洁 | 40 | 7 | 8 | 市水利局
        巡查记录 | 20 | 5 | 6 | 市水利局
        排污整治 | 40 | 7 | 8 | 市环保局
        排污口台账 | 15 | 3 | 4 | 市环保局
        雨污分流 | 25 | 3 | 4 | 市环保局""",
    )
    assert [(i.level1, i.base_points) for i in notice.indicators] == [
        ("日常管护", 40),
        ("日常管护", 20),
        ("排污整治", 15),
        ("排污整治", 25),
    ]
    assert not flagged(notice)


def test_equal_points_are_no_headings() -> None:
    rows = "\n".join(f"任务{n} | 10 | 7 | 8 | 市水利局" for n in range(10))
    assert len(read(LIST.removeprefix("序号 | "), rows).indicators) == 10


def test_a_heading_in_a_level_column_goes_on_below() -> None:
    notice = read(
        "序号 | 一级指标 | 二级指标 | 分值 | 甲县 | 乙区 | 责任单位",
        """一 | 发展 | | 60 | | | 市水利局
        1 | | 河道保洁 | 60 | 7 | 8 | 市水利局
        二 | 民生 | | 40 | | | 市环保局
        2 | | 台账 | 40 | 3 | 4 | 市环保局""",
    )
    assert levels(notice) == [("发展", None, "河道保洁"), ("民生", None, "台账")]
    assert not flagged(notice)


def test_subtotals_within_a_heading_are_no_items() -> None:
    notice = read(
        HEADER,
        """发展 | 工业投资（亿元） | 40 | 7 | 8 | 按完成率计分 | 市经信局
        ^ | 技改投资（亿元） | 20 | 5 | 6 | 按完成率计分 | 市经信局
        ^ | 小计 | 60 | | | |
        民生 | 就业（人） | 40 | 5 | 6 | 按完成率计分 | 市人社局
        ^ | 本板块合计 | 40 | | | |
        合计 | < | 100 | | | |""",
    )
    assert [i.indicator for i in notice.indicators] == ["工业投资", "技改投资", "就业"]
    assert not flagged(notice)


def test_a_name_over_level_3_and_4_is_level_3() -> None:
    notice = read(
        "一级指标 | 二级指标 | 三级指标 | 四级指标 | 满分 | 甲县 | 乙区 | 责任单位",
        """发展 | 工业 | 水平 | 工业投资（亿元） | 60 | 7 | 8 | 市经信局
        ^ | ^ | 新增企业（户） | < | 40 | 5 | 6 | 市经信局""",
    )
    found = [(i.level3, i.level4) for i in notice.indicators]
    assert found == [("水平", "工业投资（亿元）"), ("新增企业（户）", None)]


def test_a_header_cut_off_at_a_pages_foot_is_no_table() -> None:
    header = """指标名称 | 分值 | 目标值 | < | 考核单位
        ^ | ^ | 甲县 | 乙区 | ^"""
    pages = [
        table(f"{header}\n工业投资（亿元） | 50 | 10 | 12 | 市经信局", number=1, page=1),
        table("指标名称 | 分值 | 目标值 | < | 考核单位", number=2, page=1),
        table("| | 甲县 | 乙区 |\n技改投资（亿元） | 50 | 5 | 6 | 市经信局", number=3, page=2),
    ]
    notice = normalize(document(*pages), SourceMeta("x", year=2020))
    assert [i.indicator for i in notice.indicators] == ["工业投资", "技改投资"]
    assert not notice.findings


RELATIVE = "一级指标 | 权重 | 二级指标 | 权重 | 三级指标 | 权重 | 甲县 | 乙区 | 责任单位"


def relative(*points: str) -> Notice:
    two = points[0].split()
    three = points[1].split()
    return read(
        RELATIVE,
        f"""发展 | 60 | 工业 | {two[0]} | 投资（亿元） | {three[0]} | 7 | 8 | 市经信局
        ^ | ^ | ^ | ^ | 技改（亿元） | {three[1]} | 5 | 6 | 市经信局
        ^ | ^ | 农业 | {two[1]} | 粮食（万吨） | {three[2]} | 5 | 6 | 市农业局
        民生 | 40 | 就业 | {two[2]} | 新增就业（人） | {three[3]} | 5 | 6 | 市人社局
        ^ | ^ | 教育 | {two[3]} | 学位（个） | {three[4]} | 5 | 6 | 市教育局
        ^ | ^ | ^ | ^ | 普惠率（%） | {three[5]} | 5 | 6 | 市教育局""",
    )


def test_relative_weights_become_shares_of_the_whole() -> None:
    notice = relative("70 30 50 50", "40 60 100 100 20 80")
    assert [i.base_points for i in notice.indicators] == pytest.approx(
        [60 * 0.7 * 0.4, 60 * 0.7 * 0.6, 60 * 0.3, 20, 20 * 0.2, 20 * 0.8]
    )
    assert sum(i.base_points or 0 for i in notice.indicators) == pytest.approx(100)
    printed = [(note.header, note.text) for note in notice.indicators[0].notes]
    assert printed == [("权重", "60"), ("权重", "70"), ("权重", "40")]
    assert not flagged(notice)
    assert "heading_sum_differs" not in {f.code for f in notice.findings}


def test_a_level_may_be_relative_and_the_next_one_not() -> None:
    notice = relative("70 30 50 50", "30 40 30 50 20 30")
    expected = [60 * 0.3, 60 * 0.4, 60 * 0.3, 20, 40 * 0.2, 40 * 0.3]
    assert [i.base_points for i in notice.indicators] == pytest.approx(expected)
    assert not flagged(notice)


def test_points_that_sum_up_are_points() -> None:
    notice = relative("40 20 25 15", "30 10 20 25 5 10")
    assert [i.base_points for i in notice.indicators] == [30, 10, 20, 25, 5, 10]
    assert not any(i.notes for i in notice.indicators)
    assert not flagged(notice)


def test_one_misprint_makes_no_points_relative() -> None:
    notice = relative("40 20 25 15", "30 10 20 25 5 9")
    assert [i.base_points for i in notice.indicators] == [30, 10, 20, 25, 5, 9]
    assert "heading_sum_differs" in {f.code for f in notice.findings}


def test_a_heading_that_a_new_page_prints_again_is_summed_once() -> None:
    notice = read(
        RELATIVE,
        """发展 | 60 | 工业 | 25 | 投资（亿元） | 15 | 7 | 8 | 市经信局
        ^ | ^ | ^ | ^ | 技改（亿元） | 10 | 5 | 6 | 市经信局
        ^ | ^ | 商贸 | 15 | 零售（亿元） | 15 | 5 | 6 | 市商务局
        发展 | 60 | 农业 | 20 | 粮食（万吨） | 20 | 5 | 6 | 市农业局
        民生 | 40 | 就业 | 40 | 新增就业（人） | 25 | 5 | 6 | 市人社局
        ^ | ^ | ^ | ^ | 学位（个） | 15 | 5 | 6 | 市教育局""",
    )
    assert [i.base_points for i in notice.indicators] == [15, 10, 15, 20, 25, 15]
    assert not flagged(notice)


def test_sums_that_are_no_common_number_make_no_points_relative() -> None:
    notice = relative("40 20 25 15", "30 12 21 26 5 11")
    assert [i.base_points for i in notice.indicators] == [30, 12, 21, 26, 5, 11]
    found = [f for f in notice.findings if f.code == "heading_sum_differs"]
    assert len(found) >= 4


def test_shares_of_no_whole_are_doubted() -> None:
    notice = relative("7 4 5 6", "3 4 4 5 2 4")
    assert sum(i.base_points or 0 for i in notice.indicators) == pytest.approx(100)
    assert flagged(notice) == {1, 2, 3, 4, 5, 6}


MARKDOWN = """2025年度县区考核指标

| 序号 | 指标名称 | 分值 | 甲县 | 乙区 | 得分 | 考核部门 |
|---|---|---|---|---|---|---|
| 一 | 经济发展 | 60 | | | | |
| 1 | 工业投资（亿元） | 35 | 10 | 12 | | 市经信局 |
| 2 | 技改投资（亿元） | 25 | 5 | 6 | | 市经信局 |
| 二 | 社会民生 | 40 | | | | |
| 1 | 新增就业（人） | 20 | 100 | 120 | | 市人社局 |
| 2 | 学位（个） | 20 | 50 | 60 | | 市教育局 |
| | 合计 | 100 | | | | |
| 三 | 加分项 | | | | | |
| 1 | 国家级表彰 | 加3分 | — | — | | 市考核办 |
| 四 | 扣分项 | 5 | | | | |
| 1 | 通报批评 | 3 | — | — | | 市考核办 |
"""


def test_heading_rows_of_converted_text_are_headings(tmp_path: Path) -> None:
    path = tmp_path / "notice.md"
    path.write_text(MARKDOWN, "utf-8")
    notice = normalize(read_document(path), SourceMeta("x", year=2025))
    found = [(i.level1, i.indicator, i.item_kind, i.base_points, i.cap) for i in notice.indicators]
    assert found == [
        ("经济发展", "工业投资", "scored", 35, None),
        ("经济发展", "技改投资", "scored", 25, None),
        ("社会民生", "新增就业", "scored", 20, None),
        ("社会民生", "学位", "scored", 20, None),
        ("加分项", "国家级表彰", "bonus", None, 3),
        ("扣分项", "通报批评", "minus", None, 3),
    ]
    assert not flagged(notice)
    assert {f.code for f in notice.findings} == {"total_row"}
