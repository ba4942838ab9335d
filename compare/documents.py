"""A landed document as it is compared: its indicators with their targets, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from common.fold import fold_tight, without_years
from schemas.tables.frames import frame_to_arrow
from schemas.tables.registry import INDICATORS, TARGETS

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """Return a text folded for comparing, without years, which move on with the notice."""
    return without_years(fold_tight(text))


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator: its row of ``indicators`` and, by entity, its rows of ``targets``."""

    row: Row
    targets: Mapping[str, Row]

    @property
    def serial_no(self) -> int:
        """Its place in printed order, from 1."""
        return int(self.row["serial_no"])

    @property
    def name(self) -> str:
        """The name that is compared: where level 3 is split, both parts of it."""
        parts = (self.row["level3"] if self.row["level4"] else None, self.row["indicator"])
        return " ".join(part for part in parts if part)

    @property
    def heading(self) -> tuple[str, ...]:
        """The headings it stands under, outermost first."""
        return tuple(name for name in (self.row["level1"], self.row["level2"]) if name)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that assess it."""
        return tuple(self.row["assessing_departments"] or ())

    @property
    def group(self) -> int:
        """The number of its weight group: that of the group's first member."""
        return int(self.row["weight_group"])


@dataclass(frozen=True, slots=True)
class Side:
    """One document: its items in printed order and its entities in printed order."""

    document_id: str
    year: int | None
    items: tuple[Item, ...]
    entities: tuple[str, ...]

    def members(self, group: int) -> frozenset[int]:
        """Return the serial numbers that share one printed points cell."""
        return frozenset(item.serial_no for item in self.items if item.group == group)


def side(document_id: str, indicators: pd.DataFrame, targets: pd.DataFrame) -> Side:
    """Return one document of landed ``indicators`` and ``targets`` (rows of others are left out).

    The frames are those of :mod:`schemas.tables.registry`, with or without the column ``year``.
    """
    mine = indicators[indicators["document_id"] == document_id]
    years = [] if "year" not in mine.columns else sorted({int(year) for year in mine["year"]})
    rows = frame_to_arrow(INDICATORS, mine).to_pylist()
    printed = targets[targets["document_id"] == document_id]
    by_serial: dict[int, dict[str, Row]] = {}
    for row in frame_to_arrow(TARGETS, printed).to_pylist():
        by_serial.setdefault(row["serial_no"], {})[row["entity"]] = row
    ordered = sorted(rows, key=lambda row: row["serial_no"])
    items = tuple(Item(row, by_serial.get(row["serial_no"], {})) for row in ordered)
    entities = tuple(dict.fromkeys(name for item in items for name in item.targets))
    return Side(document_id, years[0] if len(years) == 1 else None, items, entities)
