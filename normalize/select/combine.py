"""Tables of one entity each, or a few, that hold the same indicators become one.

Rows are joined by the headings that they stand under and their names, in printed order. A row that
an entity's table lacks is not assessed for it. What else is printed beside a row is taken from the
first table that has it; where another's differs, that entity's value carries a doubt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from common.fold import clean, fold
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import Column, LogicalCell, Role
from normalize.points.rows import Heading, Leaf, Rows
from normalize.select.candidates import Candidate
from normalize.text.places import is_place
from schemas.vocabulary import Severity

_OWN = (Role.TARGET, Role.POINTS)
_ALIKE = 0.5  # share of the smaller table's rows that the other must have, too

_NEAR = 0.75  # how alike two names are that may be one

_Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _EntityTable:
    """The table of one entity or a few; ``points`` is its points column, if it has one.

    ``leaves`` are its rows by heading path and name; of those named alike the later are counted.
    """

    entities: tuple[str, ...]
    candidate: Candidate
    targets: tuple[Column, ...]
    points: Column | None
    leaves: dict[_Key, Leaf]

    @property
    def names(self) -> str:
        """The entities in words."""
        return "、".join(self.entities)

    def columns(self) -> Iterator[Column]:
        """Yield the columns that are the same for all entities."""
        return (c for c in self.candidate.table.columns if c.role not in _OWN)


def combined(held: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those of different entities put together where they are one."""
    group_of = {id(part.candidate): group for group in _groups(held) for part in group}
    done: list[Candidate] = []
    for candidate in held:
        group = group_of.get(id(candidate), [])
        if len(group) < 2:
            done.append(candidate)
        elif group[0].candidate is candidate:
            done.append(_as_one(group))
    return done


def _groups(held: Sequence[Candidate]) -> list[list[_EntityTable]]:
    """Group the tables that may be one, in printed order."""
    groups: list[list[_EntityTable]] = []
    for part in filter(None, map(_entity_table, held)):
        group = next((g for g in groups if _belongs(part, g)), None)
        if group is None:
            groups.append([part])
        else:
            group.append(part)
    return groups


def _entity_table(candidate: Candidate) -> _EntityTable | None:
    targets = list(candidate.table.columns_of(Role.TARGET))
    points = list(candidate.table.columns_of(Role.POINTS))
    names = candidate.entities()
    if len(points) > 1 or len(names) != len(targets) or not all(map(is_place, names)):
        return None
    return _EntityTable(
        names, candidate, tuple(targets), points[0] if points else None, _by_key(candidate)
    )


def _by_key(candidate: Candidate) -> dict[_Key, Leaf]:
    levels = list(candidate.table.columns_of(Role.LEVEL))
    again: Counter[_Key] = Counter()
    found: dict[_Key, Leaf] = {}
    for leaf in candidate.rows.leaves:
        cells = (*leaf.headings, *(cell for c in levels if (cell := leaf.at(c)) is not None))
        path = tuple(dict.fromkeys(fold(cell.text) for cell in cells))
        again[path] += 1
        found[(*path, again[path])] = leaf
    return found


def _belongs(part: _EntityTable, group: Sequence[_EntityTable]) -> bool:
    """Tell whether a table is that of further entities: the same columns, most rows the same."""
    first = group[0]
    known = {fold(name) for other in group for name in other.entities}
    if known & set(map(fold, part.entities)) or _header(part) != _header(first):
        return False
    both = [key for key in part.leaves if key in first.leaves]
    alike = len(both) >= _ALIKE * min(len(part.leaves), len(first.leaves))
    return alike and list(_shared(part, both)) == list(_shared(first, both))


def _header(part: _EntityTable) -> object:
    return tuple((column.role, fold(column.name)) for column in part.columns())


def _shared(part: _EntityTable, keys: Sequence[_Key]) -> Iterator[bool]:
    """Yield for each row whether it shares the points cell of the one before."""
    before: LogicalCell | None = None
    for key in keys:
        cell = part.leaves[key].at(part.points) if part.points else None
        yield cell is not None and cell is before
        before = cell


def _union(members: Sequence[_EntityTable]) -> dict[_Key, _EntityTable]:
    """Return all rows in printed order, each with the first table that has it.

    What a later table has beyond the first ones comes behind the row that it stands below there.
    """
    order: list[_Key] = []
    owner: dict[_Key, _EntityTable] = {}
    for part in members:
        after = 0
        for key in part.leaves:
            if key not in owner:
                order.insert(after, key)
                owner[key] = part
            after = order.index(key) + 1
    return {key: owner[key] for key in order}


def _as_one(members: Sequence[_EntityTable]) -> Candidate:
    base = members[0]
    union = _union(members)
    columns = list(base.candidate.table.columns)
    added = list(_own_columns(members, _points_differ(members, union), columns))
    rows = _JoinedRows(members, union)
    leaves = tuple(rows.leaf(key, added) for key in union)
    tables = [part.candidate.table for part in members]
    noted = {n: p for each in tables for n, p in zip(each.notes, each.note_pages, strict=True)}
    table = replace(
        base.candidate.table,
        columns=tuple(columns),
        rows=rows.height,
        cells=tuple(rows.cells()),
        notes=tuple(noted),
        note_pages=tuple(noted.values()),
    )
    return Candidate(
        table,
        Rows(leaves, tuple(rows.totals(added)), tuple(rows.notes()), tuple(rows.headings())),
        base.candidate.chain,
        (*(d for part in members for d in part.candidate.doubts), _note_combined(members)),
        also=tuple(part.candidate.chain for part in members[1:]),
        absent=frozenset(_absent(added, columns, list(union))),
    )


_Added = tuple[_EntityTable, Column, int]


def _own_columns(
    members: Sequence[_EntityTable], own_points: bool, columns: list[Column]
) -> Iterator[_Added]:
    """Give each entity its target column, and one of points where these differ.

    Yields them with the table that they stand in, the column there and the index here, and puts
    them into ``columns``; those of the first table keep their places.
    """
    base = members[0]
    for part in members:
        for column, name in zip(part.targets, part.entities, strict=True):
            yield part, column, _put(columns, column, name, part is base)
            if own_points and part.points is not None:
                first = part is base and name == part.entities[0]
                yield part, part.points, _put(columns, part.points, name, first)


def _put(columns: list[Column], column: Column, name: str, stays: bool) -> int:
    index = column.index if stays else len(columns)
    columns[index : index + 1] = [replace(column, index=index, name=name, entity=name)]
    return index


def _points_differ(members: Sequence[_EntityTable], keys: Iterable[_Key]) -> bool:
    """Tell whether entities have other points, or lack rows, which have no points for them."""
    rows = list(keys)
    missing = any(key not in part.leaves for part in members for key in rows)
    return missing or len({tuple(_points_texts(part, rows)) for part in members}) > 1


def _absent(
    added: Sequence[_Added], columns: Sequence[Column], keys: Sequence[_Key]
) -> Iterator[tuple[int, str]]:
    """Yield the rows that an entity's table lacks."""
    for part, column, index in added:
        for row, key in enumerate(keys):
            if column.role is Role.TARGET and key not in part.leaves:
                yield row, columns[index].name


def _points_texts(part: _EntityTable, keys: Iterable[_Key]) -> Iterator[str]:
    for key in keys:
        leaf = part.leaves.get(key)
        cell = leaf.at(part.points) if leaf and part.points else None
        yield fold(cell.text) if cell else ""


class _JoinedRows:
    """The rows of several tables as those of one: each cell moved to where its rows are now."""

    def __init__(self, members: Sequence[_EntityTable], union: dict[_Key, _EntityTable]) -> None:
        self._members, self._union = members, union
        self._moved: dict[tuple[int, int], LogicalCell] = {}
        self._start: dict[_Key, int] = {}
        counted = Counter(key for part in members for key in part.leaves)
        self._shared = {key for key, count in counted.items() if count > 1}
        self.height = 0
        for key, part in union.items():
            self._start[key] = self.height
            leaf = part.leaves[key]
            self.height += leaf.row1 - leaf.row0

    def leaf(self, key: _Key, added: Sequence[_Added]) -> Leaf:
        """Return a row with the cells of its own table, and those of every entity's own columns."""
        printed, start = self._union[key].leaves[key], self._start[key]
        own = {index: self._own(key, part, column, index) for part, column, index in added}
        cells = self._common(key, own.keys()) | own
        row1 = start + printed.row1 - printed.row0
        return Leaf(start, row1, printed.headings, {i: held for i, held in cells.items() if held})

    def _common(self, key: _Key, own: Collection[int]) -> dict[int, tuple[LogicalCell, ...]]:
        """Return the cells of the columns that are all entities' (``own``: those that are not).

        A row that the first table lacks has a number of another count.
        """
        owner, base = self._union[key], self._members[0]
        printed = owner.leaves[key]
        same = list(zip(base.columns(), owner.columns(), strict=True))
        if base.points is not None and owner.points is not None and base.points.index not in own:
            same.append((base.points, owner.points))
        shift = self._start[key] - printed.row0
        return {
            here.index: self._blank(key, here.index)
            if here.role is Role.SERIAL and owner is not base
            else tuple(
                self._move(cell, cell.column0 + here.index - there.index, shift)
                for cell in printed.cells.get(there.index, ())
            )
            for here, there in same
        }

    def _blank(
        self, key: _Key, index: int, doubts: tuple[Doubt, ...] = ()
    ) -> tuple[LogicalCell, ...]:
        start = self._start[key]
        return (LogicalCell(start, start + 1, index, index + 1, "", (), doubts),)

    def _own(
        self, key: _Key, part: _EntityTable, column: Column, index: int
    ) -> tuple[LogicalCell, ...]:
        leaf, start = part.leaves.get(key), self._start[key]
        doubts: tuple[Doubt, ...] = ()
        if column.role is Role.TARGET:
            doubts = tuple(self._near(key, part))
        if leaf is None:
            return self._blank(key, index, doubts)
        if column.role is Role.TARGET and part is not self._union[key]:
            owner = self._union[key]
            doubts += tuple(_differs(leaf, part, owner.leaves[key], owner))
        shift = start - leaf.row0
        held = leaf.cells.get(column.index, ())
        return tuple(
            self._move(cell, index + cell.column0 - column.index, shift, doubts) for cell in held
        )

    def _near(self, key: _Key, part: _EntityTable) -> Iterator[Doubt]:
        """Doubt a row that only one table has, where the other has one of nearly the same name."""
        alone = [k for k in part.leaves if k not in self._shared]
        lacks = [k for k in self._union if k not in part.leaves]
        pairs = ((mine, theirs) for mine in alone for theirs in lacks if key in (mine, theirs))
        for mine, theirs in pairs:
            said, known = str(mine[-2]), str(theirs[-2])
            if _similar(said, known):
                names = (said, known)
                yield doubt("tables_differ.row", names, whose=part.names, said=said, known=known)

    def _move(
        self, cell: LogicalCell, column0: int, shift: int, doubts: Sequence[Doubt] = ()
    ) -> LogicalCell:
        """Return the cell in its new place; one that serves several rows stays one cell."""
        known = self._moved.get((id(cell), column0))
        if known is None:
            known = self._moved[id(cell), column0] = cell._replace(
                row0=cell.row0 + shift,
                row1=cell.row1 + shift,
                column0=column0,
                column1=column0 + cell.column1 - cell.column0,
                doubts=(*cell.doubts, *doubts),
            )
        return known

    def cells(self) -> Iterator[LogicalCell]:
        """Yield all cells: of the rows, and what else is printed among them."""
        yield from self._moved.values()
        yield from self.notes()
        for heading in self.headings():
            yield from (heading.cell, *heading.beside)

    def totals(self, added: Sequence[_Added]) -> Iterator[dict[int, LogicalCell]]:
        """Yield the first table's total rows, with each entity's points where all have as many."""
        own = [part.candidate.rows.totals for part in self._members]
        alike = len(set(map(len, own))) == 1
        for number, row in enumerate(own[0]):
            whole = dict(row)
            for part, column, index in added if alike else ():
                cell = part.candidate.rows.totals[number].get(column.index)
                if cell is not None and column.role is Role.POINTS:
                    whole[index] = cell._replace(column0=index, column1=index + 1)
            yield whole

    def notes(self) -> Iterator[LogicalCell]:
        """Yield the remarks under the tables' rows, each text once."""
        held = (cell for part in self._members for cell in part.candidate.rows.notes)
        yield from {fold(cell.text): cell for cell in held}.values()

    def headings(self) -> Iterator[Heading]:
        """Yield the headings across the tables that own rows."""
        owners = {id(part): part for part in self._union.values()}.values()
        yield from (heading for part in owners for heading in part.candidate.rows.headings)


def _differs(theirs: Leaf, part: _EntityTable, mine: Leaf, owner: _EntityTable) -> Iterator[Doubt]:
    """Yield what is printed otherwise beside an indicator than in the table that it is taken from.

    Serial numbers may differ.
    """
    for column, other in zip(part.columns(), owner.columns(), strict=True):
        one, two = theirs.at(column), mine.at(other)
        said, known = clean(one.text) if one else "", clean(two.text) if two else ""
        if column.role is not Role.SERIAL and fold(said) != fold(known):
            yield doubt(
                "tables_differ.value",
                (known, said),
                column=column.name,
                whose=part.names,
                said=said,
                first=owner.names,
                known=known,
            )


def _similar(name: str, other: str) -> bool:
    """Tell whether two names may be one of which a little was misread or printed otherwise."""
    return SequenceMatcher(None, name, other, autojunk=False).ratio() >= _NEAR


def _note_combined(members: Sequence[_EntityTable]) -> Doubt:
    names = "；".join(part.names for part in members)
    return doubt("tables_combined", severity=Severity.INFO, count=len(members), names=names)
