"""What a workbook of the old form holds beside its cells: drawn shapes and conditional formats.

Records as in [MS-XLS] and, within drawings, [MS-ODRAW]; the library that reads the cells skips
them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from extract.files.ole import stream_of
from extract.office.sheets.overlays import CellOverlay
from extract.office.sheets.sheet import Range

BOOKS = ("workbook", "book")
"""Under which names an OLE file keeps its workbook; the second is of an older form."""
_BOUND_SHEET, _BOF, _EOF, _CONTINUE = 0x85, 0x809, 0x0A, 0x3C
_DRAWING, _OBJECT, _TEXT, _CONDITIONS, _CONDITIONS_12 = 0xEC, 0x5D, 0x1B6, 0x1B0, 0x879
_ANCHOR, _SHAPE, _OPTIONS, _TERTIARY = 0xF010, 0xF00A, 0xF00B, 0xF122
_CONTAINER = 0xF  # the version of a record that holds others
_GROUP_FLAGS, _HIDDEN, _HIDDEN_IS_SET = 0x3BF, 0x2, 0x20000
_LINE_SHAPES = frozenset({20, 32, 33, 34})
_PICTURE_FRAME = 75
_LINE, _CHART, _PICTURE, _COMBO, _COMMENT = 1, 5, 8, 20, 25
_MOST, _MOST_RECORDS, _DEEPEST = 500, 5_000_000, 8
_WIDE, _HIGH = 1024, 256  # parts of a column and a row in which edges are stated


@dataclass(slots=True)
class SheetExtras:
    """What a sheet holds beside its cells; ``conditional``: ranges with conditional formats."""

    overlays: list[CellOverlay] = field(default_factory=list)
    conditional: list[Range] = field(default_factory=list)


@dataclass(slots=True)
class _Shape:
    """The last shape of a drawing: its edges, its form, and whether it is shown."""

    edges: tuple[float, float, float, float] | None = None
    form: int = 0
    hidden: bool = False


def beside_cells(data: bytes) -> list[SheetExtras]:
    """Return what each sheet of a workbook holds beside its cells; nothing where it is damaged."""
    book = stream_of(data, BOOKS[:1])
    if book is None:
        return []
    starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(book, 0)
              if kind == _BOUND_SHEET and len(body) >= 4]  # fmt: skip
    return [_sheet(book, start) for start in starts]


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of the records from ``start`` to the end of what begins there."""
    depth = 0
    for _ in range(_MOST_RECORDS):
        if start + 4 > len(book):
            return
        kind, length = struct.unpack_from("<HH", book, start)
        yield kind, book[start + 4 : start + 4 + length]
        depth += (kind == _BOF) - (kind == _EOF)
        if depth <= 0:
            return
        start += 4 + length


def _sheet(book: bytes, start: int) -> SheetExtras:
    found, shape, last, depth = SheetExtras(), _Shape(), 0, 0
    for kind, body in _records(book, start):
        depth += (kind == _BOF) - (kind == _EOF)
        if depth != 1:  # charts have records of their own
            continue
        if kind == _DRAWING:
            shape = _shape(body, _Shape())
        elif kind == _OBJECT and len(found.overlays) < _MOST:
            _add(found, shape, body)
        elif kind == _CONTINUE and last == _TEXT:
            _add_text(found, body)
        elif kind in (_CONDITIONS, _CONDITIONS_12):
            found.conditional += _ranges(body, 0 if kind == _CONDITIONS else 12)
        last = kind
    return found


def _shape(data: bytes, shape: _Shape, depth: int = 0) -> _Shape:
    """Read the last shape in the records of a drawing."""
    at = 0
    while at + 8 <= len(data) and depth < _DEEPEST:
        head, kind, length = struct.unpack_from("<HHI", data, at)
        body = data[at + 8 : at + 8 + length]
        if head & _CONTAINER == _CONTAINER:
            _shape(body, shape, depth + 1)
        elif kind == _SHAPE:
            shape.edges, shape.form, shape.hidden = None, head >> 4, False
        elif kind == _ANCHOR and len(body) >= 18:
            shape.edges = _edges(struct.unpack_from("<8H", body, 2))
        elif kind in (_OPTIONS, _TERTIARY):
            shape.hidden |= _is_hidden(body, head >> 4)
        at += 8 + length
    return shape


def _edges(said: tuple[int, ...]) -> tuple[float, float, float, float]:
    left, dx, top, dy, right, wide, bottom, high = said
    return (
        left + min(dx / _WIDE, 1.0), top + min(dy / _HIGH, 1.0),
        right + min(wide / _WIDE, 1.0), bottom + min(high / _HIGH, 1.0),
    )  # fmt: skip


def _is_hidden(body: bytes, count: int) -> bool:
    for number in range(min(count, len(body) // 6)):
        name, value = struct.unpack_from("<HI", body, 6 * number)
        if name == _GROUP_FLAGS:
            return bool(value & _HIDDEN) and bool(value & _HIDDEN_IS_SET)
    return False


def _add(found: SheetExtras, shape: _Shape, body: bytes) -> None:
    """Keep a shape by the record of its object; comments and arrows of filters are not shown."""
    kind = struct.unpack_from("<H", body, 4)[0] if len(body) >= 6 else _COMMENT
    if kind in (_COMMENT, _COMBO) or shape.hidden or shape.edges is None:
        return
    if kind in (_PICTURE, _CHART) or shape.form == _PICTURE_FRAME:
        name = "picture"
    else:
        name = "line" if kind == _LINE or shape.form in _LINE_SHAPES else "shape"
    found.overlays.append(CellOverlay(*shape.edges, name))
    shape.edges = None


def _add_text(found: SheetExtras, body: bytes) -> None:
    """Give the last shape the text that follows it."""
    wide = body[:1] == b"\x01"
    text = body[1:].decode("utf-16-le" if wide else "latin-1", errors="replace").strip()
    if found.overlays and text:
        found.overlays[-1] = replace(found.overlays[-1], kind="text", text=text)


def _ranges(body: bytes, at: int) -> list[Range]:
    """Return the ranges that a record of conditional formats is about."""
    if len(body) < at + 14:
        return []
    count = struct.unpack_from("<H", body, at + 12)[0]
    places = range(at + 14, min(at + 14 + 8 * count, len(body) - 7), 8)
    found = (struct.unpack_from("<4H", body, place) for place in places)
    return [(top + 1, left + 1, bottom + 1, right + 1) for top, bottom, left, right in found]
