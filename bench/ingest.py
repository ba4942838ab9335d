"""Compares reading a notice with pdfplumber, camelot and this project, in one run.

Every measurement is taken in a fresh process, imports counted apart, and is the median of
several; peak memory is that of the process and of the largest one it started, added up.

    .venv/bin/python bench/ingest.py [--repeat 5] [--write]

``--write`` puts the tables into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.idle import cpu_seconds, require_idle, spread  # noqa: E402
from bench.marked import write_part  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
DOCUMENTS = {
    "calc.pdf": ROOT / "raw/notices/ziyang-2020/calc.pdf",
    "writer.pdf": ROOT / "tests/fixtures/notices/2020/writer.pdf",
    "other city": ROOT / "tests/fixtures/notices/2021-other-city/calc.pdf",
}


def pdfplumber_tables(path: Path) -> None:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()


def camelot_tables(path: Path, **options: str) -> None:
    import camelot

    list(camelot.read_pdf(str(path), pages="all", flavor="lattice", **options))


def camelot_vector(path: Path) -> None:
    camelot_tables(path, engine="vector")


def ours_read(path: Path) -> None:
    from extract.read import read_document

    read_document(path, cross_check=False)


def ours(path: Path, *, cross_check: bool = False) -> None:
    from flows.jobs.ingest import read_and_normalize
    from schemas.records.source import SourceMeta

    read_and_normalize(path, SourceMeta("bench"), cross_check)


def ours_whole(path: Path) -> None:
    ours(path, cross_check=True)


ALONE = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_tables()
"""


#: Name, what to import before the clock starts, what to time.
METHODS: dict[str, tuple[str, tuple[str, ...], Callable[[Path], None]]] = {
    "plumber": ("pdfplumber `extract_tables`", ("pdfplumber",), pdfplumber_tables),
    "camelot": ("camelot lattice, default engine", ("camelot",), camelot_tables),
    "vector": ("camelot lattice, `vector` engine", ("camelot",), camelot_vector),
    "first": ("kaohe, first reader", ("extract.read", "extract.pdf.reader"), ours_read),
    "ours": (
        "kaohe, first reader and normalization",
        ("extract.read", "extract.pdf.reader", "normalize.pipeline"),
        ours,
    ),
    "whole": (
        "kaohe, with cross-check, and normalization",
        ("extract.read", "extract.pdf.reader", "normalize.pipeline"),
        ours_whole,
    ),
}


def measure_here(method: str, path: Path) -> dict[str, float]:
    """Time one method in this process; called in a fresh one."""
    _, modules, run = METHODS[method]
    started = time.perf_counter()
    for module in modules:
        import_module(module)
    imported, before = time.perf_counter(), cpu_seconds()
    run(path)
    done, after = time.perf_counter(), cpu_seconds()
    peak = sum(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "import_s": imported - started,
        "work_s": done - imported,
        "cpu_s": after - before,
        "peak_mb": peak / 1024,
    }


def measure(method: str, path: Path) -> dict[str, float]:
    """Time one method in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", __file__, "--one", method, str(path)],
        capture_output=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def measure_command(command: Sequence[str | Path]) -> tuple[float, float]:
    """Time a whole process, which may land into an empty warehouse: wall and processor seconds."""
    with tempfile.TemporaryDirectory() as folder:
        started, before = time.perf_counter(), cpu_seconds()
        done = subprocess.run(command, capture_output=True, check=False, cwd=folder)
        took, cpu = time.perf_counter() - started, cpu_seconds() - before
    if done.returncode not in {0, 3}:
        raise SystemExit(done.stderr.decode())
    return took, cpu


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def compare_readers(repeat: int) -> list[str]:
    """Return the readers' table as Markdown, a document after the other."""
    lines = [
        "| document | reader | import s | work s (least-most) | times `extract_tables` "
        "| CPU s (same) | times | peak MB |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for name, path in DOCUMENTS.items():
        runs: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
        for number in range(repeat):  # in turn, so that a busy moment hits all alike
            for method in (*METHODS,)[:: -1 if number % 2 else 1]:
                runs[method].append(measure(method, path))
        base = medians(runs["plumber"])
        for method, (title, _, _) in METHODS.items():
            seen = medians(runs[method])
            sides = (
                f"{spread([run[key] for run in runs[method]])} | {seen[key] / base[key]:.2f}"
                for key in ("work_s", "cpu_s")
            )
            lines.append(
                f"| {name} | {title} | {seen['import_s']:.2f} | {' | '.join(sides)} "
                f"| {seen['peak_mb']:.0f} |"
            )
    return lines


def compare_commands(repeat: int) -> list[str]:
    """Return the table of whole processes as Markdown, measured in turn."""
    path = DOCUMENTS["calc.pdf"]
    ingest = [Path(sys.executable).with_name("kaohe"), "ingest", path, "--warehouse", "t"]
    commands: dict[str, list[str | Path]] = {
        "python, pdfplumber `extract_tables` of calc.pdf": [sys.executable, "-c", ALONE, str(path)],
        "`kaohe ingest calc.pdf --no-cross-check`": [*ingest, "--no-cross-check"],
        "`kaohe ingest calc.pdf`": [*ingest],
    }
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            took[name].append(measure_command(command))
    base: list[float] = []
    lines = ["| whole process | wall s | times | CPU s | times |", "|---|--:|--:|--:|--:|"]
    for name, runs in took.items():
        sides = [list(side) for side in zip(*runs, strict=True)]
        base = base or [statistics.median(side) for side in sides]
        cells = (
            f"{spread(side)} | {statistics.median(side) / one:.2f}"
            for side, one in zip(sides, base, strict=True)
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def report(repeat: int) -> str:
    where = f"Python {platform.python_version()}, {os.cpu_count()} cores, median of {repeat}."
    return "\n".join([where, "", *compare_readers(repeat), "", *compare_commands(repeat)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure_here(chosen.one[0], Path(chosen.one[1]))))
        return
    if chosen.write:
        require_idle()
    text = report(chosen.repeat)
    print(text)
    if chosen.write:
        write_part(PAGE, "ingest", text)


if __name__ == "__main__":
    main()
