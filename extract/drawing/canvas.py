"""One page's program in a PDF: glyphs, paths and pictures at their places, in points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from extract.drawing.fonts import PdfFont
from extract.drawing.ink import Color, Glyph, Paint
from extract.drawing.matrix import Matrix, Segment, moved_point, placed, scale_of, then

MOST_BYTES = 1_400_000
"""A page's program is no longer: a little less than a page may have that is read."""
INK = "Ink"
"""The state in which paint darkens what is under it."""
SMALLEST = 1e-6
"""What is drawn smaller than this (of its size) is not drawn."""


_PAINTS = {(True, True): "B", (True, False): "f", (False, True): "S"}


class PageTooLongError(Exception):
    """A page draws more than any notice does."""


class Clip(NamedTuple):
    """A path that hides what is drawn outside it, in the page's points."""

    segments: tuple[Segment, ...]


class Lettering(NamedTuple):
    """Glyphs of a font: ``ground`` is the matrix (without size) that each is drawn in.

    ``fonts`` names it, and the one that stands in for what it does not hold.
    """

    fonts: tuple[str, str]
    size: float
    ground: Matrix
    glyphs: Sequence[Glyph]


class Canvas:
    """Collects what a page, or an annotation over it, draws."""

    def __init__(self) -> None:
        self.fonts: dict[str, PdfFont] = {}
        self.pictures: dict[str, int] = {}
        self.alphas: set[int] = set()
        self._parts: list[str] = []
        self._length = 0

    def program(self) -> bytes:
        """Return the page's program."""
        return "\n".join(self._parts).encode("ascii")

    def _add(self, lines: Iterable[str]) -> None:
        part = "\n".join(lines)
        self._length += len(part) + 1
        if self._length > MOST_BYTES:
            raise PageTooLongError
        self._parts.append(part)

    def path(
        self,
        drawn: Sequence[Segment],
        by: Matrix,
        paint: Paint,
        clips: Sequence[Clip],
        *,
        odd: bool,
    ) -> None:
        """Paint a path, moved by a matrix."""
        operator = _PAINTS.get((paint.fills, paint.strokes))
        if not drawn or operator is None:
            return
        end = operator + ("*" if odd and paint.fills else "")
        width = f"{_short(paint.width * scale_of(by))} w"
        self._add(
            [
                "q",
                *_clipped(clips),
                *self._inks(paint),
                width,
                *_program(placed(drawn, by)),
                end,
                "Q",
            ]
        )

    def text(self, text: Lettering, by: Matrix, paint: Paint, clips: Sequence[Clip]) -> None:
        """Show glyphs, moved by a matrix.

        What no paint covers, or has no size, is shown invisibly, so that it is known to be in the
        file.
        """
        whole = then(text.ground, by)
        scale = scale_of(whole)
        if abs(text.size) * scale < SMALLEST:
            text, paint = text._replace(size=1.0), Paint(None, None, 0.0)
            whole, scale = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 1.0
        lines = ["q", *_clipped(clips), *self._inks(paint)]
        lines += ["BT", f"{_mode(paint)} Tr"]
        if paint.stroke is not None:
            lines.append(f"{_short(paint.width * scale_of(by))} w")
        turn = (whole[0] / scale, whole[1] / scale, whole[2] / scale, whole[3] / scale)
        em = text.ground[0] * text.size
        last, here = "", None
        for glyph in text.glyphs:
            if not glyph.text:
                continue
            name, number = self._font(text.fonts, glyph)
            if name != last:
                lines.append(f"/{name} {_short(text.size * scale)} Tf")
                last = name
            advance = glyph.advance / em if abs(em) > SMALLEST else 0.0
            code = self.fonts[name].code(glyph.text, number, advance)
            place = moved_point(by, glyph.x, glyph.y)
            lines.append(f"{_moves(turn, here, place)} <{code}> Tj")
            here = place
        self._add([*lines, "ET", "Q"])

    def _font(self, names: tuple[str, str], glyph: Glyph) -> tuple[str, int]:
        """Return which font a glyph is drawn with, and its number there."""
        own, other = names
        number = self.fonts[own].glyph(glyph.text, glyph.glyph)
        return (own, number) if number or own == other else (other, 0)

    def picture(
        self,
        number: int,
        by: Matrix,
        alpha: float,
        clips: Sequence[Clip],
        *,
        shows_through: bool = False,
    ) -> None:
        """Show a picture, an object of the file, in the unit square that a matrix moves.

        ``shows_through`` lets what is under it show, as under ink.
        """
        name = f"I{number}"
        self.pictures[name] = number
        place = " ".join(map(_short, by))
        ink = f"/{INK} gs" if shows_through else ""
        self._add(["q", *_clipped(clips), self._alpha(alpha), ink, f"{place} cm /{name} Do", "Q"])

    def resources(self, fonts: Mapping[str, int]) -> str:
        """Return the dictionary of what the program names; ``fonts`` are objects of the file."""
        named = " ".join(f"/{name} {fonts[name]} 0 R" for name in self.fonts)
        shown = " ".join(f"/{name} {number} 0 R" for name, number in self.pictures.items())
        states = " ".join(f"/A{n} << /ca {n / 100} /CA {n / 100} >>" for n in sorted(self.alphas))
        states += f" /{INK} << /BM /Multiply >>"
        return f"<< /Font << {named} >> /XObject << {shown} >> /ExtGState << {states} >> >>"

    def _inks(self, paint: Paint) -> Iterator[str]:
        covering = [each.alpha for each in (paint.fill, paint.stroke) if each is not None]
        yield self._alpha(max(covering, default=1.0))
        if paint.fill is not None:
            yield _ink(paint.fill, ("g", "rg", "k"))
        if paint.stroke is not None:
            yield _ink(paint.stroke, ("G", "RG", "K"))

    def _alpha(self, alpha: float) -> str:
        share = round(100 * alpha)
        if share >= 100:
            return ""
        self.alphas.add(share)
        return f"/A{share} gs"


def _moves(
    turn: tuple[float, float, float, float],
    here: tuple[float, float] | None,
    there: tuple[float, float],
) -> str:
    """Return what moves from the last glyph to the next: by its own axes, which is shorter."""
    a, b, c, d = turn
    area = a * d - b * c
    if here is None or abs(area) < SMALLEST:
        return f"{' '.join(map(_short, (*turn, *there)))} Tm"
    x, y = there[0] - here[0], there[1] - here[1]
    return f"{_short((x * d - y * c) / area)} {_short((y * a - x * b) / area)} Td"


def _program(drawn: Sequence[Segment]) -> Iterator[str]:
    """Yield a path's operators; what draws before any place was taken draws nothing."""
    begun = False
    for operator, values in drawn:
        begun = begun or operator == "m"
        if begun:
            yield f"{' '.join(map(_short, values))} {operator}"


def _clipped(clips: Sequence[Clip]) -> Iterator[str]:
    for clip in clips:
        yield from _program(clip.segments)
        yield "W n"


def _ink(color: Color, operators: tuple[str, str, str]) -> str:
    operator = operators[{1: 0, 3: 1, 4: 2}[len(color.parts)]]
    return f"{' '.join(map(_short, color.parts))} {operator}"


def _mode(paint: Paint) -> int:
    """Return how text is shown: filled, drawn round, both, or not at all."""
    modes = {(True, False): 0, (False, True): 1, (True, True): 2, (False, False): 3}
    return modes[paint.fills, paint.strokes]


def _short(value: float) -> str:
    """Return a number as a PDF may hold it: no exponent, a ten thousandth of a point exact."""
    return f"{value:.4f}".rstrip("0").rstrip(".") or "0"
