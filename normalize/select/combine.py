"""Tables of one entity each, or a few, that hold the same indicators become one.

They are one where their leaves stand under the same headings in the same order and share their
points in the same way. What else is printed beside them is taken from the first; where another's
differs, that entity's value carries a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell, Role
from normalize.points.rows import Leaf, read_rows
from normalize.select.candidates import Candidate
from normalize.text.places import is_place
from schemas.vocabulary import Severity

_OWN = (Role.TARGET, Role.POINTS)


@dataclass(frozen=True, slots=True)
class _EntityTable:
    """The table of one entity or a few; ``points`` is its points column, if it has one."""

    entities: tuple[str, ...]
    candidate: Candidate
    targets: tuple[Column, ...]
    points: Column | None

    @property
    def names(self) -> str:
        """The entities in words."""
        return "、".join(self.entities)


def combined(held: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those of different entities put together where they are one."""
    groups: dict[object, list[_EntityTable]] = {}
    single: dict[int, object] = {}
    for candidate in held:
        part = _entity_table(candidate)
        if part is None:
            continue
        key = _key(part)
        single[id(candidate)] = key
        groups.setdefault(key, []).append(part)
    done: list[Candidate] = []
    put_together: set[object] = set()
    for candidate in held:
        key = single.get(id(candidate))
        members = groups.get(key, [])
        named = [fold(name) for part in members for name in part.entities]
        if len(members) < 2 or len(set(named)) < len(named):
            done.append(candidate)
        elif key not in put_together:
            put_together.add(key)
            done.append(_as_one(members))
    return done


def _entity_table(candidate: Candidate) -> _EntityTable | None:
    targets = list(candidate.table.columns_of(Role.TARGET))
    points = list(candidate.table.columns_of(Role.POINTS))
    names = candidate.entities()
    if len(points) > 1 or len(names) != len(targets) or not all(map(is_place, names)):
        return None
    return _EntityTable(names, candidate, tuple(targets), points[0] if points else None)


def _key(part: _EntityTable) -> object:
    """Return what must be the same: columns, the leaves' names, who shares points, totals."""
    table, rows = part.candidate.table, part.candidate.rows
    levels = [c for c in table.columns if c.role is Role.LEVEL]
    columns = tuple((c.role, fold(c.name)) for c in table.columns if c.role not in _OWN)
    names = tuple(
        tuple(fold(cell.text) for cell in (*leaf.headings, *_cells(leaf, levels)))
        for leaf in rows.leaves
    )
    return columns, names, tuple(_shared(part)), len(rows.totals)


def _cells(leaf: Leaf, columns: Sequence[Column]) -> Iterator[LogicalCell]:
    return (cell for column in columns if (cell := leaf.at(column)) is not None)


def _shared(part: _EntityTable) -> Iterator[bool]:
    """Yield for each leaf whether it shares the points cell of the one before."""
    before: LogicalCell | None = None
    for leaf in part.candidate.rows.leaves:
        cell = leaf.at(part.points) if part.points else None
        yield cell is not None and cell is before
        before = cell


def _as_one(members: Sequence[_EntityTable]) -> Candidate:
    base = members[0]
    table = base.candidate.table
    own_points = len({tuple(_texts(part, part.points)) for part in members}) > 1
    columns = list(table.columns)
    cells = list(table.cells)
    for column, name in zip(base.targets, base.entities, strict=True):
        columns[column.index] = replace(column, name=name)
    if own_points and base.points is not None:
        columns[base.points.index] = replace(base.points, name=base.entities[0])
    for part, column, name in _added_columns(members, own_points):
        cells.extend(_moved_cells(part, column, base, len(columns)))
        columns.append(replace(column, index=len(columns), name=name))
    notes = tuple(dict.fromkeys(n for part in members for n in part.candidate.table.notes))
    one = replace(table, columns=tuple(columns), cells=tuple(cells), notes=notes)
    return Candidate(
        one,
        read_rows(one),
        base.candidate.chain,
        (*(d for part in members for d in part.candidate.doubts), _note_combined(members)),
        also=tuple(part.candidate.chain for part in members[1:]),
    )


def _added_columns(
    members: Sequence[_EntityTable], own_points: bool
) -> Iterator[tuple[_EntityTable, Column, str]]:
    """Yield the columns to put beside the first table's: targets, and points where they differ."""
    base = members[0]
    for part in members:
        for column, name in zip(part.targets, part.entities, strict=True):
            if part is not base:
                yield part, column, name
            if (
                own_points
                and part.points is not None
                and (part is not base or name != base.entities[0])
            ):
                yield part, part.points, name


def _texts(part: _EntityTable, column: Column | None) -> Iterator[str]:
    for leaf in part.candidate.rows.leaves:
        cell = leaf.at(column) if column else None
        yield fold(cell.text) if cell else ""


def _moved_cells(
    part: _EntityTable, column: Column, base: _EntityTable, index: int
) -> Iterator[LogicalCell]:
    """Yield another table's cells of one column, at the rows of the first one's leaves."""
    moved: dict[int, list[int]] = {}
    cells: dict[int, LogicalCell] = {}
    doubts: dict[int, list[Doubt]] = {}
    leaves = zip(part.candidate.rows.leaves, base.candidate.rows.leaves, strict=True)
    for theirs, mine in leaves:
        for cell in theirs.cells.get(column.index, ()):
            cells[id(cell)] = cell
            moved.setdefault(id(cell), []).extend((mine.row0, mine.row1))
            if column.role is Role.TARGET:
                doubts.setdefault(id(cell), []).extend(_differs(theirs, mine, part, base))
    totals = zip(part.candidate.rows.totals, base.candidate.rows.totals, strict=True)
    for total, own in totals:
        sum_cell, beside = total.get(column.index), next(iter(own.values()))
        if sum_cell is not None and column.role is Role.POINTS:
            cells[id(sum_cell)] = sum_cell
            moved[id(sum_cell)] = [beside.row0, beside.row1]
    for key, rows in moved.items():
        cell = cells[key]
        yield replace(
            cell,
            row0=min(rows),
            row1=max(rows),
            column0=index,
            column1=index + 1,
            doubts=(*cell.doubts, *doubts.get(key, ())),
        )


def _differs(theirs: Leaf, mine: Leaf, part: _EntityTable, base: _EntityTable) -> Iterator[Doubt]:
    """Yield what is printed otherwise beside an indicator than in the first table."""
    columns = [c for c in part.candidate.table.columns if c.role not in _OWN]
    others = [c for c in base.candidate.table.columns if c.role not in _OWN]
    for column, other in zip(columns, others, strict=True):
        one, two = theirs.at(column), mine.at(other)
        said, known = clean(one.text) if one else "", clean(two.text) if two else ""
        if column.role is not Role.SERIAL and fold(said) != fold(known):
            yield doubt(
                "tables_differ",
                (known, said),
                column=column.name,
                whose=part.names,
                said=said,
                first=base.names,
                known=known,
            )


def _note_combined(members: Sequence[_EntityTable]) -> Doubt:
    names = "；".join(part.names for part in members)
    return doubt("tables_combined", severity=Severity.INFO, count=len(members), names=names)
