"""How names of one kind are alike: headings of a level, names that are split, names of indicators.

A document calls its headings alike: four letters each, or all 工程. A name of that form in another
column tells of a row that moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from normalize.converted.costs import ColumnPlan, key, odds
from normalize.converted.row import Reading

PARENT = -1  # a name at the first place of a split level
LEAF = -2  # the name of an indicator


@dataclass(frozen=True, slots=True)
class NameForms:
    """How often which names of each kind are in clear rows: a heading's column, PARENT or LEAF."""

    kinds: Mapping[int, Counter[str]] = field(default_factory=dict)

    def misfit(self, kind: int, name: str) -> float:
        """Return what it costs that a name stands as one kind though it is like those of another.

        Nothing where the name is printed several times as this kind, or too few names of it are.
        """
        known, text = self.kinds.get(kind, Counter()), key(name)
        own = [other for other in known if other != text]
        if len(own) < odds("form", "fewest") or known[text] > 1:
            return 0.0
        others = (
            _likeness(list(names), text)
            for other, names in self.kinds.items()
            if other != kind and len(names) >= odds("form", "fewest")
        )
        excess = max(others, default=float("-inf")) - _likeness(own, text)
        return min(max(excess, 0.0), odds("form", "most"))


def _likeness(names: Sequence[str], text: str) -> float:
    """Return the log odds of a text's length and last letter among names of one kind."""
    length = sum(abs(len(name) - len(text)) <= 1 for name in names)
    ending = sum(name[-1:] == text[-1:] for name in names)
    return log((length + 0.5) / (len(names) + 2)) + log((ending + 0.5) / (len(names) + 4))


def forms_of(plan: ColumnPlan, clear: Iterable[Mapping[int, str]]) -> NameForms:
    """Gather the names of clear rows, given as texts by column, by their kinds."""
    found: dict[int, Counter[str]] = {}
    for row in clear:
        for kind, text in _kinds(plan, row):
            found.setdefault(kind, Counter())[key(text)] += 1
    return NameForms(found)


def kinds_of(plan: ColumnPlan, reading: Reading, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the names that a reading places, each with its kind."""
    placed = {c: reading.text(c, texts) for c in (*plan.headings, *plan.leaf) if reading.filled(c)}
    yield from _kinds(plan, placed)


def _kinds(plan: ColumnPlan, placed: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    yield from ((column, placed[column]) for column in plan.headings if placed.get(column))
    split = plan.second is not None and bool(placed.get(plan.second))
    if placed.get(plan.first):
        yield (PARENT if split else LEAF), placed[plan.first]
    if split and plan.second is not None:
        yield LEAF, placed[plan.second]
