"""Other readings that open findings list of targets and points, and those that none lists.

Counted row by row: a document has few of them, and to join frames takes longer than all else that
is read of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from common.numbers import exact
from schemas.tables.frames import Row, arrow_to_frame, records
from schemas.vocabulary import FindingState
from scoring.points.unlisted import OF_TARGET, open_targets

_KEY = ("document_id", "serial_no", "entity")
_GROUP = ("document_id", "weight_group", "entity")
_ENTITY = ("document_id", "entity")
_OF_FINDINGS = (*_KEY, "field", "state", "code", "message_zh", "alternatives")
_OF_TARGETS = (
    *(*_KEY, "weight_group", "target_kind", "target_value", "target_unit"),
    *("needs_review", "review_reason"),
)
_OF_POINTS = {"max_points", "base_points"}
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
    said = [each for each in records(findings, _OF_FINDINGS) if each["state"] == FindingState.OPEN]
    rows = records(targets, _OF_TARGETS) if said else []
    listed = [*_listed([each for each in said if each["alternatives"]])]
    readings = [
        *_of_targets([each for each in listed if each["field"] in OF_TARGET], rows),
        *_of_points([each for each in listed if each["field"] in _OF_POINTS], rows),
        *({**_part(row, _KEY), **told} for row, told in open_targets(said, rows)),
    ]
    return arrow_to_frame(pa.Table.from_pylist(readings, _READINGS))


def _listed(findings: Sequence[Row]) -> Iterator[Row]:
    """Give the alternatives, each with the target or points that it is a reading of.

    ``of_total``: the finding is about an entity's total or a heading's sum. ``choice`` numbers one
    about a total, ``repair`` what it lists.
    """
    for number, finding in enumerate(findings):
        of_whole = finding["serial_no"] is None
        for place, each in enumerate(finding["alternatives"]):
            yield each | {
                "document_id": finding["document_id"],
                "field": finding["field"],
                "serial_no": each["serial_no"] or finding["serial_no"],
                "entity": each["entity"] or finding["entity"],
                "of_total": of_whole or each["serial_no"] is not None,
                "choice": number if of_whole else None,
                "repair": place,
            }


def _of_targets(listed: Sequence[Row], targets: Sequence[Row]) -> Iterator[Row]:
    """Give readings of target cells that need review."""
    reviewed = _by(_KEY, (target for target in targets if target["needs_review"]))
    for each in listed:
        for target in reviewed[_of(each, _KEY)]:
            units = {each["unit"], target["target_unit"]}
            value = each["value"] if len(units) == 1 or None in units else None
            readable = value is not None
            yield {
                **_part(each, (*_KEY, "operator", "repair")),
                "target_value": value,
                "readable": readable,
                "open": not readable and any(map(str.isdigit, each["text"])),
            }


def _of_points(listed: Sequence[Row], targets: Sequence[Row]) -> Iterator[Row]:
    """Give readings of points, for every member of the weight group.

    Where a total's finding names no indicator, any flagged target of the entity may be meant.
    ``repair`` numbers each: one alternative of a finding for one weight group.
    """
    repairs: dict[tuple[Any, ...], int] = {}
    for each, target in _members(listed, targets):
        if each["of_total"] and not target["needs_review"]:
            continue
        points = exact(each["text"]) if each["max_points"] is None else each["max_points"]
        repair = each["choice"], each["repair"], target["weight_group"]
        yield {
            **_part(target, _KEY),
            "max_points": points,
            "readable": True,
            "open": points is None,
            "choice": each["choice"],
            "repair": repairs.setdefault(repair, len(repairs)),
        }


def _members(listed: Sequence[Row], targets: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Give each reading of points with every target that it is of, those of named ones first."""
    if not listed:
        return
    by_key, by_group, by_entity = (_by(names, targets) for names in (_KEY, _GROUP, _ENTITY))
    for each in (one for one in listed if one["serial_no"] is not None):
        for named in by_key[_of(each, _KEY)]:
            yield from ((each, member) for member in by_group[_of(named, _GROUP)])
    for each in (one for one in listed if one["serial_no"] is None):
        yield from ((each, member) for member in by_entity[_of(each, _ENTITY)])


def _by(names: Sequence[str], rows: Iterable[Row]) -> Mapping[tuple[Any, ...], list[Row]]:
    """Return rows by their values in some columns; none for values that no row has."""
    found: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[_of(row, names)].append(row)
    return found


def _of(row: Row, names: Sequence[str]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)


def _part(row: Row, names: Sequence[str]) -> Row:
    return {name: row[name] for name in names}
