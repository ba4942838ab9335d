"""The best one-to-one assignment over weighted pairs, exactly.

Pairs fall into connected components that have nothing to do with each other; each is solved by
the Hungarian method with potentials (Kuhn 1955, in the form that adds one row at a time), which
proves its own result: with the potentials it ends with, no other assignment can be worth more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

Pair = tuple[int, int]


def best_assignment(gains: Mapping[Pair, float]) -> dict[int, int]:
    """Return the assignment of the largest sum of gains; every gain is positive.

    Keys are (left, right); nothing is assigned that has no gain, and no side twice.
    """
    assigned: dict[int, int] = {}
    for lefts, rights in components(gains):
        assigned.update(_solve(lefts, rights, gains))
    return dict(sorted(assigned.items()))


def components(gains: Mapping[Pair, float]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the connected components of the pairs: their left and right ends, in order."""
    of_left: dict[int, list[int]] = {}
    of_right: dict[int, list[int]] = {}
    for left, right in sorted(gains):
        of_left.setdefault(left, []).append(right)
        of_right.setdefault(right, []).append(left)
    seen: set[int] = set()
    for start in of_left:
        if start in seen:
            continue
        lefts, rights, waiting = {start}, set(), [start]
        while waiting:
            for right in of_left[waiting.pop()]:
                rights.add(right)
                fresh = set(of_right[right]) - lefts
                lefts |= fresh
                waiting.extend(fresh)
        seen |= lefts
        yield sorted(lefts), sorted(rights)


def _solve(
    lefts: Sequence[int], rights: Sequence[int], gains: Mapping[Pair, float]
) -> Iterator[Pair]:
    """Yield one component's assignment: each left may also take a place of its own for nothing."""
    if len(lefts) == len(rights) == 1:
        yield lefts[0], rights[0]
        return
    costs = [
        [-gains.get((left, right), 0.0) for right in rights] + [0.0] * len(lefts) for left in lefts
    ]
    for row, column in enumerate(_hungarian(costs)):
        if column < len(rights) and (lefts[row], rights[column]) in gains:
            yield lefts[row], rights[column]


def _hungarian(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row in the assignment of least cost; no more rows than columns."""
    rows, columns = len(costs), len(costs[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)  # the potentials
    row_at = [0] * (columns + 1)  # which row (from 1) holds each column (from 1); 0: none
    for row in range(1, rows + 1):
        row_at[0] = row
        path = _shortest_path(costs, of_row, of_column, row_at)
        for column, before in path:
            row_at[column] = row_at[before]
    found = [0] * rows
    for column in range(1, columns + 1):
        if row_at[column]:
            found[row_at[column] - 1] = column - 1
    return found


def _shortest_path(
    costs: Sequence[Sequence[float]],
    of_row: list[float],
    of_column: list[float],
    row_at: Sequence[int],
) -> list[Pair]:
    """Return the cheapest chain of exchanges that frees a column, as (column, the one before).

    Raises the potentials on the way, so that no reduced cost is ever negative.
    """
    count = len(of_column)
    least, before, done = [float("inf")] * count, [0] * count, [False] * count
    column = 0
    while row_at[column]:
        done[column] = True
        row = row_at[column]
        step, nearest = float("inf"), 0
        for other in range(1, count):
            if done[other]:
                continue
            reduced = costs[row - 1][other - 1] - of_row[row] - of_column[other]
            if reduced < least[other]:
                least[other], before[other] = reduced, column
            if least[other] < step:
                step, nearest = least[other], other
        for other in range(count):
            if done[other]:
                of_row[row_at[other]] += step
                of_column[other] -= step
            else:
                least[other] -= step
        column = nearest
    path = []
    while column:
        path.append((column, before[column]))
        column = before[column]
    return path
