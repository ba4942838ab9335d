"""What the pages about the whole year show: the year at a glance, progress, ranks, assumptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from common.fold import fold
from common.numbers import EPSILON
from report.directions import PLAIN
from report.doubts import Card
from report.figures import Doubt
from report.marks import ranks
from report.site.extra import Extra, shown_of
from report.site.model import Edition, Total
from report.site.tables import counts, rules_in
from schemas.records.rows import IndicatorRow, RankStabilityRow, ScorecardRow, TargetRow
from schemas.records.traced import AppliedRule


@dataclass(frozen=True, slots=True)
class Track:
    """Where points, interval and full lie from zero to the most, in per cent."""

    full: float
    low: float
    high: float
    points: float

    @property
    def above(self) -> bool:
        """Whether anything may come on top of the full points."""
        return self.full < 100.0

    @property
    def span(self) -> float:
        """How long the interval is."""
        return round(self.high - self.low, 2)


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity's total: its page and place in print, its cells by state, and how to draw it."""

    total: Total
    page: str
    place: int
    counts: Counter[str]
    track: Track


@dataclass(frozen=True, slots=True)
class Group:
    """A rank group: its totals, the best rank first, and the entities that have none."""

    name: str
    cards: list[Ranked]
    without: list[str]
    extra: list[Extra]


def summary(edition: Edition) -> list[Group]:
    """Return the rank groups."""
    found = []
    for name, entities in edition.groups.items():
        totals = [edition.totals[entity] for entity in entities if entity in edition.totals]
        totals.sort(key=lambda total: _place(total.row))
        cards = [_ranked(edition, total) for total in totals]
        without = [entity for entity in entities if entity not in edition.totals]
        found.append(Group(name, cards, without, shown_of(totals)))
    return found


def _ranked(edition: Edition, total: Total) -> Ranked:
    entity = total.row["entity"]
    return Ranked(
        total,
        edition.entity_page(entity),
        edition.entities.index(entity) + 1,
        counts(edition, entity),
        track(total.row),
    )


def track(card: ScorecardRow) -> Track:
    """Return how to draw a sum; the most are the full points, or what may come on top of them."""
    full = card["max_points"] or 1.0
    most = max(full, card["points_high"] or 0.0, card["points"] or 0.0)

    def at(value: float | None) -> float:
        return round(max(0.0, min(100.0, (value or 0.0) / most * 100)), 2)

    return Track(at(full), at(card["points_low"]), at(card["points_high"]), at(card["points"]))


@dataclass(frozen=True, slots=True)
class Course:
    """An entity's totals at every date, the earliest first."""

    entity: str
    page: str
    dates: list[Card]


@dataclass(frozen=True, slots=True)
class Progress:
    """A rank group's courses, and the least and the most that any of it may have at any date."""

    name: str
    courses: list[Course]
    ends: tuple[float, float]


def progress(edition: Edition) -> list[Progress]:
    """Return the rank groups, each with its entities' courses."""
    found = []
    for name, entities in edition.groups.items():
        courses = [
            Course(entity, edition.entity_page(entity), edition.courses.get(entity, []))
            for entity in entities
        ]
        points = [card.points for course in courses for card in course.dates]
        low = min((each.low for each in points if each.low is not None), default=0)
        high = max((each.high for each in points if each.high is not None), default=1)
        found.append(Progress(name, courses, (low, high)))
    return found


@dataclass(frozen=True, slots=True)
class Stability:
    """How often an entity holds each rank of its group (None: never)."""

    entity: str
    total: Total | None
    page: str
    shares: list[RankStabilityRow | None]


def stability(edition: Edition) -> list[tuple[str, list[Stability]]]:
    """Return the rank groups by name, each with its entities by rank."""
    held = {
        (row["entity"], row["rank"]): row
        for row in edition.rows["rank_stability"]
        if row["as_of"] == edition.as_of
    }
    found = []
    for name, entities in edition.groups.items():
        ranked = sorted(entities, key=lambda entity: _rank(edition, entity))
        rows = [
            Stability(
                entity,
                edition.totals.get(entity),
                edition.entity_page(entity),
                [held.get((entity, rank)) for rank in range(1, len(entities) + 1)]
                if _is_ranked(edition, entity)
                else [None] * len(entities),
            )
            for entity in ranked
        ]
        found.append((name, rows))
    return found


def draws(edition: Edition) -> RankStabilityRow | None:
    """Return how the weights were drawn; None where they were not."""
    rows = [row for row in edition.rows["rank_stability"] if row["as_of"] == edition.as_of]
    return rows[0] if rows else None


@dataclass(frozen=True, slots=True)
class UsedRule:
    """A rule with the indicators that it is for, and the kinds of target, counted."""

    rule: AppliedRule
    kinds: Counter[str]
    indicators: list[IndicatorRow]


def assumed_rules(edition: Edition) -> list[UsedRule]:
    """Return every rule that gave or gives points, declared ones and common ones first."""
    found: dict[str, list[tuple[AppliedRule, str, int]]] = {}
    for (serial_no, _), score in edition.scores.items():
        for rule, kind in rules_in(score.trace):
            found.setdefault(repr(rule), []).append((rule, kind, serial_no))
    used = (
        UsedRule(
            uses[0][0],
            Counter(kind for _, kind, _ in uses),
            _named(edition, {serial_no for *_, serial_no in uses}),
        )
        for uses in found.values()
    )
    return sorted(used, key=lambda each: (each.rule.origin == "default", -each.kinds.total()))


def without_rule(edition: Edition) -> list[IndicatorRow]:
    """Return the indicators that some entity is assessed by and no rule fits."""
    serials = {
        serial_no
        for (serial_no, _), score in edition.scores.items()
        if score.row["status"] != "not_assessed" and score.row["rule"] is None
    }
    return _named(edition, serials)


def shared_groups(edition: Edition) -> list[IndicatorRow]:
    """Return the first indicator of each weight group of several."""
    members: dict[int, list[IndicatorRow]] = {}
    for row in edition.indicators:
        members.setdefault(row["weight_group"], []).append(row)
    return [rows[0] for rows in members.values() if len(rows) > 1]


def assumed_directions(edition: Edition) -> list[IndicatorRow]:
    """Return the indicators taken as lower-is-better whose target has no printed limit."""
    directions = {row["serial_no"]: row["direction"] for row in edition.indicators}
    serials = {
        row["serial_no"]
        for row in edition.rows["targets"]
        if row["target_kind"] in PLAIN and directions[row["serial_no"]] == "lower_is_better"
    }
    return _named(edition, serials)


def unknown_directions(edition: Edition) -> list[IndicatorRow]:
    """Return the indicators counted by a figure of which nobody knows which end is good."""
    return _named(edition, edition.unclear)


def doubts(edition: Edition) -> list[tuple[TargetRow, Doubt]]:
    """Return the targets that may have been read wrongly, each with its doubt."""
    return [
        (row, edition.doubt(row["serial_no"], row["entity"]))
        for row in edition.rows["targets"]
        if row["needs_review"]
    ]


def notes(edition: Edition) -> list[str]:
    """Return the notes under the tables, each once, as printed, but those that are all a method.

    How points are given for an indicator is printed, and stands on the indicator's own page.
    """
    found = (row["text"] for row in edition.rows["findings"] if row["code"] == "table_note")
    said = [each for row in edition.rows.get("methods", ()) for each in _texts_of(row["text"])]
    names = [fold(row["indicator"]) for row in edition.indicators]
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
        light = score.trace.light
        if light is not None and light.of_year is not False:
            return light.expected
    return None


def widened(edition: Edition) -> int:
    """Count the scored cells whose interval is wider than a point."""
    scored = (score.points for score in edition.scores.values() if score.row["status"] == "scored")
    return sum(
        each.low is not None and each.high is not None and each.high - each.low > EPSILON
        for each in scored
    )


def _named(edition: Edition, serials: Iterable[int]) -> list[IndicatorRow]:
    wanted = set(serials)
    return [row for row in edition.indicators if row["serial_no"] in wanted]


def _is_ranked(edition: Edition, entity: str) -> bool:
    """Say whether anything was received of an entity: without it every draw ranks alike."""
    card = edition.totals.get(entity)
    return card is not None and ranks(card.row) is not None


def _rank(edition: Edition, entity: str) -> tuple[int, int]:
    card = edition.totals.get(entity)
    return (card and card.row["rank"]) or _LAST, edition.entities.index(entity)


def _place(card: ScorecardRow) -> int:
    """Return the rank of a total, or one behind all others where it has none."""
    return (card["rank"] if ranks(card) else None) or _LAST


_LAST = 10**6
