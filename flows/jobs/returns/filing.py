"""Filing returned forms under ``raw/returns`` as they came: whole, once, never changed again."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from common.files import (
    is_leftover,
    is_office_lock,
    locked,
    office_lock_of,
    safe_name,
    sha256_of,
    sync,
)
from common.refusal import refusal
from flows.jobs.returns.unanswered import FOLDER, STAGING, note, note_of

_FILED = re.compile(r"(\d{4}-\d{2}-\d{2})-(\d+)\.(?:xlsx|csv)")
_WAIT_SECONDS = 120.0
_MOST_BYTES = 30 * 2**20


@dataclass(frozen=True, slots=True)
class Filed:
    """A return in its place: when it was received, and whether it lay there already.

    ``note`` is to be removed when its rows are landed and its reply is written.
    """

    path: Path
    received_on: date
    again: bool
    note: Path


@contextmanager
def receiving(root: Path) -> Iterator[None]:
    """Hold ``root`` alone while returns are filed; Refusal where another program does so for long.

    What a killed program left half-copied is taken away.
    """
    root.mkdir(parents=True, exist_ok=True)
    staging = root / STAGING
    staging.mkdir(exist_ok=True)
    busy = refusal("flows.receiving_busy", root=root)
    with locked(staging / "lock", _WAIT_SECONDS, busy):
        for path in staging.iterdir():
            if path.name not in ("lock", FOLDER):
                shutil.rmtree(path, ignore_errors=True)
        yield


def staged_copy(root: Path, source: Path, name: str) -> Path:
    """Copy a file beside the filed ones, to be read and filed from there: it can change no more.

    ``name`` is the copy's: the file's as it was handed in.
    Raises Refusal where there is no such file, it is none, or is larger than any form.
    """
    check_file(source)
    folder = root / STAGING / secrets.token_hex(6)
    folder.mkdir()
    copy = folder / name
    shutil.copyfile(source, copy)
    sync(copy)
    copy.chmod(0o444)
    return copy


def check_writable(folder: Path) -> None:
    """Raise OSError where a folder cannot be made or written to; make nothing."""
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))


def check_file(source: Path) -> None:
    """Refuse what is no file or far too large."""
    if not source.exists():
        raise refusal("flows.no_such_file", file=source)
    if not source.is_file():
        raise refusal("flows.not_a_file.form", file=source)
    if is_office_lock(source.name):
        raise refusal("flows.office_lock", file=source)
    if is_leftover(source.name):
        raise refusal("flows.left_by_system", file=source)
    if (lock := office_lock_of(source)) is not None:
        raise refusal("flows.open_in_office.form", file=source, lock=lock.name)
    size = source.stat().st_size
    if size > _MOST_BYTES:
        raise refusal(
            "flows.too_large",
            path=source,
            file=source.name,
            size=size // 2**20,
            most=_MOST_BYTES // 2**20,
        )


def discard(copy: Path) -> None:
    """Take a staged copy away."""
    shutil.rmtree(copy.parent, ignore_errors=True)


def department_folder(root: Path, year: int, department: str) -> Path:
    """Return where a department's returns of a year lie; a name can never lead elsewhere."""
    return root / str(year) / safe_name(department)


def file_return(copy: Path, folder: Path, received_on: date, suffix: str) -> Filed:
    """Give a staged copy its place: ``<received_on>-<n>``, or the place where it lies already.

    It is there whole or not at all, and no other file is ever replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (there := _same_file(copy, folder)) is not None:
        day, path = there
        noted = note_of(path)
        return Filed(path, day, True, noted if noted.exists() else note(path, copy.name))
    check_day(received_on, int(folder.parent.name))
    number = 0
    while True:
        number, path = free_place(folder, received_on, suffix, number)
        noted = note(path, copy.name)
        try:
            _place(copy, path)
        except FileExistsError:
            noted.unlink()
            continue
        sync(folder)
        return Filed(path, received_on, again=False, note=noted)


def check_day(received_on: date, year: int) -> None:
    """Refuse a day before the year that a return is for: nobody can have reported by then."""
    if received_on.year < year:
        raise refusal("flows.day_before_year", day=received_on, year=year)


def free_place(folder: Path, received_on: date, suffix: str, after: int = 0) -> tuple[int, Path]:
    """Return the next number of a day and the place it gives; ``after`` is one that is taken."""
    taken = [number for day, number, _ in filed_in(folder) if day == received_on]
    number = 1 + max([after, *taken])
    return number, folder / f"{received_on.isoformat()}-{number}.{suffix}"


def filed_parts(path: Path) -> tuple[date, str] | None:
    """Return day and ending of a filed return's name; None for any other."""
    match = _FILED.fullmatch(path.name)
    return (date.fromisoformat(match[1]), path.suffix[1:]) if match else None


def _place(copy: Path, path: Path) -> None:
    """Put the copy there by one step that fails where something is."""
    try:
        os.link(copy, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links; receiving() keeps other programs away
        if path.exists():
            raise FileExistsError(path) from None
        copy.rename(path)


def _same_file(copy: Path, folder: Path) -> tuple[date, Path] | None:
    size, digest = copy.stat().st_size, sha256_of(copy)
    for day, _, path in filed_in(folder):
        if path.stat().st_size == size and sha256_of(path) == digest:
            return day, path
    return None


def filed_in(folder: Path) -> list[tuple[date, int, Path]]:
    """Return the returns that lie in a department's folder, each with its day and number."""
    found = []
    for path in sorted(folder.iterdir()):
        match = _FILED.fullmatch(path.name)
        if match and path.is_file():
            with suppress(ValueError):  # a name of no day (2021-02-30) is no filed return's
                found.append((date.fromisoformat(match[1]), int(match[2]), path))
    return found
