"""Documents become rows: found, read side by side, landed in chunks, each chunk as one snapshot.

What comes of it is what reading and landing one document after the other would give, whatever
reads them and however often it is stopped and started again: a document for which an earlier one of
the batch is an earlier year's notice is made sense of again once that one has landed.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from itertools import chain
from pathlib import Path

from common.files import office_lock_of
from common.isolated import Call
from common.messages import message
from common.refusal import Refusal, refusal
from extract.files.pictures import document_sha256
from flows.jobs.apart import TRANSIENT, outcome_of
from flows.jobs.batch.engines import Alone, Engine, Job
from flows.jobs.batch.landed import is_whole, landed_inputs, landed_offices
from flows.jobs.batch.prepared import Office, Prepared, prepare_again
from flows.jobs.batch.standing import (
    InForce,
    in_force,
    in_force_notes,
    later_note,
    other_source_note,
    source_names,
)
from flows.jobs.batch.summary import Summary, landed_summaries
from flows.jobs.batch.waves import waves
from flows.jobs.ingest import Order, Progress, Reading, inputs_sha256
from flows.jobs.sidecar.document import Located, locate
from warehouse.snapshots import held, why_not_writable

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


@dataclass(frozen=True, slots=True)
class _Made:
    """A document that was compared with ``seen`` of what the batch landed."""

    order: Order
    job: Job
    office: Office
    seen: int


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
    """Ingest documents into one warehouse; yield what became of each as soon as that is sure.

    Where only reading tells years, that is at the end: some may have to be read again.

    One that fails stops no other. What is there unchanged costs its hash. ``watch`` is told how
    many are read, of how many; those that are read again count as not read until then.
    """
    if orders:
        batch = Ingestion(orders[0].warehouse, engine, progress, run_id or uuid.uuid4().hex, watch)
        with held(batch.warehouse):  # for who reads it since before, however much is landed here
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
    made: dict[Path, _Made] = field(default_factory=dict)
    declared: frozenset[str] = frozenset()
    stopped: Refusal | None = None
    since: float = 0.0

    def outcomes(self, orders: Sequence[Order]) -> Iterator[Outcome]:
        """Take the orders: what cannot be read or is there first, then those that are read."""
        jobs: list[tuple[Order, Job]] = []
        there: list[tuple[Order, str]] = []
        if not self.engine.knows_earlier:
            self.landed = landed_offices(self.warehouse)
        known = landed_inputs(self.warehouse)
        whole = cache(partial(is_whole, self.warehouse))
        for order in orders:
            job = outcome_of(partial(_job, order))
            if isinstance(job, Exception):
                yield _apart(order, job)
                continue
            document_id, office = known.get(job.inputs, ("", Office(0, "")))
            if document_id and not order.again and whole(office.year):
                there.append((order, document_id))
                self.made[order.source] = _Made(order, job, office, len(self.landed))
            else:
                jobs.append((order, job))
        self.declared = frozenset(job.located.meta.document_id for _, job in jobs)
        if jobs and (there or any(job.located.meta.year is None for _, job in jobs)):
            yield from self._read_in_any_order([*self._there(there), *self._read(jobs)])
        else:
            yield from self._there(there)
            yield from self._read(jobs)

    def _read_in_any_order(self, first: Sequence[Outcome]) -> Iterator[Outcome]:
        """Read again, by year, what was compared before an earlier year's notice had landed.

        Only reading tells the years of such a batch, or some of it was there before.
        """
        done = {each.order.source: each for each in first}
        for year in sorted({each.office.year for each in self.made.values()}):
            late = [each for each in self.made.values() if each.office.year == year]
            wave = [(each.order, each.job) for each in late if self._came_later(each)]
            if wave:
                self.progress(f"reading {len(wave)} of {year} again: earlier years landed since")
                tell = partial(self._tell, len(first) - len(wave), len(first))
                for again in self._read_wave(wave, tell):
                    source = again.order.source
                    done[source] = _read_twice(done[source], again)
        yield from done.values()

    def _came_later(self, made: _Made) -> bool:
        """Say whether what may be an earlier notice of its office landed after it was compared."""
        return any(each.may_precede(made.office) for each in set(self.landed[made.seen :]))

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
        self.stopped = why_not_writable(self.warehouse) if jobs else None
        done = 0
        by_year = list(waves(jobs))
        for wave in by_year if self.engine.knows_earlier else (list(chain(*by_year)),):
            yield from self._read_wave(wave, partial(self._tell, done, len(jobs)))
            done += len(wave)

    def _names(self) -> set[str]:
        """Return the documents that this batch brings, as far as is known by now."""
        return {*self.claimed, *self.declared}

    def _tell(self, before: int, whole: int, done: int) -> None:
        self.watch(before + done, whole)

    def _read_wave(
        self, jobs: Sequence[tuple[Order, Job]], tell: Callable[[int], None]
    ) -> Iterator[Outcome]:
        answers = self.engine.readings(self._begun(jobs), self.warehouse, self.progress)
        done = 0
        while self.stopped is None and done < len(jobs):
            (order, job), answer = jobs[done], next(answers)
            done += 1
            tell(done)
            if isinstance(answer, Exception):
                yield _apart(order, answer)
            elif twice := self._twice(order, answer.document_id):
                yield _apart(order, twice)
            else:
                yield from self._take(order, job, answer)
        if self.stopped is None:
            yield from self.land()
        if self.stopped is not None:  # nor could any other be landed
            read, self.waiting = self.waiting, []
            left = [*(each.order for each in read), *(order for order, _ in jobs[done:])]
            yield from (_apart(order, self.stopped) for order in left)

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
        if _same_file(order.source, other):
            return refusal("flows.document_twice.same", id=document_id, **named)
        return refusal("flows.document_twice.other", id=document_id, **named)

    def _take(self, order: Order, job: Job, prepared: Prepared) -> Iterator[Outcome]:
        if self._has_earlier(job, prepared.office):
            if any(each.prepared.office.may_precede(prepared.office) for each in self.waiting):
                yield from self.land()
            again = outcome_of(partial(_again, prepared, self.warehouse))
            if isinstance(again, Exception):
                yield _apart(order, again)
                return
            prepared = again
        self.made[order.source] = _Made(order, job, prepared.office, len(self.landed))
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
            if isinstance(done, Refusal) and done.code == "warehouse_not_writable":
                self.stopped = done
            yield from (_apart(each.order, done) for each in chunk)
        else:
            for each in chunk:
                self.waiting = [each]
                yield from self.land()

    def _landed(self, chunk: Sequence[_Read]) -> list[Outcome]:
        before = source_names(self.warehouse, [each.prepared.document_id for each in chunk])
        batches = [each.prepared.landing(self.run_id, each.job.inputs) for each in chunk]
        changed = self.engine.land(self.warehouse, batches).documents
        beside = in_force(self.warehouse)
        return [Outcome(each.order, self._summary(each, changed, before, beside)) for each in chunk]

    def _summary(
        self, read: _Read, changed: frozenset[str], before: Mapping[str, str], beside: InForce
    ) -> Summary:
        made = read.prepared
        named = (made.document_id, made.meta.role, made.meta.supersedes, made.office.year)
        is_new = made.document_id in changed
        remarks = (*in_force_notes(beside, *named), *_open_note(read.job.located.path))
        if is_new:
            remarks += other_source_note(before, made.document_id, made.summary.source)
            remarks += later_note(beside, made.office.year, made.office.issuer, self._names())
        return made.landed(self.warehouse, changed=is_new, remarks=remarks)


def _same_file(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and document_sha256(one) == document_sha256(other)


def _read_twice(first: Outcome, again: Outcome) -> Outcome:
    """Return what became of a document that was read again; it changed if either did it."""
    if first.summary is None or again.summary is None:
        return again
    changed = first.summary.changed or again.summary.changed
    remarks = (*again.summary.remarks, message("flows.read_again").zh)
    return Outcome(again.order, replace(again.summary, changed=changed, remarks=remarks))


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
