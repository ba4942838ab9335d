"""Times the report site of many years: from nothing, where nothing changed, where one year did.

    .venv/bin/python -m bench.years [--years 10] [--entities 100] [--repeat 2] [--write]

The warehouse has so many years of so many entities (the bundled notice, with made-up returns). One
year changes by a score of its latest day. ``--write`` puts the table into docs/performance.md, and
does not where the machine has other work. Each is checked to be what is made from nothing.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.idle import cpu_seconds, require_idle, spread
from bench.marked import write_part
from flows.jobs.site import parts
from flows.jobs.site.report import ReportOrder, make_report
from tests.support.paths import ROOT
from tests.support.report.landed import CALC
from tests.support.report.scored import broaden, scored_warehouse
from warehouse.landing import Amendment, amend

PAGE = ROOT / "docs" / "performance.md"
FIRST = 2021
CASES = ("from nothing, one process", "from nothing", "one year changed", "nothing changed")


class Bench:
    """A warehouse of years, and how long the site of it took, by case: wall and processor time."""

    def __init__(self, folder: Path, years: int, entities: int) -> None:
        self.folder, self.changes, self.pages = folder, 0, 0
        scored_warehouse(CALC, folder / "tables", "demo-2020")
        broaden(folder / "tables", "demo-2020", range(FIRST, FIRST + years), entities)
        self.wall: dict[str, list[float]] = {case: [] for case in CASES}
        self.cpu: dict[str, list[float]] = {case: [] for case in CASES}

    def run(self, case: str) -> None:
        """Make the site, and note how long it took."""
        out = self.folder / "out"
        if case.startswith("from nothing"):
            shutil.rmtree(out, ignore_errors=True)
        elif case == "one year changed":
            self._change()
        parts.PROCESSES = 1 if case.endswith("one process") else 2
        began, used = time.perf_counter(), cpu_seconds()
        made = make_report(ReportOrder(FIRST, self.folder / "tables", out), lambda _: None)
        self.wall[case].append(time.perf_counter() - began)
        self.cpu[case].append(cpu_seconds() - used)
        self.pages = made.pages
        print(f"{case}: {self.wall[case][-1]:.1f} s, {self.cpu[case][-1]:.1f} s of processors")

    def check(self) -> None:
        """End the program where the site is not what is made of the same from nothing."""
        out, bare = self.folder / "out", self.folder / "bare"
        bare.mkdir()
        for name in ("index.html", "published.json"):
            shutil.copy(out / name, bare)
        make_report(ReportOrder(FIRST, self.folder / "tables", bare), lambda _: None)
        make_report(ReportOrder(FIRST, self.folder / "tables", out), lambda _: None)
        if _hashes(out) != _hashes(bare):
            raise SystemExit("the site is not what is made from nothing")

    def _change(self) -> None:
        """Land another light of one score of the first year."""
        self.changes += 1
        light = ("red", "yellow")[self.changes % 2]

        def other(frame: Any) -> Any:
            changed = frame["light"].copy()
            changed.iloc[0] = light
            return frame.assign(light=changed)

        amend(
            self.folder / "tables",
            [Amendment(f"broad-{FIRST}", FIRST, "scores", other, "run", "0.1.0")],
        )

    def table(self, years: int, entities: int) -> str:
        """Return the figures."""
        whole = statistics.median(self.wall["from nothing"])
        rows = [
            f"| {case} | {spread(self.wall[case])} | {spread(self.cpu[case])} "
            f"| {statistics.median(self.wall[case]) / whole:.3f} |"
            for case in CASES
        ]
        return "\n".join(
            [
                f"{years} years of {entities} entities and one of 5, {self.pages:,} pages; each "
                "site is the same as made from nothing, to the byte.",
                "",
                "| site | wall s (least-most) | processor s (same) | of the whole |",
                "|---|--:|--:|--:|",
                *rows,
            ]
        )


def _hashes(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files
    }


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--entities", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    chosen = parser.parse_args(given)
    if chosen.write:
        require_idle()
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), chosen.years, chosen.entities)
        for _ in range(chosen.repeat):
            for case in CASES:
                bench.run(case)
        bench.check()
        text = bench.table(chosen.years, chosen.entities)
    print(text)
    if chosen.write:
        write_part(PAGE, "years", text)


if __name__ == "__main__":
    main()
