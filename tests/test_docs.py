"""Every command in the docs is run, and every link leads somewhere."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli.main import cli
from flows.jobs.doctor import setup as doctor_setup
from tests.support.paths import ROOT
from tests.support.report.charts import leave_charts_out
from warehouse.catalogue import rebuild

CHINESE = sorted((ROOT / "docs/zh").glob("*.md"))
DOCS = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "raw/README.md",
    *CHINESE,
]
BLOCK = re.compile(r"^([ ]*)```sh\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
REMARK = re.compile(r"\s+# .*$")
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
LANDED_WITH_FINDINGS = 3
FEW_LINES = 60
WITH_SERVER = {"demo", "desk", "serve"}

#: What stands in for programs that would take too long here or that need not be installed.
STUBS = {
    "make": f'exec "$REAL_MAKE" --no-print-directory -C "{ROOT}" -n "$@"',
    "duckdb": f"""exec "{sys.executable}" -c '
import duckdb, sys
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("SHOW TABLES").fetchall())' "${{@: -1}}\"""",
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def commands_of(path: Path) -> list[str]:
    """Return the commands of a document's sh blocks, lines with a backslash joined."""
    blocks = [block for _, block in BLOCK.findall(path.read_text(encoding="utf-8"))]
    text = "\n".join(blocks).replace("\\\n", " ")
    lines = (REMARK.sub("", line).strip() for line in text.splitlines())
    return [line for line in lines if line]


def documents_by_commands() -> list[list[Path]]:
    """Return the documents that have commands; those that have the very same are run once."""
    alike: dict[tuple[str, ...], list[Path]] = {}
    for path in DOCS:
        alike.setdefault(tuple(commands_of(path)), []).append(path)
    return [paths for commands, paths in alike.items() if commands]


def names_of(paths: list[Path]) -> str:
    return ", ".join(map(name_of, paths))


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which the notice of 2020 is landed; never written to."""
    folder = make_project(tmp_path_factory.mktemp("project"))
    notice = folder / "tests/fixtures/notices/2020/notice.html"
    landed = run(f".venv/bin/kaohe ingest '{notice}' --document ziyang-2020", folder)
    assert landed.returncode == LANDED_WITH_FINDINGS, landed.stderr
    shorten(folder / "raw/notices")
    return folder


def shorten(notices: Path) -> None:
    """Leave the head and some rows of the notices, which only the README's commands read whole."""
    text = (notices / "ziyang-2020-text/notice.txt").read_text(encoding="utf-8")
    (notices / "ziyang-2020/calc.pdf").unlink()
    for folder in notices.iterdir():
        lines = text.splitlines(keepends=True)[:FEW_LINES]
        (folder / "notice.txt").write_text("".join(lines), encoding="utf-8")
        sidecar = folder / "source.toml"
        told = sidecar.read_text(encoding="utf-8")
        sidecar.write_text(re.sub(r"^sha256 = .*\n", "", told, flags=re.M), encoding="utf-8")


def own_words(command: str) -> list[str] | None:
    """Return the arguments of a command of ours where a shell adds nothing; else None.

    Servers and what starts one have a process of their own.
    """
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", command)
    if set(bare) & set("|&;<>*?~(){}") or set(command) & set("$`\\"):
        return None
    program, *words = shlex.split(command)
    ours = program in {"kaohe", ".venv/bin/kaohe"}
    return words if ours and not {*words[:1]} & WITH_SERVER else None


def make_project(folder: Path) -> Path:
    """Copy what a user's commands touch, with the environment that make sets up."""
    for name in ("raw", "tests/fixtures", "bench"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.prefix))
    stubs = folder / "stubs"
    stubs.mkdir()
    for name, script in STUBS.items():
        (stubs / name).write_text(f"#!/bin/bash\n{script}\n")
        (stubs / name).chmod(0o755)
    return folder


def run(command: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a project as a shell does; of ours, those that need none in this process."""
    words = own_words(command)
    if words is not None:
        with chdir(project):
            done = CliRunner().invoke(cli, words)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {
            "PATH": f"{project / 'stubs'}:{project / '.venv/bin'}:{os.environ['PATH']}",
            "REAL_MAKE": shutil.which("make") or "make",
            "PYTHONPATH": str(ROOT),
        },
    )


@pytest.mark.parametrize("paths", documents_by_commands(), ids=names_of)
def test_commands_run(
    paths: list[Path],
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor_setup, "LIBRARIES", ("json",))  # test_doctor loads them all
    monkeypatch.setattr(doctor_setup, "SCAN_LIBRARIES", ("json",))
    leave_charts_out(monkeypatch)
    project = tmp_path_factory.mktemp("docs") / "project"
    if paths[0].name.startswith("README"):  # these begin with nothing landed
        make_project(project)
    else:
        shutil.copytree(request.getfixturevalue("landed"), project, symlinks=True)
        rebuild(project / "warehouse/tables")
    for command in commands_of(paths[0]):
        done = run(command, project)
        said = f"{command}\n{done.stdout}{done.stderr}"
        assert done.returncode in {0, LANDED_WITH_FINDINGS}, said


@pytest.mark.parametrize("path", DOCS, ids=name_of)
def test_links_lead_somewhere(path: Path) -> None:
    links = LINK.findall(path.read_text(encoding="utf-8"))
    missing = [link for link in links if not (path.parent / link).exists()]
    assert not missing


def test_the_unit_of_systemd_is_one(tmp_path: Path) -> None:
    text = (ROOT / "deploy/kaohe.service").read_text("utf-8")
    assert re.search(r"^ExecStart=\S+ serve --port \d+$", text, re.M)
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    unit = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.M)
    place = tmp_path / "kaohe.service"
    place.write_text(unit, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(place)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in checked.stderr.splitlines() if "kaohe.service" in line] == []


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    reasons = (ROOT / "docs/decisions.md").read_text(encoding="utf-8")
    names = [re.split(r"[<>=~!\[ ]", text)[0] for text in project["project"]["dependencies"]]
    assert [name for name in names if f"| {name} |" not in reasons] == []


def test_every_make_target_that_the_docs_name_exists() -> None:
    named = {
        target
        for path in DOCS
        for target in re.findall(r"\bmake ([a-z]+)", path.read_text(encoding="utf-8"))
    }
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert {"demo", "test"} <= named & set(phony.group(1).split())


def test_readme_names_every_table() -> None:
    from schemas.tables.registry import TABLES

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in TABLES if f"`{name}`" not in readme] == []
