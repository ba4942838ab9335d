"""Read .md and .txt: Markdown (pipe) tables, every cell as written, blanks included."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from pathlib import Path

from common.refusal import refusal
from extract.files.encoding import decode
from extract.text.flow import RawTable, Reading, document_of
from extract.text.latex import shown
from schemas.records.document import Cell, Document

_DELIMITER_CELL = re.compile(r"^\s*:?-+:?\s*$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_SPLIT = re.compile(r"(?<!\\)((?:\\\\)*)\|")


def read_text(path: Path) -> Document:
    """Return the document in a text file; rows keep all the cells that they have.

    Such text went through a conversion, so its tables are not ``regular``: a blank may be an
    empty cell, the rest of a merged one, or nothing. ``lines`` holds each row's line number.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise refusal("extract.encoding.text", file=path.name)
    reading = Reading()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    position = 0
    while position < len(lines):
        end = _piped_end(lines, position)
        start = _table_start(lines, position, end)
        for number in range(position, start if end > position else position + 1):
            _take_line(reading, lines[number], number + 1)
        if start < end:
            reading.blocks.append(_table(lines, start, end))
        position = max(end, position + 1)
    return document_of(path, "text", "text", reading)


def _take_line(reading: Reading, line: str, number: int) -> None:
    if re.search(r"<table\b", line, re.IGNORECASE):
        reading.add_note("table_not_read", text=line[:200], line=number)
    bare = re.sub(r"^\s{0,3}(?:#{1,6}\s+|>\s?|```.*$)", "", line)
    bare = _unescape(re.sub(r"\*\*(.+?)\*\*", r"\1", bare)).strip()
    if bare:
        reading.blocks.append(bare)


def _piped_end(lines: Sequence[str], start: int) -> int:
    """Return the line after the run of lines with pipes that begins at ``start``."""
    end = start
    while end < len(lines) and _SPLIT.search(lines[end]):
        end = _wrapped_end(lines, end + 1)
    return end


def _table_start(lines: Sequence[str], start: int, end: int) -> int:
    """Return the line where the run's table begins; ``end`` when the run holds no table.

    A table has a row of dashes under its first row, or at least two rows framed by pipes.
    """
    framed = [number for number in range(start, end) if lines[number].strip().startswith("|")]
    dashes = next((number for number in range(start, end) if _is_delimiter(lines[number])), end)
    if dashes < end and end - start > 1:
        return min([*framed[:1], max(start, dashes - 1)])
    whole = [number for number in framed if len(_cells(lines[number])) > 1]
    return framed[0] if len(whole) >= 2 else end


def _wrapped_end(lines: Sequence[str], end: int) -> int:
    """Return the line after a row that is wrapped: it ends without a pipe, the next begins so."""
    row = lines[end - 1].strip()
    if not row.startswith("|") or row.endswith("|"):
        return end
    for last in range(end, min(end + 5, len(lines))):
        text = lines[last].strip()
        if not text or text.startswith("|"):
            return end
        if text.endswith("|"):
            return last + 1
    return end


def _is_delimiter(line: str) -> bool:
    cells = _cells(line)
    return "|" in line and "-" in line and all(_DELIMITER_CELL.match(cell) for cell in cells)


def _table(lines: Sequence[str], start: int, end: int) -> RawTable:
    """Return the table; the line under the header is dropped, other rows of dashes are rows."""
    cells: list[Cell] = []
    numbers: list[int] = []
    position = start
    while position < end:
        last = position + 1
        if not _is_delimiter(lines[position]):
            last = _wrapped_end(lines, position + 1)
        row = "\n".join(line.strip() for line in lines[position:last])
        if not (_is_delimiter(row) and _under_header(lines, start, position)):
            numbers.append(position + 1)
            cells += [
                Cell(row=len(numbers), column=column, text=_clean(text))
                for column, text in enumerate(_cells(row), 1)
            ]
        position = last
    return RawTable(cells, regular=False, lines=tuple(numbers), row_count=len(numbers))


def _under_header(lines: Sequence[str], start: int, position: int) -> bool:
    """Say whether a row of dashes separates: first or second, or under the header repeated."""
    if position <= start + 1:
        return True
    return _cells(lines[position - 1]) == _cells(lines[start])


def _cells(line: str) -> list[str]:
    """Return a row's cells as written, without the pipes at its two ends."""
    text = line.strip()
    text = text.removeprefix("|")
    parts: list[str] = []
    last = 0
    for match in _SPLIT.finditer(text):
        parts.append(text[last : match.end() - 1])
        last = match.end()
    if text[last:].strip() or not parts:
        parts.append(text[last:])
    return parts


def _clean(text: str) -> str:
    """Return a cell's text without Markdown's own signs: escapes, breaks, bold, entities."""
    text = _BREAK.sub("\n", shown(text.strip()))
    text = re.sub(r"^(\*\*|__)(.+)\1$", r"\2", text, flags=re.DOTALL)
    return "\n".join(part.strip() for part in _unescape(text).split("\n"))


def _unescape(text: str) -> str:
    return html.unescape(_ESCAPE.sub(r"\1", text))
