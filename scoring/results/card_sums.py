"""Scorecards held against the sums of what the traces give, and ranks against those sums."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from common.numbers import EPSILON
from schemas.records.rows import IndicatorRow, ScorecardRow
from schemas.vocabulary import ItemKind, ScorecardLevel, ScoreStatus
from scoring.points.periods import RECEIVED
from scoring.results.difference import Discrepancy, Landed, Replayed, compared
from scoring.results.exclusive import Widening, surplus
from scoring.results.replay import replayed
from scoring.results.scorecards import DECIMALS, NOWHERE, TOTAL
from scoring.total.grades import Standing, grades_of
from scoring.total.kept import kept, of_kept
from scoring.total.rules import Struck, TotalRules, VetoEffect

#: Entity, level, name and parent.
Key = tuple[str, ...]


def card_differences(
    day: date,
    scores: Sequence[Replayed],
    landed: Landed,
    rules: TotalRules | None,
) -> Iterator[Discrepancy]:
    """Give what differs of one day's scorecards, whose headings are the indicators'.

    ``rules`` of the whole count where the scorecards keep none that they were made by.
    """
    own = [row for row in landed.scorecards if row["as_of"] == day]
    cards = {_card(row): row for row in own}
    counts = Counter(map(_card, own))
    told = Counter(text for row in own if (text := row.get("total_rules")) is not None)
    rules = _made_by(told, rules)
    whole = rules or TotalRules("", day, "")
    again = {
        key: _summed(found, key[1] == ScorecardLevel.TOTAL, whole, cards.get(key))
        for key, found in _above(scores, landed).items()
    }
    again |= _graded(again, cards, whole)
    made_by = kept(rules) if told else None
    for key in {**again, **counts}:
        at = Discrepancy("scorecards", day, None, key[0], key[2], "", None, None)
        yield from compared(at, {"rows": int(key in again)}, {"rows": counts[key]})
        if key in again and key in cards:
            yield from compared(at, _due(key, again[key], made_by), cards[key])


def _due(key: Key, card: _Card, made_by: str | None) -> dict[str, object]:
    """Return a card's columns, with the rules that all totals must have been made by."""
    rules = {"total_rules": made_by} if made_by and key[1] == ScorecardLevel.TOTAL else {}
    return card.columns() | rules


@dataclass(frozen=True, slots=True)
class _Card:
    """What a scorecard must hold by the scores under its heading; other fields are columns.

    ``struck``: what vetoes do to the whole.
    """

    max_points: float
    points: float
    points_low: float
    points_high: float
    bonus: float
    minus: float
    points_of_100: float | None
    received_share: float | None
    vetoes: int
    vetoed: bool
    barred: bool
    struck: Struck
    rank: int | None = None
    rank_low: int | None = None
    rank_high: int | None = None
    grade: str | None = None
    grade_low: str | None = None
    grade_high: str | None = None

    def columns(self) -> dict[str, object]:
        """Return the fields that are columns."""
        names = (each.name for each in fields(self) if each.name != "struck")
        return {name: getattr(self, name) for name in names}

    @property
    def is_ranked(self) -> bool:
        """Whether it has a place."""
        return bool(self.max_points) and not self.vetoed

    def of_100(self) -> tuple[float, float, float]:
        """Return points, least and most, each of 100."""
        ends = [each / self.max_points * 100 for each in (self.points_low, self.points_high)]
        return self.points / self.max_points * 100, min(ends), max(ends)


def _made_by(told: Counter[str], rules: TotalRules | None) -> TotalRules | None:
    """Return the rules that most totals say they were made by, else those that are declared."""
    for text, _ in told.most_common(1):
        try:
            return of_kept(text)
        except (ValueError, TypeError, LookupError, AttributeError):
            break  # nothing that a scorecard keeps: it is named as what differs
    return rules


def _above(scores: Sequence[Replayed], landed: Landed) -> dict[Key, list[Replayed]]:
    """Return the scores under each heading of each entity, headings without any included."""
    headings = {row["serial_no"]: _headings(row) for row in landed.indicators}
    known = dict.fromkeys(heading for own in headings.values() for heading in own)
    entities = dict.fromkeys(row["entity"] for row in landed.targets)
    found: dict[Key, list[Replayed]] = {(each, *own): [] for each in entities for own in known}
    for score in scores:
        for heading in headings.get(score.row["serial_no"], ()):
            found.setdefault((score.row["entity"], *heading), []).append(score)
    return found


def _graded(
    again: Mapping[Key, _Card], cards: Mapping[Key, ScorecardRow], whole: TotalRules
) -> dict[Key, _Card]:
    """Return the sums with the places within each landed rank group, and the grades of totals."""
    groups: dict[Key, list[Key]] = {}
    for key in again:
        if key in cards:
            groups.setdefault((cards[key]["rank_group"], *key[1:]), []).append(key)
    found = {
        key: _placed(again[key], [again[each] for each in keys])
        for keys in groups.values()
        for key in keys
    }
    totals = [key for key in found if key[1] == ScorecardLevel.TOTAL]
    of_group = [cards[key]["rank_group"] for key in totals]
    standings = [_standing(found[key]) for key in totals]
    for key, one in zip(totals, grades_of(whole, of_group, standings), strict=True):
        found[key] = replace(found[key], grade=one.grade, grade_low=one.low, grade_high=one.high)
    return found


def _standing(card: _Card) -> Standing:
    """Return a total as grades are given by; who is set aside has no place."""
    if card.rank is None or card.rank_low is None or card.rank_high is None:
        return Standing(None, None, card.struck)
    return Standing(card.of_100(), (card.rank, card.rank_low, card.rank_high), card.struck)


def _card(row: ScorecardRow) -> Key:
    return row["entity"], row["level"], row["name"], row["parent"]


def _headings(indicator: IndicatorRow) -> tuple[tuple[str, str, str], ...]:
    """Return level, name and parent of the headings that an indicator is summed under."""
    one, two = indicator["level1"] or NOWHERE, indicator["level2"] or NOWHERE
    return (
        (ScorecardLevel.TOTAL, TOTAL, ""),
        (ScorecardLevel.LEVEL1, one, ""),
        (ScorecardLevel.LEVEL2, two, one),
    )


def _summed(
    scores: Sequence[Replayed], of_total: bool, whole: TotalRules, card: ScorecardRow | None
) -> _Card:
    """Return what the scores under a heading sum up to, with what is on top of the whole."""
    on_top, of_whole = _parted(scores)
    counted = whole if of_total else TotalRules("", whole.since, "")
    who = (card["entity"], card["rank_group"]) if card else ("", "")
    factor = counted.factor_of(*who)
    caps = (counted.caps, counted.least_caps, counted.most_caps)
    added = {name: _added(on_top, name, own) for name, own in zip(_SUMS, caps, strict=True)}
    whole_sums = _narrowed(of_whole)
    plain = {name: (whole_sums[name] + sum(added[name])) * factor for name in _SUMS}
    sums = _farther(plain, counted.possible.factor_of(*who))
    most = _total(of_whole, "share_points")
    received = round(math.fsum(map(_received, of_whole)), DECIMALS)
    struck = _struck(scores, whole) if of_total else Struck()
    return _Card(
        most,
        sums["points"],
        sums["points_low"],
        sums["points_high"],
        bonus=added["points"][0],
        minus=added["points"][1],
        points_of_100=sums["points"] / most * 100 if most else None,
        received_share=min(max(received / most, 0.0), 1.0) if most else None,
        vetoes=sum(each.trace.veto and each.trace.share is not None for each in scores),
        vetoed=VetoEffect.SET_ASIDE in struck.effects,
        barred=VetoEffect.BAR in struck.effects,
        struck=struck,
    )


def _farther(sums: Mapping[str, float], factor: float) -> dict[str, float]:
    """Return points as they are, least and most once a factor counts that nobody confirmed."""
    points, low, high = (sums[name] for name in _SUMS)
    ends = (points, min(low, low * factor), max(high, high * factor))
    return {name: round(each, DECIMALS) for name, each in zip(_SUMS, ends, strict=True)}


def _received(score: Replayed) -> float:
    """Return the points for which something was received: of periods with weights those of each."""
    share = score.again.share_points or 0.0
    if not score.trace.periods or score.trace.veto:
        return share if score.again.status in RECEIVED or _came_uncountable(score) else 0.0
    over = [each for each in score.trace.periods if not each.open]
    return share * math.fsum(
        each.weight for each in over if replayed(each.trace).status in RECEIVED
    )


def _came_uncountable(score: Replayed) -> bool:
    """Tell whether something was returned that could not be counted: no base, no target."""
    came = any(line.actual is not None for line in score.trace.counted())
    return came and score.again.status == ScoreStatus.UNREADABLE


def _narrowed(scores: Sequence[Replayed]) -> dict[str, float]:
    """Return the sums of points, least and most, of repairs of one total only one counted."""
    down, up = surplus([each for score in scores for each in _widenings(score)])
    too_wide = {"points": 0.0, "points_low": -down, "points_high": up}
    return {name: _total(scores, name) - too_wide[name] for name in _SUMS}


def _parted(scores: Sequence[Replayed]) -> tuple[list[Replayed], list[Replayed]]:
    """Return what is on top of the whole, and what makes it up."""
    on_top = [each for each in scores if each.trace.on_top]
    return on_top, [each for each in scores if not each.trace.on_top]


def _total(scores: Iterable[Replayed], name: str) -> float:
    return round(math.fsum(getattr(each.again, name) or 0.0 for each in scores), DECIMALS)


def _added(on_top: Sequence[Replayed], name: str, caps: tuple[float, float]) -> tuple[float, float]:
    """Return bonus and minus, each up to its cap."""
    given = [getattr(each.again, name) or 0.0 for each in on_top]
    bonus, minus = (
        round(math.fsum(bound(each, 0.0) for each in given), DECIMALS) for bound in (max, min)
    )
    return min(bonus, caps[0]), max(minus, -caps[1])


def _widenings(score: Replayed) -> Iterator[Widening]:
    """Yield how far repairs of totals widen a score's interval, by its trace."""
    trace = score.trace
    if trace.veto or len({each.choice for each in trace.readings}) != 1:
        return
    alone = replayed(replace(trace, readings=()))
    for each in trace.readings:
        with_it = replayed(replace(trace, readings=(each,)))
        ends = (alone.points_low, with_it.points_low, with_it.points_high, alone.points_high)
        if each.choice is not None and each.repair is not None and None not in ends:
            low, lower, higher, high = (end or 0.0 for end in ends)
            serial = score.row["serial_no"]
            yield Widening(each.choice, each.repair, serial, low - lower, higher - high)


def _struck(scores: Sequence[Replayed], whole: TotalRules) -> Struck:
    """Return what the vetoes of an entity's indicators do to its whole."""
    found = Struck()
    for each in scores:
        if each.trace.veto:
            veto_row = each.trace.on_top == ItemKind.VETO
            found |= whole.struck(each.row["serial_no"], veto_row=veto_row)
    return found


def _placed(card: _Card, group: Sequence[_Card]) -> _Card:
    """Return a card with its places among those of its heading and rank group, itself included."""
    if not card.is_ranked:
        return card
    own = card.of_100()
    others = [each.of_100() for each in group if each is not card and each.is_ranked]

    def place(end: int, mine: float) -> int:
        return 1 + sum(other[end] > mine + EPSILON for other in others)

    return replace(
        card, rank=place(0, own[0]), rank_low=place(1, own[2]), rank_high=place(2, own[1])
    )


_SUMS = ("points", "points_low", "points_high")
