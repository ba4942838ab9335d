"""Small notices and returns as frames, from what a case says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa

from schemas.ids import indicator_id
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import INDICATORS, MILESTONES, RETURNS, TARGETS
from scoring.engine import Inputs, Scored, score
from scoring.rules.notice_rules import NoticeRules, parse_rules
from tests.support.paths import TESTS
from tests.support.yaml_files import read_yaml

DOCUMENT = "tianhe-2020"
AS_OF = date(2021, 1, 31)
CASES = TESTS / "scoring/cases"

Told = Mapping[str, Any]


def cases(name: str) -> list[Any]:
    """Return the cases of a file."""
    told: list[Any] = read_yaml(CASES / f"{name}.yaml")
    return told


def indicator(serial_no: int = 1, **said: Any) -> dict[str, Any]:
    """Return an indicator's row; what is not said is ordinary."""
    row: dict[str, Any] = dict.fromkeys(INDICATORS.names)
    row |= {
        "document_id": DOCUMENT,
        "serial_no": serial_no,
        "level1": "高质量发展",
        "level2": "发展质量",
        "indicator": f"指标{serial_no}",
        "weight_group": serial_no,
        "base_points": 1.0,
        "direction": "higher_is_better",
        "assessing_departments": ["市统计局"],
        "supporting_departments": [],
    }
    row |= said
    return row | {"indicator_id": indicator_id(row["document_id"], serial_no)}


def target(owner: Told, entity: str = "甲县", **said: Any) -> dict[str, Any]:
    """Return a target's row of an indicator's row."""
    row: dict[str, Any] = dict.fromkeys(TARGETS.names)
    row |= {name: owner[name] for name in TARGETS.names if name in owner}
    row |= {
        "entity": entity,
        "status": "assessed",
        "max_points": owner["base_points"],
        "target_kind": "number",
        "operator": ">=",
        "target_value": 10.0,
        "target_text": "10",
        "parts": [],
        "inherited": False,
        "page": 1,
        "needs_review": False,
    }
    row |= said
    if row["status"] == "not_assessed":
        row |= {"target_kind": "none", "operator": None, "target_value": None, "target_text": None}
    return row


def returned(owner: Told, entity: str = "甲县", **said: Any) -> dict[str, Any]:
    """Return a row of the returns."""
    row: dict[str, Any] = dict.fromkeys(RETURNS.names)
    row |= {
        "document_id": owner["document_id"],
        "indicator_id": owner["indicator_id"],
        "serial_no": owner["serial_no"],
        "entity": entity,
        "veto": False,
        "department": "市统计局",
        "received_on": date(2021, 1, 10),
        "revision": 1,
        "source_name": "市统计局.xlsx",
        "source_sheet": "报送表",
        "source_row": 5,
        "source_sha256": "ab" * 32,
        "sample": False,
    }
    return row | said


def milestones(steps: Mapping[str, Any]) -> pd.DataFrame:
    """Return milestones of indicator 1 of 甲县 by period; {单独: figure} is of the period alone."""
    rows = [
        dict.fromkeys(MILESTONES.names)
        | {
            "document_id": DOCUMENT,
            "indicator_id": indicator_id(DOCUMENT, 1),
            "serial_no": 1,
            "entity": "甲县",
            "period": period,
            "text": str(figure),
            "value": float(figure["单独"] if isinstance(figure, Mapping) else figure),
            "cumulative": not isinstance(figure, Mapping),
            "needs_review": False,
            "page": 1,
        }
        for period, figure in steps.items()
    ]
    return rows_to_frame(MILESTONES, rows)


def inputs(
    indicators: Sequence[Told],
    targets: Sequence[Told],
    returns: Sequence[Told] = (),
    *,
    as_of: date = AS_OF,
    rules: Told | None = None,
    rank_groups: Mapping[str, Sequence[str]] | None = None,
    **other: Any,
) -> Inputs:
    """Return what is scored, rows put into frames of the tables' types, the year 2020."""
    frame = rows_to_frame(TARGETS, targets)
    frame["year"] = pd.array([2020] * len(frame), pd.ArrowDtype(pa.int64()))
    return Inputs(
        frame,
        rows_to_frame(INDICATORS, indicators),
        rows_to_frame(RETURNS, returns),
        as_of,
        rules={} if rules is None else {DOCUMENT: own_rules(rules, rank_groups)},
        rank_groups={} if rank_groups is None else {DOCUMENT: rank_groups},
        **other,
    )


def own_rules(told: Told, rank_groups: Mapping[str, Sequence[str]] | None = None) -> NoticeRules:
    """Return a notice's rules with the head that they need."""
    head = {"version": "1", "from": date(2020, 1, 1), "basis": "试行办法"}
    groups = {name: tuple(members) for name, members in (rank_groups or {}).items()}
    return parse_rules(head | dict(told), "source.toml", groups)


def one(**said: Any) -> Scored:
    """Score one indicator of one entity, by ``target``, ``returned``, ``owner`` and for inputs."""
    owner = indicator(**said.pop("owner", {}))
    told = said.pop("returned", None)
    rows = [] if told is None else [returned(owner, **each) for each in _listed(told)]
    return score(inputs([owner], [target(owner, **said.pop("target", {}))], rows, **said))


def _listed(told: Any) -> list[Any]:
    return list(told) if isinstance(told, list) else [told]


def number(value: float) -> float | None:
    """Return a number for comparing, None for NaN."""
    return None if value != value else round(float(value), 9)  # noqa: PLR0124
