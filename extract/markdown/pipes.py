"""Tables of a text: rows of cells between pipes of any width, and columns pasted with tabs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from extract.markdown.repeats import (
    alike_below,
    is_written_by_program,
    totals_of,
    without_repeats,
)
from extract.text.flow import RawTable
from schemas.records.document import Cell

_DELIMITER_CELL = re.compile(r"^\s*:?-+:?\s*$")
_SPLIT = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_OTHER_PIPES = str.maketrans("｜│┃║∣", "|||||")
_OTHER_PIPE = re.compile("[｜│┃║∣]")
_BORDER = re.compile(r"^\s*[+┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝][-=+─━═┌┬┐├┼┤└┴┘╔╦╗╠╬╣╚╩╝\s]*$")
_BORDER_ROW = "|-|"  # a row of dashes of any width; such rows are no rows of a table
_FEWEST_TABS = 2
_FEWEST_PASTED = 3


def with_plain_pipes(lines: Sequence[str]) -> list[str]:
    """Return the lines with plain pipes where a table is drawn with others; borders are blank.

    A line stays as it is where it has plain pipes too, or is the only one of its kind.
    """
    drawn = [_is_drawn_otherwise(line) for line in lines]
    border = [_BORDER.match(line) is not None for line in lines]
    found = []
    for number, line in enumerate(lines):
        near = [n for n in (number - 1, number + 1) if 0 <= n < len(lines)]
        if drawn[number] and any(drawn[n] or border[n] for n in near):
            found.append(line.translate(_OTHER_PIPES))
        else:
            found.append(line)
    return _without_borders(found, border)


def _is_drawn_otherwise(line: str) -> bool:
    return len(_OTHER_PIPE.findall(line)) >= 2 and "|" not in line


def _without_borders(lines: list[str], border: Sequence[bool]) -> list[str]:
    """Make a row of dashes of each border within or under a drawn table, and nothing of others."""
    for number in range(len(lines)):
        if border[number]:
            under = number and (_SPLIT.search(lines[number - 1]) is not None)
            lines[number] = _BORDER_ROW if under else ""
    return lines


def pasted_end(lines: Sequence[str], start: int) -> int:
    """Return the line after a run of lines with columns parted by tabs; ``start`` where none is."""
    end = start
    while end < len(lines) and lines[end].count("\t") >= _FEWEST_TABS:
        end += 1
    full = sum(len([c for c in line.split("\t") if c.strip()]) > 2 for line in lines[start:end])
    return end if end - start >= _FEWEST_PASTED and 2 * full >= end - start else start


def pasted_table(
    lines: Sequence[str], start: int, end: int, seen: Callable[[str], str]
) -> RawTable:
    """Return the table that was pasted as lines with tabs."""
    cells = [
        Cell(row=row, column=column, text=seen(text))
        for row, line in enumerate(lines[start:end], 1)
        for column, text in enumerate(line.split("\t"), 1)
    ]
    return RawTable(
        cells, regular=False, lines=tuple(range(start + 1, end + 1)), row_count=end - start
    )


def piped_end(lines: Sequence[str], start: int) -> int:
    """Return the line after the run of lines with pipes that begins at ``start``."""
    end = start
    while end < len(lines) and _SPLIT.search(lines[end]):
        end = _wrapped_end(lines, end + 1)
    return end


def table_start(lines: Sequence[str], start: int, end: int) -> int:
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


class Piped(NamedTuple):
    """A table between pipes, and whether it says what a wide cell holds in each of its columns."""

    table: RawTable
    repeats: bool


def piped_table(lines: Sequence[str], start: int, end: int, seen: Callable[[str], str]) -> Piped:
    """Return the table; the line under the header is dropped, other rows of dashes are rows."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    position = start
    while position < end:
        last = position + 1
        if not _is_delimiter(lines[position]):
            last = _wrapped_end(lines, position + 1)
        row = "\n".join(line.strip() for line in lines[position:last])
        separates = _is_delimiter(row) and _under_header(lines, start, position)
        if row != _BORDER_ROW and not separates:
            numbers.append(position + 1)
            rows.append([seen(text) for text in _cells(row)])
        position = last
    once = without_repeats(rows)
    repeats = once != rows or is_written_by_program(lines[start:end])
    cells = _cells_of(once, alike_below(rows, totals_of(lines)) if repeats else frozenset())
    table = RawTable(cells, regular=False, lines=tuple(numbers), row_count=len(numbers))
    return Piped(table, once != rows)


def _cells_of(rows: Sequence[Sequence[str]], doubted: frozenset[tuple[int, int]]) -> list[Cell]:
    return [
        Cell(row, column, text, undrawn="repeated" if (row, column) in doubted else None)
        for row, texts in enumerate(rows, 1)
        for column, text in enumerate(texts, 1)
    ]


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
