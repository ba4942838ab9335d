"""Other readings of targets, and between what bounds they leave the points."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from scoring.model.columns import Columns, Flags, Floats, Ints
from scoring.model.inputs import LOWER, OPERATORS, UNKNOWN, Rows, way_of
from scoring.model.items import SCORED, Items, Returned
from scoring.points.shares import Shares
from scoring.rules.attainment import assumed, attain
from scoring.rules.effective import Effective
from scoring.rules.registry import METHOD_CODES

#: One row another reading of a target: what is empty is as in the reading that was landed.
#: ``readable`` false: this reading gives no value; ``open``: it may come to anything by any rule.
#: ``choice`` numbers the doubt of a total that one of its ``repair``s settles; empty: none of such.
COLUMNS = (
    *("document_id", "serial_no", "entity", "target_value", "operator", "max_points"),
    *("readable", "open", "choice", "repair"),
)
NO_CHOICE = -1


@dataclass(frozen=True, slots=True)
class Readings:
    """Other readings by the target's ``row``, and the points at least and most by each.

    ``of_target`` tells readings of the target from those of its points; ``share`` is the points
    that all of it gives by the reading.
    ``own_low`` and ``own_high`` are the row's points at least and most without any other reading.
    """

    row: Ints
    target: Floats
    max_points: Floats
    unknown: Flags
    of_target: Flags
    share: Floats
    choice: Ints
    repair: Ints
    low: Floats
    high: Floats
    own_low: Floats
    own_high: Floats

    def kept(self, kept: Flags) -> Readings:
        """Return some of the readings."""
        return Readings(*(getattr(self, each.name)[kept] for each in fields(self)))


def read_readings(
    alternatives: pd.DataFrame, rows: Rows, effective: Effective, shares: Shares
) -> tuple[Readings, Items]:
    """Return the other readings of targets that have a rule, and the items to score them by.

    A reading that changes what the rule does not count with changes nothing; one that is open, that
    cannot be read, or that gives a value where the rule counts with none, may come to anything.
    """
    columns = Columns(alternatives, COLUMNS)
    row = _places(columns, rows)
    ruled = (row >= 0) & (effective.rule[row] >= 0)
    row = row[ruled]
    target = columns.floats("target_value")[ruled]
    points = columns.floats("max_points")[ruled]
    operator = columns.words("operator").among(OPERATORS)[ruled]
    rule = effective.rule[row]
    counts = effective.book.with_target()[rule]
    by_parts = effective.book.methods()[rule] == METHOD_CODES["parts"]
    unread = ~columns.flags("readable")[ruled]
    blank = unread & (counts | by_parts)
    unknown = blank | columns.flags("open")[ruled] | (~np.isnan(target) & ~counts)
    operator = np.where(operator >= 0, operator, effective.operator[row])
    fraction = shares.weight[row] / shares.of_group[row]  # a row with a rule is a member
    share = np.where(np.isnan(points), shares.points[row], points * fraction)
    empty = np.full(len(row), np.nan)
    choice, repair = (columns.ints(name, NO_CHOICE)[ruled] for name in ("choice", "repair"))
    own = (empty, empty, empty, empty)
    of_target = unread | ~np.isnan(target)
    return Readings(row, target, points, unknown, of_target, share, choice, repair, *own), Items(
        rule=rule,
        source=np.full(len(row), -1, np.int64),
        target=np.where(np.isnan(target), rows.target[row], target),
        operator=operator,
        way=way_of(operator, effective.way[row]),
        share=share,
        peers=np.zeros(len(row), np.int64),
        count=np.zeros(len(row), np.bool_),
        base=rows.base[row],
    )


def rows_of(alternatives: pd.DataFrame, rows: Rows) -> Ints:
    """Return the target's row of each other reading; -1 for none."""
    return _places(Columns(alternatives, ("document_id", "serial_no", "entity")), rows)


def _places(columns: Columns, rows: Rows) -> Ints:
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
    own: tuple[Floats, Floats],
) -> Readings:
    """Return the readings with the points by each, at least and at most.

    ``source`` is each target's row in the returns; ``own`` are the attainment at least and at most
    of each target as it was landed.
    """
    row = readings.row
    changed = ~np.isnan(readings.target) & ~readings.unknown
    items = replace(items, source=source[row])
    found = attain(items, returned, effective.book)
    turned = attain(other_way(items), returned, effective.book).attainment
    vague = assumed(items, found, returned, effective.book)
    scored = changed & (found.outcome == SCORED) & ~vague
    least, most = own
    caps = effective.book.most(items.rule, items.share)
    low = np.where(scored, np.minimum(found.attainment, turned), least[row])
    high = np.where(scored, np.maximum(found.attainment, turned), most[row])
    floors = effective.book.least(items.rule)
    for anything in (changed & ~scored, readings.unknown):
        low[anything], high[anything] = floors[anything], caps[anything]
    ends = np.stack([low * items.share, high * items.share])
    return replace(readings, low=ends.min(axis=0), high=ends.max(axis=0))


def other_way(items: Items) -> Items:
    """Return the rows with those turned whose good end nobody knows."""
    return replace(items, way=np.where(items.way == UNKNOWN, LOWER, items.way))


def widen(readings: Readings, low: Floats, high: Floats, fixed: Flags) -> Readings:
    """Let intervals (changed in place) span the readings, but for rows whose points are fixed.

    Returns the readings with what the intervals were before; NaN for fixed rows.
    """
    row, open_rows = readings.row, ~fixed[readings.row]
    before = [np.where(open_rows, ends[row], np.nan) for ends in (low, high)]
    np.minimum.at(low, row[open_rows], readings.low[open_rows])
    np.maximum.at(high, row[open_rows], readings.high[open_rows])
    return replace(readings, own_low=before[0], own_high=before[1])


def in_doubt(readings: Readings, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Return the attainment at least and most, other readings of the target among them."""
    counts = readings.of_target & (readings.share > 0)
    row, share = readings.row[counts], readings.share[counts]
    least, most = least.copy(), most.copy()
    np.minimum.at(least, row, readings.low[counts] / share)
    np.maximum.at(most, row, readings.high[counts] / share)
    return least, most
