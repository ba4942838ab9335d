"""Methods that stand in another table of the document, joined by serial number and name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from normalize.pipeline import normalize
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.normalize.drawn import document, table

MAIN = """
    序号 | 考核项目 | 考核指标 | 分值 | 甲县 | 乙县
    1 | 发展 | 投资额（亿元） | 60 | 12 | 13
    2 | 发展 | 高企数量（户） | 30 | 3 | 4
    3 | 环境 | 空气优良天数（天） | 10 | 300 | 310
    """
SAID = [
    (1, "每少1亿元扣2分，扣完为止", "applied", 5),
    (2, "按完成比例得分", "applied", 5),
    (3, "完成得满分，未完成不得分", "applied", 5),
]


def read(
    drawing: str, *more: str, main: str = MAIN, notes: tuple[str, ...] = (), title: str = "评分细则"
) -> Notice:
    drawn = [
        table(main, page=1),
        table(drawing, number=2, page=5, caption=(f"附件2 {title}",), notes=notes),
        *(table(each, number=at, page=6) for at, each in enumerate(more, 3)),
    ]
    return normalize(document(*drawn, title="2020年度考核指标"), SourceMeta("x"))


def methods(notice: Notice) -> list[tuple[int, str, str, int | None]]:
    return [(m.serial_no, m.text, str(m.status), m.page) for m in notice.methods]


def found(notice: Notice) -> set[tuple[str, str]]:
    return {(f.code, str(f.severity)) for f in notice.findings}


@pytest.mark.parametrize(
    "drawing",
    [
        """
        序号 | 考核指标 | 评分办法
        1 | 投资额 | 每少1亿元扣2分，扣完为止
        2 | 2.高企数量（户） | 按完成比例得分
        3 | 空气优良天数 | 完成得满分，未完成不得分
        """,
        """
        考核指标 | 评分标准
        空气优良天数 | 完成得满分，未完成不得分
        投资额（亿元） | 每少1亿元扣2分，扣完为止
        高企数量 | 按完成比例得分
        """,
        """
        序号 | 计分办法
        1 | 每少1亿元扣2分，扣完为止
        2 | 按完成比例得分
        3 | 完成得满分，未完成不得分
        """,
        """
        考核项目 | 考核指标 | 分值 | 考核内容 | 评分标准 | 责任单位
        发展 | 投资额（亿元） | 60 | 固定资产投资，不含农户 | 每少1亿元扣2分，扣完为止 | 市发改委
        ^ | 高企数量（户） | 30 | 年末有效数，以库为准 | 按完成比例得分 | 市科技局
        环境 | 空气优良天数（天） | 10 | 全年累计，以监测为准 | 完成得满分，未完成不得分 | 市环境局
        """,
    ],
    ids=["number and name", "name", "number", "with points and requirements"],
)
def test_each_row_has_the_method_that_another_table_prints_for_it(drawing: str) -> None:
    notice = read(drawing)
    assert methods(notice) == SAID
    assert all(m.cell and m.cell.table_no == 2 for m in notice.methods)
    assert {severity for _, severity in found(notice)} == {"info"}
    assert [t.target_value for t in notice.targets] == [12, 13, 3, 4, 300, 310]
    assert not any(t.needs_review for t in notice.targets)


def test_what_joins_nothing_is_named_and_nothing_is_guessed() -> None:
    notice = read(
        """
        序号 | 考核指标 | 评分办法 | 依据
        1 | 投资额 | 每少1亿元扣2分，扣完为止 | 统计局
        3 | 高企数量 | 按完成比例得分 | 科技局
        4 | 粮食产量 | 未完成不得分 | .
        """
    )
    assert methods(notice) == SAID[:1]
    said = [f.message_zh for f in notice.findings if f.code == "methods_elsewhere"]
    assert "“依据”栏没有入库" in said[0]
    assert "2行没有对应到指标" in said[1]
    assert "第3项高企数量" in said[1]
    assert "第4项粮食产量" in said[1]


def test_a_row_with_a_method_of_its_own_as_well_is_provisional_unless_they_say_the_same() -> None:
    main = """
        序号 | 考核项目 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
        1 | 发展 | 投资额（亿元） | 60 | 12 | 13 | 每少1亿元扣2分，扣完为止
        2 | 发展 | 高企数量（户） | 40 | 3 | 4 | 未完成不得分
        """
    notice = read(
        """
        序号 | 考核指标 | 评分办法
        1 | 投资额 | 每少1亿元扣2分，扣完为止。
        2 | 高企数量 | 按完成比例得分
        """,
        main=main,
    )
    assert [(m.serial_no, str(m.status), m.page) for m in notice.methods] == [
        (1, "applied", 1),
        (2, "proposed", 1),
        (2, "proposed", 5),
    ]


def test_rows_named_alike_are_told_apart_by_their_headings_or_not_joined() -> None:
    main = """
        考核项目 | 考核指标 | 分值 | 甲县 | 乙县
        工业 | 增速（%） | 60 | 5 | 6
        农业 | 增速（%） | 40 | 3 | 4
        """
    with_headings = """
        考核项目 | 考核指标 | 评分办法
        农业 | 增速 | 完成得满分，未完成不得分
        工业 | 增速 | 每低1个百分点扣2分，扣完为止
        """
    assert [(m.serial_no, m.text[:2]) for m in read(with_headings, main=main).methods] == [
        (1, "每低"),
        (2, "完成"),
    ]
    bare = """
        考核指标 | 评分办法
        增速 | 完成得满分，未完成不得分
        """
    notice = read(bare, main=main)
    assert notice.methods == ()
    assert ("methods_elsewhere", "warning") in found(notice)


def test_points_that_differ_and_numbers_of_a_list_of_its_own_are_not_believed() -> None:
    other_points = read(
        """
        考核指标 | 分值 | 评分标准
        投资额 | 50 | 每少1亿元扣2分，扣完为止
        """
    )
    assert methods(other_points) == [(1, SAID[0][1], "proposed", 5)]
    general = read(
        """
        序号 | 计分办法
        1 | 完成得满分，未完成不得分
        2 | 按完成比例得分
        """
    )
    assert general.methods == ()
    assert ("methods_elsewhere", "warning") in found(general)


def test_grades_and_items_of_their_own_are_no_rows_methods() -> None:
    grades = """
        序号 | 等次 | 评定标准
        1 | 优秀 | 90分以上
        2 | 良好 | 80分以上
        3 | 一般 | 80分以下
        """
    notice = read(grades, title="考核等次")
    assert notice.methods == ()
    items = """
        序号 | 加分项目 | 加分标准
        1 | 获国家级表彰 | 每项加2分
        2 | 获省级表彰 | 每项加1分
        """
    notice = read(items, title="加分项")
    assert notice.methods == ()
    assert ("methods_elsewhere", "warning") in found(notice)


def test_notes_under_the_table_of_methods_are_of_the_rows_too() -> None:
    drawing = """
        考核指标 | 评分标准
        投资额 | 每少1亿元扣2分
        高企数量 | 每少1户扣1分
        """
    notice = read(drawing, notes=("注：各项指标扣完为止。",))
    assert [(m.text, str(m.status)) for m in notice.methods if m.serial_no < 3] == [
        ("每少1亿元扣2分；注：扣完为止", "applied"),
        ("每少1户扣1分；注：扣完为止", "applied"),
    ]
    assert ("table_note", "info") in found(notice)


def test_methods_of_two_annexes_and_over_a_page_break() -> None:
    drawing = """
        考核指标 | 评分标准
        投资额 | 每少1亿元扣2分，扣完为止
        """
    assert methods(read(drawing, "高企数量 | 按完成比例得分")) == [
        SAID[0],
        (2, "按完成比例得分", "applied", 6),
    ]
    first = table(MAIN, page=1, caption=("附件1 县区考核指标",))
    zones = """
        考核指标 | 分值 | 高新区 | 经开区 | 责任单位
        投资额（亿元） | 50 | 3 | 4 | 市发改委
        出口额（亿元） | 50 | 7 | 8 | 市商务局
        """
    second = table(zones, number=2, page=2, caption=("附件2 园区考核指标",))
    third = table(drawing, number=3, page=3, caption=("附件3 评分标准",))
    one = document(first, second, third, title="2020年度考核指标")
    notice = normalize(replace(one), SourceMeta("x"))
    assert [(m.serial_no, m.annex, m.page) for m in notice.methods] == [(1, 1, 3), (4, 2, 3)]


WITH_TARGETS = """
    序号 | 考核指标 | 分值 | 甲县 | 乙县 | 评分办法
    1 | 投资额（亿元） | 60 | 12 | {} | 每少1亿元扣2分，扣完为止
    2 | 高企数量（户） | 30 | 3 | 4 | 按完成比例得分
    3 | 空气优良天数（天） | 10 | 300 | 310 | 完成得满分，未完成不得分
    """


@pytest.mark.parametrize("own", ["13", "14"])
def test_a_table_that_repeats_the_targets_says_the_methods_of_the_rows(own: str) -> None:
    notice = read(WITH_TARGETS.format(own))
    assert [m.text for m in notice.methods] == [text for _, text, _, _ in SAID]
    applied = "applied" if own == "13" else "proposed"  # it prints another target
    assert [str(m.status) for m in notice.methods] == [applied, "applied", "applied"]
    assert ("另表所列的目标" in (notice.methods[0].reason or "")) == (own == "14")
    assert found(notice) >= {("table_choice_unsure", "warning"), ("methods_elsewhere", "info")}
    assert "other_table" not in {code for code, _ in found(notice)}


def test_one_target_for_all_is_the_rows_own_or_is_asked_about() -> None:
    notice = read("""
        序号 | 考核指标 | 分值 | 年度目标 | 评分办法
        1 | 投资额（亿元） | 60 | 见附件1 | 每少1亿元扣2分，扣完为止
        2 | 高企数量（户） | 30 | 7 | 按完成比例得分
        3 | 空气优良天数（天） | 10 | — | 完成得满分，未完成不得分
        """)
    assert [str(m.status) for m in notice.methods] == ["applied", "proposed", "applied"]


def test_another_version_of_a_table_with_methods_says_none_of_its_rows() -> None:
    main = MAIN.replace("| 甲县 |", "| 评分办法 | 甲县 |").replace("0 | ", "0 | 按完成比例得分 | ")
    main = main.replace("300 | 按完成比例得分 |", "300 |")
    notice = read(WITH_TARGETS.format("13"), main=main)
    assert {m.text for m in notice.methods} == {"按完成比例得分"}
    assert len(notice.methods) == 3
