"""Weights of periods, from the notice's ``source.toml`` to the replay."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from click.testing import CliRunner, Result

from flows.cli.main import cli
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import RETURNS
from tests.support.schemas.frames import document_frames
from tests.support.schemas.records import PROVENANCE, small_document, small_notice
from warehouse.landing import Amendment, Batch, amend, land

DECLARED = """
[periods]
2021-H1 = { weight = 40, as_of = 2021-07-20 }
2021-Q4 = { weight = 60, as_of = 2022-01-20 }
"""


def kaohe(tables: Path, *arguments: str) -> Result:
    raw = ["--raw", str(tables.parent / "raw")] if arguments[0] == "score" else []
    return CliRunner().invoke(cli, [*arguments, "--warehouse", str(tables), *raw])


def hand_in(tables: Path, day: date, value: float) -> None:
    row: dict[str, Any] = dict.fromkeys(RETURNS.names)
    row |= {"document_id": "tianhe-2021", "indicator_id": "tianhe-2021/002", "serial_no": 2}
    row |= {"entity": "东河区", "actual_value": value, "veto": False, "received_on": day}
    row |= {"revision": 1, "department": "市财政局", "source_name": "报送.xlsx"}
    row |= {"source_sheet": "填报表", "source_row": 7, "source_sha256": f"{day:%Y%m%d}" * 8}
    rows = rows_to_frame(RETURNS, [row | {"sample": False, "indicator": "财政收入"}])

    def add(before: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([before, rows], ignore_index=True) if len(before) else rows

    amend(tables, [Amendment("tianhe-2021", 2021, "returns", add, "run", "0.1.0")])


def test_periods_are_declared_scored_shown_and_replayed(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    notice = small_notice()
    frames = document_frames(small_document(), notice, PROVENANCE)
    targets = frames["targets"]
    own = ((targets["serial_no"] == 2) & (targets["entity"] == "东河区")).astype(bool)
    targets.loc[own, ["needs_review", "review_reason"]] = [True, "数字不清"]
    land(tables, [Batch("tianhe-2021", 2021, frames, "run-1", "0.1.0")])
    sidecar = tmp_path / "raw/notices/tianhe-2021/source.toml"
    sidecar.parent.mkdir(parents=True)
    sidecar.write_text(DECLARED, encoding="utf-8")
    hand_in(tables, date(2021, 7, 10), 3.0)  # of 6: the milestone that the notice prints
    hand_in(tables, date(2022, 1, 10), 12.0)
    done = kaohe(tables, "score", "2021", "--as-of", "2022-01-31")
    assert done.exit_code in (0, 3), done.output
    assert "2021-H1（40%，截至 2021-07-20）" in done.output
    (own,) = [
        each for each in done.output.splitlines() if each.startswith("  东河区") and " / " in each
    ]
    assert [each for each in own.split() if "？" in each] == ["1.00？", "2.00？"]  # of each period
    found = json.loads(kaohe(tables, "trace", "2021", "2", "东河区", "--json").stdout)
    assert found["score"]["points"] == 1.6  # 2 x (0.4 x 0.5 + 0.6 x 1)
    page = kaohe(tables, "trace", "2021", "2", "东河区").stdout
    assert "2021-H1（权重 40%，截至 2021-07-20）目标 6" in page
    assert "2021-07-10 报送" in page
    assert kaohe(tables, "score", "2021", "--replay").exit_code == 0
    early = kaohe(tables, "score", "2021", "--as-of", "2021-08-01", "--json")
    half = [each for each in json.loads(early.stdout)["periods"] if each["entity"] == "东河区"]
    assert [(each["period"], each["points"]) for each in half] == [("2021-H1", 1.0)]
    sidecar.write_text(DECLARED.replace("60", "50"), encoding="utf-8")
    refused = kaohe(tables, "score", "2021")
    assert refused.exit_code == 1
    assert "合计为 1 或 100" in refused.output
