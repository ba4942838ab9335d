"""Documents scored for the report site: made-up returns, the same for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd

from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from schemas.tables.frames import arrow_to_frame, records, rows_to_frame
from schemas.tables.registry import DOCUMENT_TABLES, RETURNS, TABLES, TableSpec
from scoring.engine import Inputs, score
from scoring.points.listing import effective_rules
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.scorecards import total
from scoring.results.stability import Noise, rank_stability
from warehouse.landing import Batch, land
from warehouse.reading import read_tables

Row = dict[str, Any]

GROUPS = {"县（区）": ("雁江区", "安岳县", "乐至县"), "开发区": ("高新区", "临空经济区")}
DATES = (date(2020, 6, 30), date(2020, 9, 30), date(2020, 12, 31), date(2021, 1, 31))


def scored_warehouse(
    source: Path,
    tables: Path,
    document_id: str = "demo-2020",
    year: int | None = None,
    dates: Sequence[date] = DATES,
) -> None:
    """Ingest a notice, make up returns, score it as of several dates and land it all."""
    ingest(Order(source, tables, document_id, year, cross_check=False), lambda _: None)
    land_scores(tables, document_id, dates)


def broaden(tables: Path, document_id: str, years: Sequence[int], entities: int) -> None:
    """Land the document again for other years, with so many entities, and scored."""
    rows = rows_of(tables, document_id)
    known = list(dict.fromkeys(row["entity"] for row in rows["targets"]))
    names = [f"{known[place % len(known)]}{place + 1}" for place in range(entities)]
    for year in years:
        own = f"broad-{year}"
        frames = {}
        for name, table in DOCUMENT_TABLES.items():
            copies = [
                row | {"entity": entity}
                for row in rows[name]
                for place, entity in enumerate(names)
                if row["entity"] == known[place % len(known)]
            ] if name in {"entities", "targets"} else rows[name]  # fmt: skip
            frames[name] = rows_to_frame(table, [_renamed(row, own, table) for row in copies])
        land(tables, [Batch(own, year, frames, "run", "0.1.0")])
        groups = {"县（区）": names[: entities // 2], "开发区": names[entities // 2 :]}
        land_scores(tables, own, DATES[-1:], groups)


def _renamed(row: Row, document_id: str, table: TableSpec) -> Row:
    changed = {"document_id": document_id}
    for name in ("indicator_id", "finding_id"):
        if name in row:
            changed[name] = f"{document_id}/{row[name].split('/')[-1]}"
    return {name: row[name] for name in table.names} | changed


def land_scores(
    tables: Path,
    document_id: str,
    dates: Sequence[date] = DATES,
    groups: Mapping[str, Sequence[str]] = GROUPS,
) -> None:
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
                rank_groups={document_id: groups},
            )
        )
        made.setdefault("scores", []).append(scores_frame(scored))
        made.setdefault("scorecards", []).append(scorecards_frame(scored, total(scored)))
        made.setdefault("rank_stability", []).append(
            arrow_to_frame(rank_stability(scored, Noise(draws=200)))
        )
    landed = {name: pd.concat(each, ignore_index=True) for name, each in made.items()}
    year = int(own["targets"]["year"].iloc[0])
    land(tables, [Batch(document_id, year, {**landed, "returns": returns}, "run", "0.1.0")])


def made_up(own: dict[str, pd.DataFrame], dates: Sequence[date]) -> list[Row]:
    """Return what departments hand in: most of it in time, some late, some twice, some never."""
    draw = random.Random(5)
    listed = [*map(asdict, effective_rules(own["targets"], own["indicators"], dates[-1]))]
    departments = {
        row["serial_no"]: (row["assessing_departments"] or ["市政府督查室"])[0]
        for row in records(own["indicators"])
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
                "department": department,
                "received_on": day - timedelta(days=3 + len(department)),
                "source_row": line + 5,
                "revision": place + 1,
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
        "received_on": day,
        "source_sheet": "考核数据填报表",
        "sample": True,
    }  # fmt: skip


def rows_of(tables: Path, document_id: str) -> dict[str, list[Row]]:
    """Return all tables' rows of one document as plain records."""
    frames = read_tables(tables, tuple(TABLES))
    return {
        name: records(frame[frame["document_id"] == document_id]) for name, frame in frames.items()
    }
