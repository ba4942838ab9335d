"""A lock on a file that the system lets go of when its holder is killed."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import Refusal

_POLL = 0.05


@contextmanager
def held(path: Path, wait_seconds: float, busy: Refusal) -> Iterator[None]:
    """Hold a file alone; ``busy`` is raised where another program holds it for so long."""
    deadline = time.monotonic() + wait_seconds
    with path.open("a") as file:
        while not _taken(file.fileno()):
            if time.monotonic() >= deadline:
                raise busy
            time.sleep(_POLL)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
