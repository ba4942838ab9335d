"""Read .md and .txt: Markdown's tables, HTML's within it, pasted columns, and the lines around."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from common.refusal import refusal
from extract.files.encoding import decode
from extract.markdown.inline import Unread, seen, seen_in_html
from extract.markdown.pipes import (
    pasted_end,
    pasted_table,
    piped_end,
    piped_table,
    table_start,
    with_plain_pipes,
)
from extract.text.flow import Reading, document_of
from extract.web.reader import read_tables
from schemas.records.document import Document
from schemas.vocabulary import Severity

_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
_FRAME = re.compile(r"</?(?:html|body|head|thead|tbody|div|center|p)(?:\s[^<>]*)?>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEAD = re.compile(r"\A\s*---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_FOOTNOTE = re.compile(r"^\s*\[\^([^\]\s]{1,8})\]:\s*")
_PLACE = "\ufdd0"  # no character; stands for a table of HTML


def read_text(path: Path) -> Document:
    """Return the document in a text file; rows keep all the cells that they have.

    Such text went through a conversion, so its tables are not ``regular``: a blank may be an
    empty cell, the rest of a merged one, or nothing. ``lines`` holds each row's line number.
    A table in HTML that says how far its cells reach is regular.
    """
    text = decode(path.read_bytes())
    if text is None:
        raise refusal("extract.encoding.text", file=path.name)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace(_PLACE, "")
    text, tables = _with_places(_without_comments(_without_head(text)))
    _Reader(reading := Reading(), tables).read(with_plain_pipes(text.split("\n")))
    return document_of(path, "text", "text", reading)


def _without_head(text: str) -> str:
    """Return a text with the title of its YAML head as a line, the rest of the head blank."""
    head = _HEAD.match(text)
    if head is None or not re.search(r"^\w+\s*:", head[1], re.MULTILINE):
        return text
    title = re.search(r"^title\s*:\s*[\"']?(.+?)[\"']?\s*$", head[1], re.MULTILINE)
    blank = "\n" * head.group().count("\n")
    return (title[1] if title else "") + blank + text[head.end() :]


def _without_comments(text: str) -> str:
    """Return a text without comments that reach over lines or stand alone; lines keep their number.

    One within a line is left out where that line is read.
    """

    def blank(found: re.Match[str]) -> str:
        lines = found.group().count("\n")
        return "\n" * lines if lines else found.group()

    return _COMMENT.sub(blank, text)


def _with_places(text: str) -> tuple[str, list[str]]:
    """Return a text with a place for each table of HTML on a line of its own, and those tables."""
    tables: list[str] = []
    kept, last = [], 0
    for start, end in _spans(text):
        table = text[start:end]
        kept += [text[last:start], f"{_PLACE}{len(tables)}{_PLACE}", "\n" * table.count("\n")]
        tables.append(table)
        last = end
    return "".join([*kept, text[last:]]), tables


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the outermost tables of HTML begin and end."""
    depth = start = 0
    for tag in _TABLE.finditer(text):
        if not tag[1]:
            start = start if depth else tag.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield start, tag.end()
    if depth and (rows := [m.end() for m in re.finditer("</t[rdh]>", text[start:], re.IGNORECASE)]):
        yield start, start + rows[-1]  # it was cut off


class _Reader:
    """Takes lines one after another: tables as such, all others as lines."""

    def __init__(self, reading: Reading, tables: Sequence[str]) -> None:
        self.reading = reading
        self.tables = tables
        self.left = Unread()

    def read(self, lines: Sequence[str]) -> None:
        """Add all lines and tables to the reading, and note what is left out of them."""
        position = 0
        while position < len(lines):
            pasted = pasted_end(lines, position)
            if pasted > position:
                table = pasted_table(lines, position, pasted, self._seen)
                self.reading.blocks.append(table)
                position = pasted
                continue
            end = piped_end(lines, position)
            start = table_start(lines, position, end)
            for number in range(position, start if end > position else position + 1):
                self._line(lines[number], number + 1)
            if start < end:
                piped = piped_table(lines, start, end, self._seen)
                self.reading.blocks.append(piped.table)
                if piped.repeats:
                    self.reading.add_note("repeated_cells", line=start + 1)
            position = max(end, position + 1)
        self._note_left_out()

    def _seen(self, text: str) -> str:
        return seen(text, self.left)

    def _line(self, line: str, number: int) -> None:
        """Add a line; a table of HTML that has its place in it stands between its parts."""
        for index, part in enumerate(line.split(_PLACE)):
            if index % 2:
                read_tables(self.tables[int(part)], self.reading, seen_in_html)
            elif re.search(r"<table\b", part, re.IGNORECASE):
                self.reading.add_note("table_not_read", text=part[:200], line=number)
            elif bare := self._bare(part):
                self.reading.blocks.append(bare)

    def _bare(self, line: str) -> str:
        line = re.sub(r"^\s{0,3}(?:#{1,6}\s+|>\s?|```.*$|\{\d+\}-{9,}$)", "", line)
        line = _FOOTNOTE.sub(r"[\1] ", line)
        return self._seen(_FRAME.sub(" ", line)).strip()

    def _note_left_out(self) -> None:
        left = self.left
        if left.hidden:
            self.reading.add_note(
                "hidden_text.text", severity=Severity.INFO, text="；".join(left.hidden)[:200],
                count=len(left.hidden),
            )  # fmt: skip
        for text in left.struck[:20]:
            self.reading.add_note("struck_text.text", text=text[:200])
        if left.pictures:
            self.reading.add_note("picture_in_cell.text", count=left.pictures)
