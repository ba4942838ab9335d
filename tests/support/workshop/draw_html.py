"""Draws a grid as HTML, with rowspan and colspan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.support.workshop.front import front_lines
from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.logical import Notice
from tests.support.workshop.parts import in_parts
from tests.support.workshop.pdf_style import Cut


@dataclass(frozen=True, slots=True)
class HtmlStyle:
    """How a program writes the same table: header tag, thead, paragraphs inside cells."""

    header_tag: str = "th"
    sections: bool = True
    paragraphs: bool = False
    indented: bool = False
    encoding: str = "utf-8"
    parts: int = 1
    cut: Cut = Cut.FIRST


def draw_html(notice: Notice, grid: Grid, path: Path, style: HtmlStyle | None = None) -> None:
    """Write the notice as one HTML file."""
    style = style or HtmlStyle()
    front = "".join(f"<p>{escape(line)}</p>\n" for line in front_lines(notice))
    grids = in_parts(grid, style.parts, style.cut)
    tables = "\n".join(_table(part, style) for part in grids)
    below = "".join(f"<p>{escape(line)}</p>\n" for line in notice.notes)
    text = (
        f'<!doctype html><html lang="zh"><head><meta charset="{style.encoding}">'
        f"<title>{escape(notice.title)}</title><style>td{{border:1px solid #000}}</style></head>"
        f"<body>{front}<h1>{escape(notice.title)}</h1>\n{tables}\n{below}"
        "</body></html>"
    )
    path.write_text(text, encoding=style.encoding, errors="xmlcharrefreplace")


def _table(grid: Grid, style: HtmlStyle) -> str:
    return "<table>\n" + "\n".join(_rows(grid, style)) + "\n</table>"


def _rows(grid: Grid, style: HtmlStyle) -> Iterator[str]:
    for row in range(grid.row_count):
        if style.sections and row in (0, grid.header_rows):
            yield "<thead>" if row == 0 else "</thead><tbody>"
        joint = "\n    " if style.indented else ""
        spans = sorted((s for s in grid.spans if s.row == row), key=lambda span: span.column)
        yield f"<tr>{joint}{joint.join(_cell(span, style) for span in spans)}</tr>"
    if style.sections:
        yield "</tbody>"


def _cell(span: Span, style: HtmlStyle) -> str:
    tag = style.header_tag if span.header else "td"
    spans = f' rowspan="{span.row_span}"' if span.row_span > 1 else ""
    spans += f' colspan="{span.column_span}"' if span.column_span > 1 else ""
    lines = [escape(line) for line in span.text.split("\n")]
    if style.paragraphs:
        inner = "".join(f'<p class="c"><span>{line}</span></p>' for line in lines)
    else:
        inner = "<br>".join(lines)
    return f"<{tag}{spans}>{inner}</{tag}>"
