"""Marks of what lies on the disk: equal ones say that nothing has changed since.

Nothing heavy is imported here: a night with nothing new needs little more than these.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from common.files import sha256_of, sha256_of_bytes
from flows.jobs.ingest import code_version
from schemas.records.keys import KEYS_FILE

_NOT_READ = (".", "README", "~$")


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
