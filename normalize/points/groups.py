"""Which leaves share one printed points cell, and how many points it gives to whom.

Points stand in a column of their own, or inside headings: 考核内容（45分）. Where they are printed
at several levels, the finest are the points and the coarser are sums to check them by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from common.fold import clean
from common.numbers import show
from common.refusal import refusal
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.cell import PointsReading, plain_points
from normalize.points.item import ItemWords, read_item
from normalize.points.owners import owned_columns
from normalize.points.relative import shares_of
from normalize.points.rows import Heading, Leaf
from normalize.text.clean import not_assessed, points_in, without_points
from schemas.records.notice import Note
from schemas.vocabulary import ItemKind, Severity

_NO_POINTS = PointsReading(None, {}, (), "")


@dataclass(frozen=True, slots=True)
class Weight:
    """The points of one weight group; ``first_serial`` is its first leaf's serial number.

    ``decided`` names the entities whose points are a person's decision; ``cells`` holds the cell of
    each entity where entities, or groups of them, have points columns of their own; ``printed``
    are the numbers of all levels where they are relative to each other.
    """

    first_serial: int
    cell: LogicalCell | None
    reading: PointsReading
    doubts: tuple[Doubt, ...] = ()
    decided: frozenset[str] = frozenset()
    cells: Mapping[str, LogicalCell] = field(default_factory=dict)
    printed: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedSum:
    """Points printed for a heading: the sum that the leaves under it should give."""

    cell: LogicalCell
    name: str
    points: float
    serials: tuple[int, ...]


def weights_of(
    leaves: Sequence[Leaf], table: LogicalTable, entities: Sequence[str], first: int = 1
) -> list[Weight]:
    """Return each leaf's weight. Leaves with one printed points cell share one weight group.

    ``first`` is the serial number of the first leaf. Raises Refusal where the table prints no
    points at all.
    """
    owned = owned_columns(table, entities)
    column = finest_points_column(leaves, table)
    weights: list[Weight] = []
    in_leaves = _printed_in_leaves(leaves, table)
    for serial_no, leaf in enumerate(leaves, first):
        before = weights[-1] if weights else None
        words = _words_of(leaf, table)
        if owned:
            weights.append(_weight_by_entity(serial_no, leaf, owned, words, before, entities))
            continue
        cell = leaf.at(column) if column else _name_with_points(leaf, table, in_leaves)
        if column is None and before is not None and serial_no > first:
            cell = _printed_before(cell, before.cell, (leaves[serial_no - first - 1], leaf), table)
        weights.append(_weight(serial_no, cell, words, before, entities))
    if leaves and all(not _gives_points(weight.reading) for weight in weights):
        raise refusal("normalize.no_points")
    return weights if owned else _absolute(weights, leaves, table, entities)


def _absolute(
    weights: list[Weight], leaves: Sequence[Leaf], table: LogicalTable, entities: Sequence[str]
) -> list[Weight]:
    """Return the weights, relative ones as their shares of the whole."""
    columns = tuple(table.columns_of(Role.POINTS))
    shares = shares_of(leaves, table, entities)
    if not shares.factors:
        return weights
    first = weights[0].first_serial
    return [
        replace(
            weight,
            reading=shares.applied(weight.first_serial - first, weight.reading),
            printed=tuple(_printed_points(leaf, columns)),
        )
        for weight, leaf in zip(weights, leaves, strict=True)
    ]


def _printed_points(leaf: Leaf, columns: Sequence[Column]) -> Iterator[Note]:
    cells = ((column, leaf.at(column)) for column in columns)
    yield from (Note(column.name, clean(cell.text)) for column, cell in cells if cell is not None)


def _gives_points(reading: PointsReading) -> bool:
    return reading.base is not None or bool(reading.exceptions)


def _words_of(leaf: Leaf, table: LogicalTable) -> ItemWords:
    """Return what is printed beside a leaf's points."""
    aside = {c.index for c in table.columns if c.role in (Role.POINTS, Role.SERIAL)}
    names = [clean(cell.text) for cell in _name_cells(leaf, table)]
    cells = (cell for index, held in leaf.cells.items() if index not in aside for cell in held)
    return ItemWords(tuple(names), tuple(clean(cell.text) for cell in cells))


def _weight_by_entity(
    serial_no: int,
    leaf: Leaf,
    owned: Mapping[str, Column],
    words: ItemWords,
    before: Weight | None,
    entities: Sequence[str],
) -> Weight:
    """Read the points of a leaf where entities, or groups of them, have their own columns."""
    cells = {entity: c for entity, column in owned.items() if (c := leaf.at(column)) is not None}
    if before is not None and cells and _same_cells(cells, before.cells):
        return before
    readings = {e: read_item(cell.text, words, ()) for e, cell in cells.items()}
    first = next(iter(cells.values()), None)
    return Weight(serial_no, first, _common_reading(readings, entities), cells=cells)


def _same_cells(one: Mapping[str, LogicalCell], other: Mapping[str, LogicalCell]) -> bool:
    return one.keys() == other.keys() and all(one[entity] is other[entity] for entity in one)


def _common_reading(
    readings: Mapping[str, PointsReading], entities: Sequence[str]
) -> PointsReading:
    """Join the points of single entities: one base where all have the same, else each its own."""
    given = {e: r for e, r in readings.items() if _is_given(r.text)}
    text = "；".join(entity + reading.text for entity, reading in given.items())
    doubts = tuple(_doubts_by_entity(given))
    kinds = {reading.kind for reading in (given or readings).values()}
    if kinds and ItemKind.SCORED not in kinds:
        cap = _only({reading.cap for reading in given.values()})
        return PointsReading(None, {}, doubts, text, min(kinds), cap)
    own = _bases(given)
    base = _only(set(own.values())) if own.keys() == set(entities) else None
    return PointsReading(base, own if base is None else {}, doubts, text)


def _bases(readings: Mapping[str, PointsReading]) -> dict[str, float]:
    return {entity: r.base for entity, r in readings.items() if r.base is not None}


def _is_given(text: str) -> bool:
    return bool(text) and not not_assessed(text)


def _doubts_by_entity(readings: Mapping[str, PointsReading]) -> Iterator[Doubt]:
    for entity, reading in readings.items():
        yield from (replace(doubt, entity=entity) for doubt in reading.doubts)


def _only(values: Collection[float | None]) -> float | None:
    """Return the one number that there is, None where there are several."""
    return next(iter(values)) if len(values) == 1 else None


def _weight(
    serial_no: int,
    cell: LogicalCell | None,
    words: ItemWords,
    before: Weight | None,
    entities: Sequence[str],
) -> Weight:
    if before is not None and cell is not None and cell is before.cell:
        return before
    if cell is not None and clean(cell.text):
        in_name = points_in(cell.text)
        text = cell.text if in_name is None else show(in_name)
        doubts = tuple(_shared_with(before))
        return Weight(serial_no, cell, read_item(text, words, entities), doubts)
    if words.kind is not None:
        return Weight(serial_no, cell, read_item("", words, entities))
    if before is None:
        return Weight(serial_no, cell, _NO_POINTS, (_blank(None),))
    return Weight(
        before.first_serial,
        cell,
        before.reading,
        (_blank(before.reading.text),),
    )


def _blank(above: str | None) -> Doubt:
    return doubt("points_blank.above", (above or "", ""))


def _shared_with(before: Weight | None) -> Iterator[Doubt]:
    """Yield the doubt that the row above, whose points cell is blank, shares the points of this."""
    if before is not None and any(each.code == "points_blank" for each in before.doubts):
        yield doubt("points_blank.below", severity=Severity.INFO)


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


def _printed_before(
    cell: LogicalCell | None,
    above: LogicalCell | None,
    pair: tuple[Leaf, Leaf],
    table: LogicalTable,
) -> LogicalCell | None:
    """Return the heading with points of the leaf above where this leaf's is that, printed again."""
    over, names = (_name_cells(leaf, table) for leaf in pair)
    for one, other in zip(over[:-1], names[:-1], strict=False):
        if clean(one.text) != clean(other.text):
            break
        if other is cell and above is not None and clean(above.text) == clean(one.text):
            return above
    return cell


def _printed_in_leaves(leaves: Sequence[Leaf], table: LogicalTable) -> bool:
    """Tell whether the leaves' own names print the points, but for a few that may be damaged."""
    own = [_name_cells(leaf, table)[-1:] for leaf in leaves]
    with_points = sum(bool(c) and points_in(c[0].text) is not None for c in own)
    return with_points > len(leaves) / 2


def printed_sums(
    leaves: Sequence[Leaf],
    table: LogicalTable,
    entities: Sequence[str],
    headings: Sequence[Heading] = (),
    first: int = 1,
) -> list[PrintedSum]:
    """Return the points printed for headings: in names, beside them, or in coarser columns.

    ``first`` is the serial number of the first leaf.
    """
    beside = {id(heading.cell): heading for heading in headings}
    fine = finest_points_column(leaves, table)
    columns = tuple(table.columns_of(Role.POINTS))
    apart = owned_columns(table, entities) or shares_of(leaves, table, entities).factors
    coarse = () if apart else columns
    sums: dict[int, tuple[LogicalCell, str, float, list[int]]] = {}
    for serial_no, leaf in enumerate(leaves, first):
        in_columns = _sums_in_columns(leaf, table, [c for c in coarse if c != fine])
        in_rows = _sums_in_rows(leaf, beside)
        printed = (*_sums_in_names(leaf, table, fine), *in_rows, *in_columns)
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


def _sums_in_rows(
    leaf: Leaf, beside: Mapping[int, Heading]
) -> Iterator[tuple[LogicalCell, str, float]]:
    """Yield the points that stand beside the headings over a leaf."""
    cells = {id(c): c for c in (*leaf.headings, *(c for held in leaf.cells.values() for c in held))}
    for heading in (beside[key] for key in cells if key in beside):
        points = plain_points(heading.points.text) if heading.points is not None else None
        if heading.points is not None and points is not None:
            yield heading.points, clean(heading.cell.text), points


def _sums_in_columns(
    leaf: Leaf, table: LogicalTable, coarse: Sequence[Column]
) -> Iterator[tuple[LogicalCell, str, float]]:
    """Yield the points of the columns that are coarser than the finest."""
    for column in coarse:
        cell = leaf.at(column)
        points = plain_points(cell.text) if cell is not None else None
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
