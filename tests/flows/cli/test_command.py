"""The command line: exit codes, what is printed where, and defaults."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from common.refusal import Refusal
from flows.cli.main import cli
from tests.support.flows.nights import notice_text
from tests.support.paths import ROOT

HTML = ROOT / "tests/fixtures/notices/2020/notice.html"
KAOHE = Path(sys.executable).with_name("kaohe")


def kaohe(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KAOHE, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | environment,
    )


def test_every_command_has_help_and_a_warehouse() -> None:
    assert isinstance(cli, click.Group)
    names = cli.list_commands(click.Context(cli))
    assert names
    for name in names:
        shown = kaohe(name, "--help")
        assert shown.exit_code == 0
        assert "--warehouse" in shown.output
        assert "KAOHE_WAREHOUSE" in shown.output
        assert "--json" in shown.output or name in {"catalogue", "desk", "serve"}


@pytest.mark.parametrize("arguments", [["ingest"], ["ingest", "a", "--year", "soon"], ["nothing"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert kaohe(*arguments).exit_code == 2


def test_the_list_of_commands_is_not_cut() -> None:
    assert "..." not in kaohe("--help").output.replace("[ARGS]...", "")


def test_landing_with_findings_and_again(tmp_path: Path) -> None:
    arguments = ["ingest", HTML, "--document", "mine", "--warehouse", tmp_path / "t"]
    first = run(*arguments)
    assert first.returncode == 3, first.stderr
    assert "指标 indicators 106" in first.stdout
    assert "权重组 weight groups 82" in first.stdout
    assert "目标 targets 530" in first.stdout
    assert "临空经济区 98.5" in first.stdout
    assert "reading" in first.stderr
    current = (tmp_path / "t" / "CURRENT").read_text()
    second = run(*arguments, "--json")
    assert second.returncode == 3
    summary = json.loads(second.stdout)
    assert (summary["document_id"], summary["changed"]) == ("mine", False)
    assert summary["totals"]["雁江区"] == 99
    assert (tmp_path / "t" / "CURRENT").read_text() == current


def test_landing_a_document_loads_neither_pandas_nor_pandera(tmp_path: Path) -> None:
    """They are a quarter of its processor time, and only what does not fit needs them."""
    command = [sys.executable, "-X", "importtime", KAOHE, "ingest", HTML, "--warehouse", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert done.returncode == 3
    assert "pyarrow.acero" in loaded
    assert not {"pandas.core", "pandera"} & loaded  # pandas itself is asked for, in vain


def test_id_and_year_come_from_the_document(tmp_path: Path) -> None:
    done = kaohe("ingest", HTML, "--warehouse", tmp_path, "--json")
    summary = json.loads(done.stdout)
    assert summary["year"] == 2020
    assert summary["document_id"].startswith("2020-66-")


def test_query_prints_an_aligned_table(landed: Path) -> None:
    done = kaohe(
        "query",
        "SELECT entity, count(*) AS n FROM targets GROUP BY 1 ORDER BY 1",
        "--warehouse",
        landed,
    )
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[2] == "临空经济区  106"


def test_query_as_json_and_csv(landed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    sql = "SELECT serial_no, entity, parts FROM targets WHERE serial_no = 1 ORDER BY entity"
    done = run("query", sql, "--csv", out, "--json", KAOHE_WAREHOUSE=str(landed))
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert len(rows) == 5
    assert rows[0] == {"serial_no": 1, "entity": "临空经济区", "parts": []}
    table = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert table[0] == ["serial_no", "entity", "parts"]
    assert len(table) == 6


@pytest.mark.parametrize("sql", ["SELEC 1", "DROP TABLE targets", "SELECT * FROM nowhere", ""])
def test_bad_query_is_refused(landed: Path, sql: str) -> None:
    done = kaohe("query", sql, "--warehouse", landed)
    assert done.exit_code == 1
    assert "refused: " in done.stderr
    assert "Traceback" not in done.output


def test_query_of_an_empty_warehouse(tmp_path: Path) -> None:
    done = kaohe("query", "SELECT 1", "--warehouse", tmp_path / "none")
    assert done.exit_code == 1
    assert "kaohe ingest" in done.stderr
    assert not (tmp_path / "none").exists()


def test_missing_file_is_refused_in_chinese(tmp_path: Path) -> None:
    done = kaohe("ingest", tmp_path / "none.pdf", "--warehouse", tmp_path)
    assert done.exit_code == 1
    assert "找不到文件" in done.stderr


def test_unwritable_csv(landed: Path, tmp_path: Path) -> None:
    out = tmp_path / "no" / "such" / "folder.csv"
    done = kaohe("query", "SELECT 1", "--csv", out, "--warehouse", landed)
    assert done.exit_code == 1
    assert str(out) in done.stderr


def test_interruption_is_no_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.run.run_ingest", interrupt)
    done = kaohe("ingest", HTML, "--warehouse", tmp_path)
    assert done.exit_code == 130
    assert "已中断" in done.stderr


@pytest.mark.parametrize("at", ["click", "common.refusal"])
def test_ctrl_c_before_the_command_is_at_work_just_ends_it(at: str) -> None:
    """The system ends it, as a shell says with 130: no line of Python is heard."""
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, function = scripts["kaohe"].partition(":")
    code = f"""
import signal, sys

class Interrupts:
    def find_spec(self, name, *_):
        if name == {at!r}:
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Interrupts())
from {module} import {function}
{function}()
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_a_command_at_work_hears_of_ctrl_c(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def look(*_: object, **__: object) -> None:
        raise Refusal("heard", str(signal.getsignal(signal.SIGINT)), "听到了。")

    monkeypatch.setattr("flows.run.run_ingest", look)
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        done = kaohe("ingest", HTML, "--warehouse", tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    assert str(signal.default_int_handler) in done.stderr


def test_reader_that_stops_listening(landed: Path) -> None:
    done = subprocess.run(
        f"'{KAOHE}' query 'SELECT * FROM cells' --warehouse '{landed}' | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("document_id")
    assert "Traceback" not in done.stderr


def test_steps_run_directly_unless_a_server_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Refusal("as_flow", "run as a flow", "以流程运行。")

    started: list[Path] = []
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setattr("flows.run.report_to_own_server", started.append)
    as_flow = SimpleNamespace(run=refuse)  # the module itself imports Prefect
    monkeypatch.setitem(sys.modules, "flows.ingest", as_flow)
    notice = tmp_path / "notice.txt"
    notice.write_text(notice_text(), encoding="utf-8")
    arguments = ["ingest", notice, "--year", 2021, "--warehouse", tmp_path / "t"]
    assert kaohe(*arguments).exit_code == 0
    assert started == []
    assert kaohe(*arguments, "--orchestrated").exit_code == 1
    assert started == [tmp_path / "t"]
    monkeypatch.setenv("PREFECT_API_URL", "set")
    assert kaohe(*arguments).exit_code == 1


def test_reading_and_help_load_no_heavy_library() -> None:
    script = (
        "import sys, flows.cli.main, flows.run, flows.jobs.ingest, extract.read;"
        "print([name for name in ('pandas', 'pandera', 'prefect', 'camelot', 'duckdb', 'pyarrow')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"
