"""Compares scoring 5 million rows with the same arithmetic as hand-written DuckDB SQL, in one run.

Both read the same Parquet, hold returns against their indicators' names, take the latest return of
each line, look for departments that differ, score, share, light, total by heading and rank. Every
measurement is taken in a fresh process, imports counted apart, and is the median of several. The
results are compared row by row before anything is timed.

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
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.marked import write_part  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
AS_OF = date(2020, 9, 30)
INDICATORS, ENTITIES, THREADS = 106, 5, 2
TARGETS = (
    *("document_id", "serial_no", "entity", "status", "weight_group", "max_points"),
    *("target_kind", "operator", "target_value", "parts", "year"),
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

SQL = """
CREATE TEMP TABLE scored AS
WITH received AS (
    SELECT * FROM read_parquet('{folder}/returns.parquet')
    WHERE received_on <= DATE '{as_of}'
), latest AS (
    SELECT document_id, serial_no, entity,
        arg_max(actual_value, revision) AS x, arg_max(awarded_pct, revision) AS awarded,
        arg_max(benchmark_value, revision) AS b, arg_max(veto, revision) AS veto,
        min(department) <> max(department) AS disputed
    FROM received
    JOIN read_parquet('{folder}/indicators.parquet') USING (document_id, serial_no, indicator)
    GROUP BY document_id, serial_no, entity
), assessed AS (
    SELECT *, max_points / count(*) OVER (PARTITION BY document_id, entity, weight_group) AS share
    FROM read_parquet('{folder}/targets.parquet') WHERE status = 'assessed'
), directed AS (
    SELECT t.document_id, t.serial_no, t.entity, t.year, t.share, t.target_kind AS kind,
        t.target_value AS t, t.operator AS op, i.level1, i.level2, r.x, r.awarded, r.b,
        coalesce(r.veto, false) AS veto, coalesce(r.disputed, false) AS disputed,
        t.operator IN ('<', '<=') OR (i.direction = 'lower_is_better'
            AND coalesce(t.operator, '') NOT IN ('>', '>=')) AS lower
    FROM assessed AS t
    JOIN read_parquet('{folder}/indicators.parquet') AS i USING (document_id, serial_no)
    LEFT JOIN latest AS r USING (document_id, serial_no, entity)
), attained AS (
    SELECT *, CASE WHEN veto THEN 0 WHEN disputed THEN NULL
        WHEN kind <> 'judged' AND x IS NULL THEN NULL ELSE CASE kind
        WHEN 'number' THEN least(1, greatest(0, CASE
            WHEN t <= 0 THEN CASE WHEN lower THEN x <= t ELSE x >= t END::DOUBLE
            WHEN lower THEN least(1, 1 - (x - t) / t) ELSE x / t END))
        WHEN 'limit' THEN CASE op WHEN '<' THEN x < t WHEN '>' THEN x > t
            WHEN '<=' THEN x <= t ELSE x >= t END::DOUBLE
        WHEN 'approximate' THEN (x <= t + 0.5 + 1e-9)::DOUBLE
        WHEN 'benchmark' THEN least(1, greatest(0,
            0.8 + 0.05 * CASE WHEN lower THEN b - x ELSE x - b END))
        WHEN 'judged' THEN awarded / 100 END END AS a
    FROM directed
)
SELECT document_id, serial_no, entity, level1, level2, share, a, share * a AS points, veto,
    coalesce(share * a, least(0, share)) AS low, coalesce(share * a, share) AS high,
    CASE WHEN a IS NULL THEN 'grey' WHEN veto THEN 'red'
        WHEN a >= 0.95 * due - 1e-9 THEN 'green'
        WHEN a >= 0.85 * due - 1e-9 THEN 'yellow' ELSE 'red' END AS light
FROM attained JOIN (
    SELECT year, greatest(0, least(1, (DATE '{as_of}' - make_date(year, 1, 1) + 1)
        / (make_date(year + 1, 1, 1) - make_date(year, 1, 1)))) AS due
    FROM range(1990, 2030) AS years(year)
) USING (year);

CREATE TEMP TABLE cards AS
WITH sums AS (
    SELECT document_id, entity, level1, level2, grouping(level1) AS all1, grouping(level2) AS all2,
        sum(share) AS max_points, coalesce(sum(points), 0) AS points, sum(low) AS low,
        sum(high) AS high, sum(share) FILTER (WHERE a IS NOT NULL) AS received
    FROM scored
    GROUP BY GROUPING SETS ((document_id, entity), (document_id, entity, level1),
        (document_id, entity, level1, level2))
), of_100 AS (
    SELECT *, round(points / max_points * 100, 7) AS p, round(low / max_points * 100, 7) AS l,
        round(high / max_points * 100, 7) AS h
    FROM sums
), listed AS (
    SELECT *, rank() OVER (PARTITION BY document_id, all1, all2, level1, level2 ORDER BY p DESC)
            AS rank,
        list(l) OVER (PARTITION BY document_id, all1, all2, level1, level2) AS lows,
        list(h) OVER (PARTITION BY document_id, all1, all2, level1, level2) AS highs
    FROM of_100
)
SELECT * EXCLUDE (lows, highs),
    1 + len(list_filter(lows, lambda other: other > h)) AS rank_low,
    1 + len(list_filter(highs, lambda other: other > l)) - (h > l)::INT AS rank_high
FROM listed;
"""


def make(folder: Path, rows: int) -> None:
    """Write targets, indicators and returns of thousands of notices; the same for the same rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.default_rng(20201206)
    notices = max(1, rows // (INDICATORS * ENTITIES))
    per = INDICATORS * ENTITIES
    count = notices * per
    document = np.repeat(np.arange(notices), per)
    serial = np.tile(np.repeat(np.arange(1, INDICATORS + 1), ENTITIES), notices)
    entity = np.tile(np.arange(ENTITIES), notices * INDICATORS)
    kinds = ["number", "limit", "approximate", "benchmark", "judged"]
    kind_of = random.choice(5, INDICATORS, p=[0.45, 0.05, 0.05, 0.1, 0.35])
    lower_of = random.random(INDICATORS) < 0.15
    starts = np.where(random.random(INDICATORS) < 0.75, np.arange(INDICATORS), 0)
    group_of = np.maximum.accumulate(starts) + 1
    points_of = random.choice([0.5, 1.0, 1.5, 2.0, 3.0], INDICATORS)[group_of - 1]
    kind, lower = kind_of[serial - 1], lower_of[serial - 1]
    target = random.integers(-50, 2000, count) / 10
    operator = np.where(kind == 1, np.where(lower, 1, 3), np.where(lower, 0, 2))
    no_value = (kind == 3) | (kind == 4)
    names = np.array([f"notice-{number:05d}" for number in range(notices)])

    def words(codes: Any, values: Any, missing: Any = None) -> Any:
        return pa.DictionaryArray.from_arrays(
            pa.array(codes.astype(np.int32), mask=missing), pa.array(values)
        ).cast(pa.string())

    called = np.array([f"第{number}项指标" for number in range(INDICATORS)])
    offices = np.array([f"部门{number}" for number in range(30)])
    entities = [f"县{number}" for number in range(ENTITIES)]
    texts = [(name, pa.string()) for name in ("text", "operator", "unit")]
    part = pa.struct([*texts, ("value", pa.float64())])
    targets = {
        "document_id": words(document, names),
        "serial_no": serial,
        "entity": words(entity, entities),
        "status": words(random.random(count) < 0.15, ["assessed", "not_assessed"]),
        "weight_group": group_of[serial - 1],
        "max_points": points_of[serial - 1],
        "target_kind": words(kind, kinds),
        "operator": words(operator, ["<=", "<", ">=", ">"], no_value),
        "target_value": pa.array(target, mask=no_value),
        "parts": pa.ListArray.from_arrays(np.zeros(count + 1, np.int32), pa.array([], part)),
        "year": 1995 + document % 30,
    }
    pq.write_table(pa.table(targets), folder / "targets.parquet")
    owner = np.arange(notices * INDICATORS)
    heading = np.arange(INDICATORS) * 24 // INDICATORS
    indicators = {
        "document_id": words(owner // INDICATORS, names),
        "serial_no": owner % INDICATORS + 1,
        "level1": words(np.tile(heading // 8, notices), ["一", "二", "三"]),
        "level2": words(np.tile(heading, notices), [f"二级{n}" for n in range(24)]),
        "level3": pa.nulls(len(owner), pa.string()),
        "level4": pa.nulls(len(owner), pa.string()),
        "indicator": words(owner % INDICATORS, called),
        "direction": words(np.tile(lower_of, notices), ["higher_is_better", "lower_is_better"]),
        "base_points": np.tile(points_of, notices),
    }
    pq.write_table(pa.table(indicators), folder / "indicators.parquet")
    first = np.flatnonzero(random.random(count) < 0.92)
    line = np.concatenate([first, first[random.random(len(first)) < 0.05]])
    again = np.arange(len(line)) >= len(first)
    size = len(line)
    value = np.rint(target[line] * random.uniform(7, 13, size)) / 10
    days = np.where(again, 18500 + random.integers(0, 200, size), 18400)  # some after the day
    returns = {
        "document_id": words(document[line], names),
        "serial_no": serial[line],
        "entity": words(entity[line], entities),
        "part_no": pa.nulls(size, pa.int64()),
        "actual_value": pa.array(value, mask=kind[line] == 4),
        "actual_text": pa.nulls(size, pa.string()),
        "awarded_pct": pa.array(np.round(random.uniform(50, 100, size)), mask=kind[line] != 4),
        "benchmark_value": pa.array(np.round(target[line], 0), mask=kind[line] != 3),
        "veto": random.random(size) < 0.001,
        "received_on": pa.array(days.astype(np.int32)).cast(pa.date32()),
        "revision": np.where(again, 2, 1),
        "department": words(serial[line] % 30, offices),
        "indicator": words(serial[line] - 1, called),
    }
    pq.write_table(pa.table(returns), folder / "returns.parquet")


def read(path: Path, names: tuple[str, ...]) -> Any:
    import pandas as pd
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=list(names), read_dictionary=list(WORDS))
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def ours(folder: Path) -> tuple[Any, Any]:
    from scoring.engine import Inputs, score
    from scoring.results.scorecards import total

    inputs = Inputs(
        read(folder / "targets.parquet", TARGETS),
        read(folder / "indicators.parquet", OWNERS),
        read(folder / "returns.parquet", RETURNS),
        AS_OF,
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
    base = medians["sql"]["work_s"]
    lines = [
        f"Python {platform.python_version()}, {THREADS} threads, {rows:,} rows, median of "
        f"{repeat}. {equal}",
        "",
        "| read, score, total, rank | import s | work s | times SQL | CPU s | peak MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for method, (title, _) in METHODS.items():
        seen = medians[method]
        lines.append(
            f"| {title} | {seen['import_s']:.2f} | {seen['work_s']:.2f} "
            f"| {seen['work_s'] / base:.2f} | {seen['cpu_s']:.2f} | {seen['peak_mb']:.0f} |"
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
