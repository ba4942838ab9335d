"""A receipt's values become rows of the table ``returns``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from returns.days import Key, line_key
from returns.one_figure import landed_figures
from schemas.records.forms import Receipt, ReturnedValue
from schemas.records.rows import ReturnRow


def return_rows(
    receipt: Receipt, received_on: date, landed: Sequence[ReturnRow]
) -> list[ReturnRow]:
    """Return the rows of ``returns`` that a receipt adds to those that are landed.

    One that is refused whole adds none, and a row of this very file that is landed already is not
    returned again. ``revision`` is one more than the highest landed for the same indicator, entity
    and part, of whichever department.
    """
    if receipt.document_id is None or receipt.department is None:
        return []
    revisions: dict[Key, int] = {}
    there: set[tuple[str, str, int]] = set()
    figures = landed_figures(landed)
    for row in landed:
        line = line_key(row)
        revisions[line] = max(revisions.get(line, 0), row["revision"])
        there.add((row["source_sha256"], row["source_sheet"], row["source_row"]))
    rows = []
    whose = receipt.document_id, receipt.department
    for value in receipt.values:
        row = _row(whose, receipt, value, received_on)
        if value.line.one_figure and row["benchmark_value"] is None:
            row["benchmark_value"] = figures.get((row["serial_no"], row["part_no"]))
        if (row["source_sha256"], row["source_sheet"], row["source_row"]) not in there:
            row["revision"] += revisions.get(line_key(row), 0)
            rows.append(row)
    return rows


def _row(
    whose: tuple[str, str], receipt: Receipt, value: ReturnedValue, received_on: date
) -> ReturnRow:
    line, (document_id, department) = value.line, whose
    return {
        "document_id": document_id,
        "indicator_id": line.indicator_id,
        "serial_no": line.serial_no,
        "entity": line.entity,
        "part_no": line.part_no if line.part_text is not None else None,
        "actual_value": value.actual_value,
        "actual_text": value.actual_text,
        "awarded_pct": value.awarded_pct,
        "benchmark_value": value.benchmark_value,
        "veto": value.veto,
        "grounds": value.grounds,
        "department": department,
        "received_on": received_on,
        "revision": 1,
        "source_name": receipt.book.source_name,
        "source_sheet": value.sheet,
        "source_row": value.row,
        "source_sha256": receipt.book.source_sha256,
        "sample": receipt.sample,
        "indicator": line.indicator,
        "reported_by": value.signed.reported_by,
        "approved_by": value.signed.approved_by,
        "approved_on": value.signed.approved_on,
        "evidence": value.evidence,
    }
