"""Characters become lines of text, in the order in which a person reads them.

Numbers that a narrow cell broke over two lines are put together again, by the room they had.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from math import inf
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from common.fold import is_wide
from extract.page.page import Char
from extract.raised import subscript, superscript
from schemas.records.document import Box

SMALL = 0.85
"""Characters smaller than this part of the usual size may be raised or lowered.

A browser prints them at five sixths of it.
"""
BELOW = 0.12
"""A character's box begins so far (in sizes) below its baseline."""
RAISED, LOWERED = 0.2, 0.12
"""Small characters are raised or lowered whose feet are so far (in sizes of the line) off it."""
SAME_LINE = 0.5
"""Middles of characters on one line differ by less than this part of their size."""
WORD_GAP = 0.25
LONE_GAP = 1.0
"""A gap (in sizes) that parts words of letters; and one that parts anything but Chinese."""
GAP = 0.5
"""A gap wider than this (in sizes) between characters drawn one after the other parts pieces."""
FIRST_CJK = "\u2e80"


class TextLine(NamedTuple):
    """One printed line: its text and its box.

    ``white`` (points) is how much of its length no character fills, ``size`` that of its least one.
    """

    text: str
    box: Box
    white: float = 0.0
    size: float = 0.0

    def may_part(self, gaps: int) -> bool:
        """Tell whether its white is enough for so many gaps that part pieces of text."""
        return self.white >= gaps * GAP * self.size


@dataclass(slots=True)
class _Band:
    """A line in the making: its characters, and the middle and size of its first ones."""

    middle: float
    size: float
    chars: list[Char] = field(default_factory=list)

    def gap(self, char: Char) -> float:
        """Return how far (points) a character lies off the line's band."""
        return max(0.0, abs(char.center_y - self.middle) - self.size / 2)


def chars_to_lines(chars: Sequence[Char], wide_gap: float | None = None) -> list[TextLine]:
    """Return lines of text, top to bottom; lines of nothing but white space are left out.

    ``wide_gap`` (in sizes) puts a space wherever a gap is wider, between whatever characters.
    """
    printed = _upright(chars)
    inked = [char for char in printed if not char.text.isspace()]
    bands = _chars_to_bands(inked)
    if len(inked) < len(printed):
        for char in printed:
            if char.text.isspace() and bands:
                _nearest(bands, char).chars.append(char)
    lines = (_band_to_line(band, wide_gap) for band in bands)
    return [line for line in lines if line.text]


def _upright(chars: Sequence[Char]) -> list[Char]:
    """Turn text that runs down, up or backwards as a whole, so that it runs to the right."""
    if not any(char.turn for char in chars):
        return list(chars)
    turns = [char.turn for char in chars if not char.text.isspace()]
    if not any(turns):
        return list(chars)
    turn = max(set(turns), key=turns.count)
    return [_turned(char, turn) for char in chars]


def _turned(char: Char, turn: int) -> Char:
    text, x0, top, x1, bottom, size, _, flaw = char
    if turn == 1:
        return Char(text, top, -x1, bottom, -x0, size, 0, flaw)
    if turn == 2:
        return Char(text, -x1, -bottom, -x0, -top, size, 0, flaw)
    if turn == 3:
        return Char(text, -bottom, x0, -top, x1, size, 0, flaw)
    return char


def _chars_to_bands(chars: Sequence[Char]) -> list[_Band]:
    """Group characters into lines: full-sized ones make the lines, small ones join them."""
    if not chars:
        return []
    least = SMALL * median([char.size for char in chars])
    full = [char for char in chars if char.size >= least]
    bands: list[_Band] = []
    band = None
    for char in sorted(full, key=_middle):
        middle, size = (char.top + char.bottom) / 2, char.size
        if band and abs(middle - band.middle) < SAME_LINE * min(size, band.size):
            band.chars.append(char)
        else:
            band = _Band(middle, size, [char])
            bands.append(band)
    if len(full) < len(chars):
        _add_small([char for char in chars if char.size < least], bands)
    return sorted(bands, key=lambda band: band.middle)


def _middle(char: Char) -> float:
    return (char.top + char.bottom) / 2


def _add_small(small: Sequence[Char], bands: list[_Band]) -> None:
    """Put raised and lowered characters on the line they touch; others make lines of their own."""
    own: list[_Band] = []
    for char in sorted(small, key=_middle):
        near = _nearest(bands, char) if bands else None
        if near and near.gap(char) < 0.25 * char.size:
            near.chars.append(char)
        elif own and abs(char.center_y - own[-1].middle) < SAME_LINE * char.size:
            own[-1].chars.append(char)
        else:
            own.append(_Band(char.center_y, char.size, [char]))
    bands.extend(own)


def _nearest(bands: Sequence[_Band], char: Char) -> _Band:
    return min(bands, key=lambda band: abs(char.center_y - band.middle))


def _band_to_line(band: _Band, wide_gap: float | None) -> TextLine:
    text = ""
    last: Char | None = None
    ordered = sorted(band.chars, key=attrgetter("x0"))
    for shift, run in _shifts(band, ordered):
        piece = ""
        for char in run:
            parted = last is not None and _is_parted(last, char, wide_gap)
            piece += f" {char.text}" if parted else char.text
            last = char
        text += _SHIFTED[shift](piece, text)
    box, filled = box_of(ordered), sum([char.x1 - char.x0 for char in ordered])
    least = min([char.size for char in ordered])
    return TextLine(text.strip(), box, box.x1 - box.x0 - filled, least)


def _shifts(band: _Band, ordered: Sequence[Char]) -> Iterable[tuple[int, Iterable[Char]]]:
    """Return the pieces of a line that are raised, lowered or neither: mostly it is one."""
    least = SMALL * band.size
    full = [char for char in band.chars if char.size >= least]
    usual = SMALL * full[0].size if full else 0.0
    if all(char.size >= usual for char in ordered):
        return [(0, ordered)]
    return groupby(ordered, key=lambda char: _shift(char, full))


_SHIFTED: Mapping[int, Callable[[str, str], str]] = {
    0: lambda piece, before: piece,
    1: lambda piece, before: superscript(piece),
    -1: subscript,
}


def _shift(char: Char, full: Sequence[Char]) -> int:
    """Return 1 for a raised character, -1 for a lowered one: smaller, and off its line's foot."""
    if char.text.isspace() or not full or char.size >= SMALL * full[0].size:
        return 0
    near = min(full, key=lambda other: abs(other.center_x - char.center_x))
    over = (_foot(near) - _foot(char)) / near.size
    return 1 if over >= RAISED else -1 if over <= -LOWERED else 0


def _foot(char: Char) -> float:
    """Return where a character's baseline lies."""
    return char.bottom - BELOW * char.size


def _is_parted(last: Char, char: Char, wide_gap: float | None) -> bool:
    if wide_gap is None and (last.text >= FIRST_CJK or char.text >= FIRST_CJK):
        return False
    if last.text.isspace() or char.text.isspace():
        return False
    gap = char.x0 - last.x1
    size = min(last.size, char.size)
    if wide_gap is not None and gap > wide_gap * size:
        return True
    if last.text >= FIRST_CJK or char.text >= FIRST_CJK:
        return False
    letters = last.text.isalpha() and char.text.isalpha()
    return gap > (WORD_GAP if letters else LONE_GAP) * size


def box_of(chars: Iterable[Char]) -> Box:
    """Return the smallest box around characters (at least one)."""
    _, lefts, tops, rights, bottoms, *_ = zip(*chars, strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


_ENDS = re.compile(r"[0-9][.．]?$")
_CONTINUES = re.compile(r"[.．]?[0-9]|[%‰％]")


def padding(cells: Iterable[tuple[Box, Sequence[TextLine]]]) -> float:
    """Return how far (points) a table's text keeps from the rules beside it: the least of all."""
    gaps = (line.box.x0 - box.x0 for box, lines in cells for line in lines if _inside(line, box))
    return min((gap for gap in gaps if gap > 0), default=0.0)


def _inside(line: TextLine, box: Box) -> bool:
    """Whether a line lies in its cell; one that does not was turned to be read."""
    middle = (line.box.x0 + line.box.x1) / 2, (line.box.top + line.box.bottom) / 2
    return box.x0 <= middle[0] <= box.x1 and box.top <= middle[1] <= box.bottom


def lines_to_text(lines: Sequence[TextLine], box: Box, margin: float) -> str:
    """Join a cell's lines by newlines; by nothing where a number was broken for want of room.

    A number that would have had room on the line above stands for itself. ``margin`` is the
    :func:`padding`.
    """
    if not lines:
        return ""
    room = box.x1 - box.x0 - 2 * margin if all(_inside(line, box) for line in lines) else inf
    joined = lines[0].text
    for above, below in pairwise(lines):
        joined += ("" if _runs_on(above, below, room) else "\n") + below.text
    return joined


def _runs_on(above: TextLine, below: TextLine, room: float) -> bool:
    if not (_ENDS.search(above.text) and _CONTINUES.match(below.text)):
        return False
    width = above.box.x1 - above.box.x0
    return width + width / _units(above.text) > room


def _units(text: str) -> float:
    """Return a text's length in digits: a point is half of one, a wide character two."""
    return sum(0.5 if sign in ".," else 1.0 + is_wide(sign) for sign in text)
