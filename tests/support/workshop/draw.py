"""One way to draw in any format."""

from __future__ import annotations

from pathlib import Path

from tests.support.workshop.draw_docx import DocxStyle, draw_docx
from tests.support.workshop.draw_html import HtmlStyle, draw_html
from tests.support.workshop.draw_markdown import draw_markdown
from tests.support.workshop.draw_pdf import draw_pdf
from tests.support.workshop.draw_xlsx import XlsxStyle, draw_xlsx
from tests.support.workshop.grid import Grid
from tests.support.workshop.logical import Notice
from tests.support.workshop.ofd_canvas import OfdStyle
from tests.support.workshop.pdf_style import PdfStyle

FORMATS = ("html", "docx", "xlsx", "pdf", "ofd", "md")

Style = HtmlStyle | DocxStyle | XlsxStyle | PdfStyle


def default_style(kind: str) -> Style | None:
    """Return the plain way to draw a format; None for Markdown, which has one way only."""
    styles: dict[str, Style] = {
        "html": HtmlStyle(),
        "docx": DocxStyle(),
        "xlsx": XlsxStyle(),
        "pdf": PdfStyle(),
        "ofd": OfdStyle(),
    }
    return styles.get(kind)


def draw(notice: Notice, grid: Grid, folder: Path, style: Style | None = None) -> Path:
    """Write the notice in the format its style belongs to; return the file."""
    if isinstance(style, HtmlStyle):
        draw_html(notice, grid, path := folder / "notice.html", style)
    elif isinstance(style, DocxStyle):
        draw_docx(notice, grid, path := folder / "notice.docx", style)
    elif isinstance(style, XlsxStyle):
        draw_xlsx(notice, grid, path := folder / "notice.xlsx", style)
    elif isinstance(style, PdfStyle):
        ending = "ofd" if isinstance(style, OfdStyle) else "pdf"
        draw_pdf(notice, grid, path := folder / f"notice.{ending}", style)
    else:
        draw_markdown(notice, grid, path := folder / "notice.md")
    return path
