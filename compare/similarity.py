"""How alike two indicators are: a stated measure from 0 to 1.

The sum of five likenesses by their :data:`WEIGHTS`:

- ``name``: the two names, as :func:`alike`
- ``heading``: the headings they stand under, put together, as :func:`alike`
- ``department``: the departments that assess them, put together, as :func:`alike`
- ``unit``: 1 where the units of measure are the same, else 0
- ``neighbours``: the mean of how alike the names before and the names after are

Two indicators can be one another's only where their names are at least :data:`LEAST_NAME` alike
and the whole is at least :data:`THRESHOLD`. Serial numbers are no part of it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from common.fold import without_signs
from compare.documents import Item, Side, folded

WEIGHTS = {"name": 0.55, "heading": 0.2, "department": 0.1, "unit": 0.05, "neighbours": 0.1}
LEAST_NAME = 0.5
THRESHOLD = 0.6

#: A match below this is one that a person should confirm.
SURE = 0.75

Edges = dict[tuple[int, int], float]


@lru_cache(maxsize=8192)
def _grams(text: str) -> Counter[str]:
    """Return a folded text's letters and pairs of neighbouring letters, counted."""
    plain = without_signs(folded(text))
    return Counter(plain) + Counter(a + b for a, b in itertools.pairwise(plain))


@lru_cache(maxsize=65536)
def alike(one: str, other: str) -> float:
    """Return Dice's coefficient of the letters and pairs of letters of two texts; 1 for two blanks.

    >>> alike("研发投入强度", "研发投入强度")
    1.0
    >>> round(alike("规模以上工业增加值增速", "规上工业增加值增长率"), 2)
    0.65
    """
    if without_signs(folded(one)) == without_signs(folded(other)):
        return 1.0
    mine, theirs = _grams(one), _grams(other)
    both = mine.total() + theirs.total()
    return 2 * (mine & theirs).total() / both if both else 1.0


def likeness(one: Item, other: Item, neighbours: float) -> float:
    """Return the measure for two indicators whose neighbours are so much alike."""
    parts = {
        "name": alike(one.name, other.name),
        "heading": alike("".join(one.heading), "".join(other.heading)),
        "department": alike("".join(one.departments), "".join(other.departments)),
        "unit": float(folded(one.indicator.unit or "") == folded(other.indicator.unit or "")),
        "neighbours": neighbours,
    }
    return sum(WEIGHTS[name] * value for name, value in parts.items())


def edges(first: Side, second: Side) -> Edges:
    """Return the pairs that may be one indicator, as positions (from 0), and how alike they are."""
    found: Edges = {}
    for i, one in enumerate(first.items):
        for j, other in enumerate(second.items):
            if alike(one.name, other.name) < LEAST_NAME:
                continue
            score = likeness(one, other, _neighbours(first.items, i, second.items, j))
            if score >= THRESHOLD:
                found[i, j] = score
    return found


def _neighbours(mine: Sequence[Item], i: int, theirs: Sequence[Item], j: int) -> float:
    sides = [(_name(mine, i + step), _name(theirs, j + step)) for step in (-1, 1)]
    return sum(alike(one, other) for one, other in sides) / len(sides)


def _name(items: Sequence[Item], place: int) -> str:
    """Return the name at a place; beyond the ends of the list stands nothing."""
    return items[place].name if 0 <= place < len(items) else ""
