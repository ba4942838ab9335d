"""Other readings of a target's text as the targets that they would be."""

from __future__ import annotations

from dataclasses import replace

from common.fold import clean
from common.numbers import exact
from normalize.model.doubt import Doubt
from normalize.targets.masks import mask_non_measures
from normalize.targets.measure import measure_pattern
from normalize.targets.model import TargetContext, TypedTarget
from normalize.targets.reader import read_target
from schemas.records.notice import Alternative
from schemas.vocabulary import Operator


def as_targets(
    doubt: Doubt, text: str, context: TargetContext, taken: TypedTarget
) -> tuple[Alternative, ...]:
    """Return a doubt's alternatives with operator, value and unit where they give a value.

    ``text`` is the text of the whole cell, ``taken`` the target that it was read as. A reading of
    a part of the text is read within it: 58 for 5..8 in 下降5..8% is at most -58 %.
    """
    return tuple(
        _as_target(each, doubt, clean(text), context, taken) for each in doubt.alternatives
    )


def _as_target(
    one: Alternative, doubt: Doubt, text: str, context: TargetContext, taken: TypedTarget
) -> Alternative:
    if one.value is not None or one.max_points is not None:
        return one
    if one.text in set(Operator):
        return replace(one, operator=one.text, value=taken.value, unit=taken.unit)
    read = read_target(_in_place(one.text, doubt.replaces, text), context)
    if read.value is None:
        return one
    return replace(one, operator=read.operator, value=read.value, unit=read.unit)


def _in_place(reading: str, replaced: str | None, text: str) -> str:
    """Return the whole text with a reading in the place of what it replaces.

    Where that is not known, a bare number replaces the text's only number; anything else is a
    reading of the whole text.
    """
    if replaced is not None and (part := clean(replaced)) and part in text:
        return text.replace(part, reading, 1)
    numbers = list(measure_pattern().finditer(mask_non_measures(text)))
    if len(numbers) == 1 and exact(reading) is not None:
        start, end = numbers[0].span("number")
        return text[:start] + reading + text[end:]
    return reading
