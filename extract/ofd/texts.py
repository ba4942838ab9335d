"""A text object becomes glyphs, each at its place on the object's own ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from math import cos, radians, sin

from extract.drawing.ink import Glyph
from extract.files.package import Element, child
from extract.ofd.container import children
from extract.ofd.numbers import number, numbers, offsets

LONGEST = 100_000
"""No text object of a notice has more characters."""


Wide = Callable[[str, int | None], float]
"""How wide (in sizes) a text is that is drawn with a glyph of a number."""


def glyphs_of(item: Element, wide: Wide) -> Iterator[Glyph]:
    """Yield the glyphs of a text object; raise ValueError where its numbers are none.

    Where the file does not say how far apart they stand, they are set one after the other, each
    ``wide`` as its font has it; where it says so for some only, the rest stand as far apart as the
    last of them.
    """
    size = number(item.get("Size"), 0.0)
    stretch = number(item.get("HScale"), 1.0)
    direction = radians(number(item.get("ReadDirection"), 0.0))
    along = cos(direction) * stretch * size, sin(direction) * size
    changes = _changes(item)
    x = y = 0.0
    position = 0
    for code in children(item, "TextCode"):
        text = (code.text or "")[:LONGEST]
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        drawn = list(_drawn(text, position, changes))
        steps = _steps(code, drawn, (along, wide))
        yield from _placed(drawn, steps, (x, y))
        position += len(text)


def _drawn(
    text: str, position: int, changes: dict[int, tuple[int, list[int]]]
) -> Iterator[tuple[str, int | None]]:
    """Yield each glyph's text and number: one a character, but where glyphs are given."""
    at = 0
    while at < len(text):
        count, glyphs = changes.get(position + at, (1, []))
        taken = text[at : at + count]
        if len(glyphs) == len(taken):
            yield from zip(taken, glyphs, strict=True)
        elif glyphs:
            yield taken, glyphs[0]
            yield from (("", glyph) for glyph in glyphs[1:])
        else:
            yield from ((sign, None) for sign in taken)
        at += len(taken)


def _changes(item: Element) -> dict[int, tuple[int, list[int]]]:
    """Return at which character glyphs are given: for how many characters, and which glyphs."""
    changes = {}
    for change in children(item, "CGTransform"):
        count = int(change.get("CodeCount") or 1)
        named = child(change, "Glyphs")
        glyphs = [int(each) for each in numbers(None if named is None else named.text)]
        changes[int(change.get("CodePosition") or 0)] = (max(1, count), glyphs[:LONGEST])
    return changes


def _steps(
    code: Element,
    drawn: list[tuple[str, int | None]],
    usual: tuple[tuple[float, float], Wide],
) -> list[tuple[float, float]]:
    """Return how far each glyph but the first stands from the one before it.

    ``usual`` is the direction and length of a size, and how many of them a glyph takes.
    """
    most = max(0, len(drawn) - 1)
    along, wide = usual
    across, down = offsets(code.get("DeltaX"), most), offsets(code.get("DeltaY"), most)
    if not across and not down:
        taken = [wide(text, glyph) if text else 0.0 for text, glyph in drawn]
        return [(each * along[0], each * along[1]) for each in taken]
    return list(zip(_filled(across, most), _filled(down, most), strict=True))


def _filled(given: list[float], most: int) -> list[float]:
    return given + [given[-1] if given else 0.0] * (most - len(given))


def _placed(
    drawn: list[tuple[str, int | None]],
    steps: list[tuple[float, float]],
    start: tuple[float, float],
) -> Iterator[Glyph]:
    places = [start]
    for across, down in steps[: max(0, len(drawn) - 1)]:
        places.append((places[-1][0] + across, places[-1][1] + down))
    ends = [*pairwise(places), (places[-1], places[-1])]
    for (text, glyph), (here, following) in zip(drawn, ends, strict=False):
        advance = following[0] - here[0] if following[1] == here[1] else 0.0
        yield Glyph(text, glyph, *here, advance)
