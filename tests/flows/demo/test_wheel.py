"""The wheel's ``kaohe demo`` works in an empty folder, without the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

from flows.demo.run import bundled
from tests.support.paths import ROOT

DATA = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"][
    "data-files"
]


def test_the_wheel_carries_the_notices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("flows.demo.run.PROJECT", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "venv"))
    for place, patterns in DATA.items():
        for pattern in patterns:
            for file in ROOT.glob(pattern):
                copy = tmp_path / "venv" / place / file.name
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
    assert bundled() == tmp_path / "venv/share/kaohe/raw/notices"
    carried = {path.name for path in bundled().rglob("*") if path.is_file()}
    assert carried >= {"calc.pdf", "notice.txt", "source.toml"}


@pytest.mark.soak
def test_the_demo_of_a_wheel_in_an_empty_folder(tmp_path: Path) -> None:
    """Takes two minutes: the wheel is built and unpacked, and the whole demo run from it."""
    source = tmp_path / "source"  # a build leaves folders where it was made
    left_out = shutil.ignore_patterns(
        ".*",
        "tests",
        "bench",
        "docs",
        "out",
        "warehouse/tables*",
        "*.egg-info",
        "__pycache__",
        "build",
    )
    shutil.copytree(ROOT, source, ignore=left_out)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    (tmp_path / "dist").mkdir()
    made = [sys.executable, "-c", build, str(tmp_path / "dist")]
    subprocess.run(made, check=True, cwd=source, stdout=subprocess.DEVNULL)
    (wheel,) = (tmp_path / "dist").glob("kaohe-*.whl")
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(venv)}))
    with zipfile.ZipFile(wheel) as packed:
        for name in packed.namelist():
            within = name.partition(".data/data/")[2]
            target = venv / within if within else own / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(packed.read(name))
    # The libraries are this project's; of their folder no .pth file is read, so it is not found.
    (own / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = subprocess.run(
        [str(venv / "bin/python"), "-c", "from flows.cli.main import main; main()", "demo"],
        cwd=empty, capture_output=True, text=True, check=False,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert (empty / "out/demo/report/index.html").is_file()
    assert str(ROOT) not in done.stdout + done.stderr
