"""A landed document as the review page's script takes it: plain JSON, short names, no markup."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.days import ZONE
from common.numbers import show
from report.boxes import edges_of
from report.pictures.pages import PagePicture
from report.review.grid import grid_rows
from report.review.places import FIELDS, Places, find_places
from report.review.totals import totals
from report.rule_words import method_words
from schemas.records.rows import (
    CellRow,
    FindingRow,
    IndicatorRow,
    MethodRow,
    NoticeRow,
    PartRow,
    TargetRow,
)
from schemas.vocabulary import word, words

#: The sections of the vocabulary that the page's scripts take their words from.
_WORDS = (
    *("severity", "finding_state", "target_status", "target_kind", "direction"),
    *("field", "missing", "method_status"),
)
_META = (
    *("document_id", "title", "doc_number", "issuer", "issued_on", "source_name"),
    *("source_format", "source_sha256", "pages", "reader", "cross_reader", "code_version"),
    *("landed_at", "year"),
)
_CELL = (
    *("table_no", "page", "row", "column", "row_span", "column_span", "text"),
    *("agreed", "confidence"),
)
_INDICATOR = (
    *("serial_no", "level1", "level2", "level3", "level4", "indicator", "unit", "weight_group"),
    *("base_points", "direction", "assessing_departments", "supporting_departments"),
    *("note", "page"),
)
_TARGET = (
    *("status", "max_points", "target_text", "target_kind", "inherited", "needs_review"),
    *("review_reason", "page", "base_text"),
)
_METHOD = ("text", "status", "reason", "page")
_FINDING = (
    *("finding_id", "severity", "code", "serial_no", "entity", "field", "message_zh", "text"),
    *("state", "page"),
)


@dataclass(frozen=True, slots=True)
class Landed:
    """The rows of one document, as its tables hold them."""

    notice: NoticeRow
    cells: Sequence[CellRow]
    indicators: Sequence[IndicatorRow]
    targets: Sequence[TargetRow]
    findings: Sequence[FindingRow]
    methods: Sequence[MethodRow] = ()

    @property
    def title(self) -> str:
        """What the document is called."""
        return self.notice["title"] or self.notice["document_id"]


def review_data(
    landed: Landed, pictures: Sequence[PagePicture], remark: str | None = None
) -> dict[str, object]:
    """Return all that the page shows; ``remark`` says why there are no pictures where it matters.

    Values refer to cells by their place in ``cells``; null where the place is not known.
    """
    places = find_places(landed.cells, landed.indicators, landed.targets, landed.findings)
    entities = list(dict.fromkeys(target["entity"] for target in landed.targets))
    return {
        "words": {section: dict(words(section)) for section in _WORDS},
        "meta": _meta(landed.notice),
        "remark": remark,
        "pages": [
            {"page": each.page, "src": each.name, "width": each.width, "height": each.height}
            for each in pictures
        ],
        "cells": [_cell(cell, bool(pictures)) for cell in landed.cells],
        "tables": [] if pictures else _tables(landed.cells),
        "entities": entities,
        "indicators": [_indicator(each, places, landed.methods) for each in landed.indicators],
        "targets": _by_indicator(landed.targets, places),
        "findings": [
            {**_picked(finding, _FINDING), "alternatives": _alternatives(finding), "cell": cell}
            for finding, cell in zip(landed.findings, places.findings, strict=True)
        ],
        "totals": totals(landed.targets, entities),
    }


def as_script_text(data: Mapping[str, object]) -> str:
    """Return the data as JSON that may stand in a script element: nothing in it ends one.

    ``<``, ``>`` and ``&`` become escapes of JSON, so no text can close the element, open a comment
    or look like a tag to whatever reads the page.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text.encode("utf-8", "replace").decode("utf-8")


def _meta(notice: NoticeRow) -> dict[str, object]:
    """Return what the page's head says; the day and hour as all pages tell them."""
    return {**_picked(notice, _META), "landed_at": notice["landed_at"].astimezone(ZONE)}


def _picked(row: Mapping[str, object], names: Sequence[str]) -> dict[str, object]:
    return {name: row[name] for name in names}


def _alternatives(finding: FindingRow) -> list[dict[str, object]]:
    """Return other readings as the page needs them: a text, and the indicator that is meant."""
    picked = (_picked(each, ("text", "serial_no")) for each in finding["alternatives"])
    return list({each["text"]: each for each in picked}.values())


def _cell(cell: CellRow, with_box: bool) -> list[object]:
    """Return a cell as a list: the names of it are in model.js."""
    edges = edges_of(cell) or (None, None, None, None)
    box = [None if edge is None else round(edge, 1) for edge in edges]
    return [*_picked(cell, _CELL).values(), *(box if with_box else ())]


def _tables(cells: Sequence[CellRow]) -> list[dict[str, object]]:
    numbers: dict[int, list[int]] = {}
    for number, cell in enumerate(cells):
        numbers.setdefault(cell["table_no"], []).append(number)
    return [
        {
            "table_no": table_no,
            "page": cells[of_table[0]]["page"],
            "place": cells[of_table[0]]["place"],
            "rows": grid_rows(cells, of_table),
        }
        for table_no, of_table in sorted(numbers.items())
    ]


def _indicator(
    indicator: IndicatorRow, places: Places, methods: Sequence[MethodRow]
) -> dict[str, object]:
    serial_no = indicator["serial_no"]
    return {
        **_picked(indicator, _INDICATOR),
        "points": show(indicator["base_points"], none=""),
        "rows": places.rows.get(serial_no),
        "methods": [
            {**_picked(each, _METHOD), "read": method_words(each)}
            for each in methods
            if each["serial_no"] == serial_no
        ],
        "cells": {
            name: places.fields[serial_no, name]
            for name in FIELDS
            if (serial_no, name) in places.fields
        },
    }


def _by_indicator(
    targets: Sequence[TargetRow], places: Places
) -> dict[str, dict[str, dict[str, object]]]:
    found: dict[str, dict[str, dict[str, object]]] = {}
    for target in targets:
        serial_no, entity = target["serial_no"], target["entity"]
        value = {
            **_picked(target, _TARGET),
            "points": show(target["max_points"], none=""),
            "label": _label(target["operator"], target["target_value"], target["target_unit"]),
            "parts": [_part(part) for part in target["parts"]],
            "cell": places.targets.get((serial_no, entity)),
        }
        found.setdefault(str(serial_no), {})[entity] = value
    return found


def _part(part: PartRow) -> dict[str, object]:
    label = _label(part["operator"], part["value"], part["unit"])
    return {"text": part["text"], "label": f"{part['subject'] or ''} {label}".strip()}


def _label(operator: str | None, value: float | None, unit: str | None) -> str:
    """Return a typed target in words: ≥ 4.3 %."""
    sign = word("operator", operator) if operator else ""
    return " ".join(filter(None, (sign, show(value), unit))) if value is not None else ""
