"""Measures a night with nothing new: the steps alone, and as a flow from its own start to its end.

    .venv/bin/python bench/nightly.py [--notices 2] [--repeat 5] [--write]

A warehouse is made from copies of the bundled notice, each under another name; the nights that are
measured find all of it as it was. ``--write`` puts the table into docs/nightly.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.idle import spread  # noqa: E402
from bench.marked import write_part  # noqa: E402

PAGE = ROOT / "docs" / "nightly.md"
NOTICE = ROOT / "tests/fixtures/notices/2020/notice.html"
STEPS = (
    "import time; from pathlib import Path; from flows.jobs.night.summary import NightlyOrder;"
    "from flows.jobs.night.night import run_nightly; started = time.perf_counter();"
    "done = run_nightly(NightlyOrder(Path('t'), Path('raw'), Path('out')), lambda _: None);"
    "assert done.up_to_date; print(time.perf_counter() - started)"
)


Taken = tuple[float, float]
"""Seconds by the clock, and of processors."""


def prepare(root: Path, notices: int) -> None:
    """Make a city of so many notices, one a year, and let a first night see it."""
    for number in range(notices):
        folder = root / "raw/notices" / f"notice-{2020 - number}"
        folder.mkdir(parents=True)
        shutil.copy(NOTICE, folder)
        (folder / "source.toml").write_text(f"year = {2020 - number}\n")
    command(root, "nightly", "--direct")


def command(root: Path, *arguments: str) -> None:
    """Run kaohe there; 3 says that a notice has findings."""
    code = "from flows.cli.main import main; main()"
    options = ("--warehouse", "t", "--raw", "raw", "--out", "out")
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments, *options],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode not in {0, 3}:
        raise SystemExit(f"kaohe {' '.join(arguments)} ended with {done.returncode}")


def cpu_seconds() -> float:
    """Return the processor time of all processes that were started and ended."""
    used = os.times()
    return used.children_user + used.children_system


def timed_command(root: Path) -> Taken:
    """Time the whole command without Prefect, Python's start included."""
    started, before = time.perf_counter(), cpu_seconds()
    command(root, "nightly", "--direct")
    return time.perf_counter() - started, cpu_seconds() - before


def timed_steps(root: Path) -> Taken:
    """Time the steps alone, in a fresh process; its processor time is with Python's start."""
    before = cpu_seconds()
    done = subprocess.run(
        [sys.executable, "-c", STEPS],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(done.stdout), cpu_seconds() - before


def timed_flows(root: Path, repeat: int) -> list[float]:
    """Time flow runs from start to end, as their server notes it."""
    sys.path.insert(0, str(ROOT))
    os.chdir(root)
    from prefect.client.orchestration import get_client
    from prefect.testing.utilities import prefect_test_harness

    from flows.jobs.night.night import run_nightly
    from flows.jobs.night.summary import NightlyOrder
    from flows.nightly import run

    run_nightly(NightlyOrder(Path("t"), Path("raw"), Path("out")), lambda _: None)
    with prefect_test_harness(server_startup_timeout=120):
        for _ in range(repeat):
            if not run(NightlyOrder(Path("t"), Path("raw"), Path("out"))).up_to_date:
                raise SystemExit("something was new")
        with get_client(sync_client=True) as client:
            runs = client.read_flow_runs()
    return [run.total_run_time.total_seconds() for run in runs]


def report(notices: int, repeat: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        prepare(root, notices)
        pairs = [(timed_steps(root), timed_command(root)) for _ in range(repeat)]
        flows = timed_flows(root, repeat)
    steps, commands = zip(*pairs, strict=True)
    return "\n".join(
        [
            f"Python {platform.python_version()}, {notices} notices, median of {repeat} with least "
            "and most; the first two in turn.",
            "",
            "| a night with nothing new | s | CPU s |",
            "|---|--:|--:|",
            row("the steps", steps),
            row("`kaohe nightly --direct`, the whole process", commands),
            f"| the flow, from its start to its end, as its server notes it | {spread(flows)} | |",
        ]
    )


def row(title: str, taken: Sequence[Taken]) -> str:
    wall, cpu = zip(*taken, strict=True)
    return f"| {title} | {spread(wall)} | {spread(cpu)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notices", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/nightly.md")
    chosen = parser.parse_args()
    text = report(chosen.notices, chosen.repeat)
    print(text)
    if chosen.write:
        write_part(PAGE, "nightly", text)


if __name__ == "__main__":
    main()
