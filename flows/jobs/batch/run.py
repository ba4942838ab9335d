"""Documents become rows: found, read side by side, landed in chunks, each chunk as one snapshot.

What comes of it is what reading and landing one document after the other would give, whatever
reads them and however often it is stopped and started again: a document for which an earlier one of
the batch is an earlier year's notice is made sense of again once that one has landed.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from common.files import office_lock_of
from common.isolated import Call
from common.messages import message
from common.refusal import Refusal, refusal
from flows.jobs.apart import TRANSIENT, outcome_of
from flows.jobs.batch.engines import Alone, Engine, Job
from flows.jobs.batch.landed import is_whole, landed_inputs, landed_offices
from flows.jobs.batch.prepared import Office, Prepared, prepare_again
from flows.jobs.batch.summary import InForce, Summary, in_force, in_force_notes, landed_summaries
from flows.jobs.batch.waves import waves
from flows.jobs.ingest import Order, Progress, Reading, inputs_sha256
from flows.jobs.sidecar import Located, locate

CHUNK, LAND_AFTER_SECONDS = 50, 60.0
"""A chunk is landed when it has so many documents, or its first one has waited for so long."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: it landed (or was there), or why it did not."""

    order: Order
    summary: Summary | None = None
    problem: Exception | None = None

    def taken(self) -> Summary:
        """Return the summary of what landed; raises why it did not."""
        if self.summary is None:
            raise self.problem or AssertionError(self.order)
        return self.summary


@dataclass(frozen=True, slots=True)
class _Read:
    """A document that waits for its chunk."""

    order: Order
    job: Job
    prepared: Prepared


Watch = Callable[[int, int], None]


def nobody(_done: int, _of: int) -> None:
    """Watch nothing."""


def ingest(order: Order, progress: Progress, run_id: str | None = None) -> Summary:
    """Ingest one document: the batch of one.

    Raises Refusal, and then nothing has been landed or changed.
    """
    (done,) = ingest_all([order], Alone(), progress, run_id)
    return done.taken()


def land(reading: Reading, located: Located, warehouse: Path, run_id: str) -> Summary:
    """Land one document that is read already, as it would land in a batch."""
    one = Ingestion(warehouse, Alone(), lambda _: None, run_id, nobody)
    job = Job(located, True, inputs_sha256(located, True))
    one.waiting.append(_Read(Order(located.path, warehouse), job, Prepared.of(reading)))
    (done,) = one.land()
    return done.taken()


def ingest_all(
    orders: Sequence[Order],
    engine: Engine,
    progress: Progress,
    run_id: str | None = None,
    watch: Watch = nobody,
) -> Iterator[Outcome]:
    """Ingest documents into one warehouse; yield what became of each as soon as it is there.

    One that fails stops no other. What is there unchanged costs its hash. ``watch`` is told how
    many are read, of how many.
    """
    if orders:
        batch = Ingestion(orders[0].warehouse, engine, progress, run_id or uuid.uuid4().hex, watch)
        yield from batch.outcomes(orders)


@dataclass(slots=True)
class Ingestion:
    """A batch on its way. ``claimed`` says which source brings a document's rows.

    ``landed`` are the offices of what landed after its first reading began; where readers know no
    earlier notices, also of what was there before.
    """

    warehouse: Path
    engine: Engine
    progress: Progress
    run_id: str
    watch: Watch
    landed: list[Office] = field(default_factory=list)
    waiting: list[_Read] = field(default_factory=list)
    claimed: dict[str, Path] = field(default_factory=dict)
    since: float = 0.0

    def outcomes(self, orders: Sequence[Order]) -> Iterator[Outcome]:
        """Take the orders: what cannot be read or is there first, then those that are read."""
        jobs: list[tuple[Order, Job]] = []
        there: list[tuple[Order, str]] = []
        known = landed_inputs(self.warehouse)
        whole = cache(partial(is_whole, self.warehouse))
        for order in orders:
            job = outcome_of(partial(_job, order))
            if isinstance(job, Exception):
                yield _apart(order, job)
                continue
            document_id, year = known.get(job.inputs, ("", 0))
            if document_id and not order.again and whole(year):
                there.append((order, document_id))
            else:
                jobs.append((order, job))
        yield from self._there(there)
        yield from self._read(jobs)

    def _there(self, there: Sequence[tuple[Order, str]]) -> Iterator[Outcome]:
        if not there:
            return
        summaries = landed_summaries(self.warehouse, {name for _, name in there})
        for order, name in there:
            if (twice := self._twice(order, name)) is not None:
                yield _apart(order, twice)
            else:
                yield Outcome(order, summaries[name])

    def _read(self, jobs: Sequence[tuple[Order, Job]]) -> Iterator[Outcome]:
        """Read and land; where readers know earlier notices, these land before others are begun."""
        if not self.engine.knows_earlier:
            self.landed = landed_offices(self.warehouse)
        done = 0
        for wave in waves(jobs) if self.engine.knows_earlier else (jobs,):
            yield from self._read_wave(wave, partial(self._tell, done, len(jobs)))
            done += len(wave)

    def _tell(self, before: int, whole: int, done: int) -> None:
        self.watch(before + done, whole)

    def _read_wave(
        self, jobs: Sequence[tuple[Order, Job]], tell: Callable[[int], None]
    ) -> Iterator[Outcome]:
        answers = self.engine.readings(self._begun(jobs), self.warehouse, self.progress)
        for done, ((order, job), answer) in enumerate(zip(jobs, answers, strict=True), start=1):
            tell(done)
            if isinstance(answer, Exception):
                yield _apart(order, answer)
            elif twice := self._twice(order, answer.document_id):
                yield _apart(order, twice)
            else:
                yield from self._take(order, job, answer)
        yield from self.land()

    def _begun(self, jobs: Iterable[tuple[Order, Job]]) -> Iterator[Job]:
        for _, job in jobs:
            job.seen = len(self.landed) if self.engine.knows_earlier else 0
            yield job

    def _twice(self, order: Order, document_id: str) -> Refusal | None:
        """Return why a document may not land: another source of the batch brings its rows."""
        other = self.claimed.setdefault(document_id, order.source)
        if other == order.source:
            return None
        named = {"path": order.source, "folder": order.source.name, "other": other.name}
        return refusal("flows.document_twice", id=document_id, **named)

    def _take(self, order: Order, job: Job, prepared: Prepared) -> Iterator[Outcome]:
        if self._has_earlier(job, prepared.office):
            if any(each.prepared.office.may_precede(prepared.office) for each in self.waiting):
                yield from self.land()
            again = outcome_of(partial(_again, prepared, self.warehouse))
            if isinstance(again, Exception):
                yield _apart(order, again)
                return
            prepared = again
        if not self.waiting:
            self.since = time.monotonic()
        self.waiting.append(_Read(order, job, prepared))
        late = time.monotonic() - self.since > LAND_AFTER_SECONDS
        if late or len(self.waiting) >= CHUNK:
            yield from self.land()

    def _has_earlier(self, job: Job, office: Office) -> bool:
        """Say whether its reader did not see what may be an earlier notice of its office."""
        unseen = [*self.landed[job.seen :], *(each.prepared.office for each in self.waiting)]
        return any(each.may_precede(office) for each in unseen)

    def land(self) -> Iterator[Outcome]:
        """Land what waits as one snapshot; where that is refused, each document by itself."""
        chunk, self.waiting = self.waiting, []
        if not chunk:
            return
        self.progress("checking and landing")
        done = outcome_of(partial(self._landed, chunk))
        if not isinstance(done, Exception):
            self.landed += [each.prepared.office for each in chunk]
            yield from done
        elif len(chunk) == 1 or (isinstance(done, Refusal) and done.code in TRANSIENT):
            yield from (_apart(each.order, done) for each in chunk)
        else:
            for each in chunk:
                self.waiting = [each]
                yield from self.land()

    def _landed(self, chunk: Sequence[_Read]) -> list[Outcome]:
        batches = [each.prepared.landing(self.run_id, each.job.inputs) for each in chunk]
        changed = self.engine.land(self.warehouse, batches).documents
        beside = in_force(self.warehouse)
        return [Outcome(each.order, self._summary(each, changed, beside)) for each in chunk]

    def _summary(self, read: _Read, changed: frozenset[str], beside: InForce) -> Summary:
        made = read.prepared
        named = (made.document_id, made.meta.role, made.meta.supersedes, made.office.year)
        remarks = (*in_force_notes(beside, *named), *_open_note(read.job.located.path))
        is_new = made.document_id in changed
        return made.landed(self.warehouse, changed=is_new, remarks=remarks)


def _open_note(path: Path) -> tuple[str, ...]:
    lock = office_lock_of(path)
    if lock is None:
        return ()
    return (message("flows.open_in_office.notice", file=path.name, lock=lock.name).zh,)


def _job(order: Order) -> Job:
    located = locate(order.source, order.document_id, order.year, order.entities, order.supplier)
    return Job(located, order.cross_check, inputs_sha256(located, order.cross_check))


def _apart(order: Order, error: Exception) -> Outcome:
    """Keep what one document sets off, a mistake in the program included, from the others."""
    if not isinstance(error, (Refusal, OSError)):
        _log.error("%s failed", order.source, exc_info=error)
    return Outcome(order, problem=error)


def _again(prepared: Prepared, warehouse: Path) -> Prepared:
    """Make sense of a document again, with all that is landed by now."""
    with Call(prepare_again, prepared.document_id, prepared.reading, warehouse) as call:
        made: Prepared = call.result(lambda _: None)
    return made
