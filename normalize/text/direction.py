"""Which end of an indicator's scale is good."""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared_list
from common.fold import clean
from schemas.vocabulary import Direction, Operator

_HINTS: dict[str | None, Direction] = {
    Operator.LESS_THAN: Direction.LOWER,
    Operator.AT_MOST: Direction.LOWER,
    Operator.MORE_THAN: Direction.HIGHER,
    Operator.AT_LEAST: Direction.HIGHER,
}

_ASIDE = re.compile(r"[（(][^（()）]*[)）]")


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{one})" for one in declared_list("normalize", "direction", key)), re.I
    )


def direction(
    indicator: str, unit: str | None = None, operator_hint: str | None = None
) -> Direction:
    """Return the direction from a limit's operator, else from the name's patterns.

    Less is better for what the declared list names (失业率, 能耗, 死亡, 投诉 ...); the reduction,
    settlement or control of such a thing is better the more there is of it. Everything else is
    better the more there is. ``unit`` breaks the tie of a bare rank (位 is better the lower).
    """
    if operator_hint in _HINTS:
        return _HINTS[operator_hint]
    name = _ASIDE.sub("", clean(indicator)) or clean(indicator)
    if not _pattern("higher").search(name) and _pattern("lower").search(name):
        return Direction.LOWER
    ranked = unit in {"位", "名", "名次"} and "排" in name
    return Direction.LOWER if ranked else Direction.HIGHER
