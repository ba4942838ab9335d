"""Places that must be reached: 前3位, 第一名, 保5争3."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared_list
from common.numbers import chinese, exact, show
from normalize.model.doubt import doubt
from normalize.targets.model import TypedTarget
from schemas.records.notice import Alternative, Part
from schemas.vocabulary import Operator, TargetKind

_UNIT = "位"
_NUMERAL = "(?:[0-9]+|[一二三四五六七八九十]+)"


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    printed = declared_list("normalize", "targets", "ranks", key)
    return tuple(re.compile(one.replace("{n}", _NUMERAL)) for one in printed)


def rank(text: str) -> TypedTarget | None:
    """Type a text that asks for a place (前3位: at most 3) or for one and a better one.

    None for any other text. A share of all (前30%) keeps its unit.
    """
    if goals := _found("goals", text):
        return _with_goal(text, _number(goals["n"]), _number(goals["goal"]))
    found = _found("patterns", text)
    number = _number(found["n"]) if found else None
    if not found or number is None:
        return None
    return TypedTarget(TargetKind.RANK, Operator.AT_MOST, number, found["unit"] or _UNIT)


def _found(key: str, text: str) -> re.Match[str] | None:
    return next(filter(None, (pattern.fullmatch(text) for pattern in _patterns(key))), None)


def _with_goal(text: str, floor: float | None, goal: float | None) -> TypedTarget | None:
    """Return the place to be kept, with the better one as another reading: 保5争3."""
    if floor is None or goal is None or goal >= floor:
        return None
    parts = tuple(Part(text, None, Operator.AT_MOST, n, _UNIT) for n in (floor, goal))
    readings = [Alternative(show(p.value), p.operator, p.value, p.unit) for p in parts]
    stretched = doubt("stretch_goal", readings, text=text)
    return TypedTarget(TargetKind.RANK, Operator.AT_MOST, floor, _UNIT, parts, (stretched,))


def _number(text: str) -> float | None:
    return exact(text) if re.fullmatch("[0-9]+", text) else chinese(text)
