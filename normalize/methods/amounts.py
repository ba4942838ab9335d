"""What a clause says in figures: numbers, shares of the points, and units."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache

from common.declared import declared, declared_list
from common.numbers import PER_CENT
from normalize.methods.model import Given, MethodContext, Statement

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
_TEN = 10
_PERCENT = re.compile(r"((?<![0-9.])[0-9.]+|[一二两三四五六七八九十]+)%")
_POINTS = re.compile(r"((?<![0-9.])[0-9.]+|[一二两三四五六七八九十]+)分")
_TENTHS = re.compile(r"((?<![0-9.])[0-9.]+|[一二两三四五六七八九])成")


@cache
def words(key: str) -> frozenset[str]:
    """Return a list of words."""
    return frozenset(declared_list("normalize", "methods", "words", key))


def number(text: str) -> float:
    """Return a number in digits or in ideographs up to 99."""
    if text[0].isdigit():
        return float(text)
    tens, ten, ones = text.rpartition("十") if "十" in text else ("", "", text)
    if not ten:
        return float(_DIGITS[ones])
    return float((_DIGITS[tens] if tens else 1) * _TEN + (_DIGITS[ones] if ones else 0))


def figure(statement: Statement, name: str) -> float:
    """Return a figure that a statement always has."""
    return number(statement.get(name) or "")


def worth(statement: Statement, context: MethodContext, name: str = "points") -> float:
    """Return an amount in points: as printed, or as a part of the row's own (分值的2%).

    0 where the row's points are not known; :func:`is_known` tells.
    """
    text = statement.get(name) or ""
    if found := _POINTS.search(text):
        return number(found[1])
    return round((_share(text, context) or 0.0) * (context.points or 0.0), 12)


def is_known(statement: Statement, context: MethodContext) -> bool:
    """Whether the amount of a statement is points, or a part of points that are known."""
    text = statement.get("points")
    return text is None or _POINTS.search(text) is not None or context.points is not None


def given(statement: Statement, context: MethodContext) -> float | None:
    """Return what share of the row's points a clause gives; None where nobody can tell."""
    text = statement.get("give") or ""
    if statement.get("zero") or text in ("零分", "0分"):
        return 0.0
    if statement.get("lost"):
        return _kept(statement, context)
    if text in words("all") or text.startswith("一半"):
        return 0.5 if text.startswith("一半") else 1.0
    return _share(text, context)


def _kept(statement: Statement, context: MethodContext) -> float | None:
    """Return what is kept where points are taken (未完成扣2分 of 5), None for more than all."""
    lost = worth(statement, context, "lost") / context.points if context.points else None
    return round(1 - lost, 12) if lost is not None and lost <= 1 else None


def _share(text: str, context: MethodContext) -> float | None:
    if text.endswith("一半"):
        return 0.5
    for pattern, whole in ((_PERCENT, 100.0), (_TENTHS, 10.0), (_POINTS, context.points)):
        if found := pattern.search(text):
            share = number(found[1]) / whole if whole else None
            return share if share is not None and share <= 1 else None
    return None


def is_percent(unit: str | None) -> bool:
    """Whether a unit is per cent or percentage points."""
    return unit == "%" or unit in words("points_of_percent")


def scale_of(statement: Statement, unit: str | None, context: MethodContext) -> str | None:
    """Return what a figure of a clause is of: ``value``, ``ratio``, or None where nobody can tell.

    A per cent in a row of per cent may be of the value or of the completion rate; at a target of
    100 % they are the same.
    """
    own = context.unit or None
    rate = statement.get("rate")
    if is_percent(unit):
        if statement.get("bare"):
            return _of_done(own, context)
        return _of_percent(unit, own, named=bool(rate), context=context)
    if rate or unit is None or own is None:
        return None
    return "value" if unit_factor(unit, own) else None


def _of_done(own: str | None, context: MethodContext) -> str | None:
    """Return what 完成90% is of: of the rate unless the row itself is a per cent."""
    if not is_percent(own):
        return "ratio"
    return "value" if context.value == PER_CENT else None


def _of_percent(
    unit: str | None, own: str | None, *, named: bool, context: MethodContext
) -> str | None:
    if own is None:
        return "ratio" if named else None
    if not is_percent(own):
        return "ratio"
    if context.value == PER_CENT:
        return "value"
    if named:
        return None if "率" in context.indicator or "比例" in context.indicator else "ratio"
    return "value" if unit in words("points_of_percent") else None


def unit_factor(one: str | None, other: str | None) -> float | None:
    """Return how many of another unit one is: 0.1 for 1000万元 in 亿元 of 1000; None if none.

    Only magnitudes (千, 万, 亿) and measures of one kind (公里, 米) are counted over.
    """
    if one is None or other is None:
        return None
    if _same_unit(one, other):
        return 1.0
    (times, bare), (own_times, own) = _parted(one), _parted(other)
    return times / own_times if bare == own and bare in _measures() else None


def _parted(unit: str) -> tuple[float, str]:
    """Return a unit as a multiple of its smallest measure."""
    bare = unit.lstrip(_MAGNITUDES)
    times, least = _measures().get(bare, (1.0, bare))
    return math.prod(_TIMES[sign] for sign in unit[: len(unit) - len(bare)]) * times, least


_TIMES = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_MAGNITUDES = "".join(_TIMES)


@cache
def _measures() -> Mapping[str, tuple[float, str]]:
    """Return measures with how many of the smallest of their kind each is."""
    listed = declared(dict[str, dict[str, float]], "normalize", "methods", "measures")
    return {name: (times, least) for least, kind in listed.items() for name, times in kind.items()}


def is_undone(step: Statement) -> bool:
    """Whether a step is each thing that is not done, of which no number is printed."""
    return step.get("undone") is not None and step.get("n") is None


def _same_unit(one: str, other: str) -> bool:
    """Whether two units are one: as printed, or a counter without what it counts."""
    named = other == _PIECE and one.startswith(_PIECE)  # 个项目 in a row of 个
    piece = named and one not in words("pieces_of_time")
    whole = other.startswith((f"{one}/", f"{one}每"))  # 万元 in a row of 万元/亩
    return one == other or piece or whole or (one in _COUNTERS and other in _COUNTERS)


_PIECE = "个"
_COUNTERS = frozenset({"起", "次", "例", "件"})


def is_named(each: Statement, context: MethodContext) -> bool:
    """Whether a noun of a clause is what the row is about."""
    noun = each.get("noun")
    if noun is None or noun in context.indicator or context.indicator in noun:
        return True
    alike = (words(key) for key in ("names_of_growth", "names_of_fall"))
    return any(noun in names and context.indicator.endswith(tuple(names)) for names in alike)


def rounded(parameters: Mapping[str, Given]) -> dict[str, Given]:
    """Return parameters without what is left of dividing."""
    return {
        name: round(value, 12) if isinstance(value, float) else value
        for name, value in parameters.items()
    }
