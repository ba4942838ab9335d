"""The command prints Chinese under any locale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

KAOHE = [sys.executable, "-c", "from flows.cli.main import main; main()"]


def run(folder: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    own = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONCOERCECLOCALE": "0"} | env
    command = [*KAOHE, "ingest", "没有的通知"]
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, check=False)


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0"},
        {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "ascii:strict"},
    ],
)
def test_any_locale_prints(tmp_path: Path, env: dict[str, str]) -> None:
    done = run(tmp_path, **env)
    assert done.returncode == 1
    assert "没有的通知" in done.stderr.decode("utf-8")
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(shutil.which("localedef") is None, reason="needs localedef")
def test_a_latin_locale_prints(tmp_path: Path) -> None:
    made = subprocess.run(
        ["localedef", "-i", "en_US", "-f", "ISO-8859-1", str(tmp_path / "en_US.ISO-8859-1")],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("the sources of the locale are not installed")
    env = {"LOCPATH": str(tmp_path), "LC_ALL": "en_US.ISO-8859-1"}
    known = subprocess.run(
        [sys.executable, "-c", "import locale; print(locale.getencoding())"],
        env=os.environ | env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert known.stdout.strip().lower() == "iso-8859-1"
    done = run(tmp_path, **env)
    assert done.returncode == 1
    assert "没有的通知" in done.stderr.decode("utf-8")
