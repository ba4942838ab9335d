"""Made-up notices for :mod:`bench.score`, and their arithmetic as a person writes it in SQL."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

AS_OF = date(2020, 9, 30)
INDICATORS, ENTITIES = 106, 5
#: What every notice declares: points for each unit short, and bands of the completion rate.
DECLARED: dict[str, Any] = {
    "version": "1",
    "from": date(1990, 1, 1),
    "basis": "bench",
    "rule": [
        {"kind": "growth", "rule": "per_unit", "parameters": {"per": 1, "points": -0.2}},
        {
            "kind": "quantity",
            "rule": "bands",
            "parameters": {"by": "ratio", "bands": [[1, 1], [0.8, 0.6]]},
        },
    ],
}

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
        WHEN 'growth' THEN greatest(0, 1 - 0.2 * greatest(t - x, 0) / share)
        WHEN 'quantity' THEN CASE WHEN x / t >= 1 - 1e-9 THEN 1 WHEN x / t >= 0.8 - 1e-9 THEN 0.6
            ELSE 0 END
        WHEN 'judged' THEN awarded / 100 END END AS a
    FROM directed
)
SELECT document_id, serial_no, entity, level1, level2, share, a, share * a AS points, veto,
    coalesce(share * a, least(0, share)) AS low, coalesce(share * a, share) AS high,
    CASE WHEN a IS NULL THEN 'grey' WHEN veto THEN 'red'
        WHEN a >= 0.95 * expected - 1e-9 THEN 'green'
        WHEN a >= 0.85 * expected - 1e-9 THEN 'yellow' ELSE 'red' END AS light
FROM (
    SELECT *, CASE WHEN kind IN ('growth', 'benchmark') THEN 1 ELSE due END AS expected
    FROM attained JOIN (
    SELECT year, greatest(0, least(1, (DATE '{as_of}' - make_date(year, 1, 1) + 1)
        / (make_date(year + 1, 1, 1) - make_date(year, 1, 1)))) AS due
    FROM range(1990, 2030) AS years(year)
) USING (year)
);

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
    kinds = ["number", "limit", "approximate", "benchmark", "judged", "growth", "quantity"]
    kind_of = random.choice(7, INDICATORS, p=[0.35, 0.05, 0.05, 0.1, 0.3, 0.1, 0.05])
    lower_of = random.random(INDICATORS) < 0.15
    starts = np.where(random.random(INDICATORS) < 0.75, np.arange(INDICATORS), 0)
    group_of = np.maximum.accumulate(starts) + 1
    points_of = random.choice([0.5, 1.0, 1.5, 2.0, 3.0], INDICATORS)[group_of - 1]
    lower_of &= kind_of != 6
    kind, lower = kind_of[serial - 1], lower_of[serial - 1]
    target = random.integers(-50, 2000, count) / 10
    target = np.where(kind == 6, np.abs(target) + 1, target)
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
        "target_unit": words(np.zeros(count, np.int64), ["亿元"]),
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
