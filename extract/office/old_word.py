"""An old Word file that ends in a table is given the paragraph that has to stand after it.

Word always writes one. LibreOffice, which writes none where a .docx has none, then finds no table
at all in the file that it made. [MS-DOC] names the fields: the text's length and the bounds of the
last piece of text and of the last paragraph, each one character further.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from common.refusal import refusal
from extract.files.ole import directory_of

_NOT_UNDERSTOOD = (struct.error, IndexError, ValueError, StopIteration, AssertionError)
_OF_TODAY = 0x00C1
"""Files of Word 97 and later say at least this (nFib)."""
_ENCRYPTED, _TABLE_IS_ONE = 0x0100, 0x0200
_CELL_MARK, _PARAGRAPH = b"\x07\x00", b"\r\x00"
_FORMULA = re.compile(
    rb"\x13\0(?: \0)*[Ee]\0[Qq]\0 \0|fldinst[\s{}]*(?:\\[a-z]+-?[0-9]*[\s{}]*)*[Ee][Qq]\s"
)
"""How a field's code begins in .doc and in .rtf."""
_PAGE = 512
_RUN = 13  # bytes that a page of paragraphs holds of each beside its bounds
_HEADERS, _PARAGRAPHS, _PIECES = 11, 13, 33  # where the file says its tables of these lie


def end_with_paragraph(path: Path, name: str) -> None:
    """Add a last paragraph to a file whose text ends in a table's cell; ``name`` is said of it.

    Raises ``Refusal`` where that cannot be done: the last table would be lost without a word.
    A file that is not understood is left as it is.
    """
    data = bytearray(path.read_bytes())
    try:
        text = _Text.of(data)
        if text is None or not text.ends_in_cell():
            return
        mended = text.add_paragraph()
    except _NOT_UNDERSTOOD:
        return
    if not mended:
        raise refusal("extract.damaged.doc", file=name)
    path.write_bytes(data)


def lost_formulas(data: bytes) -> int:
    """Count the fields of a .doc or .rtf that are formulas (EQ): LibreOffice shows none of them."""
    return len(_FORMULA.findall(data))


@dataclass(slots=True)
class _Stream:
    """A stream of a compound file, read and written in place."""

    data: bytearray
    sectors: list[int]
    size: int
    sector_size: int

    @classmethod
    def of(cls, data: bytearray, directory: Any, name: str) -> _Stream:
        entry = next(each for each in directory.dirlist if each.name == name)
        if entry.tot_size < directory.min_size_std_stream:
            raise ValueError(name)
        sectors: list[int] = []
        at = entry.first_SID
        while at >= 0 and len(sectors) * directory.sec_size < entry.tot_size:
            sectors.append(at)
            at = directory.SAT[at]
        return cls(data, sectors, entry.tot_size, directory.sec_size)

    def read(self, at: int, count: int) -> bytes:
        return bytes(self.data[self._place(at + each)] for each in range(count))

    def write(self, at: int, content: bytes) -> None:
        for each, byte in enumerate(content):
            self.data[self._place(at + each)] = byte

    def short(self, at: int) -> int:
        return int(struct.unpack("<H", self.read(at, 2))[0])

    def long(self, at: int) -> int:
        return int(struct.unpack("<I", self.read(at, 4))[0])

    def put(self, at: int, number: int) -> None:
        self.write(at, struct.pack("<I", number))

    def _place(self, at: int) -> int:
        if not 0 <= at < self.size:
            raise IndexError(at)
        sector = self.sectors[at // self.sector_size]
        return _PAGE + sector * self.sector_size + at % self.sector_size


@dataclass(slots=True)
class _Text:
    """The main text of a file, one piece of two-byte characters and nothing after it."""

    main: _Stream
    tables: _Stream
    lengths: int
    """Where the lengths of the text and of what follows it stand."""
    places: int
    """Where the places of the file's tables stand."""

    @classmethod
    def of(cls, data: bytearray) -> _Text | None:
        """Return a file's text; None for a file of another make."""
        directory = directory_of(bytes(data))
        if directory is None:
            return None
        main = _Stream.of(data, directory, "WordDocument")
        flags = main.short(10)
        if main.short(2) < _OF_TODAY or flags & _ENCRYPTED:
            return None
        name = "1Table" if flags & _TABLE_IS_ONE else "0Table"
        words = 34 + 2 * main.short(32)
        lengths = words + 2
        places = lengths + 4 * main.short(words) + 2
        return cls(main, _Stream.of(data, directory, name), lengths, places)

    def ends_in_cell(self) -> bool:
        """Say whether the last character of the text is the mark of a cell's or row's end."""
        piece = self._last_piece()
        if piece is None:
            return False
        start, begin = piece
        end = start + 2 * (self.main.long(self.lengths + 12) - begin)
        return self.main.read(end - 2, 2) == _CELL_MARK

    def add_paragraph(self) -> bool:
        """Add a paragraph after the text; say whether there is room for it."""
        notes, headers, *others = (self.main.long(self.lengths + 16 + 4 * at) for at in range(7))
        if notes or any(others):
            return False
        return self._over_headers() if headers else self._after_text()

    def _over_headers(self) -> bool:
        """Put the paragraph where the text of headers and footers begins, which goes."""
        start, begin = self._last_piece() or (0, 0)
        length = self.main.long(self.lengths + 12)
        self.main.write(start + 2 * (length - begin), _PARAGRAPH)
        self.main.put(self.lengths + 12, length + 1)
        self.main.put(self.lengths + 20, 0)
        self.main.put(self.places + 8 * _HEADERS + 4, 0)
        self.tables.put(self._pieces()[0] + 4 * self._pieces()[1], length + 1)
        return True

    def _after_text(self) -> bool:
        end = self.main.long(28)
        table, count = self._table(_PARAGRAPHS, 4)
        page = self.tables.long(table + 4 * (count + 1) + 4 * (count - 1)) * _PAGE
        room = self._page_with_paragraph(page, end)
        if room is None or self.main.read(end, 2) != b"\0\0":
            return False
        length = self.main.long(self.lengths + 12)
        self.main.write(end, _PARAGRAPH)
        self.main.put(28, end + 2)
        self.main.put(self.lengths + 12, length + 1)
        self.tables.put(self._pieces()[0] + 4 * self._pieces()[1], length + 1)
        self.tables.put(table + 4 * count, end + 2)
        self.main.write(page, room)
        return True

    def _page_with_paragraph(self, page: int, end: int) -> bytes | None:
        """Return the last page of paragraphs with one more, of no properties of its own.

        Paragraphs with the same properties share one entry: that makes room.
        """
        old = self.main.read(page, _PAGE)
        runs = old[-1]
        bounds, places = old[: 4 * (runs + 1)], old[4 * (runs + 1) :][: _RUN * runs]
        entries = bytearray()
        shared: dict[bytes, int] = {}
        new = bytearray(bounds + struct.pack("<I", end + 2))
        for each in range(runs):
            place = places[_RUN * each : _RUN * (each + 1)]
            content = _entry(old, 2 * place[0]) if place[0] else b""
            if content and content not in shared:
                entries = bytearray(content) + entries
                shared[content] = len(entries)
            new += bytes([(_PAGE - 2 - shared[content]) // 2 if content else 0]) + place[1:]
        new += bytes(_RUN)
        gap = _PAGE - 2 - len(entries) - len(new)
        if not runs or gap < 0:
            return None
        return bytes(new) + bytes(gap) + bytes(entries) + bytes([0, runs + 1])

    def _last_piece(self) -> tuple[int, int] | None:
        """Return where the text's last piece lies and with which character it begins."""
        first, count = self._pieces()
        place = self.tables.long(first + 4 * (count + 1) + 8 * (count - 1) + 2)
        if place & 0x40000000 or count != 1:
            return None
        return place & 0x3FFFFFFF, self.tables.long(first)

    def _pieces(self) -> tuple[int, int]:
        """Return where the bounds of the pieces of text stand, and how many there are."""
        place = self.main.long(self.places + 8 * _PIECES)
        if self.tables.read(place, 1) != b"\x02":
            raise ValueError("formats before the pieces")
        return place + 5, (self.tables.long(place + 1) - 4) // 12

    def _table(self, number: int, entry: int) -> tuple[int, int]:
        """Return where a table of bounds stands, and how many entries it has."""
        at = self.places + 8 * number
        return self.main.long(at), (self.main.long(at + 4) - 4) // (4 + entry)


def _entry(page: bytes, at: int) -> bytes:
    """Return a paragraph's properties as a page holds them, of an even length."""
    words = page[at]
    size = 2 * words if words else 2 + 2 * page[at + 1]
    if at + size > _PAGE - 1:
        raise ValueError("properties beyond their page")
    return page[at : at + size]
