"""Grades of one rank group, best first: by points of 100, by place, and by a share of the group."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from common.numbers import EPSILON
from scoring.total.rules import Grade

#: Points of 100 and the place that goes with them.
End = tuple[float, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """One entity's total: points of 100 as they are, at least and at most; its place, best, worst.

    None for both where it has no points or is set aside: then there is no grade. ``barred``: it
    cannot have the first grade; ``lowered``: it gets one grade less.
    """

    of_100: tuple[float, float, float] | None
    ranks: tuple[int, int, int] | None
    barred: bool = False
    lowered: bool = False


@dataclass(frozen=True, slots=True)
class Graded:
    """An entity's grade, and the worst and best it may still be; None for none."""

    grade: str | None
    low: str | None
    high: str | None


def graded(grades: Sequence[Grade], group: Sequence[Standing]) -> list[Graded]:
    """Return the grades of a rank group's entities, in their order.

    Each gets the first grade whose points, place and share it has. A share is filled by place, by
    those who may have the grade; equals who would overfill it together do not get it. The worst
    and the best come from the ends of points and places, so that they hold whatever the others'
    become.
    """
    rooms = [_room(grade, len(group)) for grade in grades]
    ends = _Ends(grades, rooms, group)
    return [
        Graded(None, None, None)
        if each.of_100 is None or each.ranks is None
        else Graded(
            _name(grades, number + each.lowered),
            _name(grades, ends.worst(each, each.of_100[1], each.ranks[2]) + each.lowered),
            _name(grades, ends.best(each, each.of_100[2], each.ranks[1]) + each.lowered),
        )
        for each, number in zip(group, _filled(grades, rooms, group), strict=True)
    ]


class _Ends:
    """What a group's entities may at worst and at best have, whatever the others come to."""

    def __init__(
        self, grades: Sequence[Grade], rooms: Sequence[float], group: Sequence[Standing]
    ) -> None:
        self._grades, self._rooms = grades, rooms
        self._lows = sorted(each.of_100[1] for each in group if each.of_100)
        self._highs = sorted(each.of_100[2] for each in group if each.of_100)
        self._barred = sum(each.barred for each in group)

    def worst(self, each: Standing, low: float, rank: int) -> int:
        """Return the grade that is sure: all who may reach the entity go before it."""
        reaching = len(self._highs) - bisect_left(self._highs, low - EPSILON)  # itself included
        return self._first(each, (low, rank), [reaching <= room for room in self._rooms])

    def best(self, each: Standing, high: float, rank: int) -> int:
        """Return the grade that is open: only who is surely above and not barred goes before."""
        above = len(self._lows) - bisect_right(self._lows, high + EPSILON) - self._barred
        return self._first(each, (high, rank), [above < room for room in accumulate(self._rooms)])

    def _first(self, each: Standing, end: End, room_is_there: Sequence[bool]) -> int:
        for number, grade in enumerate(self._grades):
            if room_is_there[number] and _able(grade, number, each, end):
                return number
        return len(self._grades)


def _filled(
    grades: Sequence[Grade], rooms: Sequence[float], group: Sequence[Standing]
) -> list[int]:
    """Return the number of each entity's grade, the grades filled one after the other."""
    found = [len(grades)] * len(group)
    for number, grade in enumerate(grades):
        able = {
            place: each.ranks[0]
            for place, each in enumerate(group)
            if found[place] == len(grades)
            and each.of_100
            and each.ranks
            and _able(grade, number, each, (each.of_100[0], each.ranks[0]))
        }
        ranks = sorted(able.values())
        for place, rank in able.items():
            if bisect_right(ranks, rank) <= rooms[number]:
                found[place] = number
    return found


def _able(grade: Grade, number: int, each: Standing, end: End) -> bool:
    """Tell whether points and place are enough for a grade, its share apart."""
    of_100, rank = end
    if each.barred and number == 0:
        return False
    enough = grade.at_least is None or of_100 >= grade.at_least - EPSILON
    return enough and (grade.at_most_rank is None or rank <= grade.at_most_rank)


def _room(grade: Grade, size: int) -> float:
    """Return how many of a group may have a grade."""
    return math.inf if grade.quota is None else math.floor(grade.quota * size + EPSILON)


def _name(grades: Sequence[Grade], number: int) -> str | None:
    return grades[number].name if number < len(grades) else None
