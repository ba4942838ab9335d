"""Numbers as they are printed and as they are shown: one way of each."""

from __future__ import annotations

import re
from decimal import Decimal

PLAIN = r"[0-9]+(?:[.．][0-9]+)?"
GROUPED = r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|，[0-9]{3})(?:[.．][0-9]+)?"
"""Thousands apart: the first group begins with 1 to 9, for 0,500 may be a half as well as 500.

A full-width comma parts clauses: once it may stand for the other, but several of them, or both
kinds in one number, may be a list as well.
"""
SIGN = r"[-－−﹣+＋]"
NUMBER = rf"(?:{GROUPED}(?![0-9])|{PLAIN})"
MINUS = frozenset("-－−﹣")
_ONES = {word: value for value, word in enumerate("零一二三四五六七八九")} | {"两": 2}
_SAID = re.compile(
    "(?:(?P<a>^|[一二两三四五六七八九])千)?零?(?:(?P<b>^|[一二两三四五六七八九])百)?零?"
    "(?:(?P<c>[一二两三四五六七八九]?)十)?零?(?P<d>[一二两三四五六七八九])?"
)
_CLEAN = re.compile(rf"({SIGN}?)({NUMBER})")

EPSILON = 1e-9
"""Points and values are sums of a few printed decimals: what differs by less is the same."""
PER_CENT = 100.0
"""The whole of what is told in per cent."""
LARGEST = 1e15
"""A float holds every whole number up to here: a text of more digits is no number one can trust."""


def exact(text: str) -> float | None:
    """Return the number that the whole text cleanly is; None for others and for those too large."""
    found = _CLEAN.fullmatch(text)
    if not found:
        return None
    value = float(without_grouping(found.group(2)).replace("．", "."))
    if value > LARGEST:
        return None
    return -value if found.group(1) in MINUS else value


def counted(text: str) -> int | None:
    """Return the whole number that a text is, as serial and page numbers are; None for others."""
    return int(text) if text.isdecimal() and len(text) <= 9 else None


def chinese(text: str) -> float | None:
    """Return the whole number below ten thousand that Chinese numerals say; None for others."""
    found = _SAID.fullmatch(text)
    if not text.strip("零〇") or not found:
        return None
    thousands, hundreds, tens, ones = (
        0 if each is None else _ONES.get(each, 1) for each in found.groups()
    )
    return float(thousands * 1000 + hundreds * 100 + tens * 10 + ones)


def without_grouping(digits: str) -> str:
    """Return digits without the commas that part thousands."""
    return digits.replace(",", "").replace("，", "")


def show(value: float | None, decimals: int | None = None, none: str = "—") -> str:
    """Return a number as a person writes it: 3 and not 3.0, never -0, 0.00001 and not 1e-05.

    ``decimals`` is the most that are shown; without it twelve digits in all, or as many as stand
    before the point. ``none`` stands for no number.
    """
    if value is None:
        return none
    if not abs(value) <= LARGEST:
        text = f"{value:.12g}"
    elif decimals is None:
        digits = max(12, len(f"{abs(value):.0f}"))
        text = f"{Decimal(f'{value:.{digits}g}'):f}"
    else:
        text = f"{value:.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text


def same(one: float, other: float) -> bool:
    """Say whether two numbers are equal within rounding."""
    return abs(one - other) <= EPSILON
