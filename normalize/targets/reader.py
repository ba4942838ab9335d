"""Target cells: what must be reached, typed."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from common.fold import clean
from common.numbers import NUMBER, exact
from normalize.model.doubt import Doubt, doubt
from normalize.targets.classify import classify_measure
from normalize.targets.compound import measured, splits
from normalize.targets.doubts import text_doubts, untyped
from normalize.targets.masks import MASKED_DIGIT, mask_non_measures, mask_titles
from normalize.targets.measure import Measure
from normalize.targets.methods import Goal, goal_of
from normalize.targets.model import TargetContext, TypedTarget
from normalize.targets.ranks import rank
from normalize.targets.residue import odd_signs, without_strays
from normalize.targets.wording import benchmark, previous, textual_kind, unchanged
from normalize.text.clean import not_assessed
from normalize.text.numerals import bracketed, guessed, in_digits
from normalize.text.units import known_unit
from schemas.vocabulary import Operator, TargetKind

NO_CONTEXT = TargetContext()


@lru_cache(maxsize=4096)
def read_target(text: str, context: TargetContext = NO_CONTEXT) -> TypedTarget:
    """Type one target cell.

    A bare number is in the row's unit, and at most the value where less is better. A sign for
    "not assessed" and a blank are ``none``, the blank with a doubt. What fits no form is ``none``
    with the doubt ``target_untyped``. A number that the text holds and the result does not gives
    the doubt ``number_unread``.
    """
    printed = clean(text)
    if not_assessed(printed):
        return TypedTarget(TargetKind.NONE)
    if not printed:
        return TypedTarget(TargetKind.NONE, doubts=(untyped(printed),))
    if _ENDLESS.search(printed):
        return TypedTarget(TargetKind.NONE, doubts=(untyped(printed),))
    target = _goal(goal_of(printed), context)
    doubts = dict.fromkeys((*target.doubts, *text_doubts(printed, target.kind, context)))
    if any(doubt.code == "number_lookalike" for doubt in doubts):
        return replace(target, doubts=tuple(d for d in doubts if d.code != "number_spaced"))
    return replace(target, doubts=tuple(doubts))


def _goal(goal: Goal, context: TargetContext) -> TypedTarget:
    """Type what must be reached; a cell that holds a method alone is judged by it."""
    if not goal.text:
        return TypedTarget(TargetKind.JUDGED, method=goal.method)
    said = in_digits(goal.text)
    target = _typed(said, context)
    doubts = target.doubts or _left_out(said, target, context)
    return replace(target, method=goal.method, doubts=doubts)


def _typed(text: str, context: TargetContext) -> TypedTarget:
    return _whole_number(text, context) or _by_words(text, context)


def _left_out(text: str, target: TypedTarget, context: TargetContext) -> tuple[Doubt, ...]:
    """Doubt a reading that stray signs are left out of, or that would be another without them."""
    figure = target.value is not None or any(part.value is not None for part in target.parts)
    odd = odd_signs(text)
    if not (odd and figure):
        bare = without_strays(text, mask_non_measures(text))
        if bare == text or _same(target, _typed(bare, context)):
            return ()
    return (doubt("text_unread.part", text=text, part=odd or text),)


def _same(target: TypedTarget, other: TypedTarget) -> bool:
    """Say whether two readings mean the same; what a benchmark names (GDP增速) is no stray."""
    if target.kind == TargetKind.BENCHMARK:
        return target.value is None or target.value == other.value
    return _meaning(target) == _meaning(other)


def _meaning(target: TypedTarget) -> tuple[object, ...]:
    parts = tuple((part.operator, part.value, part.unit) for part in target.parts)
    return (target.kind, target.operator, target.value, target.unit, parts)


# No number, and slow to look through for every form of target.
_ENDLESS = re.compile("[0-9][0-9.．,，]{39}")
_NUMBER_AND_UNIT = re.compile(
    r"(?P<number>[-－−+＋]?[.．]?[0-9OolI|](?:[0-9OolI|.．,，。·:： ]*[0-9OolI|.])?)"
    r"(?P<unit>[^0-9]*?)[。.]?"
)
_BRACKETED = re.compile(rf"(?P<number>[(（]{NUMBER}[)）])(?P<unit>[^0-9]*?)[。.]?")


def _whole_number(text: str, context: TargetContext) -> TypedTarget | None:
    """Read a cell that is one number with or without a unit, also one that is badly printed."""
    accounting = _BRACKETED.fullmatch(text)
    found = accounting or _NUMBER_AND_UNIT.fullmatch(text)
    unit = found["unit"].strip(" （()）") if found else ""
    if not found or (unit and unit != context.unit and not known_unit(unit)):
        return None
    number = bracketed(found["number"]) if accounting else guessed(found["number"])
    if number is None or (unit == "年" and 1900 < number.value < 2100):
        return None
    return classify_measure(
        Measure(text, None, number.value, unit or None, None, 0, number.doubts), context
    )


def _by_words(text: str, context: TargetContext) -> TypedTarget:
    masked = mask_non_measures(text)
    if found := rank(masked) or rank(text) or previous(text, context):
        return found
    kind = textual_kind(text, mask_titles(text), masked)
    if kind in {TargetKind.DOCUMENT, TargetKind.EXTERNAL, TargetKind.BENCHMARK}:
        return _elsewhere(kind, text, masked)
    if kind == TargetKind.ZERO_TOLERANCE and not splits(text, masked):
        return TypedTarget(TargetKind.ZERO_TOLERANCE, Operator.AT_MOST, 0.0)
    if level := unchanged(text, context):
        return level
    if numbers := measured(text, masked, context):
        return _accounted(numbers, text, masked)
    return TypedTarget(kind) if kind else TypedTarget(TargetKind.NONE, doubts=(untyped(text),))


def _elsewhere(kind: TargetKind, text: str, masked: str) -> TypedTarget:
    """Return a target that is set or judged elsewhere; a comparison may have a distance."""
    target = benchmark(text, masked) if kind == TargetKind.BENCHMARK else TypedTarget(kind)
    return _accounted(target, text, masked)


_RATED = re.compile("(?<=[0-9])[/／]10+(?=[十百千万亿])")
_PRINTED = re.compile(r"[0-9]+(?:[,，][0-9]+)*(?:[.．][0-9]+)?")


def _accounted(target: TypedTarget, text: str, masked: str) -> TypedTarget:
    """Doubt a target that lost a number of its text, or a part of one (A1,200)."""
    kept = [target.value, *(part.value for part in target.parts)]
    values = {abs(value) for value in kept if value is not None}
    measured = _RATED.sub("", masked)  # 12/10万: 10 is no value
    lost = any(exact(found) not in values for found in _PRINTED.findall(measured))
    if (lost and not target.doubts) or _is_torn(text, masked):
        return replace(target, doubts=(*target.doubts, doubt("number_unread", text=text)))
    return target


def _is_torn(text: str, masked: str) -> bool:
    """Say whether digits that measure nothing and others stand at a comma of one number."""
    pieces = (masked[slice(*found.span())] for found in _PRINTED.finditer(text))
    return any(MASKED_DIGIT in piece and re.search("[0-9]", piece) for piece in pieces)
