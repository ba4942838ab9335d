"""The notebook runs through over a scored year and says what the tables hold."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from schemas.tables.registry import TABLES
from tests.support.paths import ROOT
from tests.support.report.scored import DATES, land_scores
from tests.support.warehouse.landings import content
from warehouse.catalogue import VIEWS
from warehouse.query import query

NOTICE = ROOT / "tests/fixtures/notices/2020/notice.html"
NOTEBOOK = ROOT / "notebooks/tables.py"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebook") / "tables"
    ingest(Order(NOTICE, folder, "demo-2020", cross_check=False), lambda _: None)
    land_scores(folder, "demo-2020", DATES[-1:])
    return folder


def notebook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebook_tables", NOTEBOOK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(warehouse: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("KAOHE_WAREHOUSE", str(warehouse))
    _, defined = notebook().app.run()
    return dict(defined)


def test_what_it_shows_is_what_the_tables_hold(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(warehouse)
    shown = run(warehouse, monkeypatch)
    assert content(warehouse) == before
    assert set(shown["views"]["view"]) == {*TABLES, *(view.name for view in VIEWS)}
    assert shown["columns"]["meaning"].notna().all()
    sql = "SELECT entity, points FROM scorecards_latest WHERE level = 'total' ORDER BY entity"
    cards = shown["scorecards"].sort_values("entity")
    assert list(zip(cards["entity"], cards["points"], strict=True)) == query(warehouse, sql).rows
    assert shown["totals"]["max_points"].tolist() == [
        row[0]
        for row in query(
            warehouse,
            "SELECT max_points FROM scorecards_latest WHERE level = 'total' ORDER BY entity",
        ).rows
    ]
    assert len(shown["targets"]) == 106 * 5
    assert len(shown["side_by_side"]) == 106
    assert (shown["losses"]["lost"] > 0).all()
    assert shown["losses"]["how"].notna().all()
    assert shown["bars"].text.count("<tr>") == len(cards)
    assert "demo-2020" in json.loads(shown["metadata"]["documents"])
    assert list(shown["units"]["column"]) == list(TABLES["targets"].names)


def test_a_year_that_is_not_scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(Order(NOTICE, tmp_path / "tables", "demo-2020", cross_check=False), lambda _: None)
    shown = run(tmp_path / "tables", monkeypatch)
    assert len(shown["scorecards"]) == len(shown["losses"]) == 0


def test_it_is_a_program_of_its_own(warehouse: Path, tmp_path: Path) -> None:
    """As its first lines say: run as a script, from any folder, without a line of this project."""
    done = subprocess.run(
        [sys.executable, str(NOTEBOOK)],
        cwd=tmp_path,
        env=os.environ | {"KAOHE_WAREHOUSE": str(warehouse)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
