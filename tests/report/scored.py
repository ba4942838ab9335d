"""Documents scored for the report site: made-up returns, the same for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from flows.review import frame_rows
from flows.steps import Order, ingest
from schemas.arrow import rows_to_frame
from schemas.tables import RETURNS, TABLES
from scoring.engine import Inputs, score
from scoring.listing import effective_rules
from scoring.stability import Noise, rank_stability
from scoring.tables import scorecards_frame, scores_frame
from scoring.totals import total
from warehouse.landing import Batch, land
from warehouse.reading import read_tables

Row = dict[str, Any]

GROUPS = {"县（区）": ("雁江区", "安岳县", "乐至县"), "开发区": ("高新区", "临空经济区")}
DATES = tuple(date(2020, *each) for each in ((6, 30), (9, 30), (12, 31))) + (date(2021, 1, 31),)


def scored_warehouse(source: Path, tables: Path, document_id: str = "demo-2020") -> None:
    """Ingest a notice, make up returns, score it as of several dates and land it all."""
    ingest(Order(source, tables, document_id, cross_check=False), lambda _: None)
    land_scores(tables, document_id)


def land_scores(tables: Path, document_id: str, dates: Sequence[date] = DATES) -> None:
    frames = read_tables(tables, ("targets", "indicators"))
    own = {name: frame[frame["document_id"] == document_id] for name, frame in frames.items()}
    returns = rows_to_frame(RETURNS, made_up(own, dates))
    made: dict[str, list[pd.DataFrame]] = {}
    for day in dates:
        scored = score(
            Inputs(
                own["targets"].reset_index(drop=True),
                own["indicators"].reset_index(drop=True),
                returns,
                day,
                rank_groups={document_id: GROUPS},
            )
        )
        made.setdefault("scores", []).append(scores_frame(scored))
        made.setdefault("scorecards", []).append(scorecards_frame(scored, total(scored)))
        made.setdefault("rank_stability", []).append(rank_stability(scored, Noise(draws=200)))
    landed = {name: pd.concat(each, ignore_index=True) for name, each in made.items()}
    year = int(own["targets"]["year"].iloc[0])
    land(tables, [Batch(document_id, year, {**landed, "returns": returns}, "run", "0.1.0")])


def made_up(own: dict[str, pd.DataFrame], dates: Sequence[date]) -> list[Row]:
    """Return what departments hand in: most of it in time, some late, some twice, some never."""
    draw = random.Random(5)
    listed = frame_rows(effective_rules(own["targets"], own["indicators"], dates[-1]))
    departments = {
        row["serial_no"]: (row["assessing_departments"] or ["市政府督查室"])[0]
        for row in frame_rows(own["indicators"])
    }
    strength = {row["entity"]: draw.uniform(0.9, 1.06) for row in listed}
    rows: list[Row] = []
    last = {name: draw.choice([0, 1, 2, 3, 3, 4]) for name in departments.values()}
    for line, each in enumerate(listed):
        department = departments[each["serial_no"]]
        for place, day in enumerate(dates[: last[department]]):
            if draw.random() < 0.12 or not any(
                each[need] for need in ("actual_value", "awarded_pct", "benchmark_value")
            ):
                continue
            progress = (0.55, 0.8, 1.0, 1.0)[min(place, 3)] * strength[each["entity"]]
            rows.append(_row(each, draw, progress, day) | {
                "department": department, "source_row": line + 5, "revision": place + 1,
                "source_name": f"{department}_{day:%m%d}.xlsx",
                "source_sha256": sha256(f"{department}{day}".encode()).hexdigest(),
            })  # fmt: skip
    return rows


def _row(each: Row, draw: random.Random, progress: float, day: date) -> Row:
    row: Row = dict.fromkeys(RETURNS.names)
    goal = each["target_value"]
    value = None
    if each["actual_value"]:
        goal = 80.0 if goal is None or math.isnan(goal) else goal
        value = round(goal * draw.gauss(progress, 0.08), 2) if goal else draw.choice([0, 0, 0, 1])
    return row | {
        "document_id": each["indicator_id"].rsplit("/", 1)[0],
        **{name: each[name] for name in ("indicator_id", "serial_no", "entity", "part_no")},
        "actual_value": value,
        "actual_text": None if value is None else f"{value:g}",
        "awarded_pct": float(min(100, round(draw.gauss(100 * progress, 6))))
        if each["awarded_pct"] else None,
        "benchmark_value": round((value or 80) * 0.98, 2) if each["benchmark_value"] else None,
        "veto": draw.random() < 0.004,
        "grounds": draw.choice([None, "统计月报", "资督函〔2020〕12号"]),
        "received_on": day - timedelta(days=draw.randrange(1, 25)),
        "source_sheet": "考核数据填报表",
        "sample": True,
    }  # fmt: skip


def rows_of(tables: Path, document_id: str) -> dict[str, list[Row]]:
    """Return all tables' rows of one document as plain records."""
    frames = read_tables(tables, tuple(TABLES))
    return {
        name: frame_rows(frame[frame["document_id"] == document_id])
        for name, frame in frames.items()
    }
