"""Compares scoring 5 million rows with the same arithmetic as hand-written DuckDB SQL, in one run.

Both read the same Parquet, hold returns against their indicators' names, take the latest return of
each line, look for departments that differ, score by kind and by what every notice declares, share,
light, total by heading and rank. Every measurement is taken in a fresh process, imports counted
apart, and is the median of several. The results are compared row by row before anything is timed.

    .venv/bin/python bench/score.py [--rows 5000000] [--repeat 3] [--write]

``--write`` puts the table into docs/performance.md.
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
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.marked import write_part  # noqa: E402
from bench.score_data import AS_OF, DECLARED, SQL, make  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
THREADS = 2
TARGETS = (
    *("document_id", "serial_no", "entity", "status", "weight_group", "max_points"),
    *("target_kind", "operator", "target_value", "target_unit", "parts", "year"),
)
RETURNS = (
    *("document_id", "serial_no", "entity", "part_no", "actual_value", "actual_text"),
    *("awarded_pct", "benchmark_value", "veto", "received_on", "revision"),
    *("department", "indicator"),
)
OWNERS = (
    *("document_id", "serial_no", "level1", "level2", "level3", "level4", "indicator"),
    *("direction", "base_points"),
)
WORDS = (
    *("document_id", "entity", "status", "target_kind", "operator", "level1", "level2"),
    *("department", "indicator"),
)


def read(path: Path, names: tuple[str, ...]) -> Any:
    import pandas as pd
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=list(names), read_dictionary=list(WORDS))
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def ours(folder: Path) -> tuple[Any, Any]:
    from scoring.engine import Inputs, score
    from scoring.results.scorecards import total
    from scoring.rules.notice_rules import parse_rules

    targets = read(folder / "targets.parquet", TARGETS)
    own = parse_rules(DECLARED, "source.toml")
    inputs = Inputs(
        targets,
        read(folder / "indicators.parquet", OWNERS),
        read(folder / "returns.parquet", RETURNS),
        AS_OF,
        rules=dict.fromkeys(targets["document_id"].unique(), own),
    )
    scored = score(inputs)
    return scored, total(scored)


def by_sql(folder: Path) -> Any:
    import duckdb

    connection = duckdb.connect(config={"threads": THREADS})
    connection.execute(SQL.format(folder=folder, as_of=AS_OF))
    return connection


METHODS: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "sql": ("hand-written DuckDB SQL", by_sql),
    "ours": ("kaohe `score` and `total`", ours),
}


def measure_here(method: str, folder: Path) -> dict[str, float]:
    """Time one method in this process; called in a fresh one."""
    started = time.perf_counter()
    if method == "sql":
        import duckdb  # noqa: F401
    else:
        import pandas  # noqa: F401
        import pyarrow.parquet

        import scoring.results.scorecards

        pyarrow.set_cpu_count(THREADS)
        _ = scoring.results.scorecards
    imported, before = time.perf_counter(), time.process_time()
    kept = METHODS[method][1](folder)
    done, after = time.perf_counter(), time.process_time()
    del kept
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "import_s": imported - started,
        "work_s": done - imported,
        "cpu_s": after - before,
        "peak_mb": peak,
    }


def measure(method: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", method, str(folder)],
        stdout=subprocess.PIPE,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def check_equal(folder: Path) -> str:
    """Compare points and ranks of both; returns how much was compared."""
    scored, cards = ours(folder)
    connection = by_sql(folder)
    rows = scored.rows
    names = np.array(rows.documents.values)
    document, entity = rows.pairs()
    seen = {
        "document_id": names[rows.documents.codes],
        "serial_no": rows.serial,
        "entity": np.array(rows.entities.values)[rows.entities.codes],
        "points": scored.points,
        "low": scored.low,
        "high": scored.high,
        "light": np.array(["green", "yellow", "red", "grey"])[scored.light],
        "assessed": scored.status != 1,
    }
    headings = cards.headings
    heading_names = np.array(headings.names)
    summed = {
        "document_id": names[document[cards.pair]],
        "entity": np.array(rows.entities.values)[entity[cards.pair]],
        "name": heading_names[cards.heading],
        "level": headings.level[cards.heading],
        "of_100": cards.of_100,
        "rank": cards.rank,
        "rank_low": cards.rank_low,
        "rank_high": cards.rank_high,
    }
    import pyarrow as pa

    connection.register("seen", pa.table(seen))
    connection.register("summed", pa.table(summed))
    differ = connection.execute(
        """SELECT count(*), count(*) FILTER (
            coalesce(abs(coalesce(points, -1) - coalesce(nullif(points_, 'nan'), -1)) > 1e-9, true)
            OR abs(low - low_) > 1e-9 OR abs(high - high_) > 1e-9 OR light <> light_)
        FROM scored FULL JOIN (SELECT document_id, serial_no, entity, points AS points_,
            low AS low_, high AS high_, light AS light_ FROM seen WHERE assessed) AS s
        USING (document_id, serial_no, entity)"""
    ).fetchone()
    ranks = connection.execute(
        """SELECT count(*), count(*) FILTER (coalesce(abs(p - of_100) > 1e-7
            OR c.rank <> s.rank OR c.rank_low <> s.rank_low OR c.rank_high <> s.rank_high, true))
        FROM cards AS c FULL JOIN (SELECT * FROM summed WHERE rank > 0) AS s
        ON c.document_id = s.document_id AND c.entity = s.entity
            AND s.level = CASE WHEN all1 = 1 THEN 0 WHEN all2 = 1 THEN 1 ELSE 2 END
            AND s.name = coalesce(level2, level1, '总分')"""
    ).fetchone()
    if differ[1] or ranks[1]:
        raise SystemExit(f"the results differ: scores {differ}, scorecards {ranks}")
    return f"{differ[0]:,} scores and {ranks[0]:,} scorecard rows are equal in both."


def report(rows: int, repeat: int) -> str:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        equal = subprocess.run(
            [sys.executable, __file__, "--check", name],
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ).stdout.strip()
        runs: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
        for _ in range(repeat):  # in turn, so that a busy moment hits all alike
            for method in METHODS:
                runs[method].append(measure(method, folder))
    medians = {
        method: {key: statistics.median(run[key] for run in seen) for key in seen[0]}
        for method, seen in runs.items()
    }
    base, base_cpu = medians["sql"]["work_s"], medians["sql"]["cpu_s"]
    lines = [
        f"Python {platform.python_version()}, {THREADS} threads, {rows:,} rows, median of "
        f"{repeat}. {equal}",
        "",
        "| read, score, total, rank | import s | work s | from, to | times SQL | CPU s "
        "| times SQL | peak MB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for method, (title, _) in METHODS.items():
        seen, walls = medians[method], [run["work_s"] for run in runs[method]]
        lines.append(
            f"| {title} | {seen['import_s']:.2f} | {seen['work_s']:.2f} "
            f"| {min(walls):.2f}, {max(walls):.2f} | {seen['work_s'] / base:.2f} "
            f"| {seen['cpu_s']:.2f} | {seen['cpu_s'] / base_cpu:.2f} | {seen['peak_mb']:.0f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--one", nargs=2, metavar=("METHOD", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--check", metavar="FOLDER", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measure_here(chosen.one[0], Path(chosen.one[1]))))
    elif chosen.check:
        print(check_equal(Path(chosen.check)))
    else:
        text = report(chosen.rows, chosen.repeat)
        print(text)
        if chosen.write:
            write_part(PAGE, "score", text)


if __name__ == "__main__":
    main()
