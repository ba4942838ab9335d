"""Bad input ends in a message that a clerk understands, and nothing has changed."""

from __future__ import annotations

import hashlib
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from tests.support.flows import bad_documents

KAOHE = Path(sys.executable).with_name("kaohe")
CHINESE = re.compile(r"[㐀-鿿]{4}")


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def landed(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse in which nobody else leaves anything, be it for a moment."""
    copy = tmp_path_factory.mktemp("own") / "tables"
    return Path(shutil.copytree(landed, copy, symlinks=True))


@pytest.mark.isolated
@pytest.mark.parametrize("make", bad_documents.ALL, ids=lambda make: make.__name__)
def test_bad_input_is_refused(make: Callable[[Path], Path], tmp_path: Path, landed: Path) -> None:
    source = make(tmp_path)
    before = fingerprint(landed)
    done = asked("ingest", source, "--year", "2031", "--warehouse", landed)
    assert done.exit_code == 1, done.stderr
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.stdout + done.stderr
    refusal = done.stderr.split("\n", 1)[1]  # the first line is progress
    assert CHINESE.search(refusal.splitlines()[0]), refusal
    assert "refused: " in refusal
    assert "reader_crashed" not in refusal, refusal
    assert "too_heavy" not in refusal, refusal  # it ends before the clock of its process
    assert done.stdout == ""
    assert fingerprint(landed) == before


@pytest.mark.parametrize("place", ["current/targets/year=2020/ziyang-2020.parquet", "CURRENT", "x"])
def test_nothing_is_written_into_a_warehouse(place: str, landed: Path, tmp_path: Path) -> None:
    """By whatever name: straight, and by a link from elsewhere; whichever warehouse it is."""
    before = fingerprint(landed)
    link = tmp_path / "link"
    link.symlink_to(landed)
    for path in (landed / place, link / place):
        got = asked("query", "SELECT 1 a", "--csv", path, "--warehouse", landed)
        assert got.exit_code == 1
        assert "[into_warehouse]" in got.stderr
    got = asked("forms", "2020", "--out", link / "forms", "--warehouse", landed)
    assert "[into_warehouse]" in got.stderr
    assert fingerprint(landed) == before


def test_an_argument_that_is_not_utf8_is_refused(landed: Path) -> None:
    got = run("query", b"SELECT \xff", "--warehouse", landed)
    assert got.returncode == 1
    assert "[argument_not_utf8]" in got.stderr
    assert "Traceback" not in got.stderr


def test_a_full_output_is_named(landed: Path) -> None:
    with Path("/dev/full").open("w") as full:
        got = run("query", "SELECT 1", "--warehouse", landed, stdout=full)
    assert got.returncode == 1
    assert "输出 (output)" in got.stderr


def test_ctrl_c_is_one_line(landed: Path) -> None:
    endless = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT 1 FROM t) SELECT count(*) FROM t"
    query = subprocess.Popen(
        [KAOHE, "query", endless, "--warehouse", landed], stderr=subprocess.PIPE, text=True
    )
    try:
        while "duckdb" not in Path(f"/proc/{query.pid}/maps").read_text():
            assert query.poll() is None
            time.sleep(0.001)
        query.send_signal(signal.SIGINT)
        _, stderr = query.communicate(timeout=120)
    finally:
        query.kill()
    assert query.returncode == 130
    assert stderr.count("\n") == 1
    assert "已中断" in stderr


def asked(*arguments: object) -> Result:
    """Give a command in this process; its reader has its own."""
    return CliRunner().invoke(cli, [str(each) for each in arguments])


def run(*arguments: object, stdout: Any = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    command = [each if isinstance(each, bytes) else str(each) for each in arguments]
    return subprocess.run(
        [KAOHE, *command],
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=120,
    )
