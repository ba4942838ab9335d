"""Whether the machine has other work: figures measured beside it are not written anywhere."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

#: Work of others, in processors, with which no figures are written: as load before, as use while.
BEFORE, MEANWHILE = 0.5, 0.3
_STAT = Path("/proc/stat")
_IDLE, _WAITING, _COUNTED = 3, 4, 7


def require_idle() -> None:
    """End the program where the machine is busy already."""
    if (load := os.getloadavg()[0]) > BEFORE:
        raise SystemExit(f"the machine is busy (load {load:.1f}): these would be no figures")


class Others:
    """What others used of the processors since this was made."""

    def __init__(self) -> None:
        self._began, self._used, self._own = time.monotonic(), _used(), cpu_seconds()

    def processors(self) -> float:
        """Return how many processors others kept busy on average."""
        others = (_used() - self._used) - (cpu_seconds() - self._own)
        return max(others, 0.0) / (time.monotonic() - self._began)

    def require_few(self) -> None:
        """End the program where others had so much that the figures are none."""
        if (found := self.processors()) > MEANWHILE:
            raise SystemExit(f"others used {found:.2f} processors meanwhile: nothing is written")


def _used() -> float:
    """Return the processor seconds that all programs of the machine used."""
    ticks = [int(each) for each in _STAT.read_text("ascii").split("\n", 1)[0].split()[1:]]
    busy = sum(ticks[:_COUNTED]) - ticks[_IDLE] - ticks[_WAITING]
    return busy / float(os.sysconf("SC_CLK_TCK"))


def cpu_seconds() -> float:
    """Return the processor time of this process and of those it started and saw end."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def spread(values: Sequence[float]) -> str:
    """Return the median with least and most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"
