"""A clause of a method that repeats the row's own target: 增长6.5%得满分."""

from __future__ import annotations

import re
from functools import cache

from normalize.methods.clauses import written_out
from normalize.methods.model import MethodContext, Statement

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_WORDS = re.compile(
    r"增长|增加|达到|完成|实现|控制在|不超过|不高于|不低于|以内|以下|以上|内|及|率|≥|≤|>=|<=|的|为|下降|%"
)


@cache
def _clause() -> re.Pattern[str]:
    return re.compile(written_out("(?P<goal>[^,;]{1,40}?)(?:{give})?"))


def repeats_goal(clause: str, context: MethodContext) -> Statement | None:
    """Return that a clause says the row's target, and perhaps what is given for it."""
    found = _clause().fullmatch(clause)
    if found is None or context.value is None or found["zero"]:
        return None
    goal = found["goal"]
    numbers = _NUMBER.findall(goal)
    if len(numbers) != 1 or float(numbers[0]) != abs(context.value):
        return None
    rest = _NUMBER.sub("", goal)
    for word in (context.indicator, context.unit or ""):
        rest = rest.replace(word, "") if word else rest
    if _WORDS.sub("", rest):
        return None
    said = found.groupdict() | {"kept": "以内" if _limits(goal) else None}
    return Statement("full" if found["give"] else "goal", clause, said)


def _limits(goal: str) -> bool:
    return any(word in goal for word in ("控制在", "不超过", "不高于", "以内", "≤", "<="))
