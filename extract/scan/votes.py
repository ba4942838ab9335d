"""How sure a character is that was read several times, and which rivals of it count.

A runner-up is no other reading where it is the same sign in another width (％ for %), or a form
that the national character set of simplified print does not hold (決 for 决) while the reading is
one of its characters. A character of words is as sure as the middle one of three readings that all
say it; a digit stays as unsure as it was read first, for a wrong one is a wrong value.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from statistics import median

from extract.scan.engine import ReadChar
from extract.scan.recognized import TextPiece, is_ideograph
from extract.scan.widths import other_width, without_widths

LIKELIER = 0.8
"""Rivals that are the same sign count for a character read at least this surely."""
LIFTED = 0.5
"""What is less sure than this was doubted for its ink: more readings of it do not help."""
STANDARD = "gb2312"
WIDER_BY = ord("！") - ord("!")
"""Wide forms of letters, digits and signs stand so far behind the narrow ones in Unicode."""
_VALUE = re.compile(r"[0-9.<>≤≥=+-]")


def rival(seen: ReadChar) -> str:
    """Return the likeliest other character, none where only its width or form is in doubt."""
    if seen.text.isspace():
        return ""
    return next((other for other, _ in seen.rivals if not _is_same(seen.text, other)), "")


def with_same_signs(piece: TextPiece) -> TextPiece:
    """Return a line each of whose characters is as sure as it and its other forms are together.

    Signs whose width the paper shows are left as they are.
    """
    chars = tuple(_whatever_form(seen) for seen in piece.chars)
    return piece if chars == piece.chars else replace(piece, chars=chars)


def _whatever_form(seen: ReadChar) -> ReadChar:
    if seen.confidence < LIKELIER or other_width(seen.text):
        return seen
    same = sum(likely for other, likely in seen.rivals if _is_same(seen.text, other))
    return replace(seen, confidence=min(1.0, seen.confidence + same)) if same else seen


def _is_same(text: str, other: str) -> bool:
    if _narrow(text) == _narrow(other):
        return True
    return is_ideograph(text) and is_ideograph(other) and _is_standard(text) > _is_standard(other)


def _narrow(text: str) -> str:
    """Return the narrow form of a wide sign; ① and ² are other signs than 1 and 2."""
    return chr(ord(text) - WIDER_BY) if len(text) == 1 and "！" <= text <= "～" else text


@cache
def _is_standard(text: str) -> bool:
    try:
        text.encode(STANDARD)
    except UnicodeEncodeError:
        return False
    return True


def is_unsure_word(piece: TextPiece, sure: float) -> bool:
    """Tell whether more readings may settle a line: some word in it is less sure than ``sure``."""
    return any(_may_be_lifted(seen) and seen.confidence < sure for seen in piece.chars)


def _may_be_lifted(seen: ReadChar) -> bool:
    spoken = not seen.text.isspace() and not other_width(seen.text)
    return spoken and seen.confidence >= LIFTED and not _VALUE.search(seen.text)


def middle_of(first: TextPiece, *others: TextPiece) -> TextPiece:
    """Return the first reading; its words are as sure as in the middle one of all readings.

    Readings that differ settle nothing.
    """
    readings = [_inked(piece) for piece in (first, *others)]
    alike = {without_widths(piece.text) for piece in (first, *others)}
    if len(alike) > 1 or len({len(reading) for reading in readings}) > 1:
        return first
    surer = {
        id(seen[0]): median(c.confidence for c in seen) for seen in zip(*readings, strict=True)
    }
    chars = tuple(
        replace(seen, confidence=max(seen.confidence, surer[id(seen)]))
        if id(seen) in surer and _may_be_lifted(seen)
        else seen
        for seen in first.chars
    )
    return replace(first, chars=chars)


def _inked(piece: TextPiece) -> Sequence[ReadChar]:
    return [seen for seen in piece.chars if not seen.text.isspace()]
