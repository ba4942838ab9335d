"""Runs the benches of time one after the other, in a fixed order, and says how long each took.

    .venv/bin/python -m bench.all [--write] [--only score,batch] [--small] [--list]

``--write`` has each put its figures into its page, and does not begin where the machine has other
work; a bench beside which others worked writes nothing, fails, and the next one goes on.
``--small`` takes sizes with which it is over soon, to see that everything runs, and writes nothing.
The minutes are those of an idle machine of two processors.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.idle import require_idle

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Bench:
    """One bench: its module, its page, the minutes it takes, and its options, whole and small."""

    name: str
    page: str
    minutes: float
    whole: str = ""
    small: str = ""


#: ``{kept}`` is a folder that lasts as long as the run: one bench fills it, the next takes it.
PLAN = (
    Bench("reading", "performance.md", 0.5, "--runs 21", "--runs 2"),
    Bench("ingest", "performance.md", 2, "--repeat 3", "--repeat 1"),
    Bench("score", "performance.md", 5, "--rows 5000000,20000000 --repeat 2",
          "--rows 100000 --repeat 1"),
    Bench("batch", "performance.md", 8.5, "--documents 1000 --parts 2 --cluster",
          "--documents 10 --parts 1 --cluster"),
    Bench("years", "performance.md", 8.5, "--years 10 --entities 100 --repeat 2",
          "--years 1 --entities 3 --repeat 1"),
    Bench("scale", "scale.md", 4, "--notices 10000 --read 100 --keep {kept}/tables",
          "--notices 10 --read 10 --repeat 1 --rough --keep {kept}/tables"),
    Bench("warehouse", "performance.md", 1.5, "--tables {kept}/tables",
          "--tables {kept}/tables --repeat 1 --rough"),
    Bench("report", "report.md", 2, "", "--years 1 --entities 3 --repeat 1"),
    Bench("scan", "scans.md", 2, "--only 0.4", "--only 0.4 --document city"),
)  # fmt: skip


def run(bench: Bench, options: Sequence[str]) -> bool:
    """Run one bench with its output shown; say how long it took, and whether it went well."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{bench.name}", *options],
        cwd=ROOT,
        check=False,
        env=os.environ | ({"OMP_NUM_THREADS": "1"} if bench.name == "scan" else {}),
    )
    took = (time.perf_counter() - started) / 60
    outcome = "done" if done.returncode == 0 else "FAILED"
    said = f"bench.{bench.name}: {outcome} in {took:.1f} min, of {bench.minutes:g} planned"
    print(f"{said}\n", file=sys.stderr, flush=True)
    return done.returncode == 0


def listed(benches: Sequence[Bench]) -> str:
    """Return the plan: order, minutes and what is run."""
    lines = [f"{each.minutes:4.1f} min  bench.{each.name} {each.whole}" for each in benches]
    return "\n".join([*lines, f"{sum(each.minutes for each in benches):4.1f} min  in all"])


def main(given: Sequence[str] | None = None) -> None:
    names = [each.name for each in PLAN]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default=",".join(names), help=f"some of {', '.join(names)}")
    parser.add_argument("--small", action="store_true", help="small sizes; writes nothing")
    parser.add_argument("--write", action="store_true", help="write the pages")
    parser.add_argument("--list", action="store_true", help="only say what would be run")
    chosen = parser.parse_args(given)
    if unknown := {*chosen.only.split(",")} - {*names}:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    benches = [each for each in PLAN if each.name in chosen.only.split(",")]
    print(listed(benches), file=sys.stderr, flush=True)
    if chosen.list:
        return
    writes = chosen.write and not chosen.small
    if writes:
        require_idle()
    failed = []
    with tempfile.TemporaryDirectory() as kept:
        for bench in benches:
            options = (bench.small if chosen.small else bench.whole).format(kept=kept).split()
            if bench.name == "warehouse" and not Path(kept, "tables").exists():
                options = options[2:]  # of its own, then
            if not run(bench, [*options, *(["--write"] if writes else [])]):
                failed.append(bench.name)
    if failed:
        raise SystemExit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
