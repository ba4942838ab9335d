"""Reads a drawn document with the product and says where it differs from what was drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.document import Document
from schemas.records.notice import Notice as Reading
from schemas.records.source import SourceMeta
from tests.support.workshop.layout import Layout
from tests.support.workshop.logical import Notice, expected_indicators, expected_targets

Row = Mapping[str, Any]


def read_notice(path: Path, year: int | None = None) -> tuple[Document, Reading]:
    """Read and normalize one document, without the second reader."""
    document = read_document(path, cross_check=False)
    return document, normalize(document, SourceMeta(document_id="drawn", year=year))


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that was read otherwise than drawn; without ``serial_no`` one of the whole."""

    field: str
    drawn: Any
    read: Any
    serial_no: int | None = None
    entity: str | None = None

    def __str__(self) -> str:
        where = " ".join(str(part) for part in (self.serial_no, self.entity) if part is not None)
        return f"{where} {self.field}: drawn {self.drawn!r}, read {self.read!r}".strip()


def differences(drawn: Notice, layout: Layout, reading: Reading) -> list[Difference]:
    """Return every difference between a fitted notice and its reading."""
    indicators = expected_indicators(drawn, unit_in_name=layout.unit_in_name)
    return [
        *unlike(Difference("entities", drawn.entities, reading.entities)),
        *_rows_unlike(indicators, [indicator_row(one) for one in reading.indicators]),
        *_rows_unlike(expected_targets(drawn), [target_row(one) for one in reading.targets]),
    ]


def silent(wrong: Sequence[Difference], reading: Reading) -> list[Difference]:
    """Return the differences of which the reading says nothing.

    A wrong target must be flagged itself; a wrong value of an indicator must be named in a
    finding or in the flags of one of its targets.
    """
    cells = {(one.serial_no, one.entity) for one in reading.targets if one.needs_review}
    found = {one.serial_no for one in reading.findings if one.severity != "info"}
    told = found | {serial for serial, _ in cells}
    return [
        one
        for one in wrong
        if (one.serial_no not in told if one.entity is None else _key(one) not in cells)
    ]


def _key(one: Difference) -> tuple[int | None, str | None]:
    return one.serial_no, one.entity


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


def indicator_row(one: Any) -> dict[str, Any]:
    """Return what is compared of an indicator, by the contract's names."""
    names = (
        "serial_no level1 level2 level3 level4 indicator unit weight_group base_points "
        "assessing_departments supporting_departments note"
    )
    return {name: getattr(one, name) for name in names.split()}


def target_row(one: Any) -> dict[str, Any]:
    """Return what is compared of a target, by the contract's names."""
    names = "serial_no entity status max_points target_text target_kind target_value target_unit"
    return {name: getattr(one, name) for name in names.split()}


def _rows_unlike(drawn: Sequence[Row], read: Sequence[Row]) -> Iterator[Difference]:
    if len(drawn) != len(read):
        yield Difference("rows", len(drawn), len(read))
    by_key = {(row["serial_no"], row.get("entity")): row for row in read}
    for row in drawn:
        serial, entity = row["serial_no"], row.get("entity")
        other = by_key.get((serial, entity))
        if other is None:
            yield Difference("row", "there", None, serial, entity)
            continue
        for name, value in row.items():
            yield from unlike(Difference(name, value, other[name], serial, entity))


def unlike(one: Difference) -> Iterator[Difference]:
    """Yield a difference if its two values are unlike."""
    if one.field == "note":
        # A leaf's method and note land together, in an order that is not promised.
        same = all(text in (one.read or "") for text in one.drawn)
        same = same and bool(one.drawn) == bool(one.read)
    else:
        same = bool(one.drawn == one.read)
    if not same:
        yield one
