"""A receipt's values become rows of the table ``returns``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from returns.days import line_key
from returns.one_figure import landed_figures
from schemas.records.forms import Receipt, ReturnedValue

Row = dict[str, Any]


def return_rows(receipt: Receipt, received_on: date, landed: Iterable[Row]) -> list[Row]:
    """Return the rows of ``returns`` that a receipt adds to those that are landed.

    A row of this very file that is landed already is not returned again. ``revision`` is one more
    than the highest landed for the same indicator, entity and part, of whichever department.
    """
    revisions: dict[tuple[Any, ...], int] = {}
    there: set[tuple[Any, ...]] = set()
    landed = list(landed)
    figures = landed_figures(landed)
    for row in landed:
        line = line_key(row)
        revisions[line] = max(revisions.get(line, 0), int(row["revision"]))
        there.add((row["source_sha256"], row["source_sheet"], row["source_row"]))
    rows = []
    for value in receipt.values:
        row = _row(receipt, value, received_on)
        if value.line.one_figure and row["benchmark_value"] is None:
            row["benchmark_value"] = figures.get((row["serial_no"], row["part_no"]))
        if (row["source_sha256"], row["source_sheet"], row["source_row"]) not in there:
            rows.append(row | {"revision": revisions.get(line_key(row), 0) + 1})
    return rows


def _row(receipt: Receipt, value: ReturnedValue, received_on: date) -> Row:
    line = value.line
    return {
        "document_id": receipt.document_id,
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
        "department": receipt.department,
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
