"""What is costly to make and only read: one of a run's workers makes it, the others wait."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the run's folder of this name, in which ``make`` has made what belongs there.

    Where that fails in one worker, the next tries it anew in the folder of its own process.
    """
    base = factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (run / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if made := lock.read():
            return Path(made)
        folder = factory.mktemp(name)
        make(folder)
        lock.write(str(folder))
        lock.flush()
        return folder
