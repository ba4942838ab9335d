"""A disk that is full: a small file system of its own where that may be mounted."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def small_disk(place: Path, megabytes: int) -> Iterator[bool]:
    """Mount a file system in memory there; yields False, with a plain folder, where one may not."""
    place.mkdir()
    mount = shutil.which("mount")
    size = f"size={megabytes}m"
    mounted = (
        os.geteuid() == 0
        and mount is not None
        and not subprocess.run(
            [mount, "-t", "tmpfs", "-o", size, "none", str(place)], check=False, capture_output=True
        ).returncode
    )
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


@contextmanager
def room_left(disk: Path, room: int) -> Iterator[None]:
    """Fill the disk up to so many bytes."""
    fill = disk / "fill"
    info = os.statvfs(disk)
    with fill.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(info.f_bavail * info.f_frsize - room, 1))
    try:
        yield
    finally:
        fill.unlink()
