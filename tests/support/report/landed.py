"""Documents as the review page gets them: read, normalized, as rows; and small ones by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from extract.read import read_document
from normalize.pipeline import normalize
from report.review.data import Landed
from schemas.records.document import Document
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from schemas.tables.document_frames import Provenance
from schemas.tables.frames import records
from tests.support.paths import ROOT
from tests.support.schemas.frames import document_frames

Row = dict[str, Any]

NOTICES = ROOT / "tests/fixtures/notices"
CALC = ROOT / "raw/notices/ziyang-2020/calc.pdf"
TEXT = ROOT / "raw/notices/ziyang-2020-text/notice.txt"
FIRST_ROWS = 51
"""Lines of the notice's text: its front and three pages of its table."""
PLACE = ("table_no", "row", "column")
PROVENANCE = Provenance("run", "0.1.0", datetime(2021, 3, 4, tzinfo=UTC))


def first_rows(folder: Path) -> Path:
    """Write the text of the notice without most of its table to a folder and return its path."""
    lines = TEXT.read_text(encoding="utf-8").splitlines()[:FIRST_ROWS]
    (path := folder / TEXT.name).write_text("\n".join(lines), encoding="utf-8")
    return path


def landed_of(path: Path, document_id: str = "a-2020", year: int = 2020) -> Landed:
    document = read_document(path, cross_check=False)
    return landed(document, normalize(document, SourceMeta(document_id, year=year)))


def landed(document: Document, notice: Notice) -> Landed:
    frames = document_frames(document, notice, PROVENANCE)
    rows = {name: records(frame) for name, frame in frames.items()}
    rows["notices"][0]["year"] = notice.year
    return Landed(
        rows["notices"][0], rows["cells"], rows["indicators"], rows["targets"], rows["findings"]
    )


def cell(row: int, column: int, text: str = "", **more: Any) -> Row:
    """Return a cell's row of the table ``cells``, without a page."""
    blank = dict.fromkeys(("page", "x0", "top", "x1", "bottom", "place", "agreed", "confidence"))
    spans = {"table_no": 1, "row_span": 1, "column_span": 1}
    return {**blank, **spans, "row": row, "column": column, "text": text, **more}


def grid(*rows: str) -> list[Row]:
    """Return the cells of a table written as rows of words."""
    return [
        cell(row, column, word)
        for row, line in enumerate(rows, 1)
        for column, word in enumerate(line.split(), 1)
    ]


def indicator(serial_no: int, name: str, **more: Any) -> Row:
    names = ("level1", "level2", "level4", "base_points", "note", "page", *PLACE)
    blank = dict.fromkeys(names)
    lists: Row = {"assessing_departments": [], "supporting_departments": []}
    return {**blank, **lists, "serial_no": serial_no, "indicator": name, "level3": name, **more}


def target(serial_no: int, entity: str, text: str | None, **more: Any) -> Row:
    status = "not_assessed" if text is None else "assessed"
    return {
        **dict.fromkeys(("page", "x0", "top", "x1", "bottom", "level1", *PLACE)),
        "serial_no": serial_no, "entity": entity, "target_text": text, "status": status,
        "inherited": False, "needs_review": False, "weight_group": serial_no, "max_points": 1.0,
        **more,
    }  # fmt: skip
