"""Times a batch of documents: two processes against one, and a Dask cluster of two.

    .venv/bin/python -m bench.batch [--documents 1000] [--parts 2] [--cluster] [--write]

Draws made-up notices in all formats, each another document, and ingests them as the command does
(``kaohe ingest FOLDER``), part after part, each side into a warehouse of its own. The sides take
turns at every part. Wall and processor time of all parts with the spread between these;
``--write`` puts the table into docs/performance.md, and does not where the machine has other work:
a second process needs the second processor. One process has the landing beside it, which takes some
of the second processor, too: how it does on one alone is a side as well. The cluster starts before
its turn and ends after it: its start is not in the time, nor that its workers get warm meanwhile;
one that waits takes some of a processor from whoever else is at work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from bench.idle import require_idle
from bench.marked import write_part
from common.isolated import cpu_used
from flows.jobs.batch.cluster import own_cluster, quiet_cluster
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
    """One way to ingest the batch, and the seconds that it took: by the clock, of processors.

    ``processor``: the only one that it may use; ``settings`` of its environment; ``place``: what
    gets it ready for a turn.
    """

    name: str
    options: tuple[str, ...]
    processor: int | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    place: Callable[[Side], AbstractContextManager[Side]] = nullcontext
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def row(self, documents: int) -> str:
        wall, cpu = (
            f"{sum(each):.1f} ({min(each):.1f}-{max(each):.1f})" for each in (self.wall, self.cpu)
        )
        return f"| {self.name} | {wall} | {cpu} | {documents / sum(self.wall):.1f} |"

    def faster(self, first: Side) -> str:
        """Return how many times as fast as the first side, with least and most of the parts."""
        ratios = [one / own for one, own in zip(first.wall, self.wall, strict=True)]
        whole = sum(first.wall) / sum(self.wall)
        return f"{whole:.2f} ({min(ratios):.2f}-{max(ratios):.2f}) times as fast as {first.name}"


def draw_notices(folder: Path, documents: int, first: int = 0) -> None:
    """Draw so many notices, each in a folder of its own with its sidecar."""
    layouts = list(LAYOUTS.values())
    for number in range(first, first + documents):
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


def ingest(side: Side, folder: Path, warehouse: Path) -> None:
    """Ingest the folder and note how long it took; all that this process started is counted."""
    command = [Path(sys.executable).with_name("kaohe"), "ingest", folder, "--warehouse", warehouse]
    before, started = cpu_used(os.getpid()), time.perf_counter()
    done = subprocess.run(
        [*map(str, command), *side.options],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | side.settings,
        preexec_fn=None if side.processor is None else partial(_keep_to, side.processor),
    )
    side.wall.append(time.perf_counter() - started)
    side.cpu.append(cpu_used(os.getpid()) - before)
    if done.returncode not in LANDED or "refused 0" not in done.stdout:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])


def _keep_to(processor: int) -> None:
    os.sched_setaffinity(0, {processor})


@contextmanager
def on_cluster(side: Side) -> Iterator[Side]:
    """Start a Dask cluster of two workers, and give the side as it reads on it, by TLS."""
    own = own_cluster(2)
    security = own["security"]
    with quiet_cluster(**own) as cluster, tempfile.TemporaryDirectory() as place:
        settings = {}
        for name, pem in (
            ("CA_FILE", security.tls_ca_file),
            ("CLIENT__CERT", security.tls_client_cert),
            ("CLIENT__KEY", security.tls_client_key),
        ):
            path = Path(place, name)
            path.write_text(pem, encoding="ascii")
            settings[f"DASK_DISTRIBUTED__COMM__TLS__{name}"] = str(path)
        engine = ("--engine", cluster.scheduler_address)
        yield replace(side, options=engine, settings=settings)


def table(sides: list[Side], documents: int) -> str:
    parts = len(sides[0].wall)
    lines = [
        f"| {documents:,} documents in {parts} parts | wall s (least-most of a part) "
        "| processor s (same) | documents a s |",
        "|---|---|---|---|",
        *(side.row(documents) for side in sides),
    ]
    ratios = [f"{side.name}: {side.faster(sides[0])}" for side in sides[1:]]
    return "\n".join([*lines, "", "; ".join(ratios) + "."])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--parts", type=int, default=2)
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.write:
        require_idle()
    one = ("--processes", "1")
    sides = [Side("one process", one), Side("two processes", ("--processes", "2"))]
    sides.append(Side("one process on one processor", one, min(os.sched_getaffinity(0))))
    if options.cluster:
        sides.append(Side("Dask, two workers", (), place=on_cluster))
    with tempfile.TemporaryDirectory() as held:
        work = Path(held)
        each = options.documents // options.parts
        for part in range(options.parts):
            folder = work / f"part-{part}"
            draw_notices(folder, each, part * each)
            for number, side in list(enumerate(sides))[:: -1 if part % 2 else 1]:
                with side.place(side) as ready:
                    ingest(ready, folder, work / f"tables-{number}")
                print(f"{side.name}: {side.wall[-1]:.1f} s, {side.cpu[-1]:.1f} s of processors")
    text = table(sides, each * options.parts)
    print(text)
    if options.write:
        write_part(PAGE, "batch", text)


if __name__ == "__main__":
    main()
