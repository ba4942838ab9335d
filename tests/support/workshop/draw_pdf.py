"""Draws a grid as a PDF with ruled lines, cut into pages the ways real printers do it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests.support.workshop.front import front_lines
from tests.support.workshop.grid import Grid
from tests.support.workshop.logical import Notice
from tests.support.workshop.ofd_canvas import OfdCanvas, OfdStyle
from tests.support.workshop.pdf_pages import Pages, Part, paginate
from tests.support.workshop.pdf_style import PdfStyle, Rules
from tests.support.workshop.pdf_text import FONT, register_font, width_of

_MARGIN = 42.0
_TITLE = 40.0
_FOOT = 60.0
_THICKNESS = 0.6

#: A straight rule in page coordinates (from the top left): x0, y0, x1, y1.
Rule = tuple[float, float, float, float]


def draw_pdf(notice: Notice, grid: Grid, path: Path, style: PdfStyle | None = None) -> None:
    """Write the notice as one PDF, or as OFD by its style; the same ones give the same bytes."""
    style = style or PdfStyle()
    register_font()
    pages = paginate(grid, style)
    sheet = _Sheet(path, pages, style)
    if style.front_page:
        sheet.front(front_lines(notice))
    for number in range(len(pages.tracks)):
        sheet.table_page(number, notice)
    sheet.canvas.save()


def _canvas(path: Path, size: tuple[float, float], style: PdfStyle) -> Canvas | OfdCanvas:
    if isinstance(style, OfdStyle):
        return OfdCanvas(path, size, style)
    return Canvas(str(path), pagesize=size, invariant=1)


class _Sheet:
    """A canvas whose coordinates run from the top left of the upright page."""

    def __init__(self, path: Path, pages: Pages, style: PdfStyle) -> None:
        self.pages = pages
        self.style = style
        # The front page needs room for its longest line.
        self.width = max(pages.edges[-1] + 2 * _MARGIN, 640.0)
        tallest = max(tracks[-1].top + tracks[-1].height for tracks in pages.tracks)
        self.height = _MARGIN + _TITLE + max(style.body, tallest) + _FOOT
        # reportlab takes the upright size and turns the media box itself.
        self.canvas = _canvas(path, (self.width, self.height), style)
        self.number = 0

    def front(self, lines: list[str]) -> None:
        """Print the front page."""
        self._begin()
        for number, line in enumerate(lines):
            centred = number < 3
            x = (self.width - width_of(line, 12)) / 2 if centred else _MARGIN
            self._text(x, 90 + 26 * number, line, 12)
        self._end()

    def table_page(self, number: int, notice: Notice) -> None:
        """Print one page of the table; the title stands over the first, notes under the last."""
        self._begin()
        parts = [part for part in self.pages.parts if part.page == number]
        if number == 0:
            x = (self.width - width_of(notice.title, 14)) / 2
            self._text(x, _MARGIN + 18, notice.title, 14)
        self._fills(parts)
        self._rules(parts)
        for part in parts:
            self._lines(part)
        if number + 1 == len(self.pages.tracks):
            bottom = max(part.bottom for part in parts) + _MARGIN + _TITLE
            for line_number, line in enumerate(notice.notes):
                self._text(_MARGIN, bottom + 14 + 12 * line_number, line, self.style.font_size)
        self._end()

    def _begin(self) -> None:
        self.number += 1
        rotate = self.style.rotate
        if rotate:
            self.canvas.setPageRotation(rotate)
        if rotate == 90:
            self.canvas.transform(0, 1, -1, 0, self.height, 0)
        elif rotate == 180:
            self.canvas.transform(-1, 0, 0, -1, self.width, self.height)
        elif rotate == 270:
            self.canvas.transform(0, -1, 1, 0, 0, self.width)

    def _end(self) -> None:
        if self.style.page_numbers:
            text = f"- {self.number} -"
            self._text((self.width - width_of(text, 9)) / 2, self.height - 20, text, 9)
        self.canvas.showPage()

    def _text(self, x: float, baseline: float, text: str, size: float) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - baseline, text)

    def _box(self, x0: float, top: float, x1: float, bottom: float, *, fill: bool) -> None:
        self.canvas.rect(
            x0, self.height - bottom, x1 - x0, bottom - top, stroke=not fill, fill=fill
        )

    def _placed(self, part: Part) -> tuple[float, float, float, float]:
        down = _MARGIN + _TITLE
        return part.x0 + _MARGIN, part.top + down, part.x1 + _MARGIN, part.bottom + down

    def _fills(self, parts: list[Part]) -> None:
        if self.style.header_fill:
            self.canvas.setFillGray(0.85)
            for part in parts:
                if part.span.header:
                    self._box(*self._placed(part), fill=True)
        if self.style.white_fill:
            self.canvas.setFillGray(1)
            for part in parts:
                for x, baseline, line in self._line_places(part):
                    wide = width_of(line, self.style.font_size)
                    self._box(x - 1, baseline - 7, x + wide + 1, baseline + 2, fill=True)
        self.canvas.setFillGray(0)

    def _lines(self, part: Part) -> None:
        for x, baseline, line in self._line_places(part):
            self._text(x, baseline, line, self.style.font_size)

    def _line_places(self, part: Part) -> Iterator[tuple[float, float, str]]:
        x0, top, x1, bottom = self._placed(part)
        style = self.style
        # A text that runs on starts at its part's top, as a word processor sets it.
        spare = bottom - top - len(part.lines) * style.leading
        first = top + (style.padding if part.cut_above or part.cut_below else spare / 2)
        for number, line in enumerate(part.lines):
            wide = width_of(line, style.font_size)
            x = x0 + (x1 - x0 - wide) / 2 if style.centred else x0 + style.padding
            yield x, first + style.leading * number + style.font_size, line

    def _rules(self, parts: list[Part]) -> None:
        self.canvas.setLineWidth(_THICKNESS)
        if self.style.rules is Rules.BOXES:
            parts = [part for part in parts if not self._boxed(part)]
        for rule in _merged(self._sides(parts)):
            self._rule(rule)

    def _boxed(self, part: Part) -> bool:
        """Draw a part as one rectangle where all its four sides are ruled."""
        if len(list(self._part_sides(part))) < 4:
            return False
        self._box(*self._placed(part), fill=False)
        return True

    def _sides(self, parts: list[Part]) -> Iterator[Rule]:
        for part in parts:
            yield from self._part_sides(part)

    def _part_sides(self, part: Part) -> Iterator[Rule]:
        x0, top, x1, bottom = self._placed(part)
        outer = self.pages.edges[0] + _MARGIN, self.pages.edges[-1] + _MARGIN
        if self.style.closed or not part.cut_above:
            yield x0, top, x1, top
        if self.style.closed or not part.cut_below:
            yield x0, bottom, x1, bottom
        for x in (x0, x1):
            if self.style.margin_rules or x not in outer:
                yield x, top, x, bottom

    def _rule(self, rule: Rule) -> None:
        if self.style.rules is Rules.DASHED:
            for piece in _dashes(rule):
                self._stroke(piece)
        elif self.style.rules is Rules.DOUBLED:
            for shift in (-0.7, 0.7):
                self._stroke(_shifted(rule, shift))
        elif self.style.rules is Rules.RECTS:
            x0, y0, x1, y1 = rule
            half = _THICKNESS / 2
            self._box(x0 - half, y0 - half, x1 + half, y1 + half, fill=True)
        else:
            self._stroke(rule)

    def _stroke(self, rule: Rule) -> None:
        x0, y0, x1, y1 = rule
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)


def _shifted(rule: Rule, by: float) -> Rule:
    x0, y0, x1, y1 = rule
    return (x0, y0 + by, x1, y1 + by) if y0 == y1 else (x0 + by, y0, x1 + by, y1)


def _dashes(rule: Rule) -> Iterator[Rule]:
    x0, y0, x1, y1 = rule
    along = max(x1 - x0, y1 - y0)
    starts = [4.0 * step for step in range(int(along // 4) + 1)]
    for start, stop in zip(starts, [min(start + 2.5, along) for start in starts], strict=True):
        if stop > start:
            yield ((x0 + start, y0, x0 + stop, y1) if y0 == y1 else (x0, y0 + start, x1, y0 + stop))


def _merged(sides: Iterator[Rule]) -> Iterator[Rule]:
    """Join sides that lie on one line and touch."""
    level: dict[float, list[tuple[float, float]]] = defaultdict(list)
    upright: dict[float, list[tuple[float, float]]] = defaultdict(list)
    for x0, y0, x1, y1 in sides:
        if y0 == y1:
            level[round(y0, 3)].append((x0, x1))
        else:
            upright[round(x0, 3)].append((y0, y1))
    for y, stretches in level.items():
        for start, stop in _joined(stretches):
            yield start, y, stop, y
    for x, stretches in upright.items():
        for start, stop in _joined(stretches):
            yield x, start, x, stop


def _joined(stretches: list[tuple[float, float]]) -> list[tuple[float, float]]:
    joined: list[tuple[float, float]] = []
    for start, stop in sorted(stretches):
        if joined and start <= joined[-1][1] + 0.01:
            joined[-1] = (joined[-1][0], max(joined[-1][1], stop))
        else:
            joined.append((start, stop))
    return joined
