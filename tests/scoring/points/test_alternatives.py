"""Other readings from findings: as values, and the intervals that they leave open."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from normalize.model.doubt import doubt
from normalize.targets.alternatives import as_targets
from normalize.targets.model import TargetContext
from normalize.targets.reader import read_target
from schemas.records.notice import Alternative
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import FINDINGS, TARGETS
from scoring.engine import score
from scoring.points.other_readings import alternatives_of
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target

Row = dict[str, Any]


def reading(text: str, **said: Any) -> Row:
    """Return another reading; one of text alone is that of a table of an earlier version."""
    alternative = Alternative(text, **said)
    return {name: getattr(alternative, name) for name in Alternative.__dataclass_fields__}


def finding(*alternatives: Row, **said: Any) -> Row:
    row: Row = dict.fromkeys(FINDINGS.names)
    row |= {"document_id": DOCUMENT, "entity": "甲县", "state": "open"}
    return row | {"alternatives": list(alternatives)} | said


def suspect(**said: Any) -> Row:
    """Return a finding about a total that names which points may be wrong."""
    meant = reading("第1项“指标1”的分值1可能应为2", max_points=2.0, serial_no=1, entity="甲县")
    return finding(meant, field="max_points") | said


def found(*findings: Row, **said: Any) -> pd.DataFrame:
    targets = rows_to_frame(TARGETS, [target(indicator(), needs_review=True, **said)])
    return alternatives_of(rows_to_frame(FINDINGS, findings), targets)


def points_of(*findings: Row) -> list[float]:
    return [float(each) for each in found(*findings)["max_points"]]


def test_nothing_doubted_has_no_other_reading() -> None:
    assert points_of(suspect()) == [2.0]
    assert points_of() == []
    assert points_of(suspect(state="corrected")) == []
    assert points_of(suspect(alternatives=[])) == []


def test_points_count_where_a_total_flags_the_target() -> None:
    flagged = rows_to_frame(TARGETS, [target(indicator(), needs_review=False)])
    assert alternatives_of(rows_to_frame(FINDINGS, [suspect()]), flagged).empty
    own = suspect(serial_no=1, alternatives=[reading("2", max_points=2.0)])
    assert len(alternatives_of(rows_to_frame(FINDINGS, [own]), flagged)) == 1


def interval(row: Row, actual: float, *findings: Row) -> tuple[float, float]:
    """Return the points at least and most of one target worth 1 point."""
    owner = indicator()
    made = target(owner, needs_review=True, **row)
    listed = alternatives_of(rows_to_frame(FINDINGS, findings), rows_to_frame(TARGETS, [made]))
    value = {"awarded_pct" if row.get("target_kind") == "judged" else "actual_value": actual}
    scored = score(inputs([owner], [made], [returned(owner, **value)], alternatives=listed))
    return float(scored.low[0]), float(scored.high[0])


# Copied from what officials print: text, what a doubtful part may be instead, the actual value.
FULL, NONE = 1.0, 0.0
CASES = [
    ("下降5..8%", "5..8", "58", -20.0, (NONE, FULL)),
    ("不多于8起", "8", "3", 5.0, (NONE, FULL)),
    ("至少8户", "8", "80", 40.0, (NONE, FULL)),  # a limit is met or missed
    ("8天之内", "8", "3", 5.0, (NONE, FULL)),
]


@pytest.mark.parametrize(("text", "part", "other", "actual", "expected"), CASES)
def test_an_interval_holds_the_other_reading(
    text: str, part: str, other: str, actual: float, expected: tuple[float, float]
) -> None:
    context = TargetContext()
    read = read_target(text, context)
    doubted = doubt("readers_disagree", (part, other), replaces=part, mine=part, other=other)
    typed = as_targets(doubted, text, context, read)
    row: Row = {
        "target_text": text,
        "target_kind": str(read.kind),
        "operator": read.operator,
        "target_value": read.value,
        "target_unit": read.unit,
    }
    listed = [reading(**{n: getattr(each, n) for n in each.__dataclass_fields__}) for each in typed]
    assert interval(row, actual, finding(*listed, serial_no=1, field="target_text")) == expected
    assert interval(row, actual) == (FULL, FULL)


@pytest.mark.parametrize("text", ["58", "下降58%", "下降五八"])
def test_a_reading_of_text_alone_may_be_anything(text: str) -> None:
    row = {"target_kind": "growth", "operator": "<=", "target_value": -5.8, "target_unit": "%"}
    other = finding(reading(text), serial_no=1, field="target_text")
    assert interval(row, -20.0, other) == (NONE, FULL)


def test_a_value_in_another_unit_may_be_anything() -> None:
    row = {"target_value": 10.0, "target_unit": "%"}
    other = finding(reading("10户", value=10.0, unit="户"), serial_no=1, field="target_text")
    assert interval(row, 10.0, other) == (NONE, FULL)


def test_words_that_a_judged_target_may_be_change_nothing_but_a_number_may() -> None:
    row = {"target_kind": "judged", "operator": None, "target_value": None}
    words = finding(reading("按时完成"), serial_no=1, field="target_text")
    digits = finding(reading("完成8户"), serial_no=1, field="target_text")
    assert interval(row, 90.0, words) == (0.9, 0.9)
    assert interval(row, 90.0, digits) == (NONE, FULL)


def test_another_reading_of_a_compound_target_may_be_anything() -> None:
    part = {"text": "8户", "subject": None, "operator": ">=", "value": 8.0, "unit": "户"}
    row = {"target_kind": "compound", "operator": None, "target_value": None, "parts": [part]}
    other = finding(reading("建成并运行"), serial_no=1, field="target_text")
    assert interval(row, 8.0, other) == (NONE, FULL)


@pytest.mark.parametrize(
    ("alternative", "expected"),
    [
        (reading("2", max_points=2.0), (1.0, 2.0)),
        (reading("2"), (1.0, 2.0)),
        (reading("甲县可能应为不考核"), (0.0, 1.0)),
    ],
)
def test_another_reading_of_points(alternative: Row, expected: tuple[float, float]) -> None:
    row = {"target_value": 10.0}
    own = finding(alternative, serial_no=1, field="base_points")
    assert interval(row, 10.0, own) == expected
    of_total = finding(alternative, serial_no=None, field="max_points")
    assert interval(row, 10.0, of_total) == expected


def test_tables_without_an_alternative_are_read() -> None:
    columns = found().dtypes
    assert columns["max_points"] == pd.ArrowDtype(pa.float64())
