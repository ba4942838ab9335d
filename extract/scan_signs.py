"""Signs that recognisers take for others: ‰ for %0, 。 for 0, one bracket for two."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from extract.ocr_engine import Seen
from extract.scan_lines import spans_of
from extract.scan_picture import INK, INKED, Pixels
from extract.scan_pieces import TextPiece
from extract.scan_widths import twin_of

PER_MILLE_TAIL = re.compile("%[0oO°](?![0-9.])")
PER_SIGNS = "%‰"
LAST_PART, UPPER_PART = 0.5, 0.38
"""In the last part (of its height) of a sign's width, above so much of its height, % has the head
of its slash, ‰ nothing: its slash stands farther left."""
NO_HEAD, HEAD = 0.04, 0.06
"""So great a part of that last part's ink lies up there at most in ‰, at least in %."""
OWN_HALF = 0.15
"""So far to the right of its middle (in heights of a line) a sign is certainly still itself."""
IF_UNLIKE = 0.5
"""A sign that looks like the other one is no surer than this."""
PAPER_GRAIN, STROKE = 20, 60
"""What is darker than paper by no more than this (of 255) is paper, by more than this a stroke."""
SAME_INK = 0.5
"""Two signs whose middles are no farther apart (in heights of a line) are one sign's ink."""
NUMBER = re.compile(r"[0-9.]+")
POINT = 0.3
"""A point is lower than this part of a line."""
FAINTEST = 0.93
"""Pieces of a digit that a bad scan breaks are held together by ink at least this faint."""
IF_LOST = 0.4
"""A number of which a sign may have been lost is no surer than this."""
RINGS = "0oO°"
LOW_RING = 0.5
"""A full stop is lower than this part of a line."""


def with_per_mille(piece: TextPiece, grey: Pixels, usual: float) -> TextPiece:
    """Return a line in which ‰ is ‰: recognisers take it for % and a small 0 or o, or for %.

    Where ink shows ‰ it is taken, and the recogniser's % handed on; where it shows % instead of a
    recognised ‰, which no plain % is taken for, that is handed on.
    """
    chars: list[Seen] = []
    text = piece.text
    for index, seen in enumerate(piece.chars):
        if chars and chars[-1].text == "‰" and PER_MILLE_TAIL.match(text, index - 1):
            continue
        if seen.text == "%" and PER_MILLE_TAIL.match(text, index):
            chars.append(replace(seen, text="‰"))
        elif seen.text in PER_SIGNS and (shown := _per_sign(piece, index, grey, usual)):
            chars.append(_doubted(seen) if shown != seen.text else seen)
        else:
            chars.append(seen)
    return replace(piece, chars=tuple(chars))


def _doubted(seen: Seen) -> Seen:
    sure = min(seen.confidence, IF_UNLIKE)
    return replace(seen, text="‰", confidence=sure, rivals=(("%", sure), *seen.rivals))


def _per_sign(piece: TextPiece, index: int, grey: Pixels, usual: float) -> str | None:
    """Tell % from ‰ by its ink; None where its ink cannot be told from its neighbours'."""
    dark = _sign_alone(piece, index, grey, usual)
    if dark is None:
        return None
    last = dark[:, -max(2, round(LAST_PART * len(dark))) :]
    head = float(last[: max(1, round(UPPER_PART * len(dark)))].sum() / max(1.0, last.sum()))
    if NO_HEAD < head < HEAD:
        return None
    return "‰" if head <= NO_HEAD else "%"


def _sign_alone(piece: TextPiece, index: int, grey: Pixels, usual: float) -> Any:
    """Return how dark one sign's pixels are, cut out where the columns beside it are emptiest."""
    box = piece.line.ink
    dark = 255.0 - grey[box.top : box.bottom, box.x0 : box.x1]
    dark[dark < PAPER_GRAIN] = 0
    columns = dark.sum(axis=0)
    middles = [char.at - box.x0 for char in piece.chars]
    left, right = 0, len(columns)
    if index:
        low, high = max(0, int(middles[index - 1])), int(middles[index])
        if high - low < 2:
            return None
        between = columns[low:high]
        left = low + int(np.flatnonzero(between <= between.min() + 1)[-1]) + 1
    if index + 1 < len(middles):
        low = max(left, int(middles[index] + OWN_HALF * usual))
        between = columns[low : int(middles[index + 1]) + 1]
        if len(between) < 2:
            return None
        right = low + int(np.flatnonzero(between <= between.min() + 1)[0])
    sign = dark[:, left:right]
    inked, rows = (
        np.flatnonzero(sign.any(axis=0)),
        np.flatnonzero(sign.max(axis=1, initial=0) > STROKE),
    )
    if not len(inked) or not len(rows):
        return None
    return sign[rows[0] : rows[-1] + 1, inked[0] : inked[-1] + 1]


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


def with_lost_points(piece: TextPiece, grey: Pixels, usual: float) -> TextPiece:
    """Doubt a number in whose ink more points or digits stand than were read: 7.5 as 75."""
    if not NUMBER.fullmatch(piece.text):
        return piece
    box = piece.line.ink
    part = grey[box.top : box.bottom, box.x0 : box.x1]
    points = sum(
        _is_point(part[:, low:high] < 255 * INK, usual) for low, high in _pieces(part, INK)
    )
    digits = sum(
        not _is_point(part[:, low:high] < 255 * FAINTEST, usual)
        for low, high in _pieces(part, FAINTEST)
    )
    read = piece.text.count(".")
    if points <= read and digits <= len(piece.chars) - read:
        return piece
    doubted = replace(piece.chars[0], confidence=min(piece.chars[0].confidence, IF_LOST))
    return replace(piece, chars=(doubted, *piece.chars[1:]))


def _pieces(part: Pixels, darkness: float) -> list[tuple[int, int]]:
    return spans_of((part < 255 * darkness).any(axis=0))


def _is_point(ink: Any, usual: float) -> bool:
    """Tell whether a piece of ink is a spot at the foot of its line; a digit's half is high."""
    rows = np.flatnonzero(ink.any(axis=1))
    return bool(len(rows)) and rows[-1] - rows[0] < POINT * usual and rows[0] > len(ink) / 2


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
