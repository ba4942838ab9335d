"""Whole returned files: whose they are, which rows are taken, what is said of the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from report.forms.form import open_roles
from returns.form_lines import document_lines
from returns.receipt import receipt_of
from schemas.records.forms import HEADINGS, INFO, REFUSED, WARNING, DocumentLines, ReadBook, Receipt
from tests.support.for_each import for_each
from tests.support.returns.samples import HEAD, book, document
from tests.support.returns.samples import row as target_row

N = None


def received(made: ReadBook, *documents: DocumentLines) -> Receipt:
    return receipt_of(made, documents or (document(),))


def codes(receipt: Receipt, severity: str = REFUSED) -> list[str]:
    return [each.code for each in receipt.remarks if each.severity == severity]


def gdp(value: Any, entity: str = "东河区", *more: Any) -> tuple[Any, ...]:
    return (1, "地区生产总值增长率", entity, N, N, "%", value, *more)


def test_good_rows_are_taken() -> None:
    receipt = received(
        book(
            gdp(5.1), gdp("4.8%", "南屏县"), gdp(N, "高新区"),
            (9, "脱贫", "东河区", 2, "完成率100%", "%", 100, N, N, N, "县级自查"),
            (3, "城镇化率", "东河区", N, N, "%", 51.2, N, 56.7),
        )
    )  # fmt: skip
    assert codes(receipt) == []
    assert [(value.line.key, value.actual_value) for value in receipt.values] == [
        ((1, "东河区", 1), 5.1), ((1, "南屏县", 1), 4.8), ((9, "东河区", 2), 100.0),
        ((3, "东河区", 1), 51.2),
    ]  # fmt: skip
    assert receipt.values[-1].benchmark_value == 56.7
    assert receipt.values[2].grounds == "县级自查"
    assert (receipt.unfilled, receipt.absent) == (1, 6)


@for_each(
    "in_doubt, row, refused, hints",
    [
        (False, (2, "财政收入", "东河区", N, N, "亿元", 33228), ["scale"], []),
        (True, (2, "财政收入", "东河区", N, N, "亿元", 33228), [], ["far_from_doubtful"]),
        (True, (2, "财政收入", "东河区", N, N, "亿元", "13"), [], []),
        (False, gdp(0.2), ["fraction_or_per_cent"], []),
        (True, gdp(0.2), ["fraction_or_per_cent"], []),  # what it means is open all the same
    ],
)
def test_no_figure_is_refused_for_being_far_from_a_target_in_doubt(
    in_doubt: bool, row: tuple[Any, ...], refused: list[str], hints: list[str]
) -> None:
    own = document()
    lines = tuple(replace(line, in_doubt=in_doubt) for line in own.lines)
    receipt = received(book(row), replace(own, lines=lines))
    assert (codes(receipt), codes(receipt, WARNING)) == (refused, hints)
    assert len(receipt.values) == 1 - len(refused)


@pytest.mark.parametrize(
    ("written", "asked"), [(18, True), (20, True), (21, False), ("18%", False)]
)
def test_an_award_that_may_be_points_is_taken_and_asked_about(written: Any, asked: bool) -> None:
    made = document()
    worth = replace(made, lines=tuple(replace(line, points=20.0) for line in made.lines))
    filled = book((4, "信访工作", "东河区", N, N, N, N, written, N, N, "见文件"),
                  department="市商务局")  # fmt: skip
    receipt = receipt_of(filled, (worth,))
    assert receipt.values[0].awarded_pct == float(str(written).strip("%"))
    assert [each.code for each in receipt.to_look_at] == (["award_or_points"] if asked else [])


def test_judged_lines_take_words_and_an_award() -> None:
    receipt = received(
        book(
            (4, "信访工作", "东河区", N, N, N, "已完成", 95, N, N, "见文件"),
            (4, "信访工作", "南屏县", N, N, N, "已完成", N),
            (4, "信访工作", "高新区", N, N, N, N, N, N, "是", "发生重大事件"),
            department="市商务局",
        )
    )
    done, veto = receipt.values
    assert (done.actual_text, done.actual_value, done.awarded_pct) == ("已完成", None, 95.0)
    assert (veto.veto, veto.awarded_pct) == (True, None)
    assert codes(receipt) == ["incomplete"]


@pytest.mark.parametrize(
    ("veto", "grounds", "taken"),
    [("否", N, False), (N, "无违规", False), ("是", "发生违规举债", True), (N, N, None)],
)
def test_a_veto_line_asks_for_no_figure_and_takes_that_there_is_none(
    veto: str | None, grounds: str | None, taken: bool | None
) -> None:
    own = target_row(
        "tianhe-2021", 4, "东河区", "违规举债", None, "none", "不得发生", None, ("市商务局",)
    )
    (held,) = document_lines([own | {"item_kind": "veto"}])
    assert held.needs == frozenset()
    assert open_roles(held) == {"veto", "grounds", "evidence"}
    filled = book((4, "违规举债", "东河区", N, N, N, N, N, N, veto, grounds), department="市商务局")
    receipt = received(filled, DocumentLines("tianhe-2021", 2021, (held,)))
    assert not codes(receipt)
    said = [(each.veto, each.grounds) for each in receipt.values]
    assert said == ([] if taken is None else [(taken, grounds)])


@for_each(
    "row, code",
    [
        ((2, "地区生产总值增长率", "东河区", N, N, "%", 5), "serial_and_name_differ"),
        ((77, "没有的指标", "东河区", N, N, N, 5), "unknown_indicator"),
        ((1, "地区生产总值增长率", "西河区", N, N, "%", 5), "unknown_entity"),
        ((9, "脱贫", "南屏县", 1, "1户", "户", 5), "not_assessed"),
        ((9, "脱贫", "东河区", N, N, N, 5), "which_part"),
        ((9, "脱贫", "东河区", 1, "完成率100%", N, 5), "which_part"),
        ((2, "财政收入", "东河区", N, N, "万元", 5), "unit_changed"),
        ((6, "中小企业培育", "东河区", N, N, "户", 5), "other_department"),
        ((1, "地区生产总值增长率", "东河区", N, N, "%", N, N, N, N, "有依据无数"), "incomplete"),
        ((1, "地区生产总值增长率", "东河区", N, N, "%", 5, N, N, "也许"), "bad_veto"),
    ],
)
def test_a_bad_row_is_refused_by_its_cell(row: tuple[Any, ...], code: str) -> None:
    receipt = received(book(gdp(5, "高新区"), row))
    assert codes(receipt) == [code]
    (remark,) = receipt.refused
    assert (remark.sheet, remark.row) == ("填报表", 5)
    assert remark.column is not None
    assert len(receipt.values) == 1


def test_rows_without_a_number_are_found_by_name() -> None:
    receipt = received(book((N, "地区生产总值增长率", "东河", N, N, N, 5)))
    assert [value.line.key for value in receipt.values] == [(1, "东河区", 1)]


def test_the_same_line_twice() -> None:
    same = received(book(gdp(5), gdp(5)))
    assert len(same.values) == 1
    assert codes(same, "warning") == ["line_twice"]
    other = received(book(gdp(5), gdp(6), gdp(7, "高新区")))
    assert [value.line.entity for value in other.values] == ["高新区"]
    assert codes(other) == ["line_twice", "line_twice"]
    doubtful = received(book(gdp("约5"), gdp(5)))
    assert doubtful.values == ()


def test_columns_moved_added_and_renamed() -> None:
    head = ("备注", "依据", "2021年实际完成值（%）", "考核对象（县区）", "指标名称", "序号")
    receipt = received(book(("x", "报表", 5.5, "东河区", "地区生产总值增长率", 1), head=head))
    assert [value.actual_value for value in receipt.values] == [5.5]
    assert codes(receipt, INFO) == ["unknown_column", "lines_absent"]


def test_two_columns_of_one_kind_are_a_question() -> None:
    head = (*HEAD, "实际值")
    receipt = received(book((*gdp(5), N, N, N, N, 6), head=head))
    assert codes(receipt) == ["two_columns"]
    empty = received(book(gdp(5), head=head))
    assert len(empty.values) == 1


@for_each(
    "made, code",
    [
        (book(gdp(5), document_id="elsewhere"), "other_document"),
        (book(gdp(5), department="市档案馆"), "unknown_department"),
        (book(gdp(5), department="市管理局"), "unknown_department"),
        (book(gdp(5), department="市商务局"), "wrong_department"),
        (book(gdp(5), head=("甲", "乙", "丙")), "no_table"),
        (book((6, "中小企业培育", "东河区", N, N, "户", 5), department=None), "unknown_department"),
    ],
)
def test_files_refused_whole(made: ReadBook, code: str) -> None:
    receipt = received(made)
    assert code in codes(receipt)
    assert receipt.values == ()
    assert None in (receipt.document_id, receipt.department)


def test_department_told_by_rows_or_file_name() -> None:
    by_rows = received(book(gdp(5), department=None, document_id=None))
    assert (by_rows.department, by_rows.document_id) == ("市统计局", "tianhe-2021")
    assert codes(by_rows, "warning") == ["document_guessed", "department_guessed"]
    row = (6, "中小企业培育", "东河区", N, N, "户", 25)
    by_name = received(book(row, department=None, name="2021 市商务局.xlsx"))
    assert by_name.department == "市商务局"


def test_two_documents_that_fit_alike_are_a_question() -> None:
    receipt = received(book(gdp(5), document_id=None), document(), document("other-2021"))
    assert codes(receipt) == ["unknown_document"]


def test_a_return_for_a_document_not_in_force_says_so() -> None:
    receipt = received(book(gdp(5)), document(in_force=False))
    assert len(receipt.values) == 1
    assert codes(receipt, "warning") == ["not_in_force"]


def test_lines_that_stand_in_no_row_are_named() -> None:
    receipt = received(book(gdp(5.1), gdp(4.8, "南屏县")))
    (told,) = [each for each in receipt.remarks if each.code == "lines_absent"]
    assert told.severity == INFO
    assert "第 1 项（高新区）" in told.message_zh
    assert f"缺少 {receipt.absent} 行" in told.message_zh


def test_a_form_of_an_earlier_year_is_said() -> None:
    later = replace(document("tianhe-2022"), year=2022)
    receipt = receipt_of(book(gdp(5.1)), [document(), later])
    assert codes(receipt, WARNING) == ["earlier_year"]
    assert len(receipt.values) == 1
    draft = replace(later, in_force=False)
    assert codes(receipt_of(book(gdp(5.1)), [document(), draft]), WARNING) == []


def test_a_value_in_the_wrong_column_is_not_said_to_be_recorded() -> None:
    refused = received(book(gdp(N, "东河区", 5.1)))
    assert codes(refused) == ["incomplete"]
    (hint,) = [each for each in refused.remarks if each.code == "not_needed"]
    assert "已记录" not in hint.message_zh
    assert "填错了列" in hint.message_zh
    taken = received(book(gdp(5.1, "东河区", 90)))
    (hint,) = [each for each in taken.remarks if each.code == "not_needed"]
    assert "已记录" in hint.message_zh


@pytest.mark.parametrize(("printed", "hints"), [("", []), ("9", ["target_changed"])])
@pytest.mark.parametrize("mark", ["", "（待核对）"])
def test_the_mark_that_a_form_printed_is_no_other_target(
    printed: str, hints: list[str], mark: str
) -> None:
    """Also where the doubt is settled since, or came up, or somebody changed the figure."""
    head = (*HEAD, HEADINGS["target"])
    own = document()
    for in_doubt in (False, True):
        lines = tuple(replace(line, in_doubt=in_doubt) for line in own.lines)
        target = f"{printed}{lines[0].target_text}{mark}"
        row = (*gdp(5.1), N, N, N, N, target)
        receipt = received(book(row, head=head), replace(own, lines=lines))
        assert (codes(receipt, WARNING), len(receipt.values)) == (hints, 1)
