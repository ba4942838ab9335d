"""Small documents for comparing, each indicator one line, and the goldens as documents."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import replace
from typing import Any

from compare.documents import Item, Side
from schemas.records.notice import Indicator, Part, Target
from tests.support.paths import GOLDENS

_EMPTY = Indicator(
    1, "高质量发展", "创新驱动", None, None, "", None, 1, 3.0, "higher_is_better",
    ("市科技局",), (), None, None,
)  # fmt: skip


def item(serial_no: int, name: str, **changes: Any) -> Item:
    """One indicator of 3 points for 甲县 and 乙县; ``changes`` go to it or to its targets."""
    of_targets = {key: changes.pop(key) for key in ("甲县", "乙县", "max_points") if key in changes}
    changes = {key: tuple(v) if isinstance(v, list) else v for key, v in changes.items()}
    own = {"serial_no": serial_no, "level3": name, "indicator": name, "weight_group": serial_no}
    indicator = replace(_EMPTY, **(own | changes))
    points = of_targets.get("max_points", indicator.base_points)
    targets = {
        entity: target(of_targets.get(entity, "5"), points, serial_no, entity)
        for entity in ("甲县", "乙县")
    }
    return Item(indicator, targets)


def target(text: str | None, points: float, serial_no: int = 1, entity: str = "甲县") -> Target:
    """A target: a number, a text, or None where the entity is not assessed."""
    number = text is not None and text.replace(".", "").isdigit()
    return Target(
        serial_no,
        entity,
        status="not_assessed" if text is None else "assessed",
        max_points=points,
        target_text=text,
        target_kind="none" if text is None else "number" if number else "judged",
        operator=">=" if number else None,
        target_value=float(text) if number and text else None,
        target_unit=None,
        parts=(),
        inherited=False,
        page=None,
        box=None,
        needs_review=False,
        review_reason=None,
    )


def side(*items: Item, document_id: str = "x") -> Side:
    """Return a document of these indicators, numbered as they stand; groups move with numbers."""
    new = {each.serial_no: place for place, each in enumerate(items, 1)}
    numbered = []
    for place, each in enumerate(items, 1):
        group = new.get(each.group, place)
        own = replace(each.indicator, serial_no=place, weight_group=group)
        numbered.append(replace(each, indicator=own))
    return Side(document_id, 2020, tuple(numbered), ("甲县", "乙县"))


def golden(folder: str) -> Side:
    """Return a document as its golden holds it."""
    targets: dict[int, dict[str, Target]] = defaultdict(dict)
    for row in _rows(folder, "targets"):
        blank = target(None, float(row["max_points"]), int(row["serial_no"]), row["entity"])
        targets[blank.serial_no][blank.entity] = replace(
            blank,
            status=row["status"],
            target_text=row["target_text"] or None,
            target_kind=row["target_kind"],
            operator=row["operator"] or None,
            target_value=float(row["target_value"]) if row["target_value"] else None,
            target_unit=row["target_unit"] or None,
            parts=(Part(row["parts"], None, None, None, None),) if row["parts"] else (),
        )
    items = []
    for row in _rows(folder, "indicators"):
        own = Indicator(
            serial_no=int(row["serial_no"]),
            **{name: row[name] or None for name in ("level1", "level2", "level3", "level4")},
            indicator=row["indicator"],
            unit=row["unit"] or None,
            weight_group=int(row["weight_group"]),
            base_points=float(row["base_points"]),
            direction=row["direction"],
            assessing_departments=tuple(filter(None, row["assessing_departments"].split("|"))),
            supporting_departments=tuple(filter(None, row["supporting_departments"].split("|"))),
            note=row["note"] or None,
            page=None,
        )
        items.append(Item(own, targets[own.serial_no]))
    entities = tuple(dict.fromkeys(name for each in items for name in each.targets))
    return Side(folder, None, tuple(items), entities)


def _rows(folder: str, name: str) -> list[dict[str, str]]:
    with (GOLDENS / folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
