"""What the nights before have done: a small file beside the warehouse's ``CURRENT``.

It only saves work. A night without it, or with an older one, does everything again, and landing
what is there already changes nothing. Nothing heavy is imported here: a night with nothing new
needs no more than this and the files' hashes, which are taken here too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from common.files import sha256_of, sha256_of_bytes, write_atomically
from common.messages import Message
from flows.jobs.ingest import code_version
from schemas.records.keys import KEYS_FILE

NAME = "nightly.json"
FORMAT = 1
_NOT_READ = (".", "README", "~$")


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One folder of ``raw/notices`` as last read: its content's hash and what became of it."""

    fingerprint: str
    document_id: str
    year: int | None
    role: str
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class KeysEntry:
    """The file of confirmed keys as last landed: its hash, "" for none, and what became of it."""

    fingerprint: str
    problem: Message | None = None


@dataclass(slots=True)
class Ledger:
    """All that is remembered from night to night.

    ``scored`` holds, of each document and as-of date (ISO), the hash of what its scores were made
    of. ``settled`` is the snapshot of which nothing was left to do, ``reported`` the one that the
    report shows, ``unfinished`` the process of a night that has begun and not ended. ``keys`` is
    None where the confirmed keys are to be landed anew.
    """

    code: str = ""
    notices: dict[str, NoticeEntry] = field(default_factory=dict)
    scored: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: str | None = None
    reported: str | None = None
    unfinished: str | None = None
    keys: KeysEntry | None = None


def read_ledger(warehouse: Path) -> Ledger:
    """Return what is remembered; an empty ledger where there is none, or none that can be read."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        content = json.loads((warehouse / NAME).read_text(encoding="utf-8"))
        if content.pop("format") == FORMAT:
            return _ledger(content)
    return Ledger()


def _ledger(content: dict[str, Any]) -> Ledger:
    notices = {name: _entry(entry) for name, entry in content.pop("notices").items()}
    landed = content.pop("keys", None)
    keys = KeysEntry(landed["fingerprint"], _problem(landed["problem"])) if landed else None
    return Ledger(**content, notices=notices, keys=keys)


def _entry(content: dict[str, Any]) -> NoticeEntry:
    return NoticeEntry(**{**content, "problem": _problem(content["problem"])})


def _problem(content: dict[str, str] | None) -> Message | None:
    return Message(**content) if content else None


def write_ledger(warehouse: Path, ledger: Ledger) -> None:
    """Write the ledger, whole or not at all."""
    text = json.dumps({"format": FORMAT, **asdict(ledger)}, ensure_ascii=False, indent=1)
    write_atomically(warehouse / NAME, text.encode("utf-8", "backslashreplace"))


def current_name(warehouse: Path) -> str | None:
    """Return the name of the current snapshot; None where nothing was ever landed."""
    try:
        return (warehouse / "CURRENT").read_text(encoding="utf-8").strip()
    except OSError:
        return None


def notice_folders(raw: Path) -> list[Path]:
    """Return what lies in ``raw/notices``: one folder a document, and files that are in none."""
    folder = raw / "notices"
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(_NOT_READ)]


def content_hash(path: Path) -> str:
    """Return the hash of a folder's files, their names included; OSError where one is unreadable.

    Document, ``source.toml`` and ``corrections.toml`` count; hidden files and READMEs do not.
    """
    digest = hashlib.sha256()
    for file in _files_of(path):
        digest.update(os.fsencode(file.name) + f"\0{sha256_of(file)}\n".encode())
    return digest.hexdigest()


def _files_of(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        for file in sorted(path.iterdir()):
            if file.is_file() and not file.name.startswith(_NOT_READ):
                yield file


def notice_mark(path: Path) -> str | None:
    """Return the hash of a notice's folder and of the program; None where it cannot be read."""
    try:
        content = content_hash(path)
    except OSError:
        return None
    return sha256_of_bytes(f"{code_version()}\n{content}".encode())


def keys_mark(raw: Path) -> str | None:
    """Return the hash of the keys' file, "" where there is none; None where it is unreadable."""
    try:
        return sha256_of(raw / KEYS_FILE)
    except FileNotFoundError:
        return ""
    except OSError:
        return None


def report_mark(warehouse: Path, out: Path) -> str:
    """Return a mark that is equal where the report in ``out`` shows the current snapshot."""
    return f"{current_name(warehouse)} {out.absolute()}"
