"""Values that a person decided, put in the place of what was read before anything follows of it.

Targets and points are replaced as texts of their cells, so that they are typed, shared and summed
like printed ones; an indicator's names, unit, departments and remarks as values.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.fold import clean
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.groups import Weight, finest_points_column
from normalize.points.levels import Levels
from normalize.points.rows import Leaf
from normalize.text.departments import DepartmentReading, split_departments
from normalize.text.units import UnitReading
from schemas.records.corrections import Content
from schemas.vocabulary import TargetStatus

LEVELS = ("level1", "level2", "level3", "level4")


@dataclass(frozen=True, slots=True)
class Decisions:
    """Right values by serial number, column and entity (None: not an entity's).

    ``first`` is the serial number of the first leaf that they are for.
    """

    values: Mapping[tuple[int, str, str | None], Content] = field(default_factory=dict)
    first: int = 1

    def of(self, first: int, count: int) -> Decisions:
        """Return those for ``count`` leaves, the first of which has the serial number ``first``."""
        own = range(first, first + count)
        return Decisions({key: v for key, v in self.values.items() if key[0] in own}, first)

    def has(self, serial_no: int, column: str) -> bool:
        """Whether this field of the indicator was decided."""
        return (serial_no, column, None) in self.values

    def text(self, serial_no: int, column: str, read: str | None) -> str | None:
        """Return the decided text of an indicator's field, what was read where there is none."""
        value = self.values.get((serial_no, column, None))
        return (clean(value) or None) if isinstance(value, str) else read

    def base(self, serial_no: int, entity: str) -> str | None:
        """Return what a person says that an entity had reached before, None where nobody did."""
        value = self.values.get((serial_no, "base_text", entity))
        return value if isinstance(value, str) else None

    def status(self, serial_no: int, entity: str, read: TargetStatus) -> TargetStatus:
        """Return whether an entity is assessed, as decided or as read."""
        value = self.values.get((serial_no, "status", entity))
        return read if value is None else TargetStatus(str(value))

    def name(self, serial_no: int, read: UnitReading) -> UnitReading:
        """Return the indicator's name, as decided or as read."""
        name = self.text(serial_no, "indicator", None)
        return read if name is None else UnitReading(name, read.unit)

    def departments(
        self, serial_no: int, column: str, read: DepartmentReading, known: Collection[str]
    ) -> DepartmentReading:
        """Return the departments: a decided list as it is, a decided text parted like a print."""
        value = self.values.get((serial_no, column, None))
        if isinstance(value, tuple):
            return DepartmentReading(value, (), read.supporting)
        return split_departments(value, known) if isinstance(value, str) else read

    def levels(self, serial_no: int, levels: Levels) -> Levels:
        """Return the levels with decided names; cells whose names were decided have no doubts."""
        decided = {i for i, column in enumerate(LEVELS) if self.has(serial_no, column)}
        if not decided:
            return levels
        names = [self.text(serial_no, LEVELS[i], name) for i, name in enumerate(levels.names)]
        cells = tuple(
            settled(cell, names[slot] or cell.text) if slot in decided else cell
            for cell, slot in zip(levels.cells, levels.slots, strict=True)
        )
        return Levels((names[0], names[1], names[2], names[3]), cells, levels.slots)

    def leaves(self, leaves: Sequence[Leaf], table: LogicalTable) -> tuple[Leaf, ...]:
        """Return the leaves with decided texts in the cells of their targets and points."""
        if not self.values:
            return tuple(leaves)
        points = self._points_cells(leaves, finest_points_column(leaves, table))
        numbered = enumerate(leaves, self.first)
        return tuple(self._leaf(number, leaf, table, points) for number, leaf in numbered)

    def _points_cells(
        self, leaves: Sequence[Leaf], column: Column | None
    ) -> dict[tuple[int, int], LogicalCell]:
        """Return decided points cells by column and id of the cell read: groups stay groups."""
        found: dict[tuple[int, int], LogicalCell] = {}
        for (serial_no, name, _), value in self.values.items():
            leaf = leaves[serial_no - self.first]
            cell = leaf.at(column) if column and name == "points" else None
            if cell is not None and column is not None:
                found[column.index, id(cell)] = settled(cell, str(value))
        return found

    def _leaf(
        self,
        serial_no: int,
        leaf: Leaf,
        table: LogicalTable,
        points: Mapping[tuple[int, int], LogicalCell],
    ) -> Leaf:
        cells = {
            index: tuple(points.get((index, id(cell)), cell) for cell in held)
            for index, held in leaf.cells.items()
        }
        for column in table.columns_of(Role.TARGET):
            cell = leaf.at(column)
            if cell is None:
                continue
            text = self.values.get((serial_no, "target_text", column.name))
            if text is not None:
                cells[column.index] = (settled(cell, str(text)),)
            elif (serial_no, "status", column.name) in self.values:
                cells[column.index] = tuple(
                    settled(each, each.text) for each in cells[column.index]
                )
        return replace(leaf, cells=cells)

    def weights(self, weights: Sequence[Weight]) -> list[Weight]:
        """Return the weights with the points decided for single entities."""
        decided: dict[int, dict[str, float]] = {}
        for (serial_no, column, entity), value in self.values.items():
            if column == "max_points" and entity is not None and isinstance(value, float):
                first = weights[serial_no - self.first].first_serial
                decided.setdefault(first, {})[entity] = value
        return [_with_points(weight, decided.get(weight.first_serial, {})) for weight in weights]


#: Nothing decided: everything as read.
UNDECIDED = Decisions()


def settled(cell: LogicalCell, text: str) -> LogicalCell:
    """Return the cell with the text that a person gave it: no reader's doubt is left on it."""
    sources = tuple(
        source._replace(agreed=None, other_text=None, confidence=None) for source in cell.sources
    )
    return cell._replace(text=text, sources=sources, doubts=())


def _with_points(weight: Weight, decided: Mapping[str, float]) -> Weight:
    if not decided:
        return weight
    old = weight.reading
    doubts = tuple(doubt for doubt in old.doubts if doubt.entity not in decided)
    reading = replace(old, exceptions={**old.exceptions, **decided}, doubts=doubts)
    return replace(weight, reading=reading, decided=frozenset(decided))
