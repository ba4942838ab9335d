"""The readings of one converted row: its printed cells laid onto the columns, cheapest first.

A reading keeps the order of the cells, gives every text a column and pays for every column
without a cell and every blank without a column (``data/align.toml``). The best few are found by
dynamic programming over (cells consumed, columns filled).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from normalize.align_cost import Fit, cost, is_dash, is_quantity, odds
from normalize.grid import Role

_FREE = 4  # a row is at most this much further off its columns than its length says


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to lay a row onto the columns.

    ``places`` holds for every column the printed cells (0-based) that give its text, ``blanks``
    its printed blank cell, if it has one. ``edit`` is the part of ``cost`` that pays for damage.
    """

    cost: float
    edit: float
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


@dataclass(frozen=True, slots=True)
class _Step:
    """A partial reading; ``mark`` tells apart what differs in its texts' columns."""

    cost: float
    edit: float
    mark: int
    op: _Op
    after: str | None  # the last target text so far
    before: _Step | None
    cell: int
    column: int
    seen: bool


class RowReader:
    """Finds the readings of the rows of one table width."""

    def __init__(self, fit: Fit, width: int) -> None:
        self.fit = fit
        self.plan = fit.plan
        self.count = len(fit.plan.columns)
        self.narrow = self.plan.second is not None and width < self.count
        self._suffix = "_narrow" if self.narrow else ""

    def readings(self, cells: Sequence[str]) -> list[Reading]:
        """Return the readings of a row, cheapest first; there is always one for a row with text.

        Raises nothing: a row of more texts than columns has cells joined, at a price.
        """
        layers = self._search(cells)
        found = [_reading(step, self.count) for step in layers.get(self.count, [])]
        priced = [self._priced(reading, cells) for reading in found]
        return sorted(priced, key=lambda reading: reading.cost)

    def _search(self, cells: Sequence[str]) -> dict[int, list[_Step]]:
        last = max((i for i, text in enumerate(cells) if text), default=-1)
        start = _Step(0.0, 0.0, 0, _Op.START, None, None, -1, -1, seen=False)
        layer = self._with_drops({0: [start]}, cells, 0, last)
        for index in range(len(cells)):
            grown: dict[int, list[_Step]] = {}
            for column, steps in layer.items():
                for step in steps:
                    for at, next_step in self._consume(step, column, cells, index, last):
                        if abs(at - index - 1) <= _FREE + abs(self.count - len(cells)):
                            grown.setdefault(at, []).append(next_step)
            layer = self._with_drops(grown, cells, index + 1, last)
        return layer

    def _with_drops(
        self, layer: dict[int, list[_Step]], cells: Sequence[str], index: int, last: int
    ) -> dict[int, list[_Step]]:
        """Let columns go without a cell, then keep the best of each state."""
        best = min((s.cost for steps in layer.values() for s in steps), default=0.0)
        kept: dict[int, list[_Step]] = {}
        for column in range(self.count + 1):
            steps = _best(layer.get(column, []), best + odds("doubt", "beam"))
            if not steps:
                continue
            kept[column] = steps
            if column < self.count:
                ended = index >= len(cells) == last + 1
                dropped = [self._drop(step, column, ended=ended) for step in steps]
                layer.setdefault(column + 1, []).extend(dropped)
        return kept

    def _consume(
        self, step: _Step, column: int, cells: Sequence[str], index: int, last: int
    ) -> Iterator[tuple[int, _Step]]:
        text = cells[index]
        if column < self.count:
            yield column + 1, self._match(step, column, index, text)
        if not text:
            yield column, self._spare(step, column, index, trailing=index > last)
        elif step.op is _Op.TEXT and column:
            price = cost("edits", "joined")
            mark = hash((step.mark, index, column - 1))
            yield (
                column,
                _Step(
                    step.cost + price,
                    step.edit,
                    mark,
                    _Op.TEXT,
                    step.after,
                    step,
                    index,
                    column - 1,
                    seen=True,
                ),
            )

    def _match(self, step: _Step, column: int, index: int, text: str) -> _Step:
        target = self.plan.role(column) is Role.TARGET
        if text:
            price = self.fit.text(column, text)
            mark = hash((step.mark, index, column))
            after = text if target else step.after
            return _Step(
                step.cost + price, step.edit, mark, _Op.TEXT, after, step, index, column, seen=True
            )
        price = self._blank(step, column)
        return _Step(
            step.cost + price,
            step.edit,
            step.mark,
            _Op.BLANK,
            step.after,
            step,
            index,
            column,
            seen=step.seen,
        )

    def _blank(self, step: _Step, column: int) -> float:
        if column == self.plan.second and step.op is _Op.TEXT:
            return cost("pair", "printed_blank" + self._suffix)
        return self.fit.blank(column, step.after, again=step.op is _Op.BLANK)

    def _spare(self, step: _Step, column: int, index: int, *, trailing: bool) -> _Step:
        if trailing:
            price, edit = cost("edits", "pad"), 0.0
        else:
            price = edit = cost("edits", self._spare_kind(step, column))
        return _Step(
            step.cost + price,
            step.edit + edit,
            step.mark,
            _Op.SPARE,
            step.after,
            step,
            index,
            -1,
            seen=step.seen,
        )

    def _spare_kind(self, step: _Step, column: int) -> str:
        if not step.seen:
            return "insert_leading"
        if step.after is not None and column and self.plan.role(column - 1) is Role.TARGET:
            return "insert_merged"
        return "insert_other"

    def _drop(self, step: _Step, column: int, *, ended: bool) -> _Step:
        price, damage = self._drop_price(step, column, ended=ended)
        return _Step(
            step.cost + price,
            step.edit + (price if damage else 0.0),
            step.mark,
            _Op.DROP,
            step.after,
            step,
            -1,
            column,
            seen=step.seen,
        )

    def _drop_price(self, step: _Step, column: int, *, ended: bool) -> tuple[float, bool]:
        """Return the price of a column without a cell, and whether it is damage."""
        again = step.op is _Op.DROP
        if column == self.plan.second and step.op is _Op.TEXT:
            return cost("pair", "unprinted" + self._suffix), False
        if column == self.plan.first and self.narrow and (step.seen or not again):
            return cost("pair", "second_alone"), False
        if not step.seen and self.plan.role(column) in (Role.LEVEL, Role.SERIAL):
            return cost("edits", "drop_more" if again else "drop_first"), True
        if ended:
            return cost("edits", "cut_more" if again else "cut_first"), True
        return cost("edits", self._drop_kind(step, column)), True

    def _drop_kind(self, step: _Step, column: int) -> str:
        role = self.plan.role(column)
        if role is Role.TARGET and step.after is not None:
            return "merged_not_printed"
        if column == self.plan.points:
            return "points_not_printed"
        if role in (Role.UNIT, Role.NOTE, Role.METHOD, Role.SUPPORTING):
            return "optional_not_printed"
        return "drop_other"

    def _priced(self, reading: Reading, cells: Sequence[str]) -> Reading:
        """Add what the row as a whole must be."""
        extra = sum(self._of_the_whole(reading, cells))
        return Reading(reading.cost + extra, reading.edit, reading.places, reading.blanks)

    def _of_the_whole(self, reading: Reading, cells: Sequence[str]) -> Iterator[float]:
        plan = self.plan
        if not any(reading.filled(column) for column in plan.leaf):
            yield cost("row", "no_leaf")
        if not any(reading.filled(column) for column in plan.targets):
            yield cost("row", "no_target")
        new = [column for column in plan.headings if reading.filled(column)]
        own = plan.points is not None and reading.filled(plan.points)
        if plan.points is not None and not own and new:
            yield cost("row", "group_over_heading")
        assessing = [c for c in plan.departments if plan.role(c) is Role.ASSESSING]
        if own and assessing and not any(reading.filled(c) for c in assessing):
            cut = all(reading.blanks[c] is None for c in assessing)
            yield 0.0 if cut else cost("row", "department_lost")
        if new and new[-1] != plan.headings[-1]:
            yield cost("row", "level1_alone")
        if gaps := self._gaps_in_numbers(reading, cells):
            yield gaps * cost("row", "gap_in_numbers")

    def _gaps_in_numbers(self, reading: Reading, cells: Sequence[str]) -> int:
        """Count the runs of blanks beside targets of which several are numbers and none a text."""
        texts = [reading.text(column, cells) for column in self.plan.targets]
        values = [text for text in texts if text and not is_dash(text)]
        if len(values) < 2 or not all(map(is_quantity, values)):
            return 0
        return sum(not text and (i == 0 or bool(texts[i - 1])) for i, text in enumerate(texts))


def _best(steps: Sequence[_Step], limit: float) -> list[_Step]:
    """Return the cheapest steps, one for each way to place the texts and each last step."""
    keep = int(odds("doubt", "keep"))
    seen: set[tuple[int, int]] = set()
    kept: list[_Step] = []
    for step in sorted(steps, key=lambda s: s.cost):
        key = (step.mark, int(step.op))
        if step.cost > limit or len(kept) >= keep:
            break
        if key not in seen:
            seen.add(key)
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
    return Reading(step.cost, step.edit, tuple(places), tuple(blanks))


def distinct(readings: Sequence[Reading]) -> list[Reading]:
    """Keep the cheapest of the readings that place the texts alike; input cheapest first."""
    kept: dict[tuple[tuple[int, ...], ...], Reading] = {}
    for reading in readings:
        kept.setdefault(reading.places, reading)
    return list(kept.values())
