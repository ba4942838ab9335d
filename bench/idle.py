"""Whether the machine has other work: figures measured beside it are not written anywhere."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: Processors that others keep busy with which no figures are written: on average before, for so
#: many seconds, and meanwhile. Not the load: that holds for minutes what has ended.
BUSY, LOOKED_FOR = 0.3, 2.0
_STAT = Path("/proc/stat")
_IDLE, _WAITING, _COUNTED = 3, 4, 7


def require_idle() -> None:
    """End the program where the machine is busy already; takes a moment to look."""
    others = Others()
    time.sleep(LOOKED_FOR)
    if (found := others.processors()) > BUSY:
        raise SystemExit(
            f"the machine is busy (others use {found:.1f} processors): these would be no figures"
        )


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
        if (found := self.processors()) > BUSY:
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


def spread(values: Sequence[float], places: int = 2) -> str:
    """Return the median with least and most."""
    shown = (f"{each:.{places}f}" for each in (statistics.median(values), min(values), max(values)))
    return "{} ({}-{})".format(*shown)


class Taken:
    """What something took each time it was done: seconds by the clock, and of processors."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    @contextmanager
    def once(self) -> Iterator[None]:
        """Count what is done within, and by processes that begin and end within."""
        wall, cpu = time.perf_counter(), cpu_seconds()
        yield
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(cpu_seconds() - cpu)
