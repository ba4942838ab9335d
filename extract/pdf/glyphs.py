"""What the glyphs of a document's fonts claim to be, held against how they look.

The text of a PDF is what its fonts say that their glyphs are. Each glyph that claims to be a digit,
a sign or a numeral, or that is no Chinese character, is drawn once. Where a font is not in the
file, any reader draws the character that the text's encoding names: that is held against the claim.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pdfminer.cmapdb import CMapDB
from pdfminer.pdffont import (
    PDFCIDFont,
    PDFType3Font,
    PDFUnicodeNotDefined,
)

from extract.glyphs.known import Likeness, class_of, is_han, is_judged, judge
from extract.glyphs.proof import Ask, Drawn, draw
from extract.glyphs.shapes import GlyphShape
from extract.page.page import UNREADABLE, Flaw
from extract.pdf.program.damage import DAMAGE
from extract.pdf.program.fonts import KeptFonts

FIRST_HAN = "\u2e80"
NARROW = 0.8
"""A Chinese character is at least so wide, in parts of the font's size."""
MOST_DRAWN = 3_000
"""Most glyphs of a document that are drawn."""
ALIKE = 0.02
"""Glyphs of one font that are one character, drawn twice, differ by no more."""
MOST_AHEAD = 256
"""No more glyphs of a document are drawn before a page shows them."""
SIMPLE_CODES = 256
"""Numbers of glyphs in a simple font, whose codes are bytes."""
_SUBSET = re.compile(r"[A-Z]{6}\+")
FONT_FILES = ("FontFile", "FontFile2", "FontFile3")
_SEVERAL = re.compile(r"[0-9０-９.,％%<>=≤≥＋+−-]{2,}")

Glyph = tuple[int, int]
"""A font's key and a glyph's number in it."""


@dataclass(slots=True)
class GlyphBook:
    """What each glyph of a document is read as, and which are in doubt.

    ``told`` holds those read as something else than they claim, ``proved`` those whose claim holds
    by their picture or by the text's encoding.
    """

    fonts: KeptFonts
    claims: dict[Glyph, str] = field(default_factory=dict)
    told: dict[Glyph, str] = field(default_factory=dict)
    doubted: dict[Glyph, None] = field(default_factory=dict)
    proved: set[Glyph] = field(default_factory=set)
    waiting: dict[Glyph, None] = field(default_factory=dict)
    settled: dict[Glyph, None] = field(default_factory=dict)
    shapes: dict[Glyph, GlyphShape] = field(default_factory=dict)
    pages: dict[int, FontGlyphs] = field(default_factory=dict)
    drawn: dict[Glyph, Drawn] = field(default_factory=dict)

    def of(self, font: Any) -> FontGlyphs:
        """Return what is known of a font's glyphs by their numbers, to be asked many times."""
        known = self.pages.get(id(font))
        if known is None:
            known = self.pages[id(font)] = FontGlyphs(self, font)
        return known

    def read(self, font: Any, number: int) -> tuple[str, bool]:
        """Return the text of a glyph, and whether it is in doubt."""
        glyph = id(font), number
        claim = self.claims.get(glyph)
        if claim is None:
            claim = self.claims[glyph] = claim_of(font, number)
        return self.told.get(glyph, claim), glyph in self.doubted

    def see(self, font: Any, number: int) -> None:
        """Note that a glyph is seen on a page."""
        self.waiting[id(font), number] = None

    def settle(self) -> bool:
        """Likeness at the glyphs seen lately; tell whether one is not to be read as it was."""
        new = [glyph for glyph in self.waiting if glyph not in self.settled]
        self.waiting.clear()
        before = len(self.doubted)
        if new:
            self._settle(new)
        if len(self.doubted) == before:
            return False
        self.pages.clear()
        return True

    def _settle(self, new: Sequence[Glyph]) -> None:
        self.settled.update(dict.fromkeys(new))
        asked = [glyph for glyph in new if self._is_asked(glyph)]
        in_file = [glyph for glyph in asked if self._is_in_file(glyph)]
        for glyph, drawn in self._drawn(in_file[: max(0, MOST_DRAWN - len(self.proved))]):
            self._hold_against_picture(glyph, drawn)
        for glyph in (each for each in asked if not self._is_in_file(each)):
            self._hold_against_encoding(glyph)
        self._doubt_several(new)
        self._doubt_doubles(new)

    def said(self) -> list[tuple[str, str]]:
        """Return the claim and the reading of each glyph in doubt."""
        return [(self.claims[glyph], self.told.get(glyph, "")) for glyph in self.doubted]

    def _is_asked(self, glyph: Glyph) -> bool:
        """Tell whether a glyph claims a character of numbers, or may be one by its width."""
        claim = self.claims[glyph]
        if claim == UNREADABLE:
            return False
        font = self._font(glyph)
        return is_judged(claim) or claim < FIRST_HAN or _width(font, glyph[1]) < NARROW

    def _font(self, glyph: Glyph) -> Any:
        return self.fonts.specs[glyph[0]][0]

    def _is_in_file(self, glyph: Glyph) -> bool:
        font = self._font(glyph)
        held = font.descriptor or {}
        return isinstance(font, PDFType3Font) or any(name in held for name in FONT_FILES)

    def _drawn(self, glyphs: Sequence[Glyph]) -> Iterator[tuple[Glyph, Drawn]]:
        """Draw glyphs; those of a font that cannot be drawn are left out."""
        missing = [glyph for glyph in glyphs if glyph not in self.drawn]
        by_font: dict[int, list[Glyph]] = {}
        for glyph in missing:
            by_font.setdefault(glyph[0], []).append(glyph)
        ahead = islice(self._ahead(by_font), max(0, MOST_AHEAD - len(self.drawn)))
        if missing and not self._draw([*missing, *ahead]):
            for members in by_font.values():
                self._draw(members)
        yield from ((glyph, self.drawn[glyph]) for glyph in glyphs if glyph in self.drawn)

    def _draw(self, glyphs: Sequence[Glyph]) -> bool:
        """Draw glyphs on one sheet; tell whether that could be done."""
        try:
            drawn = draw([self._ask(glyph) for glyph in glyphs])
        except DAMAGE:
            return False
        self.drawn.update(zip(glyphs, drawn, strict=True))
        return True

    def _ahead(self, fonts: Iterable[int]) -> Iterator[Glyph]:
        """Yield what later pages will ask of fonts that hold only what the document shows.

        A sheet takes a millisecond, however few glyphs are on it.
        """
        for key in fonts:
            font = self.fonts.specs[key][0]
            if not _SUBSET.match(str(getattr(font, "fontname", ""))):
                continue
            for number in getattr(getattr(font, "unicode_map", None), "cid2unichr", ()):
                coded = number < SIMPLE_CODES or isinstance(font, PDFCIDFont)
                if coded and (key, number) not in self.settled:
                    self.read(font, number)
                    if self._is_asked((key, number)):
                        yield key, number

    def _ask(self, glyph: Glyph) -> Ask:
        return Ask(glyph[0], self.fonts.specs[glyph[0]][1], glyph[1])

    def _hold_against_picture(self, glyph: Glyph, drawn: Drawn) -> None:
        claim = self.claims[glyph]
        if drawn.shape is None:
            if drawn.blank and is_judged(claim):
                self.doubted[glyph] = None
            return
        self.shapes[glyph] = drawn.shape
        verdict = judge(claim, drawn.shape)
        if verdict.look is Likeness.FITS:
            self.proved.add(glyph)
        else:
            self._doubt(glyph, verdict.text)

    def _hold_against_encoding(self, glyph: Glyph) -> None:
        claim, encoded = self.claims[glyph], _encoded(self._font(glyph), glyph[1])
        if encoded is None:
            return
        if class_of(claim) == class_of(encoded) or not (is_judged(claim) or is_judged(encoded)):
            self.proved.add(glyph)
        else:
            self._doubt(glyph, encoded)

    def _doubt(self, glyph: Glyph, text: str) -> None:
        self.doubted[glyph] = None
        if text != self.claims[glyph]:
            self.told[glyph] = text

    def _doubt_several(self, new: Sequence[Glyph]) -> None:
        """Doubt glyphs that claim several characters of numbers at once."""
        for glyph in new:
            if _SEVERAL.fullmatch(self.claims[glyph]):
                self.doubted[glyph] = None

    def _doubt_doubles(self, new: Sequence[Glyph]) -> None:
        """Doubt glyphs of a font that share a claim, unless pictures or codes have proved it."""
        for glyphs in self._sharing(new):
            if len(glyphs) > 1:
                differ = self._look_different(glyphs)
                doubted = (g for g in glyphs if differ or g not in self.proved)
                self.doubted.update(dict.fromkeys(doubted))

    def _sharing(self, new: Sequence[Glyph]) -> Iterable[list[Glyph]]:
        """Return the glyphs of one font and claim, for each claim of the new ones."""
        claimed = {(glyph[0], self.claims[glyph]) for glyph in new if is_judged(self.claims[glyph])}
        sharing: defaultdict[tuple[int, str], list[Glyph]] = defaultdict(list)
        for glyph in self.settled if claimed else ():
            claim = glyph[0], self.claims[glyph]
            if claim in claimed and glyph not in self.told:
                sharing[claim].append(glyph)
        return sharing.values()

    def _look_different(self, glyphs: Sequence[Glyph]) -> bool:
        """Tell whether glyphs of one font that claim one numeral do not look like one."""
        if not is_han(self.claims[glyphs[0]]):
            return False  # digits have narrow and small forms
        shapes = [self.shapes[each] for each in glyphs if each in self.shapes]
        return any(shapes[0].distance(each) > ALIKE for each in shapes[1:])


class FontGlyphs(dict[int, tuple[str, Flaw | None, float]]):
    """The text of a font's glyphs, its flaw, and how far each moves the pen at size 1."""

    def __init__(self, book: GlyphBook, font: Any) -> None:
        super().__init__()
        self._book = book
        self._font = font
        self._seen: set[int] = set()

    def __missing__(self, number: int) -> tuple[str, Flaw | None, float]:
        text, doubted = self._book.read(self._font, number)
        found = text, Flaw.GLYPH if doubted else None, self._font.char_width(number)
        self[number] = found
        return found

    def see(self, numbers: Sequence[int]) -> None:
        """Note that glyphs are seen on a page."""
        if not self._seen.issuperset(numbers):
            self._seen.update(numbers)
            for number in numbers:
                self._book.see(self._font, number)


def claim_of(font: Any, number: int) -> str:
    """Return the text that a glyph of a font claims to be; UNREADABLE where it claims none."""
    try:
        return str(font.to_unichr(number))
    except PDFUnicodeNotDefined:
        return UNREADABLE


def _width(font: Any, number: int) -> float:
    return abs(float(font.char_width(number)))


def _encoded(font: Any, number: int) -> str | None:
    """Return the character that a glyph's code stands for in an encoding that all readers know."""
    if not isinstance(font, PDFCIDFont):
        return font.cid2unicode.get(number)  # type: ignore[no-any-return]
    try:
        known = CMapDB.get_unicode_map(font.cidcoding, font.vertical)
        return str(known.get_unichr(number))
    except (CMapDB.CMapNotFound, KeyError):
        return None
