"""What is drawn with: colours, and the glyphs of a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from common.fold import is_wide


class Color(NamedTuple):
    """Paint: its parts (0..1) of one, three or four inks as in a PDF, and how much it covers."""

    parts: tuple[float, ...]
    alpha: float = 1.0


BLACK = Color((0.0,))
CLEAR = Color((0.0,), 0.0)


@dataclass(frozen=True, slots=True)
class Paint:
    """What an object is painted with; None for what is not painted at all."""

    fill: Color | None
    stroke: Color | None
    width: float

    @property
    def fills(self) -> bool:
        """Tell whether the inside is painted so that it shows."""
        return self.fill is not None and self.fill.alpha > 0

    @property
    def strokes(self) -> bool:
        """Tell whether the outline is painted so that it shows."""
        return self.stroke is not None and self.stroke.alpha > 0


class Glyph(NamedTuple):
    """One glyph: its text ('' for the second of several that one character is drawn with).

    ``glyph`` is its number in the font where the file gives one. ``x`` and ``y`` are the place of
    its baseline's beginning, ``advance`` how far the next one stands along the baseline (0.0 for
    the last, or where the next one does not stand on it).
    """

    text: str
    glyph: int | None
    x: float
    y: float
    advance: float


def usual_advance(text: str) -> float:
    """Return how wide (in sizes) a character usually is: a Chinese one twice a Latin one."""
    wide = any(map(is_wide, text))
    return 1.0 if wide else 0.5
