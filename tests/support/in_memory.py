"""A pytest plugin: what tests write lies in memory, where the machine has the room.

A run makes 45,000 files of 600 MB in all and takes most of them away again. A disk may make each
that goes wait a millisecond, in which nothing else is done.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")
_ROOM = 4 << 30


def has_room(folder: Path) -> bool:
    """Say whether a run may write there, what it runs as programs included."""
    try:
        forbidden = os.statvfs(folder).f_flag & (os.ST_NOEXEC | os.ST_RDONLY)
        return not forbidden and shutil.disk_usage(folder).free >= _ROOM
    except OSError:
        return False


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Choose the folder for this process and all that it starts, unless somebody has."""
    if "TMPDIR" not in os.environ and has_room(MEMORY):
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
