"""Every character that a clerk writes is accounted for, from the form to the landed value."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from returns.receipt import receipt_of
from schemas.records.forms import INFO, WARNING, ReadBook, ReadCell, Receipt
from tests.support.for_each import for_each
from tests.support.returns.samples import HEAD, book, document, line
from tests.support.yaml_files import read_yaml

CASES: list[dict[str, Any]] = read_yaml(Path(__file__).parent / "cases" / "texts.yaml")
OWNERS = {1: "市统计局", 2: "市统计局", 5: "市商务局", 6: "市经济和信息化局"}
ACTUAL, VETO, SERIAL, ROW = 7, 10, 1, 4


def form(serial: int, *more: Any, name: str | None = None, **roles: Any) -> ReadBook:
    """A form of one line of the document, its actual value among ``more``."""
    of = line(serial)
    row = (serial, name or of.indicator, of.entity, None, None, of.unit, *more)
    return book(row, department=OWNERS[serial], **roles)


def with_cell(made: ReadBook, cell: ReadCell) -> ReadBook:
    sheet = made.sheets[0]
    others = tuple(c for c in sheet.cells if (c.row, c.column) != (cell.row, cell.column))
    return replace(made, sheets=(replace(sheet, cells=(*others, cell)),))


def received(case: dict[str, Any]) -> Receipt:
    kind, value = ("text", case["text"]) if "text" in case else ("number", str(case["number"]))
    cell = ReadCell(ROW, ACTUAL, kind, value, case.get("shown", value), "0")
    return receipt_of(with_cell(form(case["line"], "x"), cell), [document()])


@for_each("case", CASES)
def test_a_text_becomes_its_number_or_a_question(case: dict[str, Any]) -> None:
    receipt = received(case)
    values = [value.actual_value for value in receipt.values]
    if isinstance(case["becomes"], str):
        assert values == []
        assert bool(receipt.refused) == (case["becomes"] == "ask")
    else:
        assert values == [case["becomes"]]


MARKS = "①②⑫⑴㈠²³¹⁰₁❶⒈½*#†‡※"


@for_each("seed", range(40))
def test_a_mark_or_a_space_put_anywhere_into_a_value_never_makes_another(seed: int) -> None:
    chance = random.Random(seed)
    number = f"{chance.uniform(1, 400):.{chance.randrange(3)}f}"
    sign = chance.choice([*MARKS, " ", "\u3000", "\n", "\u2009"])
    at = chance.randrange(len(number) + 1)
    text = number[:at] + sign + number[at:]
    receipt = received({"text": text + chance.choice(["", "%", " %"]), "line": 1})
    only = {float(number)} if at in (0, len(number)) and sign.isspace() else set()
    assert {value.actual_value for value in receipt.values} <= only, text
    assert receipt.values or receipt.refused


def test_the_question_sends_marks_and_notes_to_the_grounds() -> None:
    for text in ("8.1①", "7.6 1"):
        (asked,) = received({"text": text, "line": 1}).refused
        assert "依据" in asked.message_zh
        assert (asked.row, asked.column) == (ROW, ACTUAL)


def test_nothing_for_what_is_counted_is_said_not_to_be_nought() -> None:
    told = received({"text": "无", "line": 5}).remarks
    assert [each.code for each in told if each.severity == WARNING] == ["none_or_zero"]
    told = received({"text": "无", "line": 1}).remarks
    assert [each.code for each in told if each.severity == WARNING] == []


def test_grounds_confirm_a_figure_that_has_no_unit_to_write_with_it() -> None:
    lines = tuple(replace(each, unit=None) for each in document().lines)
    bare = replace(document(), lines=lines)
    row = (2, "财政收入", "东河区", None, None, None, 1200)
    asked = receipt_of(book(row), [bare])
    assert [each.code for each in asked.refused] == ["scale"]
    taken = receipt_of(book((*row, None, None, None, "已核实")), [bare])
    assert [value.actual_value for value in taken.values] == [1200]
    assert [each.code for each in taken.remarks if each.severity == WARNING] == ["scale"]


def test_the_figure_of_the_whole_province_may_be_a_hundred_times_larger() -> None:
    row = (2, "财政收入", "东河区", None, None, "亿元", 13, None, 2600)
    (value,) = receipt_of(book(row), [document()]).values
    assert value.benchmark_value == 2600


@pytest.mark.parametrize("serial", ["1①", "1 1", "1_1", "1²"])
def test_a_serial_number_with_a_mark_is_no_other_serial_number(serial: str) -> None:
    cell = ReadCell(ROW, SERIAL, "text", serial, serial)
    named = receipt_of(with_cell(form(1, 5), cell), [document()])
    assert [value.line.serial_no for value in named.values] == [1]
    nameless = receipt_of(with_cell(form(1, 5, name=" "), cell), [document()])
    assert nameless.values == ()


def test_a_circled_digit_vetoes_nothing() -> None:
    made = form(5, 0, None, None, "①")
    assert [each.code for each in receipt_of(made, [document()]).refused] == ["bad_veto"]


@for_each(
    "row",
    [
        ("合计", None, None, None, None, "亿元", 38),
        (2, "财政收入", "合  计", None, None, "亿元", 38),
        (None, None, "全市平均", None, None, "%", 5.1),
        (None, "小计：", None, None, None, None, 38),
        (None, "总计（亿元）", None, None, None, None, 38),
        (None, "本页合计", None, None, None, None, 38),
        (None, None, "以上各项合计", None, None, None, 38),
        ("全年累计", None, None, None, None, "亿元", 38),
    ],
)
def test_a_row_of_sums_is_known_for_what_it_is(row: tuple[Any, ...]) -> None:
    good = (2, "财政收入", "东河区", None, None, "亿元", 13)
    receipt = receipt_of(book(good, row), [document()])
    assert [value.actual_value for value in receipt.values] == [13]
    assert receipt.refused == ()
    assert "sum_row" in [each.code for each in receipt.remarks if each.severity == INFO]


def test_a_note_below_the_rows_is_said_to_be_one() -> None:
    good = (2, "财政收入", "东河区", None, None, "亿元", 13)
    receipt = receipt_of(book(good, ("注：①为初步核算数。",)), [document()])
    assert receipt.refused == ()
    assert "note_row" in [each.code for each in receipt.remarks if each.severity == INFO]
    filled = receipt_of(book(good, ("注：见附件", *[None] * 5, 5)), [document()])
    assert len(filled.refused) == 1


def test_the_headings_of_the_cases_are_where_they_say() -> None:
    assert (HEAD[ACTUAL - 1], HEAD[VETO - 1], HEAD[SERIAL - 1]) == ("实际值", "一票否决", "序号")
