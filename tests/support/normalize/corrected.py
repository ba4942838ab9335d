"""A small document, and what corrections make of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from normalize.pipeline import normalize
from schemas.records.corrections import (
    Content,
    Correction,
    Place,
    ValuePlace,
)
from schemas.records.document import Document
from schemas.records.notice import Finding, Notice
from schemas.records.source import SourceMeta
from schemas.tables.document_frames import finding_ids
from tests.support.normalize.drawn import document, table

HEADER = "一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 责任单位"


CLEAN = f"""
    {HEADER}
    高质量发展 | 创新 | 研发投入强度（%） | 3 | 1.2 | < | 市科技局
    ^ | ^ | 高企数量（户） | ^ | 7 | 8 | ^
    ^ | 民生 | 养老（户） | 2 | 5 | --- | 市民政局
    ^ | ^ | 信访 | 2（乙县4） | 按《信访办法》考核 | < | 市信访局
    """


def drawn(drawing: str) -> Document:
    return document(table(drawing, page=1))


def fix(
    where: Place, expect: Content, value: Content | None = None, *, number: int = 1
) -> Correction:
    return Correction(where, expect, value, "原件如此", "王某", date(2026, 1, 5), number)


def of(serial_no: int, column: str, entity: str | None = None) -> ValuePlace:
    return ValuePlace(serial_no, column, entity)


def corrected(read: Document | str, *corrections: Correction) -> Notice:
    given = drawn(read) if isinstance(read, str) else read
    numbered = tuple(replace(c, number=i) for i, c in enumerate(corrections, 1))
    return normalize(given, SourceMeta("x", corrections=numbered))


def opened(notice: Notice) -> list[str]:
    return [f.code for f in notice.findings if f.state == "open" and f.severity != "info"]


def only(notice: Notice, code: str) -> Finding:
    (found,) = (f for f in notice.findings if f.code == code)
    return found


def id_of(notice: Notice, code: str) -> str:
    ids = finding_ids(notice.findings, notice.document_id)
    return next(i for i, f in zip(ids, notice.findings, strict=True) if f.code == code)
