"""Read .docx: paragraphs as lines, tables with their merged cells, straight from the package."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common.refusal import refusal
from extract.files.package import Element, Package, child, local
from extract.office.word.elements import children
from extract.office.word.footnotes import Footnotes
from extract.office.word.grid import WordTable
from extract.office.word.looks import WordStyles
from extract.office.word.numbering import Numbering
from extract.office.word.text import PrintedText
from extract.text.flow import Reading, document_of
from schemas.records.document import Document
from schemas.vocabulary import Severity

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
        words = _printed_text(package, relations)
        body = child(package.tree(main), "body")
        if body is not None:
            _Body(reading, words).read(body)
        reading.margins.extend(_margin_lines(package, relations, words))
    _note_seen(reading, words)
    return document_of(path, "docx", "docx", reading)


def _printed_text(package: Package, relations: dict[str, tuple[str, str]]) -> PrintedText:
    """Return a reader of paragraphs that knows the document's styles, lists and notes."""

    def part(kind: str) -> Element | None:
        targets = (target for name, target in relations.values() if name.endswith(f"/{kind}"))
        found = next((target for target in targets if target in package.names), None)
        return package.tree(found) if found is not None else None

    styles = WordStyles.of(part("styles"))
    footnotes = Footnotes()
    for kind in ("footnotes", "endnotes"):
        if (root := part(kind)) is not None:
            footnotes.add(root)
    if (settings := part("settings")) is not None:
        footnotes.settle(settings)
    return PrintedText(styles, Numbering.of(part("numbering"), styles), footnotes)


def _margin_lines(
    package: Package, relations: dict[str, tuple[str, str]], words: PrintedText
) -> Iterator[str]:
    for kind, target in relations.values():
        if kind.endswith(("/header", "/footer")) and target in package.names:
            for paragraph in children(package.tree(target), ("p",)):
                yield words.paragraph(paragraph, counted=False)


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
        pictures, numbered, notes = seen.pictures, seen.numbered, len(seen.footnotes)
        self.reading.blocks.append(WordTable(self.reading, self.words).read(table))
        for mark, note in dict.fromkeys(seen.footnotes[notes:]):
            self.reading.blocks.append(f"注{mark}：{note}")
        if found := seen.pictures - pictures:
            self.reading.add_note("picture_in_cell.docx", count=found)
        if found := seen.numbered - numbered:
            self.reading.add_note("automatic_numbering", count=found)


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


def _note_seen(reading: Reading, words: PrintedText) -> None:
    seen = words.seen
    hidden = "".join(seen.hidden).strip()
    if hidden:
        reading.add_note("hidden_text.docx", severity=Severity.INFO, text=hidden[:200])
    if prompts := "；".join(seen.prompts):
        reading.add_note("hidden_text.prompt", severity=Severity.INFO, text=prompts[:200])
    if deleted := "；".join(seen.deleted):
        reading.add_note("struck_text.tracked", text=deleted[:200])
    for text in seen.struck[:20]:
        reading.add_note("struck_text.docx", text=text[:200])
    if seen.symbols:
        reading.add_note("symbol.docx", count=seen.symbols)
    if seen.lost_footnotes:
        reading.add_note("footnote", severity=Severity.INFO, count=seen.lost_footnotes)
