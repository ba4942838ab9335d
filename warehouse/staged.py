"""The tables of a new snapshot: what a landing replaces is written, all else is linked.

What is new goes to a new part behind the others, together with those before it that are no larger:
so parts become larger towards the front, until they are large enough, a row is written anew only as
often as its part doubles, and a landing costs what it brings, however many documents there are. A
part is written anew where a document of it is replaced, and split where it has become too large. Of
many small ones, as older versions wrote one a document, all become as large as they may.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemas.tables.registry import TABLES
from warehouse.contents import Contents, first_of, place_of, year_of
from warehouse.files import read_rows
from warehouse.manifest import Entry, Holdings, mark_of_columns
from warehouse.parts import Held, is_older, packed, read_part, weight_of, write_part
from warehouse.snapshots import Tree

#: So much a part holds at most: it is written anew for one document of it that is replaced, and
#: every part costs each landing a link. Parts that together hold less than the least are one.
LEAST, MOST = 500, 24_000

Changes = dict[str, dict[int, dict[str, Held | None]]]
"""What shall be there of each document, by table and year; None: nothing any more."""


class Shelf:
    """The parts of the snapshot that a landing starts from, each read once."""

    def __init__(self, base: Contents | None) -> None:
        self.base = base
        self._parts: dict[str, dict[str, Held]] = {}

    def part(self, name: str) -> dict[str, Held]:
        """Return the documents of a part; Refusal where it is damaged."""
        if name not in self._parts:
            self._parts[name] = self.take(name)
        return self._parts[name]

    def take(self, name: str) -> dict[str, Held]:
        """Return the documents of a part for the last time: nothing is kept of it."""
        assert self.base is not None, "there is no file where there is no snapshot"
        own = self._parts.pop(name, None)
        return own if own is not None else read_part(TABLES[_table_of(name)], self.base, name)

    def names(self, table: str, year: int) -> list[str]:
        """Return the parts of a year."""
        return self.base.parts(table, year) if self.base is not None else []

    def find(self, table: str, document: str) -> dict[str, Held]:
        """Return what is landed of a document, by the part that it is in: of one year or more."""
        names = self.base.holding(table, (document,)) if self.base is not None else ()
        found = ((name, self.part(name).get(document)) for name in names)
        return {name: held for name, held in found if held is not None}

    def is_outdated(self, table: str) -> bool:
        """Whether a table is to be written anew: it has other columns than this version's.

        Of snapshots of older versions, which do not say what they have, that is true of each.
        """
        if self.base is None or table not in TABLES or self.base.is_current(table):
            return False
        return bool(self.base.files(table))

    def is_older(self, name: str) -> bool:
        """Whether a part lacks a column of this version, or has one in an older form."""
        table = _table_of(name)
        if not self.is_outdated(table) or self.base is None:
            return False
        return is_older(TABLES[table], self.base, name)

    def is_alone(self, name: str, replaced: Mapping[str, Held | None]) -> bool:
        """Whether everything that may be in a part is replaced."""
        if self.base is None or first_of(name) not in replaced:
            return False
        table, year = _table_of(name), year_of(name)
        others = self.base.documents.get(year, {}).keys() - replaced.keys()
        return all(self.base.part_of(table, year, document) != name for document in others)

    def listed(self, name: str) -> Entry:
        """Return what a file must be: by the manifest; without one as it is now."""
        assert self.base is not None, "there is no file where there is no snapshot"
        if self.base.entries is None:
            return Entry.of(self.base.read(name), len(read_rows(self.base, name)))
        return self.base.entries[name]

    def entry(self, name: str) -> tuple[Entry, int]:
        """Return what a file must be, which is there and has its size, and the file's number."""
        assert self.base is not None, "there is no file where there is no snapshot"
        entry = self.listed(name)
        try:
            found = os.stat(f"{self.base.snapshot}/{name}")  # noqa: PTH116 - of thousands of files
        except OSError:
            found = None
        if found is None or found.st_size != entry.size:
            self.base.read(name)
        return entry, found.st_ino if found is not None else 0


@dataclass(slots=True)
class _Group:
    """Neighbouring parts that become one or more, and what changes in them."""

    names: list[str] = field(default_factory=list)
    weight: int = 0
    changes: dict[str, Held | None] = field(default_factory=dict)

    @property
    def is_written(self) -> bool:
        """Whether it is not one part that stays as it is."""
        return bool(self.changes) or len(self.names) > 1

    def precede(self, other: _Group) -> None:
        """Take in one that stands right before this."""
        self.names = other.names + self.names
        self.changes = other.changes | self.changes
        self.weight += other.weight


@dataclass(slots=True)
class Staged:
    """What lies in a new snapshot's folder: each file's entry, and which of them were written."""

    tree: Tree
    entries: dict[str, Entry] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def write(self, name: str, held: Mapping[str, Held]) -> None:
        """Write a part."""
        self.entries[name] = write_part(held, self.tree.place(name))
        self.written.append(name)

    def link(self, shelf: Shelf, name: str) -> None:
        """Take a part over as it is; Refusal for one that is gone or has another size."""
        self.entries[name], inode = shelf.entry(name)
        assert shelf.base is not None, "nothing is taken over from nowhere"
        self.tree.link(name, f"{shelf.base.snapshot}/{name}", inode)


Order = dict[int, dict[str, int]]
"""The documents of each year with their places in its order."""


def order_after(shelf: Shelf, changes: Changes) -> Order:
    """Return the order of each year's documents: those that are new there come last."""
    order = dict(shelf.base.documents) if shelf.base is not None else {}
    for year in {year for years in changes.values() for year in years}:
        order[year] = dict(order.get(year, {}))
    for year, document in sorted((year, name) for year, name, held in _each(changes) if held):
        order[year].setdefault(document, len(order[year]))
    return order


def stage(tree: Tree, shelf: Shelf, changes: Changes, order: Order) -> Staged:
    """Put every table of a new snapshot into its folder.

    A table that has got columns, or another form of one, since it was written is written anew.
    """
    staged = Staged(tree)
    before = {_table_of(name) for name in shelf.base.names} if shelf.base is not None else set()
    for table in sorted({*before, *changes}):
        whole = shelf.is_outdated(table)
        own = changes.get(table, {})
        landed = {year for year, _ in shelf.base.files(table)} if shelf.base is not None else set()
        for year in sorted({*landed, *own}):
            if whole or own.get(year):
                groups = _grouped(shelf, (table, year), own.get(year, {}), order[year])
                _renew(staged, shelf, (table, year), _joined(groups, whole), order[year])
            else:
                for name in shelf.names(table, year):
                    staged.link(shelf, name)
    return staged


def _renew(
    staged: Staged,
    shelf: Shelf,
    place: tuple[str, int],
    groups: list[_Group],
    order: Mapping[str, int],
) -> None:
    """Write what changes in a table of a year."""
    whole = shelf.is_outdated(place[0])
    for group in groups:
        if not group.is_written and not whole:
            staged.link(shelf, group.names[0])
            continue
        held: dict[str, Held | None] = {}
        for name in group.names:
            if not shelf.is_alone(name, group.changes):
                held |= shelf.take(name)
        left = {name: each for name, each in (held | group.changes).items() if each is not None}
        in_order = {name: left[name] for name in sorted(left, key=lambda each: order.get(each, -1))}
        for part in packed(in_order, MOST):
            staged.write(place_of(*place, next(iter(part))), part)


def _grouped(
    shelf: Shelf,
    place: tuple[str, int],
    changes: Mapping[str, Held | None],
    order: Mapping[str, int],
) -> list[_Group]:
    """Return the parts of a year with what changes in each, and behind them what is new."""
    names = shelf.names(*place)
    known = shelf.base.documents.get(place[1], {}) if shelf.base is not None else {}
    firsts = [order.get(first_of(name), -1) for name in names]
    parts, new = [_Group([name], weight_of(shelf.listed(name))) for name in names], _Group()
    for document, held in changes.items():
        behind = bisect_right(firsts, order[document])
        group = parts[max(behind - 1, 0)] if parts and document in known else new
        group.changes[document] = held
        group.weight += held.weight if held is not None else 0
    return [each for each in (*parts, new) if each.names or each.changes]


def _joined(groups: list[_Group], whole: bool) -> list[_Group]:
    """Return the groups, some neighbours as one."""
    all_weigh = sum(group.weight for group in groups)
    whole = whole or all_weigh < LEAST * len(groups)
    joined: list[_Group] = []
    for group in reversed(groups):
        if joined and _are_one(group, joined[-1], whole):
            joined[-1].precede(group)
        else:
            joined.append(group)
    return joined[::-1]


def _are_one(group: _Group, following: _Group, whole: bool) -> bool:
    """Whether two neighbours are to be one part; ``whole``: as large ones as may be are wanted."""
    both = group.weight + following.weight
    doubled = following.is_written and group.weight <= following.weight
    return both <= LEAST or ((whole or doubled) and both <= MOST)


def holdings_after(shelf: Shelf, changes: Changes, staged: Staged, order: Order) -> Holdings:
    """Return what the new manifest says of all files together.

    A document that was landed under another year before stays noted there while a table that was
    not replaced may still hold it.
    """
    gone = {
        (year, document)
        for year, document, held in _each(changes)
        if held is None and _is_gone(changes, staged, year, document)
    }
    left = {
        year: [document for document in ids if (year, document) not in gone]
        for year, ids in order.items()
    }
    marks = {name: mark_of_columns(table) for name, table in TABLES.items()}
    return Holdings({year: ids for year, ids in left.items() if ids}, marks)


def _is_gone(changes: Changes, staged: Staged, year: int, document: str) -> bool:
    """Whether no table of a year can hold anything of a document that is taken from it."""
    tables = {_table_of(name) for name in staged.entries if year_of(name) == year}
    return all(document in changes.get(table, {}).get(year, {}) for table in tables)


def _each(changes: Changes) -> Iterator[tuple[int, str, Held | None]]:
    """Yield the year, document and rows of every change."""
    for years in changes.values():
        for year, own in years.items():
            for document, held in own.items():
                yield year, document, held


def _table_of(name: str) -> str:
    return name.partition("/")[0]
