"""From a document's sequence of lines and tables to tables with captions, notes and a front."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from common.refusal import Refusal
from extract.text.front import completed, front_matter, is_date, is_sentence
from schemas.records.document import Cell, Document, FrontMatter, ReaderNote, Table

MAX_CELLS = 200_000
_MAX_CAPTION = 6
_MAX_NOTES = 60
_MAX_READER_NOTES = 200
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

    def note(
        self, severity: str, code: str, message: str, message_zh: str, text: str | None = None
    ) -> None:
        """Add a note once; the same thing said again is not added, nor more than a person reads."""
        said = ReaderNote(severity, code, message, message_zh, text)
        if said in self.notes or len(self.notes) > _MAX_READER_NOTES:
            return
        if len(self.notes) == _MAX_READER_NOTES:
            said = ReaderNote("warning", "more_notes", "more was noted than is listed",
                              "读取时发现的问题太多，没有全部列出，请核对原件。")  # fmt: skip
        self.notes.append(said)


def document_of(path: Path, kind: str, reader: str, reading: Reading) -> Document:
    """Return the document; refuse one without any table."""
    blocks = [line for block in reading.blocks for line in _without_frames(block)]
    tables = _tables(blocks)
    if not tables:
        raise Refusal("no_table", f"{path.name} holds no table",
                      f"文件“{path.name}”里没有找到表格。请检查是否选错了文件："
                      "需要的是带有考核指标表的通知或附件。")  # fmt: skip
    return Document(
        source_name=path.name,
        source_format=kind,
        source_sha256=sha256_of(path),
        reader=reader,
        tables=tables,
        front=_front(blocks, reading.margins),
        notes=tuple(reading.notes),
    )


def sha256_of(path: Path) -> str:
    """Return the hash of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _without_frames(block: Block) -> list[Block]:
    """Turn a table of one column (a frame around text) or without any text into lines."""
    if isinstance(block, PartEnd):
        return [block]
    if isinstance(block, str):
        return [line for line in block.split("\n") if line.strip()]
    if len(block.cells) > MAX_CELLS:
        raise Refusal("too_large", f"a table of {len(block.cells)} cells",
                      f"表格有 {len(block.cells)} 个单元格，远超考核指标表的大小，没有读取。"
                      "请只保留指标表后再导入。")  # fmt: skip
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


def _main_table(blocks: Sequence[Block]) -> int:
    """Return the position of the first table that is more than a letterhead or a form's head."""
    tables = [(index, block) for index, block in enumerate(blocks) if isinstance(block, RawTable)]
    for index, block in tables:
        rows, columns = block.size()
        if rows >= 4 and columns >= 3:
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
