"""Made-up notices for :mod:`bench.score`, and their arithmetic as a person writes it in SQL."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

AS_OF = date(2020, 9, 30)
INDICATORS, ENTITIES = 106, 5
KINDS = (
    *("number", "limit", "approximate", "benchmark", "judged", "growth", "quantity", "rank"),
    *("previous_value", "external", "document"),
)
LIKELY = (0.28, 0.05, 0.05, 0.08, 0.22, 0.08, 0.05, 0.05, 0.05, 0.05, 0.04)
LIMIT, BENCHMARK, JUDGED, BANDS, RANK, BEFORE, MIX, THRESHOLD = 1, 3, 4, 6, 7, 8, 9, 10
#: What every notice declares: points for each unit short, bands of the completion rate, places,
#: growth on the year before, a mix of two rules, and nothing below a completion rate.
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
        {"kind": "rank", "rule": "rank", "parameters": {"step": 0.1}},
        {
            "kind": "previous_value",
            "rule": "previous_value",
            "parameters": {"against": "growth", "rate": 10},
        },
        {
            "kind": "external",
            "rule": "mix",
            "parameters": {
                "rules": [
                    [0.4, "proportional", {}],
                    [0.6, "per_unit", {"per": 1, "points": -0.2}],
                ]
            },
        },
        {"kind": "document", "rule": "proportional", "parameters": {"threshold": 0.6}},
    ],
}

SQL = """
SET temp_directory = '{folder}/spill';
SET preserve_insertion_order = false;
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
    SELECT t.document_id, t.indicator_id, t.serial_no, t.entity, t.weight_group, t.year, t.share,
        t.target_kind AS kind, t.target_value AS t, t.operator AS op, t.base_value AS base,
        i.level1, i.level2, CASE WHEN NOT coalesce(r.disputed, false) THEN r.x END AS x,
        r.awarded, r.b, coalesce(r.veto, false) AS veto, coalesce(r.disputed, false) AS disputed,
        t.operator IN ('<', '<=') OR (i.direction = 'lower_is_better'
            AND coalesce(t.operator, '') NOT IN ('>', '>=')) AS lower
    FROM assessed AS t
    JOIN read_parquet('{folder}/indicators.parquet') AS i USING (document_id, serial_no)
    LEFT JOIN latest AS r USING (document_id, serial_no, entity)
), placed AS (
    SELECT *, rank() OVER (PARTITION BY document_id, serial_no
            ORDER BY CASE WHEN lower THEN x ELSE -x END NULLS LAST) AS place,
        count(*) FILTER (WHERE x IS NULL) OVER (PARTITION BY document_id, serial_no) AS missing
    FROM directed WHERE kind = 'rank'
    UNION ALL BY NAME SELECT * FROM directed WHERE kind <> 'rank'
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
        WHEN 'rank' THEN greatest(0, 1 - 0.1 * (place - 1))
        WHEN 'previous_value' THEN least(1, greatest(0,
            CASE WHEN lower THEN base - x ELSE x - base END / base * 100 / 10))
        WHEN 'external' THEN
            0.4 * least(1, greatest(0, CASE WHEN lower THEN 1 - (x - t) / t ELSE x / t END))
            + 0.6 * greatest(0, 1 - 0.2 * greatest(t - x, 0) / share)
        WHEN 'document' THEN CASE
            WHEN CASE WHEN lower THEN 1 - (x - t) / t ELSE x / t END < 0.6 - 1e-9 THEN 0
            ELSE least(1, CASE WHEN lower THEN 1 - (x - t) / t ELSE x / t END) END
        WHEN 'judged' THEN awarded / 100 END END AS a
    FROM placed
), bounded AS (
    SELECT *, CASE WHEN vague THEN 0 WHEN kind = 'rank' AND NOT veto AND a IS NOT NULL
        THEN greatest(0, 1 - 0.1 * (place + missing - 1)) ELSE a END AS least_a
    FROM (SELECT *, kind = 'approximate' AND NOT veto AND a IS NOT NULL
        AND NOT (a = 1 AND CASE WHEN lower THEN x <= t + 1e-9 ELSE x >= t - 1e-9 END) AS vague
        FROM attained)
)
SELECT document_id, indicator_id, serial_no, entity, weight_group, level1, level2, share, a,
    share * a AS points, veto,
    coalesce(share * least_a, least(0, share)) AS low,
    CASE WHEN vague THEN share ELSE coalesce(share * a, share) END AS high,
    CASE WHEN a IS NULL THEN 'grey' WHEN veto THEN 'red'
        WHEN a >= 0.95 * expected - 1e-9
            THEN CASE WHEN vague AND expected > 0 THEN 'yellow' ELSE 'green' END
        WHEN a >= 0.85 * expected - 1e-9 THEN 'yellow' ELSE 'red' END AS light
FROM (
    SELECT *, CASE WHEN kind IN ('growth', 'benchmark', 'rank', 'external') THEN 1
        ELSE due END AS expected
    FROM bounded JOIN (
    SELECT year, greatest(0, least(1, (DATE '{as_of}' - make_date(year, 1, 1) + 1)
        / (make_date(year + 1, 1, 1) - make_date(year, 1, 1)))) AS due
    FROM range(1990, 2030) AS years(year)
) USING (year)
);

COPY scored TO '{out}/scores.parquet' (COMPRESSION snappy);
COPY (
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
FROM listed
) TO '{out}/scorecards.parquet' (COMPRESSION snappy);
"""


def make(folder: Path, rows: int) -> None:
    """Write targets, indicators and returns of thousands of notices; the same for the same rows.

    A thousand notices at a time; a file's rows are in the order of its notices, as landed ones are.
    """
    import pyarrow.parquet as pq

    plan = _Plan(np.random.default_rng(20201206))
    notices = max(1, rows // (INDICATORS * ENTITIES))
    with ExitStack() as files:
        writers: dict[str, Any] = {}
        for first in range(0, notices, 1000):
            for name, table in plan.tables(first, min(1000, notices - first)).items():
                if name not in writers:
                    path = folder / f"{name}.parquet"
                    writers[name] = files.enter_context(pq.ParquetWriter(path, table.schema))
                writers[name].write_table(table, row_group_size=131_072)


def _words(codes: Any, values: Any, missing: Any = None) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(codes.astype(np.int32), mask=missing), pa.array(values)
    ).cast(pa.string())


class _Plan:
    """What all notices have in common, their indicators; targets and returns are each one's own."""

    def __init__(self, random: np.random.Generator) -> None:
        self.random = random
        self.kind = random.choice(len(KINDS), INDICATORS, p=LIKELY)
        self.lower = (random.random(INDICATORS) < 0.15) & (self.kind != BANDS)
        starts = np.where(random.random(INDICATORS) < 0.75, np.arange(INDICATORS), 0)
        self.group = np.maximum.accumulate(starts) + 1
        self.points = random.choice([0.5, 1.0, 1.5, 2.0, 3.0], INDICATORS)[self.group - 1]
        self.called = np.array([f"第{number}项指标" for number in range(INDICATORS)])

    def tables(self, first: int, notices: int) -> dict[str, Any]:
        """Return the rows of some notices, by table."""
        names = np.array([f"notice-{first + number:05d}" for number in range(notices)])
        per = INDICATORS * ENTITIES
        document = np.repeat(np.arange(notices), per)
        serial = np.tile(np.repeat(np.arange(1, INDICATORS + 1), ENTITIES), notices)
        entity = np.tile(np.arange(ENTITIES), notices * INDICATORS)
        keys = {
            "document_id": _words(document, names),
            "indicator_id": _words(
                document * INDICATORS + serial - 1,
                [f"{name}#{number}" for name in names for number in range(1, INDICATORS + 1)],
            ),
            "serial_no": serial,
            "entity": _words(entity, [f"县{number}" for number in range(ENTITIES)]),
        }
        targets, aim = self._targets(first + document, serial)
        return {
            "targets": _table(keys | targets),
            "indicators": self._indicators(notices, names),
            "returns": self._returns(_table(keys), serial, aim),
        }

    def _targets(self, document: Any, serial: Any) -> tuple[dict[str, Any], Any]:
        import pyarrow as pa

        random, count, kind, lower = (
            self.random, len(serial), self.kind[serial - 1], self.lower[serial - 1]
        )  # fmt: skip
        value = random.integers(-50, 2000, count) / 10
        above_0 = np.isin(kind, (BANDS, BEFORE, MIX, THRESHOLD))
        value = np.where(above_0, np.abs(value) + 1, value)
        operator = np.where(kind == LIMIT, np.where(lower, 1, 3), np.where(lower, 0, 2))
        without = np.isin(kind, (BENCHMARK, JUDGED, RANK, BEFORE))
        texts = [(name, pa.string()) for name in ("text", "operator", "unit")]
        part = pa.struct([*texts, ("value", pa.float64())])
        unit = _words(np.zeros(count, np.int64), ["亿元"])
        return {
            "status": _words(random.random(count) < 0.15, ["assessed", "not_assessed"]),
            "weight_group": self.group[serial - 1],
            "max_points": self.points[serial - 1],
            "target_kind": _words(kind, KINDS),
            "operator": _words(operator, ["<=", "<", ">=", ">"], without),
            "target_value": pa.array(value, mask=without),
            "target_unit": unit,
            "base_value": pa.array(value, mask=kind != BEFORE),
            "base_unit": unit,
            "parts": pa.ListArray.from_arrays(np.zeros(count + 1, np.int32), pa.array([], part)),
            "needs_review": np.zeros(count, np.bool_),
            "year": 1995 + document % 30,
        }, value

    def _indicators(self, notices: int, names: Any) -> Any:
        import pyarrow as pa

        owner = np.arange(notices * INDICATORS)
        heading = np.arange(INDICATORS) * 24 // INDICATORS
        return _table(
            {
                "document_id": _words(owner // INDICATORS, names),
                "serial_no": owner % INDICATORS + 1,
                "level1": _words(np.tile(heading // 8, notices), ["一", "二", "三"]),
                "level2": _words(np.tile(heading, notices), [f"二级{n}" for n in range(24)]),
                "level3": pa.nulls(len(owner), pa.string()),
                "level4": pa.nulls(len(owner), pa.string()),
                "indicator": _words(owner % INDICATORS, self.called),
                "direction": _words(
                    np.tile(self.lower, notices), ["higher_is_better", "lower_is_better"]
                ),
                "base_points": np.tile(self.points, notices),
            }
        )

    def _returns(self, keys: Any, serial: Any, aim: Any) -> Any:
        import pyarrow as pa

        random = self.random
        first = np.flatnonzero(random.random(len(serial)) < 0.92)
        line = np.concatenate([first, first[random.random(len(first)) < 0.05]])
        again = np.arange(len(line)) >= len(first)
        order = np.argsort(line // (INDICATORS * ENTITIES), kind="stable")
        line, again = line[order], again[order]
        size, kind = len(line), self.kind[serial[line] - 1]
        value = np.rint(aim[line] * random.uniform(7, 13, size)) / 10
        days = np.where(again, 18500 + random.integers(0, 200, size), 18400)  # some after the day
        offices = np.array([f"部门{number}" for number in range(30)])
        own = {name: keys[name].take(pa.array(line)) for name in keys.column_names}
        return _table(
            own
            | {
                "part_no": pa.nulls(size, pa.int64()),
                "actual_value": pa.array(value, mask=kind == JUDGED),
                "actual_text": pa.nulls(size, pa.string()),
                "awarded_pct": pa.array(
                    np.round(random.uniform(50, 100, size)), mask=kind != JUDGED
                ),
                "benchmark_value": pa.array(np.round(aim[line], 0), mask=kind != BENCHMARK),
                "veto": random.random(size) < 0.001,
                "received_on": pa.array(days.astype(np.int32)).cast(pa.date32()),
                "revision": np.where(again, 2, 1),
                "department": _words(serial[line] % 30, offices),
                "indicator": _words(serial[line] - 1, self.called),
            }
        )


def _table(columns: dict[str, Any]) -> Any:
    import pyarrow as pa

    return pa.table(columns)
