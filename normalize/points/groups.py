"""Which leaves share one printed points cell, and how many points it gives to whom.

Points stand in a column of their own, or inside headings: 考核内容（45分）. Where they are printed
at several levels, the finest are the points and the coarser are sums to check them by.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from common.fold import clean
from common.numbers import show
from common.refusal import refusal
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.cell import PointsReading, plain_points, read_points
from normalize.points.rows import Leaf
from normalize.text.clean import not_assessed, points_in, without_points

_NO_POINTS = PointsReading(None, {}, (), "")


@dataclass(frozen=True, slots=True)
class Weight:
    """The points of one weight group; ``first_serial`` is its first leaf's serial number.

    ``decided`` names the entities whose points are a person's decision.
    """

    first_serial: int
    cell: LogicalCell | None
    reading: PointsReading
    doubts: tuple[Doubt, ...] = ()
    decided: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PrintedSum:
    """Points printed for a heading: the sum that the leaves under it should give."""

    cell: LogicalCell
    name: str
    points: float
    serials: tuple[int, ...]


def weights_of(
    leaves: Sequence[Leaf], table: LogicalTable, entities: Sequence[str]
) -> list[Weight]:
    """Return each leaf's weight. Leaves with one printed points cell share one weight group.

    Raises Refusal where the table prints no points at all.
    """
    own = [c for c in table.columns_of(Role.POINTS) if c.name in entities]
    column = finest_points_column(leaves, table)
    weights: list[Weight] = []
    in_leaves = _printed_in_leaves(leaves, table)
    for serial_no, leaf in enumerate(leaves, 1):
        before = weights[-1] if weights else None
        if len(own) > 1:
            weights.append(_weight_by_entity(serial_no, leaf, own, before))
            continue
        cell = leaf.at(column) if column else _name_with_points(leaf, table, in_leaves)
        weights.append(_weight(serial_no, cell, before, entities))
    if leaves and all(not _gives_points(weight.reading) for weight in weights):
        raise refusal("normalize.no_points")
    return weights


def _gives_points(reading: PointsReading) -> bool:
    return reading.base is not None or bool(reading.exceptions)


def _weight_by_entity(
    serial_no: int, leaf: Leaf, columns: Sequence[Column], before: Weight | None
) -> Weight:
    """Read the points of a leaf where each entity has a points column of its own."""
    cells = {column.name: leaf.at(column) for column in columns}
    first = cells[columns[0].name]
    if before is not None and first is not None and first is before.cell:
        return before
    readings = {
        entity: read_points(cell.text, ()) for entity, cell in cells.items() if _is_given(cell)
    }
    return Weight(serial_no, first, _common_reading(readings))


def _is_given(cell: LogicalCell | None) -> TypeGuard[LogicalCell]:
    return cell is not None and bool(clean(cell.text)) and not not_assessed(cell.text)


def _common_reading(readings: Mapping[str, PointsReading]) -> PointsReading:
    """Join the points of single entities: the commonest are the base, others are exceptions."""
    bases = {entity: r.base for entity, r in readings.items() if r.base is not None}
    base = Counter(bases.values()).most_common(1)[0][0] if bases else None
    exceptions = {entity: value for entity, value in bases.items() if value != base}
    doubts = tuple(replace(d, entity=e) for e, r in readings.items() for d in r.doubts)
    text = "；".join(f"{entity}{reading.text}" for entity, reading in readings.items())
    return PointsReading(base, exceptions, doubts, text)


def _weight(
    serial_no: int, cell: LogicalCell | None, before: Weight | None, entities: Sequence[str]
) -> Weight:
    if before is not None and cell is not None and cell is before.cell:
        return before
    if cell is not None and clean(cell.text):
        in_name = points_in(cell.text)
        text = cell.text if in_name is None else show(in_name)
        return Weight(serial_no, cell, read_points(text, entities))
    if before is None:
        return Weight(serial_no, cell, _NO_POINTS, (_blank(None),))
    return Weight(
        before.first_serial,
        cell,
        before.reading,
        (_blank(before.reading.text),),
    )


def _blank(above: str | None) -> Doubt:
    return doubt("points_blank", (above or "", ""))


def finest_points_column(leaves: Sequence[Leaf], table: LogicalTable) -> Column | None:
    """Return the points column with the most cells; of several with as many the rightmost."""
    columns = list(table.columns_of(Role.POINTS))
    if not columns:
        return None
    return max(columns, key=lambda c: (len(_cells(leaves, c)), c.index))


def _cells(leaves: Sequence[Leaf], column: Column) -> list[LogicalCell]:
    cells: list[LogicalCell] = []
    for leaf in leaves:
        cell = leaf.at(column)
        if cell is not None and clean(cell.text) and (not cells or cells[-1] is not cell):
            cells.append(cell)
    return cells


def _name_cells(leaf: Leaf, table: LogicalTable) -> list[LogicalCell]:
    """The cells that name a leaf and its headings, outermost first."""
    cells = list(leaf.headings)
    for column in table.columns_of(Role.LEVEL):
        cell = leaf.at(column)
        if cell is not None and all(cell is not seen for seen in cells):
            cells.append(cell)
    return cells


def _name_with_points(
    leaf: Leaf, table: LogicalTable, in_leaves: bool = False
) -> LogicalCell | None:
    """Return the deepest name with points behind it; ``in_leaves``: a heading's are only a sum."""
    cells = _name_cells(leaf, table)
    named = [c for c in (cells[-1:] if in_leaves else cells) if points_in(c.text) is not None]
    return named[-1] if named else None


def _printed_in_leaves(leaves: Sequence[Leaf], table: LogicalTable) -> bool:
    """Tell whether the leaves' own names print the points, but for a few that may be damaged."""
    own = [_name_cells(leaf, table)[-1:] for leaf in leaves]
    with_points = sum(bool(c) and points_in(c[0].text) is not None for c in own)
    return with_points > len(leaves) / 2


def printed_sums(leaves: Sequence[Leaf], table: LogicalTable) -> list[PrintedSum]:
    """Return the points printed for headings, in names or in coarser points columns."""
    fine = finest_points_column(leaves, table)
    sums: dict[int, tuple[LogicalCell, str, float, list[int]]] = {}
    for serial_no, leaf in enumerate(leaves, 1):
        printed = (*_sums_in_names(leaf, table, fine), *_sums_in_columns(leaf, table, fine))
        for cell, name, points in printed:
            sums.setdefault(id(cell), (cell, name, points, []))[3].append(serial_no)
    return _rejoined([PrintedSum(c, name, p, tuple(s)) for c, name, p, s in sums.values()])


def _sums_in_names(
    leaf: Leaf, table: LogicalTable, fine: Column | None
) -> Iterator[tuple[LogicalCell, str, float]]:
    """Yield the names that print points which are not the leaf's own."""
    names = _name_cells(leaf, table)
    own = None if fine else _name_with_points(leaf, table)
    for cell in names[:-1] if fine is None else names:
        points = points_in(cell.text)
        if points is not None and cell is not own:
            yield cell, without_points(cell.text), points


def _sums_in_columns(
    leaf: Leaf, table: LogicalTable, fine: Column | None
) -> Iterator[tuple[LogicalCell, str, float]]:
    """Yield the points of the columns that are coarser than the finest."""
    for column in table.columns_of(Role.POINTS) if fine else ():
        cell = leaf.at(column)
        points = plain_points(cell.text) if cell is not None and column != fine else None
        if cell is not None and points is not None:
            yield cell, _heading_beside(leaf, table, column), points


def _rejoined(sums: Sequence[PrintedSum]) -> list[PrintedSum]:
    """Join what a page break printed twice: the same name and points, the rows following on."""
    joined: list[PrintedSum] = []
    for one in sums:
        before = next((b for b in joined if b.serials[-1] + 1 == one.serials[0]), None)
        if before is not None and (before.name, before.points) == (one.name, one.points):
            whole = (*before.serials, *one.serials)
            joined[joined.index(before)] = replace(before, serials=whole)
        else:
            joined.append(one)
    return joined


def _heading_beside(leaf: Leaf, table: LogicalTable, column: Column) -> str:
    """The level name printed left of a coarser points column."""
    left = [c for c in table.columns_of(Role.LEVEL) if c.index < column.index]
    cell = leaf.at(left[-1]) if left else None
    return clean(cell.text) if cell else column.name
