"""A document and its notice become the frames that are landed.

One row of each frame is what :mod:`schemas.tables.registry` says it is. Nothing is computed here
but keys, counts and the columns that targets repeat from their indicator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from common.files import sha256_of_bytes
from schemas.ids import indicator_id
from schemas.records.document import Box, CellKey, Document
from schemas.records.notice import (
    Alternative,
    Entity,
    Finding,
    Indicator,
    Milestone,
    Note,
    Notice,
    Part,
    PrintedMethod,
    Target,
)
from schemas.tables.frames import rows_to_arrow
from schemas.tables.registry import TABLES

if TYPE_CHECKING:
    import pyarrow as pa


def finding_place(finding: Finding) -> tuple[object, ...]:
    """Return a finding's identity but for others of its kind at the same place.

    An indicator's finding keeps its identity when a cell is read a little larger or its message
    is worded anew; one without an indicator is known by its place on the page, or by its text.
    """
    box = finding.box
    corners = None if box is None else (round(box.x0), round(box.top))
    where: tuple[object, ...] = (finding.serial_no, finding.entity, finding.field)
    if finding.serial_no is None:
        where += (finding.page, corners, finding.text if corners is None else None)
    return (finding.code, *where)


def finding_ids(findings: Iterable[Finding], document_id: str) -> list[str]:
    """Return each finding's id, in order: those at one place are numbered as they come."""
    seen: dict[str, int] = {}
    ids = []
    for finding in findings:
        place = "|".join(map(str, finding_place(finding)))
        seen[place] = seen.get(place, 0) + 1
        digest = sha256_of_bytes(f"{place}|{seen[place]}".encode())[:12]
        ids.append(f"{document_id}/{digest}")
    return ids


Row = dict[str, Any]

_REPEATED = ("level1", "level2", "level3", "level4", "indicator", "unit", "weight_group")


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who made the rows and when; ``landed_at`` carries a time zone.

    The rest is what a person declared of the document (``source.toml``); None leaves it to what
    is printed in the document.
    """

    run_id: str
    code_version: str
    landed_at: datetime
    doc_number: str | None = None
    title: str | None = None
    issuer: str | None = None
    issued_on: date | None = None
    role: str = "official"
    supersedes: str | None = None
    received_on: date | None = None
    inputs_sha256: str | None = None
    licence: str | None = None


def document_tables(
    document: Document, notice: Notice, provenance: Provenance
) -> dict[str, pa.Table]:
    """Return the rows of one document, a table for each of ``DOCUMENT_TABLES``.

    Rows come in printed order: cells by table, row and column, indicators by serial number,
    targets and milestones by serial number and by the entities' printed order, findings as they
    were found.
    """
    rows = {
        "notices": [_notice_row(document, notice, provenance)],
        "cells": sorted(
            _cell_rows(document, notice.document_id),
            key=lambda row: (row["table_no"], row["row"], row["column"]),
        ),
        "indicators": [
            _indicator_row(indicator, notice.document_id)
            for indicator in sorted(notice.indicators, key=lambda each: each.serial_no)
        ],
        "targets": list(_target_rows(notice)),
        "methods": [_placed_row(each, notice.document_id) for each in notice.methods],
        "milestones": [
            _placed_row(each, notice.document_id)
            for each in sorted(notice.milestones, key=_printed_order(notice))
        ],
        "entities": [
            {**_plain(each), "document_id": notice.document_id} for each in notice.assessed
        ],
        "findings": _finding_rows(notice),
    }
    return {name: rows_to_arrow(TABLES[name], rows[name]) for name in rows}


def _notice_row(document: Document, notice: Notice, provenance: Provenance) -> Row:
    front = document.front
    return {
        "document_id": notice.document_id,
        "doc_number": provenance.doc_number or front.doc_number,
        "title": provenance.title or notice.title or front.title,
        "issuer": provenance.issuer or front.issuer,
        "issued_on": provenance.issued_on or front.issued_on,
        "source_name": document.source_name,
        "source_format": document.source_format,
        "source_sha256": document.source_sha256,
        "pages": document.pages,
        "reader": document.reader,
        "cross_reader": document.cross_reader,
        "tables": len(document.tables),
        "indicators": len(notice.indicators),
        "targets": len(notice.targets),
        "open_findings": sum(finding.state == "open" for finding in notice.findings),
        "run_id": provenance.run_id,
        "code_version": provenance.code_version,
        "landed_at": provenance.landed_at,
        "role": provenance.role,
        "supersedes": provenance.supersedes,
        "received_on": provenance.received_on,
        "inputs_sha256": provenance.inputs_sha256,
        "licence": provenance.licence,
    }


def _cell_rows(document: Document, document_id: str) -> Iterator[Row]:
    for table in document.tables:
        for cell in table.cells:
            yield {
                "document_id": document_id,
                "table_no": table.table_no,
                "page": cell.page if cell.page is not None else table.page,
                "row": cell.row,
                "column": cell.column,
                "row_span": cell.row_span,
                "column_span": cell.column_span,
                "text": cell.text,
                **_edges(cell.box),
                "reader": document.reader,
                "agreed": cell.agreed,
                "confidence": cell.confidence,
                "place": table.place,
            }


def _indicator_row(indicator: Indicator, document_id: str) -> Row:
    return {
        **_plain(indicator),
        **_key(indicator.cell),
        "notes": [_plain(each) for each in indicator.notes],
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, indicator.serial_no),
    }


def _target_rows(notice: Notice) -> Iterator[Row]:
    by_serial = {indicator.serial_no: indicator for indicator in notice.indicators}
    for target in sorted(notice.targets, key=_printed_order(notice)):
        # A target without its indicator is let through: the cross-checks name it.
        owner = by_serial.get(target.serial_no)
        yield {
            **_plain(target),
            **_edges(target.box),
            **_key(target.cell),
            **{name: getattr(owner, name, None) for name in _REPEATED},
            "assessing_departments": getattr(owner, "assessing_departments", ()),
            "parts": [_plain(part) for part in target.parts],
            "document_id": notice.document_id,
            "indicator_id": indicator_id(notice.document_id, target.serial_no),
        }


def _printed_order(notice: Notice) -> Callable[[Target | Milestone], tuple[int, int]]:
    """Return the sort key of a target or milestone: serial number, then the entity's place."""
    order = {entity: place for place, entity in enumerate(notice.entities)}
    return lambda each: (each.serial_no, order.get(each.entity, len(order)))


def _placed_row(record: PrintedMethod | Milestone, document_id: str) -> Row:
    return {
        **_plain(record),
        **_edges(record.box),
        **_key(record.cell),
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, record.serial_no),
    }


def _finding_rows(notice: Notice) -> list[Row]:
    ids = finding_ids(notice.findings, notice.document_id)
    return [
        {
            **_plain(finding),
            **_edges(finding.box),
            **_key(finding.cell),
            "alternatives": [_plain(each) for each in finding.alternatives],
            "document_id": notice.document_id,
            "finding_id": finding_id,
        }
        for finding, finding_id in zip(notice.findings, ids, strict=True)
    ]


def _edges(box: Box | None) -> Row:
    return {name: getattr(box, name, None) for name in ("x0", "top", "x1", "bottom")}


def _key(cell: CellKey | None) -> Row:
    return {name: getattr(cell, name, None) for name in ("table_no", "row", "column")}


_Record = (
    Indicator | Target | Finding | Part | Alternative | Note | PrintedMethod | Milestone | Entity
)


def _plain(record: _Record) -> Row:
    """Return the record's fields as they are, without its places."""
    kind: type = type(record)
    return {name: getattr(record, name) for name in _plain_names(kind)}


@cache
def _plain_names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in ("box", "cell"))


def indicator_of(row: Row) -> Indicator:
    """Return the record of a landed row of ``indicators``."""
    own = _fields(Indicator, row) | {
        "notes": tuple(Note(**each) for each in row.get("notes") or ())
    }
    return Indicator(**own, cell=_printed(CellKey, row))


def target_of(row: Row) -> Target:
    """Return the record of a landed row of ``targets``."""
    own = _fields(Target, row) | {"parts": tuple(Part(**part) for part in row["parts"] or ())}
    return Target(**own, box=_printed(Box, row), cell=_printed(CellKey, row))


def _fields(record: type, row: Row) -> Row:
    """Return the row's values of the record's fields but for its places, lists as tuples.

    What is empty and is not in a record (rows landed by older versions) is left to its default.
    """
    values = {
        field.name: row[field.name]
        for field in fields(record)
        if field.name in row and (row[field.name] is not None or field.default in (MISSING, None))
    }
    return {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}


_Place = TypeVar("_Place", Box, CellKey)


def _printed(kind: type[_Place], row: Row) -> _Place | None:
    """Return the row's box or cell; None where it has none."""
    values = [row[name] for name in kind._fields]
    return None if None in values else kind(*values)
