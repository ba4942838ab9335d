"""Other readings of a doubtful cell, and between what bounds they leave the points."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from scoring.attainment import SCORED, Items, Returned, attain
from scoring.columns import Columns, Flags, Floats, Ints
from scoring.effective import Effective
from scoring.rows import OPERATORS, Rows, less_is_better
from scoring.shares import Shares

#: One row another reading of a target: what is empty is as in the reading that was landed.
#: ``readable`` false: what stands there in this reading gives no value.
COLUMNS = (
    *("document_id", "serial_no", "entity", "target_value", "operator", "max_points"),
    "readable",
)


@dataclass(frozen=True, slots=True)
class Readings:
    """Other readings by the target's ``row``, and the points at least and most by each."""

    row: Ints
    target: Floats
    max_points: Floats
    unknown: Flags
    low: Floats
    high: Floats


def read_readings(
    alternatives: pd.DataFrame, rows: Rows, effective: Effective, shares: Shares
) -> tuple[Readings, Items]:
    """Return the other readings of targets that have a rule, and the items to score them by.

    A reading that changes what the rule does not count with changes nothing; one that cannot be
    read, or gives a value where the rule counts with none, may come to anything.
    """
    columns = Columns(alternatives, COLUMNS)
    row = _rows(columns, rows)
    ruled = (row >= 0) & (effective.rule[row] >= 0)
    row = row[ruled]
    target = columns.floats("target_value")[ruled]
    points = columns.floats("max_points")[ruled]
    operator = columns.words("operator").among(OPERATORS)[ruled]
    counts = effective.book.with_target()[effective.rule[row]]
    blank = ~columns.flags("readable")[ruled] & counts
    unknown = blank | (~np.isnan(target) & ~counts)
    operator = np.where(operator >= 0, operator, effective.operator[row])
    fraction = shares.weight[row] / shares.of_group[row]  # a row with a rule is a member
    share = np.where(np.isnan(points), shares.points[row], points * fraction)
    empty = np.full(len(row), np.nan)
    return Readings(row, target, points, unknown, empty, empty), Items(
        rule=effective.rule[row],
        source=np.full(len(row), -1, np.int64),
        target=np.where(np.isnan(target), rows.target[row], target),
        operator=operator,
        lower=less_is_better(operator, effective.lower[row]),
        share=share,
        peers=np.zeros(len(row), np.int64),
        count=np.zeros(len(row), np.bool_),
    )


def _rows(columns: Columns, rows: Rows) -> Ints:
    document = columns.words("document_id").among(rows.documents.values)
    entity = columns.words("entity").among(rows.entities.values)
    serial = columns.ints("serial_no")
    cell = rows.cell.of(rows.pair.of(document, entity), serial)
    place = np.full(rows.cell.size + 1, -1, np.int64)
    place[rows.cell.numbers] = np.arange(len(rows))
    found: Ints = place[cell]
    return found


def bounds(
    readings: Readings,
    items: Items,
    returned: Returned,
    effective: Effective,
    source: Ints,
    own: tuple[Floats, Floats, Floats],
) -> Readings:
    """Return the readings with the points by each, at least and at most.

    ``source`` is each target's row in the returns; ``own`` are the attainment, and what it is at
    least and at most, of each target as it was landed.
    """
    row = readings.row
    changed = ~np.isnan(readings.target) & ~readings.unknown
    found = attain(replace(items, source=source[row]), returned, effective.book)
    scored = changed & (found.outcome == SCORED)
    attained, least, most = own
    low = np.where(scored, found.attainment, np.where(changed, 0.0, least[row]))
    caps = effective.book.caps()[items.rule]
    high = np.where(scored, found.attainment, np.where(changed, caps, most[row]))
    unknown = readings.unknown & ~np.isnan(attained[row])
    low[unknown], high[unknown] = 0.0, caps[unknown]
    ends = np.stack([low * items.share, high * items.share])
    return replace(readings, low=ends.min(axis=0), high=ends.max(axis=0))


def widen(readings: Readings, low: Floats, high: Floats, fixed: Flags) -> None:
    """Let intervals (changed in place) span the readings, but for rows whose points are fixed."""
    open_rows = ~fixed[readings.row]
    np.minimum.at(low, readings.row[open_rows], readings.low[open_rows])
    np.maximum.at(high, readings.row[open_rows], readings.high[open_rows])
