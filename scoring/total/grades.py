"""Grades, best first: by points of 100, by place, and by a share of those they are shared among."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from common.numbers import EPSILON
from scoring.total.rules import NOT_STRUCK, Grade, QuotaOf, Struck, TotalRules, VetoEffect

#: Points of 100 and the place that goes with them.
End = tuple[float, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """One entity's total: points of 100 as they are, at least and at most; its place, best, worst.

    None for both where it has no points or is set aside: then there is no grade. ``struck`` is what
    its vetoes do to it.
    """

    of_100: tuple[float, float, float] | None
    ranks: tuple[int, int, int] | None
    struck: Struck = NOT_STRUCK


@dataclass(frozen=True, slots=True)
class Graded:
    """An entity's grade, and the worst and best it may still be; None for none."""

    grade: str | None
    low: str | None
    high: str | None


#: What vetoes do, as far as grades go.
Effects = frozenset[VetoEffect]
#: The numbers of an entity's grade, and of the worst and best it may be; None for none.
Numbers = tuple[int, int, int] | None


def grades_of(
    rules: TotalRules, groups: Sequence[Hashable], standings: Sequence[Standing]
) -> list[Graded]:
    """Return the grades of all that one notice assesses, each with its rank group, in their order.

    Quotas are of all of them, or of each rank group where the notice says so; where nobody said it
    the ends hold both.
    """
    together = _numbers(rules.grades, standings)
    if rules.quota_of is not QuotaOf.ALL and quota_unsaid(rules, groups, said=True):
        apart = _apart(rules.grades, groups, standings)
        alone = rules.quota_of is QuotaOf.GROUP
        together = apart if alone else list(map(_spanned, together, apart))
    return [_named(rules.grades, each) for each in together]


def quota_unsaid(rules: TotalRules, groups: Sequence[Hashable], *, said: bool = False) -> bool:
    """Tell whether it matters whose share a quota is, and nobody (or, ``said``, anybody) said."""
    matters = len(set(groups)) > 1 and any(each.quota is not None for each in rules.grades)
    return matters and (said or rules.quota_of is None)


def _apart(
    grades: Sequence[Grade], groups: Sequence[Hashable], standings: Sequence[Standing]
) -> list[Numbers]:
    """Return the grades' numbers, those of each rank group by itself."""
    found: list[Numbers] = [None] * len(standings)
    for group in dict.fromkeys(groups):
        places = [place for place, own in enumerate(groups) if own == group]
        own = _numbers(grades, [standings[place] for place in places])
        for place, each in zip(places, own, strict=True):
            found[place] = each
    return found


def _spanned(one: Numbers, other: Numbers) -> Numbers:
    """Return the first with ends that hold both."""
    if one is None or other is None:
        return None
    return one[0], max(one[1], other[1]), min(one[2], other[2])


def graded(grades: Sequence[Grade], group: Sequence[Standing]) -> list[Graded]:
    """Return the grades of those who share the quotas, in their order.

    Each gets the first grade whose points, place and share it has. A share is filled by points, by
    those who may have the grade; equals who would overfill it together do not get it. The worst
    and the best come from the ends of points and places, so that they hold whatever the others'
    become and whatever is confirmed of vetoes. A share of less than one is none, and may be one.
    """
    return [_named(grades, each) for each in _numbers(grades, group)]


def _numbers(grades: Sequence[Grade], group: Sequence[Standing]) -> list[Numbers]:
    rooms = [_room(grade, len(group)) for grade in grades]
    ends = _Ends(grades, rooms, group)
    return [
        None
        if each.of_100 is None or each.ranks is None
        else (
            _struck(grades, number, each.struck.effects),
            ends.worst(each, (each.of_100[1], each.ranks[2])),
            ends.best(each, (each.of_100[2], each.ranks[1])),
        )
        for each, number in zip(group, _filled(grades, rooms, group), strict=True)
    ]


def _struck(grades: Sequence[Grade], number: int, effects: Effects) -> int:
    """Return a grade's number after what vetoes do to it; nothing is below a grade of the rest."""
    last = len(grades) - 1
    floor = last if grades and grades[last] == Grade(grades[last].name) else len(grades)
    if effects & _LOWEST:
        return floor
    return min(number + 1, max(number, floor)) if VetoEffect.LOWER_GRADE in effects else number


#: Effects that leave nothing but the last grade, if any.
_LOWEST = frozenset({VetoEffect.LOWEST_GRADE, VetoEffect.SET_ASIDE})


def _named(grades: Sequence[Grade], numbers: Numbers) -> Graded:
    return Graded(*(None if numbers is None else _name(grades, each) for each in numbers or _NONE))


_NONE = (0, 0, 0)


class _Ends:
    """What a group's entities may at worst and at best have, whatever the others come to."""

    def __init__(
        self, grades: Sequence[Grade], rooms: Sequence[float], group: Sequence[Standing]
    ) -> None:
        self._grades, self._rooms = grades, rooms
        self._lows = sorted(each.of_100[1] for each in group if each.of_100)
        self._highs = sorted(each.of_100[2] for each in group if each.of_100)
        self._barred = sum(bool(each.struck.at_most & _BARRED) for each in group)
        sizes = [len(group) * (each.quota or 0.0) for each in grades]
        self._most = [
            max(room, math.ceil(min(size, 1.0) - EPSILON))
            for room, size in zip(rooms, sizes, strict=True)
        ]

    def worst(self, each: Standing, end: End) -> int:
        """Return the grade that is sure: all who may reach the entity go before it."""
        reaching = len(self._highs) - bisect_left(self._highs, end[0] - EPSILON)  # itself included
        rooms = [reaching <= room for room in self._rooms]
        return self._first(each.struck.at_most, end, rooms)

    def best(self, each: Standing, end: End) -> int:
        """Return the grade that is open: only who is surely above and not barred goes before."""
        above = len(self._lows) - bisect_right(self._lows, end[0] + EPSILON) - self._barred
        rooms = [above < room for room in accumulate(self._most)]
        return self._first(each.struck.at_least, end, rooms)

    def _first(self, effects: Effects, end: End, room_is_there: Sequence[bool]) -> int:
        for number, grade in enumerate(self._grades):
            if room_is_there[number] and _able(grade, number, effects, end):
                return _struck(self._grades, number, effects)
        return _struck(self._grades, len(self._grades), effects)


#: Effects that keep an entity from the room of a grade.
_BARRED = _LOWEST | {VetoEffect.BAR}


def _filled(
    grades: Sequence[Grade], rooms: Sequence[float], group: Sequence[Standing]
) -> list[int]:
    """Return the number of each entity's grade, the grades filled one after the other."""
    found = [len(grades)] * len(group)
    for number, grade in enumerate(grades):
        able = {
            place: each.of_100[0]
            for place, each in enumerate(group)
            if found[place] == len(grades)
            and each.of_100
            and each.ranks
            and _able(grade, number, each.struck.effects, (each.of_100[0], each.ranks[0]))
        }
        points = sorted(able.values())
        for place, own in able.items():
            if len(points) - bisect_left(points, own - EPSILON) <= rooms[number]:
                found[place] = number
    return found


def _able(grade: Grade, number: int, effects: Effects, end: End) -> bool:
    """Tell whether points and place are enough for a grade, its share apart."""
    of_100, rank = end
    if effects & _LOWEST or (number == 0 and VetoEffect.BAR in effects):
        return False
    enough = grade.at_least is None or of_100 >= grade.at_least - EPSILON
    return enough and (grade.at_most_rank is None or rank <= grade.at_most_rank)


def _room(grade: Grade, size: int) -> float:
    """Return how many of a group may have a grade."""
    return math.inf if grade.quota is None else math.floor(grade.quota * size + EPSILON)


def _name(grades: Sequence[Grade], number: int) -> str | None:
    return grades[number].name if number < len(grades) else None
