"""Where a header stands, how tall it is, and what its columns hold."""

from __future__ import annotations

import pytest

from normalize.columns.words import role_by_name
from normalize.layout.converted_columns import ragged_columns
from normalize.layout.header import find_header
from normalize.layout.table_chains import chains
from normalize.model.table import Role
from schemas.records.document import Cell, Table
from tests.support.for_each import for_each
from tests.support.normalize.drawn import table


@for_each(
    "name, role",
    [
        ("序号", Role.SERIAL),
        ("三级指标", Role.LEVEL),
        ("考核内容", Role.LEVEL),
        ("分 值", Role.POINTS),
        ("权重（%）", Role.POINTS),
        ("目标分值", Role.POINTS),
        ("标准分", Role.POINTS),
        ("2021年目标值", Role.TARGET),
        ("目标任务", Role.TARGET),
        ("计量单位", Role.UNIT),
        ("考核评估及数据提供单位", Role.ASSESSING),
        ("牵头单位", Role.ASSESSING),
        ("监考单位", Role.ASSESSING),
        ("数据来源", Role.ASSESSING),
        ("配合单位", Role.SUPPORTING),
        ("计分办法", Role.METHOD),
        ("评分标准", Role.METHOD),
        ("备注", Role.NOTE),
        ("2019年完成值", Role.BASE),
        ("自评得分", Role.NOTE),
        ("雁江区", None),
        ("高新区", None),
    ],
)
def test_names_of_columns(name: str, role: Role | None) -> None:
    assert role_by_name(name) is role


def test_header_below_a_title_drawn_into_the_grid() -> None:
    header = find_header(
        table(
            """
            2020年考核指标 | < | < | <
            单位：分 | < | < | <
            考核指标 | 分值 | 甲县 | 责任单位
            高企（户） | 3 | 7 | 市科技局
            """
        )
    )
    assert header is not None
    assert (header.start, header.end) == (2, 3)


def test_unmerged_second_header_row() -> None:
    header = find_header(
        table(
            """
            考核指标 | 分值 | 目标值 | . | 责任单位
            . | . | 甲县 | 乙县 | .
            高企（户） | 3 | 7 | 8 | 市科技局
            """
        )
    )
    assert header is not None
    assert header.end == 2
    assert [path[-1] for path in header.paths] == ["考核指标", "分值", "甲县", "乙县", "责任单位"]


@pytest.mark.parametrize(
    "second",
    ["数据项1 | 数据项2", "1季度 | 6月底", "A档（90分以上） | B档（80分以上）", "2024 | 2025"],
)
def test_a_second_header_row_may_hold_digits(second: str) -> None:
    header = find_header(
        table(
            f"""
            考核指标 | 分值 | 目标值 | 其他 | < | 责任单位
            ^ | ^ | ^ | {second} | ^
            高企（户） | 3 | 7 | 5 | 6 | 市科技局
            """
        )
    )
    assert header is not None
    assert (header.start, header.end) == (0, 2)


def test_a_page_that_begins_with_rows_has_no_header() -> None:
    """Names in rows may sound like columns: 重大项目储备, 完成年度任务."""
    assert (
        find_header(
            table(
                """
                高质量发展 | 重大项目储备 | 1 | 完成年度任务 | 完成年度任务 | 市统计局
                ^ | 乡镇客车 | 重点领域任务 | 考核单位 | 目标值 | 市统计局
                """
            )
        )
        is None
    )


def converted(*rows: str) -> Table:
    """Draw a converted text: rows of any length, every cell as written."""
    parted = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    width = max(map(len, parted))
    cells = tuple(
        Cell(r, c, text) for r, row in enumerate(parted, 1) for c, text in enumerate(row, 1)
    )
    return Table(1, cells, len(parted), width, regular=False)


def columns(*rows: str) -> list[tuple[Role, str]]:
    (chain,), _ = chains([converted(*rows)])
    return [(column.role, column.name) for column in ragged_columns(chain)]


GROUPED = [
    (Role.LEVEL, "考核指标"),
    (Role.POINTS, "分值"),
    (Role.TARGET, "甲县"),
    (Role.TARGET, "乙县"),
    (Role.ASSESSING, "责任单位"),
]


@pytest.mark.parametrize(
    "second", ["| | | 甲县 | 乙县 | |", "| 甲县 | 乙县 | | | |", "| | | | 甲县 | 乙县 |"]
)
def test_a_header_row_of_a_converted_text_may_be_shifted(second: str) -> None:
    first = "| 考核指标 | 分值 | 目标值 | | 责任单位 |"
    assert columns(first, second, "| 高企（户） | 3 | 7 | 8 | 市科技局 |") == GROUPED


def test_groups_over_groups_in_a_converted_text() -> None:
    read = columns(
        "| 考核指标 | 分值 | 目标值 | | | 责任单位 |",
        "| | | 县区 | | 功能区 | |",
        "| | | 甲县 | 乙县 | 高新区 | |",
        "| 高企（户） | 3 | 7 | 8 | 9 | 市科技局 |",
    )
    assert [name for role, name in read if role is Role.TARGET] == ["甲县", "乙县", "高新区"]


def test_a_wider_header_means_that_the_deepest_level_is_split() -> None:
    read = columns(
        "| 一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位 | |",
        "| 高质量 | 中小企业 | 培育（户） | 1 | 7 | 8 | 市科技局 |",
    )
    assert [name for role, name in read if role is Role.LEVEL] == [
        "一级指标",
        "三级指标",
        "三级指标",
    ]


def test_rows_under_a_merged_cell_whose_words_sound_like_headings_are_no_header() -> None:
    assert (
        find_header(
            table(
                """
                年度重点工作 | 安全生产 | 生猪出栏 | . | 按《安全生产考核办法》考核 | 市应急局
                ^ | ^ | 改造厕所（户） | ^ | 年终比较考核 | ^
                ^ | ^ | 质量工作 | ^ | 高于平均水平 | ^
                """
            )
        )
        is None
    )
    assert (
        find_header(
            table(
                """
                年度重点工作 | 安全生产 | 生猪出栏 | 4 | 考核办法 | 市应急局
                ^ | ^ | 改造厕所（户） | ^ | 年终比较考核 | ^
                """
            )
        )
        is None
    )


def test_a_header_of_which_a_page_has_room_for_the_first_row_only() -> None:
    known = find_header(
        table(
            """
            考核指标 | 分值 | 目标值 | < | 责任单位
            ^ | ^ | 甲县 | 乙县 | ^
            高企（户） | 3 | 7 | 8 | 市科技局
            """
        )
    )
    assert known is not None
    assert known.height == 2
    again = find_header(table("考核指标 | 分值 | 目标值 | < | 责任单位"), known)
    assert again is not None
    assert (again.start, again.end) == (0, 1)


@for_each(
    "row, numbers",
    [
        ("甲 | 乙 | 1 | 2 | 3", True),
        ("（1） | （2） | （3） | （4） | （5）", True),
        ("① | ② | ③ | ④ | ⑤=③+④", True),
        ("A | B | 1 | 2 | 3=1-2", True),
        ("栏次 | 1 | 2 | 3 | 4", False),
        ("1 | 甲 | 5 | 2 | 3", False),
        ("1 | 高企 | 3 | 4 | 5", False),
        (". | . | 1 | 2 | .", False),
    ],
)
def test_a_row_that_numbers_the_columns_ends_the_header(row: str, *, numbers: bool) -> None:
    drawn = table(f"序号 | 考核指标 | 分值 | 甲县 | 乙县\n{row}\n1 | 高企（户） | 3 | 7 | 8")
    header = find_header(drawn)
    assert header is not None
    assert (header.end, header.paths[1]) == (2 if numbers else 1, ("考核指标",))
