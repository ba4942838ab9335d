"""Read .docx: paragraphs as lines, tables with their merged cells, straight from the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from common.refusal import refusal
from extract.files.package import Element, Package, attribute, child, local
from extract.office.docx_text import PrintedText, children, hidden_styles, is_on
from extract.text.flow import MAX_CELLS, RawTable, Reading, document_of, within_width
from schemas.records.document import Cell, Document
from schemas.vocabulary import Severity

_MAX_SPAN = 1000
_MAX_DEPTH = 20


def read_docx(path: Path) -> Document:
    """Return the document in a Word file; nothing deleted, hidden or outside the text is read.

    Headers and footers only help to complete the front matter. Raises ``Refusal``.
    """
    reading = Reading()
    with Package(path) as package:
        main = package.main_part()
        if main is None:
            raise refusal("extract.damaged.docx", file=path.name)
        relations = package.relations(main)
        words = PrintedText(_hidden_styles(package, relations))
        body = child(package.tree(main), "body")
        if body is not None:
            _Body(reading, words).read(body)
        reading.margins.extend(_margin_lines(package, relations, words))
    _note_seen(reading, words)
    return document_of(path, "docx", "docx", reading)


def _hidden_styles(package: Package, relations: dict[str, tuple[str, str]]) -> frozenset[str]:
    for kind, target in relations.values():
        if kind.endswith("/styles") and target in package.names:
            return hidden_styles(package.tree(target))
    return frozenset()


def _margin_lines(
    package: Package, relations: dict[str, tuple[str, str]], words: PrintedText
) -> Iterator[str]:
    for kind, target in relations.values():
        if kind.endswith(("/header", "/footer")) and target in package.names:
            for paragraph in children(package.tree(target), ("p",)):
                yield words.paragraph(paragraph)


@dataclass(slots=True)
class _Body:
    """Walks a body (or a text box) and adds its lines and tables to the reading."""

    reading: Reading
    words: PrintedText
    depth: int = 0

    def read(self, body: Element) -> None:
        """Add what the body holds, in order; a text box's lines follow their paragraph."""
        for part in children(body, ("p", "tbl", "altChunk")):
            name = local(part)
            if name == "p":
                self._paragraph(part)
            elif name == "tbl":
                self._table(part)
            else:
                self.reading.add_note("embedded_part")

    def _paragraph(self, paragraph: Element) -> None:
        seen = self.words.seen
        boxes = len(seen.boxes)
        self.reading.blocks.append(self.words.paragraph(paragraph))
        found = seen.boxes[boxes:]
        del seen.boxes[boxes:]
        for box in found:
            self._deeper(box)

    def _deeper(self, part: Element) -> None:
        if self.depth >= _MAX_DEPTH:
            raise refusal("extract.too_large.docx_nesting")
        _Body(self.reading, self.words, self.depth + 1).read(part)

    def _table(self, table: Element) -> None:
        if _arranges(table):
            for row in children(table, ("tr",)):
                for cell in children(row, ("tc",)):
                    self._deeper(cell)
            return
        seen = self.words.seen
        pictures, numbered = seen.pictures, seen.numbered
        self.reading.blocks.append(_Grid(self.reading, self.words).read(table))
        if found := seen.pictures - pictures:
            self.reading.add_note("picture_in_cell.docx", count=found)
        if found := seen.numbered - numbered:
            self.reading.add_note("automatic_numbering", severity=Severity.INFO, count=found)


def _arranges(table: Element) -> bool:
    """Say whether a table is layout: a table in it has more cells than it has with own text."""
    inner = [part for part in table.iter() if local(part) == "tbl"][1:]
    if not inner:
        return False
    largest = max(sum(1 for part in nested.iter() if local(part) == "tc") for nested in inner)
    own = 0
    for row in children(table, ("tr",)):
        for cell in children(row, ("tc",)):
            if any(local(t) == "t" for p in children(cell, ("p",)) for t in p.iter()):
                own += 1
    return largest >= own


@dataclass(slots=True)
class _Grid:
    """Places one table's cells by gridSpan, gridBefore and the two kinds of vertical merging."""

    reading: Reading
    words: PrintedText

    def read(self, table: Element) -> RawTable:
        """Return the table's cells; a cell merged downwards is one cell."""
        cells: list[Cell] = []
        open_merges: dict[int, int] = {}  # first column -> index of the cell that is open below
        rows = 0
        for row in children(table, ("tr",)):
            properties = child(row, "trPr")
            if properties is not None and self._left_out(properties, row):
                continue
            rows += 1
            open_merges = self._row(row, properties, rows, cells, open_merges)
            if len(cells) > MAX_CELLS:
                raise refusal("extract.too_large.docx_cells", most=MAX_CELLS)
        return RawTable(within_width(cells), row_count=rows)

    def _left_out(self, properties: Element, row: Element) -> bool:
        """Say whether a row is not printed: deleted by a tracked change, or hidden."""
        if child(properties, "del") is not None:
            return True
        if is_on(properties, "hidden"):
            self.reading.add_note("hidden_text.row", severity=Severity.INFO, text=self._text(row))
            return True
        return False

    def _text(self, element: Element) -> str:
        lines = (self.words.paragraph(part) for part in element.iter() if local(part) == "p")
        return " ".join(line for line in lines if line)[:200]

    def _row(
        self,
        row: Element,
        properties: Element | None,
        number: int,
        cells: list[Cell],
        above: dict[int, int],
    ) -> dict[int, int]:
        """Place one row; return the vertical merges that are open below it."""
        column = 1 + (_count(properties, "gridBefore", 0) if properties is not None else 0)
        open_below: dict[int, int] = {}
        beside: int | None = None
        for element in children(row, ("tc",)):
            merge = child(element, "tcPr")
            span = _count(merge, "gridSpan", 1) if merge is not None else 1
            across = _merging(merge, "hMerge")
            if across == "continue" and beside is not None:
                self._covered(self._cell_text(element))
                wider = cells[beside].column_span + span
                cells[beside] = replace(cells[beside], column_span=wider)
                column += span
                continue
            index = self._cell(element, number, column, span, cells, above)
            if _merging(merge, "vMerge"):
                open_below[column] = index
            beside = index
            column += span
        return open_below

    def _cell(
        self,
        element: Element,
        row: int,
        column: int,
        span: int,
        cells: list[Cell],
        above: dict[int, int],
    ) -> int:
        """Add a cell, or let the one above it that it continues grow; return the cell's index."""
        text = self._cell_text(element)
        merge = _merging(child(element, "tcPr"), "vMerge")
        upper = above.get(column)
        if merge == "continue" and upper is not None and cells[upper].column_span == span:
            cells[upper] = replace(cells[upper], row_span=cells[upper].row_span + 1)
            self._covered(text)
            return upper
        cells.append(Cell(row, column, text, 1, span))
        return len(cells) - 1

    def _covered(self, text: str) -> None:
        if text:
            self.reading.add_note("merged_away_text.docx", text=text)

    def _cell_text(self, element: Element) -> str:
        """Return a cell's text; tables and text boxes in it are noted."""
        lines: list[str] = []
        boxes = len(self.words.seen.boxes)
        for part in children(element, ("p", "tbl")):
            if local(part) == "p":
                lines.append(self.words.paragraph(part))
            else:
                lines.extend(self._nested_lines(part))
        for box in self.words.seen.boxes[boxes:]:
            self.reading.add_note("text_box", text=self._text(box))
        del self.words.seen.boxes[boxes:]
        return "\n".join(line for line in lines if line.strip())

    def _nested_lines(self, table: Element) -> Iterator[str]:
        self.reading.add_note("nested_table.docx", text=self._text(table))
        for row in children(table, ("tr",)):
            yield " ".join(self._text(cell) for cell in children(row, ("tc",)))


def _count(properties: Element, name: str, default: int) -> int:
    found = child(properties, name)
    value = (attribute(found, "val") or "") if found is not None else ""
    if not value.isdigit() or len(value) > 6:
        return default
    return min(max(int(value), default), _MAX_SPAN)


def _merging(properties: Element | None, name: str) -> str | None:
    """Return 'restart' or 'continue' for a merged cell, None for one that is not merged."""
    found = child(properties, name) if properties is not None else None
    if found is None:
        return None
    return "restart" if attribute(found, "val") == "restart" else "continue"


def _note_seen(reading: Reading, words: PrintedText) -> None:
    seen = words.seen
    hidden = "".join(seen.hidden).strip()
    if hidden:
        reading.add_note("hidden_text.docx", severity=Severity.INFO, text=hidden[:200])
    for text in seen.struck[:20]:
        reading.add_note("struck_text.docx", text=text[:200])
    if seen.symbols:
        reading.add_note("symbol", count=seen.symbols)
    if seen.footnotes:
        reading.add_note("footnote", severity=Severity.INFO, count=seen.footnotes)
