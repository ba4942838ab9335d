"""Sorts what a page's program draws into what is seen, and what clips or paint hide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice

from extract.page.page import Char, Flaw, Mark, Rule
from extract.pdf.clip import Clip, clip_rule, share_seen
from extract.pdf.glyphs import GlyphBook
from extract.pdf.paths import (
    THIN,
    Rect,
    box_on_page,
    fills_to_rules,
    is_white,
    path_to_subpaths,
    strokes_to_rules,
)

SEEN_SHARE = 0.5
"""A glyph is seen if at least this part of its box shows: of two pages that share a line cut in
its middle, one has it."""
LOWEST = -0.12
"""A glyph's box begins so far (in sizes) from its baseline, as a Chinese character's does. What
fonts say of themselves is wrong by a line and more in real files."""
INVISIBLE_MODES = (3, 7)


class PageTooHeavyError(Exception):
    """A page's program is longer than any printed table needs."""


class SeenDevice(PDFTextDevice):  # type: ignore[misc]  # pdfminer is untyped here
    """Collects one page's glyphs, rules and pictures in pdfminer's space (y upwards)."""

    def __init__(self, manager: Any, page: Rect, budget: int, glyphs: GlyphBook) -> None:
        super().__init__(manager)
        self.page = page
        self.budget = budget
        self.glyphs = glyphs
        self.clip: Clip = (page,)
        self.mode = 0
        self.seen: list[Char] = []
        self.clipped: list[Char] = []
        self.unseen: list[Char] = []
        self.slanted: list[Char] = []
        self.cut: list[Char] = []
        self.last: tuple[Char, bool] | None = None
        self.white: list[Char] = []
        self.white_rules: list[Rule] = []
        self.rules: list[Rule] = []
        self.fills: list[Rect] = []
        self.pictures: list[Rect] = []

    def spend(self, size: int) -> None:
        """Count bytes of page program; raise PageTooHeavyError when there are too many."""
        if size > self.budget:
            raise PageTooHeavyError
        self.budget -= size

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Note how the text is painted before its glyphs come."""
        self.mode = textstate.render
        if textstate.font is not None:
            super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # noqa: PLR0913, PLR0917 - the signature is pdfminer's
        self,
        matrix: tuple[float, float, float, float, float, float],
        font: Any,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,
        graphicstate: Any,
    ) -> float:
        """File one glyph; return how far it advances the pen."""
        text, doubted = self.glyphs.read(font, cid)
        advance: float = font.char_width(cid) * fontsize * scaling
        if font.is_vertical():
            box = _vertical_box(font.char_disp(cid), fontsize, rise, advance)
        else:
            low = LOWEST * fontsize + rise
            box = (0.0, low, advance, low + fontsize)
        rect = box_on_page(matrix, box)
        size = rect.x1 - rect.x0 if font.is_vertical() else abs(rect.y1 - rect.y0)
        turn = _direction(matrix[0], matrix[1])
        if turn % 2 and not font.is_vertical():
            size = rect.x1 - rect.x0
        flaw = Flaw.GLYPH if doubted else None
        char = Char(text, rect.x0, rect.y0, rect.x1, rect.y1, size, max(turn, 0), flaw)
        shelf = self._shelf(rect, turn, ncs, graphicstate)
        shelf.append(char)
        if shelf is not self.unseen:
            self.glyphs.see(font, cid)
        self._note_cut(char, shelf is self.clipped)
        return advance

    def _note_cut(self, char: Char, hidden: bool) -> None:
        """Note a hidden glyph whose neighbour in the same piece of text is seen."""
        if self.last is not None and self.last[1] != hidden and _follows(self.last[0], char):
            self.cut.append(char if hidden else self.last[0])
        self.last = (char, hidden)

    def _shelf(self, rect: Rect, turn: int, ncs: Any, graphicstate: Any) -> list[Char]:
        if self.mode in INVISIBLE_MODES:
            return self.unseen
        if share_seen(rect, self.clip, self.page) < SEEN_SHARE:
            return self.clipped
        if turn < 0:
            return self.slanted
        if self.mode in (0, 4) and is_white(graphicstate.ncolor, ncs.name if ncs else ""):
            return self.white
        return self.seen

    def paint_path(
        self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        """File the rules that a painted path draws."""
        subpaths = path_to_subpaths(path, self.ctm)
        if stroke:
            white = is_white(graphicstate.scolor, graphicstate.scs.name)
            self._add_rules(strokes_to_rules(subpaths, graphicstate.linewidth), white)
        if fill:
            white = is_white(graphicstate.ncolor, graphicstate.ncs.name)
            self._add_rules(fills_to_rules(subpaths), white)
            boxes = (subpath.box() for subpath in subpaths)
            self.fills.extend(box for box in boxes if box.thickness > THIN and not white)

    def _add_rules(self, rules: Iterable[Rule], white: bool = False) -> None:
        shelf = self.white_rules if white else self.rules
        for rule in rules:
            shelf.extend(clip_rule(rule, self.clip, self.page))

    def render_image(self, name: str, stream: Any) -> None:
        """File a picture; a picture as thin as a rule is one."""
        box = box_on_page(self.ctm, (0, 0, 1, 1)).meet(self.page)
        if box is None:
            return
        if box.thickness > THIN:
            self.pictures.append(box)
            return
        across = box.x1 - box.x0 >= box.y1 - box.y0
        at = (box.y0 + box.y1) / 2 if across else (box.x0 + box.x1) / 2
        start, end = (box.x0, box.x1) if across else (box.y0, box.y1)
        self._add_rules([Rule(across, at, start, end, Mark.THIN_BOX)])

    def settle_white(self) -> None:
        """Take white glyphs and rules for seen where something dark or a picture is under them."""
        grounds = self.fills + self.pictures
        for char in self.white:
            x, y = char.center_x, char.center_y
            under = any(ground.holds(x, y) for ground in grounds)
            (self.seen if under else self.unseen).append(char)
        drawn = (rule for rule in self.white_rules if rule.mark > Mark.FILL_EDGE)
        self.rules.extend(part for rule in drawn for part in _over_grounds(rule, self.fills))


def _over_grounds(rule: Rule, fills: Sequence[Rect]) -> Iterator[Rule]:
    """Yield the parts of a white rule that run over paint."""
    for fill in fills:
        low, high, first, last = (
            (fill.y0, fill.y1, fill.x0, fill.x1)
            if rule.horizontal
            else (fill.x0, fill.x1, fill.y0, fill.y1)
        )
        start, end = max(rule.start, first), min(rule.end, last)
        if low <= rule.at <= high and start < end:
            yield rule._replace(start=start, end=end)


def _vertical_box(
    displacement: Any, fontsize: float, rise: float, advance: float
) -> tuple[float, float, float, float]:
    """Return a glyph's box in a font written downwards, as pdfminer lays it."""
    across, down = displacement
    left = fontsize * 0.5 if across is None else across * fontsize * 0.001
    top = (1000 - down) * fontsize * 0.001
    return (-left, top + rise + advance, fontsize - left, top + rise)


def _follows(last: Char, char: Char) -> bool:
    near = 0.3 * char.size
    return abs(char.top - last.top) < near / 3 and abs(char.x0 - last.x1) < near


def _direction(a: float, b: float) -> int:
    """Return the direction of reading in clockwise quarter turns, -1 if it follows no axis."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b < 0 else 3
    return -1
