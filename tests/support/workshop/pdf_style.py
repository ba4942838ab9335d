"""How a PDF is printed: rules, page breaks, margins, rotation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Rules(StrEnum):
    """What the printer draws for a rule."""

    LINES = "lines"
    RECTS = "rects"
    DOUBLED = "doubled"
    DASHED = "dashed"
    BOXES = "boxes"


class Cut(StrEnum):
    """What becomes of the text of a merged cell that a page break cuts."""

    FIRST = "first"
    LAST = "last"
    REPEATED = "repeated"
    CLIPPED = "clipped"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class PdfStyle:
    """One way of printing. Lengths in points.

    ``closed`` draws a rule where a page break cuts a cell. ``row_breaks`` lets a row be cut,
    its texts running on; ``flowing`` lets every text run over a page's end as word processors
    print it, names and merged cells, too, and ``lone_lines`` lets one line of a text stand alone
    there; ``margin_rules`` draws the outermost vertical rules; ``body`` is the
    height that a page has for rows; ``header_fill`` shades the header, ``white_fill`` puts a
    white box behind each line of text; ``rotate`` is the page's /Rotate.
    """

    rules: Rules = Rules.LINES
    cut: Cut = Cut.FIRST
    closed: bool = True
    repeat_header: bool = True
    row_breaks: bool = False
    flowing: bool = False
    lone_lines: bool = True
    margin_rules: bool = True
    header_fill: bool = False
    white_fill: bool = False
    centred: bool = True
    front_page: bool = True
    page_numbers: bool = True
    rotate: int = 0
    body: float = 330.0
    font_size: float = 8.0
    leading: float = 10.0
    padding: float = 3.0
