"""Sorts what a page's program draws into what is seen, and what clips or paint hide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice

from extract.page.layers import WHITE, FilledBox, Inked, Rgb, Sights, part_by_sight, rgb_of
from extract.page.page import Char, Flaw, Mark, Rule
from extract.page.paths import (
    THIN,
    Matrix,
    Rect,
    Subpath,
    box_on_page,
    fills_to_rules,
    is_white,
    path_to_subpaths,
    strokes_to_rules,
)
from extract.pdf.clip import Clip, clip_rule, share_seen
from extract.pdf.glyphs import GlyphBook
from extract.pdf.optional import Marked, OptionalLayers, Over

SEEN_SHARE = 0.5
"""A glyph is seen if at least this part of its box shows: of two pages that share a line cut in
its middle, one has it."""
LOWEST = -0.12
"""A glyph's box begins so far (in sizes) from its baseline, as a Chinese character's does. What
fonts say of themselves is wrong by a line and more in real files."""
INVISIBLE_MODES = (3, 7)
FILLED = (0, 4)
"""Modes in which a glyph has the colour of fills."""
OPAQUE, FAINT = 0.95, 0.5
"""FilledBox hides what is under it from the first on, and is a ground from the second on."""
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class PageTooHeavyError(Exception):
    """A page's program is longer than any printed table needs."""


class SeenDevice(PDFTextDevice):  # type: ignore[misc]  # pdfminer is untyped here
    """Collects one page's glyphs, rules and pictures in pdfminer's space (y upwards)."""

    def __init__(
        self, manager: Any, page: Rect, budget: int, glyphs: GlyphBook, layers: OptionalLayers
    ) -> None:
        super().__init__(manager)
        self.page = page
        self.budget = budget
        self.glyphs = glyphs
        self.layers = layers
        self.clip: Clip = (page,)
        self.mode = 0
        self.alpha = 1.0
        self.last_color: tuple[Any, Any, Rgb | None] = (None, None, None)
        self.marked: list[Marked] = []
        self.over = Over.PAGE
        self.page_matrix: Matrix = IDENTITY
        self.inked: list[Inked] = []
        self.clipped: list[Char] = []
        self.unseen: list[Char] = []
        self.slanted: list[Char] = []
        self.cut: list[Char] = []
        self.last: tuple[Char, bool] | None = None
        self.white_rules: list[Rule] = []
        self.rules: list[Rule] = []
        self.pens: list[Rule] = []
        self.annotations: list[str] = []
        self.drawn_over: list[tuple[Rect, str]] = []
        self.paints: list[FilledBox] = []
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
        turn = direction(matrix[0], matrix[1])
        if turn % 2 and not font.is_vertical():
            size = rect.x1 - rect.x0
        flaw = Flaw.GLYPH if doubted else None
        char = Char(text, rect.x0, rect.y0, rect.x1, rect.y1, size, max(turn, 0), flaw)
        shelf = self._shelf(rect, turn)
        if shelf is None:
            rgb = self._rgb(graphicstate.ncolor, ncs) if self.mode in FILLED else None
            self.inked.append(Inked(char, rgb, self.alpha, self.over is Over.READ))
        else:
            shelf.append(char)
        if shelf is not self.unseen:
            self.glyphs.see(font, cid)
        self._note_cut(char, shelf is self.clipped)
        return advance

    def _rgb(self, color: Any, ncs: Any) -> Rgb | None:
        """Return the light of a colour, which is that of the last glyph nearly always."""
        if color != self.last_color[0] or ncs is not self.last_color[1]:
            self.last_color = color, ncs, rgb_of(color, ncs.name if ncs else "")
        return self.last_color[2]

    def _note_cut(self, char: Char, hidden: bool) -> None:
        """Note a hidden glyph whose neighbour in the same piece of text is seen."""
        if self.last is not None and self.last[1] != hidden and _follows(self.last[0], char):
            self.cut.append(char if hidden else self.last[0])
        self.last = (char, hidden)

    def _shelf(self, rect: Rect, turn: int) -> list[Char] | None:
        """Return where a glyph goes that is not simply seen, None for one that may be."""
        if self.mode in INVISIBLE_MODES or Marked.HIDDEN in self.marked:
            return self.unseen
        if share_seen(rect, self.clip, self.page) < SEEN_SHARE:
            return self.clipped
        if turn < 0 or Marked.WATERMARK in self.marked or self.over is Over.APART:
            return self.slanted
        return None

    def paint_path(
        self, graphicstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Sequence[Any]
    ) -> None:
        """File the rules that a painted path draws."""
        if Marked.HIDDEN in self.marked:
            return
        subpaths = path_to_subpaths(path, self.ctm)
        if stroke:
            white = is_white(graphicstate.scolor, graphicstate.scs.name)
            self._add_rules(strokes_to_rules(subpaths, graphicstate.linewidth), white)
        if fill:
            white = is_white(graphicstate.ncolor, graphicstate.ncs.name)
            self._add_rules(fills_to_rules(subpaths), white)
            self._paint(subpaths, rgb_of(graphicstate.ncolor, graphicstate.ncs.name))

    def _paint(self, subpaths: Sequence[Subpath], rgb: Rgb | None) -> None:
        """Note what a fill covers: a box does, other forms and what lets light through do not."""
        for subpath in subpaths:
            box = subpath.box()
            plain = len(subpath.points) <= 5 and all(subpath.straight) and len(subpaths) == 1
            opaque = self.alpha >= OPAQUE and plain
            if box.thickness > THIN and (opaque or self.alpha >= FAINT):
                self._add_paint(box, rgb, opaque)

    def _add_paint(self, box: Rect, rgb: Rgb | None, opaque: bool) -> None:
        for window in self.clip:
            if shown := box.meet(window):
                self.paints.append(FilledBox(shown, rgb, len(self.inked), opaque))

    def _add_rules(self, rules: Iterable[Rule], white: bool = False) -> None:
        shelf = self.white_rules if white else self.rules if self.over is Over.PAGE else self.pens
        for rule in rules:
            shelf.extend(clip_rule(rule, self.clip, self.page))

    def render_image(self, name: str, stream: Any) -> None:
        """File a picture; a picture as thin as a rule is one."""
        box = box_on_page(self.ctm, (0, 0, 1, 1)).meet(self.page)
        if box is None or Marked.HIDDEN in self.marked:
            return
        if box.thickness > THIN:
            self.pictures.append(box)
            through = any(stream.get(name) for name in ("SMask", "Mask", "ImageMask", "IM"))
            self._add_paint(box, None, self.alpha >= OPAQUE and not through)
            return
        across = box.x1 - box.x0 >= box.y1 - box.y0
        at = (box.y0 + box.y1) / 2 if across else (box.x0 + box.x1) / 2
        start, end = (box.x0, box.x1) if across else (box.y0, box.y1)
        self._add_rules([Rule(across, at, start, end, Mark.THIN_BOX)])

    def begin_page(self, page: Any, ctm: Any) -> None:
        """Keep how the page's own space lies."""
        self.page_matrix = ctm

    def settle(self) -> Sights:
        """Return the page's glyphs by how they show, once all is drawn; settle white rules too."""
        dark = [paint.box for paint in self.paints if paint.rgb not in (None, WHITE)]
        drawn = (rule for rule in self.white_rules if rule.mark > Mark.FILL_EDGE)
        self.rules.extend(part for rule in drawn for part in _over_grounds(rule, dark))
        return part_by_sight(self.inked, self.paints, self.rules, self.drawn_over)


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


@lru_cache(maxsize=256)
def direction(a: float, b: float) -> int:
    """Return the direction of reading in clockwise quarter turns, -1 if it follows no axis."""
    if abs(b) <= 0.05 * abs(a):
        return 0 if a >= 0 else 2
    if abs(a) <= 0.05 * abs(b):
        return 1 if b < 0 else 3
    return -1
