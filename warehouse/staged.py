"""The tables of a new snapshot: what a landing replaces is written, all else is linked.

A part is written anew where a document of it is replaced. One that has become too large is split,
neighbours that have become small enough for one are joined; so the files of a year stay few, and
a landing writes few of them, however many documents there are. That a file holds one document, as
older versions wrote them, is such a case.
"""

from __future__ import annotations

import errno
import os
import shutil
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from common.files import sync
from schemas.tables.registry import TABLES
from warehouse.contents import Contents, first_of, place_of, year_of
from warehouse.files import read_rows
from warehouse.manifest import Entry, Holdings, mark_of_columns
from warehouse.parts import Held, is_older, packed, read_part, weight_of, write_part

#: A part of a year holds a sixteenth of it, but at least and at most so much: a landing writes so
#: much of each table, and a year is not cut into more files.
_PARTS_IN_YEAR, LEAST, _MOST = 16, 2_000, 16_000
_NO_LINKS = (errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)

Changes = dict[str, dict[int, dict[str, Held | None]]]
"""What shall be there of each document, by table and year; None: nothing any more."""


class Shelf:
    """The parts of the snapshot that a landing starts from, each read once."""

    def __init__(self, base: Contents | None) -> None:
        self.base = base
        self._parts: dict[str, dict[str, Held]] = {}
        self._sizes: dict[str, dict[str, int]] = {}

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
        if self.base is None or table not in TABLES or not self.base.files(table):
            return False
        return not self.base.is_current(table)

    def is_older(self, name: str) -> bool:
        """Whether a part lacks a column of this version, or has one in an older form."""
        table = _table_of(name)
        if not self.is_outdated(table) or self.base is None:
            return False
        return is_older(TABLES[table], self.base, name)

    def is_alone(self, name: str, replaced: Mapping[str, Held | None]) -> bool:
        """Whether everything that may be in a part is replaced."""
        if self.base is None or self.listed(name).documents > len(replaced):
            return False
        table, year = _table_of(name), year_of(name)
        others = self.base.documents.get(year, frozenset()) - replaced.keys()
        return all(self.base.part_of(table, year, document) != name for document in others)

    def listed(self, name: str) -> Entry:
        """Return what a file must be: by the manifest; without one as it is now."""
        assert self.base is not None, "there is no file where there is no snapshot"
        if self.base.entries is None:
            return Entry.of(self.base.read(name), len(read_rows(self.base, name)))
        return self.base.entries[name]

    def entry(self, name: str) -> Entry:
        """Return what a file must be, which is there and has the size that it should have."""
        assert self.base is not None, "there is no file where there is no snapshot"
        entry = self.listed(name)
        folder, _, file = name.rpartition("/")
        if folder not in self._sizes:
            self._sizes[folder] = _sizes(self.base.snapshot / folder)
        if self._sizes[folder].get(file) != entry.size:
            self.base.read(name)
        return entry


@dataclass(slots=True)
class _Group:
    """Neighbouring parts that become one or more, and what changes in them."""

    names: list[str]
    weight: int
    changes: dict[str, Held | None] = field(default_factory=dict)


@dataclass(slots=True)
class Staged:
    """What lies in a new snapshot's folder: each file's entry, and which of them were written."""

    folder: Path
    entries: dict[str, Entry] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    _made: set[str] = field(default_factory=set)

    def write(self, name: str, held: Mapping[str, Held]) -> None:
        """Write a part."""
        self.entries[name] = write_part(held, self.folder / name)
        self.written.append(name)

    def link(self, shelf: Shelf, name: str) -> None:
        """Take a part over as it is; Refusal for one that is gone or has another size."""
        self.entries[name] = shelf.entry(name)
        assert shelf.base is not None, "nothing is taken over from nowhere"
        folder = name.rpartition("/")[0]
        if folder not in self._made:
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
            self._made.add(folder)
        _link(f"{shelf.base.snapshot}/{name}", f"{self.folder}/{name}")


def stage(folder: Path, shelf: Shelf, changes: Changes) -> Staged:
    """Put every table of a new snapshot into a folder.

    A table that has got columns, or another form of one, since it was written is written anew.
    """
    staged = Staged(folder)
    before = {_table_of(name) for name in shelf.base.names} if shelf.base is not None else set()
    for table in sorted({*before, *changes}):
        whole = shelf.is_outdated(table)
        own = changes.get(table, {})
        landed = {year for year, _ in shelf.base.files(table)} if shelf.base is not None else set()
        for year in sorted({*landed, *own}):
            if whole or own.get(year):
                _renew(staged, shelf, (table, year), own.get(year, {}), whole)
            else:
                for name in shelf.names(table, year):
                    staged.link(shelf, name)
    return staged


def _renew(
    staged: Staged,
    shelf: Shelf,
    place: tuple[str, int],
    changes: Mapping[str, Held | None],
    whole: bool,
) -> None:
    """Write what changes in a table of a year; ``whole``: all of it."""
    groups = _grouped(shelf, shelf.names(*place), changes)
    limit = sum(group.weight for group in groups) // _PARTS_IN_YEAR
    limit = min(max(limit, LEAST), _MOST)
    for group in _joined(groups, limit):
        if len(group.names) == 1 and not group.changes and not whole:
            staged.link(shelf, group.names[0])
            continue
        held: dict[str, Held | None] = {}
        for name in group.names:
            if not shelf.is_alone(name, group.changes):
                held |= shelf.take(name)
        left = {name: each for name, each in (held | group.changes).items() if each is not None}
        for part in packed(left, limit):
            staged.write(place_of(*place, min(part)), part)


def _grouped(shelf: Shelf, names: list[str], changes: Mapping[str, Held | None]) -> list[_Group]:
    """Return the parts of a year with what changes in each; what is new goes to its neighbours."""
    groups = [_Group([name], weight_of(shelf.listed(name))) for name in names] or [_Group([], 0)]
    firsts = [first_of(name) for name in names]
    for document, held in changes.items():
        group = groups[max(bisect_right(firsts, document) - 1, 0)]
        group.changes[document] = held
        group.weight += held.weight if held is not None else 0
    return groups


def _joined(groups: list[_Group], limit: int) -> Iterator[_Group]:
    """Yield the groups, neighbours that fit into one part as one."""
    last = groups[0]
    for group in groups[1:]:
        if last.weight + group.weight > limit:
            yield last
            last = group
        else:
            last.names += group.names
            last.changes |= group.changes
            last.weight += group.weight
    yield last


def holdings_after(shelf: Shelf, changes: Changes, staged: Staged) -> Holdings:
    """Return what the new manifest says of all files together.

    A document that was landed under another year before stays noted there while a table that was
    not replaced may still hold it.
    """
    before = shelf.base.documents if shelf.base is not None else {}
    documents = {year: set(ids) for year, ids in before.items()}
    for year, document, held in _each(changes):
        own = documents.setdefault(year, set())
        if held is not None:
            own.add(document)
        elif _is_gone(changes, staged, year, document):
            own.discard(document)
    marks = {name: mark_of_columns(table) for name, table in TABLES.items()}
    return Holdings({year: frozenset(ids) for year, ids in documents.items() if ids}, marks)


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


def _sizes(folder: Path) -> dict[str, int]:
    """Return the files of a folder with the bytes of each."""
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as entries:
        return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}


def _link(path: str, target: str) -> None:
    """Link the file, or copy it where the file system has no hard links."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(path, target)
        sync(Path(target))


def sync_folders(top: Path) -> None:
    """Wait until every folder under ``top``, and itself, is on the disk."""
    for folder, _, _ in os.walk(top, topdown=False):
        sync(Path(folder))
