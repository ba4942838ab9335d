"""A landed notice with returns handed in, and its scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from flows.jobs.ingest import code_version
from flows.jobs.score.inputs import ScoreOrder, read_case
from flows.jobs.score.run import score_year
from flows.jobs.score.summary import ScoreSummary
from schemas.tables.frames import records, rows_to_frame
from schemas.tables.registry import RETURNS, TABLES
from scoring.points.listing import NEEDS, effective_rules
from warehouse.landing import Amendment, amend
from warehouse.reading import read_table, read_tables

DOCUMENT = "ziyang-2020"


DAY = date(2021, 1, 5)


Row = dict[str, Any]


Fill = Callable[[Row], Row | None]


def silent(_: str) -> None:
    """Say nothing."""


def score(tables: Path, **said: Any) -> ScoreSummary:
    return score_year(order(tables, **said), silent)


def order(tables: Path, **said: Any) -> ScoreOrder:
    return ScoreOrder(2020, tables, **{"raw": tables.parent / "raw", **said})


def met(line: Row) -> Row:
    """Return what meets a line's target in full."""
    value, operator = line["target_value"], line["operator"]
    goal = 0.0 if value is None or value != value else value  # noqa: PLR0124
    strict = {">": 1.0, "<": -1.0}.get(operator, 0.0)
    told: Row = {}
    if line["actual_value"]:
        told["actual_value"] = 100.0 if line["rule"] == "external" else goal + strict
    if line["awarded_pct"]:
        told["awarded_pct"] = 100.0
    if line["benchmark_value"]:
        worse = 10.0 if line["direction"] == "lower_is_better" else -10.0
        told["benchmark_value"] = goal + worse
    return told


def keep_first(tables: Path, count: int) -> None:
    """Leave of a landed notice no more than its first indicators."""

    def first(rows: Any) -> Any:
        return rows[rows["serial_no"].isna() | (rows["serial_no"] <= count)].reset_index(drop=True)

    held = read_tables(tables, [name for name in TABLES if "serial_no" in TABLES[name].names])
    amend(
        tables,
        [
            Amendment(DOCUMENT, 2020, name, first, "run", code_version())
            for name, rows in held.items()
            if len(rows)
        ],
    )


def lines_of(tables: Path) -> list[Row]:
    """Return the lines that something must be returned for."""
    case = read_case(order(tables))
    listed = effective_rules(case.inputs.targets, case.inputs.indicators, DAY)
    rows = [row for row in map(asdict, listed) if any(row[need] for need in NEEDS)]
    names = {row["serial_no"]: row for row in records(case.inputs.indicators)}
    return [{**row, "owner": names[row["serial_no"]]} for row in rows]


def hand_in(
    tables: Path, fill: Fill = met, day: date = DAY, department: str = "市统计局", **said: Any
) -> None:
    """Land returns for all lines that ``fill`` gives anything for."""
    made = []
    for number, line in enumerate(lines_of(tables), 5):
        told = fill(line)
        if told is not None:
            made.append(_return(line, number, day, {"department": department, **said, **told}))
    digest = f"{day:%Y%m%d}".ljust(64, f"{len(department)}")
    rows = rows_to_frame(RETURNS, [{**row, "source_sha256": digest} for row in made])

    def add(before: Any) -> Any:
        import pandas as pd

        return pd.concat([before, rows], ignore_index=True) if len(before) else rows

    amend(tables, [Amendment(DOCUMENT, 2020, "returns", add, "run", code_version())])


def _return(line: Row, number: int, day: date, said: Mapping[str, Any]) -> Row:
    row: Row = dict.fromkeys(RETURNS.names)
    row |= {name: line[name] for name in ("document_id", "indicator_id", "serial_no", "entity")}
    row |= {"part_no": line["part_no"], "veto": False, "received_on": day, "revision": 1}
    row |= {"source_name": "表.xlsx", "source_sheet": "考核数据填报表", "source_row": number}
    return {**row, "sample": False, **said}


def scored_rows(tables: Path, name: str = "scores") -> list[Row]:
    return records(read_table(tables, name))
