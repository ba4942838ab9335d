"""The files of a snapshot, held against its manifest, and which of them holds a document.

Whoever opens a table file reads it whole through :class:`Contents`, so that neither a file nor a
manifest which the disk has changed, cut or lost is ever read as something else.

The documents of a year have an order, which the manifest says: that in which they came. A table of
the year is cut into parts along it, each named by its first document: a document lies in the last
part whose first one does not come after it, if it is there at all. So what is new goes to new parts
behind the others. In older snapshots the order is that of the ids, or a file holds one document:
such files are parts, too. Where there is no manifest the files are those that are there, read as
they are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from common.files import sha256_of_bytes
from common.refusal import refusal
from schemas.tables.registry import TABLES
from warehouse.manifest import MANIFEST, Entry, check_is_there, mark_of_columns, read_manifest


def place_of(table: str, year: int, first: str) -> str:
    """Return the name in a snapshot of the part whose first document is this one."""
    return f"{table}/year={year}/{first}.parquet"


def first_of(name: str) -> str:
    """Return the id that a part is named by: no document in it came before that."""
    return name.rpartition("/")[2].removesuffix(".parquet")


def year_of(name: str) -> int:
    """Return the year of a part."""
    return int(name.split("/")[1].removeprefix("year="))


class Contents:
    """The table files of one snapshot, by name; ``entries`` is None where there is no manifest.

    ``sealed``: the manifest says itself that it is whole. Without that a file in a table's folder
    that it does not name is a line that it has lost. ``columns`` is empty where an older version
    wrote it. ``documents`` are those of each year with their places in its order.
    """

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.sealed, self.entries, holdings = read_manifest(snapshot)
        found = _found(snapshot) if not self.sealed else frozenset[str]()
        self.names = found if self.entries is None else frozenset(self.entries)
        if surplus := found - self.names:
            path = snapshot / MANIFEST
            raise refusal("warehouse.damaged_manifest.surplus", path=path, file=min(surplus))
        check_is_there(snapshot)  # last: it may go while its files are looked for
        self.columns = holdings.columns if holdings is not None else {}
        found_by_year = holdings.documents if holdings is not None else _by_name(self.names)
        self.documents: dict[int, dict[str, int]] = {
            year: {document: place for place, document in enumerate(ids)}
            for year, ids in found_by_year.items()
        }

    def files(self, table: str) -> list[tuple[int, str]]:
        """Return the table's files with the year of each, by year and in their order."""
        years = self._parts.get(table, {})
        return [(year, name) for year in sorted(years) for name in years[year]]

    def parts(self, table: str, year: int) -> list[str]:
        """Return the names of a year's parts of a table, in the order of their documents."""
        return self._parts.get(table, {}).get(year, [])

    def holding(self, table: str, documents: Iterable[str]) -> list[str]:
        """Return the names of the parts that may hold rows of these documents; no other does."""
        found = {
            part
            for document in documents
            for year, ids in self.documents.items()
            if document in ids and (part := self.part_of(table, year, document)) is not None
        }
        return [name for _, name in self.files(table) if name in found] if found else []

    def part_of(self, table: str, year: int, document: str) -> str | None:
        """Return the name of the part that holds a document of a year, if any does."""
        own = self.documents.get(year, {}).get(document)
        if own is None:
            return None
        names = self.parts(table, year)
        found = bisect_right(names, own, key=self.place)
        return names[found - 1] if found else None

    def place(self, name: str) -> int:
        """Return the place of a part's first document in the order of its year."""
        _, folder, file = name.split("/")
        own = self.documents.get(int(folder.removeprefix("year=")), {})
        return own.get(file.removesuffix(".parquet"), -1)

    @cached_property
    def _parts(self) -> dict[str, dict[int, list[str]]]:
        """The names by table and year."""
        parts: dict[str, dict[int, list[str]]] = {}
        for name in sorted(self.names, key=self.place):
            parts.setdefault(name.split("/")[0], {}).setdefault(year_of(name), []).append(name)
        return parts

    def is_current(self, table: str) -> bool:
        """Whether the manifest says that a table has just the columns of this version."""
        return self.columns.get(table) == mark_of_columns(TABLES[table])

    def size(self, name: str) -> int:
        """Return the bytes that a file should have; without a manifest those it has."""
        if self.entries is not None:
            return self.entries[name].size
        return len(self.read(name))

    def rows(self, table: str) -> int | None:
        """Return how many rows the table should have; None where there is no manifest."""
        if self.entries is None:
            return None
        return sum(self.entries[name].rows for _, name in self.files(table))

    def read(self, name: str) -> bytes:
        """Return a file's content, verified; Refusal where it is damaged, or gone with all."""
        path = self.snapshot / name
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            check_is_there(self.snapshot)
            raise refusal("warehouse.damaged_table.missing", path=path) from None
        except OSError as error:
            why = error.strerror or error
            raise refusal("warehouse.damaged_table.unreadable", path=path, error=why) from error
        expected = self.entries[name] if self.entries is not None else None
        if expected is not None and _differs(content, expected):
            raise refusal(
                "warehouse.damaged_table.changed", path=path, size=expected.size, found=len(content)
            )
        return content


def _differs(content: bytes, entry: Entry) -> bool:
    return len(content) != entry.size or sha256_of_bytes(content) != entry.sha256


def _by_name(names: Iterable[str]) -> dict[int, list[str]]:
    """Return the documents of each year where every file holds the one that it is named by."""
    found: dict[int, set[str]] = {}
    for name in names:
        found.setdefault(year_of(name), set()).add(first_of(name))
    return {year: sorted(ids) for year, ids in found.items()}


def _found(snapshot: Path) -> frozenset[str]:
    paths = snapshot.glob("*/year=*/*.parquet")
    return frozenset(path.relative_to(snapshot).as_posix() for path in paths)
