"""Tables of methods: further tables that say how points are given on the rows of another.

Such a table has a column of methods and names rows, by number or name, and sets nobody's targets.
One with points that asks for something in words is one where most of its rows are another
table's: else it is an indicator table of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean
from normalize.columns.hints import Hints
from normalize.columns.words import role_by_name
from normalize.layout.cell_mover import Mover
from normalize.layout.header import Header, matrix
from normalize.layout.table_chains import Chain, Part, is_title
from normalize.model.method_table import MethodRow, MethodTable
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.pages.join import join
from normalize.points.cell import plain_points
from normalize.select.candidates import Candidate, table_name
from normalize.text.clean import not_assessed
from normalize.text.names import plain_name, serial_of
from schemas.records.document import Table

_ALIKE = 0.5  # share of a table's rows from which it is about another's
_NAMING = (Role.SERIAL, Role.LEVEL)
_READ = (*_NAMING, Role.METHOD, Role.POINTS, Role.UNIT)
_SENTENCE = re.compile("[，。；：,;:]")
_SENT_ELSEWHERE = re.compile("(?:详|具体)?见")
_TOP = 3  # rows among which a header of two columns stands


@dataclass(frozen=True, slots=True)
class Sorted:
    """The tables of methods, and what is left: candidates, chains and loose tables."""

    methods: tuple[MethodTable, ...]
    held: tuple[Candidate, ...]
    found: tuple[Chain, ...]
    loose: tuple[Table, ...]


def sort_out_methods(
    held: Sequence[Candidate],
    found: Sequence[Chain],
    loose: Sequence[Table],
    mover: Mover,
    hints: Hints,
) -> Sorted:
    """Part the tables of methods from those that may be indicator tables (``held``)."""
    chosen = _Chosen(held, mover, hints)
    read = [(each, chosen.method_table(each)) for each in (*found, *_of_two_columns(loose))]
    taken = [(each, table) for each, table in read if table is not None]
    gone = {id(part.table) for each, _ in taken for part in each.parts}
    left = [each for each in found if id(each.parts[0].table) not in gone]
    return Sorted(
        tuple(table for _, table in taken),
        tuple(each for each in held if id(each.first) not in gone),
        tuple(left),
        _without(loose, gone),
    )


def _without(tables: Sequence[Table], gone: Collection[int]) -> tuple[Table, ...]:
    return tuple(each for each in tables if id(each) not in gone)


class _Chosen:
    """Tells of a chain of tables whether it is one of methods, beside the candidates."""

    def __init__(self, held: Sequence[Candidate], mover: Mover, hints: Hints) -> None:
        self._mover, self._hints = mover, hints
        self._worded = {id(each.chain) for each in held if _asks_in_words(each)}
        sets = [each for each in held if not _asks_in_words(each)]
        self._set = {id(chain) for each in sets for chain in (each.chain, *each.also)}
        self._named = [_names(each) for each in sets]

    def method_table(self, chain: Chain) -> MethodTable | None:
        """Return what the chain says of methods; None where it is another kind of table."""
        if id(chain) in self._set or not _heads_methods(chain):
            return None
        if not chain.parts[0].table.regular:
            return None
        table = _read(chain, self._mover, self._hints)
        worded = id(chain) in self._worded
        own = table is not None and worded and not _is_of_another(table, self._named)
        return None if own else table


def _is_of_another(table: MethodTable, named: Sequence[frozenset[str]]) -> bool:
    """Whether most rows of a table are called as the rows of another one are."""
    rows = [{plain_name(name) for name in row.names} for row in table.rows]
    alike = (sum(not names.isdisjoint(row) for row in rows) for names in named)
    return any(count >= _ALIKE * len(rows) for count in alike)


def methods_beside(
    left_out: Candidate, taken: Sequence[Candidate], mover: Mover
) -> MethodTable | None:
    """Return what a table that sets targets, too, and is not read for them says of others' rows.

    None where those print methods themselves: it may be another version of them.
    """
    printed = any(any(each.table.columns_of(Role.METHOD)) for each in taken)
    if printed or not any(left_out.table.columns_of(Role.METHOD)):
        return None
    if not left_out.first.regular:
        return None
    table = _said(left_out.table, left_out.first, mover)
    own = [_names(each) for each in taken]
    return table if table is not None and _is_of_another(table, own) else None


def _asks_in_words(candidate: Candidate) -> bool:
    """Whether a table has no targets but what it asks for in words."""
    return all(column.requirement for column in candidate.table.columns_of(Role.TARGET))


def _names(candidate: Candidate) -> frozenset[str]:
    *_, last = candidate.table.columns_of(Role.LEVEL)
    cells = (leaf.at(last) for leaf in candidate.rows.leaves)
    return frozenset(plain_name(cell.text) for cell in cells if cell is not None)


def _heads_methods(chain: Chain) -> bool:
    """Whether a header names a column of methods and one of rows, and none of targets."""
    roles = {role_by_name(path[-1]) for path in chain.header.paths if path}
    return Role.METHOD in roles and not roles.isdisjoint(_NAMING) and Role.TARGET not in roles


def _of_two_columns(loose: Sequence[Table]) -> Iterator[Chain]:
    """Give the tables that only number or name a row and say its method, with further pages."""
    grown: list[list[Part]] = []
    for table in loose:
        header = _narrow_header(table)
        if header is not None:
            grown.append([Part(table, header)])
        elif grown and _goes_on(grown[-1][-1].table, table):
            grown[-1].append(Part(table, None))
    for parts in grown:
        if parts[0].header is not None:
            yield Chain(parts[0].header, tuple(parts))


def _narrow_header(table: Table) -> Header | None:
    for at, row in enumerate(matrix(table, _TOP)):
        cells = {id(cell): clean(cell.text) for cell in row if cell is not None}
        roles = [role_by_name(text) for text in cells.values() if text]
        if len(roles) == 2 and Role.METHOD in roles and not set(_NAMING).isdisjoint(roles):
            paths = tuple((clean(cell.text),) if cell and clean(cell.text) else () for cell in row)
            return Header(at, at + 1, paths)
    return None


def _goes_on(before: Table, table: Table) -> bool:
    follows = table.table_no == before.table_no + 1 and table.place == before.place
    same = table.column_count == before.column_count
    return follows and same and not any(map(is_title, table.caption))


def _read(chain: Chain, mover: Mover, hints: Hints) -> MethodTable | None:
    """Return what a table says of rows; None where its columns are no such table's after all."""
    first = chain.parts[0].table
    table = _as_headed(join(chain, hints.beside([*chain.caption, first.place])))
    roles = {column.role for column in table.columns}
    if Role.METHOD not in roles or Role.TARGET in roles or roles.isdisjoint(_NAMING):
        return None
    return _said(table, first, mover)


def _said(table: LogicalTable, first: Table, mover: Mover) -> MethodTable | None:
    """Return what the rows of a table say; None where none says a method."""
    grid = _grid(table)
    rows = tuple(_rows(table, grid, mover))
    if not rows:
        return None
    return MethodTable(
        table_name(first),
        rows[0].cells[0],
        rows,
        tuple(_notes(table, grid)),
        tuple(_others(table, grid)),
        numbered_only=_only_numbers(table),
    )


def _as_headed(table: LogicalTable) -> LogicalTable:
    """Return a table whose columns are what the headers say, where that is else in doubt.

    Methods of a table that names no rows by words would be taken for names.
    """
    sure = any(table.columns_of(Role.METHOD))
    return replace(table, columns=tuple(_headed(column, sure) for column in table.columns))


def _headed(column: Column, sure: bool) -> Column:
    said = role_by_name(column.name)
    meant = bool(column.doubts) or (said is Role.METHOD and not sure)
    return replace(column, role=said) if said and meant else column


def _only_numbers(table: LogicalTable) -> bool:
    """Whether rows are named by nothing but their numbers, and say one thing each."""
    roles = {column.role for column in table.columns} - {Role.POINTS, Role.UNIT}
    return roles == {Role.SERIAL, Role.METHOD} and len([*table.columns_of(Role.METHOD)]) == 1


_At = dict[int, LogicalCell]


def _grid(table: LogicalTable) -> list[_At]:
    """Return for each row its cells by column."""
    grid: list[_At] = [{} for _ in range(table.rows)]
    for cell in table.cells:
        for at in grid[cell.row0 : cell.row1]:
            at.update(dict.fromkeys(range(cell.column0, cell.column1), cell))
    return grid


def _is_across(at: _At) -> bool:
    """Whether one text stands in a row, across its columns."""
    return len({id(cell) for cell in at.values()}) == 1 < len(at)


def _rows(table: LogicalTable, grid: Sequence[_At], mover: Mover) -> Iterator[MethodRow]:
    """Give the rows that say a method; a line across the table is none."""
    for at in grid:
        methods = [cell for cell in _of(table, Role.METHOD, at) if not not_assessed(cell.text)]
        if methods and not _is_across(at):
            yield MethodRow(
                _number(table, at),
                tuple(clean(cell.text) for cell in _of(table, Role.LEVEL, at)),
                _points(table, at),
                tuple(_printed(cell, mover) for cell in methods),
                tuple(_targets(table, at)),
            )


def _targets(table: LogicalTable, at: _At) -> Iterator[tuple[str, str]]:
    """Give the targets that a row prints itself, each with the name of its column."""
    for column in table.columns_of(Role.TARGET):
        text = clean(cell.text) if (cell := at.get(column.index)) else ""
        if text and not not_assessed(text) and not _SENT_ELSEWHERE.match(text):
            yield column.name, text


def _notes(table: LogicalTable, grid: Sequence[_At]) -> Iterator[tuple[str, int | None]]:
    """Give the lines under a table and the sentences across it, with their pages."""
    for at in grid:
        cell = next(iter(at.values()), None)
        if cell is not None and _is_across(at) and _SENTENCE.search(clean(cell.text)):
            yield cell.text, cell.sources[0].page if cell.sources else None
    yield from zip(table.notes, table.note_pages, strict=True)


def _others(table: LogicalTable, grid: Sequence[_At]) -> Iterator[str]:
    """Give the names of the columns that hold something and land nowhere."""
    for column in table.columns:
        cells = (at.get(column.index) for at in grid)
        if column.role not in _READ and any(cell and clean(cell.text) for cell in cells):
            yield column.name


def _of(table: LogicalTable, role: Role, at: _At) -> list[LogicalCell]:
    """Return the cells of a role's columns in a row that hold a text, each once."""
    held = (at.get(column.index) for column in table.columns_of(role))
    return [*{id(c): c for c in held if c is not None and clean(c.text)}.values()]


def _number(table: LogicalTable, at: _At) -> int | None:
    cells = _of(table, Role.SERIAL, at)
    return serial_of(cells[0].text) if cells else None


def _points(table: LogicalTable, at: _At) -> float | None:
    cells = _of(table, Role.POINTS, at)
    own = len(cells) == 1 and cells[0].row1 - cells[0].row0 == 1
    return plain_points(cells[0].text) if own else None


def _printed(cell: LogicalCell, mover: Mover) -> LogicalCell:
    return cell._replace(sources=tuple(map(mover.printed, cell.sources)))
