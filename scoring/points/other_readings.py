"""Other readings that open findings list of targets and points, and those that none lists."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from common.numbers import exact
from schemas.tables.frames import arrow_to_frame, records
from schemas.vocabulary import FindingState
from scoring.points.alternatives import COLUMNS, NO_CHOICE
from scoring.points.unlisted import OF_TARGET, open_targets

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
_READINGS = pa.schema(
    [
        *(("document_id", pa.string()), ("serial_no", pa.int64()), ("entity", pa.string())),
        *(("target_value", pa.float64()), ("operator", pa.string()), ("max_points", pa.float64())),
        *(("readable", pa.bool_()), ("open", pa.bool_())),
        *(("choice", pa.int64()), ("repair", pa.int64())),
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
    made = ((_of_targets, of_target), (_of_points, of_points), (_unlisted, opened))
    readings = [make(doubts, targets) for make, doubts in made if len(doubts)]
    if not readings:
        return arrow_to_frame(_READINGS.empty_table())
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
        for number, finding in enumerate(records(findings, [*_KEY, "field", "alternatives"]))
        for place, each in enumerate(finding["alternatives"])
    ]
    return arrow_to_frame(pa.Table.from_pylist(rows, _LISTED))


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
