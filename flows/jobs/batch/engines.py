"""What reads documents side by side: processes of this machine, or chunk by chunk elsewhere.

Each document is read in a bounded process of its own. Where there are several, these are forked
from warm ones, of which each does nothing but to start them and wait.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from common.isolated import Call, end_with_parent
from common.processes import stay_warm
from common.refusal import refusal
from flows.jobs.ingest import Progress, Reading, load_libraries, read_and_normalize
from flows.jobs.sidecar import Located

if TYPE_CHECKING:
    from warehouse.landing import Batch, Landing

AHEAD = 64
"""So many documents are read, at most, before the first of them is landed."""
NEEDED = (
    *("camelot.handlers", "camelot.parsers.lattice", "playa", "duckdb", "pandas"),
    *("extract.read", "extract.pdf.reader", "normalize.pipeline", "flows.jobs.earlier_years"),
)
"""What a warm process has imported: all that reading a document of any usual kind needs."""

LEAST, MOST = 10, 50
"""Documents of a task that is done elsewhere."""

Answer = Reading | Exception
"""What became of a document: what was read, or why it was not."""


@dataclass(slots=True)
class Job:
    """One document to read. ``seen``: how many of its batch had landed when it was begun."""

    located: Located
    cross_check: bool
    inputs: str
    seen: int = field(default=0)


class Engine(Protocol):
    """Reads documents. ``knows_earlier``: with what notices of earlier years know."""

    knows_earlier: bool

    def readings(
        self, jobs: Iterable[Job], warehouse: Path | None, progress: Progress
    ) -> Iterator[Answer]:
        """Yield what became of each, in their order; jobs are asked for as they are begun."""
        ...

    def land(self, warehouse: Path, batches: Sequence[Batch]) -> Landing:
        """Land the documents, all in one snapshot."""
        ...


def start_reading(located: Located, cross_check: bool, warehouse: Path | None) -> Call:
    """Start reading and normalizing a document in a process of its own, within limits."""
    return Call(read_and_normalize, located.path, located.meta, cross_check, warehouse)


def read_one(located: Located, cross_check: bool, warehouse: Path | None) -> Reading:
    """Read a document in a process of its own; what it is refused for is raised."""
    with start_reading(located, cross_check, warehouse) as call:
        reading: Reading = call.result(lambda _: None)
    return reading


class Lands:
    """Lands as the warehouse does it."""

    def land(self, warehouse: Path, batches: Sequence[Batch]) -> Landing:
        """Land the documents, all in one snapshot."""
        from warehouse import landing

        return landing.land(warehouse, batches)


class Alone(Lands):
    """Reads one document after the other; libraries are loaded here meanwhile."""

    knows_earlier = True

    def readings(
        self, jobs: Iterable[Job], warehouse: Path | None, progress: Progress
    ) -> Iterator[Answer]:
        """Yield what became of each."""
        for job in jobs:
            progress(f"reading {job.located.path}")
            try:
                with start_reading(job.located, job.cross_check, warehouse) as call:
                    load_libraries()
                    answer: Answer = call.result(progress)
            except Exception as error:  # noqa: BLE001 - one document, kept apart from the others
                answer = error
            yield answer


class Local(Lands):
    """Reads in so many processes of this machine at once."""

    knows_earlier = True

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or usable_processors()

    def readings(
        self, jobs: Iterable[Job], warehouse: Path | None, progress: Progress
    ) -> Iterator[Answer]:
        """Yield what became of each, while later ones are read; a pool that broke is made anew."""
        waiting = iter(jobs)
        begun: deque[Job] = deque()
        while True:
            with warm_pool(self.processes) as pool:
                yield from self._until_broken(pool, waiting, begun, warehouse)
            if not begun:
                return
            begun.popleft()  # the first that waited: whatever broke the pool is laid to it
            yield refusal("flows.reading_process_died")

    def _until_broken(
        self, pool: Pool, waiting: Iterator[Job], begun: deque[Job], warehouse: Path | None
    ) -> Iterator[Answer]:
        def begin(job: Job) -> Future[Reading]:
            return pool.submit(read_one, job.located, job.cross_check, warehouse)

        try:
            futures = deque(begin(job) for job in begun)
            while True:
                while len(begun) < AHEAD and (job := next(waiting, None)) is not None:
                    begun.append(job)
                    futures.append(begin(job))
                if not futures:
                    return
                answer = outcome(futures[0])
                begun.popleft()
                futures.popleft()
                yield answer
        except BrokenProcessPool:
            return


def outcome(future: Future[Reading]) -> Answer:
    """Wait for what became of a document; BrokenProcessPool where nobody will ever know."""
    try:
        return future.result()
    except BrokenProcessPool:
        raise
    except Exception as error:  # noqa: BLE001 - one document, kept apart from the others
        return error


class Chunk(Protocol):
    """What a chunk of documents will have become."""

    def result(self) -> list[Answer]:
        """Wait for it."""
        ...


Submit = Callable[[Sequence[Job], Path | None], Chunk]


class Pool(Protocol):
    """What calls functions elsewhere, or at once."""

    def submit(self, function: Callable[..., Reading], /, *arguments: object) -> Future[Reading]:
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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    warnings.simplefilter("ignore")
    logging.basicConfig(level=logging.ERROR)
    stay_warm(NEEDED)


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


class Chunked(Lands):
    """Reads chunks of documents elsewhere, so many at once: a task costs more than a document.

    ``submit`` begins a chunk, by :func:`all_read`; ``knows_earlier`` says whether that can see the
    warehouse.
    """

    def __init__(self, submit: Submit, at_once: int, size: int, *, knows_earlier: bool) -> None:
        self.submit, self.at_once, self.size = submit, at_once, size
        self.knows_earlier = knows_earlier

    def readings(
        self, jobs: Iterable[Job], warehouse: Path | None, progress: Progress
    ) -> Iterator[Answer]:
        """Yield what became of each; a chunk that is lost takes its documents along."""
        waiting = iter(jobs)
        begun: deque[tuple[list[Job], Chunk]] = deque()
        while True:
            while len(begun) < self.at_once and (chunk := list(islice(waiting, self.size))):
                begun.append((chunk, self.submit(chunk, warehouse if self.knows_earlier else None)))
                load_libraries()
            if not begun:
                return
            chunk, future = begun.popleft()
            try:
                yield from future.result()
            except Exception as error:  # noqa: BLE001 - a worker's end, kept apart from the others
                yield from (error for _ in chunk)


def chunk_size(documents: int, at_once: int) -> int:
    """Return how many documents make a task: some tasks for each worker, none too small."""
    return max(LEAST, min(MOST, documents // (at_once * 4)))


def all_read(jobs: Sequence[Job], warehouse: Path | None) -> list[Answer]:
    """Read some documents, each in a process of its own: a task's worth."""
    if len(jobs) == 1:
        return list(Alone().readings(jobs, warehouse, lambda _: None))
    with Call(each_read, f"{len(jobs)} documents", jobs, warehouse, warm=NEEDED) as call:
        answers: list[Answer] = call.result(lambda _: None)
    return answers


def each_read(_: str, jobs: Sequence[Job], warehouse: Path | None) -> list[Answer]:
    """Read documents one after the other in processes forked from this one, which is warm."""
    answers: list[Answer] = []
    for job in jobs:
        try:
            answers.append(read_one(job.located, job.cross_check, warehouse))
        except Exception as error:  # noqa: BLE001 - one document, kept apart from the others
            answers.append(error)
    return answers
