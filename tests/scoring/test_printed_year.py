"""A notice with printed methods, from the workbook to the points that an official works out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.source import SourceMeta
from schemas.records.trace import Trace
from schemas.tables.document_frames import Provenance
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import RETURNS
from scoring.engine import Inputs, score
from scoring.results.frames import scores_frame
from scoring.results.replay import replayed
from scoring.rules.notice_rules import parse_rules
from tests.support.paths import TESTS
from tests.support.schemas.frames import document_frames
from tests.support.scoring.notices import CASES, returned
from tests.support.yaml_files import read_yaml

YEAR: list[dict[str, Any]] = read_yaml(CASES / "printed_year.yaml")
BOOK = TESTS / "fixtures/workbooks/plus-minus-methods.xlsx"
Points = dict[tuple[int, str], dict[str, Any]]


@cache
def frames() -> dict[str, pd.DataFrame]:
    document = read_document(BOOK)
    notice = normalize(document, SourceMeta("pm", year=2023))
    return document_frames(document, notice, Provenance("run", "1", datetime.now(UTC)))


def scored(confirmed: list[dict[str, Any]]) -> Points:
    held = frames()
    targets = held["targets"].copy()
    targets["year"] = pd.array([2023] * len(targets), pd.ArrowDtype(pa.int64()))
    owners = {row["serial_no"]: row for row in held["indicators"].to_dict("records")}
    given = [
        returned(owners[case["序号"]], entity, actual_value=float(value))
        for case in YEAR
        for entity, value in case["报送"].items()
    ]
    told = {"version": "1", "from": date(2023, 1, 1), "basis": "确认", "method": confirmed}
    rules = {"pm": parse_rules(told, "source.toml")} if confirmed else {}
    returns = rows_to_frame(RETURNS, given)
    day, methods = date(2024, 1, 31), held["methods"]
    inputs = Inputs(targets, held["indicators"], returns, day, rules=rules, methods=methods)
    found = scores_frame(score(inputs))
    plain = found.astype(object).where(found.notna(), None).to_dict("records")
    for row in plain:
        again = replayed(Trace.from_json(row["trace"]))
        assert (again.status, again.points) == (row["status"], row["points"]), row["trace"]
    return {(row["serial_no"], row["entity"]): row for row in plain}


@pytest.mark.parametrize("case", YEAR, ids=lambda case: f"第{case['序号']}项")
def test_points_are_those_of_the_printed_method(case: dict[str, Any]) -> None:
    found = scored([])
    for entity, points in case["得分"].items():
        row = found[case["序号"], entity]
        assert row["points"] == (None if points is None else pytest.approx(points, abs=1e-9))
        if "区间" in case:
            assert row["status"] in ("method_not_applied", "not_received")
            assert [row["points_low"], row["points_high"]] == case["区间"]
        elif points is not None:
            assert (row["status"], row["points_low"]) == ("scored", row["points_high"])


def test_confirmed_proposals_count() -> None:
    confirmed = [case for case in YEAR if "确认" in case]
    told = [{"serial_no": case["序号"], "text": case["确认"]} for case in confirmed]
    found = scored(told)
    for case in confirmed:
        for entity, points in case["确认后"].items():
            row = found[case["序号"], entity]
            assert row["points"] == (None if points is None else pytest.approx(points, abs=1e-9))
            assert row["status"] == ("not_received" if points is None else "scored")
