"""Prefect's records stay bounded, however many nights there were."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from common.isolated import python_path

KEPT_DAYS = 90


@pytest.mark.usefixtures("server_url")
def test_runs_of_long_ago_are_forgotten_with_their_logs(server_home: Path, tmp_path: Path) -> None:
    with (  # to make one anew takes Prefect seconds
        closing(sqlite3.connect(server_home / "prefect.db")) as made,
        closing(sqlite3.connect(tmp_path / "prefect.db")) as own,
    ):
        made.backup(own)
    env = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.flows.old_runs"],
        capture_output=True,
        text=True,
        check=True,
        env=env | {"PREFECT_HOME": str(tmp_path), "PYTHONPATH": python_path()},
    )
    assert done.stdout.split()[-2:] == [str(KEPT_DAYS)] * 2, done.stderr
