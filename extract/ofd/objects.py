"""Walks through what a page draws and puts it onto a canvas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from common.refusal import Refusal
from extract.drawing.canvas import Canvas, Clip, Lettering, PageTooLongError
from extract.drawing.fonts import PdfFont
from extract.drawing.ink import Glyph
from extract.drawing.matrix import Matrix, Segment, moved, moved_point, placed, then, turned
from extract.drawing.sfnt import Sfnt, read_font
from extract.files.package import Element, child, local
from extract.ofd.container import OfdPackage, children
from extract.ofd.numbers import Area, area, matrix, number
from extract.ofd.paths import segments
from extract.ofd.pictures import Pictures
from extract.ofd.resources import Font, Resources
from extract.ofd.styles import alpha_of, paint_of
from extract.ofd.texts import glyphs_of

DEEPEST = 12
"""Drawings within drawings, and blocks within blocks, are followed to this depth."""
MOST_OBJECTS = 100_000
MOST_FONT_BYTES = 64 * 2**20
"""A Chinese font of all characters has 20 MB."""
OVER = 0.5
"""What reaches so far (millimetres) beyond its boundary is still drawn whole."""
FLIPPED: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)
"""A picture stands upside down where y runs down."""


@dataclass(frozen=True, slots=True)
class _Ground:
    """Where objects are drawn: their container's matrix, style, clips and depth."""

    by: Matrix
    style: str | None = None
    clips: tuple[Clip, ...] = ()
    depth: int = 0


@dataclass(slots=True)
class Fonts:
    """The fonts of one document as the redrawn pages name them."""

    package: OfdPackage
    resources: Resources
    prefix: str
    used: dict[str, PdfFont] = field(default_factory=dict)
    _names: dict[str, tuple[str, str]] = field(default_factory=dict)
    _files: dict[str, Sfnt | None] = field(default_factory=dict)

    def names(self, identifier: str) -> tuple[str, str]:
        """Return what a font is called, and what stands in for it, which may be the same."""
        if identifier not in self._names:
            font = self.resources.fonts.get(identifier, Font("", None))
            plain = f"{self.prefix}P{len(self._names)}"
            self.used[plain] = PdfFont(font.name)
            own = plain
            if (sfnt := self._file(font.file)) is not None:
                own = f"{self.prefix}F{len(self._names)}"
                self.used[own] = PdfFont(font.name, sfnt)
            self._names[identifier] = own, plain
        return self._names[identifier]

    def _file(self, part: str | None) -> Sfnt | None:
        """Return the font that a part holds; None where it holds none that can be read."""
        if part is None:
            return None
        if part not in self._files:
            try:
                self._files[part] = read_font(self.package.content(part, MOST_FONT_BYTES))
            except Refusal as refused:
                if refused.code != "damaged":
                    raise
                self._files[part] = None
        return self._files[part]


class Outside(NamedTuple):
    """A glyph outside the boundary that the file gives it: its text and its middle."""

    text: str
    x: float
    y: float

    def below(self, top: float) -> Outside:
        """Return it measured downwards from a height."""
        return self._replace(y=top - self.y)


@dataclass(slots=True)
class Painter:
    """Draws one page's objects; ``outside`` is text that stands outside its object's boundary.

    So does text outside ``shown``, where the page says what part of it is shown. ``lost`` counts
    drawings that the file names and does not hold.
    """

    canvas: Canvas
    resources: Resources
    fonts: Fonts
    pictures: Pictures
    page: Matrix
    outside: list[Outside] = field(default_factory=list)
    shown: Area | None = None
    lost: int = 0
    _count: int = 0

    def draw(
        self, items: Iterable[Element], style: str | None = None, at: Area | None = None
    ) -> None:
        """Draw objects, from a place on; ValueError for a broken one, PageTooLongError for many."""
        by = self.page if at is None else then(moved(at.x, at.y), self.page)
        self._draw(items, _Ground(by, style))

    def _draw(self, items: Iterable[Element], ground: _Ground) -> None:
        if ground.depth > DEEPEST:
            raise PageTooLongError
        for item in items:
            self._count += 1
            if self._count > MOST_OBJECTS:
                raise PageTooLongError
            self._draw_one(item, ground)

    def _draw_one(self, item: Element, ground: _Ground) -> None:
        match local(item):
            case "PageBlock" | "Layer":
                self._draw(item, replace(ground, depth=ground.depth + 1))
            case "TextObject":
                self._draw_text(item, ground)
            case "PathObject":
                self._draw_path(item, ground)
            case "ImageObject":
                self._draw_picture(item, ground)
            case "CompositeObject":
                self._draw_composed(item, ground)

    def _draw_text(self, item: Element, ground: _Ground) -> None:
        by = _matrix_of(item, ground)
        size = number(item.get("Size"), 0.0)
        stretch = number(item.get("HScale"), 1.0)
        upright: Matrix = (stretch, 0.0, 0.0, -1.0, 0.0, 0.0)
        turn = turned(number(item.get("CharDirection"), 0.0))
        names = self.fonts.names(item.get("Font") or "")
        self.canvas.fonts |= {name: self.fonts.used[name] for name in names}
        glyphs = list(glyphs_of(item, self.fonts.used[names[0]].wide))
        paint = paint_of(item, ground.style, self.resources)
        text = Lettering(names, size, then(upright, turn), glyphs)
        self.canvas.text(text, by, paint, (*ground.clips, *_clips(item, ground)))
        if (boundary := area(item.get("Boundary"))) is not None and (paint.fills or paint.strokes):
            self._note_outside(glyphs, size, by, _corners(boundary, ground.by, OVER))
        if self.shown is not None and (paint.fills or paint.strokes):
            self._note_outside(glyphs, size, by, _corners(self.shown, self.page, OVER))

    def _note_outside(
        self,
        glyphs: Sequence[Glyph],
        size: float,
        by: Matrix,
        box: tuple[float, float, float, float] | None,
    ) -> None:
        if box is None:
            return
        for glyph in glyphs:
            x, y = moved_point(by, glyph.x + (glyph.advance or size / 2) / 2, glyph.y - 0.4 * size)
            if glyph.text.strip() and not _holds(box, x, y):
                self.outside.append(Outside(glyph.text, x, y))

    def _draw_path(self, item: Element, ground: _Ground) -> None:
        data = child(item, "AbbreviatedData")
        drawn = segments((data.text or "") if data is not None else "")
        by = _matrix_of(item, ground)
        paint = paint_of(item, ground.style, self.resources)
        clips = (*ground.clips, *_clips(item, ground), *_edge(item, ground, placed(drawn, by)))
        odd = item.get("Rule") == "Even-Odd"
        self.canvas.path(drawn, by, paint, clips, odd=odd)

    def _draw_picture(self, item: Element, ground: _Ground) -> None:
        boundary = area(item.get("Boundary")) or Area(0.0, 0.0, 1.0, 1.0)
        own = matrix(item.get("CTM"))
        if item.get("CTM") is None:
            own = (boundary.width, 0.0, 0.0, boundary.height, 0.0, 0.0)
        by = then(FLIPPED, then(own, then(moved(boundary.x, boundary.y), ground.by)))
        alpha = alpha_of(item)
        identifier = item.get("ResourceID") or ""
        if alpha > 0:
            square: list[Segment] = [("m", (0.0, 0.0)), ("l", (1.0, 1.0))]
            clips = (*ground.clips, *_clips(item, ground), *_edge(item, ground, placed(square, by)))
            mask = self.resources.pictures.get(item.get("ImageMask") or "")
            shown = self.pictures.number(self.resources.pictures.get(identifier), mask)
            self.canvas.picture(shown, by, alpha, clips)

    def _draw_composed(self, item: Element, ground: _Ground) -> None:
        entry = self.resources.composed.get(item.get("ResourceID") or "")
        content = child(entry, "Content") if entry is not None else None
        if content is None:
            self.lost += 1
            return
        clips = (*ground.clips, *_clips(item, ground))
        inner = _Ground(_matrix_of(item, ground), item.get("DrawParam"), clips, ground.depth + 1)
        if item.get("Visible") != "false":
            self._draw(content, inner)


def _matrix_of(item: Element, ground: _Ground) -> Matrix:
    """Return the matrix from an object's own ground to the page."""
    boundary = area(item.get("Boundary")) or Area(0.0, 0.0, 0.0, 0.0)
    return then(matrix(item.get("CTM")), then(moved(boundary.x, boundary.y), ground.by))


def _clips(item: Element, ground: _Ground) -> Iterator[Clip]:
    """Yield the clips that an object has of its own."""
    boundary = area(item.get("Boundary")) or Area(0.0, 0.0, 0.0, 0.0)
    for clips in children(item, "Clips"):
        by = then(moved(boundary.x, boundary.y), ground.by)
        if clips.get("TransFlag") != "false":
            by = then(matrix(item.get("CTM")), by)
        for clip in children(clips, "Clip"):
            if drawn := [part for each in children(clip, "Area") for part in _clip_area(each, by)]:
                yield Clip(tuple(drawn))


def _clip_area(clip: Element, by: Matrix) -> Iterator[Segment]:
    outer = then(matrix(clip.get("CTM")), by)
    for shape in children(clip, "Path"):
        data = child(shape, "AbbreviatedData")
        own = _matrix_of(shape, _Ground(outer))
        yield from placed(segments((data.text or "") if data is not None else ""), own)


def _edge(item: Element, ground: _Ground, drawn: Sequence[Segment]) -> Iterator[Clip]:
    """Yield the clip that an object's boundary is, where it is drawn beyond it."""
    boundary = area(item.get("Boundary"))
    box = _corners(boundary, ground.by, OVER) if boundary is not None else None
    if box is None:
        return
    points = [values[at : at + 2] for _, values in drawn for at in range(0, len(values), 2)]
    if all(_holds(box, x, y) for x, y in points):
        return
    x0, y0, x1, y1 = box
    around = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    lines = (("m" if place == 0 else "l", point) for place, point in enumerate(around))
    yield Clip((*lines, ("h", ())))


def _holds(box: tuple[float, float, float, float], x: float, y: float) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _corners(boundary: Area, by: Matrix, over: float) -> tuple[float, float, float, float] | None:
    """Return a boundary's lowest and highest places on the page; None for one without extent."""
    if boundary.width <= 0 and boundary.height <= 0:
        return None
    x0, y0 = boundary.x - over, boundary.y - over
    x1, y1 = boundary.x + boundary.width + over, boundary.y + boundary.height + over
    points = [moved_point(by, x, y) for x in (x0, x1) for y in (y0, y1)]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
