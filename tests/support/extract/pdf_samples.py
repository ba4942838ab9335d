"""Small PDFs with one trait each, drawn by reportlab; places are from the top left."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
WIDTH, HEIGHT = 600.0, 400.0

Draw = Callable[["Sheet"], None]


class Sheet:
    """A page to draw on, with the origin at its top left."""

    def __init__(self, canvas: Canvas, size: tuple[float, float] = (WIDTH, HEIGHT)) -> None:
        self.canvas = canvas
        self.width, self.height = size
        canvas.setFont(FONT, 10)
        canvas.setLineWidth(0.7)

    def line(self, x0: float, top: float, x1: float, bottom: float) -> None:
        self.canvas.line(x0, self.height - top, x1, self.height - bottom)

    def box(self, x0: float, top: float, x1: float, bottom: float, **how: int) -> None:
        self.canvas.rect(x0, self.height - bottom, x1 - x0, bottom - top, **how)

    def text(self, x: float, baseline: float, words: str, size: float = 10) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, self.height - baseline, words)

    def centered(self, x0: float, x1: float, baseline: float, words: str) -> None:
        self.canvas.setFont(FONT, 10)
        self.canvas.drawCentredString((x0 + x1) / 2, self.height - baseline, words)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        for y in ys:
            self.line(xs[0], y, xs[-1], y)
        for x in xs:
            self.line(x, ys[0], x, ys[-1])

    def fill(self, xs: Sequence[float], ys: Sequence[float], rows: Sequence[Sequence[str]]) -> None:
        """Write a text into the middle of each square of a grid."""
        for row, words in enumerate(rows):
            for column, word in enumerate(words):
                middle = (ys[row] + ys[row + 1]) / 2 + 4
                self.centered(xs[column], xs[column + 1], middle, word)


def pdf_bytes(
    *draws: Draw, size: tuple[float, float] = (WIDTH, HEIGHT), rotate: int = 0, **canvas: object
) -> bytes:
    """Return a PDF of one page for each drawing."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    sheet = Canvas(out, pagesize=size, invariant=1, **canvas)
    for draw in draws:
        if rotate:
            sheet.setPageRotation(rotate)
        draw(Sheet(sheet, size))
        sheet.showPage()
    sheet.save()
    return out.getvalue()


def write_pdf(path: Path, *draws: Draw, **how: object) -> Path:
    """Write a PDF of one page for each drawing; return its path."""
    path.write_bytes(pdf_bytes(*draws, **how))  # type: ignore[arg-type]
    return path


XS = (50.0, 150.0, 250.0, 350.0)
YS = (100.0, 130.0, 160.0, 190.0)
ROWS = (("指标", "分值", "甲县"), ("增速", "3", "4.5"), ("产值", "2", "---"))


def plain(sheet: Sheet) -> None:
    """Draw a fully ruled table of three rows and columns."""
    sheet.grid(XS, YS)
    sheet.fill(XS, YS, ROWS)
