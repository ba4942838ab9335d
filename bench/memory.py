"""Measures the memory of a night with site, of a year that is scored as of many days.

    .venv/bin/python bench/memory.py [--days 150] [--write]

Made-up figures for the bundled notice come in over so many days. The first night scores all of
them, the next only the one on which something more came in; both make the site anew. Peak of the
process itself, without those that it starts to read documents. ``--write`` puts the table into
docs/nightly.md.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.marked import write_part  # noqa: E402
from flows.jobs.batch.run import ingest  # noqa: E402
from flows.jobs.ingest import Order  # noqa: E402
from schemas.tables.frames import rows_to_frame  # noqa: E402
from schemas.tables.registry import RETURNS  # noqa: E402
from tests.support.flows.scored_years import DOCUMENT, lines_of, met  # noqa: E402
from tests.support.report.landed import CALC  # noqa: E402
from warehouse.landing import Amendment, amend  # noqa: E402

PAGE = ROOT / "docs" / "nightly.md"
FIRST = date(2020, 3, 1)
NIGHT = (
    "import sys, time; from pathlib import Path; from flows.jobs.night.summary import NightlyOrder;"
    "from flows.jobs.night.night import run_nightly; started = time.perf_counter();"
    "done = run_nightly(NightlyOrder(Path('t'), Path('raw'), Path('out')), lambda _: None);"
    "peak = [line for line in open('/proc/self/status') if line.startswith('VmHWM')][0].split()[1];"
    "print([(each.step, each.state, each.detail_zh) for each in done.items], file=sys.stderr);"
    "print(time.perf_counter() - started, int(peak) / 1024)"
)


def prepare(root: Path) -> None:
    folder = root / "raw/notices" / DOCUMENT
    folder.mkdir(parents=True)
    shutil.copy(CALC, folder)
    (folder / "source.toml").write_text("year = 2020\n")
    ingest(Order(folder / CALC.name, root / "t", DOCUMENT, 2020, cross_check=False), lambda _: None)


def hand_in(root: Path, days: list[date]) -> None:
    """Land made-up figures, so many a day that every line has some."""
    lines = lines_of(root / "t")
    made = []
    for place in range(max(len(lines), len(days))):
        line, day = lines[place % len(lines)], days[place % len(days)]
        row: dict[str, Any] = dict.fromkeys(RETURNS.names)
        row |= {name: line[name] for name in ("document_id", "indicator_id", "serial_no", "entity")}
        row |= {"part_no": line["part_no"], "veto": False, "received_on": day, "revision": 1}
        row |= {"source_name": "表.xlsx", "source_sheet": "表", "source_row": place + 1}
        row |= {"department": "市统计局", "sample": True}
        made.append({**row, "source_sha256": f"{day:%Y%m%d}" * 8, **met(line)})
    rows = rows_to_frame(RETURNS, made)

    def add(before: Any) -> Any:
        import pandas as pd

        return pd.concat([before, rows], ignore_index=True) if len(before) else rows

    amend(root / "t", [Amendment(DOCUMENT, 2020, "returns", add, "run", "0")])


def night(root: Path) -> tuple[float, float]:
    """Run a night in a fresh process; return its seconds and its peak in MB."""
    done = subprocess.run(
        [sys.executable, "-c", NIGHT],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        check=True,
    )
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def report(days: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        prepare(root)
        hand_in(root, [FIRST + timedelta(days=each) for each in range(days)])
        first = night(root)
        hand_in(root, [FIRST + timedelta(days=days)])
        later = night(root)
    return "\n".join(
        [
            "| a night with site | s | peak MB |",
            "|---|--:|--:|",
            f"| that scores {days} as-of days | {first[0]:.0f} | {first[1]:.0f} |",
            f"| that adds one to them | {later[0]:.0f} | {later[1]:.0f} |",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--days", type=int, default=150)
    parser.add_argument("--write", action="store_true", help="write docs/nightly.md")
    chosen = parser.parse_args()
    table = report(chosen.days)
    print(table)
    if chosen.write:
        write_part(PAGE, "memory", table, timed=False)


if __name__ == "__main__":
    main()
