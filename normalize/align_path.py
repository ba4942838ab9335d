"""The readings of neighbouring rows chosen together: the cheapest path, and what else was near.

Rows constrain each other: a sub-indicator needs a split group above it, a split group needs more
than one, and damage comes in runs (a row damaged like the one before costs little more).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from normalize.align_cost import Plan, cost, odds
from normalize.align_row import Reading
from normalize.grid import Role
from normalize.text import clean
from schemas.document import Cell


@dataclass(frozen=True, slots=True)
class Row:
    """A body row of a converted table: its printed cells (blanks too) and their texts."""

    part: int
    cells: tuple[Cell, ...]
    texts: tuple[str, ...]
    first: bool  # the first body row of its page
    narrow: bool = False  # its page has no room for a level in two places

    @property
    def suffix(self) -> str:
        """The ending of the odds that hold for its page."""
        return "_narrow" if self.narrow else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The reading chosen for a row and the others, each with what the whole would cost more."""

    reading: Reading
    others: tuple[tuple[float, Reading], ...]


def choose(plan: Plan, rows: Sequence[Row], readings: Sequence[Sequence[Reading]]) -> list[Choice]:
    """Choose a reading for every row so that the whole costs least.

    The margin of another reading is the cost of the cheapest whole that holds it, less the
    cheapest whole.
    """
    if not rows:
        return []
    steps = _steps(plan, rows, readings)
    start = [r.cost + start_cost(plan, r, rows[0].suffix) for r in readings[0]]
    ahead = _ahead(start, readings, steps)
    behind = _behind(readings, steps)
    best = min(ahead[-1])
    chosen = _trace(ahead, readings, steps)
    choices = []
    for row, pick in enumerate(chosen):
        totals = [a + b for a, b in zip(ahead[row], behind[row], strict=True)]
        others = [
            (total - best, reading)
            for k, (total, reading) in enumerate(zip(totals, readings[row], strict=True))
            if k != pick
        ]
        others.sort(key=lambda item: item[0])
        choices.append(Choice(readings[row][pick], tuple(others)))
    return choices


_Steps = list[list[list[float]]]


def _steps(plan: Plan, rows: Sequence[Row], readings: Sequence[Sequence[Reading]]) -> _Steps:
    """Return the price of each pair of readings of each row and the next."""
    return [
        [
            [_step(plan, rows[r], one, rows[r + 1], other) for other in readings[r + 1]]
            for one in readings[r]
        ]
        for r in range(len(rows) - 1)
    ]


def _ahead(
    start: list[float], readings: Sequence[Sequence[Reading]], steps: _Steps
) -> list[list[float]]:
    costs = [start]
    for r, step in enumerate(steps):
        before = costs[-1]
        costs.append(
            [
                reading.cost + min(before[j] + step[j][k] for j in range(len(before)))
                for k, reading in enumerate(readings[r + 1])
            ]
        )
    return costs


def _behind(readings: Sequence[Sequence[Reading]], steps: _Steps) -> list[list[float]]:
    costs = [[0.0] * len(readings[-1])]
    for r in range(len(steps) - 1, -1, -1):
        after = costs[0]
        follow = readings[r + 1]
        costs.insert(
            0,
            [
                min(row[k] + follow[k].cost + after[k] for k in range(len(follow)))
                for row in steps[r]
            ],
        )
    return costs


def _trace(
    ahead: Sequence[Sequence[float]], readings: Sequence[Sequence[Reading]], steps: _Steps
) -> list[int]:
    pick = min(range(len(ahead[-1])), key=lambda k: ahead[-1][k])
    chosen = [pick]
    for r in range(len(steps) - 1, -1, -1):
        pick = min(range(len(readings[r])), key=lambda j: ahead[r][j] + steps[r][j][pick])
        chosen.insert(0, pick)
    return chosen


def _step(plan: Plan, row: Row, one: Reading, next_row: Row, other: Reading) -> float:
    """Return what a reading costs more (or less) for the reading of the row before."""
    return (
        _split_step(plan, one, other, next_row.suffix)
        + _serial_step(plan, (row, one), (next_row, other))
        + _run_step(plan, row, one, next_row, other)
    )


def _split_step(plan: Plan, one: Reading, other: Reading, suffix: str) -> float:
    """Return the price of a row's kind (whole name, first of a split group, member) after a row."""
    if plan.second is None:
        return 0.0
    was_split = one.filled(plan.second)
    first, second = other.filled(plan.first), other.filled(plan.second)
    if not was_split:
        return start_cost(plan, other, suffix)
    if second and not first:
        new_heading = any(other.filled(column) for column in plan.headings)
        again = cost("next", "reprinted_in_split") if new_heading else 0.0
        return again + cost("leaf", "member" + suffix)
    price = cost("leaf", ("other_split" if second else "leave") + suffix)
    if one.filled(plan.first):
        price += cost("next", "single")
    if plan.points is not None and not other.filled(plan.points):
        price += cost("next", "group_over_split")
    return price


def start_cost(plan: Plan, reading: Reading, suffix: str) -> float:
    """Return the price of a row's kind where no split group goes before it."""
    if plan.second is None or not any(reading.filled(column) for column in plan.leaf):
        return 0.0
    if not reading.filled(plan.first):
        return cost("next", "orphan")
    kind = "first_of_split" if reading.filled(plan.second) else "whole"
    return cost("leaf", kind + suffix)


def _serial_step(plan: Plan, one: tuple[Row, Reading], other: tuple[Row, Reading]) -> float:
    for column in plan.columns:
        if column.role is Role.SERIAL:
            numbers = [clean(r.text(column.index, row.texts)) for row, r in (one, other)]
            if all(n.isdecimal() for n in numbers) and int(numbers[1]) != int(numbers[0]) + 1:
                return cost("next", "order")
    return 0.0


def _run_step(plan: Plan, row: Row, one: Reading, next_row: Row, other: Reading) -> float:
    """Return the discount of a row that is damaged like the one before it.

    What both have is paid once; where the damage of the row before does not go on, the run's end
    has its price.
    """
    run = cost("edits", "run")
    if one.edit <= run or row.part != next_row.part:
        return 0.0
    if other.edit <= run or not _alike(plan, (row, one), (next_row, other)):
        return -log(1 - odds("edits", "run"))
    return run - min(one.edit, other.edit)


def _alike(plan: Plan, one: tuple[Row, Reading], other: tuple[Row, Reading]) -> bool:
    """Say whether two rows have their name and all that both print in the same places."""
    if len(one[0].cells) != len(other[0].cells):
        return False
    names = [{reading.places[c] for c in plan.leaf} - {()} for _, reading in (one, other)]
    if not names[0] & names[1]:
        return False
    rest = [c for c in range(len(plan.columns)) if c not in plan.leaf]
    pairs = [(one[1].places[c], other[1].places[c]) for c in rest]
    return all(a == b for a, b in pairs if a and b)
