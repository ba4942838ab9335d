"""What a notice's notes say of the weights of periods: 一季度占15%、二季度占25%….

The wordings are in ``data/total.toml``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache

from common.declared import declared
from common.numbers import EPSILON, PER_CENT, show

_DIGITS = {"一": "1", "二": "2", "三": "3", "四": "4", "上": "1", "下": "2"}
#: The names of the periods that make up a year.
_YEARS = ({"Q1", "Q2", "Q3", "Q4"}, {"H1", "H2"})


def period_weights(clause: str) -> dict[str, float]:
    """Return the weights in per cent that a clause gives quarters or halves; {} for any other.

    >>> period_weights("一季度占15%，二季度占25%")
    {'Q1': 15.0, 'Q2': 25.0}
    >>> period_weights("一季度占全年任务的15%")
    {}
    """
    if listed := _pattern("listed").fullmatch(clause):
        weights = [
            float(each) for each in re.findall(r"[0-9]+(?:\.[0-9]+)?(?=[%％])", listed["each"])
        ]
        return {f"Q{at}": each for at, each in enumerate(weights, 1)} if len(weights) == 4 else {}
    found: dict[str, float] = {}
    for match in _pattern("each").finditer(clause):
        kind = "H" if match["half"] else "Q"
        said = match["half"] or match["quarter"]
        name = f"{kind}{_DIGITS.get(said, said)}"
        if name in found:
            return {}
        found[name] = float(match["weight"])
    rest = _pattern("each").sub("", clause)
    return found if found and _pattern("rest").fullmatch(rest) else {}


def is_whole(weights: Mapping[str, float]) -> bool:
    """Whether weights are those of all quarters, or of both halves, and make up the whole.

    >>> is_whole({"H1": 40, "H2": 60}), is_whole({"Q1": 40, "Q2": 60})
    (True, False)
    """
    sums = abs(math.fsum(weights.values()) - PER_CENT) <= EPSILON * PER_CENT
    return sums and set(weights) in _YEARS


def lines_of_periods(weights: Mapping[str, float]) -> Iterator[str]:
    """Yield what may stand in ``source.toml``, the year and the days left to be filled in."""
    if weights:
        yield from ("", "[periods]   # 年份写考核年度；as_of 是计入该期的报送截止日，不早于期末")
    for name, weight in sorted(weights.items()):
        yield f'"年份-{name}" = {{ weight = {show(weight)}, as_of =  }}'


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(str(declared(str, "scoring", "total", "periods", name)))
