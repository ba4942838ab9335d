"""Fonts of the redrawn pages: every character has a code, and says which character it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from statistics import median
from types import MappingProxyType

from extract.drawing.ink import usual_advance
from extract.drawing.pdf_file import PdfFile

FIRST_CODE, LAST_CODE = 0x8000, 0xFFF0
NARROWEST, WIDEST = 0.15, 1.25
"""A character's width (in sizes) lies between these; what stands farther apart is spaced."""
_NAMES: Mapping[str, str] = MappingProxyType(
    {"仿": "FangSong", "楷": "KaiTi", "黑": "SimHei", "Kai": "KaiTi", "Hei": "SimHei"}
)


class PdfFont:
    """A font as the redrawn pages use it."""

    def __init__(self, name: str) -> None:
        self.name = next((own for sign, own in _NAMES.items() if sign in name), "SimSun")
        self.codes: dict[str, int] = {}
        self._advances: defaultdict[int, list[float]] = defaultdict(list)

    def code(self, text: str, advance: float) -> str:
        """Return the code, in hexadecimal, that stands for a text; ValueError if none is left.

        ``advance`` (in sizes) is how far the next glyph stands: most tell how wide the text is.
        """
        code = self.codes.setdefault(text, FIRST_CODE + len(self.codes))
        if code > LAST_CODE:
            raise ValueError("more different characters than any script has")
        if NARROWEST <= advance <= WIDEST:
            self._advances[code].append(advance)
        return f"{code:04X}"

    def add_to(self, file: PdfFile) -> int:
        """Write the font; return its object's number."""
        widths = " ".join(
            f"{code} [{self._width(text, code)}]" for text, code in self.codes.items()
        )
        descriptor = file.add(
            f"<< /Type /FontDescriptor /FontName /{self.name} /Flags 4 /FontBBox [0 -120 1000 880] "
            "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>"
        )
        own = file.add(
            f"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{self.name} /CIDSystemInfo "
            "<< /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> "
            f"/FontDescriptor {descriptor} 0 R /DW 1000 /W [{widths}] >>"
        )
        meaning = file.add_stream("", "\n".join(self._meaning()).encode("ascii"))
        return file.add(
            f"<< /Type /Font /Subtype /Type0 /BaseFont /{self.name} /Encoding /Identity-H "
            f"/DescendantFonts [{own} 0 R] /ToUnicode {meaning} 0 R >>"
        )

    def _width(self, text: str, code: int) -> int:
        seen = self._advances.get(code)
        return round(1000 * (median(seen) if seen else usual_advance(text)))

    def _meaning(self) -> Iterator[str]:
        yield "/CIDInit /ProcSet findresource begin 12 dict begin begincmap"
        yield "/CMapName /Meaning def /CMapType 2 def"
        yield "1 begincodespacerange <0000> <FFFF> endcodespacerange"
        meanings = list(self.codes.items())
        for first in range(0, len(meanings), 100):
            some = meanings[first : first + 100]
            yield f"{len(some)} beginbfchar"
            for text, code in some:
                yield f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            yield "endbfchar"
        yield "endcmap CMapName currentdict /CMap defineresource pop end end"
