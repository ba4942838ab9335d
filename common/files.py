"""Files: their names, hashes and locks, and writing them whole or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR

from common.names import shown_name
from common.refusal import Refusal

PROJECT = Path(__file__).resolve().parent.parent
"""The folder that holds this code; the project's, where it runs from a checkout."""

_UNSAFE = re.compile(r"[^\w（）()·、〔〕 -]+")
_MOST_BYTES = 120  # of a name: file systems take 255, and endings and hashes are added
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)
_OF_SYSTEMS = frozenset({".ds_store", "thumbs.db", "ehthumbs.db", "desktop.ini"})
_POLL_SECONDS = 0.05
_WORKSHOP, _HOLD, _NEW, _OLD = ".kaohe-making-", ".lock", "new", "old"


def safe_name(text: str) -> str:
    """Return the text as one part of a path, the same for the same text and for no other.

    A text of letters, digits, Chinese characters and brackets stays as it is. Any other loses what
    is unsafe (separators, dots, signs) and gets six digits of its hash, so that no two meet.
    """
    kept = unicodedata.normalize("NFC", text)
    kept = _UNSAFE.sub("_", kept).strip(" _-")
    while len(kept.encode()) > _MOST_BYTES:
        kept = kept[:-1]
    if kept and kept == text and not _DEVICES.match(kept):
        return kept
    digest = sha256_of_bytes(text.encode("utf-8", "surrogatepass"))
    return f"{kept.rstrip()}-{digest[:6]}".lstrip("-")


def kept_name(name: str) -> str:
    """Return a file's name as we may give it again: valid, without a leading dash, not too long.

    Most names stay as they are.
    """
    shown = shown_name(name)
    if shown == name and not name.startswith("-") and len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, ending = shown.rpartition(".")
    return f"{safe_name(stem or ending)}{dot}{safe_name(ending)}" if stem else safe_name(shown)


def is_office_lock(name: str) -> bool:
    """Say whether a name is of what Office and WPS lay beside a file that somebody has open."""
    return name.startswith(("~$", ".~"))


def is_leftover(name: str) -> bool:
    """Say whether a name is of what a program or system lays beside files, and nobody hands in."""
    return is_office_lock(name) or name.startswith("._") or name.lower() in _OF_SYSTEMS


def office_lock_of(path: Path) -> Path | None:
    """Return what lies beside a file because somebody has it open in Office; None for nothing.

    Excel puts ``~$`` before the name, Word in place of its first letters where it is long, WPS
    ``.~`` before it, LibreOffice ``.~lock.`` and ``#`` around it.
    """
    name = path.name
    word = ("~$" + name[2:],) if len(Path(name).stem) > 7 else ()
    locks = (f"~${name}", *word, f".~{name}", f".~lock.{name}#")
    return next((lock for each in locks if _is_file(lock := path.with_name(each))), None)


def _is_file(path: Path) -> bool:
    """Say whether a file is there: none is, where its name is longer than a name can be."""
    try:
        return path.is_file()
    except OSError:
        return False


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's content in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_bytes(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def sync(path: Path) -> None:
    """Wait until the content of a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a path to write to, which takes the place of ``path`` once all is on the disk.

    A reader sees the old file or the new one. Where the block fails, or leaves no file, the old
    one stays.
    """
    with workshop(path.parent) as own:
        new = own / path.name
        yield new
        if new.exists():
            sync(new)
            new.replace(path)
            sync(path.parent)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder to fill, which takes the place of the folder ``path`` when all went well.

    Where the block fails the old one stays. A run that is killed just when the old one is away and
    the new one is not yet there is brought to its end by :func:`sweep`.
    """
    with workshop(path.parent) as own:
        new = own / _NEW / path.name
        new.mkdir(parents=True)
        yield new
        if path.exists():
            (own / _OLD).mkdir()
            path.rename(own / _OLD / path.name)
        new.rename(path)


@contextmanager
def workshop(folder: Path) -> Iterator[Path]:
    """Make a hidden folder in ``folder`` for what is half made, and take it away in the end.

    It is this user's alone, and held as long as its maker lives. What killed makers left is swept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    while True:
        own = folder / f"{_WORKSHOP}{secrets.token_hex(6)}"
        own.mkdir(mode=0o700)
        try:
            with _held(own):
                try:
                    yield own
                finally:
                    shutil.rmtree(own, ignore_errors=True)
                return
        except _SweptAway:
            continue


class _SweptAway(Exception):  # noqa: N818 - no error: the maker makes another one
    """Another process took a workshop for one that was left, before its maker held it."""


@contextmanager
def _held(own: Path) -> Iterator[None]:
    try:
        file = (own / _HOLD).open("a")
    except FileNotFoundError:
        raise _SweptAway from None
    with file:
        if not _taken(file.fileno(), fcntl.LOCK_EX) or os.fstat(file.fileno()).st_nlink == 0:
            raise _SweptAway
        yield


def sweep(folder: Path) -> None:
    """Take away what killed makers of files and folders left half made in ``folder``.

    A folder that was just taking the place of another one is put there. What is still being made
    is let alone, and what another user made.
    """
    for own in folder.glob(f"{_WORKSHOP}*"):
        with suppress(_SweptAway, FileNotFoundError):
            about = own.lstat()
            if S_ISDIR(about.st_mode) and about.st_uid == os.getuid():
                _sweep_one(own, folder)


def _sweep_one(own: Path, folder: Path) -> None:
    with _held(own):
        for old in own.glob(f"{_OLD}/*"):
            _bring_to_its_end(own / _NEW / old.name, old, folder / old.name)
        shutil.rmtree(own, ignore_errors=True)


def _bring_to_its_end(new: Path, old: Path, path: Path) -> None:
    if not path.exists():
        (new if new.exists() else old).rename(path)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and wait until it is on the disk."""
    with replacing(path) as new:
        new.write_bytes(content)


@contextmanager
def locked(path: Path, wait_seconds: float, busy: Refusal) -> Iterator[None]:
    """Hold a file alone; ``busy`` is raised where another process holds it for so long.

    The system lets go of the lock when its holder is killed.
    """
    deadline = time.monotonic() + wait_seconds
    with path.open("a") as file:
        while not _taken(file.fileno(), fcntl.LOCK_EX):
            if time.monotonic() >= deadline:
                raise busy
            time.sleep(_POLL_SECONDS)
        yield


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold a file together with whoever else does: nobody holds it alone meanwhile."""
    with path.open("rb") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)  # who asks :func:`is_in_use` does so for a moment
        yield


def is_locked(path: Path) -> bool:
    """Say whether some process holds the file (:func:`locked`) now."""
    return _is_taken(path, fcntl.LOCK_SH)


def is_in_use(path: Path) -> bool:
    """Say whether some process holds the file now, alone or together with others."""
    return _is_taken(path, fcntl.LOCK_EX)


def _is_taken(path: Path, how: int) -> bool:
    try:
        with path.open("rb") as file:
            return not _taken(file.fileno(), how)
    except FileNotFoundError:
        return False


def _taken(descriptor: int, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
