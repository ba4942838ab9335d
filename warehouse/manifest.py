"""What a snapshot holds: the manifest that a landing writes, and its files verified against it.

``MANIFEST.json`` names every Parquet file of the snapshot with its size, SHA-256 and rows. Whoever
opens a table file reads it whole through :class:`Contents`, so that one which the disk has
changed, cut or lost is named and never read as something else. Snapshots of older versions have
no manifest: their files are those that are there, and are read as they are.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from common.files import sync
from common.refusal import refusal

MANIFEST = "MANIFEST.json"
SNAPSHOT = "SNAPSHOT"
"""The file in each snapshot that holds its own name, written when all else is there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as it was written: bytes, SHA-256 in hexadecimal digits, rows."""

    size: int
    sha256: str
    rows: int

    @classmethod
    def of(cls, content: bytes, rows: int) -> Entry:
        """Return the entry of a file with this content."""
        return cls(len(content), hashlib.sha256(content).hexdigest(), rows)


def write_manifest(snapshot: Path, entries: Mapping[str, Entry]) -> None:
    """Write a new snapshot's manifest, a line a file, and wait until it is on the disk."""
    lines = (json.dumps({"file": name} | asdict(entries[name])) for name in sorted(entries))
    path = snapshot / MANIFEST
    path.write_text('{"files": [\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    sync(path)


def place_of(table: str, year: int, document_id: str) -> str:
    """Return the name that a document's rows of a table have in a snapshot."""
    return f"{table}/year={year}/{document_id}.parquet"


class Contents:
    """The table files of one snapshot, by name; ``entries`` is None where there is no manifest."""

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.entries = _entries(snapshot)
        self.names = _found(snapshot) if self.entries is None else frozenset(self.entries)
        _check_is_there(snapshot)  # last: it may go while its files are looked for

    def files(self, table: str) -> list[tuple[int, str]]:
        """Return the table's files with the year of each, by year and document."""
        own = (name for name in self.names if name.startswith(f"{table}/year="))
        return sorted((int(name.split("/")[1].removeprefix("year=")), name) for name in own)

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
            _check_is_there(self.snapshot)
            raise refusal("warehouse.damaged_table.missing", path=path) from None
        except OSError as error:
            why = error.strerror or error
            raise refusal("warehouse.damaged_table.unreadable", path=path, error=why) from error
        expected = self.entries[name] if self.entries is not None else None
        if expected is not None and Entry.of(content, expected.rows) != expected:
            raise refusal(
                "warehouse.damaged_table.changed", path=path, size=expected.size, found=len(content)
            )
        return content


def _check_is_there(snapshot: Path) -> None:
    """Refuse a snapshot that was pruned: its folder goes in one rename, not file by file."""
    if not (snapshot / SNAPSHOT).is_file():
        raise refusal("warehouse.snapshot_gone", snapshot=snapshot.name) from None


def _entries(snapshot: Path) -> dict[str, Entry] | None:
    path = snapshot / MANIFEST
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        _check_is_there(snapshot)
        if _had_manifest(snapshot):
            raise refusal("warehouse.damaged_manifest.missing", path=path) from None
        return None
    try:
        files = json.loads(text)["files"]
        return {each.pop("file"): Entry(**each) for each in files}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise refusal("warehouse.damaged_manifest.unreadable", path=path, error=error) from error


def _had_manifest(snapshot: Path) -> bool:
    """Whether an earlier snapshot has one: only versions before the first one wrote none."""
    others = (path.parent.name for path in snapshot.parent.glob(f"*/{MANIFEST}"))
    return any(name < snapshot.name for name in others)


def _found(snapshot: Path) -> frozenset[str]:
    paths = snapshot.glob("*/year=*/*.parquet")
    return frozenset(path.relative_to(snapshot).as_posix() for path in paths)
