"""What reads documents in processes of this machine, each forked from a warm one.

A warm process does nothing but to start the process that reads a document, and to wait for it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from common.isolated import end_with_parent
from common.patterns import use_kept
from common.processes import be_quiet, deaf_to, share_processors, stay_warm
from common.refusal import refusal
from flows.jobs.apart import outcome_of
from flows.jobs.batch import engines
from flows.jobs.batch.engines import Answer, Job, Lands, opened_answer, usable_processors
from flows.jobs.batch.warm import get_warm
from flows.jobs.ingest import Progress, load_libraries

AHEAD = 64
"""So many documents are read, at most, before the first of them is landed."""


class Local(Lands):
    """Reads in so many processes of this machine at once, which stay warm until it is left."""

    knows_earlier = True

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or usable_processors()
        self._held = ExitStack()
        self._pool: Pool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pool = None
        self._held.__exit__(kind, error, at)

    def readings(
        self, jobs: Iterable[Job], warehouse: Path | None, progress: Progress
    ) -> Iterator[Answer]:
        """Yield what became of each, while later ones are read; a pool that broke is made anew."""
        waiting = iter(jobs)
        begun: deque[Job] = deque()
        try:
            while True:
                self._pool = self._pool or self._held.enter_context(warm_pool(self.processes))
                yield from self._until_broken(self._pool, waiting, begun, warehouse)
                if not begun:
                    return
                self.__exit__(None, None, None)
                begun.popleft()  # the first that waited: whatever broke the pool is laid to it
                yield refusal("flows.reading_process_died")
        except BaseException:
            self.__exit__(*sys.exc_info())
            raise

    def _until_broken(
        self, pool: Pool, waiting: Iterator[Job], begun: deque[Job], warehouse: Path | None
    ) -> Iterator[Answer]:
        def begin(job: Job) -> Future[bytes]:
            with deaf_to(signal.SIGINT):  # it is a matter of this process, not of those it starts
                return pool.submit(engines.read_one, job.located, job.cross_check, warehouse)

        try:
            futures = deque(begin(job) for job in begun)
            while True:
                while len(begun) < AHEAD and (job := next(waiting, None)) is not None:
                    begun.append(job)
                    futures.append(begin(job))
                if not futures:
                    return
                load_libraries()
                answer = opened_answer(outcome_of(futures[0].result, (BrokenProcessPool,)))
                begun.popleft()
                futures.popleft()
                yield answer
        except BrokenProcessPool:
            return


class Pool(Protocol):
    """What calls functions elsewhere, or at once."""

    def submit(self, function: Callable[..., bytes], /, *arguments: object) -> Future[bytes]:
        """Begin a call."""
        ...


@contextmanager
def warm_pool(processes: int) -> Iterator[Pool]:
    """Give a pool of warm processes; left early, it ends whatever they do."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(processes, context, warm_up, (os.getpid(),))
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def warm_up(parent: int) -> None:
    """Make a process of a pool warm; it ends with its parent, and Ctrl-C is its parent's matter."""
    end_with_parent(signal.SIGKILL, parent)
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    be_quiet()
    use_kept()
    share_processors()
    stay_warm(get_warm)
