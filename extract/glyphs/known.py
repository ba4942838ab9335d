"""What a glyph that claims to be a character of numbers looks like, by the shapes of many fonts.

A claim is believed if no other character of numbers is more like the glyph than the one it
claims. In fonts that were not among those drawn, all claims of digits and signs held true, and
all false ones were found.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from common.declared import declared, declared_list
from common.fold import clean
from extract.glyphs.shapes import GlyphShape, read_shape

TARGET = Path(str(files("extract") / "data" / "shapes.toml"))
"""Where the shapes are kept."""
NEAREST = 12
"""So many shapes are looked at closely, those with the least differing ink."""
CLEARLY = 0.02
CLEARLY_HAN = 0.1
"""A glyph is another character if it is nearer to it by this than to what it claims to be; a
Chinese numeral that is nearer to another by less is doubted."""
UNLIKE = 0.4
"""A glyph farther than this from every shape of what it claims to be is none of them."""
SAME = 0.1
"""What claims to be no character of numbers is one if it is no farther from it than this."""
SURE = 0.3
"""A glyph is read as another character if it is no farther from it; else it is doubted only."""
NOWHERE = 9.0
WIDE_BY = 0xFEE0
_WIDE = frozenset(map(chr, range(0xFF01, 0xFF5F)))


class Likeness(Enum):
    """What a glyph's picture says of its claim."""

    FITS = "fits"
    DIFFERS = "differs"
    UNLIKE = "unlike"


class Verdict(NamedTuple):
    """What a glyph is to be read as, and how that goes with what it claims to be."""

    text: str
    look: Likeness


class KnownShapes(NamedTuple):
    """Shapes, each with its character, and what a first look tells of each.

    That is its ink, and how wide it is by its height.
    """

    shapes: tuple[tuple[str, GlyphShape], ...]
    glances: tuple[tuple[int, float], ...]


@cache
def class_of(character: str) -> str:
    """Return the character that one is counted as: wide digits as narrow ones, all dashes as -."""
    for shown, others in declared(dict[str, str], "extract", "glyphs", "same").items():
        if character in others:
            return str(shown)
    if character in _WIDE:
        return chr(ord(character) - WIDE_BY)
    return clean(character) or character


def is_judged(claim: str) -> bool:
    """Tell whether a claim is a digit, a sign or a numeral that a picture can bear out."""
    return len(claim) == 1 and class_of(claim) in _judged() and claim not in "，"


def judge(claim: str, shape: GlyphShape) -> Verdict:
    """Return what a glyph is read as that claims to be a character and has this shape."""
    mine = class_of(claim) if len(claim) == 1 else ""
    own = min(map(shape.distance, shapes_by_character().get(mine, ())), default=NOWHERE)
    other, seen = _nearest_rival(mine, shape)
    judged, han = is_judged(claim), mine in _han()
    if other + (CLEARLY_HAN if han else CLEARLY) < own and (judged or other <= SAME):
        return Verdict(seen if other <= SURE else claim, Likeness.DIFFERS)
    if han and _nearest_han(mine, shape) < own:
        return Verdict(claim, Likeness.DIFFERS)
    unlike = judged and not han and own > min(UNLIKE, other)
    return Verdict(claim, Likeness.UNLIKE if unlike else Likeness.FITS)


def is_han(claim: str) -> bool:
    """Tell whether a claim is a Chinese numeral that a picture can bear out."""
    return claim in _han()


def _nearest_han(mine: str, shape: GlyphShape) -> float:
    """Return how far a shape is from the nearest Chinese numeral but the one claimed."""
    others = (each for c in _han() - {mine} for each in shapes_by_character().get(c, ()))
    return min(map(shape.distance, others), default=NOWHERE)


def _nearest_rival(mine: str, shape: GlyphShape) -> tuple[float, str]:
    """Return how far a shape is from the nearest other character of numbers, and which it is."""
    shapes, glances = all_shapes()
    far = shape.far_from(glances)
    nearest = [shapes[each] for each in sorted(range(len(far)), key=far.__getitem__)[:NEAREST]]
    rivals = _rivals(mine)
    return min(
        ((shape.distance(kept), each) for each, kept in nearest if each in rivals),
        default=(NOWHERE, ""),
    )


@cache
def _rivals(mine: str) -> frozenset[str]:
    """Return the characters of numbers that are not like the one claimed by nature."""
    look_alikes = "".join(group for group in _alike() if mine and mine in group)
    return frozenset(_judged().difference(look_alikes, (mine,)))


@cache
def all_shapes() -> KnownShapes:
    """Return each shape of a character of numbers."""
    judged = _judged()
    shapes = tuple(
        (c, shape) for c, kept in shapes_by_character().items() if c in judged for shape in kept
    )
    return KnownShapes(shapes, tuple((shape.bits, shape.slender) for _, shape in shapes))


@cache
def shapes_by_character() -> dict[str, tuple[GlyphShape, ...]]:
    """Return the shapes that are kept of each character."""
    written = declared(dict[str, list[str]], "extract", "shapes")
    return {character: tuple(map(read_shape, lines)) for character, lines in written.items()}


@cache
def _judged() -> frozenset[str]:
    return frozenset(declared(str, "extract", "glyphs", "judged", "numbers")) | _han()


@cache
def _han() -> frozenset[str]:
    return frozenset(declared(str, "extract", "glyphs", "judged", "han"))


@cache
def _alike() -> tuple[str, ...]:
    return declared_list("extract", "glyphs", "alike")
