"""What the pages about the whole year show: the year at a glance, progress, ranks, assumptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from common.fold import fold
from common.numbers import EPSILON
from report.directions import PLAIN
from report.marks import ranks
from report.site.extra import shown_of
from report.site.model import Edition
from report.site.tables import counts, marks_of, rules_in
from schemas.records.traced import TracedLight
from schemas.tables.frames import Row


def summary(edition: Edition) -> list[Row]:
    """Return the rank groups, each with its entities' totals, the best rank first."""
    found = []
    for name, entities in edition.groups.items():
        cards = [edition.totals[entity] for entity in entities if entity in edition.totals]
        cards.sort(key=lambda card: card["rank"] if ranks(card) else len(entities) + 1)
        found.append(
            {
                "name": name,
                "without": [entity for entity in entities if entity not in edition.totals],
                "extra": shown_of(cards),
                "cards": [
                    {
                        **card,
                        "page": edition.entity_page(card["entity"]),
                        "place": edition.entities.index(card["entity"]) + 1,
                        "counts": counts(edition, card["entity"]),
                        "track": track(card),
                    }
                    for card in cards
                ],
            }
        )
    return found


def track(card: Row) -> Row:
    """Return where points, interval and full lie from zero to the most, in per cent, to draw it.

    The most are the full points, or what may come on top of them.
    """
    full = card["max_points"] or 1.0
    most = max(full, card["points_high"] or 0.0, card["points"] or 0.0)

    def at(value: float) -> float:
        return round(max(0.0, min(100.0, value / most * 100)), 2)

    low, high = at(card["points_low"]), at(card["points_high"])
    ends = {"full": at(full), "above": at(full) < 100.0}
    return {
        **ends,
        "low": low,
        "high": high,
        "points": at(card["points"]),
        "span": round(high - low, 2),
    }


def progress(edition: Edition) -> list[Row]:
    """Return the rank groups, each with its entities' totals at every date, the earliest first."""
    found: list[Row] = []
    for name, entities in edition.groups.items():
        rows = [{"entity": each, "page": edition.entity_page(each)} for each in entities]
        dates = [edition.courses.get(each, []) for each in entities]
        every = [card for cards in dates for card in cards]
        low = min(
            (card["points_low"] for card in every if card["points_low"] is not None), default=0
        )
        high = max(
            (card["points_high"] for card in every if card["points_high"] is not None), default=1
        )
        shown = [{**row, "dates": cards} for row, cards in zip(rows, dates, strict=True)]
        found.append({"name": name, "rows": shown, "ends": (low, high)})
    return found


def stability(edition: Edition) -> list[Row]:
    """Return the rank groups, each with how often an entity holds each rank (None: never)."""
    held = {
        (row["entity"], row["rank"]): row
        for row in edition.rows["rank_stability"]
        if row["as_of"] == edition.as_of
    }
    found = []
    for name, entities in edition.groups.items():
        ranked = sorted(entities, key=lambda entity: _rank(edition, entity))
        rows = [
            {
                "entity": entity,
                "card": edition.totals.get(entity),
                "page": edition.entity_page(entity),
                "shares": [held.get((entity, rank)) for rank in range(1, len(entities) + 1)]
                if _is_ranked(edition, entity)
                else [None] * len(entities),
            }
            for entity in ranked
        ]
        found.append({"name": name, "rows": rows, "ranks": range(1, len(entities) + 1)})
    return found


def draws(edition: Edition) -> Row | None:
    """Return how the weights were drawn; None where they were not."""
    rows = [row for row in edition.rows["rank_stability"] if row["as_of"] == edition.as_of]
    return rows[0] if rows else None


def assumed_rules(edition: Edition) -> list[Row]:
    """Return every rule that gave or gives points, each with the indicators it is for.

    ``kinds`` counts the kinds of target it is applied to.
    """
    found: dict[str, Row] = {}
    for (serial_no, _), score in edition.scores.items():
        for rule, kind in rules_in(score["trace"]):
            entry = found.setdefault(
                repr(rule), {"rule": rule, "serials": set(), "kinds": Counter()}
            )
            entry["serials"].add(serial_no)
            entry["kinds"][kind] += 1
    ordered = sorted(found.values(), key=_declared_and_common_first)
    return [{**entry, "indicators": _named(edition, entry["serials"])} for entry in ordered]


def _declared_and_common_first(entry: Row) -> tuple[bool, int]:
    return entry["rule"].origin == "default", -entry["kinds"].total()


def without_rule(edition: Edition) -> list[Row]:
    """Return the indicators that some entity is assessed by and no rule fits."""
    serials = {
        serial_no
        for (serial_no, _), score in edition.scores.items()
        if score["status"] != "not_assessed" and score["rule"] is None
    }
    return _named(edition, serials)


def shared_groups(edition: Edition) -> list[Row]:
    """Return the weight groups of more than one indicator: first member, members, points."""
    members: dict[int, list[Row]] = {}
    for row in edition.indicators:
        members.setdefault(row["weight_group"], []).append(row)
    return [
        {"first": rows[0], "rows": rows, "points": rows[0]["base_points"]}
        for rows in members.values()
        if len(rows) > 1
    ]


def assumed_directions(edition: Edition) -> list[Row]:
    """Return the indicators taken as lower-is-better whose target has no printed limit."""
    directions = {row["serial_no"]: row["direction"] for row in edition.indicators}
    serials = {
        row["serial_no"]
        for row in edition.rows["targets"]
        if row["target_kind"] in PLAIN and directions[row["serial_no"]] == "lower_is_better"
    }
    return _named(edition, serials)


def unknown_directions(edition: Edition) -> list[Row]:
    """Return the indicators counted by a figure of which nobody knows which end is good."""
    return _named(edition, edition.unclear)


def doubts(edition: Edition) -> list[Row]:
    """Return the targets that may have been read wrongly, each with its reason."""
    return [
        {"target": row, "marks": marks_of(edition, row["serial_no"], row["entity"])}
        for row in edition.rows["targets"]
        if row["needs_review"]
    ]


def notes(edition: Edition) -> list[str]:
    """Return the notes under the tables, each once, as printed, but those that are all a method.

    How points are given for an indicator is printed, and stands on the indicator's own page.
    """
    found = (row["text"] for row in edition.rows["findings"] if row["code"] == "table_note")
    said = [each for row in edition.rows.get("methods", ()) for each in _texts_of(row["text"])]
    names = [fold(str(row["indicator"])) for row in edition.indicators]
    told = sorted({*said, *names}, key=len, reverse=True)
    return [each for each in dict.fromkeys(found) if each and not _is_all_told(each, told, said)]


def _texts_of(method: str) -> list[str]:
    """Return the texts of which a method is made, which may stand in several notes."""
    return [text for each in method.split("；注：") if (text := fold(each).strip(_SIGNS))]


_SIGNS = ".。;；,，:：、"
#: What a note has beside a method: its number, and the rows it is of.
_WHOSE = re.compile(
    "(?:注|备注|说明|附注|第|序号|项|指标|各|考核|[0-9一二三四五六七八九十]|[^一-鿿])*"
)


def _is_all_told(note: str, told: Sequence[str], methods: Sequence[str]) -> bool:
    """Whether a note holds nothing but methods and whose they are."""
    left = fold(note)
    if not any(each in left for each in methods):
        return False
    for each in told:
        left = left.replace(each, "")
    return _WHOSE.fullmatch(left) is not None


def expected(edition: Edition) -> float | None:
    """Return the share of the year's work expected at the date shown; None where not scored."""
    for score in edition.scores.values():
        light: TracedLight | None = score["trace"].light
        if light is not None and light.of_year is not False:
            return light.expected
    return None


def widened(edition: Edition) -> int:
    """Count the scored cells whose interval is wider than a point."""
    return sum(
        score["status"] == "scored"
        and score["points_high"] is not None
        and score["points_high"] - score["points_low"] > EPSILON
        for score in edition.scores.values()
    )


def _named(edition: Edition, serials: Iterable[int]) -> list[Row]:
    wanted = set(serials)
    return [row for row in edition.indicators if row["serial_no"] in wanted]


def _is_ranked(edition: Edition, entity: str) -> bool:
    """Say whether anything was received of an entity: without it every draw ranks alike."""
    card = edition.totals.get(entity)
    return card is not None and ranks(card) is not None


def _rank(edition: Edition, entity: str) -> Any:
    card = edition.totals.get(entity)
    return (card["rank"] if card and card["rank"] else 10**6, edition.entities.index(entity))
