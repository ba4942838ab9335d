"""Reads a drawn document with the product and says where it differs from what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from extract.read import read_document
from normalize.notice import normalize
from schemas.document import Document
from schemas.notice import Notice as Reading
from schemas.source import SourceMeta
from tests.workshop.layout import Layout
from tests.workshop.logical import Notice, expected_indicators, expected_targets

Row = Mapping[str, Any]


def read_notice(path: Path, year: int | None = None) -> tuple[Document, Reading]:
    """Read and normalize one document, without the second reader."""
    document = read_document(path, cross_check=False)
    return document, normalize(document, SourceMeta(document_id="drawn", year=year))


def differences(drawn: Notice, layout: Layout, reading: Reading) -> list[str]:
    """Return every difference between a fitted notice and its reading, in words."""
    indicators = expected_indicators(drawn, unit_in_name=layout.unit_in_name)
    return [
        *_unlike("entities", drawn.entities, reading.entities),
        *_rows_unlike(indicators, [_indicator_row(one) for one in reading.indicators]),
        *_rows_unlike(expected_targets(drawn), [_target_row(one) for one in reading.targets]),
    ]


def flagged(reading: Reading) -> list[str]:
    """Return what the reading asks a person to look at."""
    targets = [
        f"{one.serial_no} {one.entity}: {one.review_reason}"
        for one in reading.targets
        if one.needs_review
    ]
    findings = [
        f"{one.severity} {one.code} {one.serial_no} {one.entity}: {one.message}"
        for one in reading.findings
        if one.severity in ("error", "warning") and one.state == "open"
    ]
    return targets + findings


def _indicator_row(one: Any) -> dict[str, Any]:
    names = (
        "serial_no level1 level2 level3 level4 indicator unit weight_group base_points "
        "assessing_departments supporting_departments note"
    )
    return {name: getattr(one, name) for name in names.split()}


def _target_row(one: Any) -> dict[str, Any]:
    names = "serial_no entity status max_points target_text target_kind target_value target_unit"
    return {name: getattr(one, name) for name in names.split()}


def _rows_unlike(drawn: Sequence[Row], read: Sequence[Row]) -> Iterator[str]:
    if len(drawn) != len(read):
        yield f"{len(drawn)} rows drawn, {len(read)} read"
    by_key = {(row["serial_no"], row.get("entity")): row for row in read}
    for row in drawn:
        key = (row["serial_no"], row.get("entity"))
        other = by_key.get(key)
        if other is None:
            yield f"{key}: not read"
            continue
        for name, value in row.items():
            yield from _unlike(f"{key} {name}", value, other[name])


def _unlike(where: str, drawn: Any, read: Any) -> Iterator[str]:
    if where.endswith(" note"):
        # A leaf's method and note land together, in an order that is not promised.
        same = all(text in (read or "") for text in drawn) and bool(drawn) == bool(read)
    else:
        same = drawn == read
    if not same:
        yield f"{where}: drawn {drawn!r}, read {read!r}"
