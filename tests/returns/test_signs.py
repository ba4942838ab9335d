"""A fall is returned with the sign that the form asks for; the other one is asked about."""

from __future__ import annotations

from typing import Any

from report.forms.checks import hint_for
from returns.form_lines import document_lines
from returns.receipt import receipt_of
from schemas.records.forms import REFUSED, WARNING, DocumentLines, FormLine, Receipt
from tests.support.for_each import for_each
from tests.support.returns.samples import book, row

STAFF = ("市统计局",)
LEAVES = (
    ("公务用车", "%", "growth", "压减30%", -30.0, STAFF),
    ("单位能耗下降率", "%", "growth", "下降3%", 3.0, STAFF),
    ("工业投资", "%", "growth", "增长8%", 8.0, STAFF),
    ("资产负债率", "%", "limit", "降至60%以下", 60.0, STAFF),
)


def lines() -> tuple[FormLine, ...]:
    rows = [row("tianhe-2021", n, "东河区", *leaf) for n, leaf in enumerate(LEAVES, start=1)]
    return document_lines(rows)


def received(number: int, value: float, grounds: str | None = None) -> Receipt:
    name = LEAVES[number - 1][0]
    given: tuple[Any, ...] = (number, name, "东河区", None, None, "%", value)
    filled = book((*given, None, None, None, grounds))
    return receipt_of(filled, (DocumentLines("tianhe-2021", 2021, lines()),))


def test_a_line_knows_the_sign_of_its_fall() -> None:
    assert [line.fall for line in lines()] == [-1, 1, 0, 0]


@for_each(
    "number, value, asked",
    [(1, -28.0, False), (1, 28.0, True), (2, 3.1, False), (2, -3.1, True), (3, -2.0, False),
     (4, 58.0, False), (1, 0.0, False)],
)  # fmt: skip
def test_the_contrary_sign_is_asked_about(number: int, value: float, asked: bool) -> None:
    receipt = received(number, value)
    assert [each.code for each in receipt.remarks if each.severity == REFUSED] == [
        "contrary_sign"
    ] * asked
    assert [each.actual_value for each in receipt.values] == [] if asked else [value]


def test_the_question_says_which_sign_to_write() -> None:
    (asked,) = [each for each in received(1, 28.0).remarks if each.severity == REFUSED]
    assert "下降填负数" in asked.message_zh
    assert "-28" in asked.message_zh


def test_grounds_confirm_a_rise_where_a_fall_was_asked_for() -> None:
    receipt = received(1, 28.0, "更新车辆，经批准")
    assert [value.actual_value for value in receipt.values] == [28.0]
    assert [each.code for each in receipt.remarks if each.severity == WARNING] == ["contrary_sign"]


def test_the_form_says_which_sign_to_write() -> None:
    falls, named, rises, level = map(hint_for, lines())
    assert "下降填负数" in falls
    assert "下降填正数" in named
    assert "填增长率" in rises
    assert "负数" not in level
