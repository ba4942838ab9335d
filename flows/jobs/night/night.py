"""One night from begin to end: whether anything is new, the steps, and what it amounts to.

Each step can be killed anywhere and done again: what it lands it lands whole, what is landed
already changes nothing, and the ledger is written only after the landing that it records.
Nothing heavy is imported here before something is found to do.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from common.files import locked
from common.names import shown_name
from common.refusal import Refusal, refusal
from flows.jobs import marks
from flows.jobs.ingest import Progress, code_version
from flows.jobs.night import ledger as ledgers
from flows.jobs.night.inbox import arrivals
from flows.jobs.night.ledger import Ledger
from flows.jobs.night.summary import Item, NightlyOrder, NightlySummary
from flows.jobs.night.tally import Run, Tally
from flows.jobs.returns.unanswered import unanswered

_LOCK = "nightly.lock"


Do = Callable[[str], Sequence[Item]]
"""Does the step of a name and returns what of it may pass the next time."""


def _directly(name: str, do: Do) -> None:
    do(name)


def run_nightly(
    order: NightlyOrder,
    progress: Progress,
    run_id: str | None = None,
    wait_seconds: float = 0.0,
    run_step: Callable[[str, Do], object] = _directly,
) -> NightlySummary:
    """Do all that a night does; the whole of ``kaohe nightly``.

    ``run_step`` is how a step is done: Prefect makes it a task that may be tried again.
    Raises Refusal where another night still works on the same warehouse after ``wait_seconds``.
    """
    with exclusive(order.warehouse, wait_seconds):
        ledger = ledgers.read_ledger(order.warehouse)
        tally = Tally(recovered=ledger.unfinished is not None)
        if up_to_date(order, ledger):
            tally.enter(remembered_problems(ledger))
            return tally.summary(order, up_to_date=True)
        from flows.jobs.night.steps import STEPS, do_step

        start(order, ledger)
        run = Run(run_id or uuid.uuid4().hex, progress)
        for name in STEPS:
            run_step(name, partial(do_step, order=order, ledger=ledger, tally=tally, run=run))
        return finish(order, ledger, tally)


@contextmanager
def exclusive(warehouse: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the warehouse against other nights; the system lets go when the holder is killed."""
    warehouse.mkdir(parents=True, exist_ok=True)
    busy = refusal("flows.nightly_busy", warehouse=warehouse)
    with locked(warehouse / _LOCK, wait_seconds, busy):
        yield


def up_to_date(order: NightlyOrder, ledger: Ledger) -> bool:
    """Say whether everything is as the last night left it, and note when this was looked at.

    Costs the hashes of the files in ``raw/notices`` and of the keys, and imports nothing heavy.
    """
    current = (
        _is_settled(order, ledger)
        and not arrivals(order.raw)
        and not any(unanswered(order.raw / "returns"))
        and _is_published(order, ledger)
        and not _notices_changed(order, ledger)
        and not _keys_changed(order, ledger)
    )
    if current:
        os.utime(order.warehouse / ledgers.NAME)  # the doctor reads when the last night ended
    return current


def _is_settled(order: NightlyOrder, ledger: Ledger) -> bool:
    """Say whether the last night ended with nothing left, by this program, in this snapshot."""
    return (
        ledger.unfinished is None
        and _is_whole(order.warehouse)
        and ledger.code == code_version()
        and ledger.settled is not None
        and ledger.settled == marks.current_name(order.warehouse)
    )


def _is_whole(warehouse: Path) -> bool:
    """Say whether the current snapshot's manifest is; a night that finds it is not says so."""
    from warehouse.contents import Contents
    from warehouse.snapshots import current_snapshot

    try:
        snapshot = current_snapshot(warehouse)
        return snapshot is None or bool(Contents(snapshot).names)
    except Refusal:
        return False


def _is_published(order: NightlyOrder, ledger: Ledger) -> bool:
    """Say whether the day asked for is scored and the report shows what is landed."""
    if order.as_of is not None:
        day = order.as_of.isoformat()
        if not all(day in days for days in ledger.scored.values()):
            return False
    if not ledger.scored:
        return True
    return (
        ledger.reported == marks.report_mark(order.warehouse, order.out)
        and (order.out / "index.html").is_file()
    )


def _notices_changed(order: NightlyOrder, ledger: Ledger) -> bool:
    known = {name: entry.fingerprint for name, entry in ledger.notices.items()}
    found = {path.name: marks.notice_mark(path) for path in marks.notice_folders(order.raw)}
    return known != found


def _keys_changed(order: NightlyOrder, ledger: Ledger) -> bool:
    return ledger.keys is None or ledger.keys.fingerprint != marks.keys_mark(order.raw)


def remembered_problems(ledger: Ledger) -> Iterator[Item]:
    """Yield what could not be taken before and has not changed since."""
    for name, entry in ledger.notices.items():
        if entry.problem is not None:
            yield Item.of_notice(shown_name(name), entry, entry.problem)
    if ledger.keys is not None and ledger.keys.problem is not None:
        yield Item.of_keys(ledger.keys.problem)


def start(order: NightlyOrder, ledger: Ledger) -> None:
    """Leave a mark that a night is at work, so that the next one knows if it was cut short."""
    ledger.unfinished = f"{os.uname().nodename}:{os.getpid()}"
    ledger.settled = None
    ledger.code = code_version()
    ledgers.write_ledger(order.warehouse, ledger)


def finish(order: NightlyOrder, ledger: Ledger, tally: Tally) -> NightlySummary:
    """Take the mark away; what did not pass and is not remembered is to be tried again."""
    ledger.unfinished = None
    ledger.settled = marks.current_name(order.warehouse) if tally.is_settled() else None
    ledgers.write_ledger(order.warehouse, ledger)
    return tally.summary(order)
