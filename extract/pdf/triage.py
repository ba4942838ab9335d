"""Which pages of a PDF are worth reading: of a long one, those with rules and those scanned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from common.refusal import Refusal, refusal
from extract.page.notes import passed_over
from extract.pdf.supplier import SuppliedPdf
from schemas.records.document import ReaderNote

SHORT = 60
"""A document of at most this many pages is read as a whole."""
FRONT = 5
"""The first pages of a long document are read in any case: they say what it is."""
MOST_RULED = 300
"""Most pages with rules that are read; no notice comes near."""
MOST_PICTURES = 300
"""Most pages with large pictures that are looked at."""
MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class PagePlan:
    """The pages to read (1-based, ascending), and notes on those passed over.

    ``glanced`` are those of a long document that may be scans: read only if they show a table.
    """

    pages: tuple[int, ...]
    notes: tuple[ReaderNote, ...] = ()
    glanced: frozenset[int] = frozenset()


def plan_pages(path: Path, pdf: SuppliedPdf) -> PagePlan:
    """Return which pages to read; raise Refusal if pages are lost or there are far too many."""
    numbers = range(1, _count_pages(path, pdf) + 1)
    if len(numbers) <= SHORT:
        return PagePlan(tuple(numbers))
    ruled = set(filter(pdf.looks_ruled, numbers))
    if len(ruled) > MOST_RULED:
        raise _too_long(path, len(ruled))
    known = ruled.union(numbers[:FRONT])
    others = [number for number in numbers if number not in known]
    scanned = frozenset(filter(pdf.looks_scanned, others))
    if len(scanned) > MOST_PICTURES:
        raise refusal(
            "extract.too_many_pages.scanned",
            file=path.name,
            pages=len(scanned),
            most=MOST_PICTURES,
        )
    passed = [number for number in others if number not in scanned]
    notes = tuple(passed_over(*run) for run in _runs(passed))
    return PagePlan(tuple(sorted(known | scanned)), notes, scanned)


def _count_pages(path: Path, pdf: SuppliedPdf) -> int:
    """Return how many pages there are; raise Refusal if some are lost or far too many stated."""
    expected = pdf.stated_pages
    if expected is not None and expected > MOST_PAGES:
        raise _too_long(path, expected)
    count = len(pdf)
    if count == 0 or (expected is not None and count < expected):
        raise refusal(
            "extract.damaged_pdf.missing_pages",
            file=path.name,
            found=count,
            expected=expected or 0,
        )
    return count


def _too_long(path: Path, pages: int) -> Refusal:
    return refusal("extract.too_many_pages.ruled", file=path.name, pages=pages, most=MOST_RULED)


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last of each run of consecutive numbers."""
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        yield members[0], members[-1]
