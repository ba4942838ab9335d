"""One measure of a target: subject, relation, number and unit of a clause with one number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from normalize.direction import direction
from normalize.grid import Doubt
from normalize.numerals import NUMBER, SIGN, guessed
from normalize.tables import declared, longest_first
from normalize.target_masks import HIDDEN
from normalize.units import unit_source

NUMBERISH = rf"(?:(?<![0-9㐀-鿿%‰]){SIGN})?(?:{NUMBER}(?![0-9OolI|]|[.．][0-9.．OolI])|[0-9][0-9OolI|]*(?:[.．]+[0-9OolI|]+)*)"


@cache
def measure_pattern() -> re.Pattern[str]:
    """Return the pattern of a number with the unit behind it."""
    return re.compile(rf"(?P<number>{NUMBERISH})(?P<unit>{unit_source()})?")


@cache
def _words(key: str) -> tuple[str, ...]:
    return longest_first(tuple(declared("targets")["words"][key]))


@cache
def _operators(key: str) -> tuple[tuple[str, str], ...]:
    table: dict[str, Any] = declared("targets")[key]
    return tuple((word, table[word]) for word in longest_first(tuple(table)))


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a target and what is said about it.

    ``relation`` is the operator that the words give, None where they give none; ``reach`` says
    that a level is to be reached (达到); ``growth`` is +1, -1 or 0; ``scope`` is all text around.
    """

    text: str
    subject: str | None
    value: float
    unit: str | None
    relation: str | None
    reach: bool
    growth: int
    doubts: tuple[Doubt, ...] = ()


def read_measure(text: str, masked: str) -> Measure | None:
    """Read a clause that holds one number; None where the number cannot be read."""
    found = measure_pattern().search(masked)
    number = guessed(found["number"]) if found else None
    if not found or not number:
        return None
    before, relation, reach, growth = _before(masked[: found.start()])
    after, behind = _behind(masked[found.end() :])
    doubts = (*number.doubts, *_conflict(text, relation, behind))
    chosen = _settle(relation, behind)
    subject = _subject(text, before, masked.rfind(after) if after else -1, after)
    growth = growth or (1 if re.match("的?(?:增长|增速|增幅)", after) else 0)
    return Measure(text, subject, number.value, found["unit"], chosen, reach, growth, doubts)


def _before(text: str) -> tuple[str, str | None, bool, int]:
    """Strip the words before a number from the right: what is left, operator, reach, growth."""
    relation, reach, growth = None, False, 0
    rest = text
    while True:
        stripped = rest.rstrip("，,、；;：: （(")
        word, operator = _ending(stripped)
        if word is None:
            return stripped, relation, reach, growth
        rest = stripped[: len(stripped) - len(word)]
        relation = relation or operator
        reach = reach or word in _words("reach")
        if word in _words("up") and not reach:
            growth = growth or 1
        elif word in _words("down") and not reach:
            growth = growth or -1


def _ending(text: str) -> tuple[str | None, str | None]:
    """Return the longest known word at the end of a text, with its operator."""
    if text.endswith("新增"):
        return None, None
    candidates: list[tuple[str, str | None]] = [*_operators("operators")]
    candidates += [(word, "~") for word in _words("about")]
    for key in ("reach", "up", "down", "neutral", "stretch"):
        candidates += [(word, None) for word in _words(key)]
    fitting = [(word, sign) for word, sign in candidates if text.endswith(word)]
    return max(fitting, key=lambda pair: len(pair[0]), default=(None, None))


def _behind(text: str) -> tuple[str, str | None]:
    for word, operator in _operators("suffix_operators"):
        if text.startswith(word):
            return text[len(word) :], operator
    return text, None


def _conflict(text: str, before: str | None, behind: str | None) -> tuple[Doubt, ...]:
    if not before or not behind or before == "~" or behind == "~" or before[0] == behind[0]:
        return ()
    return (
        Doubt(
            "operator_conflict",
            f"{text!r} says both {before} and {behind}",
            f"目标“{text}”的上下限表述矛盾，请核对。",
            (before, behind),
        ),
    )


def _settle(before: str | None, behind: str | None) -> str | None:
    if behind == "~" or before == "~":
        return "~"
    if before == "<=" and behind == ">=":
        return before
    return before or behind


_TRIM = "，,、；;。.：:（()） \t的"


def _subject(text: str, before: str, after_at: int, after: str) -> str | None:
    printed_before = text[: len(before)].strip(_TRIM)
    printed_after = text[after_at:].strip(_TRIM) if after_at >= 0 else ""
    return printed_before + printed_after or None


def relation_of(measure: Measure, lower_is_better: bool) -> str:
    """Return the operator: as said, else from the subject's direction, else from the indicator's."""
    if measure.relation:
        return measure.relation
    if measure.growth < 0:
        return "<="
    if measure.subject and HIDDEN not in measure.subject:
        named = direction(measure.subject, measure.unit)
        lower_is_better = lower_is_better or named == "lower_is_better"
    return "<=" if lower_is_better else ">="
