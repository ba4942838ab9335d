"""Draws the pages of an OFD package anew as a PDF: the same glyphs, rules and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from common.refusal import Refusal, refusal
from extract.notes import reader_note
from extract.ofd.canvas import Canvas, PageTooLongError
from extract.ofd.container import OfdPackage
from extract.ofd.document import Annotation, OfdDocument, open_documents
from extract.ofd.fonts import PdfFont
from extract.ofd.numbers import Area, Matrix, moved, then
from extract.ofd.objects import Fonts, Painter
from extract.ofd.pdf_file import PdfFile
from extract.ofd.pictures import Pictures
from schemas.records.document import Box, ReaderNote
from schemas.vocabulary import Severity

POINTS = 72 / 25.4
"""Points in a millimetre."""
MOST_PAGES = 20_000
_KINDS: Mapping[str, str] = MappingProxyType(
    {name.lower(): name for name in ("FreeText", "Highlight", "Underline", "StrikeOut", "Stamp")}
    | {"watermark": "Watermark", "path": "Ink", "link": "Link"}
)


@dataclass(slots=True)
class Redrawn:
    """What was drawn: how many pages, which could not be, and what is to be said of them."""

    pages: int = 0
    unreadable: list[int] = field(default_factory=list)
    notes: list[ReaderNote] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Page:
    """A drawn page: its size and canvas in points, its program's object, what lies over it."""

    width: float
    height: float
    canvas: Canvas
    program: int
    over: tuple[tuple[Annotation, Canvas], ...]


class _Book:
    """The PDF in the making."""

    def __init__(self, package: OfdPackage) -> None:
        self.file = PdfFile()
        self.root, self.tree = self.file.add(), self.file.add()
        self.pictures = Pictures(package, self.file)
        self.fonts: dict[str, PdfFont] = {}
        self.pages: list[_Page] = []

    def add(self, size: Area, canvas: Canvas, over: tuple[tuple[Annotation, Canvas], ...]) -> None:
        """Add a page."""
        program = self.file.add_stream("", canvas.program())
        page = _Page(size.width * POINTS, size.height * POINTS, canvas, program, over)
        self.pages.append(page)

    def write(self, path: Path) -> None:
        """Write the file: fonts last, for only then all characters are known."""
        fonts = {name: font.add_to(self.file) for name, font in self.fonts.items()}
        kids = [self._page(page, fonts) for page in self.pages]
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        self.file.set(self.tree, f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>")
        self.file.set(self.root, f"<< /Type /Catalog /Pages {self.tree} 0 R >>")
        self.file.write(path, self.root)

    def _page(self, page: _Page, fonts: dict[str, int]) -> int:
        over = [self._over(page, each, canvas, fonts) for each, canvas in page.over]
        listed = " ".join(f"{number} 0 R" for number in over)
        return self.file.add(
            f"<< /Type /Page /Parent {self.tree} 0 R /Contents {page.program} 0 R "
            f"/MediaBox [0 0 {page.width:.3f} {page.height:.3f}] /Annots [{listed}] "
            f"/Resources {page.canvas.resources(fonts)} >>"
        )

    def _over(self, page: _Page, what: Annotation, canvas: Canvas, fonts: dict[str, int]) -> int:
        box = _box(what.boundary)
        places = (box.x0, page.height - box.bottom, box.x1, page.height - box.top)
        rect = " ".join(f"{value:.3f}" for value in places)
        entries = f"/Type /XObject /Subtype /Form /BBox [{rect}] "
        shown = self.file.add_stream(
            f"{entries} /Resources {canvas.resources(fonts)}", canvas.program()
        )
        said = what.remark.encode("utf-16-be", "replace").hex()
        kind = _KINDS.get(what.kind.lower(), "Stamp")
        return self.file.add(
            f"<< /Type /Annot /Subtype /{kind} /Rect [{rect}] /F {4 if what.visible else 6} "
            f"/Contents <FEFF{said}> /AP << /N {shown} 0 R >> >>"
        )


def redraw(package: OfdPackage, path: Path) -> Redrawn:
    """Write a PDF that shows what the package's pages show.

    A page that is damaged or draws far too much stays blank, and is said. Raises Refusal for a
    package that is none, that holds a bomb, or no page.
    """
    documents = open_documents(package)
    if sum(len(document.pages) for document in documents) > MOST_PAGES:
        raise refusal("extract.too_large.parts", file=package.path.name, count=MOST_PAGES)
    book, drawn = _Book(package), Redrawn()
    for number, document in enumerate(documents):
        fonts = Fonts(document.resources, f"D{number}")
        for identifier, part in document.pages:
            drawn.pages += 1
            _redraw_page(book, drawn, document, fonts, (identifier, part))
        book.fonts |= fonts.used
    if not drawn.pages:
        raise refusal("extract.damaged.ofd", file=package.path.name)
    if book.pictures.unreadable:
        drawn.notes.append(reader_note("pictures_unreadable", count=book.pictures.unreadable))
    book.write(path)
    return drawn


def _redraw_page(
    book: _Book,
    drawn: Redrawn,
    document: OfdDocument,
    fonts: Fonts,
    page: tuple[str, str | None],
) -> None:
    identifier, part = page
    code, size = "page_damaged", document.size
    try:
        if part is None:
            raise ValueError("the page's part is missing")
        content = document.content(identifier, part)
        size = content.size
        painter = Painter(Canvas(), document.resources, fonts, book.pictures)
        ground = _ground(size)
        for layer in content.layers:
            painter.draw(layer, ground, layer.get("DrawParam"))
        over = tuple((each, _over_page(each, painter, ground)) for each in content.annotations)
        book.add(size, painter.canvas, over)
        drawn.notes.extend(_said(painter, drawn.pages, size))
        return
    except PageTooLongError:
        code = "page_too_heavy"
    except (ValueError, ArithmeticError, RecursionError):
        pass
    except Refusal as refused:
        if refused.code != "damaged":
            raise
    book.add(size, Canvas(), ())
    drawn.unreadable.append(drawn.pages)
    drawn.notes.append(reader_note(code, severity=Severity.ERROR, page=drawn.pages))


def _over_page(what: Annotation, painter: Painter, ground: Matrix) -> Canvas:
    """Return what an annotation draws, on a canvas of its own."""
    own = Painter(Canvas(), painter.resources, painter.fonts, painter.pictures)
    own.draw(what.appearance, then(moved(what.boundary.x, what.boundary.y), ground))
    return own.canvas


def _ground(size: Area) -> Matrix:
    """Return the matrix from millimetres below the page's top to points above its foot."""
    return (POINTS, 0.0, 0.0, -POINTS, 0.0, size.height * POINTS)


def _box(boundary: Area) -> Box:
    x, y, width, height = (value * POINTS for value in boundary)
    return Box(x, y, x + width, y + height)


def _said(painter: Painter, page: int, size: Area) -> list[ReaderNote]:
    notes = []
    if outside := painter.outside:
        height = size.height * POINTS
        xs, ys = [x for _, x, _ in outside], [height - y for _, _, y in outside]
        box = Box(min(xs), min(ys), max(xs), max(ys))
        text = "".join(text for text, _, _ in outside)[:200]
        notes.append(reader_note("outside_boundary", text=text, page=page, box=box))
    if painter.lost:
        notes.append(reader_note("drawings_lost", page=page, count=painter.lost))
    return notes
