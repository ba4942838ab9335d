"""How a process of ours ends."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import ROOT

ENDING = """
import duckdb, threading, time
from common.processes import end_at_once
connection = duckdb.connect()
threading.Thread(target=time.sleep, args=(0.1,)).start()
end_at_once(3)
"""


def test_a_process_with_threads_at_work_ends_as_usual_and_says_nothing() -> None:
    """A library whose things outlive a process says so in 50 lines, behind what was printed."""
    done = subprocess.run(
        [sys.executable, "-c", ENDING], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
