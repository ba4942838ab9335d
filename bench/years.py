"""Times the report site of many years: from nothing, where nothing changed, where one year did.

    .venv/bin/python -m bench.years [--years 10] [--entities 100] [--repeat 2] [--write]

The warehouse has so many years of so many entities (the bundled notice, with made-up returns). One
year changes by a score of its latest day. The cases take turns; ``one process`` is measured once.
``--write`` puts the table into docs/performance.md, and does not where the machine has other work.
The site of the last turn, made step by step, is checked to be what one process makes from nothing.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.idle import Taken, require_idle, spread
from bench.marked import write_part
from flows.jobs.site import parts
from flows.jobs.site.report import ReportOrder, make_report
from tests.support.paths import ROOT
from tests.support.report.landed import CALC
from tests.support.report.scored import broaden, scored_warehouse
from warehouse.landing import Amendment, amend

PAGE = ROOT / "docs" / "performance.md"
FIRST = 2021
ALONE, WHOLE, CHANGED, SAME = CASES = (
    "from nothing, one process",
    "from nothing",
    "one year changed",
    "nothing changed",
)
#: What a site is about itself: with it, one made from nothing knows what was published before.
KEPT = ("index.html", "published.json")


class Bench:
    """A warehouse of years, and how long the site of it took, by case: wall and processor time."""

    def __init__(self, folder: Path, years: int, entities: int) -> None:
        self.folder, self.changes, self.pages = folder, 0, 0
        scored_warehouse(CALC, folder / "tables", "demo-2020")
        broaden(folder / "tables", "demo-2020", range(FIRST, FIRST + years), entities)
        self.taken = {case: Taken() for case in CASES}

    def run(self, case: str) -> None:
        """Make the site, and note how long it took."""
        out, taken = self.folder / "out", self.taken[case]
        if case in (ALONE, WHOLE):
            self._forget()
        elif case == CHANGED:
            self._change()
        parts.PROCESSES = 1 if case == ALONE else 2
        with taken.once():
            made = make_report(ReportOrder(FIRST, self.folder / "tables", out), lambda _: None)
        self.pages = made.pages
        print(f"{case}: {taken.wall[-1]:.1f} s, {taken.cpu[-1]:.1f} s of processors", flush=True)

    def check(self) -> None:
        """Have one process make the site from nothing; end the program where it is another."""
        before = _hashes(self.folder / "out")
        self.run(ALONE)
        if _hashes(self.folder / "out") != before:
            raise SystemExit("the site is not what is made from nothing")

    def _forget(self) -> None:
        """Take away all of the site but what it says of itself."""
        out = self.folder / "out"
        held = {name: (out / name).read_bytes() for name in KEPT if (out / name).exists()}
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir()
        for name, content in held.items():
            (out / name).write_bytes(content)

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
        whole = statistics.median(self.taken[WHOLE].wall)
        rows = [
            f"| {case} | {spread(taken.wall, 1)} | {spread(taken.cpu, 1)} "
            f"| {statistics.median(taken.wall) / whole:.3f} |"
            for case, taken in self.taken.items()
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
            for case in (WHOLE, CHANGED, SAME):
                bench.run(case)
        bench.check()
        text = bench.table(chosen.years, chosen.entities)
    print(text)
    if chosen.write:
        write_part(PAGE, "years", text)


if __name__ == "__main__":
    main()
