"""Bad input ends in a message that a clerk understands, and nothing has changed."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.flows import bad_documents

KAOHE = Path(sys.executable).with_name("kaohe")
CHINESE = re.compile(r"[㐀-鿿]{4}")


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("make", bad_documents.ALL, ids=lambda make: make.__name__)
def test_bad_input_is_refused(make: Callable[[Path], Path], tmp_path: Path, landed: Path) -> None:
    source = make(tmp_path)
    before = fingerprint(landed)
    started = time.monotonic()
    done = subprocess.run(
        [KAOHE, "ingest", source, "--year", "2031", "--warehouse", landed],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    took = time.monotonic() - started
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    refusal = done.stderr.split("\n", 1)[1]  # the first line is progress
    assert CHINESE.search(refusal.splitlines()[0]), refusal
    assert "refused: " in refusal
    assert "reader_crashed" not in refusal, refusal
    assert done.stdout == ""
    assert fingerprint(landed) == before
    assert took < 30
