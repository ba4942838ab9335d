"""Other readings from findings: a document with nothing doubted has none."""

from __future__ import annotations

from typing import Any

from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import FINDINGS, TARGETS
from scoring.points.alternatives import alternatives_of
from tests.support.scoring.notices import DOCUMENT, indicator, target

Row = dict[str, Any]


def suspect(**said: Any) -> Row:
    """Return a finding about a total that names which points may be wrong."""
    row: Row = dict.fromkeys(FINDINGS.names)
    row |= {"document_id": DOCUMENT, "entity": "甲县", "field": "max_points", "state": "open"}
    return row | {"alternatives": [{"text": "第1项“指标1”的分值1可能应为2"}]} | said


def readings(*findings: Row) -> list[float]:
    targets = rows_to_frame(TARGETS, [target(indicator(), needs_review=True)])
    found = alternatives_of(rows_to_frame(FINDINGS, findings), targets)
    return [float(each) for each in found["max_points"]]


def test_nothing_doubted_has_no_other_reading() -> None:
    assert readings(suspect()) == [2.0]
    assert readings() == []
    assert readings(suspect(state="corrected")) == []
    assert readings(suspect(alternatives=[])) == []
    assert readings(suspect(alternatives=[{"text": "no points"}])) == []
