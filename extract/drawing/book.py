"""Collects drawn pages and writes them as one PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from extract.drawing.canvas import Canvas
from extract.drawing.fonts import PdfFont
from extract.drawing.pdf_file import PdfFile
from schemas.records.document import Box

_PRINTED, _HIDDEN = 4, 2
_CORNERS = (0, 3, 2, 3, 0, 1, 2, 1)
_KINDS: Mapping[str, str] = MappingProxyType(
    {name.lower(): name for name in ("FreeText", "Highlight", "Underline", "StrikeOut", "Stamp")}
    | {"watermark": "Watermark", "path": "Ink", "link": "Link"}
)


@dataclass(frozen=True, slots=True)
class Overlay:
    """An annotation over a page: its kind, what it says, its place, and what it draws there."""

    kind: str
    remark: str
    visible: bool
    box: Box
    canvas: Canvas


@dataclass(frozen=True, slots=True)
class _Page:
    width: float
    height: float
    canvas: Canvas
    program: int
    over: tuple[Overlay, ...]


class DrawnPdf:
    """A PDF in the making; ``fonts`` are those that its canvases name."""

    def __init__(self) -> None:
        self.file = PdfFile()
        self.root, self.tree = self.file.add(), self.file.add()
        self.fonts: dict[str, PdfFont] = {}
        self.pages: list[_Page] = []

    def add(self, width: float, height: float, canvas: Canvas, over: Sequence[Overlay]) -> None:
        """Add a page of a size in points."""
        program = self.file.add_stream("", canvas.program())
        self.pages.append(_Page(width, height, canvas, program, tuple(over)))

    def write(self, path: Path) -> None:
        """Write the file: fonts last, for only then all characters are known."""
        fonts = {name: font.add_to(self.file) for name, font in self.fonts.items()}
        kids = [self._page(page, fonts) for page in self.pages]
        listed = " ".join(f"{kid} 0 R" for kid in kids)
        self.file.set(self.tree, f"<< /Type /Pages /Count {len(kids)} /Kids [{listed}] >>")
        self.file.set(self.root, f"<< /Type /Catalog /Pages {self.tree} 0 R >>")
        self.file.write(path, self.root)

    def _page(self, page: _Page, fonts: Mapping[str, int]) -> int:
        listed = " ".join(f"{self._over(page, each, fonts)} 0 R" for each in page.over)
        return self.file.add(
            f"<< /Type /Page /Parent {self.tree} 0 R /Contents {page.program} 0 R "
            f"/MediaBox [0 0 {page.width:.3f} {page.height:.3f}] /Annots [{listed}] "
            f"/Resources {page.canvas.resources(fonts)} >>"
        )

    def _over(self, page: _Page, what: Overlay, fonts: Mapping[str, int]) -> int:
        box = what.box
        places = (box.x0, page.height - box.bottom, box.x1, page.height - box.top)
        rect, corners = _listed(places), _listed(places[place] for place in _CORNERS)
        shown = self.file.add_stream(
            f"/Type /XObject /Subtype /Form /BBox [{rect}] "
            f"/Resources {what.canvas.resources(fonts)}",
            what.canvas.program(),
        )
        said = what.remark.encode("utf-16-be", "replace").hex()
        kind = _KINDS.get(what.kind.lower(), "Stamp")
        flags = _PRINTED if what.visible else _PRINTED + _HIDDEN
        return self.file.add(
            f"<< /Type /Annot /Subtype /{kind} /Rect [{rect}] /F {flags} "
            f"/QuadPoints [{corners}] /Contents <FEFF{said}> /AP << /N {shown} 0 R >> >>"
        )


def _listed(values: Iterable[float]) -> str:
    return " ".join(f"{value:.3f}" for value in values)
