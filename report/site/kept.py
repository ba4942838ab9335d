"""The parts of a site that are as they were: taken over from the last one instead of made anew.

A part is a set of files with a mark of all that they are made of. It is taken over where the mark
is the same and every file is still what was made then.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from common.files import sha256_of_bytes

RECORD = "made.json"
#: A record of a hundred years of a hundred entities is far smaller.
_MOST_BYTES = 100_000_000


Noted = TypeVar("Noted")


class Parts:
    """The parts of a site that is being made in ``new``, beside those of the one in ``old``."""

    def __init__(self, old: Path, new: Path) -> None:
        self.old, self.new = old, new
        self._before = _read(old)
        self._parts: dict[str, _Part] = {}

    def take(self, name: str, mark: str, read: Callable[[Any], Noted]) -> Noted | None:
        """Take a part over and return what was told of it; None where it is to be made.

        ``read`` understands what was noted; ValueError, TypeError or KeyError where it cannot.
        """
        try:
            part = _Part.of(self._before[name])
            if part.mark != mark:
                return None
            found = {str(path): _content(self.old, path) for path in part.files}
            if any(sha256_of_bytes(content) != part.files[path] for path, content in found.items()):
                return None
            told = read(part.told)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        for path, content in found.items():
            file = self.new / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if not shared(self.old, path, file, content):
                file.write_bytes(content)
        self._parts[name] = part
        return told

    def note(self, name: str, mark: str, files: Iterable[Path], told: Mapping[str, object]) -> None:
        """Record a part that was made: its files in the new site, and what is told of it."""
        made = {
            path.relative_to(self.new).as_posix(): sha256_of_bytes(path.read_bytes())
            for path in files
        }
        self._parts[name] = _Part(mark, dict(sorted(made.items())), told)

    def write(self) -> None:
        """Leave the record of all parts in the new site."""
        parts = {name: asdict(self._parts[name]) for name in sorted(self._parts)}
        text = json.dumps({"parts": parts}, ensure_ascii=False, indent=0)
        (self.new / RECORD).write_text(f"{text}\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part as it is recorded: its mark, the hashes of its files by path, and what was told."""

    mark: str
    files: dict[str, str]
    told: Mapping[str, object]

    @classmethod
    def of(cls, given: object) -> _Part:
        """Return a part as a record has it; TypeError where it is none."""
        if not isinstance(given, dict):
            raise TypeError(given)
        return cls(**given)


def shared(old: Path, path: str, file: Path, content: bytes) -> bool:
    """Let ``file`` be the file of the old site, if that holds just this content; say whether."""
    try:
        if _content(old, path) != content:
            return False
        os.link(old / path, file)
    except (OSError, ValueError):  # it is not there, or the disk cannot share it
        return False
    return True


def mark_of(*made_of: object) -> str:
    """Return a mark of things in JSON's types."""
    return sha256_of_bytes(json.dumps(made_of, ensure_ascii=False).encode())


def mark_of_files(root: Path, paths: Iterable[Path]) -> str:
    """Return a mark of files by their names and what is in them."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _content(folder: Path, path: str) -> bytes:
    """Return what is in a site's own file; ValueError where the name or a link leads out of it."""
    parts = PurePosixPath(path)
    file = folder / parts
    if parts.is_absolute() or ".." in parts.parts or not file.is_file():
        raise ValueError(path)
    if file.resolve() != folder.resolve() / parts:
        raise ValueError(path)
    return file.read_bytes()


def _read(folder: Path) -> Mapping[str, object]:
    """Return the parts that a site records; none where it has no record, or it is damaged."""
    path = folder / RECORD
    try:
        if path.stat().st_size > _MOST_BYTES:
            return {}
        parts = json.loads(path.read_text(encoding="utf-8"))["parts"]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return {}
    return parts if isinstance(parts, dict) else {}
