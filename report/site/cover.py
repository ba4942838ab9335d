"""The cover: how far each year is, where it goes, and what changed since it was published last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from common.numbers import EPSILON
from report.figures import Figure, fixed, percent
from report.marks import (
    NOTHING,
    is_late,
    is_unapproved,
    open_values,
    ranks,
)
from report.site.model import Edition
from report.site.published import asks, number_in, points_in, received, table_in

_MOST_CHANGES = 8
_WIDTH, _HEIGHT = 100.0, 22.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How many scores of a date are provisional, not approved, or late."""

    provisional: int
    unapproved: int
    late: int


def standing(edition: Edition) -> Standing:
    """Count the scores of the date shown that are not as they should be."""
    scores = edition.scores.values()
    return Standing(
        sum(score.doubt.provisional for score in scores),
        sum(is_unapproved(score.row) for score in scores),
        sum(is_late(score.row) for score in scores),
    )


@dataclass(frozen=True, slots=True)
class Status:
    """How far a year is: what is received, values in doubt, findings that are open, and scores."""

    received: float | None
    doubts: int
    findings: int
    scores: Standing


def status(edition: Edition) -> Status:
    """Return how far a year is."""
    return Status(
        received(card.row for card in edition.totals.values()),
        open_values(edition.rows["targets"]),
        sum(map(asks, edition.rows["findings"])),
        standing(edition),
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """An entity's points and places in the publication before, and now."""

    entity: str
    points: tuple[Figure, Figure]
    places: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: ``facts`` of the whole, and entities, of which ``more`` are not listed."""

    facts: list[str]
    moved: list[Moved]
    more: int


def changes(figures: Mapping[str, object]) -> Changes | None:
    """Return what is otherwise than in the publication before; None where there was none."""
    before = figures["before"]
    if not isinstance(before, Mapping):
        return None
    if not before:
        return Changes(["上次发布时还没有本年度"], [], 0)
    moved = [
        each for entity in table_in(figures, "totals") if (each := _moved(entity, before, figures))
    ]
    more = max(0, len(moved) - _MOST_CHANGES)
    return Changes(list(_facts(figures, before)), moved[:_MOST_CHANGES], more)


def _facts(now: Mapping[str, object], before: Mapping[str, object]) -> Iterator[str]:
    for name, key, say in _FACTS:
        was, new = say(before.get(key)), say(now[key])
        if was != new:
            yield f"{name} {was} → {new}"


def _moved(entity: str, before: Mapping[str, object], now: Mapping[str, object]) -> Moved | None:
    """Return an entity's points and places then and now; None where they are the same."""
    was, new = points_in(before, entity).given, points_in(now, entity).given
    places = _place_in(before, entity), _place_in(now, entity)
    if str(was) == str(new) and places[0] == places[1]:
        return None
    return Moved(entity, (was, new), places)


def _place_in(figures: Mapping[str, object], entity: str) -> str:
    return str(table_in(figures, "places").get(entity) or NOTHING)[:20]


@dataclass(frozen=True, slots=True)
class Trend:
    """An entity's points of 100 over the as-of dates: a line's points, its ends, the change."""

    line: str
    first: tuple[date, Figure]
    last: tuple[date, Figure]
    since: date
    change: Figure


def trend(edition: Edition, entity: str) -> Trend | None:
    """Return an entity's points of 100 over the as-of dates, as a line's points and the change.

    Times are in their true proportion, and the scale is that of the group's own points. None where
    fewer than two dates are scored.
    """
    own = _course(edition, entity)
    if len(own) < 2:
        return None
    doubt = edition.totals[entity].doubt
    group = edition.totals[entity].row["rank_group"]
    all_points = [
        value
        for other, card in edition.totals.items()
        if card.row["rank_group"] == group
        for _, value in _course(edition, other)
    ]
    low, high = min(all_points), max(all_points)
    first, last = own[0][0], own[-1][0]
    line = " ".join(
        f"{(day - first).days / max((last - first).days, 1) * _WIDTH:.1f},"
        f"{_HEIGHT - (value - low) / max(high - low, EPSILON) * _HEIGHT:.1f}"
        for day, value in own
    )
    change = own[-1][1] - own[-2][1]
    return Trend(
        line,
        first=(first, Figure(own[0][1], doubt)),
        last=(last, Figure(own[-1][1], doubt)),
        since=own[-2][0],
        change=Figure(None, doubt, said=f"{'+' if change > 0 else ''}{fixed(change)}"),
    )


def _course(edition: Edition, entity: str) -> list[tuple[date, float]]:
    return [
        (card.row["as_of"], points)
        for card in edition.courses.get(entity, ())
        if ranks(card.row) is not None and not card.points.partly
        if (points := card.row["points_of_100"]) is not None
    ]


_FACTS: tuple[tuple[str, str, Callable[[object], str]], ...] = (
    ("数据截至", "as_of", lambda value: str(value or NOTHING)[:10]),
    ("已收到", "received", lambda value: percent(number_in(value))),
    ("待核对的值", "values", lambda value: f"{number_in(value) or 0:.0f} 个"),
)
