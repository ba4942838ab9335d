"""A document of a few rows, scored, as the site and the workbooks take it; one with every doubt."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa

from report.site.model import Edition
from schemas.tables.frames import arrow_to_frame, records, rows_to_frame
from schemas.tables.registry import METHODS, NOTICES, TABLES
from scoring.engine import score
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from scoring.results.stability import Noise, rank_stability
from tests.support.scoring.notices import DOCUMENT, indicator, inputs, returned, target

Row = dict[str, Any]

#: Figures that stand nowhere else: the target, the completion rate and the points of a doubtful
#: target; and those of one whose method is not applied.
DOUBTED = ("876.54", "87.3%", "2.81")
PROVISIONAL = ("543.21", "79.6%", "3.29")
#: Doubtful, and nothing was returned for it.
WAITING = "654.32"
METHOD = "按有关规定酌情计分"


def small(
    owners: list[Row], targets: list[Row], returns: list[Row], more: Row | None = None
) -> Edition:
    """Return a document of a few rows, scored."""
    return Edition("2020", rows_of_scored(owners, targets, returns, more))


def rows_of_scored(
    owners: list[Row], targets: list[Row], returns: list[Row], more: Row | None = None
) -> dict[str, list[Row]]:
    scored = score(inputs(owners, targets, returns, **(more or {})))
    frames = {
        "scores": scores_frame(scored),
        "scorecards": scorecards_frame(scored, total(scored)),
        "rank_stability": arrow_to_frame(rank_stability(scored, Noise(draws=20))),
    }
    rows: dict[str, list[Row]] = {name: records(frame) for name, frame in frames.items()}
    bare: Row = dict.fromkeys(NOTICES.names)
    bare |= {
        "document_id": DOCUMENT,
        "year": 2020,
        "source_name": "a.xlsx",
        "source_sha256": "0" * 64,
    }
    bare |= dict.fromkeys(("pages", "tables", "indicators", "targets", "open_findings"), 0)
    rows |= {"notices": [bare], "indicators": owners, "targets": targets, "returns": returns}
    return {**rows, "cells": [], "findings": []}


def doubted() -> dict[str, list[Row]]:
    """Return rows with a doubtful target, one that waits, and one whose method is not applied."""
    owners = [
        indicator(1, base_points=3.217),
        indicator(2, level2="创新发展", base_points=4.131),
        indicator(3, level1="政府建设", level2="廉政"),
        indicator(4, level1="政府建设", level2="廉政"),
    ]
    doubt: Row = {"needs_review": True, "review_reason": "两次读取不一致"}
    method: Row = dict.fromkeys(METHODS.names)
    method |= {"document_id": DOCUMENT, "indicator_id": owners[1]["indicator_id"], "serial_no": 2}
    method |= {
        "annex": 1,
        "text": METHOD,
        "status": "not_understood",
        "reason": "没有数",
        "page": 3,
    }
    targets = [
        target(owners[0], target_text="876.54", target_value=876.54, **doubt),
        target(owners[1], target_text="543.21", target_value=543.21),
        target(owners[2]),
        target(owners[3], target_text="654.32", target_value=654.32, **doubt),
        *(target(owner, "乙县") for owner in owners),
    ]
    returns = [
        returned(owners[0], actual_value=765.43),
        returned(owners[1], actual_value=432.19, source_row=6),
        returned(owners[2], actual_value=10.0, source_row=7),
    ]
    more = {"methods": rows_to_frame(METHODS, [method])}
    return {**rows_of_scored(owners, targets, returns, more), "methods": [method]}


def frames_of(rows: dict[str, list[Row]]) -> dict[str, pd.DataFrame]:
    """Return rows as the exports take them: frames with a year."""
    year = pd.ArrowDtype(pa.int64())
    made = {
        name: rows_to_frame(TABLES[name], [_own(row, TABLES[name].names) for row in table])
        for name, table in rows.items()
        if table
    }
    return {
        name: frame.assign(year=pd.array([2020] * len(frame), year)) for name, frame in made.items()
    }


def _own(row: Row, names: tuple[str, ...]) -> Row:
    return {name: row.get(name) for name in names}


def doubted_years() -> list[Edition]:
    """Return two years of the same rows, the later first, whose first indicator has a key."""
    editions = []
    for year in (2020, 2019):
        rows = doubted()
        rows["notices"][0] |= {"year": year, "document_id": f"d-{year}"}
        rows["indicator_keys"] = [{"serial_no": 1, "indicator_key": "growth", "name": "指标1"}]
        editions.append(Edition(str(year), rows))
    return editions
