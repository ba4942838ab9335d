"""What a reader hands on: a document's front matter and its tables of printed cells.

No meaning is attached here. ``row`` and ``column`` are 1-based within their table, ``page`` is
1-based, boxes are in points from the top left of the upright page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page, in points from the page's top left, page turned upright."""

    x0: float
    top: float
    x1: float
    bottom: float

    def union(self, other: Box) -> Box:
        """Return the smallest box that holds both."""
        return Box(
            min(self.x0, other.x0),
            min(self.top, other.top),
            max(self.x1, other.x1),
            max(self.bottom, other.bottom),
        )


class CellKey(NamedTuple):
    """The one printed cell of a document: its table, and its first row and column there."""

    table_no: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class NoteMark:
    """A footnote's mark behind a printed text, and its note; None where no note has that mark."""

    sign: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page shows of a cell that its text may not say; ``text`` is what it is about.

    ``why``: ``glyph`` (a glyph is not what its font says), ``struck`` (a line runs through it),
    ``covered`` (something was drawn over it), ``hidden`` (nobody sees it by its colour, format or
    size), ``cut`` (the page's edge cuts it), ``marked`` (something is drawn or noted over it),
    ``overlaid`` (an annotation or a text box shows this text over it), ``overprinted`` (it and
    another text lie over one another), ``crossed`` (it runs over a rule, close to this text in the
    other cell), ``clipped`` (its row is too low to show it), ``filled`` (its row may be),
    ``outside`` (it stands outside what the file says is shown of it), ``pictured`` (a picture
    stands in it), ``prompt`` (a content control shows it until it is filled in), ``unsized`` (its
    column may have been hidden).
    """

    why: str
    text: str


class Cell(NamedTuple):
    """One printed cell as read; its text keeps the printed line breaks (a newline for each).

    ``open_top`` and ``open_bottom``: the page's edge cut the cell, no rule is drawn on that side.
    ``agreed``: whether a second reader read the same (None: not compared); ``other_text`` is what
    it read instead. ``undrawn`` names what nothing drawn decides about the cell (``extent``,
    ``line``, ``blank``), or ``cut``: it cannot reach as far as the file says, ``covered``: it is
    merged over another text, ``width``: its spans and its width contradict each other,
    ``repeated``: a converter may have written one cell anew in each row. ``key``
    identifies the printed cell, wherever it is moved to; it is given by :func:`keyed`, and a cell
    that was never printed has none. ``marks`` are the footnotes' marks that were taken out of its
    text. ``seen`` tells what the page shows of it that its text may not say.
    """

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    page: int | None = None
    box: Box | None = None
    open_top: bool = False
    open_bottom: bool = False
    agreed: bool | None = None
    other_text: str | None = None
    confidence: float | None = None
    undrawn: str | None = None
    key: CellKey | None = None
    marks: tuple[NoteMark, ...] = ()
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of one page, sheet or document part, in the document's order.

    ``regular`` is True where positions can be relied on (rules, spans or merged ranges were
    read): a cell with empty text is then a printed empty cell. It is False for text that went
    through a conversion, where cells of a row may be missing, shifted or blank for any reason.
    ``column_edges`` are the x positions of the grid's vertical rules (column_count + 1 of them)
    where the format has any. ``caption`` holds the lines just above the table, ``notes`` those
    just below, nearest first. ``place`` names the part in words a person knows (a sheet's name).
    ``lines`` gives the line number in the source of each row, for text formats.
    """

    table_no: int
    cells: tuple[Cell, ...]
    row_count: int
    column_count: int
    page: int | None = None
    regular: bool = True
    column_edges: tuple[float, ...] | None = None
    page_size: tuple[float, float] | None = None
    caption: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    place: str | None = None
    lines: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands before a document's first table; None for what does not.

    ``addressed`` is the letter's salutation: whom it is sent to.
    """

    doc_number: str | None = None
    title: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    year: int | None = None
    addressed: str | None = None


@dataclass(frozen=True, slots=True)
class ReaderNote:
    """Something the reader saw and could not put into a cell; becomes a finding."""

    severity: str
    code: str
    message: str
    message_zh: str
    text: str | None = None
    page: int | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read: where it came from, its front matter, its tables in order."""

    source_name: str
    source_format: str
    source_sha256: str
    reader: str
    tables: tuple[Table, ...]
    front: FrontMatter = FrontMatter()
    pages: int | None = None
    cross_reader: str | None = None
    notes: tuple[ReaderNote, ...] = field(default=())


def keyed(document: Document) -> Document:
    """Return the document with the key of every printed cell in it."""
    tables = tuple(
        replace(
            table,
            cells=tuple(
                [
                    cell._replace(key=CellKey(table.table_no, cell.row, cell.column))
                    for cell in table.cells
                ]
            ),
        )
        for table in document.tables
    )
    return replace(document, tables=tables)
