"""Candidate rules become lines: snapped to common positions, gaps closed, grouped by touch.

Pure geometry in points (y downwards); nothing here knows where the rules came from.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from extract.page.page import Rule

SNAP = 3.0
"""Rules no farther apart than this are one rule (doubled, or drawn cell by cell)."""
JOIN = 3.0
"""A gap in a rule no longer than this is no gap."""
DASH = 12.0
"""Pieces no longer than this are dashes or dots."""
DASH_GAP = 8.0
"""Between two dashes a gap may be this long."""
SHORTEST = 4.0
"""What stays shorter than this after joining is no rule."""
TOUCH = 3.0
"""Lines that miss each other by no more than this meet."""


WIDEST = 150.0
"""A column that stands on upright lines alone is no wider than this."""
MANY = 500
"""A run of more positions than this is cut without looking for its widest gap."""


class RuleLine(NamedTuple):
    """A whole rule: its position on one axis, its extent on the other."""

    at: float
    start: float
    end: float


class Group(NamedTuple):
    """Lines that touch each other, directly or through others; at least one is horizontal."""

    horizontal: list[RuleLine]
    vertical: list[RuleLine]


def rules_to_groups(rules: Sequence[Rule]) -> list[Group]:
    """Return the groups of lines on a page, from top to bottom.

    A horizontal line that touches no other is a group of its own.
    """
    horizontal = rules_to_lines(rule for rule in rules if rule.horizontal)
    vertical = rules_to_lines(rule for rule in rules if not rule.horizontal)
    groups = _group_by_touch(horizontal, vertical)
    return sorted(groups, key=lambda group: (group.horizontal[0].at, group.horizontal[0].start))


def rules_to_lines(rules: Iterable[Rule]) -> list[RuleLine]:
    """Snap rules of one direction to common positions and close their gaps."""
    ordered = sorted(rules, key=lambda rule: rule.at)
    lines: list[RuleLine] = []
    places = sorted({rule.at for rule in ordered})
    first = 0
    for near in cluster(places, SNAP):
        last = bisect_right(ordered, places[near.stop - 1], key=lambda rule: rule.at)
        members = ordered[first:last]
        first = last
        lines.extend(_join(members, _weighted_position(members)))
    return lines


def cluster(ordered: Sequence[float], reach: float) -> list[slice]:
    """Cut sorted positions into runs whose neighbours lie within ``reach``.

    A run that chained itself together over more than one and a half times the reach is cut again
    at its widest gap.
    """
    cuts = [0]
    cuts += [i for i in range(1, len(ordered)) if ordered[i] - ordered[i - 1] > reach]
    cuts.append(len(ordered))
    runs: list[slice] = []
    for first, last in pairwise(cuts):
        if first < last:
            runs.extend(_cut_long_run(ordered, first, last, reach * 1.5))
    return runs


def _cut_long_run(ordered: Sequence[float], first: int, last: int, longest: float) -> list[slice]:
    if last - first > MANY:
        return _cut_evenly(ordered, first, last, longest)
    done: list[slice] = []
    waiting = [(first, last)]
    while waiting:
        low, high = waiting.pop()
        if ordered[high - 1] - ordered[low] <= longest:
            done.append(slice(low, high))
            continue
        widest = max(range(low + 1, high), key=lambda i: ordered[i] - ordered[i - 1])
        waiting += [(low, widest), (widest, high)]
    return sorted(done, key=lambda run: run.start)


def _cut_evenly(ordered: Sequence[float], first: int, last: int, longest: float) -> list[slice]:
    """Cut a very long run (a drawing, hardly a table) wherever the reach is used up."""
    done: list[slice] = []
    while first < last:
        end = min(bisect_right(ordered, ordered[first] + longest), last)
        done.append(slice(first, end))
        first = end
    return done


def _weighted_position(members: Sequence[Rule]) -> float:
    weights = [max(rule.end - rule.start, 0.1) * rule.mark for rule in members]
    total = sum(rule.at * weight for rule, weight in zip(members, weights, strict=True))
    return total / sum(weights)


def _join(members: Sequence[Rule], at: float) -> list[RuleLine]:
    lines: list[RuleLine] = []
    start = end = last_piece = 0.0
    for rule in sorted(members, key=lambda member: member.start):
        piece = rule.end - rule.start
        dashed = piece <= DASH and last_piece <= DASH
        if lines and rule.start - end <= (DASH_GAP if dashed else JOIN):
            end = max(end, rule.end)
            lines[-1] = RuleLine(at, start, end)
        else:
            start, end = rule.start, rule.end
            lines.append(RuleLine(at, start, end))
        last_piece = piece
    return [line for line in lines if line.end - line.start >= SHORTEST]


def _group_by_touch(horizontal: list[RuleLine], vertical: list[RuleLine]) -> list[Group]:
    leader = _touching(horizontal, vertical)
    groups: defaultdict[int, Group] = defaultdict(lambda: Group([], []))
    for index, line in enumerate(horizontal):
        groups[find(leader, index)].horizontal.append(line)
    for index, line in enumerate(vertical, len(horizontal)):
        groups[find(leader, index)].vertical.append(line)
    tables = [group for group in groups.values() if group.horizontal]
    lone = [group.vertical for group in groups.values() if not group.horizontal]
    for line in chain.from_iterable(lone):
        for table in tables:
            if _stands_beside(line, table):
                table.vertical.append(line)
    return tables


def _touching(horizontal: Sequence[RuleLine], vertical: Sequence[RuleLine]) -> list[int]:
    """Return the leader of each line's set: first the horizontal ones, then the vertical ones."""
    leader = list(range(len(horizontal) + len(vertical)))
    positions = [line.at for line in vertical]
    for index, line in enumerate(horizontal):
        first = bisect_left(positions, line.start - TOUCH)
        last = bisect_right(positions, line.end + TOUCH)
        for other in range(first, last):
            if vertical[other].start - TOUCH <= line.at <= vertical[other].end + TOUCH:
                union(leader, index, len(horizontal) + other)
    return leader


def _stands_beside(line: RuleLine, table: Group) -> bool:
    """Tell whether an upright line that touches nothing belongs to the table beside it.

    It does where it is just as tall: a merged cell that covers a whole page leaves its column with
    nothing else.
    """
    if not table.vertical:
        return False
    top = min(other.start for other in table.vertical)
    bottom = max(other.end for other in table.vertical)
    near = min(abs(line.at - other.at) for other in table.vertical) <= WIDEST
    return near and abs(line.start - top) <= TOUCH and abs(line.end - bottom) <= TOUCH


def find(leader: list[int], index: int) -> int:
    """Return the leader of an element's set, shortening the way to it."""
    while leader[index] != index:
        leader[index] = leader[leader[index]]
        index = leader[index]
    return index


def union(leader: list[int], one: int, other: int) -> None:
    """Make two elements' sets one."""
    leader[find(leader, one)] = find(leader, other)
