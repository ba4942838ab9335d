"""Targets with numbers in words: one measure, a pair, a range, a stretch goal, several parts."""

from __future__ import annotations

import re
from dataclasses import replace

from common.numbers import show
from normalize.model.doubt import Doubt, doubt
from normalize.targets.classify import classify_measure
from normalize.targets.clauses import Clause, joined, split_clauses, stretch
from normalize.targets.measure import (
    Measure,
    measure_pattern,
    read_measure,
    relation_of,
    word_pattern,
)
from normalize.targets.model import TargetContext, TypedTarget
from normalize.targets.ranks import rank
from normalize.targets.wording import textual_kind
from schemas.records.notice import Alternative, Part
from schemas.vocabulary import Operator, TargetKind

_AT_MOST = (Operator.LESS_THAN, Operator.AT_MOST)
_TRIM = "，,、；;。 "


def measured(text: str, masked: str, context: TargetContext) -> TypedTarget | None:
    """Type a text that holds numbers; None where it holds none."""
    whole = Clause(text, masked)
    if not whole.measured:
        return None
    if goals := stretch(whole):
        floor, goal = (_one(clause, context) for clause in goals)
        if _raises(floor, goal):
            return _with_stretch(goals, floor, goal, text)
    clauses = split_clauses(text, masked)
    return _one(clauses[0], context) if len(clauses) == 1 else _compound(clauses, text, context)


def splits(text: str, masked: str) -> bool:
    """Say whether a text has, beside a clause of its kind, others with numbers."""
    clauses = split_clauses(text, masked)
    return len(clauses) > 1 and any(
        clause.measured and textual_kind(clause.text, clause.text, clause.masked) is None
        for clause in clauses
    )


def _one(clause: Clause, context: TargetContext) -> TypedTarget:
    how = joined(clause)
    if how == "pair":
        return _pair(clause, context)
    if how == "range":
        return _range(clause, context)
    measure = read_measure(clause.text, clause.masked, context.unit)
    if measure is None or clause.measures > 1:
        return TypedTarget(TargetKind.NONE, doubts=(doubt("number_unread", text=clause.text),))
    return classify_measure(measure, context)


def _compound(clauses: list[Clause], text: str, context: TargetContext) -> TypedTarget:
    parts: list[Part] = []
    doubts: list[Doubt] = []
    for clause in clauses:
        more, doubtful = _parts(clause, context)
        parts.extend(more)
        doubts.extend(doubtful)
    beside = any(word_pattern("beside_patterns").match(clause.text) for clause in clauses)
    if _unclear(parts) or _given(parts, text, context) or beside or "分别" in text:
        doubts.append(doubt("parts_unclear", text=text))
    if _limited_twice(tuple(parts)):
        low = parts[0]
        return TypedTarget(TargetKind.RANGE, None, low.value, low.unit, tuple(parts), tuple(doubts))
    return TypedTarget(TargetKind.COMPOUND, parts=tuple(parts), doubts=tuple(doubts))


def _given(parts: list[Part], text: str, context: TargetContext) -> bool:
    """Say whether a part in 分 beside others may be points given, no target: 95%，0.5分."""
    if context.unit == "分" or word_pattern("in_points").search(f"{context.indicator}{text}"):
        return False
    units = [(part.unit or "").split("/")[0] for part in parts if part.value is not None]
    return "分" in units and any(unit != "分" for unit in units)


def _unclear(parts: list[Part]) -> bool:
    """Say whether a part's number has neither a subject nor a unit of its own beside it.

    A number alone is clear where the next is a named part of it: 1200，其中城镇800.
    """
    first, *others = parts
    whole = bool(others) and (others[0].subject or "").startswith("其中")
    return any(
        part.value is not None
        and not part.subject
        and re.fullmatch(r"[（(\[]?[0-9.,，．]+[)）\]]?|.*[0-9]个", part.text)
        for part in ([] if whole else [first]) + others
    )


def _parts(clause: Clause, context: TargetContext) -> tuple[tuple[Part, ...], tuple[Doubt, ...]]:
    text = clause.text.strip(_TRIM)
    if place := rank(clause.masked.strip(_TRIM)):
        return (Part(text, None, place.operator, place.value, place.unit),), place.doubts
    if not clause.measured:
        if textual_kind(clause.text, clause.text, clause.masked) == TargetKind.ZERO_TOLERANCE:
            return (Part(text, text, Operator.AT_MOST, 0.0, None),), ()
        return (Part(text, None, None, None, None),), ()
    target = _one(clause, context)
    if target.parts:
        return target.parts, target.doubts
    part = Part(text, target.subject, target.operator, target.value, target.unit)
    return (part,), target.doubts


def _numbers(clause: Clause) -> list[re.Match[str]]:
    return list(measure_pattern().finditer(clause.masked))


_AND = re.compile("及|和|与|、|/|／")


def _pair(clause: Clause, context: TargetContext) -> TypedTarget:
    """Read 72.5%/100% under a name such as 比重及变化率: each number with its own subject."""
    named = [name for name in _AND.split(context.indicator) if name]
    parts: list[Part] = []
    doubts: list[Doubt] = []
    for at, match in enumerate(_numbers(clause)):
        measure = read_measure(match.group(), match.group(), context.unit)
        if measure is None:
            return TypedTarget(TargetKind.NONE, doubts=(doubt("number_unread", text=clause.text),))
        measure = replace(measure, subject=named[at] if len(named) == 2 else None)
        parts.append(_pair_part(measure, context))
        doubts.extend(measure.doubts)
    if _unclear(parts):
        doubts.append(doubt("parts_unclear", text=clause.text))
    return TypedTarget(TargetKind.COMPOUND, parts=tuple(parts), doubts=tuple(doubts))


def _pair_part(measure: Measure, context: TargetContext) -> Part:
    operator = relation_of(measure, context.direction)
    unit = measure.unit or context.unit
    return Part(measure.text, measure.subject, operator, measure.value, unit)


def _range(clause: Clause, context: TargetContext) -> TypedTarget:
    """Read 5-7%: two limits of one quantity, of a fall as negative numbers."""
    low, high = _ends(clause, context)
    if low is None or high is None or low.value >= high.value:
        return TypedTarget(TargetKind.NONE, doubts=(doubt("number_unread", text=clause.text),))
    subject = "".join(filter(None, (low.subject, high.subject))) or None
    both = Part(clause.text, subject, None, None, high.unit or low.unit or context.unit)
    doubts = (*low.doubts, *high.doubts)
    if low.relation not in {None, Operator.ABOUT} and not word_pattern("within").search(low.text):
        doubts = (*doubts, doubt("parts_unclear", text=clause.text))
    if low.growth < 0 and not word_pattern("falls").search(context.indicator):
        return _between(both, (-high.value, -low.value), doubts)
    return _between(both, (low.value, high.value), doubts)


def _ends(clause: Clause, context: TargetContext) -> tuple[Measure | None, Measure | None]:
    """Read the two ends of a range, each with the words on its own side."""
    first, second = _numbers(clause)
    at = second.start() + (1 if second["number"][0] in "-－−" else 0)
    low, high = slice(0, first.end()), slice(at, len(clause.text))
    return (
        read_measure(clause.text[low], clause.masked[low], context.unit),
        read_measure(clause.text[high], clause.masked[high], context.unit),
    )


def _between(both: Part, ends: tuple[float, float], doubts: tuple[Doubt, ...]) -> TypedTarget:
    """Return the range from a low to a high end; ``both`` is what its two parts share."""
    low, high = ends
    parts = (
        replace(both, operator=Operator.AT_LEAST, value=low),
        replace(both, operator=Operator.AT_MOST, value=high),
    )
    return TypedTarget(TargetKind.RANGE, None, low, both.unit, parts, doubts, both.subject)


_MORE = (Operator.MORE_THAN, Operator.AT_LEAST)


def _limited_twice(parts: tuple[Part, ...]) -> bool:
    """Say whether two parts limit the same figure from below and above: ≥90%且≤95%."""
    if len(parts) != 2 or any(part.subject or part.value is None for part in parts):
        return False
    low, high = parts
    ways = low.operator in _MORE and high.operator in _AT_MOST
    return ways and low.unit == high.unit and (low.value or 0.0) < (high.value or 0.0)


def _raises(floor: TypedTarget, goal: TypedTarget) -> bool:
    """Say whether the second is a goal of the same measure, harder to reach."""
    if floor.value is None or goal.value is None or goal.subject not in {None, floor.subject}:
        return False
    if floor.unit and goal.unit and floor.unit != goal.unit:
        return False
    return goal.value < floor.value if floor.operator in _AT_MOST else goal.value > floor.value


def _with_stretch(
    goals: tuple[Clause, Clause], floor: TypedTarget, goal: TypedTarget, text: str
) -> TypedTarget:
    unit = floor.unit or goal.unit
    parts = tuple(
        Part(clause.text.strip(f"{_TRIM}（("), target.subject, target.operator, target.value, unit)
        for clause, target in zip(goals, (floor, goal), strict=True)
    )
    readings = [Alternative(show(p.value), p.operator, p.value, p.unit) for p in parts]
    stretched = doubt("stretch_goal", readings, text=text)
    return replace(floor, unit=unit, parts=parts, doubts=(*floor.doubts, *goal.doubts, stretched))
