"""Pictures of single glyphs as bits, made comparable in size and held against each other.

A picture is a list of rows, each of a digit for each place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from operator import itemgetter

INK, PAPER = b"1", b"0"
"""What a picture's rows are made of."""
SIDE = 24
"""A shape has so many rows and columns, however large the glyph was drawn."""
_ROW = (1 << SIDE) - 1
_LEFT = sum(1 << (SIDE * row + SIDE - 1) for row in range(SIDE))
_RIGHT = sum(1 << (SIDE * row) for row in range(SIDE))
_ALL = (1 << (SIDE * SIDE)) - 1

SLENDER = 0.35
"""Glyphs whose logarithms of width by height differ by less are alike in this."""
SLENDER_WEIGHT = 0.25
SLENDER_PLACES = 40.0
"""And at a first look, in places of ink."""
TALL, RAISED = 0.12, 0.12
"""Heights and middles (parts of the font's size) that differ by less are alike in this."""
PLACE_WEIGHT = 0.8
EXACT_WEIGHT = 0.2
"""What ink that is not in the very same place counts, beside ink that has none near it."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """A glyph's ink in parts of the font's size: width, height, middle over the baseline."""

    width: float
    height: float
    middle: float

    @property
    def slender(self) -> float:
        """Return how wide a glyph is by its height, 0 for a square."""
        return log(self.width / self.height)

    def distance(self, other: Metrics, slender: float) -> float:
        """Return how much two glyphs differ in form and place, 0 where as fonts do anyway.

        ``slender`` is by how much they differ in width by height.
        """
        tall = abs(self.height - other.height)
        raised = abs(self.middle - other.middle)
        return SLENDER_WEIGHT * max(0.0, slender - SLENDER) + PLACE_WEIGHT * (
            max(0.0, tall - TALL) + max(0.0, raised - RAISED)
        )


@dataclass(frozen=True)
class GlyphShape:
    """A glyph's ink stretched over a square of bits, and where it stood."""

    bits: int
    metrics: Metrics

    @cached_property
    def _thick(self) -> int:
        return _thickened(self.bits)

    @cached_property
    def _ink(self) -> int:
        return self.bits.bit_count()

    def distance(self, other: GlyphShape) -> float:
        """Return how much two shapes differ: 0 alike, about 1 nothing in common.

        Ink counts where the other has none within one place of it: strokes may be thick or thin.
        """
        mine = (self.bits & ~other._thick).bit_count()
        others = (other.bits & ~self._thick).bit_count()
        exact = EXACT_WEIGHT * (self.bits ^ other.bits).bit_count()
        place = self.metrics.distance(other.metrics, abs(self.slender - other.slender))
        return (mine + others + exact) / (self._ink + other._ink) + place

    def written(self) -> str:
        """Return the shape as a line of text; ``read_shape`` reads it."""
        m = self.metrics
        return f"{m.width:.3f} {m.height:.3f} {m.middle:.3f} {self.bits:x}"

    @cached_property
    def slender(self) -> float:
        """Return how wide the glyph is by its height."""
        return self.metrics.slender

    def far_from(self, others: Sequence[tuple[int, float]]) -> list[float]:
        """Return how much a shape differs at a first look from others, of such ink and form."""
        bits, slender = self.bits, self.slender
        return [
            (bits ^ ink).bit_count() + SLENDER_PLACES * abs(slender - form) for ink, form in others
        ]


def read_shape(line: str) -> GlyphShape:
    """Return the shape that a line of text tells."""
    width, height, middle, bits = line.split()
    return GlyphShape(int(bits, 16), Metrics(float(width), float(height), float(middle)))


def _thickened(bits: int) -> int:
    wide = bits | ((bits & ~_RIGHT) >> 1) | ((bits & ~_LEFT) << 1)
    return (wide | wide >> SIDE | wide << SIDE) & _ALL


def shape_of(rows: Sequence[bytes], size: float, baseline: float) -> GlyphShape | None:
    """Return the shape of a picture's ink; None where there is none or it touches the edge.

    ``size`` is the font's in the picture's rows, ``baseline`` how many lie above the baseline.
    """
    width, picture = len(rows[0]), b"".join(rows)
    if INK not in picture:
        return None
    top, bottom = picture.index(INK) // width, picture.rindex(INK) // width + 1
    left = width - max([len(row.lstrip(PAPER)) for row in rows[top:bottom]])
    right = max([len(row.rstrip(PAPER)) for row in rows[top:bottom]])
    if top == 0 or bottom == len(rows) or left == 0 or right == width:
        return None
    across = itemgetter(*(int(left + (i + 0.5) * (right - left) / SIDE) for i in range(SIDE)))
    down = (int(top + (j + 0.5) * (bottom - top) / SIDE) for j in range(SIDE))
    bits = int(b"".join([bytes(across(rows[row])) for row in down]), 2)
    middle = baseline - (top + bottom) / 2
    return GlyphShape(bits, Metrics((right - left) / size, (bottom - top) / size, middle / size))
