"""Supplies page records from a PDF by pdfplumber (and the pdfminer inside it).

Everything that knows pdfplumber or pdfminer is here and in :mod:`extract.pdf.device`; another
supplier only has to offer the same :func:`open_pdf`.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import pdfplumber
from pdfminer.pdfdocument import PDFEncryptionError, PDFXRefFallback
from pdfminer.pdftypes import PDFStream, dict_value, resolve1

from common.refusal import Refusal, refusal
from extract.notes import reader_note
from extract.page.layers import cuts_table
from extract.page.page import PageRecord
from extract.page.paths import Rect
from extract.pdf.annotations import annotations_of
from extract.pdf.clip import ClipInterpreter
from extract.pdf.device import PageTooHeavyError, SeenDevice
from extract.pdf.glyphs import GlyphBook
from extract.pdf.optional import OptionalLayers
from extract.pdf.program.damage import DAMAGE
from extract.pdf.program.fonts import KeptFonts, QuickFonts
from extract.pdf.program.glance import draws_large_picture, draws_rules
from extract.pdf.runner import QuickDevice, QuickInterpreter
from extract.pdf.upright import page_record
from schemas.records.document import ReaderNote
from schemas.records.source import Supplier
from schemas.vocabulary import Severity

SELDOM = 50_000
MOST_NAMED = 20
"""Most glyphs that a note names."""
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
        return page_record(device, page.page_number, whole, crop, cropped)

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


def _crop(page: Any, whole: Rect) -> Rect:
    """Return the visible part of a page in pdfminer's space (origin at the media box)."""
    left, top = page.mediabox[:2]
    x0, y0, x1, y1 = page.cropbox
    seen = Rect(x0 - left, page.height - (y1 - top), x1 - left, page.height - (y0 - top))
    return seen.meet(whole) or whole
