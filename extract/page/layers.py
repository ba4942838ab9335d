"""What lies over what on a page: text that paint covers or its ground swallows is not seen.

Text in another colour or much larger that runs over other text or over rules is a stamp's or a
watermark's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from statistics import median
from typing import Any, NamedTuple

from extract.page.page import Char, Flaw, Rule
from extract.page.paths import Rect

BAND = 24.0
"""FilledBox is looked up by bands of so many points."""
COVERED = 0.7
"""FilledBox covers a glyph if it lies over this part of its box, its middle included."""
SMALLEST = 2.0
"""Text smaller than this (points) cannot be read."""
FAINTEST = 0.05
SAME_COLOR = 0.03
PLAIN_ALPHA = 0.9
LARGE = 1.5
"""Text this many times larger than the page's usual text may be a watermark's."""
OVERLAPPING = 0.15
"""Letters overlap if so much of the smaller one's box lies in the other's."""
USUAL_SIZE = 10.0
BEYOND = 10.0
"""A table's rule that runs on so far (points) beyond the visible part of a page is cut by it."""

Rgb = tuple[float, float, float]
WHITE: Rgb = (1.0, 1.0, 1.0)


class FilledBox(NamedTuple):
    """A filled box or a picture, drawn after so many glyphs; ``rgb`` None where not known.

    ``covers`` tells whether it hides what is under all of its box.
    """

    box: Rect
    rgb: Rgb | None
    after: int
    covers: bool


class Inked(NamedTuple):
    """A glyph as it was drawn; ``over`` tells whether an annotation shows it over the page."""

    char: Char
    rgb: Rgb | None
    alpha: float
    over: bool = False


@dataclass(slots=True)
class Sights:
    """A page's glyphs by how they show.

    ``across`` lies over other text, ``astray`` may; ``added`` are those seen that annotations show.
    """

    seen: list[Char] = field(default_factory=list)
    unseen: list[Char] = field(default_factory=list)
    covered: list[Char] = field(default_factory=list)
    across: list[Char] = field(default_factory=list)
    astray: list[Char] = field(default_factory=list)
    added: list[Char] = field(default_factory=list)


def rgb_of(color: Any, space: str) -> Rgb | None:
    """Return a colour's light in red, green and blue (0 to 1); None where it is not known."""
    parts = color if isinstance(color, (tuple, list)) else (color,)
    if space in ("Indexed", "Pattern", "Lab") or not all(map(_is_number, parts)):
        return None
    if space in ("Separation", "DeviceN"):
        return WHITE if max(parts, default=1) <= SAME_COLOR / 2 else None
    return _light([float(part) for part in parts])


def _is_number(part: Any) -> bool:
    return isinstance(part, (int, float))


def _light(parts: Sequence[float]) -> Rgb | None:
    """Return the light of one part (grey), three (red, green, blue) or four (inks)."""
    if len(parts) == 4:
        *inks, black = parts
        parts = [(1 - ink) * (1 - black) for ink in inks]
    if len(parts) == 1:
        parts = [parts[0]] * 3
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None


def part_by_sight(
    inked: Sequence[Inked],
    paints: Sequence[FilledBox],
    rules: Sequence[Rule],
    drawn_over: Sequence[tuple[Rect, str]] = (),
) -> Sights:
    """Part a page's glyphs into those seen, those hidden, and those across its other text.

    ``drawn_over`` are places where something is drawn over the page that is not understood, each
    with the text that it is known to show.
    """
    found = Sights()
    shown = _shown(inked, paints, found)
    shelves = _across(shown, rules)
    if not shelves:
        found.seen = [each.char for each in shown]
    for number, each in enumerate(shown if shelves else ()):
        getattr(found, shelves.get(number, "seen")).append(each.char)
    found.added = [each.char for each in shown if each.over]
    found.seen = list(_with_conflicts(found.seen, found.added))
    for box, text in drawn_over:
        found.seen = _drawn_over(found.seen, box, text)
    return found


def _shown(inked: Sequence[Inked], paints: Sequence[FilledBox], found: Sights) -> list[Inked]:
    """Return the glyphs that can be seen; the others go where they belong."""
    grounds = _Grounds(paints)
    last = max((paint.after for paint in paints), default=0)
    alike = grounds.alike(inked)
    shown: list[Inked] = []
    for number, each in enumerate(inked):
        char, rgb, alpha, _ = each
        if alpha < FAINTEST or char.size < SMALLEST:
            found.unseen.append(char)
        elif number < last and grounds.covers(char, number):
            found.covered.append(char)
        elif rgb in alike and grounds.swallows(char, rgb, number):
            found.unseen.append(char)
        else:
            shown.append(each)
    return shown


def _drawn_over(seen: Sequence[Char], box: Rect, text: str) -> list[Char]:
    """Doubt the glyphs in a box; where there are none, its text stands there, in doubt itself."""
    under = [box.holds(*_middle(char)) for char in seen]
    if any(under):
        marked = (char._replace(flaw=Flaw.MARKED) for char in seen)
        return [new if hit else old for new, old, hit in zip(marked, seen, under, strict=True)]
    size = min(box.y1 - box.y0, USUAL_SIZE)
    char = Char(text, box.x0, box.y0, box.x1, box.y1, size, 0, Flaw.OVERLAID)
    return [*seen, char] if text else [*seen]


def cuts_table(crop: Rect, rules: Sequence[Rule], inked: Sequence[Inked]) -> bool:
    """Tell whether the visible part of a page ends within a table: rules and text go on beyond."""
    crossing = any(
        rule.start < edge - BEYOND and edge + BEYOND < rule.end
        for rule in rules
        for edge in ((crop.x0, crop.x1) if rule.horizontal else (crop.y0, crop.y1))
    )
    return crossing and any(not crop.holds(*_middle(each.char)) for each in inked)


def _middle(char: Char) -> tuple[float, float]:
    return char.center_x, char.center_y


@lru_cache(maxsize=256)
def _same(one: Rgb, other: Rgb) -> bool:
    return all(abs(a - b) <= SAME_COLOR for a, b in zip(one, other, strict=True))


class _Grounds:
    """FilledBox by the bands that it lies in."""

    def __init__(self, paints: Sequence[FilledBox]) -> None:
        self._bands: defaultdict[int, list[FilledBox]] = defaultdict(list)
        self._colors = {WHITE, *(paint.rgb for paint in paints if paint.rgb is not None)}
        for paint in paints:
            for band in range(int(paint.box.y0 // BAND), int(paint.box.y1 // BAND) + 1):
                self._bands[band].append(paint)

    def covers(self, char: Char, number: int) -> bool:
        """Tell whether paint that came after a glyph hides it."""
        return any(
            paint.covers and paint.after > number and _hides(paint.box, char)
            for paint in self._at(char)
        )

    def alike(self, inked: Sequence[Inked]) -> set[Rgb | None]:
        """Return the colours of glyphs that any ground has; paper is one."""
        colors = {each.rgb for each in inked}
        return {one for one in colors if one and any(_same(one, each) for each in self._colors)}

    def swallows(self, char: Char, rgb: Rgb | None, number: int) -> bool:
        """Tell whether a glyph has the colour of what it was drawn on: paper, if nothing else."""
        ground: Rgb | None = WHITE
        for paint in self._at(char):
            if paint.after <= number and paint.box.holds(char.center_x, char.center_y):
                ground = paint.rgb
        return rgb is not None and ground is not None and _same(rgb, ground)

    def _at(self, char: Char) -> Sequence[FilledBox]:
        return self._bands.get(int(char.center_y // BAND), ())


def _hides(box: Rect, char: Char) -> bool:
    if not box.holds(char.center_x, char.center_y):
        return False
    shown = box.meet(Rect(char.x0, char.top, char.x1, char.bottom))
    whole = (char.x1 - char.x0) * (char.bottom - char.top)
    return shown is None or _area(shown) >= COVERED * whole


def _area(box: Rect) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _across(shown: Sequence[Inked], rules: Sequence[Rule]) -> dict[int, str]:
    """Return the numbers of glyphs of runs that lie over other text or over rules.

    A run that crosses only one rule may as well be a cell's own text that is too long for it.
    """
    plain = _plain(shown)
    if len(plain) == len(shown) or not plain:
        return {}
    shelves: dict[int, str] = {}
    others = _Bands(shown[number].char for number in sorted(plain))
    upright = [rule for rule in rules if not rule.horizontal]
    for run in _runs(shown, plain):
        chars = [shown[number].char for number in run]
        crossed = _crossed(chars, upright)
        if crossed > 1 or any(others.overlaps(char) for char in chars):
            shelves.update(dict.fromkeys(run, "across"))
        elif crossed:
            shelves.update(dict.fromkeys(run, "astray"))
    return shelves


def _plain(shown: Sequence[Inked]) -> set[int]:
    """Return the numbers of glyphs in the page's usual colour and of no unusual size."""
    if not shown:
        return set()
    usual = shown[0].rgb
    if not all(each.rgb is usual for each in shown):
        ((usual, _),) = Counter(each.rgb for each in shown).most_common(1)
    largest = LARGE * median([each.char.size for each in shown])
    return {
        number
        for number, each in enumerate(shown)
        if each.over
        or (each.rgb == usual and each.alpha >= PLAIN_ALPHA and each.char.size < largest)
    }


def _runs(shown: Sequence[Inked], plain: set[int]) -> Iterator[list[int]]:
    """Yield runs of glyphs that are not plain, drawn one after the other on one line."""
    run: list[int] = []
    for number, each in enumerate(shown):
        if number in plain:
            continue
        if run and not _goes_on(shown[run[-1]], each):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _goes_on(last: Inked, each: Inked) -> bool:
    one, other = last.char, each.char
    level = abs(one.top - other.top) < 0.2 * one.size
    return level and last.rgb == each.rgb and abs(other.x0 - one.x1) < one.size


def _crossed(chars: Sequence[Char], upright: Sequence[Rule]) -> int:
    """Return how many lines down run through a line of text."""
    left, right = min(char.x0 for char in chars), max(char.x1 for char in chars)
    middle = chars[0].center_y
    places = {
        round(rule.at)
        for rule in upright
        if left + 1 < rule.at < right - 1 and rule.start < middle < rule.end
    }
    return len(places)


class _Bands:
    """Glyphs by the bands that they stand in."""

    def __init__(self, chars: Iterable[Char]) -> None:
        self._bands: defaultdict[int, list[Char]] = defaultdict(list)
        for char in chars:
            if not char.text.isspace():
                for band in range(int(char.top // BAND), int(char.bottom // BAND) + 1):
                    self._bands[band].append(char)

    def overlaps(self, char: Char) -> bool:
        """Tell whether a glyph's box lies over another's."""
        if char.text.isspace():
            return False
        near = range(int(char.top // BAND), int(char.bottom // BAND) + 1)
        return any(_overlap(char, other) for band in near for other in self._bands.get(band, ()))


def _overlap(one: Char, other: Char) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    if across <= 0 or down <= 0:
        return False
    areas = ((char.x1 - char.x0) * (char.bottom - char.top) for char in (one, other))
    return across * down >= OVERLAPPING * min(areas)


def _with_conflicts(seen: Sequence[Char], over: Sequence[Char]) -> Iterator[Char]:
    """Mark an annotation's glyphs that stand over text of the page which still shows."""
    if not over:
        yield from seen
        return
    shown = set(over)
    below = _Bands(char for char in seen if char not in shown)
    for char in seen:
        doubted = char in shown and below.overlaps(char)
        yield char._replace(flaw=Flaw.OVERLAID) if doubted else char
