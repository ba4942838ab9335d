"""Compares scoring millions of rows with the same arithmetic in DuckDB SQL and Polars, in one run.

All read the same Parquet, hold returns against their indicators' names, take the latest return of
each line, look for departments that differ, score by kind and by what every notice declares, share,
light, total by heading, rank, and write scores and scorecards as Parquet. Every measurement is
taken in a fresh process, imports counted apart; the sides alternate. The results are compared row
by row before anything is timed.

    .venv/bin/python -m bench.score [--rows 5000000,20000000] [--repeat 3] [--write]

``--write`` puts the table into docs/performance.md, and does not where the machine has other work.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.idle import Others, require_idle, spread
from bench.marked import write_part
from bench.score_data import AS_OF, DECLARED, SQL, make

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "performance.md"
THREADS = 2
TABLES = ("targets", "indicators", "returns")


def ours(folder: Path, out: Path) -> None:
    from flows.jobs.score.blocks import ROWS, blocks, score_blocks, stream

    streams = {name: stream(folder / f"{name}.parquet") for name in TABLES}
    found = map(_inputs, blocks(streams, "targets", ROWS))
    score_blocks(found, out, threads=THREADS, traced=False)


def _inputs(tables: dict[str, Any]) -> Any:
    from schemas.tables.frames import arrow_to_frame
    from scoring.engine import Inputs
    from scoring.rules.notice_rules import parse_rules

    own = parse_rules(DECLARED, "source.toml")
    documents = tables["targets"]["document_id"].unique().to_pylist()
    frames = [arrow_to_frame(tables[name]) for name in TABLES]
    return Inputs(*frames, AS_OF, rules=dict.fromkeys(documents, own))


def by_sql(folder: Path, out: Path) -> None:
    import duckdb

    with duckdb.connect(config={"threads": THREADS}) as connection:
        connection.execute(SQL.format(folder=folder, as_of=AS_OF, out=out))


def polars(folder: Path, out: Path) -> None:
    from bench.score_polars import by_polars

    by_polars(folder, out, AS_OF)


#: Each side: its name, what it imports, what it does.
METHODS: dict[str, tuple[str, str, Callable[[Path, Path], None]]] = {
    "sql": ("hand-written DuckDB SQL", "duckdb", by_sql),
    "polars": ("the same in Polars, streamed", "polars", polars),
    "ours": ("kaohe, in blocks of documents", "scoring.results.frames", ours),
}


def measure_here(method: str, folder: Path, out: Path) -> dict[str, float]:
    """Time one method in this process; called in a fresh one."""
    _, module, do = METHODS[method]
    started = time.perf_counter()
    __import__(module)
    if method == "ours":
        import pyarrow.parquet

        pyarrow.set_cpu_count(THREADS)
    imported, before = time.perf_counter(), time.process_time()
    do(folder, out)
    done, after = time.perf_counter(), time.process_time()
    return {
        "import_s": imported - started,
        "wall_s": done - imported,
        "cpu_s": after - before,
        "peak_gb": _peak_gb(),
    }


def _peak_gb() -> float:
    """Return what this program held at most; the usual count has what started it held."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024**2


def measure(method: str, folder: Path) -> dict[str, float]:
    """Time one method in a fresh process; what it wrote is in a folder of its name."""
    out = folder / method
    out.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "bench.score", "--one", method, str(folder), str(out)],
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
        env=os.environ | {"POLARS_MAX_THREADS": str(THREADS)},
    )
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


#: The columns by which the sides are compared, in the names of the SQL.
SEEN = {
    "scores": """SELECT document_id, serial_no, entity, points, points_low AS low,
        points_high AS high, light FROM '{file}' WHERE status <> 'not_assessed'""",
    "scorecards": """SELECT document_id, entity, (level = 'total')::INT AS all1,
        (level <> 'level2')::INT AS all2, points_of_100 AS p, rank, rank_low, rank_high,
        CASE level WHEN 'level1' THEN name WHEN 'level2' THEN parent END AS level1,
        CASE level WHEN 'level2' THEN name END AS level2 FROM '{file}' WHERE rank IS NOT NULL""",
}
DIFFERS = {
    "scores": """SELECT count(*), count(*) FILTER (
            coalesce(abs(coalesce(one.points, -1) - coalesce(other.points, -1)) > 1e-9, true)
            OR abs(one.low - other.low) > 1e-9 OR abs(one.high - other.high) > 1e-9
            OR one.light <> other.light)
        FROM '{sql}' AS one FULL JOIN ({seen}) AS other USING (document_id, serial_no, entity)""",
    # Where values lie so near that rounding alone tells them apart, places are not compared.
    "scorecards": """WITH close AS (SELECT DISTINCT document_id, all1, all2, level1, level2 FROM (
            SELECT *, v - lag(v) OVER (PARTITION BY document_id, all1, all2, level1, level2
                ORDER BY v) AS gap FROM (UNPIVOT '{sql}' ON p, l, h INTO NAME which VALUE v))
            WHERE gap > 0 AND gap < 3e-7),
        one AS (SELECT s.*, close.document_id IS NOT NULL AS is_close FROM '{sql}' AS s
            LEFT JOIN close ON s.document_id = close.document_id AND s.all1 = close.all1
            AND s.all2 = close.all2 AND s.level1 IS NOT DISTINCT FROM close.level1
            AND s.level2 IS NOT DISTINCT FROM close.level2)
        SELECT count(*), count(*) FILTER (coalesce(abs(one.p - other.p) > 2e-7
            OR NOT is_close AND (one.rank <> other.rank OR one.rank_low <> other.rank_low
            OR one.rank_high <> other.rank_high), true))
        FROM one FULL JOIN ({seen}) AS other ON one.document_id = other.document_id
            AND one.entity = other.entity AND one.all1 = other.all1 AND one.all2 = other.all2
            AND one.level1 IS NOT DISTINCT FROM other.level1
            AND one.level2 IS NOT DISTINCT FROM other.level2""",
}


def check_equal(folder: Path) -> str:
    """Compare what the sides wrote, row by row; return how much that was."""
    import duckdb

    counts = []
    for name, differs in DIFFERS.items():
        for method in ("ours", "polars"):
            file = folder / method / f"{name}.parquet"
            seen = SEEN[name].format(file=file) if method == "ours" else f"SELECT * FROM '{file}'"
            query = differs.format(sql=folder / "sql" / f"{name}.parquet", seen=seen)
            rows, different = duckdb.execute(query).fetchall()[0]
            if different:
                raise SystemExit(f"{name} of {method}: {different} of {rows} differ from the SQL's")
        counts.append(f"{rows:,} {name}")
    return f"{' and '.join(counts)} are equal in all three"


def rounds(rows: int, repeat: int) -> Iterator[str]:
    """Yield the lines of a table for so many rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        equal = ""
        runs: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
        for number in range(repeat):  # in turn, so that a busy moment hits all alike
            for method in (*METHODS,)[:: -1 if number % 2 else 1]:
                runs[method].append(measure(method, folder))
                print(f"{rows:,} {method}: {runs[method][-1]}", file=sys.stderr)
            equal = equal or check_equal(folder)
    yield f"{rows:,} rows; {equal}."
    yield ""
    columns = ("import s", "wall s", "times SQL", "CPU s", "times SQL", "GB at most")
    yield f"| read, score, total, rank, write | {' | '.join(columns)} |"
    yield f"|---|{'--:|' * len(columns)}"
    base = runs["sql"]
    for method, (title, _, _) in METHODS.items():
        own = runs[method]
        yield (
            f"| {title} | {_median(own, 'import_s'):.2f} "
            f"| {spread([run['wall_s'] for run in own])} "
            f"| {_median(own, 'wall_s') / _median(base, 'wall_s'):.2f} "
            f"| {spread([run['cpu_s'] for run in own])} "
            f"| {_median(own, 'cpu_s') / _median(base, 'cpu_s'):.2f} "
            f"| {max(run['peak_gb'] for run in own):.2f} |"
        )


def _median(runs: list[dict[str, float]], key: str) -> float:
    return statistics.median(run[key] for run in runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", default="5000000,20000000")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        method, folder, out = chosen.one
        print(json.dumps(measure_here(method, Path(folder), Path(out))))
        return
    if chosen.write:
        require_idle()
    others = Others()
    tables = ["\n".join(rounds(int(rows), chosen.repeat)) for rows in chosen.rows.split(",")]
    head = (
        f"Python {platform.python_version()}, {THREADS} threads, median of {chosen.repeat} "
        f"(least-most); others used {others.processors():.2f} processors meanwhile."
    )
    text = "\n\n".join([head, *tables])
    print(text)
    if chosen.write:
        write_part(PAGE, "score", text)


if __name__ == "__main__":
    main()
