"""Other readings that open findings list, as values to score by.

Other readings of a doubtful cell, and between what bounds they leave the points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from scoring.model.columns import Columns, Flags, Floats, Ints
from scoring.model.inputs import OPERATORS, Rows, less_is_better
from scoring.model.items import SCORED, Items, Returned
from scoring.points.shares import Shares
from scoring.rules.attainment import attain
from scoring.rules.effective import Effective

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


_NUMBER = re.compile(r"[-－−]?[0-9]+(?:[,，][0-9]{3})*(?:[.．][0-9]+)?")
_OPERATORS = (
    (re.compile("^(?:不高于|不超过|不大于|≤|<=)|以内$|以下$"), "<="),
    (re.compile("^(?:不低于|不少于|不小于|≥|>=|达到)|以上$"), ">="),
    (re.compile("^(?:低于|小于|<|＜)"), "<"),
    (re.compile("^(?:高于|大于|超过|>|＞)"), ">"),
)
NEAR = 1e-9
_PLAIN = str.maketrans("－−．０１２３４５６７８９", "--.0123456789")
_POINTS = {"max_points", "base_points"}
#: How a finding about an entity's total names the points that one slip would make right.
_SUSPECT = re.compile(
    r"第(?P<serial_no>[0-9]+)项“.*”.*?(?P<base>基本)?分值(?P<printed>[0-9.]+)可能应为(?P<meant>[0-9.]+)"
)


def alternatives_of(findings: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the other readings of targets and points, in :data:`COLUMNS`.

    Taken from findings that are still open, of targets that need review or are named with
    another number of points; the latter are readings of the whole weight group. A text with one
    number is that number in the target's unit; any other text cannot be read as a value. A total
    that is not met names the points that may be wrong in its text; they count where the target
    they are of is flagged.
    """
    doubtful = findings[findings["state"] == "open"]
    listed = doubtful[doubtful["alternatives"].map(len) > 0]
    texts = [[each["text"] for each in readings] for readings in listed["alternatives"]]
    column = pd.arrays.ArrowExtensionArray(pa.array(texts, pa.list_(pa.string())))
    listed = listed.assign(alternatives=pd.Series(column, index=listed.index))
    named = listed[listed["serial_no"].notna() & listed["entity"].notna()]
    exploded = named[["document_id", "serial_no", "entity", "field", "alternatives"]].explode(
        "alternatives"
    )
    of_target = exploded[exploded["field"].isin(["target_text", "target_value"])]
    of_points = exploded[exploded["field"].isin(_POINTS)]
    suspects = _suspects(listed[listed["serial_no"].isna()], targets)
    readings = (_of_targets(of_target, targets), _of_points(of_points, targets), suspects)
    return pd.concat(readings, ignore_index=True)[[*COLUMNS]]


def _of_targets(told: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return readings of target cells that need review."""
    keys = ["document_id", "serial_no", "entity"]
    reviewed = targets.loc[targets["needs_review"].astype(bool), keys]
    kept = told.merge(reviewed, on=keys)
    texts = [str(text).translate(_PLAIN) for text in kept["alternatives"]]
    values = [_value(text) for text in texts]
    return _frame(
        kept,
        target_value=pa.array(values, pa.float64()),
        operator=pa.array([_operator(text) for text in texts], pa.string()),
        max_points=pa.nulls(len(kept), pa.float64()),
        readable=pa.array([value is not None for value in values], pa.bool_()),
    )


def _of_points(told: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return readings of points, for every member of the weight group."""
    keys = ["document_id", "serial_no", "entity"]
    group = ["document_id", "weight_group", "entity"]
    of_group = told.merge(targets[[*keys, "weight_group"]], on=keys)
    members = of_group.drop(columns="serial_no").merge(targets[[*group, "serial_no"]], on=group)
    values = [_value(str(text).translate(_PLAIN)) for text in members["alternatives"]]
    known = np.array([value is not None for value in values], np.bool_)
    members = members[known]
    return _frame(
        members,
        target_value=pa.nulls(len(members), pa.float64()),
        operator=pa.nulls(len(members), pa.string()),
        max_points=pa.array([value for value in values if value is not None], pa.float64()),
        readable=pa.array([True] * len(members), pa.bool_()),
    )


def _suspects(told: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return readings of points that findings about totals name, for the flagged targets."""
    of_totals = told[told["field"].isin(_POINTS)]
    exploded = of_totals[["document_id", "entity", "alternatives"]].explode("alternatives")
    found = [_SUSPECT.match(str(text)) for text in exploded["alternatives"]]
    told_of = np.array([each is not None for each in found], np.bool_)  # a list of none is columns
    named = exploded[told_of].rename(columns={"entity": "short"})
    meant = [each for each in found if each is not None]
    named = named.assign(
        serial_no=np.array([int(each["serial_no"]) for each in meant], np.int64),
        base=np.array([each["base"] is not None for each in meant], np.bool_),
        printed=np.array([float(each["printed"]) for each in meant], np.float64),
        meant=np.array([float(each["meant"]) for each in meant], np.float64),
    )
    first = targets[["document_id", "serial_no", "weight_group"]].drop_duplicates()
    members = named.merge(first, on=["document_id", "serial_no"]).drop(columns="serial_no")
    flagged = targets[targets["needs_review"].astype(bool)]
    keys = ["document_id", "weight_group"]
    kept = members.merge(flagged[[*keys, "serial_no", "entity", "max_points"]], on=keys)
    same = (kept["max_points"].astype(float) - kept["printed"]).abs() < NEAR
    kept = kept[same & (kept["base"] | (kept["entity"] == kept["short"]))]
    return _frame(
        kept,
        target_value=pa.nulls(len(kept), pa.float64()),
        operator=pa.nulls(len(kept), pa.string()),
        max_points=pa.array(kept["meant"].tolist(), pa.float64()),
        readable=pa.array([True] * len(kept), pa.bool_()),
    )


def _frame(told: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Return the keys of some rows with these columns, typed."""
    keys = {
        "document_id": pa.array(told["document_id"].tolist(), pa.string()),
        "serial_no": pa.array(told["serial_no"].tolist(), pa.int64()),
        "entity": pa.array(told["entity"].tolist(), pa.string()),
    }
    frame: pd.DataFrame = pa.table(keys | columns).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _value(text: str) -> float | None:
    """Return the one number of a text; None where it has none or several."""
    found = _NUMBER.findall(text)
    return float(re.sub("[,，]", "", found[0])) if len(found) == 1 else None


def _operator(text: str) -> str | None:
    return next((sign for pattern, sign in _OPERATORS if pattern.search(text.strip())), None)
