"""Makes the parts of one document's share of the site: pictures of print, workbooks, pages.

Each is a function that another process can call: it reads the document's rows itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.isolated import Call
from common.messages import message
from common.processes import pages_done, pages_said
from extract.read import has_pages
from flows.jobs.pages import printed_pages
from flows.jobs.review import LIMITS, documents_in, has_sha256, raw_folder
from report.review.places import find_places
from report.site.crops import draw_strips, printed_rows, strips
from report.site.model import Crop, Edition, Print
from report.site.pages import Pages
from report.site.write import Told, page_count, write_edition
from schemas.records.rows import NoticeRow, TableRows
from schemas.tables.frames import table_rows
from schemas.tables.registry import TABLES

if TYPE_CHECKING:
    import pyarrow as pa

    from flows.jobs.ingest import Progress

#: Of these the site shows the latest as-of date alone; of scorecards, how they went.
OF_ONE_DAY = ("scores", "rank_stability")
#: Where an edition keeps the pictures of its print and its workbooks.
PRINT, WORKBOOKS = "p", "x"


@dataclass(frozen=True, slots=True)
class Share:
    """A document's share of a site: where its rows are, and the folder of its files.

    ``site`` is the site that is being made, ``before`` the one whose place it takes.
    """

    snapshot: Path
    document_id: str
    site: Path
    folder: str
    before: Path

    @property
    def home(self) -> Path:
        """The folder of its files."""
        return self.site / self.folder


@dataclass(frozen=True, slots=True)
class Shown:
    """What pages show beside the document's own rows.

    ``heads`` are folder and notice of all editions; ``across``: an indicator is known to be the
    same in two of them. ``raw`` is where its file is, ``remark`` says why it is not there.
    """

    heads: tuple[tuple[str, NoticeRow], ...]
    across: bool
    raw: Path
    remark: str | None


def tables_of(share: Share, tables: Sequence[str] = tuple(TABLES)) -> dict[str, pa.Table]:
    """Return the document's rows by table, with the year; of some tables the latest day's alone."""
    from warehouse.reading import read_document

    latest = tuple(name for name in OF_ONE_DAY if name in tables)
    return read_document(share.snapshot, share.document_id, tuple(tables), latest)


def make_print(
    notice: NoticeRow, rows: TableRows, folder: Path, raw: Path, progress: Progress
) -> Print:
    """Return what shows each indicator in print: pictures in ``folder``, where there can be any."""
    cells, indicators, targets = rows["cells"], rows["indicators"], rows["targets"]
    places = find_places(cells, indicators, targets, ())
    source, _ = source_of(notice, raw)
    if source is None:
        return Print({}, printed_rows(cells, places))
    wanted = strips(cells, indicators, targets, places)
    progress(f"drawing {len(wanted)} parts of {source.name}")
    folder.mkdir(parents=True)
    with (
        printed_pages(source.absolute(), notice["source_format"], progress) as shown,
        Call(draw_strips, shown, folder.absolute(), wanted, limits=LIMITS) as call,
    ):
        crops: dict[int, list[Crop]] = call.result(progress)
    return Print(crops, printed_rows(cells, places))


def source_of(notice: NoticeRow, raw: Path) -> tuple[Path | None, str | None]:
    """Return the file whose pages are shown and, where there should be one and is not, why."""
    if not has_pages(notice["source_format"]):
        return None, None
    home = raw / "notices" / notice["document_id"]
    for folder in (home, raw_folder(notice["document_id"])):
        for path in documents_in(folder if folder and folder.is_dir() else None):
            if has_sha256(path, notice["source_sha256"]):
                return path, None
    name = notice["source_name"]
    return None, message("flows.no_pictures.of_print", original=name, place=home).zh


def printed_pages_of(notice: NoticeRow) -> int:
    """Return how many pages of print there may be to draw."""
    return (notice["pages"] or 0) if has_pages(notice["source_format"]) else 0


def make_workbooks(share: Share) -> None:
    """Write the document's workbooks."""
    from report.exports.data import SHOWN
    from report.exports.write import write_exports

    write_exports(tables_of(share, SHOWN), share.home / WORKBOOKS)


def make_pages(share: Share, shown: Shown, printed: Print | None) -> tuple[Told, Print]:
    """Write the document's pages; return what :func:`report.site.write.write_edition` tells.

    ``printed`` is what shows it in print, None where that is still to be made; it is told, too.
    """
    rows = table_rows(tables_of(share))
    drawn = 0 if printed is not None else printed_pages_of(rows["notices"][-1])
    of = drawn + page_count(Edition(share.folder, rows))

    def heard(said: str) -> None:
        if told := pages_said(said):
            pages_done(min(told[0], drawn), of)

    if printed is None:
        printed = make_print(rows["notices"][-1], rows, share.home / PRINT, shown.raw, heard)
    edition = _edition_of(share, rows, printed, shown.remark)
    editions = [Edition(folder, {"notices": [notice]}) for folder, notice in shown.heads]
    pages = Pages(share.site, share.before)
    told = write_edition(
        pages, edition, editions, lambda done: pages_done(drawn + done, of), across=shown.across
    )
    return told, printed


def _edition_of(share: Share, rows: TableRows, printed: Print, remark: str | None) -> Edition:
    """Return the document with all that its pages show."""
    from report.exports.write import names_of

    names = names_of(
        share.document_id, scored=bool(rows["scorecards"]), listed=bool(rows["indicators"])
    )
    files = [(Path(name).stem, f"{WORKBOOKS}/{name}") for name in names]
    return Edition(share.folder, rows, printed, remark, files)
