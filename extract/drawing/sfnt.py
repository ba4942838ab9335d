"""A font in a file (TrueType, OpenType): which glyph stands for a character, and how wide it is."""

from __future__ import annotations

import struct
from dataclasses import dataclass

KINDS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
MOST_TABLES = 64
MOST_SEGMENTS = 100_000
_SYMBOLS = 0xF000
"""Fonts of symbols have their characters from here on."""
_BEST = {(3, 10): 5, (0, 6): 4, (0, 4): 4, (3, 1): 3, (0, 3): 2, (0, 1): 1, (0, 0): 1, (3, 0): 0}


@dataclass(frozen=True, slots=True)
class Sfnt:
    """A font's bytes and what is asked of it.

    ``segments`` are first and last character, the first glyph, and whether each character has the
    glyph itself (False: the next one after the one before); ``widths`` are in parts of the size.
    """

    data: bytes
    count: int
    segments: tuple[tuple[int, int, int], ...]
    listed: dict[int, int]
    widths: tuple[float, ...]

    def glyph(self, character: str) -> int:
        """Return the number of a character's glyph; 0 where the font has none."""
        code = ord(character)
        for asked in (code, code + _SYMBOLS) if code < 256 else (code,):
            if (found := self.listed.get(asked, 0)) or (found := self._in_segments(asked)):
                return found if found < self.count else 0
        return 0

    def _in_segments(self, code: int) -> int:
        return next(
            (glyph + code - first for first, last, glyph in self.segments if first <= code <= last),
            0,
        )

    def width(self, glyph: int) -> float:
        """Return how wide a glyph is, in parts of the size; 0.0 where the font does not say."""
        return self.widths[min(glyph, len(self.widths) - 1)] if self.widths else 0.0


def read_font(data: bytes) -> Sfnt | None:
    """Return a font; None for bytes that are none, or one that is broken."""
    try:
        return _read(data) if data[:4] in KINDS else None
    except (struct.error, IndexError, ZeroDivisionError, KeyError):
        return None


def _read(data: bytes) -> Sfnt:
    tables = {}
    for number in range(min(_u16(data, 4), MOST_TABLES)):
        tag, _, start, length = struct.unpack_from(">4sLLL", data, 12 + 16 * number)
        tables[tag] = data[start : start + length]
    em, count = _u16(tables[b"head"], 18), _u16(tables[b"maxp"], 4)
    full = min(_u16(tables[b"hhea"], 34), count)
    widths = tuple(_u16(tables[b"hmtx"], 4 * glyph) / em for glyph in range(full))
    segments, listed = _characters(tables.get(b"cmap", b""))
    return Sfnt(data, count, tuple(segments), listed, widths)


def _characters(cmap: bytes) -> tuple[list[tuple[int, int, int]], dict[int, int]]:
    """Return the characters of the best of a font's lists that can be read."""
    offered = []
    for number in range(min(_u16(cmap, 2), MOST_TABLES) if cmap else 0):
        platform, encoding, start = struct.unpack_from(">HHL", cmap, 4 + 8 * number)
        offered.append((_BEST.get((platform, encoding), -1), start))
    for rank, start in sorted(offered, reverse=True):
        kind = _u16(cmap, start)
        if rank >= 0 and kind == 12:
            return _ranges(cmap, start), {}
        if rank >= 0 and kind == 4:
            return _deltas(cmap, start)
    return [], {}


def _ranges(cmap: bytes, start: int) -> list[tuple[int, int, int]]:
    (count,) = struct.unpack_from(">L", cmap, start + 12)
    each = range(min(count, MOST_SEGMENTS))
    return [struct.unpack_from(">LLL", cmap, start + 16 + 12 * number) for number in each]


def _deltas(cmap: bytes, start: int) -> tuple[list[tuple[int, int, int]], dict[int, int]]:
    """Return the segments of a list of format 4, and the characters whose glyphs are listed."""
    count = _u16(cmap, start + 6) // 2
    ends = start + 14
    firsts, deltas, offsets = (ends + 2 + 2 * count * part for part in (1, 2, 3))
    segments: list[tuple[int, int, int]] = []
    listed: dict[int, int] = {}
    for number in range(count):
        first, last = _u16(cmap, firsts + 2 * number), _u16(cmap, ends + 2 * number)
        delta, at = _u16(cmap, deltas + 2 * number), offsets + 2 * number
        if (offset := _u16(cmap, at)) == 0:
            segments.extend(_wrapped(first, last, delta))
            continue
        for code in range(first, last + 1):
            place = at + offset + 2 * (code - first)
            glyph = _u16(cmap, place) if place + 2 <= len(cmap) else 0
            if glyph:
                listed[code] = (glyph + delta) & 0xFFFF
    return segments, listed


def _wrapped(first: int, last: int, delta: int) -> list[tuple[int, int, int]]:
    """Return a segment whose glyphs are counted round at 65,536."""
    over = 0x10000 - delta
    if first < over <= last:
        return [(first, over - 1, first + delta), (over, last, 0)]
    return [(first, last, (first + delta) & 0xFFFF)]


def _u16(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big") if at + 2 <= len(data) else _broken(at)


def _broken(at: int) -> int:
    raise IndexError(at)
