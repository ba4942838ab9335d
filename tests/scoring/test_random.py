"""On notices drawn at random: points are what traces replay to, and cards sum them."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from schemas.records.trace import Trace
from schemas.tables.frames import arrow_to_frame
from scoring.engine import Inputs, score
from scoring.points.periods import Period, parse_periods
from scoring.results.frames import scorecards_frame, scores_frame
from scoring.results.replay import replay, replayed
from scoring.results.scorecards import total
from scoring.results.stability import Noise, rank_stability
from scoring.rules.case import nearly
from tests.support.scoring.drawn import drawn

MANY = settings(
    max_examples=12,  # as many in a usual run; the soak draws anew
    phases=[Phase.explicit, Phase.generate],  # a failure is read from its trace; shrinking is slow
)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)  # noqa: PLR0124


@MANY
@given(drawn())
def test_points_replay_from_nothing_but_the_trace_and_cards_sum_them(inputs: Inputs) -> None:
    scored = score(inputs)
    scores, cards = scores_frame(scored), scorecards_frame(scored, total(scored))
    check_scores(scores)
    check_cards(scores, cards)


@settings(MANY, max_examples=6)
@given(drawn(), st.sampled_from([date(2020, 5, 1), date(2020, 12, 1), date(2022, 1, 1)]))
def test_a_year_of_periods_replays(inputs: Inputs, day: date) -> None:
    documents = set(inputs.targets["document_id"])
    years = dict(zip(inputs.targets["document_id"], inputs.targets["year"], strict=True))
    periods = {name: _periods(int(years[name])) for name in documents}
    scored = score(replace(inputs, as_of=day, periods=periods))
    scores, cards = scores_frame(scored), scorecards_frame(scored, total(scored))
    check_scores(scores)
    check_cards(scores, cards)


def _periods(year: int) -> tuple[Period, ...]:
    table = {
        f"{year}-Q1": {"weight": 0.3, "as_of": date(year, 4, 20)},
        f"{year}-H1": {"weight": 0.2, "as_of": date(year, 8, 1)},
        f"{year}-Q4": {"weight": 0.5, "as_of": date(year + 1, 2, 1)},
    }
    return parse_periods(table, "source.toml")


def check_scores(scores: pd.DataFrame) -> None:
    """Replay every trace and compare."""
    for row in scores.astype(object).where(scores.notna(), None).to_dict("records"):
        assert Trace.from_json(row["trace"]).to_json() == row["trace"]
        check_replayed(row)
        found, points = replay(row["trace"]), _number(row["points"])
        assert (found is None) == (points is None), row["trace"]
        assert (row["status"] == "scored") == (points is not None)
        if found is not None and points is not None:
            assert math.isclose(found, points, rel_tol=1e-9, abs_tol=1e-9), row["trace"]
            slack = 1e-9 * max(1.0, abs(points))
            assert row["points_low"] - slack <= points <= row["points_high"] + slack
        if row["points_low"] is not None:
            assert row["points_low"] <= row["points_high"]
        if row["status"] == "not_assessed":
            assert row["share_points"] is row["points_low"] is row["points_high"] is None


def check_replayed(row: dict[str, Any]) -> None:
    """Compare all that a trace gives with what was landed."""
    for name, again in asdict(replayed(Trace.from_json(row["trace"]))).items():
        landed = row[name] if isinstance(again, str) else _number(row[name])
        same = again == landed if isinstance(again, str) or again is None else nearly(again, landed)
        assert same, (name, again, landed, row["trace"])


def check_cards(scores: pd.DataFrame, cards: pd.DataFrame) -> None:
    """Compare cards with sums of what traces replay to."""
    totals = cards[cards["level"] == "total"].set_index("entity")
    assert set(totals.index) == set(scores["entity"])
    replayed = [replay(trace) or 0.0 for trace in scores["trace"]]
    for entity, card in totals.iterrows():
        own = [each for each, of in zip(replayed, scores["entity"], strict=True) if of == entity]
        assert card["points"] == pytest.approx(math.fsum(own), rel=1e-9, abs=1e-9)
        mine = scores[scores["entity"] == entity]
        for column in ("points_low", "points_high"):
            known = math.fsum(mine[column].dropna().astype(float))
            assert card[column] == pytest.approx(known, rel=1e-9, abs=1e-9)
        share = math.fsum(mine["share_points"].dropna().astype(float))
        assert card["max_points"] == pytest.approx(share, rel=1e-9, abs=1e-9)
    for name in ("level1", "level2"):
        parts = cards[cards["level"] == name].groupby("entity")["points"].sum()
        for entity, points in parts.items():
            assert totals.loc[str(entity), "points"] == pytest.approx(points, rel=1e-9, abs=1e-9)


@settings(MANY, max_examples=6)
@given(drawn())
def test_each_entity_holds_some_rank_in_every_draw(inputs: Inputs) -> None:
    scored = score(inputs)
    cards = scorecards_frame(scored, total(scored))
    totals = cards[cards["level"] == "total"].set_index("entity")
    noise = Noise(draws=50, size=0.3, seed=7)
    held = arrow_to_frame(rank_stability(scored, noise))
    assert held.equals(arrow_to_frame(rank_stability(scored, noise)))
    shares = held.groupby("entity")["share"].sum()
    ranked = totals.index[totals["rank"].notna()]
    assert set(ranked) <= set(shares.index)
    for share in shares:
        assert share == pytest.approx(1.0)
    sizes = totals.groupby("rank_group").size()
    for row in held.to_dict("records"):
        assert 1 <= row["rank"] <= sizes[row["rank_group"]]
        assert 0 < row["share"] <= 1
    certain = arrow_to_frame(rank_stability(scored, Noise(draws=3, size=0.0, seed=1)))
    certain = certain.set_index("entity")
    assert (certain["share"] == 1).all()
    for entity in ranked:
        assert certain.loc[entity, "rank"] == totals.loc[entity, "rank"]
