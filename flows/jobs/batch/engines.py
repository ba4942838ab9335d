"""What reads documents: one after the other here, or chunk by chunk elsewhere.

Each document is read in a bounded process of its own. What is read stays pickled, as that process
gave it, until it comes to where it is needed: on its way nobody looks into it.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from common.isolated import Call, opened
from flows.jobs.apart import outcome_of
from flows.jobs.batch.prepared import Prepared, read_and_prepare
from flows.jobs.ingest import Progress, load_libraries, read_and_normalize
from flows.jobs.sidecar.document import Located

if TYPE_CHECKING:
    from warehouse.landing import Batch, Landing

LEAST, MOST = 5, 25
"""Documents of a task that is done elsewhere."""

Answer = Prepared | Exception
"""What became of a document: what was read, or why it was not."""

Sealed = bytes | Exception
"""The same, with what was read pickled."""


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


def read_one(located: Located, cross_check: bool, warehouse: Path | None) -> bytes:
    """Read a document in a process of its own; return what is to land, or a Refusal, pickled.

    Which offices have landed notices is looked up here, where it need not be for each document.
    """
    if warehouse is not None:
        from flows.jobs.earlier_years import look_up_offices

        look_up_offices(warehouse)
    named = (located.path, located.meta, cross_check, warehouse)
    with Call(read_and_prepare, *named) as call:
        return call.sealed(lambda _: None)


def opened_answer(sealed: Sealed) -> Answer:
    """Return what became of a document, unpickled."""
    return sealed if isinstance(sealed, Exception) else outcome_of(partial(opened, sealed))


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
            yield outcome_of(partial(_read_here, job, warehouse, progress))


def _read_here(job: Job, warehouse: Path | None, progress: Progress) -> Prepared:
    """Read a document elsewhere and make it ready here, where what that needs is loaded."""
    with start_reading(job.located, job.cross_check, warehouse) as call:
        load_libraries()
        pickled = call.sealed(progress)
    return Prepared.of(opened(pickled), pickled)


class Chunk(Protocol):
    """What a chunk of documents will have become."""

    def result(self) -> list[Sealed]:
        """Wait for it."""
        ...


Submit = Callable[[Sequence[Job], Path | None], Chunk]


def usable_processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0))


class Chunked(Lands):
    """Reads chunks of documents elsewhere: a task costs more than a document.

    Each of the ``workers`` has a second chunk, to go on with while documents are landed here.

    ``submit`` begins one, by ``standby.all_read``; ``knows_earlier`` says whether that can see the
    warehouse.
    """

    def __init__(self, submit: Submit, workers: int, size: int, *, knows_earlier: bool) -> None:
        self.submit, self.at_once, self.size = submit, 2 * workers, size
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
            answers = outcome_of(future.result)
            if isinstance(answers, Exception):  # the worker is lost, and the chunk with it
                yield from [answers] * len(chunk)
            else:
                yield from map(opened_answer, answers)


def chunk_size(documents: int, workers: int) -> int:
    """Return how many documents make a task: some tasks for each worker, none too small."""
    return max(LEAST, min(MOST, documents // (workers * 8)))
