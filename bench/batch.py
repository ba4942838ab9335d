"""Times a batch of documents: two processes against one, and a Dask cluster of two.

    .venv/bin/python -m bench.batch [--documents 120] [--runs 3] [--cluster] [--write]

Draws made-up notices in all formats, each another document, and ingests them as the command does
(``kaohe ingest FOLDER``), each side into an empty warehouse. The sides alternate within one run.
Wall and processor time with their spread, and the ratio of the medians; ``--write`` puts the table
into docs/performance.md, and does not where the machine has other work: a second process needs the
second processor.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.idle import require_idle
from bench.marked import write_part
from tests.support.workshop.draw import FORMATS, default_style, draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC, LAYOUTS, NOTES_BELOW
from tests.support.workshop.samples import sample

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
LANDED = (0, 3)


@dataclass(slots=True)
class Side:
    """One way to ingest the batch, and the seconds that it took: by the clock, of processors."""

    name: str
    options: tuple[str, ...]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def row(self, documents: int) -> str:
        wall = statistics.median(self.wall)
        return (
            f"| {self.name} | {wall:.1f} ({min(self.wall):.1f}-{max(self.wall):.1f}) | "
            f"{statistics.median(self.cpu):.1f} ({min(self.cpu):.1f}-{max(self.cpu):.1f}) | "
            f"{documents / wall:.1f} |"
        )


def draw_notices(folder: Path, documents: int) -> None:
    """Draw so many notices, each in a folder of its own with its sidecar."""
    layouts = list(LAYOUTS.values())
    for number in range(documents):
        kind = FORMATS[number % len(FORMATS)]
        layout = layouts[number // len(FORMATS) % len(layouts)]
        layout = layout if kind != "md" or layout == NOTES_BELOW else CLASSIC
        year = 2016 + number % 10
        notice = replace(sample(5, year), doc_number=f"东府办发〔{year}〕{number + 1}号")
        own = folder / f"city-{number:04d}"
        own.mkdir(parents=True)
        drawn = fitted(notice, layout)
        draw(drawn, grid_of(drawn, layout), own, default_style(kind))
        (own / "source.toml").write_text(
            f'year = {year}\nissuer = "第{number}市人民政府办公室"\n', encoding="utf-8"
        )


def ingest(side: Side, folder: Path, work: Path) -> None:
    """Ingest the folder into an empty warehouse and note how long it took."""
    warehouse = work / "tables"
    shutil.rmtree(warehouse, ignore_errors=True)
    command = [Path(sys.executable).with_name("kaohe"), "ingest", folder, "--warehouse", warehouse]
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [*map(str, command), *side.options], capture_output=True, text=True, check=False
    )
    side.wall.append(time.perf_counter() - started)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    side.cpu.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    if done.returncode not in LANDED or "refused 0" not in done.stdout:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])


def table(sides: list[Side], documents: int) -> str:
    first = statistics.median(sides[0].wall)
    lines = [
        f"| {documents} documents | wall s (least-most) | processor s (same) | documents a s |",
        "|---|---|---|---|",
        *(side.row(documents) for side in sides),
    ]
    ratios = [
        f"{side.name}: {first / statistics.median(side.wall):.2f} times as fast as {sides[0].name}"
        for side in sides[1:]
    ]
    return "\n".join([*lines, "", "; ".join(ratios) + "."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        require_idle()
    sides = [Side("one process", ("--processes", "1")), Side("two processes", ("--processes", "2"))]
    if options.cluster:
        sides.append(Side("Dask, two workers", ("--engine", "dask", "--processes", "2")))
    with tempfile.TemporaryDirectory() as place:
        work = Path(place)
        draw_notices(work / "notices", options.documents)
        for run in range(options.runs):
            for side in sides if run % 2 == 0 else sides[::-1]:
                ingest(side, work / "notices", work)
                print(f"{side.name}: {side.wall[-1]:.1f} s, {side.cpu[-1]:.1f} s of processors")
    text = table(sides, options.documents)
    print(text)
    if options.write:
        write_part(PAGE, "batch", text)


if __name__ == "__main__":
    main()
