"""pdfminer's interpreter made to know what can be seen: clip paths, invisible and white text.

pdfminer reports every glyph and path that a page's program draws. Spreadsheet programs draw the
text of a merged cell on every page that the cell touches and let a clip path hide the part that
belongs to another page; such ghosts must never be read. :class:`ClipInterpreter` follows clip
paths, :class:`SeenDevice` sorts what is drawn into seen and unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import list_value, resolve1, stream_value
from pdfminer.psparser import literal_name

from extract.pdf_page import UNREADABLE, Char, Mark, Rule
from extract.pdf_paths import (
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
MOST_CLIP_BOXES = 16
IDENTITY = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

Clip = tuple[Rect, ...]


class PageTooHeavyError(Exception):
    """A page's program is longer than any printed table needs."""


class SeenDevice(PDFTextDevice):  # type: ignore[misc]  # pdfminer is untyped here
    """Collects one page's glyphs, rules and pictures in pdfminer's space (y upwards)."""

    def __init__(self, manager: Any, page: Rect, budget: int) -> None:
        super().__init__(manager)
        self.page = page
        self.budget = budget
        self.clip: Clip = (page,)
        self.mode = 0
        self.seen: list[Char] = []
        self.clipped: list[Char] = []
        self.unseen: list[Char] = []
        self.slanted: list[Char] = []
        self.cut: list[Char] = []
        self.last: tuple[Char, bool] | None = None
        self.white: list[Char] = []
        self.rules: list[Rule] = []
        self.fills: list[Rect] = []
        self.pictures: list[Rect] = []

    def spend(self, size: int) -> None:
        """Count bytes of page program; raise PageTooHeavyError when there are too many."""
        self.budget -= size
        if self.budget < 0:
            raise PageTooHeavyError

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
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = UNREADABLE
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
        char = Char(text, rect.x0, rect.y0, rect.x1, rect.y1, size, max(turn, 0))
        shelf = self._shelf(rect, turn, ncs, graphicstate)
        shelf.append(char)
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
        if _share_seen(rect, self.clip, self.page) < SEEN_SHARE:
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
        stroke_seen = stroke and not is_white(graphicstate.scolor, graphicstate.scs.name)
        fill_seen = fill and not is_white(graphicstate.ncolor, graphicstate.ncs.name)
        if stroke_seen:
            self._add_rules(strokes_to_rules(subpaths, graphicstate.linewidth))
        if fill_seen:
            self._add_rules(fills_to_rules(subpaths))
            boxes = (subpath.box() for subpath in subpaths)
            self.fills.extend(box for box in boxes if box.thickness > THIN)

    def _add_rules(self, rules: Any) -> None:
        for rule in rules:
            self.rules.extend(_clip_rule(rule, self.clip, self.page))

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
        """Take white glyphs for seen where something dark or a picture lies under them."""
        grounds = self.fills + self.pictures
        for char in self.white:
            x, y = char.center_x, char.center_y
            under = any(ground.holds(x, y) for ground in grounds)
            (self.seen if under else self.unseen).append(char)


class ClipInterpreter(PDFPageInterpreter):  # type: ignore[misc]  # pdfminer is untyped here
    """pdfminer's interpreter, following rectangular clip paths through q, Q and forms."""

    inherited: Clip | None = None

    def init_state(self, ctm: Any) -> None:
        """Begin with the clip of the caller."""
        super().init_state(ctm)
        self.pending = False
        self._set_clip(self.device.clip if self.inherited is None else self.inherited)

    def subinterp(self) -> Any:
        """Hand the clip on to a form."""
        below = super().subinterp()
        below.inherited = self.form_clip
        return below

    def execute(self, streams: Any) -> None:
        """Count the program's length before running it."""
        self.device.spend(sum(len(stream_value(stream).get_data()) for stream in streams))
        super().execute(streams)

    def get_current_state(self) -> Any:
        """Save the clip with the rest."""
        return (*super().get_current_state(), self.clip)

    def set_current_state(self, state: Any) -> None:
        """Restore the clip with the rest."""
        super().set_current_state(state[:3])
        self._set_clip(state[3])

    def do_W(self) -> None:  # noqa: N802 - named by the PDF operator
        """Let the current path clip once it is painted."""
        self.pending = True

    do_W_a = do_W  # noqa: N815

    def do_n(self) -> None:
        """End the path; clip."""
        self._clip_by_path()
        super().do_n()

    def do_S(self) -> None:  # noqa: N802
        """Stroke; clip."""
        super_path = self.curpath
        super().do_S()
        self._clip_by_path(super_path)

    def do_f(self) -> None:
        """Fill; clip."""
        super_path = self.curpath
        super().do_f()
        self._clip_by_path(super_path)

    do_F = do_f  # noqa: N815 - the obsolete name of the same operator

    def do_f_a(self) -> None:
        """Fill by the even-odd rule; clip."""
        super_path = self.curpath
        super().do_f_a()
        self._clip_by_path(super_path)

    def do_B(self) -> None:  # noqa: N802
        """Fill and stroke; clip."""
        super_path = self.curpath
        super().do_B()
        self._clip_by_path(super_path)

    def do_B_a(self) -> None:  # noqa: N802
        """Fill by the even-odd rule and stroke; clip."""
        super_path = self.curpath
        super().do_B_a()
        self._clip_by_path(super_path)

    def do_Do(self, name: Any) -> None:  # noqa: N802
        """Draw a form inside its own box, or a picture."""
        self.form_clip = self._clip_of_form(name)
        super().do_Do(name)
        self.device.set_ctm(self.ctm)
        self._set_clip(self.clip)

    def do_TJ(self, seq: Any) -> None:  # noqa: N802
        """Show text without copying the graphic state for each string."""
        state = self.graphicstate
        self.device.render_string(self.textstate, seq, state.ncs, state)

    def _clip_of_form(self, name: Any) -> Clip:
        form = resolve1(self.xobjmap.get(literal_name(name)))
        box = resolve1(form.get("BBox")) if form is not None else None
        if box is None:
            return self.clip
        matrix = tuple(list_value(form.get("Matrix", IDENTITY)))
        corners = box_on_page(matrix, [resolve1(value) for value in box])
        return _meet_clips(self.clip, (box_on_page(self.ctm, corners),))

    def _clip_by_path(self, path: Any = None) -> None:
        if not self.pending:
            return
        self.pending = False
        subpaths = path_to_subpaths(self.curpath if path is None else path, self.ctm)
        if subpaths:
            boxes = tuple(subpath.box() for subpath in subpaths)
            self._set_clip(_meet_clips(self.clip, boxes))

    def _set_clip(self, clip: Clip) -> None:
        self.clip: Clip = clip
        self.device.clip = clip


def _meet_clips(old: Clip, new: Clip) -> Clip:
    """Return what both clips leave open; a clip of very many boxes counts as the box around."""
    if len(new) * len(old) > MOST_CLIP_BOXES:
        new = (_around(new),)
    if len(new) * len(old) > MOST_CLIP_BOXES:
        old = (_around(old),)
    return tuple(both for one in old for other in new if (both := one.meet(other)))


def _around(boxes: Clip) -> Rect:
    return Rect(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _share_seen(box: Rect, clip: Clip, page: Rect) -> float:
    """Return the part (0..1) of a glyph's box that the page and the clip leave open."""
    best = 0.0
    for window in clip:
        across = _overlap(box.x0, box.x1, max(window.x0, page.x0), min(window.x1, page.x1))
        down = _overlap(box.y0, box.y1, max(window.y0, page.y0), min(window.y1, page.y1))
        best = max(best, across * down)
        if best >= 1:
            break
    return best


def _overlap(low: float, high: float, window_low: float, window_high: float) -> float:
    if high - low < 1e-6:
        return 1.0 if window_low <= low <= window_high else 0.0
    return max(0.0, min(high, window_high) - max(low, window_low)) / (high - low)


def _clip_rule(rule: Rule, clip: Clip, page: Rect) -> list[Rule]:
    """Return the parts of a rule inside the clip; one just on the clip's edge still shows."""
    parts = []
    for window in clip:
        x0, y0 = max(window.x0, page.x0) - 1, max(window.y0, page.y0) - 1
        x1, y1 = min(window.x1, page.x1) + 1, min(window.y1, page.y1) + 1
        low, high, first, last = (y0, y1, x0, x1) if rule.horizontal else (x0, x1, y0, y1)
        start, end = max(rule.start, first), min(rule.end, last)
        if low <= rule.at <= high and start < end:
            parts.append(rule._replace(start=start, end=end))
    return parts


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
