"""A % that stands alone, distinguished from numbers by what the document's other ones look like.

Small print makes of % a 9, 96 or 90 for a recogniser, and it is as sure of that as of a number.
Their ink differs much more than their readings: compared are all pixels, brought to one size.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from extract.scan.recognized import PagePrint, TextPiece

SIDE = 16
"""Signs are compared as squares of this many pixels a side."""
ENOUGH, MOST = 5, 200
"""The fewest signs that show what % looks like, and the most that are kept."""
ALIKE, UNLIKE = 0.88, 0.80
"""Correlations from which ink is that of %, and up to which it is not. Measured in scans of 150 dpi
with grain: % has 0.93 to 0.97, 96 at the most 0.75, other numbers less."""
SURE = 0.97
IF_DOUBTED = 0.5
"""What is read as a number and looks like %, or the reverse, is no surer than this."""
_NUMBER = re.compile(r"9[0-9oO]?")
_DIGIT = re.compile(r"[0-9oO]")


class PerCents:
    """What the % of the pages read so far look like, where they stand alone and are sure."""

    def __init__(self) -> None:
        self.shapes: list[Any] = []

    def add(self, shape: Any) -> None:
        """Take in one more."""
        if len(self.shapes) < MOST:
            self.shapes.append(shape)

    def likeness(self, shape: Any) -> float | None:
        """Return how much a shape looks like them (up to 1); None: too few are known."""
        if len(self.shapes) < ENOUGH:
            return None
        usual = np.mean(self.shapes, axis=0)
        return float(shape @ usual / max(1e-6, float(np.linalg.norm(usual))))


def settle_lone_per_cents(
    pieces: Sequence[TextPiece], page: PagePrint, known: PerCents
) -> list[TextPiece]:
    """Trust a % that looks like one, and doubt what was read against its looks.

    ``known`` grows by what this page shows.
    """
    shapes = {n: _shape(piece, page) for n, piece in enumerate(pieces) if _is_candidate(piece)}
    for number, shape in shapes.items():
        piece = pieces[number]
        if piece.text == "%" and piece.agreed is not False and piece.confidence >= SURE:
            known.add(shape)
    alike = {number: known.likeness(shape) for number, shape in shapes.items()}
    return [_settled(piece, alike.get(number)) for number, piece in enumerate(pieces)]


def _is_candidate(piece: TextPiece) -> bool:
    alone = piece.text == "%" or _NUMBER.fullmatch(piece.text)
    return piece.line.cell is not None and bool(alone)


def _shape(piece: TextPiece, page: PagePrint) -> Any:
    """Return a line's ink as a vector of length 1 about its mean."""
    box = piece.line.ink
    dark = 255.0 - page.grey[box.top : box.bottom, box.x0 : box.x1].astype(np.float32)
    sized = cv2.resize(dark, (SIDE, SIDE), interpolation=cv2.INTER_AREA).ravel()
    spread = sized - sized.mean()
    return spread / max(1e-6, float(np.linalg.norm(spread)))


def _settled(piece: TextPiece, likeness: float | None) -> TextPiece:
    """Return a lone sign as sure as its looks make it.

    One of two readings that says % is confirmed by looks; against both of them looks only doubt.
    """
    if likeness is None:
        return piece
    if piece.text == "%":
        return _per_cent(piece, likeness)
    if likeness < UNLIKE:
        return piece
    doubted = replace(piece.chars[0], confidence=min(piece.chars[0].confidence, IF_DOUBTED))
    if likeness < ALIKE:
        return replace(piece, chars=(doubted, *piece.chars[1:]), agreed=False, other="%")
    if piece.other == "%":
        sign = replace(doubted, text="%", confidence=SURE)
        return replace(piece, chars=(sign,), agreed=True, other=None)
    return replace(piece, chars=(replace(doubted, text="%"),), agreed=False, other=piece.text)


def _per_cent(piece: TextPiece, likeness: float) -> TextPiece:
    seen = piece.chars[0]
    if likeness < UNLIKE:
        return replace(piece, chars=(replace(seen, confidence=min(seen.confidence, IF_DOUBTED)),))
    numeric = not piece.other or bool(_DIGIT.search(piece.other))
    if likeness < ALIKE or not numeric or seen.confidence < IF_DOUBTED:
        return piece
    sure = replace(seen, confidence=max(seen.confidence, SURE))
    return replace(piece, chars=(sure,), agreed=True, other=None)
