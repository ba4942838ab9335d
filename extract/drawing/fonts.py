"""Fonts of drawn pages: every character has a code, and says which character it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median
from types import MappingProxyType

from extract.drawing.ink import usual_advance
from extract.drawing.pdf_file import PdfFile
from extract.drawing.sfnt import Sfnt

FIRST_CODE, LAST_CODE = 0x8000, 0xFFF0
"""Below them are the codes that readers know as characters of Adobe's Chinese collection."""
NARROWEST, WIDEST = 0.15, 1.25
"""A character's width (in sizes) lies between these; what stands farther apart is spaced."""
_NAMES: Mapping[str, str] = MappingProxyType(
    {"仿": "FangSong", "楷": "KaiTi", "黑": "SimHei", "Kai": "KaiTi", "Hei": "SimHei"}
)

Shown = tuple[str, int]
"""A text and the number of its glyph in the font; 0 in a font that is not in the file."""


class PdfFont:
    """A font as drawn pages use it; ``sfnt`` is the font itself where the file holds it."""

    def __init__(self, name: str, sfnt: Sfnt | None = None) -> None:
        self.name = next((own for sign, own in _NAMES.items() if sign in name), "SimSun")
        self.sfnt = sfnt
        self.codes: dict[Shown, int] = {}
        self._advances: defaultdict[int, list[float]] = defaultdict(list)

    def glyph(self, text: str, given: int | None) -> int:
        """Return the number of a text's glyph, ``given`` or the font's; 0 where it has none."""
        if self.sfnt is None:
            return 0
        if given is not None:
            return given if 0 < given < self.sfnt.count else 0
        return self.sfnt.glyph(text) if len(text) == 1 else 0

    def code(self, text: str, glyph: int, advance: float) -> str:
        """Return the code, in hexadecimal, that stands for a text; ValueError if none is left.

        ``advance`` (in sizes) is how far the next glyph stands: most tell how wide the text is.
        """
        code = self.codes.setdefault((text, glyph), FIRST_CODE + len(self.codes))
        if code > LAST_CODE:
            raise ValueError("more different characters than any script has")
        if NARROWEST <= advance <= WIDEST:
            self._advances[code].append(advance)
        return f"{code:04X}"

    def add_to(self, file: PdfFile) -> int:
        """Write the font; return its object's number."""
        widths = " ".join(f"{c} [{self._width(*shown, c)}]" for shown, c in self.codes.items())
        held = f"/FontFile2 {self._add_file(file)} 0 R " if self.sfnt is not None else ""
        descriptor = file.add(
            f"<< /Type /FontDescriptor /FontName /{self.name} /Flags 4 /FontBBox [0 -120 1000 880] "
            f"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 {held}>>"
        )
        glyphs = f"/CIDToGIDMap {self._add_glyphs(file)} 0 R " if self.sfnt is not None else ""
        own = file.add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{self.name} /CIDSystemInfo "
            f"<< /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> {glyphs}"
            f"/FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] >>"
        )
        meaning = file.add_stream("", "\n".join(self._meaning()).encode("ascii"))
        return file.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{self.name} /Encoding /Identity-H "
            f"/DescendantFonts [{own} 0 R] /ToUnicode {meaning} 0 R >>"
        )

    def _add_file(self, file: PdfFile) -> int:
        data = b"" if self.sfnt is None else self.sfnt.data
        return file.add_stream(f"/Length1 {len(data)}", data)

    def _add_glyphs(self, file: PdfFile) -> int:
        glyphs = b"".join(glyph.to_bytes(2, "big") for _, glyph in self.codes)
        return file.add_stream("", bytes(2 * FIRST_CODE) + glyphs)

    def wide(self, text: str, given: int | None) -> float:
        """Return how wide (in sizes) a text is: as the font has it, or as is usual."""
        own = self.sfnt.width(self.glyph(text, given)) if self.sfnt is not None else 0.0
        return own if NARROWEST <= own <= WIDEST else usual_advance(text)

    def _width(self, text: str, glyph: int, code: int) -> int:
        seen = self._advances.get(code)
        if seen and self.sfnt is None:
            return round(1000 * median(seen))
        return round(1000 * self.wide(text, glyph or None))

    def _meaning(self) -> Iterator[str]:
        yield "/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
        yield "/CMapName /Meaning def /CMapType 2 def"
        yield "1 begincodespacerange <0000> <FFFF> endcodespacerange"
        meanings = list(self.codes.items())
        for first in range(0, len(meanings), 100):
            some = meanings[first : first + 100]
            yield f"{len(some)} beginbfchar"
            for (text, _), code in some:
                yield f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            yield "endbfchar"
        yield "endcmap CMapName currentdict /CMap defineresource pop end end"
