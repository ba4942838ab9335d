"""The manifest of a snapshot: what a landing writes of its files, and how it is read again.

``MANIFEST.json`` names every Parquet file of the snapshot with its size, SHA-256, rows and how many
documents it holds, then the documents of each year, the form of each table's columns and the
snapshot, and ends in the SHA-256 of all that stands before it.

That of an older version names no documents and no columns, or it has no SHA-256 of its own; the
oldest snapshots have none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from common.files import sha256_of_bytes, sync
from common.refusal import Refusal, refusal
from schemas.tables.column import SQL_TYPES
from schemas.tables.registry import TableSpec

MANIFEST = "MANIFEST.json"
SNAPSHOT = "SNAPSHOT"
"""The file in each snapshot that holds its own name, written when all else is there."""

_SEAL = b',\n"sha256": "'
_NAME = re.compile(r"[a-z][a-z0-9_]*/year=[0-9]{1,4}/[^/\0]+\.parquet")
_DIGEST = re.compile("[0-9a-f]{64}")
_KEYS = ("file", "size", "sha256", "rows")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file as it was written: bytes, SHA-256 in hexadecimal digits, rows, documents."""

    size: int
    sha256: str
    rows: int
    documents: int = 1

    @classmethod
    def of(cls, content: bytes, rows: int, documents: int = 1) -> Entry:
        """Return the entry of a file with this content."""
        return cls(len(content), sha256_of_bytes(content), rows, documents)


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a manifest says of its files together.

    ``documents`` are the ids of each year, in the order in which they came: of whatever any table
    holds, and perhaps of one more that was landed under another year since. ``columns`` is a mark
    of each table's columns, by which one that has got others meanwhile is known.
    """

    documents: Mapping[int, Sequence[str]]
    columns: Mapping[str, str]


@cache
def mark_of_columns(table: TableSpec) -> str:
    """Return what tells a table's columns from those that it had in another version."""
    columns = [(column.name, SQL_TYPES[column.kind]) for column in table.columns]
    return sha256_of_bytes(repr(columns).encode())[:16]


def write_manifest(snapshot: Path, entries: Mapping[str, Entry], holdings: Holdings) -> None:
    """Write a new snapshot's manifest, a line a file, sealed, and wait until it is on the disk."""
    named = {str(year): list(ids) for year, ids in sorted(holdings.documents.items())}
    parts = {
        "documents": json.dumps(named, ensure_ascii=False),
        "columns": json.dumps(dict(holdings.columns)),
        "snapshot": json.dumps(snapshot.resolve().name),
    }
    text = '{"files": [\n' + ",\n".join(_line(name, entries[name]) for name in sorted(entries))
    text += "\n]" + "".join(f',\n"{key}": {value}' for key, value in parts.items())
    path = snapshot / MANIFEST
    path.write_bytes(_sealed(text.encode()))
    sync(path)


def _line(name: str, entry: Entry) -> str:
    return (
        f'{{"file": {json.dumps(name)}, "size": {entry.size}, "sha256": "{entry.sha256}", '
        f'"rows": {entry.rows}, "documents": {entry.documents}}}'
    )


def check_is_there(snapshot: Path) -> None:
    """Refuse a snapshot that was pruned: its folder goes in one rename, not file by file."""
    if not (snapshot / SNAPSHOT).is_file():
        raise refusal("warehouse.snapshot_gone", snapshot=snapshot.name) from None


_Manifest = tuple[bool, dict[str, Entry] | None, Holdings | None]


def read_manifest(snapshot: Path) -> _Manifest:
    """Return whether the manifest is sealed, what it names, and what it says of all together.

    None where there is no manifest, or it says nothing of that.
    """
    path = snapshot / MANIFEST
    text = _text_of(snapshot, path)
    if text is None:
        return False, None, None
    try:
        name, named, holdings = _parsed(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(path, error) from error
    if name is not None and name != _own_name(snapshot):
        raise refusal("warehouse.damaged_manifest.other", path=path, found=name[:60])
    return name is not None, named, holdings


@lru_cache(maxsize=1)
def _parsed(text: bytes) -> tuple[str | None, dict[str, Entry], Holdings | None]:
    """Return whose manifest a sealed one is, what it names, and what it says of all together.

    Who lands or asks again finds it read. ValueError and the like where it is none, or damaged.
    """
    content = json.loads(text)
    sealed = set(content) != {"files"}
    if sealed and text != _sealed(text.rpartition(_SEAL)[0]):
        raise ValueError("SHA-256")
    entries = [_entry(each) for each in content["files"]]
    named = dict(entries)
    if len(named) != len(entries):
        raise ValueError("one file twice")
    holdings = _holdings(content) if "documents" in content else None
    return str(content["snapshot"]) if sealed else None, named, holdings


def _text_of(snapshot: Path, path: Path) -> bytes | None:
    """Return the manifest as it is on the disk; None for a snapshot that never had one."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        check_is_there(snapshot)
        if _had_manifest(snapshot):
            raise refusal("warehouse.damaged_manifest.missing", path=path) from None
        return None
    except OSError as error:
        raise _damaged(path, error.strerror or error) from error


def _holdings(content: Mapping[str, dict[str, object]]) -> Holdings:
    documents = {int(year): _texts(ids) for year, ids in content["documents"].items()}
    if any(len(set(ids)) < len(ids) for ids in documents.values()):
        raise ValueError("one document twice")
    columns = content["columns"]
    return Holdings(
        documents, dict(zip(_texts([*columns]), _texts([*columns.values()]), strict=True))
    )


def _texts(found: object) -> list[str]:
    if not isinstance(found, list) or not {*map(type, found)} <= {str}:
        raise ValueError(str(found)[:200])
    return found


def _sealed(text: bytes) -> bytes:
    return text + _SEAL + sha256_of_bytes(text).encode() + b'"}\n'


def _entry(line: dict[str, object]) -> tuple[str, Entry]:
    """Return a line's file and entry; ValueError, TypeError or KeyError where it can be none.

    A file of which an older version wrote no number of documents holds one.
    """
    name, size, sha256, rows = line["file"], line["size"], line["sha256"], line["rows"]
    documents = line.get("documents", 1)
    is_one = isinstance(name, str) and isinstance(sha256, str)
    is_one &= len(line) - ("documents" in line) == len(_KEYS)
    if not isinstance(size, int) or not isinstance(rows, int) or not isinstance(documents, int):
        raise ValueError(str(line)[:200])
    if not is_one or not _NAME.fullmatch(str(name)) or not _DIGEST.fullmatch(str(sha256)):
        raise ValueError(str(line)[:200])
    if size < 0 or rows < 0 or documents < 0:
        raise ValueError(str(line)[:200])
    return str(name), Entry(size, str(sha256), rows, documents)


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
