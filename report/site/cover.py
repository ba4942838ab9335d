"""The cover: how far each year is, where it goes, and what changed since it was published last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from common.numbers import EPSILON
from report.figures import Figure, fixed, percent
from report.marks import (
    NOTHING,
    is_late,
    is_partly,
    is_provisional,
    is_unapproved,
    open_values,
    ranks,
)
from report.site.model import Edition
from report.site.published import number_in, points_in, received
from schemas.tables.frames import Row

_MOST_CHANGES = 8
_WIDTH, _HEIGHT = 100.0, 22.0


def status(edition: Edition) -> Row:
    """Return how far a year is: what is received, in doubt, provisional, unapproved, late, open."""
    return {
        "received": received(edition.totals.values()),
        "doubts": open_values(edition.rows["targets"]),
        "provisional": sum(map(is_provisional, edition.scores.values())),
        "unapproved": sum(map(is_unapproved, edition.scores.values())),
        "late": sum(map(is_late, edition.scores.values())),
        "findings": sum(
            row["state"] == "open" and row["severity"] in {"error", "warning"}
            for row in edition.rows["findings"]
        ),
    }


def changes(figures: Row) -> Row | None:
    """Return what is otherwise than in the publication before; None where there was none.

    ``facts`` are of the whole, ``rows`` of entities, of which ``more`` are not listed.
    """
    before = figures["before"]
    if not isinstance(before, Mapping):
        return None
    if not before:
        return {"facts": ["上次发布时还没有本年度"], "rows": [], "more": 0}
    rows = [row for entity in figures["totals"] if (row := _changed(entity, figures, before))]
    return {
        "facts": list(_facts(figures, before)),
        "rows": rows[:_MOST_CHANGES],
        "more": max(0, len(rows) - _MOST_CHANGES),
    }


def _facts(now: Row, before: Mapping[str, Any]) -> Iterator[str]:
    for name, key, say in _FACTS:
        was, new = say(before.get(key)), say(now[key])
        if was != new:
            yield f"{name} {was} → {new}"


def _changed(entity: str, now: Row, before: Mapping[str, Any]) -> Row | None:
    """Return an entity's points and places then and now; None where they are the same."""
    points = [points_in(each, entity).given for each in (before, now)]
    tables = [each.get("places") for each in (before, now)]
    places = [table.get(entity) if isinstance(table, Mapping) else None for table in tables]
    shown = [str(place or NOTHING)[:20] for place in places]
    if str(points[0]) == str(points[1]) and shown[0] == shown[1]:
        return None
    return {"entity": entity, "points": points, "places": shown}


def trend(edition: Edition, entity: str) -> Row | None:
    """Return an entity's points of 100 over the as-of dates, as a line's points and the change.

    Times are in their true proportion, and the scale is that of the group's own points. None where
    fewer than two dates are scored.
    """
    own = _course(edition, entity)
    doubt = edition.totals[entity]["doubt"]
    if len(own) < 2:
        return None
    group = edition.totals[entity]["rank_group"]
    all_points = [
        value
        for other, card in edition.totals.items()
        if card["rank_group"] == group
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
    return {
        "line": line,
        "first": (first, Figure(own[0][1], doubt)),
        "last": (last, Figure(own[-1][1], doubt)),
        "since": own[-2][0],
        "change": Figure(None, doubt, said=f"{'+' if change > 0 else ''}{fixed(change)}"),
    }


def _course(edition: Edition, entity: str) -> list[tuple[date, float]]:
    return [
        (card["as_of"], card["points_of_100"])
        for card in edition.courses.get(entity, ())
        if ranks(card) is not None and not is_partly(card)
    ]


_FACTS: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("数据截至", "as_of", lambda value: str(value or NOTHING)[:10]),
    ("已收到", "received", lambda value: percent(number_in(value))),
    ("待核对的值", "values", lambda value: f"{number_in(value) or 0:.0f} 个"),
)
