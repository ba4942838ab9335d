"""% and ‰ distinguished by their ink: a recogniser of small or bad print takes one for the other.

The slash of % leans over to the right, and its head stands above the last ring; that of ‰ stands
farther left, and above its last ring is paper. How much ink is up there is compared with the
document's other signs, for thin print leaves little of any slash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import quantiles
from typing import Any

import numpy as np

from extract.scan.recognized import PagePrint, TextPiece

PER_SIGNS = "%‰"
LAST_PART, UPPER_PART = 0.5, 0.38
"""The last part of a sign (of its height, across), and how far down its upper part reaches."""
NO_HEAD = 0.02
"""At most this part of the last part's ink lies in its upper part where there is no head."""
USUAL_HEAD, LEAST_HEAD = 0.09, 0.04
"""The part where there is one: in a document that shows too few signs, and at the least."""
ENOUGH = 5
UNLIKE = 0.5
"""A sign with less than this part of the usual head is doubted."""
IF_UNLIKE = 0.5
"""A doubted sign is no surer than this."""
OWN_HALF = 0.15
"""This far to the right of its middle (in heights of a line) a sign is certainly still itself."""
PAPER_GRAIN, STROKE = 20, 60
"""What is darker than paper by no more than this (of 255) is paper, by more than this a stroke."""


class Heads:
    """How great a part of the ink was a slash's head in the signs of the pages read so far."""

    def __init__(self) -> None:
        self.seen: list[float] = []

    @property
    def usual(self) -> float:
        """Return how great it usually is in %: most signs of a document are."""
        if len(self.seen) < ENOUGH:
            return USUAL_HEAD
        return max(LEAST_HEAD, quantiles(self.seen, n=4)[1])


def settle_per_signs(pieces: Sequence[TextPiece], page: PagePrint, heads: Heads) -> list[TextPiece]:
    """Take a % without a head for ‰, and doubt every sign whose ink looks like the other one.

    The other one is kept as a second reading. ``heads`` grows by what this page shows.
    """
    shown = [_heads(piece, page) for piece in pieces]
    heads.seen.extend(head for found in shown for head in found.values())
    return [_settled(*one, heads.usual) for one in zip(pieces, shown, strict=True)]


def _settled(piece: TextPiece, heads: dict[int, float], usual: float) -> TextPiece:
    chars, others = list(piece.chars), [char.text for char in piece.chars]
    for index, head in heads.items():
        seen = chars[index]
        if (head < UNLIKE * usual) == (seen.text == "%"):
            text = "‰" if head <= NO_HEAD else seen.text
            chars[index] = replace(seen, text=text, confidence=min(seen.confidence, IF_UNLIKE))
            others[index] = "%" if text == "‰" else "‰"
    if tuple(chars) == piece.chars:
        return piece
    other = piece.other if piece.agreed is False and piece.other else "".join(others)
    return replace(piece, chars=tuple(chars), agreed=False, other=other)


def _heads(piece: TextPiece, page: PagePrint) -> dict[int, float]:
    """Return, for each % and ‰ of a line, which part of the ink at its end is high up."""
    found = {}
    for index, seen in enumerate(piece.chars):
        dark = _sign_alone(piece, index, page) if seen.text in PER_SIGNS else None
        if dark is not None:
            last = dark[:, -max(2, round(LAST_PART * len(dark))) :]
            upper = last[: max(1, round(UPPER_PART * len(dark)))]
            found[index] = float(upper.sum() / max(1.0, last.sum()))
    return found


def _sign_alone(piece: TextPiece, index: int, page: PagePrint) -> Any:
    """Return how dark one sign's pixels are, cut out where the columns beside it are emptiest."""
    box = piece.line.ink
    dark = 255.0 - page.grey[box.top : box.bottom, box.x0 : box.x1]
    dark[dark < PAPER_GRAIN] = 0
    columns = dark.sum(axis=0)
    middles = [char.at - box.x0 for char in piece.chars]
    left, right = 0, len(columns)
    if index:
        low, high = max(0, int(middles[index - 1])), int(middles[index])
        if high - low < 2:
            return None
        between = columns[low:high]
        left = low + int(np.flatnonzero(between <= between.min() + 1)[0]) + 1
    if index + 1 < len(middles):
        low = max(left, int(middles[index] + OWN_HALF * page.usual))
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
