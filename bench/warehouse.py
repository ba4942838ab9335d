"""Measures a warehouse of many notices against an empty one: landing, asking for a document, disk.

The notices are copies of the bundled one, drawn as rows: other ids, figures and places, and nothing
is read. Both sides take turns in one process, and are shown in processor and clock time with the
least, the median and the most of several runs.

    .venv/bin/python bench/warehouse.py [--notices 10000] [--repeat 7] [--rough] [--write]

Refuses where the machine has other work, for then no figure means anything; ``--rough`` measures
nevertheless and writes nothing. ``--write`` puts the table into docs/performance.md.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.idle import require_idle  # noqa: E402
from bench.marked import write_part  # noqa: E402
from flows.jobs.batch.run import ingest  # noqa: E402
from flows.jobs.ingest import Order  # noqa: E402
from schemas.tables import models  # noqa: E402
from schemas.tables.frames import arrow_schema  # noqa: E402
from schemas.tables.registry import DOCUMENT_TABLES, TABLES  # noqa: E402
from warehouse.contents import Contents  # noqa: E402
from warehouse.files import read_as  # noqa: E402
from warehouse.landing import Batch, land, warm_up  # noqa: E402
from warehouse.query import query  # noqa: E402
from warehouse.snapshots import require_snapshot  # noqa: E402

if TYPE_CHECKING:
    import pyarrow as pa

PAGE = ROOT / "docs" / "performance.md"
NOTICE = ROOT / "raw" / "notices" / "ziyang-2020" / "calc.pdf"
YEARS, CHUNK, LANDINGS, KEPT = 10, 1_000, 200, 8
Rows = Mapping[str, "pa.Table"]
Taken = tuple[float, float]


def bundled(folder: Path) -> Rows:
    """Return the rows of the bundled notice by table."""
    ingest(Order(NOTICE, folder, cross_check=False), lambda _: None)
    contents = Contents(require_snapshot(folder))
    return {
        name: read_as(table, contents, contents.files(name)[0][1])
        for name, table in DOCUMENT_TABLES.items()
        if contents.files(name)
    }


def drawn(rows: Rows, number: int, year: int) -> Batch:
    """Return a notice of its own: another id, other places on the page, other figures."""
    import pyarrow as pa
    import pyarrow.compute as pc

    document_id = f"city{number:05d}-{year}"
    chance = np.random.default_rng(number)
    frames = {}
    for name, table in rows.items():
        columns = {column: table[column] for column in table.column_names}
        columns["document_id"] = pa.array([document_id] * len(table), pa.string())
        if "indicator_id" in columns:
            numbers = pc.binary_slice(columns["indicator_id"].cast("binary"), -4).cast("string")
            columns["indicator_id"] = pc.binary_join_element_wise(document_id, numbers, "")
        if "x0" in columns:
            moved = pa.array(chance.uniform(0, 3, len(table)).round(2))
            columns |= {place: pc.add(columns[place], moved) for place in ("x0", "x1")}
        schema = arrow_schema(TABLES[name])
        arrays = [columns[field.name].cast(field.type) for field in schema]
        frames[name] = pa.table(arrays, schema=schema)
    return Batch(document_id, year, frames, f"run-{number}", "0")


@contextmanager
def unchecked() -> Iterator[None]:
    """Land without looking at the rows: copies of what was looked at."""
    validate = models.validate_all
    models.validate_all = lambda _: None
    try:
        yield
    finally:
        models.validate_all = validate


def year_of(number: int) -> int:
    return 2011 + number % YEARS


def grow(warehouse: Path, rows: Rows, first: int, size: int) -> None:
    """Land more notices, over several years, until there are so many."""
    with unchecked():
        for begin in range(first, size, CHUNK):
            numbers = range(begin, min(begin + CHUNK, size))
            land(warehouse, [drawn(rows, each, year_of(each)) for each in numbers])
            print(f"{numbers[-1] + 1} notices", file=sys.stderr)


def taken(act: Callable[[], object]) -> Taken:
    cpu, clock = time.process_time(), time.perf_counter()
    act()
    return time.process_time() - cpu, time.perf_counter() - clock


def in_turn(repeat: int, *sides: Callable[[int], object]) -> list[list[Taken]]:
    """Return what each side takes each time; the first time is not counted."""
    found: list[list[Taken]] = [[] for _ in sides]
    for count in range(repeat + 1):
        for side, times in zip(sides, found, strict=True):
            times.append(taken(lambda side=side, count=count: side(count)))  # type: ignore[misc]
    return [times[1:] for times in found]


def line(name: str, times: list[Taken]) -> str:
    cells = (
        f"{statistics.median(each) * 1e3:.0f} ({min(each) * 1e3:.0f} to {max(each) * 1e3:.0f})"
        for each in zip(*times, strict=True)
    )
    return f"| {name} | {' | '.join(cells)} |"


def used(folder: Path) -> int:
    """Return the bytes of all files in a folder, each counted once."""
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum({path.stat().st_ino: path.stat().st_size for path in paths}.values())


def measured(root: Path, notices: int, repeat: int, filled: Path | None) -> str:
    """Return the table of figures; into a warehouse that was ``filled`` before more is landed."""
    rows = bundled(root / "one")
    large = filled or root / "large"
    if filled is None:
        grow(large, rows, 0, notices)
    there = sum(map(len, Contents(require_snapshot(large)).documents.values()))
    warm_up()
    new = [drawn(rows, 10**7 + each, 2015) for each in range(repeat + 1)]
    with unchecked():  # as in use: the snapshots that are kept are of single landings
        for each in range(KEPT):
            land(large, [drawn(rows, 10**7 - 1 - each, 2015)])

    def ask(warehouse: Path, document_id: str) -> list[tuple[Any, ...]]:
        sql = f"SELECT * FROM targets WHERE document_id = '{document_id}'"
        return query(warehouse, sql).rows

    none, many = in_turn(
        repeat,
        lambda count: land(root / f"none-{count}", [new[count]]),
        lambda count: land(large, [new[count]]),
    )
    checks = in_turn(repeat, lambda count: models.validate(new[count].frames))[0]
    one, some = in_turn(
        repeat,
        lambda count: ask(root / "none-0", new[0].document_id),
        lambda _: ask(large, f"city{notices // 2:05d}-{year_of(notices // 2)}"),
    )
    small = root / "small"
    with unchecked():
        for number in range(LANDINGS):
            land(small, [drawn(rows, number, 2015 + number * 3 // LANDINGS)])
    data = used(require_snapshot(small))
    ratio = statistics.median(cpu for cpu, _ in many) / statistics.median(cpu for cpu, _ in none)
    files = len(Contents(require_snapshot(large)).names)
    return "\n".join(
        [
            f"{there:,} notices of {len(rows['targets'])} targets in {files} table files; median "
            f"of {repeat}, in brackets least and most.",
            "",
            "| in one process | CPU ms | clock ms |",
            "|---|--:|--:|",
            line("landing a notice onto none", none),
            line("landing a notice onto all of them", many),
            line("of both: checking its rows", checks),
            line("`query` for a notice's targets, where it is the only one", one),
            line("`query` for a notice's targets out of all of them", some),
            "",
            f"Landing onto all takes {ratio:.1f} times what it takes onto none. After {LANDINGS} "
            f"landings of one notice each, within the hour, the warehouse takes "
            f"{used(small) / 1e6:.1f} MB, {used(small) / data:.1f} times the current snapshot's "
            f"{data / 1e6:.1f} MB.",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--tables", type=Path, help="what bench.scale kept; more is landed there")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--rough", action="store_true", help="measure on a busy machine, too")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    if not options.rough:
        require_idle()
    with tempfile.TemporaryDirectory() as name:
        text = measured(Path(name), options.notices, options.repeat, options.tables)
    print(text)
    if options.write and not options.rough:
        write_part(PAGE, "warehouse", text)


if __name__ == "__main__":
    main()
