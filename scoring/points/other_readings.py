"""Other readings that open findings list of targets and points, and those that none lists.

Counted row by row: a document has few of them, and to join frames takes longer than all else that
is read of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa

from common.numbers import exact
from schemas.records.rows import AlternativeRow, FindingRow, TargetRow
from schemas.tables.frames import arrow_to_frame, rows_as
from schemas.vocabulary import FindingState
from scoring.points.unlisted import OF_TARGET, open_targets

_KEY: Final = ("document_id", "serial_no", "entity")
_OF_FINDINGS = (*_KEY, "field", "state", "code", "message_zh", "alternatives")
_OF_TARGETS = (
    *(*_KEY, "weight_group", "target_kind", "target_value", "target_unit"),
    *("needs_review", "review_reason"),
)
_OF_POINTS = {"max_points", "base_points"}
_Key = tuple[str | int | None, ...]
_Reading = dict[str, object]
"""A row of :data:`_READINGS`."""
#: The columns of :data:`scoring.points.alternatives.COLUMNS`; what a reading does not say is empty.
_READINGS = pa.schema(
    [
        *(("document_id", pa.string()), ("serial_no", pa.int64()), ("entity", pa.string())),
        *(("target_value", pa.float64()), ("operator", pa.string()), ("max_points", pa.float64())),
        *(("readable", pa.bool_()), ("open", pa.bool_())),
        *(("choice", pa.int64()), ("repair", pa.int64())),
    ]
)


def alternatives_of(findings: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Return the other readings of targets and points, as ``scoring.points.alternatives`` has them.

    Taken from findings that are still open. Readings of targets count where the target needs
    review; one without a value in the target's unit cannot be read, and is open where its text has
    digits. A doubt of a target that lists none leaves it open, too. Readings of points are those of
    the whole weight group; those that a finding about an entity's total or a heading's sum lists
    count where the target is flagged. One that is no number of points is open.
    """
    said = [
        each
        for each in rows_as(FindingRow, findings, _OF_FINDINGS)
        if each["state"] == FindingState.OPEN
    ]
    rows = rows_as(TargetRow, targets, _OF_TARGETS) if said else []
    listed = [*_listed([each for each in said if each["alternatives"]])]
    readings = [
        *_of_targets([each for each in listed if each.field in OF_TARGET], rows),
        *_of_points([each for each in listed if each.field in _OF_POINTS], rows),
        *(
            {**_told(row), "readable": False, "open": is_open}
            for row, is_open in open_targets(said, rows)
        ),
    ]
    return arrow_to_frame(pa.Table.from_pylist(readings, _READINGS))


@dataclass(frozen=True, slots=True)
class _Alternative:
    """An alternative with the target or points that it is a reading of.

    ``of_total``: the finding is about an entity's total or a heading's sum. ``choice`` numbers one
    about a total, ``repair`` what it lists.
    """

    document_id: str
    serial_no: int | None
    entity: str | None
    field: str | None
    text: str
    of_total: bool
    choice: int | None
    repair: int
    said: AlternativeRow


def _listed(findings: Sequence[FindingRow]) -> Iterator[_Alternative]:
    """Give the alternatives of findings."""
    for number, finding in enumerate(findings):
        of_whole = finding["serial_no"] is None
        for place, each in enumerate(finding["alternatives"]):
            yield _Alternative(
                document_id=finding["document_id"],
                serial_no=each["serial_no"] or finding["serial_no"],
                entity=each["entity"] or finding["entity"],
                field=finding["field"],
                text=each["text"] or "",
                of_total=of_whole or each["serial_no"] is not None,
                choice=number if of_whole else None,
                repair=place,
                said=each,
            )


def _of_targets(listed: Sequence[_Alternative], targets: Sequence[TargetRow]) -> Iterator[_Reading]:
    """Give readings of target cells that need review."""
    reviewed = _by(_line, (target for target in targets if target["needs_review"]))
    for each in listed:
        for target in reviewed[each.document_id, each.serial_no, each.entity]:
            units = {each.said["unit"], target["target_unit"]}
            value = each.said["value"] if len(units) == 1 or None in units else None
            readable = value is not None
            yield {
                **_told(target),
                "operator": each.said["operator"],
                "repair": each.repair,
                "target_value": value,
                "readable": readable,
                "open": not readable and any(map(str.isdigit, each.text)),
            }


def _of_points(listed: Sequence[_Alternative], targets: Sequence[TargetRow]) -> Iterator[_Reading]:
    """Give readings of points, for every member of the weight group.

    Where a total's finding names no indicator, any flagged target of the entity may be meant.
    ``repair`` numbers each: one alternative of a finding for one weight group.
    """
    repairs: dict[tuple[int | None, int, int], int] = {}
    for each, target in _members(listed, targets):
        if each.of_total and not target["needs_review"]:
            continue
        points = each.said["max_points"]
        points = exact(each.text) if points is None else points
        repair = each.choice, each.repair, target["weight_group"]
        yield {
            **_told(target),
            "max_points": points,
            "readable": True,
            "open": points is None,
            "choice": each.choice,
            "repair": repairs.setdefault(repair, len(repairs)),
        }


def _members(
    listed: Sequence[_Alternative], targets: Sequence[TargetRow]
) -> Iterator[tuple[_Alternative, TargetRow]]:
    """Give each reading of points with every target that it is of, those of named ones first."""
    if not listed:
        return
    by_line, by_group, by_entity = (_by(key, targets) for key in (_line, _group, _entity))
    for each in (one for one in listed if one.serial_no is not None):
        for named in by_line[each.document_id, each.serial_no, each.entity]:
            yield from ((each, member) for member in by_group[_group(named)])
    for each in (one for one in listed if one.serial_no is None):
        yield from ((each, member) for member in by_entity[each.document_id, each.entity])


def _by(
    key: Callable[[TargetRow], _Key], targets: Iterable[TargetRow]
) -> Mapping[_Key, list[TargetRow]]:
    """Return targets by a key; none for one that no target has."""
    found: dict[_Key, list[TargetRow]] = defaultdict(list)
    for target in targets:
        found[key(target)].append(target)
    return found


def _line(target: TargetRow) -> _Key:
    return target["document_id"], target["serial_no"], target["entity"]


def _group(target: TargetRow) -> _Key:
    return target["document_id"], target["weight_group"], target["entity"]


def _entity(target: TargetRow) -> _Key:
    return target["document_id"], target["entity"]


def _told(target: TargetRow) -> _Reading:
    return {name: target[name] for name in _KEY}
