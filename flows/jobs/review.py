"""``kaohe review``: a folder that shows a document's pages beside what was read from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from common.files import PROJECT, replacing_folder
from common.isolated import Call, Limits
from common.messages import message
from common.refusal import refusal
from extract.files.pictures import document_sha256, pages_of
from extract.read import has_pages
from flows.jobs.diff import not_landed
from flows.jobs.pages import printed_pages
from flows.jobs.sidecar.document import NOT_DOCUMENTS
from report.boxes import Edges, edges_of
from report.pictures.pages import PagePicture, draw_pages
from report.review.data import Landed, review_data
from report.review.page import PICTURES, is_page, write_page
from schemas.records.rows import CellRow, NoticeRow
from schemas.tables.frames import rows_as, table_rows

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress

TABLES = ("notices", "cells", "indicators", "targets", "findings", "methods")
LIMITS = Limits(memory_mb=3072, cpu_seconds=600)


@dataclass(frozen=True, slots=True)
class Request:
    """Which document to show (None: the latest official one), from which file, and where."""

    warehouse: Path
    document_id: str | None = None
    source: Path | None = None
    out: Path | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What was made; ``pictures`` counts the pages drawn, 0 where the printed grid is shown."""

    document_id: str
    page: str
    pictures: int
    findings: int
    size_kb: int
    remark: str | None

    def as_json(self) -> dict[str, object]:
        """Return the result in JSON's types."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the result for a person, Chinese first."""
        shown = f"{self.pictures} 页图像" if self.pictures else "按单元格还原的表格"
        lines = [
            f"{self.document_id}  核对页面 review page: {self.page}",
            f"  {shown}　未了事项 open findings {self.findings}　{self.size_kb} KB",
            "  用浏览器打开该文件即可，不需要网络。Open it in a browser.",
        ]
        return "\n".join([*lines, *([f"  {self.remark}"] if self.remark else [])])


def review(request: Request, progress: Progress) -> Reviewed:
    """Make the review page of one landed document. Raises Refusal, and then nothing is changed."""
    landed = read_landed(request.warehouse, request.document_id)
    document_id = landed.notice["document_id"]
    folder = request.out or Path("out") / "review" / document_id
    check_replaceable(folder)
    source, remark = find_source(landed.notice, request.source)
    with replacing_folder(folder) as new:
        pictures = [] if source is None else draw(source, landed, new / PICTURES, progress)
        write_page(new, landed.title, review_data(landed, pictures, remark))
        size = sum(path.stat().st_size for path in new.rglob("*") if path.is_file())
    to_look_at = [
        finding
        for finding in landed.findings
        if finding["state"] == "open" and finding["severity"] != "info"
    ]
    return Reviewed(
        document_id,
        str(folder / "index.html"),
        len(pictures),
        len(to_look_at),
        round(size / 1024),
        remark,
    )


def read_landed(warehouse: Path, document_id: str | None) -> Landed:
    """Return the rows of one document, all from one snapshot; of others only their notices."""
    from warehouse.reading import read_document, read_table
    from warehouse.snapshots import require_snapshot

    notices = rows_as(NoticeRow, read_table(warehouse, "notices"))
    chosen = document_id or latest_official(notices)
    rows = table_rows(read_document(require_snapshot(warehouse), chosen, TABLES))
    if not rows["notices"]:
        raise not_landed(chosen, [notice["document_id"] for notice in notices])
    return Landed(
        rows["notices"][-1],
        rows["cells"],
        rows["indicators"],
        rows["targets"],
        rows["findings"],
        rows["methods"],
    )


def latest_official(notices: Sequence[NoticeRow]) -> str:
    """Return the official document landed last that no other official one supersedes."""
    official = [each for each in notices if each["role"] in (None, "official")]
    replaced = {each["supersedes"] for each in official if each["supersedes"] is not None}
    standing = [each for each in official if each["document_id"] not in replaced] or official
    if not standing:
        names = "、".join(each["document_id"] for each in notices)
        raise refusal("flows.no_official_document", documents=names)
    return max(standing, key=lambda each: each["landed_at"])["document_id"]


def raw_folder(document_id: str) -> Path | None:
    """Return the document's folder under raw/notices: here, or in the project of this code."""
    for root in (Path.cwd(), PROJECT):
        folder = root / "raw" / "notices" / document_id
        if folder.is_dir():
            return folder
    return None


def find_source(notice: NoticeRow, given: Path | None) -> tuple[Path | None, str | None]:
    """Return the file whose pages can be shown and, where there should be one and is not, why.

    Raises Refusal for a named file that does not exist.
    """
    if not has_pages(notice["source_format"]):
        return None, None
    name = notice["source_name"]
    if given is not None:
        if not given.is_file() and not (given.is_dir() and pages_of(given)):
            raise refusal("flows.no_such_file", file=given)
        if has_sha256(given, notice["source_sha256"]):
            return given, None
        return None, message("flows.no_pictures.other_file", file=given.name, original=name).zh
    candidates = documents_in(raw_folder(notice["document_id"]))
    for path in candidates:
        if has_sha256(path, notice["source_sha256"]):
            return path, None
    remark = message(
        "flows.no_pictures.changed" if candidates else "flows.no_pictures.not_found",
        original=name,
        document=notice["document_id"],
    )
    return None, remark.zh


def documents_in(folder: Path | None) -> list[Path]:
    """Return the files of a folder that may be the document, and itself where it holds pictures."""
    if folder is None:
        return []
    whole = [folder] if len(pages_of(folder)) > 1 else []
    return whole + [
        path
        for path in sorted(folder.iterdir())
        if path.is_file() and path.name not in NOT_DOCUMENTS and path.suffix != ".md"
    ]


def has_sha256(path: Path, expected: str) -> bool:
    """Say whether the file is the one that was landed."""
    return document_sha256(path) == expected


def draw(source: Path, landed: Landed, folder: Path, progress: Progress) -> list[PagePicture]:
    """Draw all pages, in a process of its own: a bad file cannot hurt this one."""
    pages = list(range(1, (landed.notice["pages"] or 0) + 1))
    progress(f"drawing {len(pages)} pages")
    folder.mkdir()
    boxes = boxes_of(landed.cells)
    with (
        printed_pages(source, landed.notice["source_format"], progress) as printed,
        Call(draw_pages, printed, folder.absolute(), pages, boxes, limits=LIMITS) as call,
    ):
        pictures: list[PagePicture] = call.result(progress)
    return pictures


def boxes_of(cells: Sequence[CellRow]) -> dict[int, list[Edges]]:
    """Return the edges of the cells that were read from each page."""
    boxes: dict[int, list[Edges]] = {}
    for cell in cells:
        edges = edges_of(cell)
        if cell["page"] is not None and edges is not None:
            boxes.setdefault(cell["page"], []).append(edges)
    return boxes


def check_replaceable(folder: Path) -> None:
    """Refuse to replace anything but an empty folder or an earlier review page."""
    if not folder.exists() or is_page(folder):
        return
    if folder.is_dir() and not any(folder.iterdir()):
        return
    raise refusal("flows.not_a_review_page", folder=folder)
