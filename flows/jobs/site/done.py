"""How many pages of the whole site are done, of how many, whichever parts they belong to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

from common.isolated import LOOK_SECONDS

if TYPE_CHECKING:
    from flows.jobs.ingest import Progress


class PagesDone:
    """Adds up what is done of parts that are made side by side, and says it now and then.

    ``wanted`` is how many pages each part has; a workbook counts as one.
    """

    def __init__(self, wanted: Mapping[str, int], say: Progress) -> None:
        self._wanted, self._say = wanted, say
        self._done = dict.fromkeys(wanted, 0)
        self._said = 0.0
        self._lock = Lock()  # parts are made in threads, and who hears of them has one ear

    @contextmanager
    def of_part(self, key: str, name: str) -> Iterator[Callable[[int], None]]:
        """Say that a part is begun, give what is told of its pages, and count it whole at last."""
        with self._lock:
            self._say(name)
            self._say_done()
        yield lambda done: self._tell(key, done)
        with self._lock:
            self._done[key] = self._wanted[key]
            self._say_done()

    def _tell(self, key: str, done: int) -> None:
        with self._lock:
            self._done[key] = max(self._done[key], min(done, self._wanted[key]))
            if time.monotonic() - self._said >= LOOK_SECONDS:
                self._say_done()

    def _say_done(self) -> None:
        self._said = time.monotonic()
        self._say(f"page {sum(self._done.values())} of {sum(self._wanted.values())}")
