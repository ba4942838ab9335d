"""Tables whose outer rules are missing: the grid closes where its lines end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from extract.page.rules import Group, RuleLine, cluster

OVERHANG = 6.0
"""Lines that run on this far (points) beyond the last rule across them enclose an open column."""
ALIKE = 4.0
"""Edges of two pieces of a table may differ by this much."""
TALLEST_HEADING = 2.2
"""A heading row between two pieces of an open table is at most this many usual rows tall."""

Point = tuple[float, float]


def extent_edges(group: Group, ink: Sequence[Point]) -> tuple[list[float], list[float]]:
    """Return the x and y edges of a group: its lines, and the ends of lines that run beyond."""
    xs = sorted({line.at for line in group.vertical})
    ys = sorted({line.at for line in group.horizontal})
    x_ends = _open_ends(group.horizontal, xs, [x for x, _ in ink])
    y_ends = _open_ends(group.vertical, ys, [y for _, y in ink])
    return sorted(xs + x_ends), sorted(ys + y_ends)


def _open_ends(
    lines: Sequence[RuleLine], edges: Sequence[float], ink: Sequence[float]
) -> list[float]:
    """Return the ends of lines beyond the outermost edges, where enough lines agree on them."""
    ends = []
    needed = 2 if len(lines) > 2 else 1
    starts = [line.start for line in lines if line.start < edges[0] - OVERHANG]
    stops = [line.end for line in lines if line.end > edges[-1] + OVERHANG]
    if len(starts) >= needed and any(median(starts) < at < edges[0] for at in ink):
        ends.append(median(starts))
    if len(stops) >= needed and any(edges[-1] < at < median(stops) for at in ink):
        ends.append(median(stops))
    return ends


def join_open_groups(groups: Sequence[Group], ink: Sequence[Point]) -> list[Group]:
    """Join pieces of a table without margin rules that full-width heading rows set apart.

    Nothing connects such pieces but their equal columns and a gap as tall as a row, with text in
    it. A single line closes a heading row at the table's end. Groups that enclose nothing by
    themselves and belong to no other are left out.
    """
    joined: list[Group] = []
    for group in groups:
        if joined and _continues(joined[-1], group, ink):
            joined[-1] = Group(
                joined[-1].horizontal + group.horizontal, joined[-1].vertical + group.vertical
            )
        else:
            joined.append(group)
    return [group for group in joined if group.vertical]


def _continues(above: Group, below: Group, ink: Sequence[Point]) -> bool:
    bottom = max(line.at for line in above.horizontal)
    top = min(line.at for line in below.horizontal)
    if not 0 < top - bottom <= TALLEST_HEADING * _usual_row(above, below):
        return False
    if any(line.end > bottom + ALIKE for line in above.vertical):
        return False
    if not (_is_open(above) and _is_open(below) and _same_columns(above, below)):
        return False
    left, right = _ends(above)
    return any(bottom < y < top and left < x < right for x, y in ink)


def _usual_row(above: Group, below: Group) -> float:
    heights = [
        height
        for group in (above, below)
        for height in _steps(sorted(line.at for line in group.horizontal))
    ]
    return median(heights) if heights else 0.0


def _steps(edges: Sequence[float]) -> list[float]:
    return [b - a for a, b in pairwise(edges) if b - a > ALIKE]


def _is_open(group: Group) -> bool:
    """Tell whether a group has no rule at its left nor at its right end."""
    left = min(line.start for line in group.horizontal)
    right = max(line.end for line in group.horizontal)
    xs = [line.at for line in group.vertical]
    if not xs:
        return True
    return min(xs) > left + OVERHANG and max(xs) < right - OVERHANG


def _same_columns(above: Group, below: Group) -> bool:
    """Tell whether two groups end at the same places and the columns of one are among the other's.

    A piece of few rows may lack columns that are merged in all of them.
    """
    ends = zip(_ends(above), _ends(below), strict=True)
    if any(abs(one - other) > ALIKE for one, other in ends):
        return False
    one, other = _columns(above), _columns(below)
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    return bool(more) and all(min(abs(x - y) for y in more) <= ALIKE for x in fewer)


def _ends(group: Group) -> tuple[float, float]:
    return (
        min(line.start for line in group.horizontal),
        max(line.end for line in group.horizontal),
    )


def _columns(group: Group) -> list[float]:
    xs = sorted(line.at for line in group.vertical)
    return [xs[run.start] for run in cluster(xs, ALIKE)]
