"""What the pages of one document show, as plain records for the templates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from common.numbers import EPSILON
from report.site.model import Edition, entity_mark, indicator_page
from schemas.records.trace import AppliedRule, Trace
from schemas.tables.frames import Row
from schemas.vocabulary import ScoreStatus, TargetKind, word

#: A rule by which a department awards the share: its cells are striped.
JUDGED = frozenset({"judged", "external"})
#: What the letters of a cell's class stand for: section and code of the vocabulary.
_LETTERS = {
    "g": ("light", "green"),
    "y": ("light", "yellow"),
    "r": ("light", "red"),
    "k": ("light", "grey"),
    "e": ("score_status", "not_received"),
    "n": ("target_status", "not_assessed"),
    "j": ("cell", "awarded"),
    "x": ("cell", "unusable"),
    "u": ("missing", "score"),
}


def state(edition: Edition, serial_no: int, entity: str) -> str:
    """Return what the heat map shows of a cell, as the letters of its class.

    n not assessed, e not received, x cannot be used, u not scored yet; else g, y, r or k by its
    light; j beside them where a department awards the share.
    """
    target, score = edition.targets.get((serial_no, entity)), _score(edition, serial_no, entity)
    if target is None or target["status"] == "not_assessed":
        return "n"
    if score is None:
        return "x" if target["status"] == "unreadable" else "u"
    plain = {"not_assessed": "n", "not_received": "e", "invalid": "x", "unreadable": "x"}
    plain["method_not_applied"] = "u"
    found = plain.get(score["status"]) or {"grey": "k"}.get(score["light"], score["light"][0])
    return f"{found} j" if score["rule"] in JUDGED and found != "n" else found


def state_word(letter: str) -> str:
    """Return the word for one letter of a cell's state."""
    return word(*_LETTERS[letter])


def gap(score: Row) -> float | None:
    """Return how many points a score is away from the whole share; None where not scored."""
    if score["status"] != "scored" or score["points"] is None or score["share_points"] is None:
        return None
    return float(score["share_points"] - score["points"])


def full_name(indicator: Row) -> str:
    """Return an indicator's name with its unit."""
    unit = indicator["unit"]
    return f"{indicator['indicator']}（{unit}）" if unit else str(indicator["indicator"])


def lost(edition: Edition, entity: str) -> list[Row]:
    """Return an entity's indicators that are scored below their share, the widest gap first."""
    found = []
    for indicator, score in _assessed(edition, entity):
        missing = gap(score)
        if missing is not None and missing > EPSILON:
            found.append({"indicator": indicator, "score": score, "gap": missing})
    return sorted(found, key=lambda row: -row["gap"])


def waiting(edition: Edition, entity: str) -> list[Row]:
    """Return an entity's indicators that are assessed and have no score yet, the weightiest first.

    Indicators without a row of scores (nothing is scored yet) are not among them.
    """
    found = [
        {"indicator": indicator, "score": score, "disputed": disputed(score["trace"])}
        for indicator, score in _assessed(edition, entity)
        if score["status"] not in {"scored", "not_assessed"} and score["points"] is None
    ]
    return sorted(found, key=lambda row: -(row["score"]["share_points"] or 0.0))


def disputed(trace: Trace) -> bool:
    """Say whether departments returned different values, for the whole or for a part."""
    return any(each.status == ScoreStatus.INVALID and each.others for each in trace.counted())


def doubtful(edition: Edition, entity: str) -> int:
    """Count an entity's targets that may have been read wrongly."""
    return sum(row["needs_review"] for row in edition.rows["targets"] if row["entity"] == entity)


def counts(edition: Edition, entity: str) -> Counter[str]:
    """Count an entity's cells by the first letter of their state."""
    return Counter(
        state(edition, row["serial_no"], entity).split()[0] for row in edition.indicators
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
    end = float(total["points"])
    return [*found, {"name": "实得", "label": "实得", "kind": "whole", "start": 0.0, "end": end}]


def _steps_of(card: Row, at: float) -> list[Row]:
    """Return one heading's steps from a height on; the second one is named for what it is."""
    missed = card["points_high"] - card["max_points"]
    unsettled = card["points"] - card["points_high"]
    found: list[Row] = []
    for change, kind in ((missed, "gained" if missed > 0 else "lost"), (unsettled, "open")):
        if abs(change) > EPSILON:
            label = "未定" if found else card["name"]
            step = {"name": card["name"], "label": label, "kind": kind}
            found.append({**step, "start": at, "end": at + change})
            at += change
    return found


def below(edition: Edition, entity: str | None = None) -> bool:
    """Say whether any points shown, of one entity or of the totals, lie below their interval."""
    if entity is None:
        cards: Iterable[Row] = edition.totals.values()
    else:
        cards = (row for row in edition.cards if row["entity"] == entity)
    return any(card["points"] < card["points_low"] - EPSILON for card in cards)


def headings(edition: Edition, entity: str) -> list[Row]:
    """Return an entity's level-1 cards, each with its level-2 cards under ``below``."""
    own = [row for row in edition.cards if row["entity"] == entity]
    return [
        {**card, "below": [row for row in own if _below(row, card)]}
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
    """Yield the rules of a trace, of its parts too, each with the kind of target it counts."""
    for each in trace.counted():
        if each.rule is not None:
            yield each.rule, trace.target.kind if each is trace else TargetKind.COMPOUND


def neighbours(edition: Edition, indicator: Row) -> tuple[str | None, str | None]:
    """Return the pages of the indicators before and after, from the edition's folder."""
    numbers = [row["serial_no"] for row in edition.indicators]
    at = numbers.index(indicator["serial_no"])
    before = indicator_page(numbers[at - 1]) if at else None
    return before, indicator_page(numbers[at + 1]) if at + 1 < len(numbers) else None


def widest(values: Iterable[float]) -> float:
    """Return the greatest of some numbers, 1 where none is above zero: the end of a scale."""
    return max((value for value in values if value > 0), default=1.0)


def _below(row: Row, card: Row) -> bool:
    return bool(row["level"] == "level2" and row["parent"] == card["name"])


def _score(edition: Edition, serial_no: int, entity: str) -> Any:
    return edition.scores.get((serial_no, entity))


def _assessed(edition: Edition, entity: str) -> Iterable[tuple[Row, Row]]:
    for indicator in edition.indicators:
        score = _score(edition, indicator["serial_no"], entity)
        if score is not None and score["status"] != "not_assessed":
            yield indicator, score
