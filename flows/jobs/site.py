"""``kaohe report``: the site of all years that are landed, one folder of pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from common.files import replacing_folder
from common.isolated import Call
from common.messages import message
from common.refusal import refusal
from extract.read import has_pages
from flows.jobs.diff import not_landed
from flows.jobs.pages import printed_pages
from flows.jobs.review import LIMITS, documents_in, has_sha256, raw_folder
from report.review.places import find_places
from report.site.crops import draw_strips, printed_rows, strips
from report.site.model import Crop, Edition
from report.site.pages import is_site
from report.site.published import read_states
from report.site.write import write_site
from schemas.tables.frames import Row, records
from schemas.tables.registry import TABLES

if TYPE_CHECKING:
    import pandas as pd

    from flows.jobs.ingest import Progress

#: Of these the site shows the latest as-of date alone; of scorecards, how they went.
_OF_ONE_DAY = ("scores", "rank_stability")
#: Where an edition keeps the pictures of its print and its workbooks.
PRINT, WORKBOOKS = "p", "x"


@dataclass(frozen=True, slots=True)
class ReportOrder:
    """Which year must be in the site, from which tables, and where the site goes.

    ``document_id`` names the document that stands for ``year`` where it is not the one in force;
    ``raw`` is where the documents are, for pictures of their print.
    """

    year: int
    warehouse: Path
    out: Path = Path("out/report")
    raw: Path = Path("raw")
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """What was made: the site's first page, how many pages, and all years that are in it."""

    page: str
    pages: int
    files: int
    size_kb: int
    documents: tuple[str, ...]
    remarks: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Return the result in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the result for a person."""
        lines = [
            f"考核结果网页 report: {self.page}",
            f"  {self.pages} 页，{self.files} 个文件，{self.size_kb} KB　"
            f"{'、'.join(self.documents)}",
            "  用浏览器打开该文件即可，不需要网络。Open it in a browser.",
        ]
        return "\n".join([*lines, *(f"  {remark}" for remark in self.remarks)])


def make_report(order: ReportOrder, progress: Progress) -> ReportSummary:
    """Make the site anew; it takes the place of the old one only when all of it is there.

    Raises Refusal, and then nothing is changed: no document of the year, a folder that is not a
    site.
    """
    from warehouse.reading import read_tables

    frames = read_tables(order.warehouse, tuple(TABLES), latest=_OF_ONE_DAY)
    chosen = chosen_documents(records(frames["notices"]), order)
    check_replaceable(order.out)
    last = read_states(order.out)
    with replacing_folder(order.out) as new:
        editions = [
            make_edition(each, folder, frames, (new, order.raw), progress)
            for folder, each in folders(chosen)
        ]
        pages = write_site(new, editions, progress, last)
        files = [path for path in new.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
    return ReportSummary(
        str(order.out / "index.html"),
        pages,
        len(files),
        round(size / 1024),
        tuple(each.document_id for each in editions),
        tuple(each.remark for each in editions if each.remark),
    )


def chosen_documents(notices: Sequence[Row], order: ReportOrder) -> list[Row]:
    """Return the documents in force of all years, the latest year first.

    The one that the order names stands for its year.
    """
    from warehouse.reading import current_document

    named = order.document_id or current_document(order.warehouse, order.year)
    wanted = [each for each in notices if each["document_id"] == named]
    if not wanted:
        raise not_landed(named, [str(each["document_id"]) for each in notices])
    if wanted[0]["year"] != order.year:
        found = wanted[0]["year"]
        raise refusal("flows.other_year", document=named, found=found, asked=order.year)
    others = [each for each in in_force(notices) if each["year"] != order.year]
    return sorted([*wanted, *others], key=lambda each: (-each["year"], each["document_id"]))


def in_force(notices: Sequence[Row]) -> list[Row]:
    """Return the official documents that no other official one supersedes."""
    official = [each for each in notices if each["role"] in (None, "official")]
    replaced = {each["supersedes"] for each in official}
    return [each for each in official if each["document_id"] not in replaced]


def folders(documents: Sequence[Row]) -> list[tuple[str, Row]]:
    """Return each document with its folder in the site: its year, numbered where there are more."""
    found: list[tuple[str, Row]] = []
    for each in documents:
        before = sum(other["year"] == each["year"] for _, other in found)
        found.append((f"{each['year']}-{before + 1}" if before else str(each["year"]), each))
    return found


def make_edition(
    notice: Row,
    folder: str,
    frames: Mapping[str, pd.DataFrame],
    places: tuple[Path, Path],
    progress: Progress,
) -> Edition:
    """Return one document's rows for the site, the pictures of its print and its workbooks made.

    ``places`` are the site's new folder and ``raw``.
    """
    new, raw = places
    own = {
        name: frame[frame["document_id"] == notice["document_id"]] for name, frame in frames.items()
    }
    rows = {name: records(frame) for name, frame in own.items()}
    home = new / folder
    home.mkdir()
    crops, printed, remark = make_print(notice, rows, home / PRINT, raw, progress)
    return Edition(folder, rows, crops, printed, remark, write_workbooks(own, home))


def make_print(
    notice: Row, rows: Mapping[str, Sequence[Row]], folder: Path, raw: Path, progress: Progress
) -> tuple[dict[int, list[Crop]], dict[int, list[str]], str | None]:
    """Return what shows each indicator in print: pictures, or else texts and why not pictures."""
    cells, indicators, targets = (rows[name] for name in ("cells", "indicators", "targets"))
    places = find_places(cells, indicators, targets, ())
    source, remark = source_of(notice, raw)
    if source is None:
        return {}, printed_rows(cells, places), remark
    wanted = strips(cells, indicators, targets, places)
    progress(f"drawing {len(wanted)} parts of {source.name}")
    folder.mkdir()
    with (
        printed_pages(source.absolute(), notice["source_format"], progress) as shown,
        Call(draw_strips, shown, folder.absolute(), wanted, limits=LIMITS) as call,
    ):
        crops: dict[int, list[Crop]] = call.result(progress)
    return crops, printed_rows(cells, places), None


def source_of(notice: Row, raw: Path) -> tuple[Path | None, str | None]:
    """Return the file whose pages are shown and, where there should be one and is not, why."""
    if not has_pages(notice["source_format"]):
        return None, None
    home = raw / "notices" / str(notice["document_id"])
    for folder in (home, raw_folder(notice["document_id"])):
        for path in documents_in(folder if folder and folder.is_dir() else None):
            if has_sha256(path, notice["source_sha256"]):
                return path, None
    name = notice["source_name"]
    return None, message("flows.no_pictures.of_print", original=name, place=home).zh


def write_workbooks(own: Mapping[str, pd.DataFrame], home: Path) -> list[tuple[str, str]]:
    """Write the workbooks of one document; return each one's name and path from its folder."""
    from report.exports.write import write_exports

    written = write_exports(own, home / WORKBOOKS)
    return [(path.stem, path.relative_to(home).as_posix()) for path in written]


def check_replaceable(folder: Path) -> None:
    """Refuse to replace anything but an empty folder or an earlier site."""
    if not folder.exists() or is_site(folder):
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    raise refusal("flows.not_a_report", folder=folder)
