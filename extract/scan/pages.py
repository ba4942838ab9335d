"""Pages of a PDF that are pictures: which they are, and the processor time each may take.

The recogniser is loaded only when there is such a page. A document of text takes seconds however
long it is, one of pictures takes seconds a page. So the limit of a process that reads documents is
low, and it is raised only here: for each page, up to the process's hard limit and ``MOST_SCANNED``.
"""

from __future__ import annotations

import resource
from collections.abc import Collection
from dataclasses import replace
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.refusal import refusal
from extract.notes import reader_note
from extract.page.grid import build_grids
from extract.page.notes import PICTURE_PAGE, is_picture_page, passed_over
from extract.page.page import PageRecord
from extract.page.tables import PageReading
from schemas.records.document import ReaderNote
from schemas.vocabulary import Severity

if TYPE_CHECKING:
    from extract.scan.recognize import LineReader

GLANCE_SECONDS, READING_SECONDS = 4, 20
"""Processor time granted for looking for a table in a picture, and for recognising its print.

Measured: about 1 second and 3 to 5 seconds; a page as full as can be takes several times more.
"""
MOST_SCANNED = 120
"""Most scanned pages that are recognised in one document; the longest notices have about 60."""


def grant_glance() -> None:
    """Allow the process the time to look for rules in one more picture."""
    _grant(GLANCE_SECONDS)


def grant_reading() -> None:
    """Allow the process the time to recognise one more page."""
    _grant(READING_SECONDS)


def _grant(seconds: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if soft == resource.RLIM_INFINITY:
        return
    raised = soft + seconds
    if hard != resource.RLIM_INFINITY:
        raised = min(raised, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (raised, hard))


def engine_name() -> str:
    """Return the recogniser's name and version."""
    return f"rapidocr {version('rapidocr')}"


@cache
def engine_installed() -> bool:
    """Tell whether what recognises print is installed (the extra ``scan``)."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2"))


class ScannedPages:
    """Reads single pages of a PDF as pictures; ``read`` lists those that were.

    ``glanced`` are the pages that are read only if they show a table.
    """

    def __init__(self, path: Path, glanced: Collection[int] = ()) -> None:
        self.path = path
        self.glanced = glanced
        self.read: list[int] = []
        self.recognised = 0
        self.installed = engine_installed()

    @cached_property
    def _pdf(self) -> Any:
        import pypdfium2

        return pypdfium2.PdfDocument(self.path.read_bytes())  # its name may hold any bytes

    @cached_property
    def line_reader(self) -> LineReader:
        """What recognises lines of print, loaded when the first is needed."""
        from extract.scan.engine import recognizer
        from extract.scan.recognize import LineReader

        return LineReader(recognizer())

    def reading(self, page: PageRecord) -> PageReading | None:
        """Return what a page shows as a picture; None for a page whose text is to be read.

        None as well for every page where no recogniser is installed. Raises Refusal for more
        scanned pages than any notice has, and for a page of whose table only a part is found.
        """
        if not self.installed or page.picture_share < PICTURE_PAGE:
            return None
        alone = is_picture_page(page)
        if not alone and build_grids(page.rules, ()):
            return None
        from extract.scan.picture import page_to_picture
        from extract.scan.reader import FragmentError, read_picture, shows_table

        grant_glance()
        picture = page_to_picture(self._pdf[page.number - 1], page.number)
        if not alone and not shows_table(picture):
            return None
        self.read.append(page.number)
        if page.number in self.glanced and not shows_table(picture):
            return PageReading((), (), (passed_over(page.number, page.number),))
        self._count_recognised()
        grant_reading()
        try:
            reading = read_picture(picture, self.line_reader)
        except FragmentError as error:
            raise refusal(
                "extract.picture_in_fragments", file=self.path.name, page=page.number
            ) from error
        layer = [
            char for char in (*page.chars, *page.unseen, *page.covered) if not char.text.isspace()
        ]
        return replace(reading, notes=(*reading.notes, *_layer_notes(page.number, len(layer))))

    def _count_recognised(self) -> None:
        self.recognised += 1
        if self.recognised > MOST_SCANNED:
            raise refusal(
                "extract.too_many_pages.scanned",
                file=self.path.name,
                pages=self.recognised,
                most=MOST_SCANNED,
            )


def _layer_notes(page: int, count: int) -> tuple[ReaderNote, ...]:
    if not count:
        return ()
    return (reader_note("text_layer_ignored", severity=Severity.INFO, page=page, count=count),)
