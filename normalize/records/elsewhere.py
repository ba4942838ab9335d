"""Methods that another table of the document prints: each joined to the row that it is of.

A row is found by its serial number and its name; where both are printed in both tables, both must
agree. What is found nowhere, or could be of several rows, is named in a finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product

from common.fold import clean, fold
from common.messages import message
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.layout.page_order import page_number
from normalize.methods.model import gap, open_points
from normalize.model.doubt import Doubt, doubt
from normalize.model.method_table import MethodRow, MethodTable
from normalize.model.table import Role
from normalize.records.model import Annex, CellMethod, Record
from normalize.records.references import MethodLine, meant
from normalize.text.names import plain_name, serial_of
from schemas.vocabulary import Severity

_LISTED = 12  # rows that a finding names


@dataclass(frozen=True, slots=True)
class Joined:
    """The annexes with the methods of other tables, and what is said of these."""

    annexes: tuple[Annex, ...]
    doubts: tuple[PlacedDoubt, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A record as other tables call it, and the annex (from 0) that it is of."""

    annex: int
    number: int | None
    name: str
    path: frozenset[str]
    record: Record


@dataclass(frozen=True, slots=True)
class _Pairs:
    """A table of methods, and each of its rows with the records that it is of."""

    table: MethodTable
    pairs: tuple[tuple[MethodRow, Sequence[_Row]], ...]

    @property
    def lost(self) -> list[MethodRow]:
        """The rows that are of no record."""
        return [said for said, held in self.pairs if not held]

    @property
    def annexes(self) -> set[int]:
        """The annexes that a row of it is of."""
        return {row.annex for _, held in self.pairs for row in held}

    def methods(self) -> Iterator[tuple[int, CellMethod]]:
        """Yield the methods, each with the serial number of its record."""
        rows = [said for said, _ in self.pairs]
        for at, (said, held) in enumerate(self.pairs):
            for row, (place, cell) in product(held, enumerate(said.cells)):
                meaning = meant(at, [_line(each, place) for each in rows])
                yield row.record.indicator.serial_no, CellMethod(cell, meaning, _gaps(said, row))


def _line(said: MethodRow, place: int) -> MethodLine:
    """Return what a row says in the one of its columns of methods."""
    text = said.cells[place].text if place < len(said.cells) else ""
    return MethodLine(said.number, said.names[-1] if said.names else "", text)


def with_methods_of(tables: Sequence[MethodTable], annexes: Sequence[Annex]) -> Joined:
    """Join tables of methods to the rows of the annexes."""
    rows = [_row(at, annex, each) for at, annex in enumerate(annexes) for each in annex.records]
    paired = [_Pairs(t, tuple((each, _found(each, t, rows)) for each in t.rows)) for t in tables]
    found: dict[int, list[CellMethod]] = defaultdict(list)
    for serial, method in chain.from_iterable(each.methods() for each in paired):
        found[serial].append(method)
    joined = (
        _with(annex, found, [note for p in paired if at in p.annexes for note in p.table.notes])
        for at, annex in enumerate(annexes)
    )
    doubts = chain.from_iterable(_doubts(each.table, each.lost) for each in paired)
    return Joined(tuple(joined), tuple(doubts))


def _with(
    annex: Annex,
    found: Mapping[int, Sequence[CellMethod]],
    notes: Sequence[tuple[str, int | None]],
) -> Annex:
    own = (record.indicator.serial_no for record in annex.records)
    elsewhere = {serial: tuple(found[serial]) for serial in own if serial in found}
    return replace(
        annex, context=replace(annex.context, elsewhere=elsewhere, noted_elsewhere=tuple(notes))
    )


def _row(at: int, annex: Annex, record: Record) -> _Row:
    serials = (record.leaf.at(column) for column in annex.context.table.columns_of(Role.SERIAL))
    numbers = [serial_of(cell.text) for cell in serials if cell is not None]
    path = frozenset(plain_name(name) for name in record.printed.names if name)
    own = next(filter(None, numbers), None)
    return _Row(at, own, fold(record.indicator.indicator), path, record)


def _found(said: MethodRow, table: MethodTable, rows: Sequence[_Row]) -> list[_Row]:
    """Return the rows that a method is of: at most one an annex; none where that is not sure."""
    held = _called(said, rows) if said.names else _numbered(said, table, rows)
    if _most(held) > 1:
        path = {plain_name(each) for each in said.names}
        held = [row for row in held if path <= row.path]
    return held if _most(held) == 1 else []


def _most(held: Sequence[_Row]) -> int:
    """Return how many rows there are of the annex that has most."""
    return max(Counter(row.annex for row in held).values(), default=0)


def _numbered(said: MethodRow, table: MethodTable, rows: Sequence[_Row]) -> list[_Row]:
    """Return the row with a number, where a table has no names and all numbers are one annex's.

    Another list that is numbered (grades, general rules) has other numbers as well.
    """
    held = [row for row in rows if row.number == said.number]
    theirs = {each.number for each in table.rows}
    mine = {row.number for row in rows if row.annex == held[0].annex} if held else set()
    return held if table.numbered_only and len(held) == 1 and theirs == mine else []


def _called(said: MethodRow, rows: Sequence[_Row]) -> list[_Row]:
    """Return the rows with the deepest text that is a row's name; numbers printed in both agree.

    What stands below that is no name where it is a sentence; else the number has to say so.
    """
    below = False
    for text in reversed(said.names):
        name = plain_name(text)
        if named := [row for row in rows if row.name == name]:
            return [row for row in named if _agrees(said.number, row.number, below)]
        below = below or not any(mark in text for mark in "，。；：,;")
    return []


def _agrees(said: int | None, printed: int | None, must: bool) -> bool:
    """Whether two serial numbers agree; where one is not printed only if they need not."""
    return said == printed if None not in (said, printed) else not must


def _gaps(said: MethodRow, row: _Row) -> tuple[str, ...]:
    """Return why a joined method may not be the row's."""
    points = row.record.indicator.base_points
    differ = None not in (said.points, points) and said.points != points
    return open_points(
        (differ, gap("other_points")),
        (not all(_has(row.record, *each) for each in said.targets), gap("other_target")),
    )


def _has(record: Record, column: str, text: str) -> bool:
    """Whether a row has a target that another table prints: of the column's entity, else of all."""
    one = record.targets.get(column)
    own = [one] if one else [*record.targets.values()]
    return all(fold(each.text) == fold(text) for each in own)


def _doubts(table: MethodTable, lost: Sequence[MethodRow]) -> Iterator[PlacedDoubt]:
    """Yield what is said of a table: which rows were joined, which were not, and its notes."""
    place = Place(None, None, "note", table.first)
    if read := len(table.rows) - len(lost):
        yield PlacedDoubt(_read(table, read), place)
    if lost:
        yield PlacedDoubt(_unjoined(table, lost), place)
    for line in dict.fromkeys(clean(line) for line, _ in table.notes):
        if line and page_number(line) is None:
            note = doubt("table_note", severity=Severity.INFO, text=line)
            yield PlacedDoubt(note, Place(None, None, "note", text=line))


def _read(table: MethodTable, count: int) -> Doubt:
    names = "、".join(dict.fromkeys(f"“{name}”栏" for name in table.others if name))
    others = message("normalize.methods_elsewhere.others", names=names).zh if names else ""
    severity = Severity.INFO
    return doubt(
        "methods_elsewhere.read", severity=severity, named=table.name, count=count, others=others
    )


def _unjoined(table: MethodTable, lost: Sequence[MethodRow]) -> Doubt:
    listed = "、".join(each.called or clean(each.cells[0].text) for each in lost[:_LISTED])
    rows = listed + ("等" if len(lost) > _LISTED else "")
    return doubt("methods_elsewhere.unjoined", named=table.name, count=len(lost), rows=rows)
