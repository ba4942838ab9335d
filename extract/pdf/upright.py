"""A page's record: what a device collected, turned upright and measured from the page's corner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from extract.page.page import Char, Flaw, PageRecord, Rule
from extract.page.paths import Rect
from extract.page.repeats import part_repeats
from extract.pdf.device import SeenDevice

EDGE = 1.0


def page_record(
    device: SeenDevice, number: int, whole: Rect, crop: Rect, cropped: bool
) -> PageRecord:
    """Turn what a device collected upright, measured from the page's visible corner.

    On a page whose visible part ends within a table, what lies beyond it is in doubt.
    """
    sights = device.settle()
    upright = _Upright(crop, _main_turn(sights.seen))
    seen, repeated = part_repeats(sights.seen)
    if cropped:
        seen = [char if _within(char, crop) else char._replace(flaw=Flaw.CUT) for char in seen]
    return PageRecord(
        number=number,
        width=upright.width,
        height=upright.height,
        chars=upright.chars(seen),
        rules=tuple(upright.rule(rule) for rule in device.rules),
        clipped=upright.chars(device.clipped),
        unseen=upright.chars([*device.unseen, *sights.unseen]),
        slanted=upright.chars([*device.slanted, *sights.across]),
        cut=upright.chars(device.cut),
        repeated=upright.chars(repeated),
        astray=upright.chars(sights.astray),
        added=upright.chars(sights.added),
        covered=upright.chars(sights.covered),
        pens=tuple(upright.rule(rule) for rule in device.pens),
        annotations=tuple(device.annotations),
        cropped=cropped,
        origin=upright.origin(whole),
        picture_share=_picture_share(device.pictures, crop),
    )


def _within(char: Char, box: Rect) -> bool:
    """Tell whether all of a glyph lies in a box, but for what any font leaves blank around it."""
    return (
        box.x0 - EDGE <= char.x0
        and char.x1 <= box.x1 + EDGE
        and box.holds(char.center_x, char.center_y)
    )


def _picture_share(pictures: Sequence[Rect], crop: Rect) -> float:
    shown = [both for picture in pictures if (both := picture.meet(crop))]
    area = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in shown)
    return min(1.0, area / ((crop.x1 - crop.x0) * (crop.y1 - crop.y0)))


def _main_turn(chars: Sequence[Char]) -> int:
    """Return the direction of reading (clockwise quarter turns) of most characters."""
    if all(char.turn == 0 for char in chars):
        return 0
    turns = Counter(char.turn for char in chars if not char.text.isspace())
    return turns.most_common(1)[0][0] if turns else 0


class _Upright:
    """Maps pdfminer's space to the page's top left, turning back by quarter turns."""

    def __init__(self, crop: Rect, turns: int) -> None:
        self.crop = crop
        self.turns = turns
        self.across = crop.x1 - crop.x0
        self.down = crop.y1 - crop.y0
        self.width, self.height = (
            (self.down, self.across) if turns % 2 else (self.across, self.down)
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, top = x - self.crop.x0, self.crop.y1 - y
        if self.turns == 1:
            return top, self.across - left
        if self.turns == 2:
            return self.across - left, self.down - top
        if self.turns == 3:
            return self.down - top, left
        return left, top

    def origin(self, whole: Rect) -> tuple[float, float]:
        """Return where the media box's top left corner lies."""
        across, down = self._box(*whole)
        return across[0], down[0]

    def chars(self, chars: Sequence[Char]) -> tuple[Char, ...]:
        if self.turns:
            return tuple(self._char(char) for char in chars)
        left, top, new = self.crop.x0, self.crop.y1, tuple.__new__
        return tuple(
            [
                new(Char, (text, x0 - left, top - y1, x1 - left, top - y0, size, turn, flaw))
                for text, x0, y0, x1, y1, size, turn, flaw in chars
            ]
        )

    def _char(self, char: Char) -> Char:
        (x0, x1), (top, bottom) = self._box(char.x0, char.top, char.x1, char.bottom)
        turn = (char.turn - self.turns) % 4
        return Char(char.text, x0, top, x1, bottom, char.size, turn, char.flaw)

    def _box(
        self, x0: float, y0: float, x1: float, y1: float
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        one, other = self.point(x0, y0), self.point(x1, y1)
        return (
            (min(one[0], other[0]), max(one[0], other[0])),
            (min(one[1], other[1]), max(one[1], other[1])),
        )

    def rule(self, rule: Rule) -> Rule:
        ends = (
            (rule.start, rule.at, rule.end, rule.at)
            if rule.horizontal
            else (rule.at, rule.start, rule.at, rule.end)
        )
        across, down = self._box(*ends)
        horizontal = rule.horizontal ^ bool(self.turns % 2)
        span, at = (across, down[0]) if horizontal else (down, across[0])
        return Rule(horizontal, at, span[0], span[1], rule.mark)
