"""The inbox of returned forms: what has arrived and when, and where each file goes from there."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from common.days import ZONE
from common.files import is_leftover, kept_name, sha256_of, write_atomically
from common.messages import message
from flows.jobs.folders import REFUSED

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LIKE_A_DAY = re.compile(r"\d{4}\D{1,3}\d{1,2}\D{1,3}\d{1,2}\D?|\d{8}")
_NOT_READ = (".", "~$", "README")
_NOT_WHOLE = (".part", ".partial", ".tmp", ".crdownload")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file of the inbox, and the day that it counts as received on.

    ``no_day`` is a folder above it that looks like a day and is none: which one is meant is open.
    """

    path: Path
    received_on: date
    no_day: str | None = None


def arrivals(raw: Path) -> list[Arrival]:
    """Return what lies in ``raw/inbox``, folders within it included, in order of arrival.

    Left out are ``refused``, hidden files, READMEs, and files with the name of an unfinished
    copy. A symbolic link is an arrival too, to be refused.
    """
    found = []
    top = raw / "inbox"
    for folder, folders, files in os.walk(top):
        folders[:] = sorted(name for name in folders if not _is_left_out(Path(folder), name, top))
        for name in sorted(files):
            if not _is_no_return(name):
                path = Path(folder, name)
                found.append((path.lstat().st_ctime_ns, _arrival(path, top)))
    found.sort(key=lambda each: (each[1].received_on, each[0], each[1].path))
    return [arrival for _, arrival in found]


def _is_left_out(folder: Path, name: str, top: Path) -> bool:
    return name.startswith(_NOT_READ) or (folder == top and name == REFUSED)


def _is_no_return(name: str) -> bool:
    return name.startswith(_NOT_READ) or name.endswith(_NOT_WHOLE) or is_leftover(name)


def _arrival(path: Path, top: Path) -> Arrival:
    """Return a file with the day that a folder of its path names, else that it got its place on.

    Not the clock's: a file that a missed night left lying counts as received when it came.
    """
    came = datetime.fromtimestamp(path.lstat().st_ctime, ZONE).date()
    for part in reversed(path.relative_to(top).parts[:-1]):
        if not _LIKE_A_DAY.fullmatch(part):
            continue
        if _DAY.fullmatch(part):
            with suppress(ValueError):
                return Arrival(path, date.fromisoformat(part))
        return Arrival(path, came, part)
    return Arrival(path, came)


def take_out(arrival: Path, filed_as: Path) -> bool:
    """Remove a file from the inbox if the filed one is the same; say whether it was."""
    if sha256_of(arrival) != sha256_of(filed_as):
        return False  # replaced while it was being read: the new one is for the next night
    arrival.unlink()
    return True


def put_aside(raw: Path, arrival: Path, reason: str) -> Path:
    """Move a refused file to ``raw/inbox/refused``, its reason in a text beside it."""
    folder = raw / "inbox" / REFUSED
    folder.mkdir(parents=True, exist_ok=True)
    place = _free_place(folder, arrival)
    if kept_name(arrival.name) != arrival.name:
        reason = f"{reason}\n{message('flows.renamed', file=arrival.name).zh}"
    note = place.with_name(f"{place.name}.reason.txt")
    write_atomically(note, f"{reason}\n".encode())
    arrival.rename(place)
    return place


def _free_place(folder: Path, arrival: Path) -> Path:
    """Return a name that no other file has; the same file again takes its own place again."""
    name = Path(kept_name(arrival.name))
    number, place = 1, folder / name
    while place.exists() or place.is_symlink():
        if not arrival.is_symlink() and place.is_file() and sha256_of(place) == sha256_of(arrival):
            return place
        number += 1
        place = folder / f"{name.stem}-{number}{name.suffix}"
    return place
