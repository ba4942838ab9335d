"""Reads a PDF with a text layer: every table on every page, as printed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

from common.files import sha256_of
from common.names import shown_name
from common.processes import pages_done
from common.refusal import Refusal, refusal
from extract.aligned.tables import UndrawnPage, grids_of, undrawn
from extract.notes import reader_note
from extract.page.notes import LONGEST, is_picture_page
from extract.page.page import UNREADABLE, PageRecord
from extract.page.tables import PageReading, read_page, ruling_of
from extract.pdf.camelot import NAME as SECOND
from extract.pdf.camelot import SecondReader, SecondReaderError, second_reader
from extract.pdf.cross_check import PageGround, compare, not_compared
from extract.pdf.guard import check_file
from extract.pdf.supplier import NAME, PageUnreadableError, SuppliedPdf, open_pdf
from extract.pdf.triage import PagePlan, plan_pages
from extract.scan.pages import ScannedPages, engine_name
from extract.text.front import front_matter
from schemas.records.document import Document, ReaderNote, Table
from schemas.records.source import Supplier
from schemas.vocabulary import Severity

MOST_UNKNOWN = 0.3
"""A document in which more of the glyphs do not tell their character is refused."""

MOST_NAMED = 5
"""Most pages that a refusal names; of more it says that there are others."""


@dataclass(slots=True)
class _Gathered:
    """What the pages gave so far."""

    tables: list[Table] = field(default_factory=list)
    front_lines: list[str] = field(default_factory=list)
    notes: list[ReaderNote] = field(default_factory=list)
    ground: dict[int, PageGround] = field(default_factory=dict)
    picture_pages: list[int] = field(default_factory=list)
    undrawn_pages: list[int] = field(default_factory=list)
    unreadable_pages: list[int] = field(default_factory=list)
    printed: int = 0
    unknown: int = 0

    def add(self, page: PageRecord, reading: PageReading) -> None:
        """Take in one page."""
        self.printed += len(page.chars)
        self.unknown += sum(UNREADABLE in char.text for char in page.chars)
        if not self.tables:
            self.front_lines.extend(reading.lines)
        elif not reading.tables and reading.lines:
            text = "\n".join(reading.lines)[:LONGEST]
            self.notes.append(
                reader_note(
                    "page_without_table", severity=Severity.INFO, text=text, page=page.number
                )
            )
        for table in reading.tables:
            self.tables.append(replace(table, table_no=len(self.tables) + 1))
        self.notes.extend(reading.notes)
        hidden = (*page.clipped, *page.unseen, *page.repeated)
        left_out = (*page.covered, *page.slanted, *page.astray, *reading.struck)
        if hidden or left_out or page.added or page.origin != (0.0, 0.0):
            ground = PageGround(page.origin, hidden, left_out, page.added)
            self.ground[page.number] = ground


def read_pdf(
    path: Path, *, cross_check: bool = False, supplier: Supplier = Supplier.QUICK
) -> Document:
    """Return a PDF's tables of printed cells; with ``cross_check``, compared with camelot's.

    ``supplier`` runs the programs of its pages.
    Raises Refusal for a file that is empty, no PDF, cut off, damaged, encrypted, a bomb, far too
    long, without any table, or scanned where no recogniser is installed.
    """
    path = Path(path)
    check = check_file(path)
    with ExitStack() as stack:
        pdf = stack.enter_context(open_pdf(path, supplier))
        plan = plan_pages(path, pdf)
        second = stack.enter_context(second_reader(path, plan.pages)) if cross_check else None
        scans = ScannedPages(path, plan.glanced)
        gathered = _read_pages(pdf, plan, scans)
        if not gathered.tables:
            raise _no_table(path, len(pdf), gathered)
        if gathered.unknown > MOST_UNKNOWN * gathered.printed:
            raise refusal("extract.no_text_encoding", file=path.name)
        if pairs := pdf.misnamed_glyphs:
            gathered.notes.append(reader_note("glyph_differs", pairs=pairs))
        if pdf.index_rebuilt:
            gathered.notes.append(reader_note("index_rebuilt"))
        if check.broken_streams:
            gathered.notes.append(
                reader_note("broken_streams", severity=Severity.ERROR, count=check.broken_streams)
            )
        document = replace(_document(path, len(pdf), gathered), reader=_reader(plan, scans))
        if second is None or len({*scans.read, *gathered.undrawn_pages}) == len(plan.pages):
            return document
        return _compared(document, second, gathered, scans)


def _no_table(path: Path, pages: int, gathered: _Gathered) -> Refusal:
    """Return the refusal of a PDF without any ruled table: because it is scanned, or damaged."""
    if pictures := gathered.picture_pages:
        return refusal(
            "extract.scanned_pdf.not_installed",
            file=path.name,
            count=len(pictures),
            pages=pages,
            numbers=_some(pictures),
        )
    if unreadable := gathered.unreadable_pages:
        numbers = _some(unreadable)
        return refusal("extract.damaged_pdf.unreadable_pages", file=path.name, numbers=numbers)
    return refusal("extract.no_table.pdf", file=path.name, pages=pages)


def _some(pages: Sequence[int]) -> str:
    shown = "、".join(map(str, pages[:MOST_NAMED]))
    return f"{shown} 等" if len(pages) > MOST_NAMED else shown


def _reader(plan: PagePlan, scans: ScannedPages) -> str:
    """Name what read the pages: their text, their pictures, or both."""
    names = [NAME] if len(scans.read) < len(plan.pages) else []
    return " + ".join([*names, engine_name()] if scans.read else names)


def _read_pages(pdf: SuppliedPdf, plan: PagePlan, scans: ScannedPages) -> _Gathered:
    gathered = _Gathered(notes=list(plan.notes))
    waiting: list[UndrawnPage] = []
    for done, number in enumerate(plan.pages):
        pages_done(done, len(plan.pages))
        try:
            page = pdf.page(number)
        except PageUnreadableError as error:
            gathered.notes.append(error.note)
            gathered.unreadable_pages.append(number)
            continue
        reading = scans.reading(page)
        if reading is None:
            ruling = ruling_of(page)
            reading = read_page(page, ruling=ruling)
            if is_picture_page(page):
                gathered.picture_pages.append(number)
            elif reading.loose and (found := undrawn(page, ruling)) is not None:
                waiting.append(found)
                continue
        _read_waiting(waiting, gathered)
        gathered.add(page, reading)
    pages_done(len(plan.pages), len(plan.pages))
    _read_waiting(waiting, gathered)
    return gathered


def _read_waiting(waiting: list[UndrawnPage], gathered: _Gathered) -> None:
    """Read pages whose tables' rules are not drawn by how their text is aligned, all at once."""
    for undrawn_page, grids in zip(waiting, grids_of(waiting), strict=True):
        page = undrawn_page.page
        reading = read_page(page, grids)
        if grids:
            gathered.undrawn_pages.append(page.number)
            note = reader_note("rules_not_drawn", severity=Severity.INFO, page=page.number)
            reading = replace(reading, notes=(note, *reading.notes))
        gathered.add(page, reading)
    waiting.clear()


def _document(path: Path, pages: int, gathered: _Gathered) -> Document:
    return Document(
        source_name=shown_name(path.name),
        source_format="pdf",
        source_sha256=sha256_of(path),
        reader=NAME,
        tables=tuple(gathered.tables),
        front=front_matter(gathered.front_lines),
        pages=pages,
        notes=tuple(gathered.notes),
    )


def _compared(
    document: Document, second: SecondReader, gathered: _Gathered, scans: ScannedPages
) -> Document:
    """Compare the pages that have rules; the second reader sees nothing without them."""
    apart = {*scans.read, *gathered.undrawn_pages}
    try:
        cells = second.result()
    except SecondReaderError as error:
        return not_compared(document, str(error))
    printed = tuple(table for table in document.tables if table.page not in apart)
    found = [cell for cell in cells if cell.page not in apart]
    compared = compare(replace(document, tables=printed), found, SECOND, gathered.ground)
    both = {table.table_no: table for table in (*document.tables, *compared.tables)}
    return replace(compared, tables=tuple(both[number] for number in sorted(both)))
