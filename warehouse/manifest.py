"""What a snapshot holds: the manifest that a landing writes, and its files verified against it.

``MANIFEST.json`` names every Parquet file of the snapshot with its size, SHA-256 and rows, then
the snapshot, and ends in the SHA-256 of all that stands before it. Whoever opens a table file
reads it whole through :class:`Contents`, which holds the manifest against that, so that neither a
file nor a manifest which the disk has changed, cut or lost is ever read as something else.

Snapshots of older versions have a manifest without the last line, which is held against the files
that are there, or none: their files are those that are there, and are read as they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from common.files import sync
from common.refusal import Refusal, refusal

MANIFEST = "MANIFEST.json"
SNAPSHOT = "SNAPSHOT"
"""The file in each snapshot that holds its own name, written when all else is there."""

_SEAL = b',\n"sha256": "'
_NAME = re.compile(r"[a-z][a-z0-9_]*/year=[0-9]{1,4}/[^/\0]+\.parquet")
_DIGEST = re.compile("[0-9a-f]{64}")


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
    """Write a new snapshot's manifest, a line a file, sealed, and wait until it is on the disk."""
    lines = (json.dumps({"file": name} | asdict(entries[name])) for name in sorted(entries))
    path = snapshot / MANIFEST
    text = '{"files": [\n' + ",\n".join(lines) + f'\n],\n"snapshot": "{snapshot.resolve().name}"'
    path.write_bytes(_sealed(text.encode()))
    sync(path)


def place_of(table: str, year: int, document_id: str) -> str:
    """Return the name that a document's rows of a table have in a snapshot."""
    return f"{table}/year={year}/{document_id}.parquet"


class Contents:
    """The table files of one snapshot, by name; ``entries`` is None where there is no manifest.

    ``sealed``: the manifest says itself that it is whole. Without that a file in a table's folder
    that it does not name is a line that it has lost.
    """

    def __init__(self, snapshot: Path) -> None:
        self.snapshot = snapshot
        self.sealed, self.entries = _entries(snapshot)
        found = _found(snapshot) if not self.sealed else frozenset[str]()
        self.names = found if self.entries is None else frozenset(self.entries)
        if surplus := found - self.names:
            path = snapshot / MANIFEST
            raise refusal("warehouse.damaged_manifest.surplus", path=path, file=min(surplus))
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


def _entries(snapshot: Path) -> tuple[bool, dict[str, Entry] | None]:
    """Return whether the manifest is sealed, and what it names; None where there is none."""
    path = snapshot / MANIFEST
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        _check_is_there(snapshot)
        if _had_manifest(snapshot):
            raise refusal("warehouse.damaged_manifest.missing", path=path) from None
        return False, None
    except OSError as error:
        raise _damaged(path, error.strerror or error) from error
    try:
        content = json.loads(text)
        sealed = set(content) != {"files"}
        if sealed and (text != _sealed(text.rpartition(_SEAL)[0])):
            raise _damaged(path, "SHA-256")
        entries = [_entry(each) for each in content["files"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path, error) from error
    if sealed and content["snapshot"] != _own_name(snapshot):
        raise refusal(
            "warehouse.damaged_manifest.other", path=path, found=str(content["snapshot"])[:60]
        )
    named = dict(entries)
    if len(named) != len(entries):
        raise _damaged(path, "one file twice")
    return sealed, named


def _sealed(text: bytes) -> bytes:
    return text + _SEAL + hashlib.sha256(text).hexdigest().encode() + b'"}\n'


def _entry(line: dict[str, object]) -> tuple[str, Entry]:
    """Return a line's file and entry; ValueError, TypeError or KeyError where it can be none."""
    name, size, sha256, rows = (line[key] for key in ("file", "size", "sha256", "rows"))
    is_one = isinstance(name, str) and isinstance(sha256, str) and len(line) == 4
    if not is_one or not isinstance(size, int) or not isinstance(rows, int):
        raise ValueError(str(line)[:200])
    if not _NAME.fullmatch(str(name)) or not _DIGEST.fullmatch(str(sha256)) or min(size, rows) < 0:
        raise ValueError(str(line)[:200])
    return str(name), Entry(size, str(sha256), rows)


def _own_name(snapshot: Path) -> str:
    try:
        return (snapshot / SNAPSHOT).read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        raise refusal("warehouse.snapshot_gone", snapshot=snapshot.name) from None


def _damaged(path: Path, error: object) -> Refusal:
    return refusal("warehouse.damaged_manifest.unreadable", path=path, error=str(error)[:200])


def _had_manifest(snapshot: Path) -> bool:
    """Whether an earlier snapshot has one: only versions before the first one wrote none."""
    others = (path.parent.name for path in snapshot.parent.glob(f"*/{MANIFEST}"))
    return any(name < snapshot.name for name in others)


def _found(snapshot: Path) -> frozenset[str]:
    paths = snapshot.glob("*/year=*/*.parquet")
    return frozenset(path.relative_to(snapshot).as_posix() for path in paths)
