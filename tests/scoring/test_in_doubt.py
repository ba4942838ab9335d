"""What is in doubt under each heading of an entity's scorecard."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import FINDINGS
from scoring.engine import score
from scoring.results.frames import scorecards_frame
from scoring.results.scorecards import total
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, target


def finding(number: int, serial_no: int | None, entity: str | None, state: str = "open") -> Any:
    row: dict[str, Any] = dict.fromkeys(FINDINGS.names)
    return row | {
        "document_id": DOCUMENT, "finding_id": f"f{number}", "severity": "warning",
        "code": "totals_differ", "serial_no": serial_no, "entity": entity, "field": "target",
        "message": "m", "message_zh": "m", "alternatives": [], "state": state,
    }  # fmt: skip


def test_values_and_findings_are_counted_by_heading() -> None:
    owners = [indicator(1), indicator(2), indicator(3, level1="民生", level2="就业")]
    targets = [target(owner, entity, needs_review=owner["serial_no"] == 1 and entity == "甲县")
               for owner in owners for entity in ("甲县", "乙县")]  # fmt: skip
    targets[5] |= {"status": "not_assessed", "target_kind": "none", "operator": None,
                   "target_value": None, "target_text": None, "needs_review": True}  # fmt: skip
    found = [
        finding(1, 1, "甲县"), finding(2, 3, None), finding(3, None, "乙县"),
        finding(4, None, None), finding(5, 2, "甲县", state="corrected"), finding(6, 2, "丙县"),
    ]  # fmt: skip
    given = replace(inputs(owners, targets), findings=rows_to_frame(FINDINGS, found))
    scored = score(given)
    cards = {
        (row["entity"], row["name"]): (row["open_findings"], row["values_in_doubt"])
        for row in records(scorecards_frame(scored, total(scored)))
    }
    assert cards == {
        ("甲县", "总分"): (3, 1), ("甲县", "高质量发展"): (1, 1), ("甲县", "发展质量"): (1, 1),
        ("甲县", "民生"): (1, 0), ("甲县", "就业"): (1, 0),
        ("乙县", "总分"): (2, 0), ("乙县", "高质量发展"): (0, 0), ("乙县", "发展质量"): (0, 0),
        ("乙县", "民生"): (0, 0), ("乙县", "就业"): (0, 0),
    }  # fmt: skip
