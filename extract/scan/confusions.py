"""Signs that recognisers take for others: ‰ for %0, 。 for 0, one bracket for two."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from extract.scan.engine import ReadChar
from extract.scan.lines import spans_of
from extract.scan.picture import INK, INKED, Pixels
from extract.scan.recognized import TextPiece
from extract.scan.widths import other_width

PER_MILLE_TAIL = re.compile("%[0oO°](?![0-9.])")
SAME_INK = 0.5
"""Two signs whose middles are no farther apart (in heights of a line) are one sign's ink."""
NUMBER = re.compile(r"[0-9.]+")
LEADING_ZERO = re.compile(r"(?<![0-9.])0[0-9]")
POINT = 0.3
"""A point is lower than this part of a line."""
FAINTEST = 0.93
"""Pieces of a digit that a bad scan breaks are held together by ink at least this faint."""
IF_LOST = 0.4
"""A number of which a sign may have been lost is no surer than this."""
PER_CENT_AS_DIGITS = re.compile(r"[（(]?(9[0-9oO])[）)]?")
"""Where nothing else stands, small or bad print makes of % two digits of this look."""
THIN = "（(）)〔〕"
OWN_INK, THIN_INK, AT_EDGE, UNREAD = 0.6, 0.35, 0.15, 0.25
"""A character's ink reaches no farther than this (in heights of a line) from its middle, a little
more at a line's edge; where ``UNREAD`` of the columns beyond hold ink, something was not read."""
STROKES = ("1", "l", "I", "|", "/", "丿", "！", "!")
LEANING = 0.2
"""The upper end of a slash lies this far (in its heights) right of its lower end."""
RINGS = "0oO°"
LOW_RING = 0.5
"""A full stop is lower than this part of a line."""


def with_per_mille(piece: TextPiece) -> TextPiece:
    """Return a line in which ‰ is ‰: recognisers take it for % and a small 0 or o."""
    chars: list[ReadChar] = []
    text = piece.text
    for index, seen in enumerate(piece.chars):
        if chars and chars[-1].text == "‰" and PER_MILLE_TAIL.match(text, index - 1):
            continue
        tailed = seen.text == "%" and PER_MILLE_TAIL.match(text, index)
        chars.append(replace(seen, text="‰") if tailed else seen)
    return replace(piece, chars=tuple(chars))


def without_double_signs(piece: TextPiece, usual: float) -> TextPiece:
    """Return a line without signs that were seen twice in the same ink, as wide and as narrow."""
    chars: list[ReadChar] = []
    for seen in piece.chars:
        last = chars[-1] if chars else None
        doubled = last is not None and other_width(last.text) == seen.text
        if last is None or not doubled or seen.at - last.at > SAME_INK * usual:
            chars.append(seen)
    return replace(piece, chars=tuple(chars))


def with_full_stops(piece: TextPiece, grey: Pixels, usual: float) -> TextPiece:
    """Return a line in which 。 is 。: a ring far lower than the line is no digit and no letter."""
    chars = list(piece.chars)
    for index, seen in enumerate(chars):
        beside = [
            c.text for c in (*chars[max(0, index - 1) : index], *chars[index + 1 : index + 2])
        ]
        apart = not any(map(_is_latin, beside))
        if seen.text in RINGS and apart and _is_low(piece, seen, grey, usual):
            chars[index] = replace(seen, text="。")
    return replace(piece, chars=tuple(chars))


def with_lost_points(piece: TextPiece, grey: Pixels, usual: float) -> TextPiece:
    """Doubt a number in whose ink more points or digits stand than were read: 7.5 as 75.

    So is one that begins with a leading 0: 0.5 as 05.
    """
    runs = list(NUMBER.finditer(piece.text))
    lost = any(_has_lost_point(piece, run, grey, usual) for run in runs) or (
        bool(runs) and runs[0].group() == piece.text and _has_lost_digit(piece, grey, usual)
    )
    if not lost and not LEADING_ZERO.search(piece.text):
        return piece
    first = runs[0].start()
    chars = list(piece.chars)
    chars[first] = replace(chars[first], confidence=min(chars[first].confidence, IF_LOST))
    return replace(piece, chars=tuple(chars))


def _has_lost_point(piece: TextPiece, run: re.Match[str], grey: Pixels, usual: float) -> bool:
    """Tell whether more spots stand between a number's digits, at their foot, than were read."""
    box = piece.line.ink
    left, right = (piece.chars[i].at - box.x0 for i in (run.start(), run.end() - 1))
    part = grey[box.top : box.bottom, box.x0 : box.x1]
    points = (
        _is_point(part[:, low:high] < 255 * INK, usual)
        for low, high in _pieces(part, INK)
        if left < (low + high) / 2 < right
    )
    return sum(points) > run.group().count(".")


def _has_lost_digit(piece: TextPiece, grey: Pixels, usual: float) -> bool:
    """Tell whether a number's ink has more pieces, points aside, than digits were read."""
    box = piece.line.ink
    part = grey[box.top : box.bottom, box.x0 : box.x1]
    pieces = [part[:, a:b] < 255 * FAINTEST for a, b in _pieces(part, FAINTEST)]
    digits = sum(not _is_point(ink, usual) for ink in pieces)
    return digits > len(piece.chars) - piece.text.count(".")


def with_unread_ink(piece: TextPiece, grey: Pixels, usual: float) -> TextPiece:
    """Doubt a line in a table with ink where nothing was read: （人） as （）."""
    box = piece.line.ink
    if piece.line.cell is None or not piece.chars:
        return piece
    inked: Any = (grey[box.top : box.bottom, box.x0 : box.x1] < 255 * INK).any(axis=0)
    sides = [
        (char.at, usual * (THIN_INK if char.text in THIN else OWN_INK)) for char in piece.chars
    ]
    outer = AT_EDGE * usual
    ends = [(box.x0 + outer, 0.0), *sides, (box.x1 - outer, 0.0)]
    gaps = [
        (max(0, round(one + reach) - box.x0), round(other - near) - box.x0)
        for (one, reach), (other, near) in pairwise(ends)
    ]
    if not any(inked[low : max(low, high)].sum() >= UNREAD * usual for low, high in gaps):
        return piece
    doubted = replace(piece.chars[0], confidence=min(piece.chars[0].confidence, IF_LOST))
    return replace(piece, chars=(doubted, *piece.chars[1:]))


def with_joined_digits(piece: TextPiece, grey: Pixels, _usual: float) -> TextPiece:
    """Doubt two digits that % is taken for, 96, if no paper parts them as it parts digits."""
    found = PER_CENT_AS_DIGITS.fullmatch(piece.text)
    if not found or piece.line.cell is None:
        return piece
    box, chars = piece.line.ink, list(piece.chars)
    pieces = _pieces(grey[box.top : box.bottom, box.x0 : box.x1], INK)
    if len(pieces) == len(chars):
        return piece
    doubted = replace(chars[found.start(1)], confidence=IF_LOST)
    return replace(piece, chars=(*chars[: found.start(1)], doubted, *chars[found.start(1) + 1 :]))


def with_slash(piece: TextPiece, grey: Pixels, _usual: float) -> TextPiece:
    """Return as / a lone stroke in a cell that leans as / does: it is taken for a digit."""
    if piece.line.cell is None or piece.text.strip() not in STROKES:
        return piece
    box = piece.line.ink
    ink: Any = grey[box.top : box.bottom, box.x0 : box.x1] < 255 * INK
    if len(ink) < 4 or not ink.any():
        return piece
    end = max(1, len(ink) // 4)
    if not (ink[:end].any() and ink[-end:].any()):
        return piece
    middles = [np.flatnonzero(part.any(axis=0)).mean() for part in (ink[:end], ink[-end:])]
    if (middles[0] - middles[1]) / len(ink) < LEANING:
        return piece
    seen = next(char for char in piece.chars if not char.text.isspace())
    return replace(piece, chars=(replace(seen, text="/", confidence=1.0),))


def _pieces(part: Pixels, darkness: float) -> list[tuple[int, int]]:
    return spans_of((part < 255 * darkness).any(axis=0))


def _is_point(ink: Any, usual: float) -> bool:
    """Tell whether a piece of ink is a spot at the foot of its line; a digit's half is high."""
    rows = [int(row) for row in np.flatnonzero(ink.max(axis=1, initial=False))]
    return bool(rows) and rows[-1] - rows[0] < POINT * usual and rows[0] > len(ink) / 2


def _is_latin(text: str) -> bool:
    return text.isascii() and (text.isalnum() or text in "%.")


def _is_low(piece: TextPiece, seen: ReadChar, grey: Pixels, usual: float) -> bool:
    """Tell whether the ink of one character is a small ring at the foot of its line."""
    box = piece.line.ink
    reach = round(0.35 * usual)
    left, right = max(box.x0, round(seen.at) - reach), min(box.x1, round(seen.at) + reach)
    rows = (grey[box.top : box.bottom, left:right] < INKED).any(axis=1)
    found = spans_of(rows)
    return bool(found) and found[-1][1] - found[0][0] < LOW_RING * usual
