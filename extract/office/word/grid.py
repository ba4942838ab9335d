"""A table's cells in their places: spans, both kinds of merging, rows that are not shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from common.refusal import refusal
from extract.files.package import Element, attribute, child, local
from extract.office.word.backdrop import CellPlace, TableBackdrop
from extract.office.word.elements import children, is_on, value, whole
from extract.office.word.text import PrintedText
from extract.office.word.widths import Slot, placed
from extract.text.flow import MAX_CELLS, RawTable, Reading, within_width
from schemas.records.document import Cell, Seen
from schemas.vocabulary import Severity

_LOWEST_ROW = 60
"""A row of exactly this height (a twentieth of a point) or less shows no text."""


@dataclass(slots=True)
class WordTable:
    """Places one table's cells by gridSpan, gridBefore and the two kinds of vertical merging."""

    reading: Reading
    words: PrintedText
    cells: list[Cell] = field(default_factory=list)
    open_above: dict[int, int] = field(default_factory=dict)
    """First column of a cell that is open below -> its index."""

    def read(self, table: Element) -> RawTable:
        """Return the table's cells; a cell merged downwards is one cell."""
        around, in_cell = self.words.ground, self.words.in_cell
        ground = TableBackdrop.of(table, self.words.styles, around)
        rows = [row for row in children(table, ("tr",)) if not self._left_out(row)]
        slots = placed(table, [_shown_cells(row) for row in rows], [child(r, "trPr") for r in rows])
        self.words.in_cell = True
        for number, row in enumerate(slots, 1):
            self._row(number, row, ground, len(rows))
            if len(self.cells) > MAX_CELLS:
                raise refusal("extract.too_large.docx_cells", most=MAX_CELLS)
        self.words.ground, self.words.in_cell = around, in_cell
        return RawTable(within_width(self.cells), row_count=len(rows))

    def _left_out(self, row: Element) -> bool:
        """Say whether a row is not printed: deleted by a tracked change, hidden, of no height."""
        properties = child(row, "trPr")
        if properties is None:
            return False
        if child(properties, "del") is not None:
            return True
        if is_on(properties, "hidden") or _is_flat(properties):
            self.reading.add_note("hidden_text.row", severity=Severity.INFO, text=self._text(row))
            return True
        return False

    def _text(self, element: Element, *, counted: bool = False) -> str:
        boxes = len(self.words.seen.boxes)
        paragraphs = (part for part in element.iter() if local(part) == "p")
        lines = (self.words.paragraph(part, counted=counted) for part in paragraphs)
        text = " ".join(line for line in lines if line)[:200]
        del self.words.seen.boxes[boxes:]
        return text

    def _row(self, number: int, slots: Sequence[Slot], ground: TableBackdrop, rows: int) -> None:
        """CellPlace one row's cells; those that go on below are open for the next row."""
        open_below: dict[int, int] = {}
        beside: int | None = None
        for at, slot in enumerate(slots):
            merge = child(slot.cell, "tcPr")
            self.words.ground = ground.at(CellPlace(number - 1, rows, at, len(slots)), slot.cell)
            if _merging(merge, "hMerge") == "continue" and beside is not None:
                self._covered(slot.cell)
                wider = self.cells[beside].column_span + slot.span
                self.cells[beside] = self.cells[beside]._replace(column_span=wider)
                continue
            beside = self._cell(slot, number, _merging(merge, "vMerge"))
            if _merging(merge, "vMerge"):
                open_below[slot.column] = beside
        self.open_above = open_below

    def _cell(self, slot: Slot, row: int, merge: str | None) -> int:
        """Add a cell, or let the one above it that it continues grow; return the cell's index."""
        upper = self.open_above.get(slot.column)
        if merge == "continue" and upper is not None:
            above = self.cells[upper]
            if above.column_span == slot.span:
                self.cells[upper] = above._replace(row_span=above.row_span + 1)
                self._covered(slot.cell)
                return upper
        text, over = self._seen(slot.cell)
        self.cells.append(
            Cell(row, slot.column, text, 1, slot.span, undrawn=slot.undrawn, seen=over)
        )
        return len(self.cells) - 1

    def _seen(self, cell: Element) -> tuple[str, tuple[Seen, ...]]:
        """Return a cell's text, that of a text box where it has none, and what lies over it."""
        seen = self.words.seen
        boxes, pictures, unsure = len(seen.boxes), seen.pictures, len(seen.unsure)
        text = self._cell_text(cell)
        boxed = list(filter(None, (self._text(box, counted=True) for box in seen.boxes[boxes:])))
        del seen.boxes[boxes:]
        for each in boxed:
            self.reading.add_note("text_box.docx", text=each)
        over = [Seen("overlaid", each) for each in boxed]
        over += [Seen("prompt", each) for each in seen.unsure[unsure:]]
        if seen.pictures > pictures:
            over.append(Seen("pictured", ""))
        return text or "\n".join(boxed), tuple(over)

    def _covered(self, cell: Element) -> None:
        if text := self._text(cell):
            self.reading.add_note("merged_away_text.docx", text=text)

    def _cell_text(self, cell: Element) -> str:
        """Return a cell's text; tables in it are noted."""
        lines: list[str] = []
        joins = False
        for part in children(cell, ("p", "tbl")):
            added = [self.words.paragraph(part)] if local(part) == "p" else list(self._nested(part))
            if joins and added:
                lines[-1] += added.pop(0)
            lines.extend(added)
            joins = local(part) == "p" and bool(lines) and _runs_on(part)
        return "\n".join(line for line in lines if line.strip())

    def _nested(self, table: Element) -> Iterator[str]:
        lines = [
            " ".join(self._text(cell, counted=True) for cell in children(row, ("tc",)))
            for row in children(table, ("tr",))
        ]
        self.reading.add_note("nested_table.docx", text=" ".join(lines)[:200])
        yield from lines


def _shown_cells(row: Element) -> list[Element]:
    """Return a row's cells without those that a tracked change deleted."""
    cells = list(children(row, ("tc",)))
    gone = [cell for cell in cells if _has(child(cell, "tcPr"), "cellDel")]
    return [cell for cell in cells if cell not in gone]


def _has(properties: Element | None, name: str) -> bool:
    return properties is not None and child(properties, name) is not None


def _is_flat(properties: Element) -> bool:
    height = child(properties, "trHeight")
    if height is None or attribute(height, "hRule") != "exact":
        return False
    most = whole(attribute(height, "val"))
    return most is not None and most <= _LOWEST_ROW


def _runs_on(paragraph: Element) -> bool:
    """Say whether a tracked change deleted the end of a paragraph: the next one goes on from it."""
    properties = child(paragraph, "pPr")
    return properties is not None and _has(child(properties, "rPr"), "del")


def _merging(properties: Element | None, name: str) -> str | None:
    """Return 'restart' or 'continue' for a merged cell, None for one that is not merged."""
    if not _has(properties, name):
        return None
    return "restart" if value(properties, name) == "restart" else "continue"
