"""What clear rows show of a document's habits: how its names are alike, and which share points.

A document calls its headings alike: four letters each, or all 工程. A name of that form in another
column tells of a row that moved. The members of a split name mostly share its points, and rows
with names of their own mostly have their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log

from normalize.converted.costs import ColumnPlan, key, odds
from normalize.converted.row import Reading

_Placed = Mapping[int, str]  # the texts of a row by column

PARENT = -1  # a name at the first place of a split level
LEAF = -2  # the name of an indicator


@dataclass(frozen=True, slots=True)
class NameForms:
    """How often which names of each kind are in clear rows: a heading's column, PARENT or LEAF."""

    kinds: Mapping[int, Counter[str]] = field(default_factory=dict)
    _known: dict[tuple[int, str], float] = field(default_factory=dict, compare=False, repr=False)

    def misfit(self, kind: int, name: str) -> float:
        """Return what it costs that a name stands as one kind though it is like those of another.

        Nothing where the name is printed several times as this kind, or too few names of it are.
        """
        asked = (kind, key(name))
        if asked not in self._known:
            self._known[asked] = self._misfit(*asked)
        return self._known[asked]

    def _misfit(self, kind: int, text: str) -> float:
        known = self.kinds.get(kind, Counter())
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
    """Return the log odds of a text's length and last letter among names of one kind.

    A new last letter is as likely as most names have one of their own: a document that calls its
    headings 安全生产, 政务公开, 消费升级 has more of such, one that ends them all in 工程 has not.
    """
    length = sum(abs(len(name) - len(text)) <= 1 for name in names)
    endings = Counter(name[-1:] for name in names)
    own = sum(count == 1 for count in endings.values())
    seen = endings[text[-1:]] or own * odds("form", "new_ending")
    return log((length + 0.5) / (len(names) + 2)) + log((seen + 0.5) / (len(names) + 4))


@dataclass(frozen=True, slots=True)
class SharedPoints:
    """How often a row has blank points, which it shares: a member of a split name, a whole name."""

    member: float
    whole: float

    def price(self, plan: ColumnPlan, above: Reading, reading: Reading) -> float:
        """Return what it costs that a row of its kind has points or none, beyond the usual.

        That points are shared is paid once a group, below the row that has them.
        """
        split = plan.second is not None and reading.filled(plan.second)
        if plan.points is None or (split and reading.filled(plan.first)):
            return 0.0
        blank = self.member if split else self.whole
        usual = odds("blank", "points")
        if reading.filled(plan.points):
            return log((1 - usual) / (1 - blank))
        return log(usual / blank) if above.filled(plan.points) else 0.0


@dataclass(frozen=True, slots=True)
class Habits:
    """What is usual in a document, by its clear rows.

    ``alone`` is how often a heading is printed without one of the level below it.
    """

    forms: NameForms
    shared: SharedPoints
    alone: float


def habits_of(plan: ColumnPlan, clear: Sequence[_Placed]) -> Habits:
    """Gather what clear rows, given as texts by column, show; nothing but the usual of none."""
    return Habits(_forms_of(plan, clear), _shared_points(plan, clear), _alone(plan, clear))


def _shared_points(plan: ColumnPlan, clear: Iterable[_Placed]) -> SharedPoints:
    blank: dict[bool, list[bool]] = {True: [], False: []}
    for row in clear:
        split = plan.second is not None and bool(row.get(plan.second))
        if plan.points is not None and not (split and row.get(plan.first)):
            blank[split].append(not row.get(plan.points))
    if False in blank[True]:  # one seen once may be a row that moved, and be known from itself
        blank[True].remove(False)
    return SharedPoints(_rate("member_shares", blank[True]), _rate("whole_shares", blank[False]))


def _alone(plan: ColumnPlan, clear: Iterable[_Placed]) -> float:
    printed = [[bool(row.get(column)) for column in plan.headings] for row in clear]
    return _rate("level1_alone", [not headings[-1] for headings in printed if any(headings)])


def _rate(kind: str, seen: Sequence[bool]) -> float:
    """Return how often something is so, its declared rate counting as some rows."""
    weight = odds("habit", "weight")
    return (sum(seen) + weight * odds("habit", kind)) / (len(seen) + weight)


def _forms_of(plan: ColumnPlan, clear: Iterable[_Placed]) -> NameForms:
    """Gather the names of clear rows by their kinds."""
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
