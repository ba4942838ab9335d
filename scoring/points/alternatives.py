"""Other readings that open findings list, and between what bounds they leave the points."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from common.numbers import exact
from schemas.tables.frames import records
from schemas.vocabulary import FindingState
from scoring.model.columns import Columns, Flags, Floats, Ints
from scoring.model.inputs import LOWER, OPERATORS, UNKNOWN, Rows, way_of
from scoring.model.items import SCORED, Items, Returned
from scoring.points.shares import Shares
from scoring.points.unlisted import OF_TARGET, open_targets
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


_KEY = ["document_id", "serial_no", "entity"]
_OF_POINTS = {"max_points", "base_points"}
_LISTED = pa.schema(
    [
        *((name, pa.string()) for name in ("document_id", "entity", "field", "text")),
        ("serial_no", pa.int64()),
        ("of_total", pa.bool_()),
        *((name, pa.int64()) for name in ("choice", "repair")),
        *((name, pa.string()) for name in ("operator", "unit")),
        *((name, pa.float64()) for name in ("value", "max_points")),
    ]
)


def alternatives_of(findings: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the other readings of targets and points, in :data:`COLUMNS`.

    Taken from findings that are still open. Readings of targets count where the target needs
    review; one without a value in the target's unit cannot be read, and is open where its text has
    digits. A doubt of a target that lists none leaves it open, too. Readings of points are those of
    the whole weight group; those that a finding about an entity's total or a heading's sum lists
    count where the target is flagged. One that is no number of points is open.
    """
    opened = findings[findings["state"] == FindingState.OPEN]
    lists = opened["alternatives"].map(len) > 0
    listed = _listed(opened[lists])
    of_target = listed[listed["field"].isin(OF_TARGET).astype(bool)]
    of_points = listed[listed["field"].isin(_OF_POINTS).astype(bool)]
    readings = (
        _of_targets(of_target, targets),
        _of_points(of_points, targets),
        _unlisted(opened[~lists], targets),
    )
    return pd.concat(readings, ignore_index=True)[[*COLUMNS]]


def _listed(findings: pd.DataFrame) -> pd.DataFrame:
    """Return one row an alternative, with the target or points that it is a reading of."""
    rows = [
        {
            "document_id": finding["document_id"],
            "field": finding["field"],
            "serial_no": each["serial_no"] or finding["serial_no"],
            "entity": each["entity"] or finding["entity"],
            "text": each["text"],
            "of_total": finding["serial_no"] is None or each["serial_no"] is not None,
            "choice": number if finding["serial_no"] is None else None,
            "repair": place,
            "operator": each["operator"],
            "unit": each["unit"],
            "value": each["value"],
            "max_points": each["max_points"],
        }
        for number, finding in enumerate(records(findings[[*_KEY, "field", "alternatives"]]))
        for place, each in enumerate(finding["alternatives"])
    ]
    frame: pd.DataFrame = pa.Table.from_pylist(rows, _LISTED).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _of_targets(listed: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return readings of target cells that need review."""
    reviewed = targets.loc[targets["needs_review"].astype(bool), [*_KEY, "target_unit"]]
    found = listed.merge(reviewed, on=_KEY)
    other_unit = (found["unit"] != found["target_unit"]).fillna(False).astype(bool)
    values = found["value"].mask(other_unit)
    readable = values.notna().astype(bool)
    with_digits = np.array([any(map(str.isdigit, text)) for text in found["text"]], np.bool_)
    return found.assign(
        target_value=values,
        max_points=_nothing(found),
        readable=readable,
        open=~readable & with_digits,
        choice=_no_choice(found),
    )


def _unlisted(findings: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return a reading that nobody knows of each target with a doubt that lists no other."""
    found = open_targets(findings, targets)
    unread = np.zeros(len(found), np.bool_)
    return found.assign(
        target_value=_nothing(found),
        operator=pd.Series(pd.NA, found.index, pd.ArrowDtype(pa.string())),
        max_points=_nothing(found),
        readable=unread,
        choice=_no_choice(found),
        repair=_no_choice(found),
    )


def _of_points(listed: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return readings of points, for every member of the weight group.

    Where a total's finding names no indicator, any flagged target of the entity may be meant.
    """
    columns = [*_KEY, "weight_group", "needs_review"]
    group = ["document_id", "weight_group", "entity"]
    named = listed.merge(targets[[*_KEY, "weight_group"]], on=_KEY).drop(columns="serial_no")
    whole = listed[listed["serial_no"].isna().astype(bool)].drop(columns="serial_no")
    found = pd.concat(
        [
            named.merge(targets[columns], on=group),
            whole.merge(targets[columns], on=["document_id", "entity"]),
        ],
        ignore_index=True,
    )
    found = found[~found["of_total"].astype(bool) | found["needs_review"].astype(bool)]
    points = [
        exact(text) if pd.isna(value) else float(value)
        for text, value in zip(found["text"], found["max_points"], strict=True)
    ]
    return found.assign(
        target_value=_nothing(found),
        operator=pd.Series(pd.NA, found.index, pd.ArrowDtype(pa.string())),
        max_points=_numbers(points, found),
        readable=True,
        open=[each is None for each in points],
        repair=_repairs(found),
    )


def _repairs(found: pd.DataFrame) -> pd.Series[int]:
    """Return the number of each repair: one alternative of a finding for one weight group."""
    which = found[["choice", "repair", "weight_group"]].fillna(NO_CHOICE)
    numbers = pa.array(which.groupby(list(which), sort=False).ngroup(), pa.int64())
    return pd.Series(pd.arrays.ArrowExtensionArray(numbers), index=found.index)


def _no_choice(frame: pd.DataFrame) -> pd.Series[int]:
    column = pd.arrays.ArrowExtensionArray(pa.nulls(len(frame), pa.int64()))
    return pd.Series(column, index=frame.index)


def _nothing(frame: pd.DataFrame) -> pd.Series[float]:
    """Return a column of numbers without one."""
    return _numbers([None] * len(frame), frame)


def _numbers(values: list[float | None], frame: pd.DataFrame) -> pd.Series[float]:
    column = pd.arrays.ArrowExtensionArray(pa.array(values, pa.float64()))
    return pd.Series(column, index=frame.index)
