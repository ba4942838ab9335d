"""Small documents for comparing, each indicator one line, and the goldens as documents."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from typing import Any

from compare.documents import Item, Row, Side
from tests.support.paths import GOLDENS

_EMPTY: dict[str, Any] = {"level4": None, "unit": None, "note": None, "supporting_departments": []}


def item(serial_no: int, name: str, **changes: Any) -> Item:
    """One indicator of 3 points for 甲县 and 乙县; ``changes`` go to its row or its targets."""
    of_targets = {key: changes.pop(key) for key in ("甲县", "乙县", "max_points") if key in changes}
    row = _EMPTY | {
        "serial_no": serial_no,
        "indicator_id": f"x/{serial_no:03d}",
        "level1": "高质量发展",
        "level2": "创新驱动",
        "level3": name,
        "indicator": name,
        "weight_group": serial_no,
        "base_points": 3.0,
        "assessing_departments": ["市科技局"],
    }
    row |= changes
    points = of_targets.get("max_points", row["base_points"])
    targets = {e: target(of_targets.get(e, "5"), points) for e in ("甲县", "乙县")}
    return Item(row, targets)


def target(text: str | None, points: float) -> Row:
    """A target: a number, a text, or None where the entity is not assessed."""
    number = text is not None and text.replace(".", "").isdigit()
    return {
        "status": "not_assessed" if text is None else "assessed",
        "max_points": points,
        "target_text": text,
        "target_kind": "none" if text is None else "number" if number else "judged",
        "operator": ">=" if number else None,
        "target_value": float(text) if number and text else None,
        "target_unit": None,
        "parts": [],
        "needs_review": False,
    }


def side(*items: Item, document_id: str = "x") -> Side:
    """Return a document of these indicators, numbered as they stand; groups move with numbers."""
    new = {each.serial_no: place for place, each in enumerate(items, 1)}
    numbered = []
    for place, each in enumerate(items, 1):
        group = new.get(each.group, place)
        numbered.append(replace(each, row={**each.row, "serial_no": place, "weight_group": group}))
    return Side(document_id, 2020, tuple(numbered), ("甲县", "乙县"))


def golden(folder: str) -> Side:
    """Return a document as its golden holds it."""
    targets: dict[int, dict[str, Row]] = defaultdict(dict)
    for row in _rows(folder, "targets"):
        values = {name: row[name] or None for name in row} | {"needs_review": False}
        values["max_points"] = float(row["max_points"])
        values["parts"] = row["parts"]
        targets[int(row["serial_no"])][row["entity"]] = values
    items = []
    for row in _rows(folder, "indicators"):
        values = {name: row[name] or None for name in row}
        values |= {name: int(row[name]) for name in ("serial_no", "weight_group")}
        values["base_points"] = float(row["base_points"])
        for name in ("assessing_departments", "supporting_departments"):
            values[name] = [part for part in row[name].split("|") if part]
        items.append(Item(values, targets[values["serial_no"]]))
    entities = tuple(dict.fromkeys(name for each in items for name in each.targets))
    return Side(folder, None, tuple(items), entities)


def _rows(folder: str, name: str) -> list[dict[str, str]]:
    with (GOLDENS / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
