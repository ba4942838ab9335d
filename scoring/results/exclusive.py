"""Repairs of a doubtful total are alternatives: one of them is meant, never all together.

Each widens the interval of its own rows by what it may take or give. In a sum over several of them
only the one that widens it most counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from scoring.points.alternatives import NO_CHOICE, Readings


@dataclass(frozen=True, slots=True)
class Widening:
    """How far, in points, one ``repair`` of a doubt (``choice``) widens the interval of a row."""

    choice: int
    repair: int
    row: int
    down: float
    up: float


_Ends = tuple[float, float]


def widenings(readings: Readings | None) -> list[Widening]:
    """Return how far repairs of totals widen their rows.

    A row that is in several doubts, or that has other readings besides, is left as wide as it is.
    """
    if readings is None:
        return []
    doubts: dict[int, set[int]] = {}
    for row, choice in zip(readings.row.tolist(), readings.choice.tolist(), strict=True):
        doubts.setdefault(row, set()).add(choice)
    alone = [at for at, row in enumerate(readings.row.tolist()) if len(doubts[row]) == 1]
    return [
        Widening(
            int(readings.choice[at]),
            int(readings.repair[at]),
            int(readings.row[at]),
            max(float(readings.own_low[at] - readings.low[at]), 0.0),
            max(float(readings.high[at] - readings.own_high[at]), 0.0),
        )
        for at in alone
        if readings.choice[at] != NO_CHOICE and not np.isnan(readings.own_high[at])
    ]


def surplus(found: Iterable[Widening]) -> tuple[float, float]:
    """Return by how much the sum over the rows of one heading is too wide, down and up."""
    doubts: dict[int, list[Widening]] = {}
    for each in found:
        doubts.setdefault(each.choice, []).append(each)
    of_each = [_surplus(own) for own in doubts.values()]
    return sum(down for down, _ in of_each), sum(up for _, up in of_each)


def _surplus(found: Iterable[Widening]) -> tuple[float, float]:
    """Return what the rows of one doubt come to one by one, less the repair that does most."""
    of_row: dict[int, _Ends] = {}
    of_repair: dict[int, _Ends] = {}
    for each in found:
        down, up = of_row.get(each.row, (0.0, 0.0))
        of_row[each.row] = (max(down, each.down), max(up, each.up))
        down, up = of_repair.get(each.repair, (0.0, 0.0))
        of_repair[each.repair] = (down + each.down, up + each.up)
    return _end(of_row, of_repair, 0), _end(of_row, of_repair, 1)


def _end(of_row: Mapping[int, _Ends], of_repair: Mapping[int, _Ends], end: int) -> float:
    one_by_one = sum(each[end] for each in of_row.values())
    return max(one_by_one - max(each[end] for each in of_repair.values()), 0.0)
