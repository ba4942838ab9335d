"""One PDF page as a supplier hands it on: visible characters and candidate rules, nothing else.

Any library that can fill a :class:`PageRecord` can stand behind the reader. All places are in
points from the top left of the page as a person sees it (turned upright, cropped).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple

UNREADABLE = "\ufffd"
"""Stands for a glyph whose character the file does not tell."""


class Mark(IntEnum):
    """How a candidate rule was drawn; a higher mark is better evidence of a rule."""

    FILL_EDGE = 1
    THIN_BOX = 2
    BOX_EDGE = 3
    STROKE = 4


class Flaw(StrEnum):
    """Why a character may not be what the page shows."""

    GLYPH = "glyph"
    OVERLAID = "overlaid"
    MARKED = "marked"
    CUT = "cut"
    STRUCK = "struck"
    COVERED = "covered"
    OVERPRINTED = "overprinted"


class Rule(NamedTuple):
    """A straight piece along one axis: ``at`` on the other axis, from ``start`` to ``end``."""

    horizontal: bool
    at: float
    start: float
    end: float
    mark: Mark


class Char(NamedTuple):
    """One printed character (rarely a ligature of several) and its box.

    ``turn`` is the direction of reading in clockwise quarter turns: 0 to the right, 1 down,
    2 to the left, 3 up. ``flaw`` says why it may not be what the page shows.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    turn: int = 0
    flaw: Flaw | None = None

    @property
    def center_x(self) -> float:
        """Return the middle of the box across."""
        return (self.x0 + self.x1) / 2

    @property
    def center_y(self) -> float:
        """Return the middle of the box down."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What one page shows.

    ``chars`` are in the order of drawing. ``clipped`` are characters that the file holds but
    that a clip path or the page's edge hides, ``unseen`` those drawn invisibly or in white on
    white, ``slanted`` those across the page (watermarks). ``cut`` are the clipped ones whose
    neighbour in the same piece of text shows: the page shows a part of a line. ``repeated`` are
    those drawn again where they stand already, as some programs print bold. ``covered`` are those
    that were painted over, ``astray`` those in another colour that may be a stamp's, ``added``
    those seen that an annotation shows, ``pens`` the lines that annotations draw. ``origin`` is
    where the corner of the uncropped page lies; ``cropped`` tells that the page shows a part of its
    table only. ``annotations`` are the texts that lie over the page. ``picture_share`` is the part
    of the page that pictures cover (0..1).
    """

    number: int
    width: float
    height: float
    chars: tuple[Char, ...]
    rules: tuple[Rule, ...]
    clipped: tuple[Char, ...] = ()
    unseen: tuple[Char, ...] = ()
    slanted: tuple[Char, ...] = ()
    cut: tuple[Char, ...] = ()
    repeated: tuple[Char, ...] = ()
    covered: tuple[Char, ...] = ()
    astray: tuple[Char, ...] = ()
    added: tuple[Char, ...] = ()
    pens: tuple[Rule, ...] = ()
    annotations: tuple[str, ...] = ()
    cropped: bool = False
    origin: tuple[float, float] = (0.0, 0.0)
    picture_share: float = 0.0
