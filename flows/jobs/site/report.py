"""``kaohe report``: the site of all years that are landed, one folder of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import replacing_folder
from common.refusal import refusal
from flows.jobs.diff import not_landed
from flows.jobs.site.parts import Site
from report.site.pages import Pages, is_site
from report.site.published import read_states
from report.site.write import write_index
from schemas.records.rows import NoticeRow
from schemas.tables.frames import rows_as

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress


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

    def as_json(self) -> dict[str, object]:
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
    """Make the site; it takes the place of the old one only when all of it is there.

    What has not changed is taken over from the old one: the same site as one made anew. Raises
    Refusal, and then nothing is changed: no document of the year, a folder that is not a site.
    """
    from warehouse.reading import read_tables
    from warehouse.snapshots import require_snapshot

    snapshot = require_snapshot(order.warehouse)
    notices = rows_as(NoticeRow, read_tables(order.warehouse, ("notices",))["notices"])
    heads = folders(chosen_documents(notices, order))
    check_replaceable(order.out)
    last = read_states(order.out)
    with replacing_folder(order.out) as new:
        site = Site(snapshot, order.out, new, heads, order.raw)
        told = site.make(progress)
        pages = Pages(new, order.out)
        write_index(pages, told, last, across=site.across)
        site.parts.write()
        files = [path for path in new.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
    return ReportSummary(
        str(order.out / "index.html"),
        sum(path.suffix == ".html" for path in files),
        len(files),
        round(size / 1024),
        tuple(notice["document_id"] for _, notice in heads),
        site.remarks,
    )


def chosen_documents(notices: Sequence[NoticeRow], order: ReportOrder) -> list[NoticeRow]:
    """Return the documents in force of all years, the latest year first.

    The one that the order names stands for its year.
    """
    from warehouse.reading import current_document

    named = order.document_id or current_document(order.warehouse, order.year)
    wanted = [each for each in notices if each["document_id"] == named]
    if not wanted:
        raise not_landed(named, [each["document_id"] for each in notices])
    if wanted[0]["year"] != order.year:
        found = wanted[0]["year"]
        raise refusal("flows.other_year", document=named, found=found, asked=order.year)
    others = [each for each in in_force(notices) if each["year"] != order.year]
    return sorted([*wanted, *others], key=lambda each: (-each["year"], each["document_id"]))


def in_force(notices: Sequence[NoticeRow]) -> list[NoticeRow]:
    """Return the official documents that no other official one supersedes."""
    official = [each for each in notices if each["role"] in (None, "official")]
    replaced = {each["supersedes"] for each in official}
    return [each for each in official if each["document_id"] not in replaced]


def folders(documents: Sequence[NoticeRow]) -> list[tuple[str, NoticeRow]]:
    """Return each document with its folder in the site: its year, numbered where there are more."""
    found: list[tuple[str, NoticeRow]] = []
    for each in documents:
        before = sum(other["year"] == each["year"] for _, other in found)
        found.append((f"{each['year']}-{before + 1}" if before else str(each["year"]), each))
    return found


def check_replaceable(folder: Path) -> None:
    """Refuse to replace anything but an empty folder or an earlier site."""
    if not folder.exists() or is_site(folder):
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    raise refusal("flows.not_a_report", folder=folder)
