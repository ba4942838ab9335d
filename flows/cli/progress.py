"""How far long work has come and how long it will take, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]
Watch = Callable[[int, int], None]
_EVERY_SECONDS = 15.0


@contextmanager
def shown_progress(say: Say, things: int) -> Iterator[tuple[Say, Watch]]:
    """Give what says a line, and what is told how many things are done, of how many.

    A bar on a terminal, a line now and then elsewhere; for one thing only the lines.
    """
    if things == 1:
        yield say, lambda _done, _of: None
    elif sys.stderr.isatty():
        yield from _bar(say)
    else:
        yield (lambda _: None), Lines(say)


def _bar(say: Say) -> Iterator[tuple[Say, Watch]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(compact=True))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield (lambda _: None), lambda done, of: bar.update(task, completed=done, total=of)


class Lines:
    """Says in a line, now and then, how many are done and how long the rest will take."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._begun = self._said = time.monotonic()

    def __call__(self, done: int, of: int) -> None:
        """Be told how many are done, of how many."""
        now = time.monotonic()
        if now - self._said < _EVERY_SECONDS and done < of:
            return
        self._said = now
        left = (now - self._begun) / done * (of - done)
        self._say(f"{done} of {of} read" + (f", about {minutes(left)} left" if done < of else ""))


def minutes(seconds: float) -> str:
    """Return a time for a person."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
