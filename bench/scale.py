"""Measures how costs grow with the notices of a warehouse: 1, 10, 100, 1,000, 10,000.

    .venv/bin/python -m bench.scale [--notices 10000] [--read 100] [--repeat 5] [--rough] [--write]

One warehouse grows; at each size a landing onto it and one onto an empty warehouse take turns, then
the question for one notice's rows, then one over all. Reading is measured as the command does it
(``kaohe ingest FOLDER``), one process and two in turn, up to ``--read`` drawn notices. ``--write``
puts the tables into docs/scale.md, and does not where the machine has other work; ``--rough`` takes
a look there nevertheless and writes nothing.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.batch import Side, draw_notices, ingest
from bench.idle import require_idle, spread
from bench.marked import write_part
from bench.warehouse import bundled, drawn, grow, in_turn, used, year_of
from warehouse.contents import Contents
from warehouse.landing import land, warm_up
from warehouse.manifest import MANIFEST
from warehouse.query import query
from warehouse.snapshots import require_snapshot

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scale.md"
SIZES = (1, 10, 100, 1_000, 10_000)
ALL = (
    "SELECT entity, count(*), avg(target_value) FROM targets WHERE target_kind = 'number' "
    "GROUP BY entity"
)


def shown(taken: list[tuple[float, float]]) -> str:
    """Return processor time and the clock's, in ms."""
    cpu, clock = ([each * 1e3 for each in part] for part in zip(*taken, strict=True))
    return f"{spread(cpu, 0)} | {spread(clock, 0)}"


def curve(root: Path, sizes: list[int], repeat: int, large: Path) -> Iterator[str]:
    """Yield a row a size of the warehouse that grows at ``large``."""
    rows = bundled(root / "one")
    there = 0
    warm_up()
    for size in sizes:
        grow(large, rows, there, size)
        new = [drawn(rows, 10**6 + size + each, 2015) for each in range(repeat + 1)]
        asked = f"city{size // 2:05d}-{year_of(size // 2)}"
        many, _ = in_turn(
            repeat,
            lambda count, new=new: land(large, [new[count]]),  # type: ignore[misc]
            lambda count, new=new, size=size: land(root / f"none-{size}-{count}", [new[count]]),  # type: ignore[misc]
        )
        one, over = in_turn(
            repeat,
            lambda _, asked=asked: query(  # type: ignore[misc]
                large, f"SELECT * FROM targets WHERE document_id = '{asked}'"
            ),
            lambda _: query(large, ALL),
        )
        snapshot = require_snapshot(large)
        data, files = used(snapshot), len(Contents(snapshot).names)
        manifest = (snapshot / MANIFEST).stat().st_size
        yield (
            f"| {size:,} | {shown(many)} | {shown(one)} | {shown(over)} | {files} | "
            f"{data / 1e6:.1f} | {manifest / 1e3:.0f} |"
        )
        there = size


def reading(root: Path, most: int, runs: int) -> Iterator[str]:
    """Yield a row a size: notices of all formats, read by one process and by two in turn."""
    for size in (each for each in SIZES if 1 < each <= most):
        folder = root / f"notices-{size}"
        draw_notices(folder, size)
        sides = [
            Side("one process", ("--processes", "1")),
            Side("two", ("--processes", "2")),
        ]
        for number in range(runs):
            for side in sides[:: -1 if number % 2 else 1]:
                ingest(side, folder, root / f"t-{size}-{number}-{side.options[-1]}")
        cells = " | ".join(spread(each) for side in sides for each in (side.wall, side.cpu))
        yield f"| {size} | {cells} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notices", type=int, default=SIZES[-1])
    parser.add_argument("--read", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="where the warehouse grows, and stays")
    parser.add_argument("--rough", action="store_true", help="measure on a busy machine, too")
    parser.add_argument("--write", action="store_true", help="write docs/scale.md")
    options = parser.parse_args()
    if not options.rough:
        require_idle()
    sizes = [each for each in SIZES if each <= options.notices]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        text = "\n".join(
            [
                "Copies of the bundled notice of 530 targets; one process; median of "
                f"{options.repeat}, with least and most.",
                "",
                "| notices | landing one more: CPU ms | ms | one notice's targets: CPU ms | ms | "
                "over all targets: CPU ms | ms | files | data MB | manifest KB |",
                "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
                *curve(root, sizes, options.repeat, options.keep or root / "large"),
                "",
                "| drawn notices of all formats | one process: s | CPU s | two: s | CPU s |",
                "|--:|--:|--:|--:|--:|",
                *reading(root, options.read, 2),
            ]
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    text += f"\n\nThe process that landed and asked held {peak:.0f} MB at most."
    print(text)
    if options.write and not options.rough:
        write_part(PAGE, "scale", text)


if __name__ == "__main__":
    main()
