"""A canvas like reportlab's that draws an OFD document; points, from a page's lower left corner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.support.workshop.ofd_file import OfdFile, n, path_object, text_object
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.pdf_text import width_of

MM = 25.4 / 72
_POINT = f"{MM:.6f} 0 0 {MM:.6f} 0 0"


class Written(StrEnum):
    """How a program writes objects: in millimetres, or in points that a matrix makes smaller."""

    MILLIMETRES = "millimetres"
    SCALED = "scaled"


@dataclass(frozen=True, slots=True)
class OfdStyle(PdfStyle):
    """One way of printing as OFD: as a PDF is, and how objects are written.

    ``written`` is the measure, ``repeats`` writes equal distances as ``g 3 2.8``.
    """

    written: Written = Written.MILLIMETRES
    repeats: bool = False


class OfdCanvas:
    """Takes what the drawings of PDFs call, and writes it as objects of pages."""

    def __init__(
        self, path: Path, size: tuple[float, float], style: OfdStyle | None = None
    ) -> None:
        self.path = path
        self.width, self.height = size
        self.style = style or OfdStyle()
        self.file = OfdFile(size=(self.width * MM, self.height * MM))
        self.objects: list[str] = []
        self.size = 8.0
        self.line_width = 0.6
        self.grey = 0.0

    def setFont(self, _name: str, size: float) -> None:  # noqa: N802 - reportlab's names
        self.size = size

    def setFillGray(self, grey: float) -> None:  # noqa: N802
        self.grey = grey

    def setLineWidth(self, width: float) -> None:  # noqa: N802
        self.line_width = width

    def setPageRotation(self, _degrees: int) -> None:  # noqa: N802
        """OFD pages have no rotation of their own."""

    def transform(self, *_matrix: float) -> None:
        """What turns a PDF's page back leaves an OFD's as it is."""

    def drawString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        """Show a line of text, each character as wide as reportlab has it."""
        steps = [width_of(sign, self.size) for sign in text[:-1]]
        self.draw_signs(x, y, text, steps)

    def draw_signs(self, x: float, y: float, text: str, steps: list[float]) -> None:
        """Show characters of which each stands so far from the one before."""
        if not text.strip():
            return
        at = x * MM, (self.height - y) * MM
        inside = f'<ofd:FillColor Value="{self._shade()}"/>' if self.grey else ""
        scaled = self.style.written is Written.SCALED
        part = 1.0 if scaled else MM
        code = (
            f'<ofd:TextCode X="0" Y="{n(self.size * part)}"{self._deltas(steps, part)}>'
            f"{_escaped(text)}</ofd:TextCode>"
        )
        traits = {"Size": n(self.size * part)} | ({"CTM": _POINT} if scaled else {})
        reach = [step * MM for step in steps]
        self.objects.append(
            text_object(text, at, self.size * MM, reach, traits, inside=inside, code=code)
        )

    def _deltas(self, steps: list[float], part: float) -> str:
        if not steps:
            return ""
        written = [n(step * part) for step in steps]
        if self.style.repeats:
            written = _repeated(written)
        return f' DeltaX="{" ".join(written)}"'

    def rect(self, x: float, y: float, width: float, height: float, **how: Any) -> None:
        """Draw a box, filled or stroked."""
        data = (
            f"M 0 0 L {n(width * MM)} 0 L {n(width * MM)} {n(height * MM)} L 0 {n(height * MM)} C"
        )
        self._path(data, (x, y + height), (width, height), filled=bool(how.get("fill")))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a line from left to right, or from the top down."""
        left, top = min(x0, x1), max(y0, y1)
        width, height = abs(x1 - x0), abs(y1 - y0)
        data = f"M 0 0 L {n(width * MM)} {n(height * MM)}"
        self._path(data, (left, top), (width, height), filled=False)

    def _path(
        self, data: str, at: tuple[float, float], extent: tuple[float, float], *, filled: bool
    ) -> None:
        box = (at[0] * MM, (self.height - at[1]) * MM, extent[0] * MM, extent[1] * MM)
        if filled:
            traits = {"Stroke": "false", "Fill": "true"}
            inside = f'<ofd:FillColor Value="{self._shade()}"/>'
        else:
            traits, inside = {"LineWidth": n(self.line_width * MM)}, ""
        self.objects.append(path_object(data, box, traits, inside))

    def _shade(self) -> str:
        return " ".join([str(round(255 * self.grey))] * 3)

    def showPage(self) -> None:  # noqa: N802
        """End the page."""
        self.file.pages.append(self.objects)
        self.objects = []
        self.grey = 0.0

    def save(self) -> None:
        """Write the file."""
        self.file.write(self.path)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _repeated(written: list[str]) -> list[str]:
    """Write distances that repeat themselves as ``g``, how often, and which."""
    runs: list[list[str]] = []
    for value in written:
        if runs and runs[-1][0] == value:
            runs[-1].append(value)
        else:
            runs.append([value])
    return [
        part for run in runs for part in (["g", str(len(run)), run[0]] if len(run) > 1 else run)
    ]
