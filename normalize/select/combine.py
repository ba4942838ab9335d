"""Tables of one entity each, or a few, that hold the same indicators become one.

They are one where their leaves stand under the same headings in the same order and share their
points in the same way. What else is printed beside them is taken from the first; where another's
differs, that entity's value says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from normalize.model.doubt import Doubt
from normalize.model.table import Column, LogicalCell, Role
from normalize.points.rows import Leaf, read_rows
from normalize.select.candidates import Candidate
from normalize.text.places import is_place

_OWN = (Role.TARGET, Role.POINTS)


@dataclass(frozen=True, slots=True)
class _Of:
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
    groups: dict[object, list[_Of]] = {}
    single: dict[int, object] = {}
    for candidate in held:
        of = _of_one(candidate)
        if of is None:
            continue
        key = _key(of)
        single[id(candidate)] = key
        groups.setdefault(key, []).append(of)
    done: list[Candidate] = []
    told: set[object] = set()
    for candidate in held:
        key = single.get(id(candidate))
        members = groups.get(key, [])
        named = [fold(name) for of in members for name in of.entities]
        if len(members) < 2 or len(set(named)) < len(named):
            done.append(candidate)
        elif key not in told:
            told.add(key)
            done.append(_together(members))
    return done


def _of_one(candidate: Candidate) -> _Of | None:
    targets = list(candidate.table.columns_of(Role.TARGET))
    points = list(candidate.table.columns_of(Role.POINTS))
    names = candidate.entities()
    if len(points) > 1 or len(names) != len(targets) or not all(map(is_place, names)):
        return None
    return _Of(names, candidate, tuple(targets), points[0] if points else None)


def _key(of: _Of) -> object:
    """Return what must be the same: columns, the leaves' names, who shares points, totals."""
    table, rows = of.candidate.table, of.candidate.rows
    levels = [c for c in table.columns if c.role is Role.LEVEL]
    columns = tuple((c.role, fold(c.name)) for c in table.columns if c.role not in _OWN)
    names = tuple(
        tuple(fold(cell.text) for cell in (*leaf.headings, *_cells(leaf, levels)))
        for leaf in rows.leaves
    )
    return columns, names, tuple(_shared(of)), len(rows.totals)


def _cells(leaf: Leaf, columns: Sequence[Column]) -> Iterator[LogicalCell]:
    return (cell for column in columns if (cell := leaf.at(column)) is not None)


def _shared(of: _Of) -> Iterator[bool]:
    """Yield for each leaf whether it shares the points cell of the one before."""
    before: LogicalCell | None = None
    for leaf in of.candidate.rows.leaves:
        cell = leaf.at(of.points) if of.points else None
        yield cell is not None and cell is before
        before = cell


def _together(members: Sequence[_Of]) -> Candidate:
    base = members[0]
    table = base.candidate.table
    own_points = len({tuple(_texts(of, of.points)) for of in members}) > 1
    columns = list(table.columns)
    cells = list(table.cells)
    for column, name in zip(base.targets, base.entities, strict=True):
        columns[column.index] = replace(column, name=name)
    if own_points and base.points is not None:
        columns[base.points.index] = replace(base.points, name=base.entities[0])
    for of, column, name in _taken_columns(members, own_points):
        cells.extend(_taken(of, column, base, len(columns)))
        columns.append(replace(column, index=len(columns), name=name))
    notes = tuple(dict.fromkeys(n for of in members for n in of.candidate.table.notes))
    one = replace(table, columns=tuple(columns), cells=tuple(cells), notes=notes)
    return Candidate(
        one,
        read_rows(one),
        base.candidate.chain,
        (*(d for of in members for d in of.candidate.doubts), _told(members)),
        also=tuple(of.candidate.chain for of in members[1:]),
    )


def _taken_columns(members: Sequence[_Of], own_points: bool) -> Iterator[tuple[_Of, Column, str]]:
    """Yield the columns to put beside the first table's: targets, and points where they differ."""
    base = members[0]
    for of in members:
        for column, name in zip(of.targets, of.entities, strict=True):
            if of is not base:
                yield of, column, name
            if (
                own_points
                and of.points is not None
                and (of is not base or name != base.entities[0])
            ):
                yield of, of.points, name


def _texts(of: _Of, column: Column | None) -> Iterator[str]:
    for leaf in of.candidate.rows.leaves:
        cell = leaf.at(column) if column else None
        yield fold(cell.text) if cell else ""


def _taken(of: _Of, column: Column, base: _Of, index: int) -> Iterator[LogicalCell]:
    """Yield another table's cells of one column, at the rows of the first one's leaves."""
    moved: dict[int, list[int]] = {}
    cells: dict[int, LogicalCell] = {}
    doubts: dict[int, list[Doubt]] = {}
    leaves = zip(of.candidate.rows.leaves, base.candidate.rows.leaves, strict=True)
    for theirs, mine in leaves:
        for cell in theirs.cells.get(column.index, ()):
            cells[id(cell)] = cell
            moved.setdefault(id(cell), []).extend((mine.row0, mine.row1))
            if column.role is Role.TARGET:
                doubts.setdefault(id(cell), []).extend(_differs(theirs, mine, of, base))
    totals = zip(of.candidate.rows.totals, base.candidate.rows.totals, strict=True)
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


def _differs(theirs: Leaf, mine: Leaf, of: _Of, base: _Of) -> Iterator[Doubt]:
    """Yield what is printed otherwise beside an indicator than in the first table."""
    columns = [c for c in of.candidate.table.columns if c.role not in _OWN]
    others = [c for c in base.candidate.table.columns if c.role not in _OWN]
    for column, other in zip(columns, others, strict=True):
        one, two = theirs.at(column), mine.at(other)
        said, known = clean(one.text) if one else "", clean(two.text) if two else ""
        if column.role is not Role.SERIAL and fold(said) != fold(known):
            yield Doubt(
                "tables_differ",
                f"{column.name!r} in {of.names}'s table is {said!r}; "
                f"in {base.names}'s it is {known!r}.",
                f"“{of.names}”的表中“{column.name}”为“{said}”，"
                f"而“{base.names}”的表中为“{known}”，已按后者入库。",
                (known, said),
            )


def _told(members: Sequence[_Of]) -> Doubt:
    names = "；".join(of.names for of in members)
    return Doubt(
        "tables_combined",
        f"{len(members)} tables of different entities were put together: {names}",
        f"{len(members)}个表的指标相同、考核对象不同（{names}），已合并为一张表。",
        severity="info",
    )
