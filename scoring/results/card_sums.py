"""Scorecards held against the sums of what the traces give, and ranks against those sums."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from common.numbers import EPSILON
from schemas.vocabulary import ScorecardLevel, ScoreStatus
from scoring.results.difference import Discrepancy, Replayed, Row, compared
from scoring.results.scorecards import DECIMALS, NOWHERE, TOTAL

#: Entity, level, name and parent.
Key = tuple[str, ...]
_RECEIVED = {ScoreStatus.SCORED, ScoreStatus.INVALID, ScoreStatus.METHOD_NOT_APPLIED}


def card_differences(
    day: date, scores: Sequence[Replayed], rows: Mapping[str, Sequence[Row]]
) -> Iterator[Discrepancy]:
    """Give what differs of one day's scorecards, whose headings are the indicators'."""
    landed = [row for row in rows["scorecards"] if row["as_of"] == day]
    cards = {_card(row): row for row in landed}
    counts = Counter(map(_card, landed))
    again = {key: _summed(found) for key, found in _above(scores, rows).items()}
    for key in {**again, **counts}:
        at = Discrepancy("scorecards", day, None, key[0], key[2], "", None, None)
        yield from compared(at, {"rows": int(key in again)}, {"rows": counts[key]})
        if key in again and key in cards:
            ranks = _ranks(again[key], _ranked_with(key, cards, again))
            yield from compared(at, again[key] | ranks, cards[key])


def _above(
    scores: Sequence[Replayed], rows: Mapping[str, Sequence[Row]]
) -> dict[Key, list[Replayed]]:
    """Return the scores under each heading of each entity, headings without any included."""
    headings = {row["serial_no"]: _headings(row) for row in rows["indicators"]}
    known = dict.fromkeys(heading for own in headings.values() for heading in own)
    entities = dict.fromkeys(row["entity"] for row in rows["targets"])
    found: dict[Key, list[Replayed]] = {(each, *own): [] for each in entities for own in known}
    for score in scores:
        for heading in headings.get(score.row["serial_no"], ()):
            found.setdefault((score.row["entity"], *heading), []).append(score)
    return found


def _ranked_with(key: Key, cards: Mapping[Key, Row], again: Mapping[Key, Row]) -> Iterator[Row]:
    """Give the sums of the heading's cards that are landed in one rank group."""
    group = cards[key]["rank_group"]
    for other, sums in again.items():
        if other[1:] == key[1:] and other in cards and cards[other]["rank_group"] == group:
            yield sums


def _card(row: Row) -> Key:
    return row["entity"], row["level"], row["name"], row["parent"]


def _headings(indicator: Row) -> tuple[tuple[str, str, str], ...]:
    """Return level, name and parent of the headings that an indicator is summed under."""
    one, two = indicator["level1"] or NOWHERE, indicator["level2"] or NOWHERE
    return (
        (ScorecardLevel.TOTAL, TOTAL, ""),
        (ScorecardLevel.LEVEL1, one, ""),
        (ScorecardLevel.LEVEL2, two, one),
    )


def _summed(scores: Sequence[Replayed]) -> dict[str, Any]:
    def total(value: Callable[[Replayed], float | None]) -> float:
        return round(math.fsum(value(each) or 0.0 for each in scores), DECIMALS)

    most, points = total(lambda each: each.again.share_points), total(lambda s: s.again.points)
    received = total(lambda s: s.again.share_points if s.again.status in _RECEIVED else None)
    return {
        "max_points": most,
        "points": points,
        "points_low": total(lambda each: each.again.points_low),
        "points_high": total(lambda each: each.again.points_high),
        "points_of_100": points / most * 100 if most else None,
        "received_share": min(max(received / most, 0.0), 1.0) if most else None,
        "vetoes": sum(each.trace.veto for each in scores),
    }


def _ranks(card: Row, group: Iterable[Row]) -> dict[str, Any]:
    """Return the places of a card among those of its heading and rank group, itself included."""
    if not card["max_points"]:
        return {"rank": None, "rank_low": None, "rank_high": None}
    own = _of_100(card)
    others = [_of_100(each) for each in group if each is not card and each["max_points"]]

    def place(end: int, mine: float) -> int:
        return 1 + sum(other[end] > mine + EPSILON for other in others)

    return {"rank": place(0, own[0]), "rank_low": place(1, own[2]), "rank_high": place(2, own[1])}


def _of_100(card: Row) -> tuple[float, float, float]:
    """Return points, least and most, each of 100."""
    points, *ends = (card[name] / card["max_points"] * 100 for name in _SUMS)
    return points, min(ends), max(ends)


_SUMS = ("points", "points_low", "points_high")
