"""Raised and lowered text in plain characters: what a page shows small is no digit of a number."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_BRACKETED = re.compile(r"[\[［(（〔【]\s*(.+?)\s*[\]］)）〕】]")
_SIGNS = re.compile(r"[0-9+\-−=()n]+")
_AGAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", "0123456789+-=()n")
_UNITS = frozenset("%‰°℃″′")
_LONGEST_MARK = 6


def superscript(text: str) -> str:
    """Return raised text in raised characters, so that 10 with a raised 4 is not 104.

    A mark for which there are none stands in raised brackets (⁽注⁾), with or without those that
    are printed around it; a sign of a unit, and a text too long for a mark, stay as they are.
    """
    bare = text.strip().translate(_AGAIN)
    bracketed = _BRACKETED.fullmatch(bare)
    mark = bracketed[1] if bracketed else bare
    if not mark or len(mark) > _LONGEST_MARK or mark in _UNITS:
        return text
    if _SIGNS.fullmatch(mark):
        raised = mark.translate(_RAISED)
        return f"⁽{raised}⁾" if bracketed else raised
    return f"⁽{mark}⁾"


def subscript(text: str, before: str) -> str:
    """Return lowered text: a formula's (CO2, PM2.5) as it is, behind a number as lowered digits."""
    bare = text.strip()
    if not bare.isdigit() or not re.search(r"[0-9]\s*$", before):
        return text
    return bare.translate(_LOWERED)
