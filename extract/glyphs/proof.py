"""A sheet on which single glyphs of a document's fonts are drawn, apart from its pages.

The fonts are copied as they are into a small PDF of its own, without what they say of characters;
it is then drawn by pdfium, as any reader of PDF draws them.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral

from extract.glyphs.shapes import INK, PAPER, GlyphShape, shape_of

CELL, LEFT, BELOW, SIZE = 72, 16, 24, 40
"""Each glyph has a square of so many points, and stands in it so far from the left and the foot."""
ACROSS = 16
MOST_OBJECTS, MOST_BYTES, DEEPEST = 5_000, 96 * 2**20, 60
"""A font of more parts or bytes is not drawn; a Chinese font takes up to 20 MB."""
_LEFT_OUT = frozenset(("ToUnicode", "Metadata", "StructParent", "Filter", "DecodeParms", "Length"))
_SAFE = frozenset(string.ascii_letters + string.digits + "+-_.,")
_INKED = b"".join(INK if grey < 140 else PAPER for grey in range(256))


@dataclass(frozen=True, slots=True)
class Ask:
    """One glyph to draw: its font's dictionary (key: ``font``), and its number in it."""

    font: int
    spec: Mapping[str, object]
    number: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a glyph came out: blank, or its shape; neither where it does not fit its square."""

    blank: bool
    shape: GlyphShape | None


class FontTooLargeError(ValueError):
    """A font holds more than any does."""


def draw(asked: Sequence[Ask]) -> list[Drawn]:
    """Return how glyphs look, in the order asked for."""
    import pypdfium2

    document = pypdfium2.PdfDocument(_sheet(asked))
    try:
        picture = document[0].render(scale=1, grayscale=True, fill_color=(255, 255, 255, 255))
        rows = _rows(bytes(picture.buffer), picture.stride, picture.height)
    finally:
        document.close()
    return [_drawn(rows, *divmod(index, ACROSS)) for index in range(len(asked))]


def _rows(grey: bytes, stride: int, height: int) -> list[bytes]:
    inked = grey.translate(_INKED)
    return [inked[stride * row : stride * (row + 1)] for row in range(height)]


def _drawn(rows: Sequence[bytes], down: int, across: int) -> Drawn:
    left = CELL * across
    cell = [row[left : left + CELL] for row in rows[CELL * down : CELL * (down + 1)]]
    return Drawn(INK not in b"".join(cell), shape_of(cell, SIZE, CELL - BELOW))


def _sheet(asked: Sequence[Ask]) -> bytes:
    """Write the PDF whose only page draws the glyphs, row by row from the top left."""
    down = -(-len(asked) // ACROSS)
    width, height = min(len(asked), ACROSS) * CELL, down * CELL
    out = _Writer()
    fonts = {ask.font: ask.spec for ask in asked}
    names = {font: f"F{index}" for index, font in enumerate(fonts)}
    held = {
        names[font]: out.add(_drawable(spec, _numbers(asked, font))) for font, spec in fonts.items()
    }
    program = out.stream({}, "\n".join(_program(asked, names, height)).encode("ascii"))
    page = {
        "Type": _Name("Page"),
        "MediaBox": [0, 0, width, height],
        "Contents": program,
        "Resources": {"Font": held},
    }
    return out.finish(page)


def _program(asked: Iterable[Ask], names: Mapping[int, str], height: int) -> Iterable[str]:
    for index, ask in enumerate(asked):
        down, across = divmod(index, ACROSS)
        x, y = across * CELL + LEFT, height - (down + 1) * CELL + BELOW
        code = f"{ask.number:04X}" if _is_composite(ask.spec) else f"{ask.number:02X}"
        yield f"BT /{names[ask.font]} {SIZE} Tf 1 0 0 1 {x} {y} Tm <{code}> Tj ET"


def _numbers(asked: Iterable[Ask], font: int) -> set[int]:
    return {ask.number for ask in asked if ask.font == font}


def _is_composite(spec: Mapping[str, object]) -> bool:
    return _name(spec.get("Subtype")) == "Type0"


def _drawable(spec: Mapping[str, object], numbers: set[int]) -> dict[str, object]:
    """Return a font's dictionary with glyphs' numbers for codes; of a Type 3 font, a part."""
    if _is_composite(spec):
        return {**spec, "Encoding": _Name("Identity-H")}
    if _name(spec.get("Subtype")) == "Type3":
        return {**spec, "CharProcs": _procedures(spec, numbers)}
    return dict(spec)


def _procedures(spec: Mapping[str, object], numbers: set[int]) -> dict[str, object]:
    """Return the procedures of some glyphs of a Type 3 font."""
    named: dict[int, str] = {}
    code = 0
    for entry in resolve1((resolve1(spec.get("Encoding")) or {}).get("Differences")) or ():
        value = resolve1(entry)
        if isinstance(value, int):
            code = value
        else:
            named[code] = _name(value)
            code += 1
    procedures = resolve1(spec.get("CharProcs")) or {}
    wanted = {named[number] for number in numbers if number in named}
    return {name: each for name, each in procedures.items() if name in wanted}


def _name(value: object) -> str:
    found = resolve1(value)
    return str(found.name) if isinstance(found, PSLiteral) else ""


class _Name(str):
    """A name that is written with a slash."""

    __slots__ = ()


@dataclass(slots=True)
class _Writer:
    """Objects of a PDF in the making, numbered from 3 on; what is referred to twice is one."""

    objects: list[bytes] = field(default_factory=list)
    known: dict[int, _Reference] = field(default_factory=dict)
    written: int = 0

    def add(self, value: object, depth: int = 0) -> _Reference:
        place = self._place()
        self._keep(place, self._text(value, depth))
        return place

    def stream(self, entries: Mapping[str, object], data: bytes, depth: int = 0) -> _Reference:
        place = self._place()
        self._fill(place, entries, data, depth)
        return place

    def finish(self, page: Mapping[str, object]) -> bytes:
        leaf = self.add({**page, "Parent": _Reference(2)})
        head = (
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Count 1/Kids[%d 0 R]>>" % leaf.number,
        )
        out = bytearray(b"%PDF-1.7\n")
        starts = []
        for number, body in enumerate((*head, *self.objects), 1):
            starts.append(len(out))
            out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
        table = len(out)
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(starts) + 1)
        out += b"".join(b"%010d 00000 n \n" % start for start in starts)
        out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(starts) + 1, table)
        return bytes(out)

    def _place(self) -> _Reference:
        if len(self.objects) >= MOST_OBJECTS:
            raise FontTooLargeError
        self.objects.append(b"")
        return _Reference(len(self.objects) + 2)

    def _keep(self, place: _Reference, body: bytes) -> None:
        self.written += len(body)
        if self.written > MOST_BYTES:
            raise FontTooLargeError
        self.objects[place.number - 3] = body

    def _fill(
        self, place: _Reference, entries: Mapping[str, object], data: bytes, depth: int
    ) -> None:
        head = {key: value for key, value in entries.items() if key not in _LEFT_OUT}
        body = self._text({**head, "Length": len(data)}, depth + 1)
        self._keep(place, body + b"\nstream\n" + data + b"\nendstream")

    def _text(self, value: object, depth: int) -> bytes:
        if depth > DEEPEST:
            raise FontTooLargeError
        if isinstance(value, PDFObjRef):
            return self._referred(value, depth)
        if isinstance(value, Mapping):
            return self._dictionary(value, depth)
        if isinstance(value, (list, tuple)):
            return b"[" + b" ".join(self._text(item, depth + 1) for item in value) + b"]"
        if isinstance(value, PDFStream):
            return self.stream(value.attrs, value.get_data(), depth).written()
        return _plain(value)

    def _dictionary(self, value: Mapping[str, object], depth: int) -> bytes:
        entries = (
            _plain(_Name(key)) + b" " + self._text(item, depth + 1)
            for key, item in value.items()
            if key not in _LEFT_OUT - {"Length"}
        )
        return b"<<" + b"\n".join(entries) + b">>"

    def _referred(self, value: PDFObjRef, depth: int) -> bytes:
        known = self.known.get(value.objid)
        if known is None:
            known = self.known[value.objid] = self._place()
            target = resolve1(value)
            if isinstance(target, PDFStream):
                self._fill(known, target.attrs, target.get_data(), depth)
            else:
                self._keep(known, self._text(target, depth + 1))
        return known.written()


@dataclass(frozen=True, slots=True)
class _Reference:
    number: int

    def written(self) -> bytes:
        return b"%d 0 R" % self.number


def _plain(value: object) -> bytes:
    """Write a value that holds no other."""
    if isinstance(value, _Reference):
        return value.written()
    if isinstance(value, (PSLiteral, _Name)):
        return _written_name(value.name if isinstance(value, PSLiteral) else str(value))
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, float):
        return b"%.6f" % value
    return b"<" + value.hex().encode("ascii") + b">" if isinstance(value, bytes) else b"null"


@lru_cache(maxsize=4096)
def _written_name(name: str | bytes) -> bytes:
    raw = name if isinstance(name, bytes) else name.encode("utf-8", "surrogateescape")
    return b"/" + b"".join(b"%c" % each if chr(each) in _SAFE else b"#%02X" % each for each in raw)
