"""Which documents are held against which goldens, and what is compared of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from schemas.records.document import Document
from schemas.records.notice import Indicator, Notice, Target
from tests.support.paths import ROOT

GOLDENS = ROOT / "tests" / "goldens"


FIXTURES = ROOT / "tests" / "fixtures" / "notices"


ZIYANG = {
    "calc.pdf": ROOT / "raw" / "notices" / "ziyang-2020" / "calc.pdf",
    "writer.pdf": FIXTURES / "2020" / "writer.pdf",
    "docx": FIXTURES / "2020" / "notice.docx",
    "html": FIXTURES / "2020" / "notice.html",
    "xlsx": FIXTURES / "2020" / "notice.xlsx",
    "xls": FIXTURES / "2020" / "notice.xls",
    "chromium.pdf": Path("chromium.pdf"),  # printed below
}


OTHER_CITY = {
    "docx": FIXTURES / "2021-other-city" / "notice.docx",
    "calc.pdf": FIXTURES / "2021-other-city" / "calc.pdf",
}


INDICATOR_TEXTS = (
    *("level1", "level2", "level3", "level4", "indicator", "unit", "direction", "note"),
)


TARGET_TEXTS = ("status", "target_text", "target_kind", "operator", "target_unit")


IN_TARGETS_TABLE = {
    *("level1", "level2", "level3", "level4", "indicator", "unit", "weight_group"),
    "assessing_departments",
}


Value = str | float | bool | tuple[str, ...] | None | list[dict[str, object]]


Values = dict[tuple[int, str, str], Value]


@dataclass(frozen=True)
class Reading:
    """One document read and normalized: what it says, and which places say "look at me"."""

    document: Document
    notice: Notice
    values: Values
    flagged: frozenset[tuple[int, str]]

    def is_flagged(self, serial: int, entity: str, column: str) -> bool:
        """Whether a reader of the tables is told that this value may be wrong."""
        if entity:
            return (serial, entity) in self.flagged
        if column in IN_TARGETS_TABLE:
            return all((serial, name) in self.flagged for name in self.notice.entities)
        return any(f.serial_no == serial and f.field == column for f in self.notice.findings)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    return float(text) if text else None


def names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|")) if text else ()


def golden_values(folder: str) -> Values:
    """The golden as one value a (serial, entity, column); entity empty for an indicator's own."""
    values: Values = {}
    for row in rows_of(GOLDENS / folder / "indicators.csv"):
        cells: dict[str, Value] = {name: row[name] or None for name in INDICATOR_TEXTS}
        cells["weight_group"] = int(row["weight_group"])
        cells["base_points"] = number(row["base_points"])
        cells["assessing_departments"] = names(row["assessing_departments"])
        cells["supporting_departments"] = names(row["supporting_departments"])
        values |= {(int(row["serial_no"]), "", name): cell for name, cell in cells.items()}
    for row in rows_of(GOLDENS / folder / "targets.csv"):
        cells = {name: row[name] or None for name in TARGET_TEXTS}
        cells["max_points"] = number(row["max_points"])
        cells["target_value"] = number(row["target_value"])
        cells["parts"] = json.loads(row["parts"])
        cells["inherited"] = row["inherited"] == "true"
        key = int(row["serial_no"]), row["entity"]
        values |= {(*key, name): cell for name, cell in cells.items()}
    return values


def indicator_values(row: Indicator) -> dict[str, Value]:
    return {name: getattr(row, name) for name in INDICATOR_TEXTS} | {
        "weight_group": row.weight_group,
        "base_points": row.base_points,
        "assessing_departments": tuple(row.assessing_departments),
        "supporting_departments": tuple(row.supporting_departments),
    }


def target_values(row: Target) -> dict[str, Value]:
    return {name: getattr(row, name) for name in TARGET_TEXTS} | {
        "max_points": row.max_points,
        "target_value": row.target_value,
        "parts": [asdict(part) for part in row.parts],
        "inherited": row.inherited,
    }


def notice_values(notice: Notice) -> Values:
    values: Values = {}
    for indicator in notice.indicators:
        for name, value in indicator_values(indicator).items():
            values[indicator.serial_no, "", name] = value
    for target in notice.targets:
        for name, value in target_values(target).items():
            values[target.serial_no, target.entity, name] = value
    return values


def differences(golden: Values, reading: Reading) -> Iterator[tuple[int, str, str]]:
    for key in sorted(golden.keys() | reading.values.keys()):
        absent = object()
        if golden.get(key, absent) != reading.values.get(key, absent):
            yield key


def table(keys: list[tuple[int, str, str]], golden: Values, reading: Reading) -> str:
    lines = [
        f"{key[0]:>4} | {key[1] or '-'} | {key[2]} | golden {golden.get(key, 'no such row')!r}"
        f" | got {reading.values.get(key, 'no such row')!r}"
        f" | {'flagged' if reading.is_flagged(*key) else 'SILENT'}"
        for key in keys
    ]
    return f"\n{len(keys)} differences\n" + "\n".join(lines)
