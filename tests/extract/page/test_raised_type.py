"""A footnote's digit behind a number is told from its digits by its place, however small it is."""

from __future__ import annotations

import pytest

from extract.page.lines import chars_to_lines
from extract.page.page import Char
from extract.raised import superscript

SIZE, FOOT = 10.5, 100.0


def _number(text: str) -> list[Char]:
    return [
        Char(sign, 6.0 * at, FOOT - SIZE, 6.0 * at + 5.8, FOOT, SIZE, 0, None)
        for at, sign in enumerate(text)
    ]


def _behind(text: str, size: float, foot: float) -> Char:
    return Char("1", 6.0 * len(text), foot - size, 6.0 * len(text) + 4.9, foot, size, 0, None)


@pytest.mark.parametrize("part", [0.5, 0.6, 0.7, 5 / 6])
def test_a_raised_digit_is_no_digit_of_the_number(part: float) -> None:
    """5/6 is what browsers make of ``<sup>``, their feet 0.4 of the line's size higher."""
    raised = _behind("57.3", part * SIZE, FOOT - 0.424 * SIZE)
    (line,) = chars_to_lines([*_number("57.3"), raised])
    assert line.text == "57.3" + superscript("1") != "57.31"


@pytest.mark.parametrize("part", [0.6, 5 / 6, 1.0])
def test_a_smaller_digit_on_the_same_foot_is_one_of_the_number(part: float) -> None:
    level = _behind("57.3", part * SIZE, FOOT - 0.12 * SIZE + 0.12 * part * SIZE)
    (line,) = chars_to_lines([*_number("57.3"), level])
    assert line.text == "57.31"
