"""A landed document as it is compared: its indicators with their targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from common.fold import fold_tight, without_years
from schemas.records.notice import Indicator, Target
from schemas.records.rows import IndicatorRow, TargetRow
from schemas.tables.document_frames import indicator_of, target_of
from schemas.tables.frames import rows_as

if TYPE_CHECKING:
    import pandas as pd


@lru_cache(maxsize=16384)
def folded(text: str) -> str:
    """Return a text folded for comparing, without years, which move on with the notice."""
    return without_years(fold_tight(text))


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator and, by entity, its targets."""

    indicator: Indicator
    targets: Mapping[str, Target]

    @property
    def serial_no(self) -> int:
        """Its place in printed order, from 1."""
        return self.indicator.serial_no

    @property
    def name(self) -> str:
        """The name that is compared: where level 3 is split, both parts of it."""
        own = self.indicator
        parts = (own.level3 if own.level4 else None, own.indicator)
        return " ".join(part for part in parts if part)

    @property
    def heading(self) -> tuple[str, ...]:
        """The headings it stands under, outermost first."""
        return tuple(name for name in (self.indicator.level1, self.indicator.level2) if name)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments that assess it."""
        return self.indicator.assessing_departments

    @property
    def group(self) -> int:
        """The number of its weight group: that of the group's first member."""
        return self.indicator.weight_group


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
    printed = targets[targets["document_id"] == document_id]
    items = items_of(rows_as(IndicatorRow, mine), rows_as(TargetRow, printed))
    entities = tuple(dict.fromkeys(name for item in items for name in item.targets))
    return Side(document_id, years[0] if len(years) == 1 else None, items, entities)


def items_of(indicators: Iterable[IndicatorRow], targets: Iterable[TargetRow]) -> tuple[Item, ...]:
    """Return the items of one document's landed rows, in printed order."""
    by_serial: dict[int, dict[str, Target]] = {}
    for row in targets:
        by_serial.setdefault(row["serial_no"], {})[row["entity"]] = target_of(row)
    printed = sorted(map(indicator_of, indicators), key=lambda each: each.serial_no)
    return tuple(Item(each, by_serial.get(each.serial_no, {})) for each in printed)
