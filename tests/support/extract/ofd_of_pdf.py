"""Draws an OFD document that shows what a PDF's pages show, from their page records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from extract.page.page import Char, Mark, PageRecord, Rule
from extract.pdf.supplier import open_pdf
from tests.support.workshop.ofd_canvas import OfdCanvas, OfdStyle

BASELINE = 0.12
"""So far (in sizes) a glyph's box reaches below its baseline."""


def ofd_of_pdf(pdf: Path, path: Path, style: OfdStyle | None = None) -> Path:
    """Write the OFD; all pages are of the first one's size, as these PDFs' are."""
    with open_pdf(pdf) as opened:
        pages = [opened.page(number) for number in range(1, len(opened) + 1)]
    size = max(page.width for page in pages), max(page.height for page in pages)
    canvas = OfdCanvas(path, size, style)
    for page in pages:
        _draw(page, canvas)
        canvas.showPage()
    canvas.save()
    return path


def _draw(page: PageRecord, canvas: OfdCanvas) -> None:
    for left, top, right, bottom in _fills(page.rules):
        canvas.setFillGray(0.9)
        canvas.rect(left, canvas.height - bottom, right - left, bottom - top, fill=True)
    canvas.setFillGray(0)
    for horizontal, at, start, end, mark in page.rules:
        if mark is Mark.FILL_EDGE:
            continue
        if horizontal:
            canvas.line(start, canvas.height - at, end, canvas.height - at)
        else:
            canvas.line(at, canvas.height - start, at, canvas.height - end)
    for run in _runs(page.chars):
        first = run[0]
        canvas.setFont("", first.size)
        steps = [b.x0 - a.x0 for a, b in pairwise(run)]
        base = first.bottom - BASELINE * first.size
        canvas.draw_signs(first.x0, canvas.height - base, "".join(c.text for c in run), steps)


def _fills(rules: Sequence[Rule]) -> Iterator[tuple[float, float, float, float]]:
    """Yield the boxes of which the page record has the four edges, one after the other."""
    edges = [rule for rule in rules if rule.mark is Mark.FILL_EDGE]
    for first in range(0, len(edges) - 3, 4):
        level = sorted(e.at for e in edges[first : first + 4] if e.horizontal)
        upright = sorted(e.at for e in edges[first : first + 4] if not e.horizontal)
        if len(level) == len(upright) == 2:
            yield upright[0], level[0], upright[1], level[1]


def _runs(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Yield characters of one size on one line, each right of the one before."""
    run: list[Char] = []
    for char in chars:
        if run and not _goes_on(run[-1], char):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _goes_on(last: Char, char: Char) -> bool:
    level = abs(char.bottom - last.bottom) < 0.01 and abs(char.size - last.size) < 0.01
    return level and 0 <= char.x0 - last.x0 < 2 * char.size and len(char.text) == 1
