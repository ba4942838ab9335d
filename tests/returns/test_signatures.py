"""Who reported and who approved: from a form's head, from below its lines, from columns of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from returns.receipt import receipt_of
from returns.rows import return_rows
from schemas.records.asked import SignOff
from schemas.records.forms import INFO, WARNING, ReadBook, ReadCell, ReadSheet, Receipt
from tests.support.for_each import for_each
from tests.support.returns.samples import HEAD, book, document

N = None
GDP = (1, "地区生产总值增长率", "东河区", N, N, "%", 5.1, N, N, N, "统计公报")
DAY = date(2021, 1, 5)


def with_cells(made: ReadBook, *cells: tuple[int, int, Any]) -> ReadBook:
    """The book with more cells: row, column, content."""
    (sheet,) = made.sheets
    more = tuple(
        ReadCell(row, column, "text" if isinstance(value, str) else "date", str(value), str(value))
        for row, column, value in cells
    )
    return replace(made, sheets=(replace(sheet, cells=(*sheet.cells, *more)),))


def signed(receipt: Receipt) -> SignOff:
    return receipt.values[0].signed


ALL = SignOff("甲某", "乙某", DAY)
BLANK = "单位（盖章）：　　　审核人：　　　　填表人：　　　　日期：　　年　　月　　日"
LABELS = ("报送人：", "审核人：", "审核日期：")


@for_each(
    "cells, expected",
    [
        ([(1, 3, LABELS[0]), (1, 5, "甲某"), (1, 6, LABELS[1]), (1, 8, "乙某"),
          (1, 9, LABELS[2]), (1, 11, 44201)], ALL),
        ([(1, 3, "报送人：甲某　　审核人：乙某　　审核日期：2021年1月5日")], ALL),
        ([(1, 3, "填表人： 甲某 审核人：乙某  审核日期：2021/1/5")], ALL),
        ([(1, 3, BLANK)], SignOff()),
        ([(1, 3, LABELS[0]), (1, 6, LABELS[1]), (1, 9, LABELS[2])], SignOff()),
        ([(1, 3, LABELS[1]), (1, 4, "无"), (1, 5, LABELS[2]), (1, 6, "20210105")],
         SignOff(None, None, DAY)),
        ([(9, 1, LABELS[0]), (9, 2, "甲某"), (10, 1, "审核人：乙某"),
          (10, 7, "审核日期：2021.1.5")], ALL),
    ],
)  # fmt: skip
def test_head_and_foot(cells: list[tuple[int, int, Any]], expected: SignOff) -> None:
    receipt = receipt_of(with_cells(book(GDP), *cells), (document(),))
    assert signed(receipt) == expected
    assert receipt.unapproved == (0 if expected.approved else 1)
    assert not receipt.to_look_at
    assert {each.code for each in receipt.remarks} <= {"lines_absent", "sign_row", "unknown_column"}


def test_a_line_with_columns_of_its_own() -> None:
    head = (*HEAD, "报送人", "审核人", "审核日期", "佐证材料")
    made = with_cells(
        book((*GDP, "丙某", "丁某", "2021-01-06", "公报.pdf"), (*GDP[:2], "南屏县", *GDP[3:]),
             head=head),
        (1, 3, "报送人：甲某　　审核人：乙某　　审核日期：2021-01-05"),
    )  # fmt: skip
    own, other = receipt_of(made, (document(),)).values
    assert (own.signed, own.evidence) == (SignOff("丙某", "丁某", date(2021, 1, 6)), "公报.pdf")
    assert (other.signed, other.evidence) == (SignOff("甲某", "乙某", DAY), None)


def test_what_a_line_says_of_approval_is_not_the_files() -> None:
    receipt = receipt_of(book((*GDP[:10], "审核人：乙某　　审核日期：2021-01-05")), (document(),))
    assert signed(receipt) == SignOff()


def test_another_sheet_signs_nothing() -> None:
    made = book(GDP)
    text = "审核人：乙某　　审核日期：2021-01-05"
    other = ReadSheet("会议纪要", False, (ReadCell(1, 1, "text", text, text),))
    receipt = receipt_of(replace(made, sheets=(*made.sheets, other)), (document(),))
    assert signed(receipt) == SignOff()


@pytest.mark.parametrize("written", ["昨天", "2021年13月5日", "2999-01-01"])
def test_a_day_that_is_none_is_asked_about_and_nothing_is_approved(written: str) -> None:
    cells = [(1, 3, "审核人："), (1, 4, "乙某"), (1, 5, "审核日期："), (1, 6, written)]
    receipt = receipt_of(with_cells(book(GDP), *cells), (document(),))
    assert signed(receipt) == SignOff(None, "乙某", None)
    (remark,) = receipt.to_look_at
    assert (remark.severity, remark.code, remark.row, remark.column) == (
        WARNING, "bad_approval_day", 1, 6,
    )  # fmt: skip


def test_rows_of_returns_name_who_signed() -> None:
    made = with_cells(
        book((*GDP, "公报.pdf《2020年统计公报》"), head=(*HEAD, "佐证材料")),
        (1, 3, "报送人：甲某　　审核人：乙某　　审核日期：2021-01-05"),
    )
    (row,) = return_rows(receipt_of(made, (document(),)), date(2021, 1, 8), [])
    assert (row["reported_by"], row["approved_by"], row["approved_on"]) == ("甲某", "乙某", DAY)
    assert (row["grounds"], row["evidence"]) == ("统计公报", "公报.pdf《2020年统计公报》")


def test_where_approval_is_asked_for_it_is_said_that_lines_do_not_count() -> None:
    plain = receipt_of(book(GDP), (document(),))
    assert [each.code for each in plain.remarks if each.severity != INFO] == []
    asked = receipt_of(book(GDP), (document(approval=True),))
    assert [each.code for each in asked.to_look_at] == ["unapproved"]
    assert len(asked.values) == 1


def test_evidence_is_grounds_for_a_contrary_figure() -> None:
    far = (2, "财政收入", "东河区", N, N, "亿元", 33228, N, N, "是", N, "决算.pdf")
    made = book(far, head=(*HEAD, "佐证材料"))
    receipt = receipt_of(made, (document(),))
    assert [each.code for each in receipt.refused] == ["scale"]  # a unit can be written with it
    veto = (1, "地区生产总值增长率", "东河区", N, N, "%", 5.1, N, N, "是", N, "决定.pdf")
    receipt = receipt_of(book(veto, head=(*HEAD, "佐证材料")), (document(),))
    assert (receipt.to_look_at, receipt.values[0].veto) == ((), True)


def test_an_approval_by_half_is_asked_about() -> None:
    cells = [(1, 3, "审核人："), (1, 4, "乙某"), (1, 5, "审核日期："), (1, 6, "")]
    (said,) = receipt_of(with_cells(book(GDP), *cells), (document(),)).to_look_at
    assert (said.severity, said.code) == (WARNING, "half_approved")
    assert "第 1 项（东河区）" in said.message_zh
