"""The readings of neighbouring rows chosen together: the cheapest path, and what else was near.

Rows constrain each other: a sub-indicator needs a split group above it, a split group needs more
than one, and damage comes in runs (a row damaged like the one before costs little more).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

from common.fold import clean
from common.numbers import counted
from normalize.converted.costs import ColumnPlan, cost, odds
from normalize.converted.forms import SharedPoints
from normalize.converted.row import DROPPED_LEADING, PUSHED_RIGHT, Reading
from normalize.converted.row_prior import Row, new_headings
from normalize.model.table import Role


@dataclass(frozen=True, slots=True)
class Other:
    """A reading, what the cheapest whole that holds it costs more, and what is before and after it.

    ``before`` and ``after`` number the readings of the rows beside it in that whole, ``beside`` are
    the kinds of damage, as bits, that those of its page have.
    """

    margin: float
    reading: Reading
    before: int
    after: int
    beside: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """The readings of a row in their given order, and which was chosen.

    ``beside`` are the kinds of damage, as bits, of the rows above and below it on its page.
    """

    pick: int
    options: tuple[Other, ...]
    beside: int = 0

    @property
    def reading(self) -> Reading:
        """The reading chosen."""
        return self.options[self.pick].reading

    @property
    def margin(self) -> float:
        """What the next best reading costs more."""
        others = (o.margin for k, o in enumerate(self.options) if k != self.pick)
        return min(others, default=float("inf"))


def choose(
    plan: ColumnPlan,
    rows: Sequence[Row],
    readings: Sequence[Sequence[Reading]],
    shared: SharedPoints,
) -> list[Choice]:
    """Choose a reading for every row so that the whole costs least.

    The margin of another reading is the cost of the cheapest whole that holds it, less the
    cheapest whole.
    """
    if not rows:
        return []
    steps = _steps(plan, rows, readings, shared)
    start = [r.cost + start_cost(plan, r, rows[0].suffix) + _top_cost(plan, r) for r in readings[0]]
    ahead = _ahead(start, readings, steps)
    behind = _behind([_end_cost(plan, reading) for reading in readings[-1]], readings, steps)
    ends = [a + b for a, b in zip(ahead[-1], behind[-1], strict=True)]
    best = min(ends)
    chosen = _trace(ends, ahead, readings, steps)
    choices = []
    for row, pick in enumerate(chosen):
        options = tuple(
            Other(
                ahead[row][k] + behind[row][k] - best,
                reading,
                _before(ahead, steps, row, k),
                _after(behind, readings, steps, (row, k)),
            )
            for k, reading in enumerate(readings[row])
        )
        choices.append(Choice(pick, options))
    return [_with_damage_beside(number, rows, choices) for number in range(len(rows))]


def _with_damage_beside(number: int, rows: Sequence[Row], choices: Sequence[Choice]) -> Choice:
    """Return a row's choice with the damage beside it, in the cheapest whole and in each other."""
    choice = choices[number]
    options = [
        replace(option, beside=_beside(number, rows, choices, (option.before, option.after)))
        for option in choice.options
    ]
    chosen = choice.options[choice.pick]
    beside = _beside(number, rows, choices, (chosen.before, chosen.after))
    return replace(choice, options=tuple(options), beside=beside)


def _beside(
    number: int, rows: Sequence[Row], choices: Sequence[Choice], picks: tuple[int, int]
) -> int:
    """Return the kinds of damage of a row's neighbours, as bits, in the readings picked."""
    damage = 0
    for n, pick in zip((number - 1, number + 1), picks, strict=True):
        if 0 <= n < len(rows) and rows[n].part == rows[number].part:
            reading = choices[n].options[pick].reading
            damage |= reading.damage if reading.edit > 0 else 0
    return damage


def _before(ahead: Sequence[Sequence[float]], steps: _Steps, row: int, k: int) -> int:
    """Return the reading of the row before on the cheapest way to a reading."""
    if not row:
        return 0
    costs = ahead[row - 1]
    return min(range(len(costs)), key=lambda j: costs[j] + steps[row - 1][j][k])


_Steps = list[list[list[float]]]


def _after(
    behind: Sequence[Sequence[float]],
    readings: Sequence[Sequence[Reading]],
    steps: _Steps,
    place: tuple[int, int],
) -> int:
    """Return the reading of the row after on the cheapest way from a row's reading."""
    row, k = place
    if row == len(steps):
        return 0
    costs = [
        reading.cost + b for reading, b in zip(readings[row + 1], behind[row + 1], strict=True)
    ]
    return min(range(len(costs)), key=lambda j: costs[j] + steps[row][k][j])


def _steps(
    plan: ColumnPlan,
    rows: Sequence[Row],
    readings: Sequence[Sequence[Reading]],
    shared: SharedPoints,
) -> _Steps:
    """Return the price of each pair of readings of each row and the next."""
    return [
        [
            [
                _step(plan, rows[r], one, rows[r + 1], other) + shared.price(plan, one, other)
                for other in readings[r + 1]
            ]
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


def _behind(
    ends: list[float], readings: Sequence[Sequence[Reading]], steps: _Steps
) -> list[list[float]]:
    costs = [ends]
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
    ends: Sequence[float],
    ahead: Sequence[Sequence[float]],
    readings: Sequence[Sequence[Reading]],
    steps: _Steps,
) -> list[int]:
    pick = min(range(len(ends)), key=lambda k: ends[k])
    chosen = [pick]
    for row in range(len(readings) - 1, 0, -1):
        pick = _before(ahead, steps, row, pick)
        chosen.insert(0, pick)
    return chosen


def _top_cost(plan: ColumnPlan, reading: Reading) -> float:
    """Return the price of headings that the table's very first row does not print."""
    blank = sum(not reading.filled(column) for column in plan.headings)
    return blank * cost("next", "top_blank")


def _end_cost(plan: ColumnPlan, reading: Reading) -> float:
    """Return the price of ending with a row: a split group has more than one."""
    split = plan.second is not None and all(reading.filled(column) for column in plan.leaf)
    return cost("next", "single") if split else 0.0


def _step(plan: ColumnPlan, row: Row, one: Reading, next_row: Row, other: Reading) -> float:
    """Return what a reading costs more (or less) for the reading of the row before."""
    return (
        _split_step(plan, one, (next_row, other))
        + _serial_step(plan, (row, one), (next_row, other))
        + _run_step(plan, row, one, next_row, other)
    )


def _split_step(plan: ColumnPlan, one: Reading, after: tuple[Row, Reading]) -> float:
    """Return the price of a row's kind (whole name, first of a split group, member) after a row."""
    if plan.second is None:
        return 0.0
    row, other = after
    suffix = row.suffix
    was_split = one.filled(plan.second)
    first, second = other.filled(plan.first), other.filled(plan.second)
    if not was_split:
        return start_cost(plan, other, suffix)
    if second and not first:
        new = new_headings(plan, row, other)
        again = cost("next", "reprinted_in_split") if new else 0.0
        return again + cost("leaf", "member" + suffix)
    price = cost("leaf", ("other_split" if second else "leave") + suffix)
    if one.filled(plan.first):
        price += cost("next", "single")
    if plan.points is not None and not other.filled(plan.points):
        price += cost("next", "group_over_split")
    return price


def start_cost(plan: ColumnPlan, reading: Reading, suffix: str) -> float:
    """Return the price of a row's kind where no split group goes before it."""
    if plan.second is None or not any(reading.filled(column) for column in plan.leaf):
        return 0.0
    if not reading.filled(plan.first):
        return cost("next", "orphan")
    kind = "first_of_split" if reading.filled(plan.second) else "whole"
    return cost("leaf", kind + suffix)


def _serial_step(plan: ColumnPlan, one: tuple[Row, Reading], other: tuple[Row, Reading]) -> float:
    for column in plan.columns:
        if column.role is Role.SERIAL:
            texts = (clean(r.text(column.index, row.texts)) for row, r in (one, other))
            before, number = map(counted, texts)
            if before is not None and number is not None and number != before + 1:
                return cost("next", "order")
    return 0.0


def _run_step(plan: ColumnPlan, row: Row, one: Reading, next_row: Row, other: Reading) -> float:
    """Return the discount of a row that is damaged like the one before it.

    What both have is paid once; where the damage of the row before ends, the run's end
    has its price.
    """
    run = cost("edits", "run")
    if one.edit <= run or row.part != next_row.part:
        return 0.0
    if other.edit <= run or one.damage != other.damage:
        return -log(1 - odds("edits", "run"))
    if not _same_shift(plan, (row, one), (next_row, other)):
        if one.damage & PUSHED_RIGHT:
            return -log(1 - odds("edits", "run"))
        run = cost("edits", "run_otherwise")
    return run - min(one.edit, other.edit)


def _same_shift(plan: ColumnPlan, one: tuple[Row, Reading], other: tuple[Row, Reading]) -> bool:
    """Say whether two rows that are damaged alike are also shifted alike.

    Where leading cells were left out, it was all of the blank ones, or the names of both moved to
    the same place. Where a row was pushed right, all behind the names moved to the same places.
    """
    reading, following = one[1], other[1]
    if reading.damage & PUSHED_RIGHT:
        return _pushed_alike(plan, reading, following)
    return not reading.damage & DROPPED_LEADING or _dropped_alike(plan, one, other)


def _pushed_alike(plan: ColumnPlan, reading: Reading, following: Reading) -> bool:
    behind = [c for c in range(len(plan.columns)) if plan.role(c) is not Role.LEVEL]
    pairs = [(reading.places[c], following.places[c]) for c in behind]
    return all(here == there for here, there in pairs if here and there)


def _dropped_alike(plan: ColumnPlan, one: tuple[Row, Reading], other: tuple[Row, Reading]) -> bool:
    (row, reading), (next_row, following) = one, other
    names = [{each.places[c] for c in plan.leaf} - {()} for each in (reading, following)]
    return bool(names[0] & names[1]) or bool(row.texts[0] and next_row.texts[0])
