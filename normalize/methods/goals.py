"""What a method says of the row's target: that it is 6.5 (增长6.5%得满分), which end is good."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from normalize.methods.amounts import figure, words
from normalize.methods.clauses import compiled, said_in, said_of
from normalize.methods.model import MethodContext, Statement
from schemas.vocabulary import Direction, TargetKind

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_STRICT = re.compile("(?<!不)(?:低于|高于|超过)|不足")
_AT_LEAST = re.compile("不低于|≥|>=|以上")
_WORDS = re.compile(
    r"[(]含[^()]{0,4}[)]|不?(?:低于|高于|超过)|不足|增长|增加|达到|完成|实现|控制在|不超过|不高于|不低于|以内|以下|以上|内|及|率|≥|≤|>=|<=|的|为|下降|%"
)


@cache
def _clause() -> re.Pattern[str]:
    return compiled("(?P<goal>[^,;]{1,40}?)(?:{give}|(?:的|者)?(?P<give>不扣分))?")


def repeats_goal(clause: str, context: MethodContext) -> Statement | None:
    """Return that a clause says the row's target, and perhaps what is given for it."""
    found = _clause().fullmatch(clause)
    if found is None or context.value is None or found["zero"]:
        return None
    goal = found["goal"]
    numbers = _NUMBER.findall(goal)
    if len(numbers) != 1 or float(numbers[0]) != abs(context.value):
        return None
    if not _is_about(_NUMBER.sub("", goal), context):
        return None
    said = said_in(found) | {"kept": "以内" if _limits(goal) else "", "own_value": numbers[0]}
    said |= {"reached": "不低于" if _AT_LEAST.search(goal) else ""}
    said |= {"strict": goal if _STRICT.search(goal) else ""}
    return Statement("full" if found["give"] else "goal", clause, said)


def _is_about(words: str, context: MethodContext) -> bool:
    """Whether words name the indicator, or its end (败诉率 of 行政诉讼败诉率), and nothing else."""
    for word in filter(None, (context.indicator, context.unit)):
        words = words.replace(word, "")
    left = _WORDS.sub("", words)
    ends = (left, f"{left}率", f"{left}度")
    return not left or (len(left) > 1 and context.indicator.endswith(ends))


def _limits(goal: str) -> bool:
    return any(
        word in goal.replace("不低于", "")
        for word in ("控制在", "不超过", "不高于", "以内", "≤", "<=", "低于", "不足")
    )


def of_the_place(statements: list[Statement], context: MethodContext) -> list[Statement]:
    """Return places as the row's own target where that is a place: 前5名得满分 of 前5名.

    What is returned then is the place, whoever the others are.
    """
    places = [each for each in statements if each.kind == "place"]
    if context.kind is not TargetKind.RANK or len(places) != 1 or context.value is None:
        return statements
    (best,) = places
    if figure(best, "last") != context.value or best.get("first") not in (None, "1"):
        return statements
    return [_of_place(each) for each in statements]


def _of_place(each: Statement) -> Statement:
    """Return a clause of places as one of the target that is a place."""
    if each.kind == "place":
        return Statement("full", each.text, {"give": each.get("give")})
    if each.kind == "place_step":
        step = {"n": "1", "unit": "位", "side": "超过", "sign": "扣", "points": each.get("points")}
        return Statement("per", each.text, step)
    return each


def told_direction(texts: Iterable[str]) -> Direction | None:
    """Return which end is good as methods say it: 不足100%的不得分, 每超标1微克扣0.5分.

    None where none does, or they say different things.
    """
    told = {way for text in texts for each in said_of(text).statements for way in _told(each)}
    return told.pop() if len(told) == 1 else None


def _told(each: Statement) -> Iterator[Direction]:
    """Give the direction that a clause about the row itself rests on."""
    if any(each.get(name) for name in ("noun", "rate", "done")):
        return
    if each.kind == "per":
        yield from _of_step(each)
    elif each.kind in _SIDES and (each.get("zero") or each.get("give") in words("all")):
        higher = (each.kind in _FROM_BELOW) == bool(each.get("zero"))
        yield Direction.HIGHER if higher else Direction.LOWER
    elif each.kind in ("full", "none") and (each.get("kept") or each.get("reached")):
        yield Direction.LOWER if each.get("kept") else Direction.HIGHER


_FROM_BELOW, _SIDES = ("below",), ("below", "above", "at_least")


def _of_step(each: Statement) -> Iterator[Direction]:
    """Give what a step off the target says: what is short of it, or over it, loses points."""
    side = each.get("side") or ("超过" if each.get("over") else each.get("short") and "低于")
    if not side or each.get("unit") in words("places"):
        return
    if side in words("off"):
        yield Direction.NEARER
        return
    loses = each.get("sign") in words("losses")
    yield Direction.HIGHER if (side in words("short")) == loses else Direction.LOWER
