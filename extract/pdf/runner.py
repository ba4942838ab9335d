"""Runs page programs quickly: cut into operations at once, text placed without detours.

What it draws is the same, to the last digit, as what pdfminer's interpreter draws: that one runs
every program that is not of the usual form, and tests hold this one against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pdfminer.pdfinterp import PDFGraphicState, PDFTextState
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import literal_name
from pdfminer.utils import mult_matrix

from extract.page.layers import Inked
from extract.page.page import Char
from extract.page.paths import Matrix, Rect, box_on_page
from extract.pdf.clip import Clip, ClipInterpreter, share_seen
from extract.pdf.device import FILLED, INVISIBLE_MODES, LOWEST, SEEN_SHARE, SeenDevice, direction
from extract.pdf.glyphs import FontGlyphs
from extract.pdf.optional import Marked, Over
from extract.pdf.program.lexer import operations_in


class QuickInterpreter(ClipInterpreter):
    """Runs programs of the usual form by a table of operators; hands others on."""

    def execute(self, streams: Any) -> None:
        """Run a program; count its length before."""
        parts = self._spent(streams)
        program = None if parts is None else operations_in(parts)
        if program is None:
            self.execute_any(streams)
            return
        handlers = {name: getattr(self, method) for name, method in _METHODS.items()}
        for operator, operands in program:
            handlers[operator](*operands)

    def _spent(self, streams: Any) -> list[bytes] | None:
        """Return the parts of a program that are to be run; None where one calls itself."""
        found = [stream_value(stream) for stream in streams]
        self.device.spend(sum(len(stream.get_data()) for stream in found))
        known = [stream for stream in found if stream.objid is not None]
        self.stream_ids = {stream.objid for stream in known}
        if self.stream_ids & self.parent_stream_ids:
            return None
        return [stream.get_data() for stream in known]

    def _save(self) -> None:
        self.gstack.append(
            (
                self.ctm,
                _copy_of(self.textstate),
                _copy_of(self.graphicstate),
                self.clip,
                self.device.alpha,
            )
        )

    def _restore(self) -> None:
        if self.gstack:
            self.ctm, self.textstate, self.graphicstate, self.clip, alpha = self.gstack.pop()
            device = self.device
            device.ctm, device.clip, device.alpha = self.ctm, self.clip, alpha

    def _move_to(self, x: float, y: float) -> None:
        self.curpath.append(("m", x, y))

    def _line_to(self, x: float, y: float) -> None:
        self.curpath.append(("l", x, y))

    def _box(self, x: float, y: float, width: float, height: float) -> None:
        right, top = x + width, y + height
        self.curpath += (("m", x, y), ("l", right, y), ("l", right, top), ("l", x, top), ("h",))

    def _fill_grey(self, grey: float) -> None:
        self.graphicstate.ncolor, self.graphicstate.ncs = grey, self.csmap["DeviceGray"]

    def _fill_rgb(self, *rgb: float) -> None:
        self.graphicstate.ncolor, self.graphicstate.ncs = rgb, self.csmap["DeviceRGB"]

    def _color(self, *parts: Any) -> None:
        self.argstack.extend(parts)
        self.do_scn()

    def _stroke_color(self, *parts: Any) -> None:
        self.argstack.extend(parts)
        self.do_SCN()

    def _font(self, name: Any, size: float) -> None:
        state = self.textstate
        state.font = self.fontmap.get(name.name) or self.fontmap.get(literal_name(name))
        if state.font is None:
            state.font = self.rsrcmgr.get_font(None, {})
        state.fontsize = size

    def _next_line(self, x: float, y: float) -> None:
        state = self.textstate
        a, b, c, d, e, f = state.matrix
        state.matrix = a, b, c, d, x * a + y * c + e, x * b + y * d + f
        state.linematrix = (0, 0)

    def _text_matrix(self, *matrix: float) -> None:
        self.textstate.matrix, self.textstate.linematrix = matrix, (0, 0)

    def _show(self, pieces: Sequence[Any]) -> None:
        state = self.textstate
        font = state.font
        if font is None:
            return
        if font.is_vertical():
            self.do_TJ(pieces)
        else:
            self.device.show(state, pieces, self.graphicstate)


class QuickDevice(SeenDevice):
    """Files the glyphs of a piece of text all at once."""

    _window: tuple[Clip | None, Rect | None] = (None, None)
    """What a clip leaves open of the page, if it is but one box."""

    def show(self, text: PDFTextState, pieces: Sequence[Any], graphics: PDFGraphicState) -> None:
        """File the glyphs of a font written across; move the pen."""
        self.mode = text.render
        matrix = mult_matrix(text.matrix, self.ctm)
        turn = direction(matrix[0], matrix[1])
        known = self.glyphs.of(text.font)
        numbers: list[int] = []
        chars = _placed(text, pieces, matrix, turn, known, numbers)
        shelf = self._shelf_of_all(turn)
        if shelf is not self.unseen:
            known.see(numbers)
            shown = self._shown(chars)
        else:
            shown = [True] * len(chars)
        rgb = self._rgb(graphics.ncolor, graphics.ncs) if self.mode in FILLED else None
        read = self.over is Over.READ
        if shelf is None and all(shown):
            new, alpha = tuple.__new__, self.alpha
            self.inked += [new(Inked, (char, rgb, alpha, read)) for char in chars]
            if chars:
                self._note_cut(chars[0], False)
                self.last = chars[-1], False
            return
        for char, is_open in zip(chars, shown, strict=True):
            if not is_open:
                self.clipped.append(char)
            elif shelf is None:
                self.inked.append(Inked(char, rgb, self.alpha, read))
            else:
                shelf.append(char)
            if self.last is None or self.last[1] is is_open:
                self._note_cut(char, not is_open)
            else:
                self.last = char, not is_open

    def _shelf_of_all(self, turn: int) -> list[Char] | None:
        """Return where glyphs go that nothing clips, None for those that may be seen."""
        if self.mode in INVISIBLE_MODES or Marked.HIDDEN in self.marked:
            return self.unseen
        if turn < 0 or Marked.WATERMARK in self.marked or self.over is Over.APART:
            return self.slanted
        return None

    def _shown(self, chars: Sequence[Char]) -> list[bool]:
        """Tell of each glyph whether the page and the clip leave enough of it open."""
        clip, page = self.clip, self.page
        if clip is not self._window[0]:
            self._window = clip, clip[0].meet(page) if clip else None
        window = self._window[1]
        if window is None:
            return [share_seen(Rect(*char[1:5]), clip, page) >= SEEN_SHARE for char in chars]
        left, low, right, high = window
        return [
            (left <= x0 and low <= y0 and x1 <= right and y1 <= high)
            or share_seen(Rect(x0, y0, x1, y1), clip, page) >= SEEN_SHARE
            for _, x0, y0, x1, y1, _, _, _ in chars
        ]


def _placed(
    text: PDFTextState,
    pieces: Sequence[Any],
    matrix: Matrix,
    turn: int,
    known: FontGlyphs,
    numbers: list[int],
) -> list[Char]:
    """Return the characters where they stand, and their glyphs' ``numbers``; move the pen."""
    font, size = text.font, text.fontsize
    scaling = text.scaling * 0.01
    space = text.charspace * scaling
    between_words = 0 if font.is_multibyte() else text.wordspace * scaling
    back = 0.001 * size * scaling
    x, y = text.linematrix
    low = LOWEST * size + text.rise
    a, b, c, d, e, f = matrix
    band = _band(matrix, low, size, y)
    reading, sideways = max(turn, 0), turn % 2
    spaced, new = False, tuple.__new__
    chars: list[Char] = []
    for piece in pieces:
        if not isinstance(piece, bytes):
            x -= piece * back
            spaced = True
            continue
        for number in font.decode(piece):
            said, flaw, width = known[number]
            if spaced:
                x += space
            advance = width * size * scaling
            if band and advance >= 0:
                x0 = x * a + e
                x1 = a * advance + x0
                y0, y1 = band
            else:
                moved = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
                x0, y0, x1, y1 = box_on_page(moved, (0.0, low, advance, low + size))
            tall = x1 - x0 if sideways else y1 - y0
            chars.append(new(Char, (said, x0, y0, x1, y1, tall, reading, flaw)))
            numbers.append(number)
            x += advance
            if number == 32:
                x += between_words
            spaced = True
    text.linematrix = x, y
    return chars


def _band(matrix: Matrix, low: float, size: float, y: float) -> tuple[float, float] | None:
    """Return the bottom and top of a line that runs to the right, as most do; None for others."""
    a, b, c, d, _, f = matrix
    foot = y * d + f
    bottom, top = d * low + foot, d * (low + size) + foot
    return None if b or c or a < 0 or bottom > top else (bottom, top)


def _copy_of(state: PDFTextState | PDFGraphicState) -> Any:
    """Return a copy of a state, quicker than its own way."""
    copy = object.__new__(type(state))
    copy.__dict__ = state.__dict__.copy()
    return copy


_QUICK = {
    "q": "_save",
    "Q": "_restore",
    "m": "_move_to",
    "l": "_line_to",
    "re": "_box",
    "g": "_fill_grey",
    "rg": "_fill_rgb",
    "sc": "_color",
    "scn": "_color",
    "SC": "_stroke_color",
    "SCN": "_stroke_color",
    "Tf": "_font",
    "Td": "_next_line",
    "Tm": "_text_matrix",
    "TJ": "_show",
}
_USUAL = (
    "h S s f F f* B B* b b* n W W* BT T* EMC w G Tc Tw Tz TL Tr Ts TD RG k K v y cm c "
    "gs cs CS Do BMC BDC"
)
_METHODS: Mapping[str, str] = _QUICK | {
    name: "do_" + name.replace("*", "_a") for name in _USUAL.split()
}
