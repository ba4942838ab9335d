"""From a document's sequence of lines and tables to tables with captions, notes and a front."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from common.files import sha256_of
from common.names import shown_name
from common.refusal import refusal
from extract.notes import reader_note
from extract.text.front import completed, front_matter, is_date, is_sentence
from schemas.records.document import Cell, Document, FrontMatter, ReaderNote, Table
from schemas.vocabulary import Severity

MAX_CELLS = 200_000
_MAX_CAPTION = 6
_MAX_NOTES = 60
_MAX_READER_NOTES = 200
_BLANKS = re.compile(r"[ \u3000]{2,}")
_COLUMNS, _SPACED_LINES = 3, 3  # so many pieces, on so many lines, are a table's
_NOTE_LINE = re.compile(r"^\s*(?:注\d*\s*[：:.、]?|备注|说明|附注|填表说明|[*※★☆▲△＊①②③④⑤])")


@dataclass(slots=True)
class RawTable:
    """A table as its format gives it, rows and columns 1-based, before it is numbered."""

    cells: list[Cell]
    regular: bool = True
    place: str | None = None
    lines: tuple[int, ...] | None = None
    row_count: int = 0
    column_count: int = 0

    def size(self) -> tuple[int, int]:
        """Return rows and columns, as far as cells (or declared counts) reach."""
        rows = max((cell.row + cell.row_span - 1 for cell in self.cells), default=0)
        columns = max((cell.column + cell.column_span - 1 for cell in self.cells), default=0)
        return max(rows, self.row_count), max(columns, self.column_count)

    def texts(self) -> list[str]:
        """Return the texts of its cells that have any, in order."""
        return [cell.text for cell in self.cells if cell.text]


class PartEnd(Enum):
    """The end of a sheet: no line on this side belongs to a table on the other."""

    HERE = "here"


Block = str | RawTable | PartEnd


@dataclass(slots=True)
class Reading:
    """What a reader has gathered of one document."""

    blocks: list[Block] = field(default_factory=list)
    notes: list[ReaderNote] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)

    def add_note(
        self,
        name: str,
        *,
        severity: Severity = Severity.WARNING,
        text: str | None = None,
        **slots: object,
    ) -> None:
        """Add a message as a note, once; no more are added than a person reads."""
        note = reader_note(name, severity=severity, text=text, page=None, box=None, **slots)
        if note in self.notes or len(self.notes) > _MAX_READER_NOTES:
            return
        full = len(self.notes) == _MAX_READER_NOTES
        self.notes.append(reader_note("more_notes") if full else note)


def within_width(cells: list[Cell]) -> list[Cell]:
    """Cut cells at the table's real width: where the rightmost column that begins also ends."""
    if not cells:
        return cells
    rightmost = max(cell.column for cell in cells)
    width = min(c.column + c.column_span for c in cells if c.column == rightmost)
    return [cell._replace(column_span=min(cell.column_span, width - cell.column)) for cell in cells]


def document_of(path: Path, kind: str, reader: str, reading: Reading) -> Document:
    """Return the document; refuse one without any table."""
    blocks = [line for block in reading.blocks for line in _without_frames(block)]
    tables = _tables(blocks)
    if not tables and _is_spaced(blocks):
        raise refusal("extract.no_table.spaced", file=path.name)
    if not tables:
        raise refusal("extract.no_table.flow", file=path.name)
    return Document(
        source_name=shown_name(path.name),
        source_format=kind,
        source_sha256=sha256_of(path),
        reader=reader,
        tables=tables,
        front=_front(blocks, reading.margins),
        notes=tuple(reading.notes),
    )


def _is_spaced(blocks: Iterable[Block]) -> bool:
    """Tell whether lines have columns that only blanks part, as a program copies a page's text."""
    lines = (block for block in blocks if isinstance(block, str))
    return sum(len(_BLANKS.split(line.strip())) >= _COLUMNS for line in lines) >= _SPACED_LINES


def _without_frames(block: Block) -> list[Block]:
    """Turn a table of one column (a frame around text) or without any text into lines."""
    if isinstance(block, PartEnd):
        return [block]
    if isinstance(block, str):
        return [line for line in block.split("\n") if line.strip()]
    if len(block.cells) > MAX_CELLS:
        raise refusal("extract.too_large.cells", count=len(block.cells))
    if block.size()[1] < 2 or not block.texts():
        return [line for text in block.texts() for line in text.split("\n") if line.strip()]
    return [block]


def _tables(blocks: Sequence[Block]) -> tuple[Table, ...]:
    found: list[Table] = []
    above: list[str] = []
    for position, block in enumerate(blocks):
        if isinstance(block, str):
            above.append(block)
            continue
        if isinstance(block, RawTable):
            below, shared = _lines_after(blocks, position + 1)
            notes = below[: len(below) - len(_caption(below))] if shared else below
            found.append(_table(len(found) + 1, block, _caption(above), notes))
        above = []
    return tuple(found)


def _lines_after(blocks: Sequence[Block], start: int) -> tuple[list[str], bool]:
    """Return the lines from ``start`` on, and whether they lead to another table."""
    lines: list[str] = []
    for block in blocks[start:]:
        if not isinstance(block, str):
            return lines, isinstance(block, RawTable)
        lines.append(block)
    return lines, False


def _table(number: int, block: RawTable, caption: Sequence[str], notes: Sequence[str]) -> Table:
    rows, columns = block.size()
    return Table(
        table_no=number,
        cells=tuple(sorted(block.cells, key=lambda cell: (cell.row, cell.column))),
        row_count=rows,
        column_count=columns,
        regular=block.regular,
        caption=tuple(caption),
        notes=tuple(notes[:_MAX_NOTES]),
        place=block.place,
        lines=block.lines,
    )


def _caption(lines: Sequence[str]) -> list[str]:
    """Return the lines just above a table that are no running text, date or note."""
    taken: list[str] = []
    for line in reversed(lines[-_MAX_CAPTION:]):
        text = line.strip()
        unit = re.match(r"^(?:计量)?单位\s*[：:]", text)
        if not unit and (is_sentence(text) or is_date(text) or _NOTE_LINE.match(text)):
            break
        taken.append(text)
    return taken[::-1]


def _front(blocks: Sequence[Block], margins: Sequence[str]) -> FrontMatter:
    """Return the front matter from the lines before the main table, completed from elsewhere."""
    before: list[str] = []
    after: list[str] = []
    main = _main_table(blocks)
    for index, block in enumerate(blocks):
        if isinstance(block, PartEnd):
            continue
        lines = block.split("\n") if isinstance(block, str) else _head_lines(block, index == main)
        (before if index <= main else after).extend(lines)
    front = front_matter(before)
    if front.doc_number and front.title and front.issuer and front.issued_on:
        return front
    return completed(front, front_matter([*margins, *_dated(after)]))


def _dated(lines: Iterable[str]) -> list[str]:
    """Keep the lines after the table that a document's end has: signature, date, printing."""
    return [line for line in lines if len(line) < 60 and not _NOTE_LINE.match(line)]


_MAIN_COLUMNS = 6  # so many no letterhead has


def _main_table(blocks: Sequence[Block]) -> int:
    """Return the position of the first table that is more than a letterhead or a form's head."""
    tables = [(index, block) for index, block in enumerate(blocks) if isinstance(block, RawTable)]
    for index, block in tables:
        rows, columns = block.size()
        if (rows >= 4 and columns >= 3) or (rows >= 3 and columns >= _MAIN_COLUMNS):
            return index
    return tables[0][0]


def _head_lines(block: RawTable, main: bool) -> list[str]:
    """Return a small table's texts, or the full-width rows that a main table begins with."""
    if not main:
        return block.texts() if len(block.cells) <= 60 else []
    _, columns = block.size()
    lines: list[str] = []
    for row in range(1, 4):
        cells = [cell for cell in block.cells if cell.row == row and cell.text]
        if len(cells) != 1 or cells[0].column_span < columns:
            break
        lines.extend(cells[0].text.split("\n"))
    return lines
