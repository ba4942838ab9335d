"""What the pages of one document show, as plain records for the templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from common.numbers import EPSILON
from report.doubts import is_needless
from report.figures import fixed
from report.marks import (
    WITH_POINTS,
    is_doubtful,
    is_late,
    is_partly,
    is_provisional,
    is_unapproved,
    is_withheld,
    lost_points,
    marks,
)
from report.rule_words import number
from report.site.model import Edition, entity_mark, indicator_page
from schemas.records.trace import Trace
from schemas.records.traced import AppliedRule
from schemas.tables.frames import Row
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
    score = _score(edition, serial_no, entity)
    found = [_first(edition.targets.get((serial_no, entity)), score)]
    if found[0] != "n":
        found += ["j"] * (score is not None and score["rule"] in JUDGED)
        told = (("p", is_provisional), ("a", is_unapproved), ("l", is_late))
        found += [letter for letter, holds in told if holds(score)]
    return " ".join([*found, *["q"] * is_doubtful(edition.targets.get((serial_no, entity)))])


def _first(target: Row | None, score: Row | None) -> str:
    """Return the letter of what became of a cell."""
    if target is None or target["status"] == "not_assessed":
        return "n"
    if score is None:
        return "x" if target["status"] == "unreadable" else "u"
    if is_withheld(score) and score["status"] == ScoreStatus.NOT_RECEIVED:
        return "w"
    plain = {"not_assessed": "n", "not_received": "e", "invalid": "x", "unreadable": "x"}
    by_light = {"grey": "t" if score["trace"].on_top else "k"}
    return plain.get(score["status"]) or by_light.get(score["light"], score["light"][0])


def cell_text(score: Row | None) -> str:
    """Return the figure of a heat cell: the completion rate, or what comes on top of the whole."""
    if score is None:
        return ""
    if score["trace"].on_top:
        points = score["points"]
        return "" if points is None else f"{'+' if points > 0 else ''}{fixed(points)}"
    return "" if score["attainment"] is None else number(score["attainment"] * 100, 0)


def state_word(letter: str) -> str:
    """Return the word for one letter of a cell's state."""
    return word(*_LETTERS[letter])


def state_words(letters: str) -> str:
    """Return the words for all letters of a cell's state."""
    return "，".join(state_word(letter) for letter in letters.split())


def full_name(indicator: Row) -> str:
    """Return an indicator's name with its unit."""
    unit = indicator["unit"]
    return f"{indicator['indicator']}（{unit}）" if unit else str(indicator["indicator"])


def lost(edition: Edition, entity: str) -> list[Row]:
    """Return an entity's indicators that points were lost by, the widest gap first."""
    found = []
    for indicator, score in _assessed(edition, entity):
        missing = lost_points(score, score["trace"].on_top)
        if missing is not None and missing > EPSILON:
            shown = {"indicator": indicator, "score": score, "gap": missing}
            found.append({**shown, "marks": marks_of(edition, indicator["serial_no"], entity)})
    return sorted(found, key=lambda row: -row["gap"])


def waiting(edition: Edition, entity: str) -> list[Row]:
    """Return an entity's indicators that are assessed and have no score yet, the weightiest first.

    Indicators without a row of scores (nothing is scored yet) are not among them.
    """
    found = [
        {
            "indicator": indicator,
            "score": score,
            "disputed": disputed(score["trace"]),
            "marks": marks_of(edition, indicator["serial_no"], entity),
        }
        for indicator, score in _assessed(edition, entity)
        if score["status"] not in {*WITH_POINTS, "not_assessed"} and score["points"] is None
    ]
    return sorted(found, key=lambda row: -(row["score"]["share_points"] or 0.0))


def disputed(trace: Trace) -> bool:
    """Say whether departments returned different values, for the whole or for a part."""
    return any(each.status == ScoreStatus.INVALID and each.others for each in trace.counted())


def marks_of(edition: Edition, serial_no: int, entity: str) -> tuple[str, ...]:
    """Return what a target, and all that comes of it, is marked with."""
    return marks(edition.targets.get((serial_no, entity)), _score(edition, serial_no, entity))


def counts(edition: Edition, entity: str) -> Counter[str]:
    """Count an entity's cells by the letters of their state."""
    return Counter(
        letter
        for row in edition.indicators
        for letter in state(edition, row["serial_no"], entity).split()
    )


def steps(edition: Edition, entity: str) -> list[Row]:
    """Return the way from full points to those given, by level 1, as a waterfall's steps.

    What a heading's interval excludes is lost (or gained beyond the full), what it leaves open
    is open; the numbers are the scorecards' own.
    """
    total = edition.totals[entity]
    at = float(total["max_points"])
    found = [{"name": "满分", "label": "满分", "kind": "whole", "start": 0.0, "end": at}]
    for card in edition.cards:
        if card["entity"] == entity and card["level"] == "level1":
            own = _steps_of(card, at)
            found += own
            at = own[-1]["end"] if own else at
    given = {"name": "实得", "label": "实得", "kind": "whole", "start": 0.0}
    given["signs"] = total["doubt"].signs
    if is_partly(total):  # no number: what is known is as much as its headings are known
        return [*found, {**given, "end": at, "partly": True}]
    return [*found, {**given, "end": float(total["points"])}]


def _steps_of(card: Row, at: float) -> list[Row]:
    """Return one heading's steps from a height on; the second one is named for what it is."""
    missed = card["points_high"] - card["max_points"]
    known = card["points_low"] if is_partly(card) else card["points"]
    unsettled = known - card["points_high"]
    found: list[Row] = []
    for change, kind in ((missed, "gained" if missed > 0 else "lost"), (unsettled, "open")):
        if abs(change) > EPSILON:
            step = {"name": card["name"], "label": card["name"], "kind": kind}
            step["signs"] = card["doubt"].signs
            found.append({**step, "start": at, "end": at + change})
            at += change
    return found


def below(edition: Edition, entity: str | None = None) -> bool:
    """Say whether any sum, of one entity or of the totals, is of a part only."""
    if entity is None:
        cards: Iterable[Row] = edition.totals.values()
    else:
        cards = (row for row in edition.cards if row["entity"] == entity)
    return any(map(is_partly, cards))


def headings(edition: Edition, entity: str) -> list[Row]:
    """Return an entity's level-1 cards, each with its level-2 cards under ``below``."""
    own = [row for row in edition.cards if row["entity"] == entity]
    return [
        {**card, "below": [row for row in own if _below(row, card) and not is_needless(row)]}
        for card in own
        if card["level"] == "level1"
    ]


def bands(edition: Edition) -> list[Row]:
    """Return the indicators by level 1 and level 2 in printed order: neighbours of one heading."""
    found: list[Row] = []
    for row in edition.indicators:
        name = (row["level1"] or "", row["level2"] or "")
        if not found or found[-1]["name"] != name:
            found.append({"name": name, "level1": name[0], "level2": name[1], "rows": []})
        found[-1]["rows"].append(row)
    return found


def targets_of(edition: Edition, indicator: Row) -> list[Row]:
    """Return one record an entity: its target, its score, its state and its place on the page."""
    serial_no = indicator["serial_no"]
    return [
        {
            "entity": entity,
            "target": edition.targets[serial_no, entity],
            "score": _score(edition, serial_no, entity),
            "state": state(edition, serial_no, entity),
            "marks": marks_of(edition, serial_no, entity),
            "doubt": edition.doubt(serial_no, entity),
            "mark": entity_mark(edition, entity),
            "page": edition.entity_page(entity),
        }
        for entity in edition.entities
        if (serial_no, entity) in edition.targets
    ]


def rules_of(edition: Edition, indicator: Row) -> list[Row]:
    """Return the rules that an indicator's scores name, each with the entities it is for."""
    found: dict[str, tuple[AppliedRule, list[str]]] = {}
    for record in targets_of(edition, indicator):
        for rule, _ in rules_in(record["score"]["trace"]) if record["score"] else ():
            entities = found.setdefault(repr(rule), (rule, []))[1]
            if record["entity"] not in entities:
                entities.append(record["entity"])
    return [{"rule": rule, "entities": entities} for rule, entities in found.values()]


def rules_in(trace: Trace) -> Iterator[tuple[AppliedRule, str]]:
    """Yield the rules of a trace, of its parts too, each with what the target it counts is called.

    An item on top of the whole that prints no target is called what it is.
    """
    for each in trace.counted():
        if each.rule is not None:
            kind = trace.target.kind if each is trace else TargetKind.COMPOUND
            on_top = trace.on_top if kind == TargetKind.NONE else None
            yield each.rule, word("item_kind", on_top) if on_top else word("target_kind", kind)


def methods_of(edition: Edition, indicator: Row) -> list[Row]:
    """Return an indicator's printed methods; one that an officer's rule replaces says so alone."""
    scores = [each["score"] for each in targets_of(edition, indicator) if each["score"]]
    counted = [score["trace"].method for score in scores if score["status"] != "not_assessed"]
    replaced = counted and all(each and each.status == MethodStatus.OVERRIDDEN for each in counted)
    own = [r for r in edition.rows.get("methods", ()) if r["serial_no"] == indicator["serial_no"]]
    settled = {"status": MethodStatus.OVERRIDDEN, "rule": None, "reason": None}
    return [{**row, **settled} if replaced else row for row in own]


def neighbours(edition: Edition, indicator: Row) -> tuple[str | None, str | None]:
    """Return the pages of the indicators before and after, from the edition's folder."""
    numbers = [row["serial_no"] for row in edition.indicators]
    at = numbers.index(indicator["serial_no"])
    before = indicator_page(numbers[at - 1]) if at else None
    return before, indicator_page(numbers[at + 1]) if at + 1 < len(numbers) else None


def _below(row: Row, card: Row) -> bool:
    return bool(row["level"] == "level2" and row["parent"] == card["name"])


def _score(edition: Edition, serial_no: int, entity: str) -> Any:
    return edition.scores.get((serial_no, entity))


def _assessed(edition: Edition, entity: str) -> Iterable[tuple[Row, Row]]:
    for indicator in edition.indicators:
        score = _score(edition, indicator["serial_no"], entity)
        if score is not None and score["status"] != "not_assessed":
            yield indicator, score
