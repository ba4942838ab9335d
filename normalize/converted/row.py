"""The readings of one converted row: its printed cells laid onto the columns, cheapest first.

A reading keeps the order of the cells, gives every text a column and pays for every column
without a cell and every blank without a column (``data/align.toml``). The best few are found by
dynamic programming over (cells consumed, columns filled).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from operator import attrgetter
from typing import NamedTuple

from normalize.converted.costs import ColumnCosts, cost, odds
from normalize.model.table import Role

_FREE = 4  # a row is at most this much further off its columns than its length shows


class Edit(StrEnum):
    """What may have happened to a row; the names are those of the declared odds."""

    DROP_FIRST = "drop_first"
    DROP_MORE = "drop_more"
    CUT_FIRST = "cut_first"
    CUT_MORE = "cut_more"
    MERGED = "merged_not_printed"
    POINTS = "points_not_printed"
    OPTIONAL = "optional_not_printed"
    OTHER = "drop_other"
    INSERT_LEADING = "insert_leading"
    INSERT_MERGED = "insert_merged"
    INSERT_OTHER = "insert_other"


# What two rows must share to count as damaged alike; a cut only follows from the rest.
_KINDS = {
    Edit.DROP_FIRST: 1,
    Edit.DROP_MORE: 1,
    Edit.CUT_FIRST: 0,
    Edit.CUT_MORE: 0,
    Edit.MERGED: 2,
    Edit.POINTS: 4,
    Edit.OPTIONAL: 0,
    Edit.OTHER: 8,
    Edit.INSERT_LEADING: 16,
    Edit.INSERT_MERGED: 32,
    Edit.INSERT_OTHER: 64,
}
DROPPED_LEADING = _KINDS[Edit.DROP_FIRST]
PUSHED_RIGHT = _KINDS[Edit.INSERT_LEADING]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to lay a row onto the columns.

    ``places`` holds for every column the printed cells (0-based) that give its text, ``blanks``
    its printed blank cell, if it has one. ``edit`` is the part of ``cost`` that pays for damage,
    ``damage`` the kinds of damage as bits.
    """

    cost: float
    edit: float
    damage: int
    places: tuple[tuple[int, ...], ...]
    blanks: tuple[int | None, ...]

    def filled(self, column: int) -> bool:
        """Say whether the column has a text."""
        return bool(self.places[column])

    def text(self, column: int, cells: Sequence[str]) -> str:
        """Return the column's text as printed; a broken cell's pieces are put together."""
        return "".join(cells[i] for i in self.places[column])


class _Op(IntEnum):
    START = 0
    TEXT = 1
    BLANK = 2
    DROP = 3
    SPARE = 4


class _Step(NamedTuple):
    """A partial reading; ``mark`` differs with the columns of its texts."""

    cost: float
    edit: float
    damage: int
    mark: int
    op: _Op
    after: str | None  # the last target text so far
    seen: bool  # a text has come
    before: _Step | None
    cell: int
    column: int

    def then(self, op: _Op, price: float, cell: int, column: int) -> _Step:
        """Return the step after this one that is no damage and places no text."""
        _, edit, damage, mark, _, after, seen, _, _, _ = self
        return _Step(self.cost + price, edit, damage, mark, op, after, seen, self, cell, column)

    def damaged(self, edit: Edit, op: _Op, cell: int, column: int) -> _Step:
        """Return the step after this one that explains some damage."""
        price = cost("edits", edit)
        paid, kinds = self.edit + price, self.damage | _KINDS[edit]
        _, _, _, mark, _, after, seen, _, _, _ = self
        return _Step(self.cost + price, paid, kinds, mark, op, after, seen, self, cell, column)

    def placing(self, price: float, cell: int, column: int, after: str | None) -> _Step:
        """Return the step after this one that gives a text its column."""
        mark = hash((self.mark, cell, column))
        total, damage = self.cost + price, self.damage
        return _Step(total, self.edit, damage, mark, _Op.TEXT, after, True, self, cell, column)


class RowReader:
    """Finds the readings of a page's rows; none that is dearer by ``beam`` is followed.

    ``second_column`` is the ending of the odds that say where the page prints a level in two.
    """

    def __init__(self, costs: ColumnCosts, second_column: str, beam: float) -> None:
        self.costs = costs
        self.beam = beam
        self.plan = costs.plan
        self.count = len(costs.plan.columns)
        self.narrow = second_column == "_narrow"
        self._suffix = second_column

    def readings(self, cells: Sequence[str]) -> list[Reading]:
        """Return the readings of a row; one at least for a row with text.

        A row of more texts than columns has cells joined, at a price.
        """
        last = max((i for i, text in enumerate(cells) if text), default=-1)
        start = _Step(0.0, 0.0, 0, 0, _Op.START, None, False, None, -1, -1)
        layer = self._with_drops({0: [start]}, ended=False)
        for index in range(len(cells)):
            grown: dict[int, list[_Step]] = {}
            for column, steps in layer.items():
                for step in steps:
                    for at, following in self._consume(step, column, (index, cells[index]), last):
                        if abs(at - index - 1) <= _FREE + abs(self.count - len(cells)):
                            grown.setdefault(at, []).append(following)
            layer = self._with_drops(grown, ended=index + 1 == len(cells))
        return [_reading(step, self.count) for step in layer.get(self.count, [])]

    def _with_drops(self, layer: dict[int, list[_Step]], *, ended: bool) -> dict[int, list[_Step]]:
        """Let columns go without a cell, then keep the best of each state."""
        best = min((s.cost for steps in layer.values() for s in steps), default=0.0)
        kept: dict[int, list[_Step]] = {}
        for column in range(self.count + 1):
            steps = _best(layer.get(column, []), best + self.beam)
            if not steps:
                continue
            kept[column] = steps
            if column < self.count:
                following = layer.setdefault(column + 1, [])
                following += [self._drop(step, column, ended=ended) for step in steps]
        return kept

    def _consume(
        self, step: _Step, column: int, printed: tuple[int, str], last: int
    ) -> Iterator[tuple[int, _Step]]:
        """Yield what may be done with the next printed cell, and the columns filled then."""
        index, text = printed
        if not text:
            if column < self.count:
                yield column + 1, step.then(_Op.BLANK, self._blank(step, column), index, column)
            full = column == self.count and index > last
            yield column, self._spare(step, column, index, pad=full)
            return
        if column < self.count:
            target = self.plan.role(column) is Role.TARGET
            price = self.costs.text(column, text)
            yield column + 1, step.placing(price, index, column, text if target else step.after)
        if step.op is _Op.TEXT and column:
            yield column, step.placing(cost("edits", "joined"), index, column - 1, step.after)

    def _blank(self, step: _Step, column: int) -> float:
        if column == self.plan.second and step.op is _Op.TEXT:
            return cost("pair", "printed_blank" + self._suffix)
        return self.costs.blank(column, step.after, again=step.op is _Op.BLANK)

    def _spare(self, step: _Step, column: int, index: int, *, pad: bool) -> _Step:
        """Let a printed blank go without a column: behind the last column it only pads the row."""
        if pad:
            return step.then(_Op.SPARE, cost("edits", "pad"), index, -1)
        if not step.seen:
            edit = Edit.INSERT_LEADING
        elif step.after is not None and column and self.plan.role(column - 1) is Role.TARGET:
            edit = Edit.INSERT_MERGED
        else:
            edit = Edit.INSERT_OTHER
        return step.damaged(edit, _Op.SPARE, index, -1)

    def _drop(self, step: _Step, column: int, *, ended: bool) -> _Step:
        """Let a column go without a cell."""
        if column == self.plan.second and step.op is _Op.TEXT:
            return step.then(_Op.DROP, cost("pair", "unprinted" + self._suffix), -1, column)
        again = step.op is _Op.DROP
        if column == self.plan.first and self.narrow and (step.seen or not again):
            return step.then(_Op.DROP, cost("pair", "second_alone"), -1, column)
        return step.damaged(self._drop_kind(step, column, ended=ended), _Op.DROP, -1, column)

    def _drop_kind(self, step: _Step, column: int, *, ended: bool) -> Edit:
        again = step.op is _Op.DROP
        role = self.plan.role(column)
        if not step.seen and role in (Role.LEVEL, Role.SERIAL):
            return Edit.DROP_MORE if again else Edit.DROP_FIRST
        if ended:
            return Edit.CUT_MORE if again else Edit.CUT_FIRST
        if role is Role.TARGET and step.after is not None:
            return Edit.MERGED
        if column == self.plan.points:
            return Edit.POINTS
        optional = role in (Role.UNIT, Role.NOTE, Role.METHOD, Role.SUPPORTING, Role.UNKNOWN)
        return Edit.OPTIONAL if optional else Edit.OTHER


_cost_of = attrgetter("cost")


def _best(steps: Sequence[_Step], limit: float) -> list[_Step]:
    """Return the cheapest steps, one for each way to place the texts and each last step."""
    keep = int(odds("doubt", "keep"))
    seen: set[tuple[int, int]] = set()
    kept: list[_Step] = []
    near = [step for step in steps if step.cost <= limit]
    for step in sorted(near, key=_cost_of):
        state = (step.mark, int(step.op))
        if len(kept) >= keep:
            break
        if state not in seen:
            seen.add(state)
            kept.append(step)
    return kept


def _reading(step: _Step, count: int) -> Reading:
    places: list[tuple[int, ...]] = [()] * count
    blanks: list[int | None] = [None] * count
    at: _Step | None = step
    while at is not None:
        if at.op is _Op.TEXT:
            places[at.column] = (at.cell, *places[at.column])
        elif at.op is _Op.BLANK:
            blanks[at.column] = at.cell
        at = at.before
    return Reading(step.cost, step.edit, step.damage, tuple(places), tuple(blanks))
