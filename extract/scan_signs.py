"""Signs that recognisers take for others: ‰ for %0, 。 for 0, one bracket for two."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.ocr_engine import Seen
from extract.scan_lines import spans_of
from extract.scan_picture import INK, INKED, Pixels
from extract.scan_pieces import TextPiece
from extract.scan_widths import twin_of

PER_MILLE_TAIL = re.compile("%[0oO°](?![0-9.])")
WIDE_PER_CENT = 1.4
"""From the middle of the digit before it % reaches less far (in heights of a line), ‰ farther."""
SAME_INK = 0.5
"""Two signs whose middles are no farther apart (in heights of a line) are one sign's ink."""
NUMBER = re.compile(r"[0-9.]+")
IF_LOST = 0.4
"""A number of which a sign may have been lost is no surer than this."""
RINGS = "0oO°"
LOW_RING = 0.5
"""A full stop is lower than this part of a line."""


def with_per_mille(piece: TextPiece, usual: float) -> TextPiece:
    """Return a line in which ‰ is ‰: recognisers take it for % and a small 0 or o, or for %."""
    chars: list[Seen] = []
    text = piece.text
    for index, seen in enumerate(piece.chars):
        if chars and chars[-1].text == "‰" and PER_MILLE_TAIL.match(text, index - 1):
            continue
        if seen.text == "%" and PER_MILLE_TAIL.match(text, index):
            chars.append(replace(seen, text="‰"))
        elif seen.text == "%" and _reaches_far(piece, index, usual):
            chars.append(replace(seen, text="‰", confidence=min(seen.confidence, 0.5)))
        else:
            chars.append(seen)
    return replace(piece, chars=tuple(chars))


def without_twins(piece: TextPiece, usual: float) -> TextPiece:
    """Return a line without signs that were seen twice in the same ink, as wide and as narrow."""
    chars: list[Seen] = []
    for seen in piece.chars:
        last = chars[-1] if chars else None
        twins = last is not None and twin_of(last.text) == seen.text
        if last is None or not twins or seen.at - last.at > SAME_INK * usual:
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


def with_lost_points(piece: TextPiece, grey: Pixels) -> TextPiece:
    """Doubt a number of which more pieces of ink stand on paper than signs were read: 7.5 as 75."""
    box = piece.line.ink
    ink = grey[box.top : box.bottom, box.x0 : box.x1] < 255 * INK
    pieces = len(spans_of(ink.any(axis=0)))
    if not NUMBER.fullmatch(piece.text) or pieces <= len(piece.chars):
        return piece
    doubted = replace(piece.chars[0], confidence=min(piece.chars[0].confidence, IF_LOST))
    return replace(piece, chars=(doubted, *piece.chars[1:]))


def _is_latin(text: str) -> bool:
    return text.isascii() and (text.isalnum() or text in "%.")


def _is_low(piece: TextPiece, seen: Seen, grey: Pixels, usual: float) -> bool:
    """Tell whether the ink of one character is a small ring at the foot of its line."""
    box = piece.line.ink
    reach = round(0.35 * usual)
    left, right = max(box.x0, round(seen.at) - reach), min(box.x1, round(seen.at) + reach)
    rows = (grey[box.top : box.bottom, left:right] < INKED).any(axis=1)
    found = spans_of(rows)
    return bool(found) and found[-1][1] - found[0][0] < LOW_RING * usual


def _reaches_far(piece: TextPiece, index: int, usual: float) -> bool:
    """Tell whether a % that ends its line is too wide for one."""
    if index != len(piece.chars) - 1 or not index or not piece.chars[index - 1].text.isdecimal():
        return False
    return piece.line.ink.x1 - piece.chars[index - 1].at > WIDE_PER_CENT * usual
