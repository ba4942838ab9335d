"""A document and its notice become the frames that are landed.

One row of each frame is what :mod:`schemas.tables.registry` says it is. Nothing is computed here
but keys, counts and the columns that targets repeat from their indicator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, TypeVar

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
from schemas.records.rows import CellRow, IndicatorRow, MethodRow, NoticeRow, TargetRow
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


_Made = dict[str, object]
"""What a row is made of, by column: :func:`rows_to_arrow` holds it to the table's."""

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
    rows: dict[str, Sequence[Mapping[str, object]]] = {
        "notices": [_notice_row(document, notice, provenance)],
        "cells": list(_cell_rows(document, notice.document_id)),
        "indicators": [
            _indicator_row(indicator, notice.document_id)
            for indicator in sorted(notice.indicators, key=lambda each: each.serial_no)
        ],
        "targets": list(_target_rows(notice)),
        "methods": [method_row(each, notice.document_id) for each in notice.methods],
        "milestones": [
            _milestone_row(each, notice.document_id)
            for each in sorted(notice.milestones, key=_printed_order(notice))
        ],
        "entities": [
            {**_plain(each), "document_id": notice.document_id} for each in notice.assessed
        ],
        "findings": _finding_rows(notice),
    }
    return {name: rows_to_arrow(TABLES[name], rows[name]) for name in rows}


def _notice_row(document: Document, notice: Notice, provenance: Provenance) -> NoticeRow:
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


def _cell_rows(document: Document, document_id: str) -> Iterator[CellRow]:
    for table in sorted(document.tables, key=lambda each: each.table_no):
        for cell in sorted(table.cells, key=lambda each: (each.row, each.column)):
            x0, top, x1, bottom = cell.box or _NO_BOX
            yield {
                "document_id": document_id,
                "table_no": table.table_no,
                "page": cell.page if cell.page is not None else table.page,
                "row": cell.row,
                "column": cell.column,
                "row_span": cell.row_span,
                "column_span": cell.column_span,
                "text": cell.text,
                "x0": x0,
                "top": top,
                "x1": x1,
                "bottom": bottom,
                "reader": document.reader,
                "agreed": cell.agreed,
                "confidence": cell.confidence,
                "place": table.place,
            }


def _indicator_row(indicator: Indicator, document_id: str) -> _Made:
    return {
        **_plain(indicator),
        **_key(indicator.cell),
        "notes": [_plain(each) for each in indicator.notes],
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, indicator.serial_no),
    }


def _target_rows(notice: Notice) -> Iterator[_Made]:
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


def method_row(method: PrintedMethod, document_id: str) -> MethodRow:
    """Return a printed method as a row of ``methods``."""
    x0, top, x1, bottom = method.box or _NO_BOX
    table_no, row, column = method.cell or _NO_CELL
    return {
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, method.serial_no),
        "serial_no": method.serial_no,
        "annex": method.annex,
        "text": method.text,
        "rule": method.rule,
        "parameters": method.parameters,
        "status": method.status,
        "reason": method.reason,
        "page": method.page,
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
        "table_no": table_no,
        "row": row,
        "column": column,
        "left_out": [*method.left_out],
    }


def _milestone_row(milestone: Milestone, document_id: str) -> _Made:
    return {
        **_plain(milestone),
        **_edges(milestone.box),
        **_key(milestone.cell),
        "document_id": document_id,
        "indicator_id": indicator_id(document_id, milestone.serial_no),
    }


def _finding_rows(notice: Notice) -> list[_Made]:
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


def _edges(box: Box | None) -> _Made:
    return dict(zip(Box._fields, box or _NO_BOX, strict=True))


def _key(cell: CellKey | None) -> _Made:
    return dict(zip(CellKey._fields, cell or _NO_CELL, strict=True))


_NO_BOX = (None, None, None, None)
_NO_CELL = (None, None, None)
_Record = Indicator | Target | Finding | Part | Alternative | Note | Milestone | Entity


def _plain(record: _Record) -> _Made:
    """Return the record's fields as they are, without its places."""
    kind: type = type(record)
    return {name: getattr(record, name) for name in _plain_names(kind)}


@cache
def _plain_names(kind: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(kind) if each.name not in ("box", "cell"))


def indicator_of(row: IndicatorRow) -> Indicator:
    """Return the record of a landed row of ``indicators``."""
    notes = tuple(_record(Note, each) for each in row.get("notes") or ())
    return _record(Indicator, row, notes=notes, cell=_printed(CellKey, row))


def target_of(row: TargetRow) -> Target:
    """Return the record of a landed row of ``targets``."""
    parts = tuple(_record(Part, each) for each in row["parts"] or ())
    return _record(Target, row, parts=parts, box=_printed(Box, row), cell=_printed(CellKey, row))


_Read = TypeVar("_Read", Indicator, Target, Note, Part)


def _record(kind: type[_Read], row: Mapping[str, object], **made: object) -> _Read:
    """Return a record of the row's values, lists as tuples, some of its fields already made.

    What is empty and is not in a record (rows landed by older versions) is left to its default.
    """
    values = {
        field.name: row[field.name]
        for field in fields(kind)
        if field.name in row and (row[field.name] is not None or field.default in (MISSING, None))
    }
    plain = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    make: Callable[..., _Read] = kind
    return make(**plain | made)


_Place = TypeVar("_Place", Box, CellKey)


def _printed(kind: type[_Place], row: Mapping[str, object]) -> _Place | None:
    """Return the row's box or cell; None where it has none."""
    values = [row[name] for name in kind._fields]
    make: Callable[..., _Place] = kind
    return None if None in values else make(*values)
