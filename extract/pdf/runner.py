"""Runs page programs quickly: cut into operations at once, text placed without detours.

What it draws is the same, to the last digit, as what pdfminer's interpreter draws: that one runs
every program that is not of the usual form, and tests hold this one against it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pdfminer.pdfinterp import PDFGraphicState, PDFTextState
from pdfminer.pdftypes import stream_value
from pdfminer.psparser import literal_name
from pdfminer.utils import mult_matrix

from extract.page.layers import Inked
from extract.page.page import Char
from extract.page.paths import Matrix, Rect, box_on_page
from extract.pdf.clip import ClipInterpreter, share_seen
from extract.pdf.device import FILLED, INVISIBLE_MODES, LOWEST, SEEN_SHARE, SeenDevice, direction
from extract.pdf.glyphs import FontGlyphs
from extract.pdf.optional import Marked, Over
from extract.pdf.program.lexer import Operation, operations

JOINT = b"\f"
"""Stands between the parts of a program: a space that must not be in a string."""


class QuickInterpreter(ClipInterpreter):
    """Runs programs of the usual form by a table of operators; hands others on."""

    def execute(self, streams: Any) -> None:
        """Run a program; count its length before."""
        parts = self._spent(streams)
        program = None if parts is None else _operations(parts)
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
        state.font = self.fontmap.get(literal_name(name))
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

    def show(self, text: PDFTextState, pieces: Sequence[Any], graphics: PDFGraphicState) -> None:
        """File the glyphs of a font written across; move the pen."""
        self.mode = text.render
        matrix = mult_matrix(text.matrix, self.ctm)
        hidden = self.mode in INVISIBLE_MODES or Marked.HIDDEN in self.marked
        apart = Marked.WATERMARK in self.marked or self.over is Over.APART
        rgb = self._rgb(graphics.ncolor, graphics.ncs) if self.mode in FILLED else None
        turn = direction(matrix[0], matrix[1])
        known = self.glyphs.of(text.font)
        seen: list[int] = []
        for number, char in self._placed(text, pieces, matrix, turn, known):
            shelf: list[Char] | None = None
            if hidden:
                shelf = self.unseen
            elif not self._is_open(char):
                shelf = self.clipped
            elif turn < 0 or apart:
                shelf = self.slanted
            if shelf is None:
                self.inked.append(Inked(char, rgb, self.alpha, self.over is Over.READ))
            else:
                shelf.append(char)
            seen.append(number)
            self._note_cut(char, shelf is self.clipped)
        if not hidden:
            known.see(seen)

    def _is_open(self, char: Char) -> bool:
        """Tell whether the page and the clip leave enough of a glyph open."""
        _, x0, low, x1, high, *_ = char
        if self.clip:
            for window in (self.clip[0], self.page):
                if x0 < window[0] or low < window[1] or window[2] < x1 or window[3] < high:
                    break
            else:
                return True
        return share_seen(Rect(x0, low, x1, high), self.clip, self.page) >= SEEN_SHARE

    @staticmethod
    def _placed(
        text: PDFTextState, pieces: Sequence[Any], matrix: Matrix, turn: int, known: FontGlyphs
    ) -> Iterator[tuple[int, Char]]:
        """Yield the number of each glyph, and the character where it stands."""
        font, size, rise = text.font, text.fontsize, text.rise
        scaling = text.scaling * 0.01
        space = text.charspace * scaling
        between_words = 0 if font.is_multibyte() else text.wordspace * scaling
        back = 0.001 * size * scaling
        a, b, c, d, e, f = matrix
        low = LOWEST * size + rise
        x, y = text.linematrix
        spaced = False
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
                moved = (a, b, c, d, x * a + y * c + e, x * b + y * d + f)
                box = box_on_page(moved, (0.0, low, advance, low + size))
                tall = box.x1 - box.x0 if turn % 2 else abs(box.y1 - box.y0)
                yield number, Char(said, *box, tall, max(turn, 0), flaw)
                x += advance
                if number == 32 and between_words:
                    x += between_words
                spaced = True
        text.linematrix = x, y


def _operations(parts: Sequence[bytes]) -> list[Operation] | None:
    """Return the operations of a program in parts; none if it is not of the usual form."""
    if len(parts) == 1:
        return operations(parts[0])
    if any(JOINT in part for part in parts):
        return None
    found = operations(JOINT.join(parts))
    if found and any(JOINT in piece for piece in _strings(found)):
        return None
    return found


def _strings(program: Sequence[Operation]) -> list[bytes]:
    return [
        piece
        for operator, operands in program
        if operator == "TJ"
        for piece in operands[0]
        if isinstance(piece, bytes)
    ]


def _copy_of(state: PDFTextState | PDFGraphicState) -> Any:
    """Return a copy of a state, quicker than its own way."""
    copy = object.__new__(type(state))
    copy.__dict__.update(state.__dict__)
    return copy


_QUICK = {
    "q": "_save",
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
    "Q h S s f F f* B B* b b* n W W* BT T* EMC w G Tc Tw Tz TL Tr Ts TD RG k K v y cm c "
    "gs cs CS Do BMC BDC"
)
_METHODS: Mapping[str, str] = _QUICK | {
    name: "do_" + name.replace("*", "_a") for name in _USUAL.split()
}
