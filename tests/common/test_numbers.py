"""Numbers as a person writes them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.messages import message
from common.numbers import LARGEST, exact, show
from tests.support.for_each import for_each


@for_each(
    "value, text",
    [(3.0, "3"), (-0.0, "0"), (0.1 + 0.2, "0.3"), (1234567.0, "1234567"), (1e-7, "0.0000001"),
     (123456789012345.0, "123456789012345"), (-2500000000000.5, "-2500000000000"),
     (999999999999.25, "999999999999"), (LARGEST, "1000000000000000"), (1e300, "1e+300"),
     (math.inf, "inf"), (None, "—")],
)  # fmt: skip
def test_shown(value: float | None, text: str) -> None:
    assert show(value) == text


@given(st.floats(-LARGEST, LARGEST).filter(lambda value: abs(value) >= 1e-12))
def test_what_is_shown_is_read_as_the_same_number(value: float) -> None:
    assert exact(show(value)) == pytest.approx(value, rel=1e-11)


@given(st.integers(-int(LARGEST), int(LARGEST)))
def test_whole_numbers_are_shown_whole(value: int) -> None:
    assert show(float(value)) == str(value)


def test_numbers_in_messages_are_shown_so_too() -> None:
    far = message("normalize.value_out_of_range.row", value=12345678.0, median=1234567.5)
    assert (
        far.zh == "目标值12345678与同一指标其他考核对象相差悬殊（中位数1234567.5），请留意小数点。"
    )
    assert far.en == "12345678 lies far from the row's other values (median 1234567.5)."
    assert "30 倍" in message("returns.scale.times", shown="3", times=29.9, unit="吨").zh
