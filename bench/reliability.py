"""Measures what docs/reliability.md says: long random work by kind, tried and failed.

    .venv/bin/python -m bench.reliability [--minutes 60] [--nights 300] [--write] [TESTS]

The soak tests run for so long (of all, or of TESTS as pytest takes them), then so many nights in a
row with small changes (0: none). ``--write`` puts the counts into docs/reliability.md: of the kinds
that were tried now they take the place of the earlier ones, the others stay.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from bench.marked import read_part, write_part

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
HEAD = "| kind | tried | failed | seed | day |\n|---|--:|--:|--:|---|\n"
NIGHTS = "nights in a row with small changes, as bounded as the first"
_ROW = re.compile(r"\| (.+) \| ([\d,]+) \| ([\d,]+) \| (\d+|–) \| (\S+) \|")
#: By then there are as many snapshots as are kept.
_SETTLED = 6


class Row(NamedTuple):
    """How often things of a kind were tried and failed, when, and from which seed."""

    tried: int
    failed: int
    seed: str
    day: str


def soak(minutes: float, workers: int, tests: list[str]) -> dict[str, Row]:
    """Run the soak tests for so long and return the counts by kind."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "table.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
                   "-n", str(workers), "--dist", "worksteal", "--soak", str(minutes),
                   "--soak-table", str(table), *tests]  # fmt: skip
        subprocess.run(command, cwd=ROOT, check=False)
        content = json.loads(table.read_text(encoding="utf-8"))
    seed = str(content["seed"])
    return {
        kind: Row(tried, failed, seed, today())
        for kind, (tried, failed) in content["kinds"].items()
    }


def nights(number: int) -> Row:
    """Run so many nights in a row; one fails that leaves more behind than the sixth did."""
    sys.path.insert(0, str(ROOT))
    from tests.support.flows.many_nights import footprint, one_more_night, own_temporary_folder
    from tests.support.flows.nights import City

    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        root, temporary = Path(folder), Path(folder) / "temporary"
        city, settled = City(root / "city"), {}
        with own_temporary_folder(temporary):
            for night in range(number):
                one_more_night(city, night)
                left = footprint(city) | {"temporary": len([*temporary.iterdir()])}
                if night == _SETTLED:
                    settled = left
                failed += night > _SETTLED and left != settled
                print(f"night {night + 1} of {number}, {failed} failed", file=sys.stderr)
    return Row(number, failed, "–", today())


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def earlier() -> dict[str, Row]:
    """Return the rows that the page has."""
    text = read_part(PAGE, "reliability")
    return {
        kind: Row(int(tried.replace(",", "")), int(failed.replace(",", "")), seed, day)
        for kind, tried, failed, seed, day in _ROW.findall(text)
    }


def table_of(rows: dict[str, Row]) -> str:
    lines = [
        f"| {kind} | {row.tried:,} | {row.failed:,} | {row.seed} | {row.day} |\n"
        for kind, row in sorted(rows.items())
    ]
    return HEAD + "".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60, help="0: no soak tests")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--nights", type=int, default=300)
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    parser.add_argument("tests", nargs="*", help="such as tests/warehouse; else all")
    chosen = parser.parse_args()
    rows = soak(chosen.minutes, chosen.workers, chosen.tests) if chosen.minutes else {}
    if chosen.nights:
        rows[NIGHTS] = nights(chosen.nights)
    print(table_of(rows))
    if chosen.write:
        write_part(PAGE, "reliability", table_of(earlier() | rows), timed=False)


if __name__ == "__main__":
    main()
