"""How far long work has come and how long it will take, on standard error.

On a terminal a bar with what is being done, how many pages or documents are done of how many, and
the time left; it goes when the work ends. Elsewhere plain lines, which a log can hold.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flows.cli.options import progress
from flows.jobs.batch.run import Watch, nobody

if TYPE_CHECKING:
    from rich.progress import Progress as Shown

Say = Callable[[str], None]
_EVERY_SECONDS = 15.0
_DONE_OF = re.compile(r"(?:page )?(\d+) of (\d+)(?:[: ](.*))?", re.DOTALL)
_GOES_ON = "still working"


@contextmanager
def shown_progress() -> Iterator[Say]:
    """Give what is told of each step of one work: its name, and which page of how many is done."""
    if not sys.stderr.isatty():
        yield Lines(progress)
        return
    with bars() as shown:
        yield Steps(shown)


@contextmanager
def shown_batch(things: int) -> Iterator[tuple[Say, Watch]]:
    """Give what is told of steps, and what is told how many things are done, of how many.

    Of several things no single steps are said.
    """
    if things == 1:
        with shown_progress() as say:
            yield say, nobody
    elif sys.stderr.isatty():
        with bars() as shown:
            task = shown.add_task("", total=things)
            yield (
                (lambda _: None),
                lambda done, of: shown.update(task, completed=done, total=of),
            )
    else:
        yield (lambda _: None), Lines(progress).count


def bars() -> Shown:
    """Return the bars of a terminal; whatever else is printed meanwhile stands above them."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Done(MofNCompleteColumn):
        """How many are done, of how many; nothing where nobody knows."""

        def render(self, task: Task) -> Text:
            """Return it as it is shown."""
            return Text("") if task.total is None else super().render(task)

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        Done(),
        TimeElapsedColumn(),
        TimeRemainingColumn(compact=True),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


class Steps:
    """Shows the steps of one work, the one at work with its pages."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._task = shown.add_task("", total=None)

    def __call__(self, message: str) -> None:
        """Be told of a step, or of a page of it: ``page 3 of 8``, ``3 of 8: name``."""
        from common.terminal import clipped, for_terminal

        if message.startswith(_GOES_ON):
            return
        if found := _DONE_OF.fullmatch(message):
            done, of, _ = found.groups()
            self._shown.update(self._task, completed=int(done), total=int(of))
            return
        self._shown.remove_task(self._task)
        step = clipped(for_terminal(message).replace("\n", " "), 48)
        self._task = self._shown.add_task(step, total=None)


class Lines:
    """Says each step in a line, and now and then how many are done and how long the rest takes."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._begun = self._said = time.monotonic()

    def __call__(self, message: str) -> None:
        """Be told of a step; of its pages only now and then, and how long the others take."""
        now = time.monotonic()
        found = _DONE_OF.fullmatch(message)
        if found is None:
            if not message.startswith(_GOES_ON):
                self._begun = now
            self._say(message)
        elif now - self._said >= _EVERY_SECONDS:
            self._said = now
            self._say(message + self._left(int(found[1]), int(found[2]), now))

    def count(self, done: int, of: int) -> None:
        """Be told how many are done, of how many."""
        now = time.monotonic()
        if now - self._said < _EVERY_SECONDS and done < of:
            return
        self._said = now
        self._say(f"{done} of {of} read" + self._left(done, of, now))

    def _left(self, done: int, of: int, now: float) -> str:
        """Return how long the rest of a step will take at the pace of what is done of it."""
        if not 0 < done < of:
            return ""
        return f", about {minutes((now - self._begun) / done * (of - done))} left"


def minutes(seconds: float) -> str:
    """Return a time for a person."""
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
