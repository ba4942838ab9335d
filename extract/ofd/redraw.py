"""Draws the pages of an OFD package anew as a PDF: the same glyphs, rules and pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from common.refusal import Refusal, refusal
from extract.drawing.book import DrawnPdf, Overlay
from extract.drawing.canvas import Canvas, PageTooLongError
from extract.drawing.matrix import Matrix, then
from extract.notes import reader_note
from extract.ofd.container import OfdPackage
from extract.ofd.document import Annotation, OfdDocument, open_documents
from extract.ofd.numbers import Area
from extract.ofd.objects import FLIPPED, Fonts, Outside, Painter
from extract.ofd.pictures import Pictures
from extract.ofd.seals import Seal, signatures_of
from schemas.records.document import Box, ReaderNote
from schemas.vocabulary import Severity

POINTS = 72 / 25.4
"""Points in a millimetre."""
MOST_PAGES = 20_000


@dataclass(slots=True)
class Redrawn:
    """What was drawn: how many pages, which could not be, and what is to be said of them.

    ``outside`` is text outside its boundary: its page, and its place in points from the page's top
    left.
    """

    pages: int = 0
    outside: list[tuple[int, Outside]] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    notes: list[ReaderNote] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Hand:
    """What the pages of one document are drawn with."""

    document: OfdDocument
    fonts: Fonts
    pictures: Pictures
    seals: Sequence[Seal]


def redraw(package: OfdPackage, path: Path, *, sealed: bool = False) -> Redrawn:
    """Write a PDF that shows what the package's pages show, ``sealed`` with the seals on them.

    A page that is damaged or draws far too much stays blank, and is said. Raises Refusal for a
    package that is none, that holds a bomb, or no page.
    """
    documents = open_documents(package)
    if sum(len(document.pages) for document in documents) > MOST_PAGES:
        raise refusal("extract.too_large.parts", file=package.path.name, count=MOST_PAGES)
    book, drawn = DrawnPdf(), Redrawn()
    pictures = Pictures(package, book.file)
    signatures = signatures_of(package, documents) if sealed else ()
    seals = [seal for signature in signatures for seal in signature.seals]
    for number, document in enumerate(documents):
        fonts = Fonts(package, document.resources, f"D{number}")
        for identifier, part in document.pages:
            drawn.pages += 1
            _redraw_page(book, drawn, _Hand(document, fonts, pictures, seals), (identifier, part))
        book.fonts |= fonts.used
    if not drawn.pages:
        raise refusal("extract.damaged.ofd", file=package.path.name)
    if pictures.unreadable:
        drawn.notes.append(reader_note("pictures_unreadable", count=pictures.unreadable))
    book.write(path)
    return drawn


def _redraw_page(book: DrawnPdf, drawn: Redrawn, hand: _Hand, page: tuple[str, str | None]) -> None:
    identifier, part = page
    code, size = "page_damaged", hand.document.size
    try:
        if part is None:
            raise ValueError("the page's part is missing")
        content = hand.document.content(identifier, part)
        size = content.size
        ground = _ground(size)
        painter = Painter(Canvas(), hand.document.resources, hand.fonts, hand.pictures, ground)
        painter.shown, painter.lost = content.shown, content.lost
        for layer in content.layers:
            painter.draw(layer, layer.get("DrawParam"))
        over = [_over_page(each, painter) for each in content.annotations]
        over += _sealed(hand, drawn.pages, ground)
        book.add(size.width * POINTS, size.height * POINTS, painter.canvas, over)
        outside = [each.below(size.height * POINTS) for each in painter.outside]
        drawn.outside.extend((drawn.pages, each) for each in outside)
        drawn.notes.extend(_said(outside, painter.lost, drawn.pages))
        return
    except PageTooLongError:
        code = "page_too_heavy"
    except (ValueError, ArithmeticError, RecursionError):
        pass
    except Refusal as refused:
        if refused.code != "damaged":
            raise
    book.add(size.width * POINTS, size.height * POINTS, Canvas(), ())
    drawn.unreadable.append(drawn.pages)
    drawn.notes.append(reader_note(code, severity=Severity.ERROR, page=drawn.pages))


def _over_page(what: Annotation, painter: Painter) -> Overlay:
    """Return an annotation and what it draws, on a canvas of its own."""
    own = replace(painter, canvas=Canvas(), shown=None, outside=[], lost=0)
    own.draw(what.appearance, at=what.boundary)
    painter.lost += own.lost
    return Overlay(what.kind, what.remark, what.visible, box_of(what.boundary), own.canvas)


def _sealed(hand: _Hand, page: int, ground: Matrix) -> Iterator[Overlay]:
    """Yield the seals of a page; what is under one shows through."""
    for seal in hand.seals:
        if seal.page == page and seal.place is not None and not seal.document:
            x, y, width, height = seal.place
            own = then((width, 0.0, 0.0, height, x, y), ground)
            canvas = Canvas()
            number = hand.pictures.number(seal.part)
            canvas.picture(number, then(FLIPPED, own), 1.0, (), shows_through=True)
            yield Overlay("Stamp", "", True, box_of(seal.place), canvas)


def _ground(size: Area) -> Matrix:
    """Return the matrix from millimetres below the page's top to points above its foot."""
    return (POINTS, 0.0, 0.0, -POINTS, 0.0, size.height * POINTS)


def box_of(boundary: Area) -> Box:
    """Return a boundary on the page in points."""
    x, y, width, height = (value * POINTS for value in boundary)
    return Box(x, y, x + width, y + height)


def _said(outside: Sequence[Outside], lost: int, page: int) -> Iterator[ReaderNote]:
    if outside:
        xs, ys = [each.x for each in outside], [each.y for each in outside]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        text = "".join(each.text for each in outside)[:200]
        yield reader_note("outside_boundary", text=text, page=page, box=box)
    if lost:
        yield reader_note("drawings_lost", page=page, count=lost)
