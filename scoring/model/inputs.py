"""Targets and indicators as columns with codes that lead from one to the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from common.refusal import refusal
from schemas.tables.columns import COLUMNS
from schemas.vocabulary import Direction, ItemKind, Operator, TargetKind
from scoring.model.columns import Columns, Flags, Floats, Ints, Numbering, Words

OPERATORS = COLUMNS["operator"].values
KINDS = COLUMNS["target_kind"].values
_COUNTED = KINDS.index(TargetKind.ZERO_TOLERANCE)
DIRECTIONS = COLUMNS["direction"].values
#: Codes of directions.
HIGHER, LOWER, NEARER, UNKNOWN = (DIRECTIONS.index(each) for each in Direction)
ASSESSED, NOT_ASSESSED, UNREADABLE = range(3)
ITEM_KINDS = tuple(each.value for each in ItemKind)
_BONUS, _MINUS = ITEM_KINDS.index(ItemKind.BONUS), ITEM_KINDS.index(ItemKind.MINUS)

_TARGETS = (
    *("document_id", "serial_no", "entity", "status", "weight_group", "max_points"),
    *("target_kind", "operator", "target_value", "target_unit", "parts", "year"),
)
_INDICATORS = ("document_id", "serial_no", "level1", "level2", "level3", "level4", "indicator")


@dataclass(frozen=True, slots=True)
class Rows:
    """One row an indicator and entity, in the targets' order.

    ``pair`` numbers (document, entity), ``cell`` (pair, serial_no), ``indicator`` is the row in
    the indicators. ``status``, ``kind`` and ``operator`` are codes (an operator may be -1).
    ``way`` is the code of the direction, by the operator or else by the indicator.
    ``item_kind`` codes :data:`ITEM_KINDS`. Items on top of the whole have no share of it: each
    bonus and each minus item is a group of its own with its cap as its points. Those that nothing
    can be counted for (vetoes, no cap) are taken as not assessed. ``base`` is what was
    reached the year before, NaN where it is not in the target's unit.
    """

    columns: Columns
    indicators: Columns
    documents: Words
    entities: Words
    serial: Ints
    group: Ints
    status: Ints
    kind: Ints
    operator: Ints
    target: Floats
    max_points: Floats
    indicator: Ints
    way: Ints
    pair: Numbering
    cell: Numbering
    item_kind: Ints
    base: Floats

    def __len__(self) -> int:
        return len(self.serial)

    @property
    def width(self) -> int:
        """One more than the greatest serial number."""
        return int(self.serial.max(initial=0)) + 1

    @property
    def on_top(self) -> Flags:
        """Tell which rows are of items on top of the whole."""
        found: Flags = self.item_kind != 0
        return found

    @property
    def minus(self) -> Flags:
        """Tell which rows are of items that take points away."""
        found: Flags = self.item_kind == _MINUS
        return found

    @property
    def count(self) -> Flags:
        """Tell of which rows the value is a number of events."""
        found: Flags = self.kind == _COUNTED
        return found

    def pairs(self) -> tuple[Ints, Ints]:
        """Return document and entity code of each pair number; -1 where the pair has no row."""
        found = [np.full(self.pair.size, -1, np.int64) for _ in range(2)]
        found[0][self.pair.numbers] = self.documents.codes
        found[1][self.pair.numbers] = self.entities.codes
        return found[0], found[1]

    def years(self) -> Ints:
        """Return the year of each document."""
        years = np.zeros(len(self.documents.values), np.int64)
        years[self.documents.codes] = self.columns.ints("year")
        return years


def read_rows(targets: pd.DataFrame, indicators: pd.DataFrame) -> Rows:
    """Return the targets' rows; both frames have the contract's columns, targets with ``year``.

    Refusal where a target has no indicator or occurs twice.
    """
    columns = Columns(targets, _TARGETS)
    owners = Columns(indicators, (*_INDICATORS, "direction", "base_points"))
    documents, entities = columns.words("document_id"), columns.words("entity")
    serial = columns.ints("serial_no")
    pair = Numbering(documents.codes, entities.codes, max(len(entities.values), 1))
    width = int(serial.max(initial=0)) + 1
    operator = columns.words("operator").among(OPERATORS)
    indicator = _owners(documents, serial, owners, width)
    status = columns.words("status").among(COLUMNS["status"].values)
    max_points = columns.floats("max_points")
    item_kind = _item_kinds(targets)
    if item_kind.any():
        max_points = _with_caps(targets, item_kind, status, max_points)
    return Rows(
        columns=columns,
        indicators=owners,
        documents=documents,
        entities=entities,
        serial=serial,
        group=columns.ints("weight_group"),
        status=status,
        kind=columns.words("target_kind").among(KINDS),
        operator=operator,
        target=columns.floats("target_value"),
        max_points=max_points,
        indicator=indicator,
        way=way_of(operator, owners.words("direction").among(DIRECTIONS)[indicator]),
        pair=pair,
        cell=_unique(Numbering(pair.numbers, serial, width)),
        item_kind=item_kind,
        base=_base(targets),
    )


def _item_kinds(targets: pd.DataFrame) -> Ints:
    """Return what each target's item does to the points; of older versions all are scored."""
    if "item_kind" not in targets:
        return np.zeros(len(targets), np.int64)
    kinds = Columns(targets, ("item_kind",)).words("item_kind").among(ITEM_KINDS)
    return np.maximum(kinds, 0)


def _with_caps(targets: pd.DataFrame, item_kind: Ints, status: Ints, max_points: Floats) -> Floats:
    """Return the points with those of items on top of the whole, which are their caps.

    Without a cap, and where points may go either way, nothing is counted (``status``, in place).
    """
    rows = np.flatnonzero(item_kind)
    points = max_points.copy()
    points[rows] = Columns(targets.iloc[rows], ("cap",)).floats("cap")
    counted = np.isin(item_kind[rows], (_BONUS, _MINUS)) & ~np.isnan(points[rows])
    status[rows[~counted]] = NOT_ASSESSED
    return points


def _base(targets: pd.DataFrame) -> Floats:
    """Return what was reached before, in the target's unit; of what has no target in its own."""
    if "base_value" not in targets:
        return np.full(len(targets), np.nan)
    values = targets["base_value"].to_numpy(np.float64, na_value=np.nan)
    if np.isnan(values).all():
        return values
    same = (targets["base_unit"] == targets["target_unit"]).fillna(False)
    alone = targets["target_value"].isna() | targets["target_unit"].isna()
    return np.where((same | alone).to_numpy(np.bool_), values, np.nan)


def _owners(documents: Words, serial: Ints, owners: Columns, width: int) -> Ints:
    """Return the row of each target's indicator."""
    document = owners.words("document_id").among(documents.values)
    number = owners.ints("serial_no")
    known = (document >= 0) & (number < width)
    place = np.full(len(documents.values) * width, -1, np.int64)
    place[(document * width + number)[known]] = np.flatnonzero(known)
    found: Ints = place[documents.codes * width + serial]
    if found.min(initial=0) < 0:
        row = int(np.argmin(found))
        name = documents.values[documents.codes[row]]
        raise refusal("scoring.target_without_indicator", document=name, serial_no=int(serial[row]))
    return found


def _unique(cell: Numbering) -> Numbering:
    if np.bincount(cell.numbers).max(initial=0) > 1:
        raise refusal("scoring.target_twice")
    return cell


_BELOW, _ABOVE = {Operator.LESS_THAN, Operator.AT_MOST}, {Operator.MORE_THAN, Operator.AT_LEAST}
_LESS = np.array([*(operator in _BELOW for operator in OPERATORS), False])
_MORE = np.array([*(operator in _ABOVE for operator in OPERATORS), False])


def way_of(operator: Ints, otherwise: Ints) -> Ints:
    """Return the direction's code: by the operator, else ``otherwise``."""
    found: Ints = np.where(_LESS[operator], LOWER, np.where(_MORE[operator], HIGHER, otherwise))
    return found
