"""Figures as clerks write them: the number that is meant, or a question."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from returns.doubtful import Doubtful
from returns.numbers import Expected, award_of, number_of
from schemas.records.forms import ReadCell
from tests.support.for_each import for_each
from tests.support.returns.samples import cell

GROWTH, WHOLE_RATE = Expected("%", 4.3, "增长率"), Expected("%", 100.0, "完成率")
MONEY, FEW = Expected("亿元", 74.0, "投资"), Expected("%", 0.24, "研发经费")
HOUSES, EVENTS = Expected("户", 20.0, "培育"), Expected(None, 0.0, "事故", whole=True)

TAKEN: list[tuple[Any, Expected, float]] = [
    (12.5, GROWTH, 12.5),
    ("12.5", GROWTH, 12.5),
    ("12.5%", GROWTH, 12.5),
    ("１２．５％", GROWTH, 12.5),
    ("0.5%", GROWTH, 0.5),
    (-1.5, GROWTH, -1.5),
    ("－1.5", GROWTH, -1.5),
    (0, GROWTH, 0.0),
    (0.2, FEW, 0.2),
    (98, WHOLE_RATE, 98.0),
    ("1,234.5", Expected("亿元", 1000.0), 1234.5),
    ("80。5", MONEY, 80.5),
    ("1，234", Expected("亿元", 1000.0), 1234.0),
    ("80亿元", MONEY, 80.0),
    (" 80 亿元 ", MONEY, 80.0),
    ("75000亿元", MONEY, 75000.0),
    ("11万平方米", Expected("万m²", 12.0), 11.0),
    ("5万株", Expected("万株", 4.0), 5.0),
    (0.1 + 0.2, Expected("亿元", 0.3), 0.3),
    ("1e3", Expected("亿元", 900.0), 1000.0),
    (19, HOUSES, 19.0),
    (0, EVENTS, 0.0),
    (92, Expected(None, 91.0), 92.0),
]


@for_each("value, expected, number", TAKEN)
def test_taken(value: Any, expected: Expected, number: float) -> None:
    assert number_of(cell(value), expected) == number


@pytest.mark.parametrize("written", [1.1, 1.2, 0.9])
def test_an_award_that_may_be_a_part_of_one_is_a_question(written: float) -> None:
    with pytest.raises(Doubtful, match="may mean"):
        award_of(cell(written), 120.0)
    assert award_of(cell(written, "0%"), 120.0) == pytest.approx(100 * written)


@pytest.mark.parametrize(("award", "taken"), [(115, True), (120, True), (120.5, False)])
def test_an_award_goes_to_the_cap_of_its_rule(award: float, taken: bool) -> None:
    if taken:
        assert award_of(cell(award), 120.0) == award
        with pytest.raises(Doubtful, match="100"):
            award_of(cell(award))
    else:
        with pytest.raises(Doubtful) as caught:
            award_of(cell(award), 120.0)
        assert "0 至 120" in caught.value.zh


def test_per_cent_format_decides() -> None:
    assert number_of(cell(0.125, "0.00%"), GROWTH) == 12.5
    assert number_of(cell(0.005, "0.0%"), GROWTH) == 0.5
    assert number_of(cell(12.5, '0.0"%"'), GROWTH) == 12.5


@for_each(
    "value, code, unit",
    [(80.04, "0.0", "亿元"), (80.5, "0", "亿元"), (1234.5, "#,##0.00", "亿元"),
     (1500, "0.00E+00", "亿元"), (-12.5, "0.0_);(0.0)", "%"), (80, ";;;", "亿元"),
     (0.001, "0.0", "亿元"), (1234.5, '"¥"#,##0', "亿元")],
)  # fmt: skip
def test_a_format_that_only_rounds_or_parts_changes_nothing(
    value: float, code: str, unit: str
) -> None:
    assert number_of(cell(value, code), Expected(unit)) == value


REFUSED: list[tuple[ReadCell, Expected, str]] = [
    (cell(0.125), GROWTH, "fraction_or_per_cent"),
    (cell("0.043"), GROWTH, "fraction_or_per_cent"),
    (cell(1), WHOLE_RATE, "fraction_or_per_cent"),
    (cell(1.05), WHOLE_RATE, "fraction_or_per_cent"),
    (cell(0.6), Expected("%"), "fraction_or_per_cent"),
    (cell(0.9, "0%"), MONEY, "other_unit"),
    (cell("80%"), MONEY, "other_unit"),
    (cell("80万元"), MONEY, "other_unit"),
    (cell("80亿元"), Expected(None), "other_unit"),
    (cell(740_000), MONEY, "scale"),
    (cell("约80"), MONEY, "text_for_number"),
    (cell("80多"), MONEY, "text_for_number"),
    (cell("5-6"), MONEY, "text_for_number"),
    (cell("1.2.3"), MONEY, "text_for_number"),
    (cell("无"), MONEY, "text_for_number"),
    (cell("12,5"), MONEY, "odd_commas"),
    (cell("1,2345"), MONEY, "odd_commas"),
    (cell("0,500"), MONEY, "odd_commas"),
    (cell("1、500"), MONEY, "text_for_number"),
    (cell("—80"), MONEY, "text_for_number"),
    (cell("43831", "yyyy/m/d", "date"), MONEY, "date_for_number"),
    (cell("#REF!", kind="error"), MONEY, "error_value"),
    (cell("", kind="formula"), MONEY, "formula_without_value"),
    (cell("1", kind="bool"), MONEY, "not_a_number"),
    (cell(80, struck=True), MONEY, "struck_out"),
    (cell(1e20), Expected("亿元"), "too_big"),
    (cell(19.5), HOUSES, "impossible_value"),
    (cell(-1), HOUSES, "impossible_value"),
    (cell(0.5), EVENTS, "impossible_value"),
    (cell(80_000, '0.0,"亿元"'), MONEY, "format_scales"),
    (cell(80_000, "0!.0,"), MONEY, "format_scales"),
    (cell(-80, "0.0;0.0"), MONEY, "format_scales"),
    (cell(80, '"-"0.0'), MONEY, "format_scales"),
    (cell(80, '0.0"5"'), MONEY, "format_scales"),
    (cell(104), Expected("%", 97.0, "合格率"), "impossible_value"),
    (cell(-120), GROWTH, "impossible_value"),
]


@for_each("read, expected, code", REFUSED)
def test_refused(read: ReadCell, expected: Expected, code: str) -> None:
    with pytest.raises(Doubtful) as doubt:
        number_of(read, expected)
    assert doubt.value.code == code
    assert doubt.value.zh.endswith("。")


@for_each(
    "value, code, award",
    [(95, "General", 95), ("95%", "General", 95), (0.95, "0%", 95), (100, "General", 100),
     (0, "General", 0), ("９５", "General", 95), (1, "0%", 100)],
)  # fmt: skip
def test_award(value: Any, code: str, award: float) -> None:
    assert award_of(cell(value, code)) == award


@for_each("value", [0.95, 1, 101, -1, "优秀", "95分", "150%"])
def test_award_refused(value: Any) -> None:
    with pytest.raises(Doubtful):
        award_of(cell(value))


@given(st.text(max_size=30), st.sampled_from([GROWTH, MONEY, HOUSES, EVENTS, FEW]))
def test_any_text_gives_a_number_or_a_doubt(text: str, expected: Expected) -> None:
    try:
        value = number_of(cell(text), expected)
    except Doubtful:
        return
    assert value == value  # noqa: PLR0124 - not a NaN


@given(st.floats(1, 400), st.sampled_from(["", "%", " %", "％"]))
def test_a_per_cent_figure_written_in_any_way_is_one(value: float, sign: str) -> None:
    shown = f"{value:.2f}"
    wide = "".join(chr(ord(each) + 0xFEE0) for each in shown)
    assert number_of(cell(wide + sign), GROWTH) == float(shown)
    scaled = cell(float(shown) / 100, "0.00%")
    assert number_of(scaled, GROWTH) == pytest.approx(float(shown))
