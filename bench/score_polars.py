"""The arithmetic of :mod:`bench.score_data` as a person writes it in Polars, lazy and streamed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

LINE = ["document_id", "serial_no", "entity"]
HEADING = ["document_id", "all1", "all2", "level1", "level2"]
#: Kinds whose figures do not grow over the year.
RATES = ("growth", "benchmark", "rank", "external")


def by_polars(folder: Path, out: Path, as_of: date) -> None:
    """Score, sum and rank the notices of a folder into two Parquet files."""
    scored = _scored(folder, as_of).collect(engine="streaming")
    scored.write_parquet(out / "scores.parquet", compression="snappy")
    cards = _cards(scored.lazy()).collect(engine="streaming")
    cards.write_parquet(out / "scorecards.parquet", compression="snappy")


def _scored(folder: Path, as_of: date) -> Any:
    import polars as pl

    targets, indicators, returns = (
        pl.scan_parquet(folder / f"{name}.parquet") for name in ("targets", "indicators", "returns")
    )
    newest = pl.col("revision").arg_max()
    latest = (
        returns.filter(pl.col("received_on") <= as_of)
        .join(
            indicators.select("document_id", "serial_no", "indicator"), on=[*LINE[:2], "indicator"]
        )
        .group_by(LINE)
        .agg(
            pl.col("actual_value").get(newest).alias("x"),
            pl.col("awarded_pct").get(newest).alias("awarded"),
            pl.col("benchmark_value").get(newest).alias("b"),
            pl.col("veto").get(newest).alias("veto"),
            (pl.col("department").min() != pl.col("department").max()).alias("disputed"),
        )
    )
    op, disputed = pl.col("operator"), pl.col("disputed").fill_null(False)
    directed = (
        targets.filter(pl.col("status") == "assessed")
        .with_columns(
            share=pl.col("max_points") / pl.len().over("document_id", "entity", "weight_group")
        )
        .join(
            indicators.select("document_id", "serial_no", "level1", "level2", "direction"),
            on=LINE[:2],
        )
        .join(latest, on=LINE, how="left")
        .with_columns(
            veto=pl.col("veto").fill_null(False),
            disputed=disputed,
            x=pl.when(~disputed).then("x"),
            lower=op.is_in(["<", "<="]).fill_null(False)
            | (
                (pl.col("direction") == "lower_is_better") & ~op.is_in([">", ">="]).fill_null(False)
            ),
        )
    )
    ranked = pl.col("target_kind") == "rank"
    key = pl.when("lower").then(pl.col("x")).otherwise(-pl.col("x"))
    placed = directed.filter(ranked).with_columns(
        place=key.rank("min").over(LINE[:2]),
        missing=pl.col("x").is_null().sum().over(LINE[:2]),
    )
    both = pl.concat([placed, directed.filter(~ranked)], how="diagonal")
    first = pl.date(pl.col("year"), 1, 1)
    passed = (pl.lit(as_of) - first).dt.total_days() + 1
    due = passed / (pl.date(pl.col("year") + 1, 1, 1) - first).dt.total_days()
    share, a = pl.col("share"), pl.col("a")
    x, t, lower = (pl.col(each) for each in ("x", "target_value", "lower"))
    met = pl.when(lower).then(x <= t + 1e-9).otherwise(x >= t - 1e-9) & (a == 1)
    about = (pl.col("target_kind") == "approximate") & ~pl.col("veto") & a.is_not_null()
    vague = (about & ~met).fill_null(False)
    unsure = vague & (pl.col("expected") > 0)
    least = (
        pl.when(vague).then(0.0)
        .when(ranked & ~pl.col("veto") & a.is_not_null())
        .then((1 - 0.1 * (pl.col("place") + pl.col("missing") - 1)).clip(0, None))
        .otherwise(a)
    )  # fmt: skip
    return (
        both.with_columns(a=_attained())
        .with_columns(
            expected=pl.when(pl.col("target_kind").is_in(RATES)).then(1.0).otherwise(due.clip(0, 1))
        )
        .select(
            *("document_id", "indicator_id", "serial_no", "entity", "weight_group"),
            *("level1", "level2", "share", "a", "veto"),
            (share * a).alias("points"),
            (share * least).fill_null(pl.min_horizontal(0.0, share)).alias("low"),
            pl.when(vague).then(share).otherwise((share * a).fill_null(share)).alias("high"),
            pl.when(a.is_null()).then(pl.lit("grey"))
            .when("veto").then(pl.lit("red"))
            .when((a >= 0.95 * pl.col("expected") - 1e-9) & ~unsure).then(pl.lit("green"))
            .when(a >= 0.85 * pl.col("expected") - 1e-9).then(pl.lit("yellow"))
            .otherwise(pl.lit("red")).alias("light"),
        )
    )  # fmt: skip


def _attained() -> Any:
    """Return how far each target is attained, by its kind."""
    import polars as pl

    x, t, b, base, share = (
        pl.col(each) for each in ("x", "target_value", "b", "base_value", "share")
    )
    lower, op = pl.col("lower"), pl.col("operator")
    rate = pl.when(lower).then(1 - (x - t) / t).otherwise(x / t)
    holds = pl.when(lower).then(x <= t).otherwise(x >= t).cast(pl.Float64)
    short = (1 - 0.2 * (t - x).clip(0, None) / share).clip(0, None)
    limit = (
        pl.when(op == "<").then(x < t).when(op == ">").then(x > t).when(op == "<=").then(x <= t)
        .otherwise(x >= t).cast(pl.Float64)
    )  # fmt: skip
    better, above = (pl.when(lower).then(-each).otherwise(each) for each in (x - base, x - b))
    kinds = {
        "number": pl.when(t <= 0).then(holds).otherwise(rate).clip(0, 1),
        "limit": limit,
        "approximate": (x <= t + 0.5 + 1e-9).cast(pl.Float64),
        "benchmark": (0.8 + 0.05 * above).clip(0, 1),
        "growth": short,
        "quantity": pl.when(x / t >= 1 - 1e-9).then(1.0).when(x / t >= 0.8 - 1e-9).then(0.6)
        .otherwise(0.0),
        "rank": (1 - 0.1 * (pl.col("place").cast(pl.Float64) - 1)).clip(0, None),
        "previous_value": (better / base * 100 / 10).clip(0, 1),
        "external": 0.4 * rate.clip(0, 1) + 0.6 * short,
        "document": pl.when(rate < 0.6 - 1e-9).then(0.0).otherwise(rate.clip(None, 1)),
        "judged": pl.col("awarded") / 100,
    }  # fmt: skip
    kind = pl.col("target_kind")
    found: Any = (
        pl.when("veto").then(0.0)
        .when("disputed").then(None)
        .when((kind != "judged") & x.is_null()).then(None)
    )  # fmt: skip
    for name, attained in kinds.items():
        found = found.when(kind == name).then(attained)
    return found.otherwise(None)


def _cards(scored: Any) -> Any:
    """Return the sums by total, level 1 and level 2, with the places that they give."""
    import polars as pl

    def summed(*levels: str) -> Any:
        sums = scored.group_by("document_id", "entity", *levels).agg(
            max_points=pl.col("share").sum(),
            points=pl.col("points").sum(),
            low=pl.col("low").sum(),
            high=pl.col("high").sum(),
            received=pl.col("share").filter(pl.col("a").is_not_null()).sum(),
        )
        gone = [pl.lit(None, pl.String).alias(name) for name in ("level1", "level2")]
        return sums.with_columns(
            *gone[len(levels) :],
            all1=pl.lit(int("level1" not in levels)),
            all2=pl.lit(int("level2" not in levels)),
        ).select(*HEADING, "entity", "max_points", "points", "low", "high", "received")

    def of_100(name: str) -> Any:
        return (pl.col(name) / pl.col("max_points") * 100).round(7)

    sums = pl.concat([summed(), summed("level1"), summed("level1", "level2")]).with_columns(
        p=of_100("points"), l=of_100("low"), h=of_100("high")
    )
    ranked = sums.with_columns(
        rank=pl.col("p").rank("min", descending=True).over(HEADING),
        lows=pl.col("l").implode().over(HEADING),
        highs=pl.col("h").implode().over(HEADING),
    )

    def above(others: str, own: str) -> Any:
        positive = (pl.col(others) - pl.col(own)).list.eval(pl.element() > 0)
        return positive.list.sum().cast(pl.Int64)

    return ranked.with_columns(
        rank_low=1 + above("lows", "h"),
        rank_high=1 + above("highs", "l") - (pl.col("h") > pl.col("l")).cast(pl.Int64),
    ).drop("lows", "highs")
