"""A leaf's place in the hierarchy: its names on level 1 to 4 and the cells they stand in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.rows import Leaf
from normalize.text.clean import strip_ordinal, without_points, without_sequel
from normalize.text.units import without_stated_units


@dataclass(frozen=True, slots=True)
class Levels:
    """A leaf's place in the hierarchy, cleaned, ordinals removed; and the cells it stands on.

    ``slots`` says for each cell whose name it gives: 0 for level 1 to 3 for level 4.
    """

    names: tuple[str | None, str | None, str | None, str | None]
    cells: tuple[LogicalCell, ...]
    slots: tuple[int, ...]

    @property
    def leaf(self) -> str:
        """The deepest name."""
        return next((name for name in reversed(self.names) if name), "")


def levels_of(leaf: Leaf, table: LogicalTable, depth: int) -> Levels:
    """Find level 1 to 4 of a leaf; ``depth`` is the deepest nesting of headings in the table.

    A cell that covers several level columns stands on the deepest of them, but for one that covers
    level 3 and 4: that is level 3, not split. The deepest name is level 3, or level 4 where level 3
    is split; what is missing is null.
    """
    names: list[str | None] = [None] * 4
    cells: list[LogicalCell] = []
    of: list[int] = []
    named = list(_named_cells(leaf, table, depth))
    for cell, slot, joined in named:
        cells.append(cell)
        of.append(slot)
        is_leaf = cell is named[-1][0]
        name, before = _name(cell, is_leaf), names[slot] if joined else None
        names[slot] = name if before is None or name is None else f"{before} {name}"
    if names[3] is None and names[2] is None:
        deepest = max((i for i, name in enumerate(names) if name), default=2)
        names[2], names[deepest] = names[deepest], None if deepest != 2 else names[2]
        of = [2 if slot == deepest else slot for slot in of]
    return Levels((names[0], names[1], names[2], names[3]), tuple(cells), tuple(of))


def _named_cells(
    leaf: Leaf, table: LogicalTable, depth: int
) -> Iterator[tuple[LogicalCell, int, bool]]:
    """Yield the cells a leaf stands on with their slots; the names of columns in one slot join."""
    columns = list(table.columns_of(Role.LEVEL))
    slots = _slots(columns, depth)
    for i, heading in enumerate(leaf.headings):
        yield heading, slots.headings[min(i, depth - 1)], False
    seen = {id(heading) for heading in leaf.headings}
    for column in columns:
        cell = leaf.at(column)
        if cell is not None and id(cell) not in seen:
            seen.add(id(cell))
            yield cell, _slot_of(cell, columns, slots.columns), True


def _slot_of(cell: LogicalCell, columns: Sequence[Column], slots: Mapping[int, int]) -> int:
    covered = {slots[c.index] for c in columns if cell.column0 <= c.index < cell.column1}
    return 2 if {2, 3} <= covered else slots[_last_run(cell, columns)]


def _name(cell: LogicalCell, is_leaf: bool) -> str | None:
    """A name as printed, without ordinal and points, a heading's without units and （续）, too."""
    name = strip_ordinal(without_points(cell.text))
    return (name if is_leaf else without_sequel(without_stated_units(name))) or None


def _last_run(cell: LogicalCell, columns: Sequence[Column]) -> int:
    """Return the level column whose slot the cell takes: the first column of its last run."""
    covered = [c for c in columns if cell.column0 <= c.index < cell.column1]
    last = covered[-1]
    return next(c.index for c in covered if c.name == last.name)


@dataclass(frozen=True, slots=True)
class _Slots:
    headings: tuple[int, ...]
    columns: dict[int, int]


def _slots(columns: Sequence[Column], depth: int) -> _Slots:
    """Map heading depths and level columns to level 1 to 4 (as 0 to 3)."""
    runs = list(dict.fromkeys(column.name for column in columns))
    order = _spread(depth, [_printed_level(name) for name in runs])
    slot_of_run = dict(zip(runs, order[depth:], strict=True))
    slots: dict[int, int] = {}
    for i, column in enumerate(columns):
        again = i > 0 and columns[i - 1].name == column.name
        slots[column.index] = min(slot_of_run[column.name] + again, 3)
    return _Slots(tuple(order[:depth]), slots)


def _spread(depth: int, printed: Sequence[int | None]) -> list[int]:
    count = depth + len(printed)
    plain = {1: [2], 2: [0, 2], 3: [0, 1, 2]}.get(count) or [min(i, 3) for i in range(count)]
    slots = plain[:depth]
    for position, level in enumerate(printed):
        deepest = position == len(printed) - 1
        if level is None or (deepest and level < 2):
            slots.append(plain[depth + position])
        else:
            slots.append(min(level, 3))
    return slots


def _printed_level(name: str) -> int | None:
    found = re.search(r"([一二三四1234])级", name)
    return "一二三四1234".index(found.group(1)) % 4 if found else None
