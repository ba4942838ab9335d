"""Supplies page records from a PDF by pdfplumber (and the pdfminer inside it).

Everything that knows pdfplumber or pdfminer is here and in :mod:`extract.pdf.device`; another
supplier only has to offer the same :func:`open_pdf`.

A glance at a page's program, without running it, shows whether it has rules and large pictures.
"""

from __future__ import annotations

import gc
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFXRefFallback
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1, stream_value

from common.refusal import Refusal, refusal
from extract.notes import reader_note
from extract.page.layers import cuts_table
from extract.page.page import Char, Flaw, PageRecord, Rule
from extract.page.paths import Rect
from extract.page.repeats import part_repeats
from extract.pdf.annotations import annotations_of
from extract.pdf.clip import ClipInterpreter
from extract.pdf.device import PageTooHeavyError, SeenDevice
from extract.pdf.glyphs import GlyphBook
from extract.pdf.optional import OptionalLayers
from extract.pdf.program.damage import DAMAGE
from extract.pdf.program.fonts import KeptFonts, QuickFonts
from extract.pdf.runner import QuickDevice, QuickInterpreter
from schemas.records.document import ReaderNote
from schemas.records.source import Supplier
from schemas.vocabulary import Severity

ENOUGH = 4
"""The smallest grid of two cells takes at least this many lines or boxes."""
DEEPEST = 3
"""Forms inside forms are followed to this depth."""
LARGE = 500_000
"""A scanned page has more pixels than this, at 72 dots an inch already; emblems have fewer."""
EDGE = 1.0
SELDOM = 50_000
MOST_NAMED = 20
"""Most glyphs that a note names."""
_DRAWN = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
_DRAWING = re.compile(rb"[\d.]\s+(?:re|l)\s")
_PICTURES = re.compile(rb"\sID\s|\sDo\s")
MANY_PICTURES = 20
"""Printer drivers that draw rules as pictures use many."""


def draws_rules(contents: Any, resources: Any) -> bool:
    """Tell whether a page's programs, or the forms they draw, have rules or many pictures."""
    lines = pictures = 0
    for program in _programs(list_value(contents), resources, 0):
        lines += len(_DRAWING.findall(program))
        pictures += len(_PICTURES.findall(program))
        if lines >= ENOUGH or pictures >= MANY_PICTURES:
            return True
    return False


def draws_large_picture(contents: Any, resources: Any) -> bool:
    """Tell whether the pictures that a page's programs draw have as many pixels as a scan."""
    return _pixels(list_value(contents), resources, 0) >= LARGE


def _pixels(streams: Sequence[Any], resources: Any, depth: int) -> int:
    """Return how many pixels the pictures named in programs have, those in forms included."""
    named = dict_value(dict_value(resources).get("XObject") or {})
    drawn = {
        name.decode("latin-1")
        for stream in streams
        for name in _DRAWN.findall(stream_value(stream).get_data())
    }
    total = 0
    for name in drawn.intersection(named):
        shown = resolve1(named[name])
        kind = getattr(shown.get("Subtype"), "name", "") if shown is not None else ""
        if kind == "Image":
            total += _size(shown.get("Width")) * _size(shown.get("Height"))
        elif kind == "Form" and depth < DEEPEST:
            total += _pixels([shown], resolve1(shown.get("Resources")) or {}, depth + 1)
    return total


def _size(value: Any) -> int:
    stated = resolve1(value)
    return stated if isinstance(stated, int) else 0


def _programs(streams: Sequence[Any], resources: Any, depth: int) -> Iterator[bytes]:
    for stream in streams:
        yield stream_value(stream).get_data()
    if depth < DEEPEST:
        for entry in dict_value(dict_value(resources).get("XObject") or {}).values():
            form = resolve1(entry)
            if form is not None and getattr(form.get("Subtype"), "name", "") == "Form":
                yield from _programs([form], resolve1(form.get("Resources")) or {}, depth + 1)


NAME = f"pdfplumber {version('pdfplumber')}"
PAGE_BUDGET = 1_500_000
"""Bytes of page program (decoded) that one page may take; a dense printed table takes 0.1 MB."""
TOTAL_BUDGET = 12_000_000
"""Bytes of page program that a document may take."""


class Ways(NamedTuple):
    """What reads fonts, runs programs and collects what they draw."""

    fonts: type[KeptFonts]
    interpreter: type[ClipInterpreter]
    device: type[SeenDevice]


_WAYS = {
    Supplier.QUICK: Ways(QuickFonts, QuickInterpreter, QuickDevice),
    Supplier.PDFPLUMBER: Ways(KeptFonts, ClipInterpreter, SeenDevice),
}


class PageUnreadableError(Exception):
    """A page could not be read; ``note`` says why."""

    def __init__(self, note: ReaderNote) -> None:
        super().__init__(note.message)
        self.note = note


class SuppliedPdf:
    """An open PDF: its number of pages, and each page's record on demand."""

    def __init__(self, path: Path, pdf: Any, supplier: Supplier = Supplier.QUICK) -> None:
        self._path = path
        self._pdf = pdf
        self._budget = TOTAL_BUDGET
        self._ways = _WAYS[supplier]
        self._fonts = self._ways.fonts()
        self._glyphs = GlyphBook(self._fonts)

    def __len__(self) -> int:
        return len(self._pages)

    @cached_property
    def _layers(self) -> OptionalLayers:
        return OptionalLayers(self._pdf.doc.catalog)

    @cached_property
    def _pages(self) -> list[Any]:
        try:
            return list(self._pdf.pages)
        except DAMAGE as error:
            raise _open_refusal(self._path, error) from error

    @property
    def index_rebuilt(self) -> bool:
        """Tell whether the file's index of objects was unusable: some objects may be lost."""
        return any(isinstance(xref, PDFXRefFallback) for xref in self._pdf.doc.xrefs)

    @property
    def misnamed_glyphs(self) -> str:
        """Name the glyphs seen that do not look like what they claim: "1→7", "3→?"."""
        pairs = dict.fromkeys(f"{claim}→{seen or '?'}" for claim, seen in self._glyphs.said())
        return "、".join(list(pairs)[:MOST_NAMED])

    @property
    def stated_pages(self) -> int | None:
        """Return how many pages the document says it has; None if it does not say."""
        try:
            count = resolve1(dict_value(self._pdf.doc.catalog["Pages"]).get("Count"))
        except DAMAGE:
            return None
        return count if isinstance(count, int) else None

    def looks_ruled(self, number: int) -> bool:
        """Tell cheaply whether a page draws enough lines or boxes to hold a table."""
        page = self._pages[number - 1].page_obj
        try:
            return draws_rules(page.contents, page.resources)
        except DAMAGE:
            return True

    def looks_scanned(self, number: int) -> bool:
        """Tell cheaply whether a page draws a picture as large as a scanned page."""
        page = self._pages[number - 1].page_obj
        try:
            return draws_large_picture(page.contents, page.resources)
        except DAMAGE:
            return True

    def page(self, number: int) -> PageRecord:
        """Return the record of a page (1-based); raise PageUnreadableError if it cannot be read.

        Raises Refusal once all pages together hold more than any notice does.
        """
        if self._budget < 0:
            raise refusal("extract.too_heavy_pdf", file=self._path.name)
        page = self._pages[number - 1]
        try:
            if _has_its_program(page.page_obj):
                return self._record(page)
            cause: Exception | None = None
        except PageTooHeavyError as error:
            note = reader_note("page_too_heavy", severity=Severity.ERROR, page=number)
            raise PageUnreadableError(note) from error
        except DAMAGE as error:
            cause = error
        note = reader_note("page_damaged", severity=Severity.ERROR, page=number)
        raise PageUnreadableError(note) from cause

    def _record(self, page: Any) -> PageRecord:
        whole = Rect(0, 0, page.width, page.height)
        crop = _crop(page, whole)
        device = self._run(page, crop)
        if self._glyphs.settle():
            device = self._run(page, crop)
        cropped = False
        if crop != whole and device.clipped:
            uncropped = self._run(page, whole)
            cropped = cuts_table(crop, uncropped.rules, uncropped.inked)
            device = uncropped if cropped else device
        return _to_record(device, page.page_number, whole, crop, cropped)

    def _run(self, page: Any, window: Rect) -> SeenDevice:
        """Run a page's program, and those of the annotations over it."""
        device = self._ways.device(self._fonts, window, PAGE_BUDGET, self._glyphs, self._layers)
        interpreter = self._ways.interpreter(self._fonts, device)
        try:
            interpreter.process_page(page.page_obj)
            for annotation in annotations_of(page.page_obj.annots):
                interpreter.show(annotation)
        finally:
            self._budget -= PAGE_BUDGET - device.budget
        return device


@contextmanager
def open_pdf(path: Path, supplier: Supplier = Supplier.QUICK) -> Iterator[SuppliedPdf]:
    """Open a PDF; raise Refusal if it is encrypted or too damaged to find its pages."""
    # pdfminer warns about fonts and numbers of no consequence, page after page.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    # The file is closed here: pdfplumber's own closing reads a damaged file's pages again.
    with path.open("rb") as stream, _rarely_collected():
        try:
            pdf = pdfplumber.open(stream)
        except DAMAGE as error:
            raise _open_refusal(path, error) from error
        yield SuppliedPdf(path, pdf, supplier)


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """Look for circles of objects seldom: a page makes many thousand objects and no circles."""
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _open_refusal(path: Path, error: BaseException) -> Refusal:
    causes = (error, error.__cause__, error.__context__, *error.args)
    if any(isinstance(cause, PDFEncryptionError) for cause in causes):
        return refusal("extract.encrypted_pdf", file=path.name)
    return refusal("extract.damaged_pdf.no_pages", file=path.name, reason=str(error)[:200])


def _has_its_program(page: Any) -> bool:
    """Tell whether every program that a page names is in the file: pdfminer reads on without it."""
    contents = resolve1(page.attrs.get("Contents", []))
    parts = contents if isinstance(contents, list) else [contents]
    return all(isinstance(resolve1(part), PDFStream) for part in parts)


def _to_record(
    device: SeenDevice, number: int, whole: Rect, crop: Rect, cropped: bool
) -> PageRecord:
    """Turn what a device collected upright, measured from the page's visible corner.

    On a page whose visible part ends within a table, what lies beyond it is in doubt.
    """
    sights = device.settle()
    upright = _Upright(crop, _main_turn(sights.seen))
    seen, repeated = part_repeats(sights.seen)
    if cropped:
        seen = [char if _within(char, crop) else char._replace(flaw=Flaw.CUT) for char in seen]
    return PageRecord(
        number=number,
        width=upright.width,
        height=upright.height,
        chars=upright.chars(seen),
        rules=tuple(upright.rule(rule) for rule in device.rules),
        clipped=upright.chars(device.clipped),
        unseen=upright.chars([*device.unseen, *sights.unseen]),
        slanted=upright.chars([*device.slanted, *sights.across]),
        cut=upright.chars(device.cut),
        repeated=upright.chars(repeated),
        astray=upright.chars(sights.astray),
        added=upright.chars(sights.added),
        covered=upright.chars(sights.covered),
        pens=tuple(upright.rule(rule) for rule in device.pens),
        annotations=tuple(device.annotations),
        cropped=cropped,
        origin=upright.origin(whole),
        picture_share=_picture_share(device.pictures, crop),
    )


def _crop(page: Any, whole: Rect) -> Rect:
    """Return the visible part of a page in pdfminer's space (origin at the media box)."""
    left, top = page.mediabox[:2]
    x0, y0, x1, y1 = page.cropbox
    seen = Rect(x0 - left, page.height - (y1 - top), x1 - left, page.height - (y0 - top))
    return seen.meet(whole) or whole


def _within(char: Char, box: Rect) -> bool:
    """Tell whether all of a glyph lies in a box, but for what any font leaves blank around it."""
    return (
        box.x0 - EDGE <= char.x0
        and char.x1 <= box.x1 + EDGE
        and box.holds(char.center_x, char.center_y)
    )


def _picture_share(pictures: Sequence[Rect], crop: Rect) -> float:
    shown = [both for picture in pictures if (both := picture.meet(crop))]
    area = sum((box.x1 - box.x0) * (box.y1 - box.y0) for box in shown)
    return min(1.0, area / ((crop.x1 - crop.x0) * (crop.y1 - crop.y0)))


def _main_turn(chars: Sequence[Char]) -> int:
    """Return the direction of reading (clockwise quarter turns) of most characters."""
    if all(char.turn == 0 for char in chars):
        return 0
    turns = Counter(char.turn for char in chars if not char.text.isspace())
    return turns.most_common(1)[0][0] if turns else 0


class _Upright:
    """Maps pdfminer's space to the page's top left, turning back by quarter turns."""

    def __init__(self, crop: Rect, turns: int) -> None:
        self.crop = crop
        self.turns = turns
        self.across = crop.x1 - crop.x0
        self.down = crop.y1 - crop.y0
        self.width, self.height = (
            (self.down, self.across) if turns % 2 else (self.across, self.down)
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        left, top = x - self.crop.x0, self.crop.y1 - y
        if self.turns == 1:
            return top, self.across - left
        if self.turns == 2:
            return self.across - left, self.down - top
        if self.turns == 3:
            return self.down - top, left
        return left, top

    def origin(self, whole: Rect) -> tuple[float, float]:
        """Return where the media box's top left corner lies."""
        across, down = self._box(*whole)
        return across[0], down[0]

    def chars(self, chars: Sequence[Char]) -> tuple[Char, ...]:
        if self.turns:
            return tuple(self._char(char) for char in chars)
        left, top, new = self.crop.x0, self.crop.y1, tuple.__new__
        return tuple(
            [
                new(Char, (text, x0 - left, top - y1, x1 - left, top - y0, size, turn, flaw))
                for text, x0, y0, x1, y1, size, turn, flaw in chars
            ]
        )

    def _char(self, char: Char) -> Char:
        (x0, x1), (top, bottom) = self._box(char.x0, char.top, char.x1, char.bottom)
        turn = (char.turn - self.turns) % 4
        return Char(char.text, x0, top, x1, bottom, char.size, turn, char.flaw)

    def _box(
        self, x0: float, y0: float, x1: float, y1: float
    ) -> tuple[tuple[float, float], tuple[float, float]]:
        one, other = self.point(x0, y0), self.point(x1, y1)
        return (
            (min(one[0], other[0]), max(one[0], other[0])),
            (min(one[1], other[1]), max(one[1], other[1])),
        )

    def rule(self, rule: Rule) -> Rule:
        ends = (
            (rule.start, rule.at, rule.end, rule.at)
            if rule.horizontal
            else (rule.at, rule.start, rule.at, rule.end)
        )
        across, down = self._box(*ends)
        horizontal = rule.horizontal ^ bool(self.turns % 2)
        span, at = (across, down[0]) if horizontal else (down, across[0])
        return Rule(horizontal, at, span[0], span[1], rule.mark)
