"""What the pages of one document show, as records for the templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from common.numbers import EPSILON
from report.doubts import Card, Score, is_needless
from report.figures import Doubt, fixed
from report.marks import (
    WITH_POINTS,
    is_late,
    is_unapproved,
    is_withheld,
    lost_points,
)
from report.rule_words import number
from report.site.charts import Step, StepKind
from report.site.model import Edition, entity_mark, indicator_page
from schemas.records.rows import IndicatorRow, MethodRow, TargetRow
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule
from schemas.vocabulary import MethodStatus, ScoreStatus, TargetKind, word

#: A rule by which a department awards the share: its cells are striped.
JUDGED = frozenset({"judged", "external"})
#: What the letters of a cell's class stand for: section and code of the vocabulary.
_LETTERS = {
    "g": ("light", "green"),
    "y": ("light", "yellow"),
    "r": ("light", "red"),
    "k": ("light", "grey"),
    "t": ("cell", "on_top"),
    "e": ("score_status", "not_received"),
    "n": ("target_status", "not_assessed"),
    "j": ("cell", "awarded"),
    "x": ("cell", "unusable"),
    "u": ("missing", "score"),
    "p": ("cell", "provisional"),
    "w": ("approval", "withheld"),
    "a": ("approval", "not_approved"),
    "l": ("cell", "late"),
    "q": ("finding_state", "open"),
}


def state(edition: Edition, serial_no: int, entity: str) -> str:
    """Return what the heat map shows of a cell, as the letters of its class.

    n not assessed, e not received, w withheld as nobody approved it, x cannot be used, u not scored
    yet, t on top of the whole; else g, y, r or k by its light. Beside them j where a department
    awards the share, p where the points are provisional, a where nobody approved what was returned,
    l where it is late, and q where the target may have been read wrongly.
    """
    key = (serial_no, entity)
    score, doubt = edition.scores.get(key), edition.doubt(*key)
    found = [_first(edition.targets.get(key), score)]
    if found[0] != "n" and score is not None:
        told = {
            "j": score.row["rule"] in JUDGED,
            "p": doubt.provisional,
            "a": is_unapproved(score.row),
            "l": is_late(score.row),
        }
        found += [letter for letter, holds in told.items() if holds]
    return " ".join([*found, *["q"] * doubt.values])


def _first(target: TargetRow | None, score: Score | None) -> str:
    """Return the letter of what became of a cell."""
    if target is None or target["status"] == "not_assessed":
        return "n"
    if score is None:
        return "x" if target["status"] == "unreadable" else "u"
    row = score.row
    if is_withheld(row) and row["status"] == ScoreStatus.NOT_RECEIVED:
        return "w"
    plain = {"not_assessed": "n", "not_received": "e", "invalid": "x", "unreadable": "x"}
    by_light = {"grey": "t" if score.trace.on_top else "k"}
    return plain.get(row["status"]) or by_light.get(row["light"], row["light"][0])


def cell_text(score: Score | None) -> str:
    """Return the figure of a heat cell: the completion rate, or what comes on top of the whole."""
    if score is None:
        return ""
    points, attainment = score.row["points"], score.row["attainment"]
    if score.trace.on_top:
        return "" if points is None else f"{'+' if points > 0 else ''}{fixed(points)}"
    return "" if attainment is None else number(attainment * 100, 0)


def state_word(letter: str) -> str:
    """Return the word for one letter of a cell's state."""
    return word(*_LETTERS[letter])


def state_words(letters: str) -> str:
    """Return the words for all letters of a cell's state."""
    return "，".join(state_word(letter) for letter in letters.split())


def full_name(indicator: IndicatorRow) -> str:
    """Return an indicator's name with its unit."""
    unit = indicator["unit"]
    return f"{indicator['indicator']}（{unit}）" if unit else indicator["indicator"]


@dataclass(frozen=True, slots=True)
class Lost:
    """An indicator by which an entity lost points, and how many."""

    indicator: IndicatorRow
    score: Score
    gap: float


def lost(edition: Edition, entity: str) -> list[Lost]:
    """Return an entity's indicators that points were lost by, the widest gap first."""
    found = []
    for indicator, score in _assessed(edition, entity):
        missing = lost_points(score.row, score.trace.on_top)
        if missing is not None and missing > EPSILON:
            found.append(Lost(indicator, score, missing))
    return sorted(found, key=lambda each: -each.gap)


def waiting(edition: Edition, entity: str) -> list[tuple[IndicatorRow, Score]]:
    """Return an entity's indicators that are assessed and have no score yet, the weightiest first.

    Indicators without a row of scores (nothing is scored yet) are not among them.
    """
    found = [
        (indicator, score)
        for indicator, score in _assessed(edition, entity)
        if score.row["status"] not in WITH_POINTS and score.row["points"] is None
    ]
    return sorted(found, key=lambda each: -(each[1].row["share_points"] or 0.0))


def disputed(trace: Trace) -> bool:
    """Say whether departments returned different values, for the whole or for a part."""
    return any(each.status == ScoreStatus.INVALID and each.others for each in trace.counted())


def counts(edition: Edition, entity: str) -> Counter[str]:
    """Count an entity's cells by the letters of their state."""
    return Counter(
        letter
        for row in edition.indicators
        for letter in state(edition, row["serial_no"], entity).split()
    )


def steps(edition: Edition, total: Card, full: float) -> list[Step]:
    """Return the way from full points to those of a total, by level 1, as a waterfall's steps.

    What a heading's interval excludes is lost (or gained beyond the full), what it leaves open
    is open; the numbers are the scorecards' own.
    """
    at, found = full, [Step("满分", "whole", 0.0, full)]
    for card, _ in headings(edition, total.row["entity"]):
        own = _steps_of(card, at)
        found += own
        at = own[-1].end if own else at
    known, signs = total.points.known, total.doubt.signs
    if known is None or total.points.partly:  # as much is known as of its headings
        return [*found, Step("实得", "whole", 0.0, at, signs, partly=True)]
    return [*found, Step("实得", "whole", 0.0, known[0], signs)]


def _steps_of(card: Card, at: float) -> list[Step]:
    """Return one heading's steps from a height on; the second one is named for what it is."""
    known, full = card.points.known, card.row["max_points"]
    if known is None or full is None:
        return []
    points, low, high = known
    missed, unsettled = high - full, (low if card.points.partly else points) - high
    named: StepKind = "gained" if missed > 0 else "lost"
    changes: tuple[tuple[float, StepKind], ...] = ((missed, named), (unsettled, "open"))
    found: list[Step] = []
    for change, kind in changes:
        if abs(change) > EPSILON:
            found.append(Step(card.row["name"], kind, at, at + change, card.doubt.signs))
            at += change
    return found


def below(edition: Edition, entity: str | None = None) -> bool:
    """Say whether any sum, of one entity or of the totals, is of a part only."""
    if entity is None:
        return any(card.points.partly for card in edition.totals.values())
    return any(card.points.partly for card in edition.cards if card.row["entity"] == entity)


def headings(edition: Edition, entity: str) -> list[tuple[Card, list[Card]]]:
    """Return an entity's level-1 cards, each with its level-2 cards."""
    own = [card for card in edition.cards if card.row["entity"] == entity]
    below = [card for card in own if card.row["level"] == "level2" and not is_needless(card.row)]
    return [
        (card, [each for each in below if each.row["parent"] == card.row["name"]])
        for card in own
        if card.row["level"] == "level1"
    ]


@dataclass(frozen=True, slots=True)
class Band:
    """Indicators in printed order that stand together under one heading."""

    level1: str
    level2: str
    indicators: list[IndicatorRow]


def bands(edition: Edition) -> list[Band]:
    """Return the indicators by level 1 and level 2 in printed order: neighbours of one heading."""
    found: list[Band] = []
    for row in edition.indicators:
        level1, level2 = row["level1"] or "", row["level2"] or ""
        if not found or (found[-1].level1, found[-1].level2) != (level1, level2):
            found.append(Band(level1, level2, []))
        found[-1].indicators.append(row)
    return found


@dataclass(frozen=True, slots=True)
class Record:
    """An entity's target of an indicator, its score and state, and its place on the page."""

    entity: str
    target: TargetRow
    score: Score | None
    state: str
    doubt: Doubt
    mark: str
    page: str


def targets_of(edition: Edition, indicator: IndicatorRow) -> list[Record]:
    """Return one record an entity that the indicator is printed for."""
    serial_no = indicator["serial_no"]
    return [
        Record(
            entity,
            edition.targets[serial_no, entity],
            edition.scores.get((serial_no, entity)),
            state(edition, serial_no, entity),
            edition.doubt(serial_no, entity),
            entity_mark(edition, entity),
            edition.entity_page(entity),
        )
        for entity in edition.entities
        if (serial_no, entity) in edition.targets
    ]


def rules_of(records: Iterable[Record]) -> list[tuple[AppliedRule, list[str]]]:
    """Return the rules that an indicator's scores name, each with the entities it is for."""
    found: dict[str, tuple[AppliedRule, list[str]]] = {}
    for record in records:
        for rule, _ in rules_in(record.score.trace) if record.score else ():
            entities = found.setdefault(repr(rule), (rule, []))[1]
            if record.entity not in entities:
                entities.append(record.entity)
    return list(found.values())


def rules_in(trace: Trace) -> Iterator[tuple[AppliedRule, str]]:
    """Yield the rules of a trace, of its parts too, each with what the target it counts is called.

    An item on top of the whole that prints no target is called what it is.
    """
    for each in trace.counted():
        if each.rule is not None:
            kind = trace.target.kind if each is trace else TargetKind.COMPOUND
            on_top = trace.on_top if kind == TargetKind.NONE else None
            yield each.rule, word("item_kind", on_top) if on_top else word("target_kind", kind)


def methods_of(
    edition: Edition, indicator: IndicatorRow, records: Iterable[Record]
) -> list[MethodRow]:
    """Return an indicator's printed methods; one that an officer's rule replaces says so alone."""
    scores = [each.score for each in records if each.score]
    counted = [each.trace.method for each in scores if each.row["status"] != "not_assessed"]
    replaced = counted and all(each and each.status == MethodStatus.OVERRIDDEN for each in counted)
    own = [r for r in edition.rows.get("methods", ()) if r["serial_no"] == indicator["serial_no"]]
    if not replaced:
        return own
    return [{**r, "status": MethodStatus.OVERRIDDEN, "rule": None, "reason": None} for r in own]


def neighbours(edition: Edition, indicator: IndicatorRow) -> tuple[str | None, str | None]:
    """Return the pages of the indicators before and after, from the edition's folder."""
    numbers = [row["serial_no"] for row in edition.indicators]
    at = numbers.index(indicator["serial_no"])
    before = indicator_page(numbers[at - 1]) if at else None
    return before, indicator_page(numbers[at + 1]) if at + 1 < len(numbers) else None


def _assessed(edition: Edition, entity: str) -> Iterator[tuple[IndicatorRow, Score]]:
    for indicator in edition.indicators:
        score = edition.scores.get((indicator["serial_no"], entity))
        if score is not None and score.row["status"] != "not_assessed":
            yield indicator, score
