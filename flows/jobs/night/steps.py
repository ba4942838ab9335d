"""The steps of a night as plain functions: notices, keys, returns, scores, report.

Each step can be killed anywhere and done again: what it lands it lands whole, what is landed
already changes nothing, and the ledger is written only after the landing that it tells of.
"""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from common.files import locked
from common.refusal import Refusal
from flows.jobs.ingest import Progress, code_version
from flows.jobs.night import keys as nightly_keys
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night.inbox import arrivals
from flows.jobs.night.ledger import Ledger
from flows.jobs.night.night import Night, note_problem
from flows.jobs.night.summary import NightlyOrder, NightlySummary

_LOCK = "nightly.lock"


def run_nightly(
    order: NightlyOrder, progress: Progress, run_id: str | None = None
) -> NightlySummary:
    """Do all that a night does; the whole of ``kaohe nightly``, without Prefect.

    Raises Refusal where another night is at work on the same warehouse.
    """
    with alone(order.warehouse):
        night = begin(order, progress, run_id)
        if nothing_new(night):
            return night.summary(nothing_new=True)
        start(night)
        for _, step in STEPS:
            step(night)
        return finish(night)


@contextmanager
def alone(warehouse: Path, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the warehouse against other nights; the system lets go when the holder is killed."""
    warehouse.mkdir(parents=True, exist_ok=True)
    busy = Refusal(
        "nightly_busy",
        f"another nightly run is at work on {warehouse}",
        f"另一次夜间处理正在使用“{warehouse}”，本次没有运行。请等它结束后再试。",
    )
    with locked(warehouse / _LOCK, wait_seconds, busy):
        yield


def begin(order: NightlyOrder, progress: Progress, run_id: str | None = None) -> Night:
    """Return a night with what the ledger remembers."""
    ledger = nightly_ledger.read_ledger(order.warehouse)
    night = Night(order, ledger, run_id or uuid.uuid4().hex, progress)
    night.made_good = ledger.unfinished is not None
    return night


def nothing_new(night: Night) -> bool:
    """Say whether everything is as the last night left it; what it could not take is named again.

    Costs the hashes of the files in ``raw/notices`` and of the keys, and imports nothing heavy.
    """
    order, ledger = night.order, night.ledger
    if night.made_good or ledger.code != code_version() or ledger.settled is None:
        return False
    if ledger.settled != nightly_ledger.current_name(order.warehouse) or arrivals(order.raw):
        return False
    if order.as_of and not _is_scored(ledger, order.as_of.isoformat()):
        return False
    if ledger.scored and (
        ledger.reported != report_mark(order) or not (order.out / "index.html").is_file()
    ):
        return False
    if _notices_changed(night) or _keys_changed(night):
        return False
    _name_problems(night)
    os.utime(order.warehouse / nightly_ledger.NAME)  # tells when a night has last been through
    return True


def _is_scored(ledger: Ledger, day: str) -> bool:
    return all(day in days for days in ledger.scored.values())


def _notices_changed(night: Night) -> bool:
    known = {name: entry.fingerprint for name, entry in night.ledger.notices.items()}
    found: dict[str, str | None] = {}
    for path in nightly_ledger.notice_folders(night.order.raw):
        found[path.name] = fingerprint(path)
    return known != found


def _keys_changed(night: Night) -> bool:
    known = night.ledger.keys
    return known is None or known.fingerprint != nightly_keys.fingerprint(night.order.raw)


def fingerprint(path: Path) -> str | None:
    """Return the hash of a notice's folder and of the program; None where it cannot be read."""
    try:
        content = nightly_ledger.content_hash(path)
    except OSError:
        return None
    return hashlib.sha256(f"{code_version()}\n{content}".encode()).hexdigest()


def report_mark(order: NightlyOrder) -> str:
    """Return what tells whether the report shows the current snapshot."""
    return f"{nightly_ledger.current_name(order.warehouse)} {order.out.absolute()}"


def _name_problems(night: Night) -> None:
    """Name what could not be taken and has not changed since; withhold the notices' years."""
    for name, entry in night.ledger.notices.items():
        if entry.problem is not None:
            note_problem(night, name, entry)
    if night.ledger.keys is not None and night.ledger.keys.problem is not None:
        nightly_keys.note_problem(night, night.ledger.keys.problem)


def start(night: Night) -> None:
    """Leave a mark that a night is at work, so that the next one knows if it was cut short."""
    night.ledger.unfinished = f"{os.uname().nodename}:{os.getpid()}"
    night.ledger.settled = None
    night.ledger.code = code_version()
    night.save()


def finish(night: Night) -> NightlySummary:
    """Take the mark away; what did not pass and is not remembered is to be tried again."""
    night.ledger.unfinished = None
    again = any(
        item.state == "failed" or (item.holds and item.step != "notice")
        for item in night.items.values()
    )
    night.ledger.settled = None if again else nightly_ledger.current_name(night.order.warehouse)
    night.save()
    return night.summary()


def ingest_notices(night: Night) -> None:
    """Ingest every notice that is new or changed, each on its own."""
    paths = nightly_ledger.notice_folders(night.order.raw)
    names = {path.name for path in paths}
    night.ledger.notices = {n: e for n, e in night.ledger.notices.items() if n in names}
    for path in paths:
        _ingest_if_new(night, path)


def _ingest_if_new(night: Night, path: Path) -> None:
    from flows.jobs.night.notices import ingest_notice, is_landed

    mark = fingerprint(path)
    entry = night.ledger.notices.get(path.name)
    if entry is not None and mark is not None and entry.fingerprint == mark:
        if entry.problem is not None:
            note_problem(night, path.name, entry)
            return
        if is_landed(night.order.warehouse, entry):
            return
    ingest_notice(night, path, mark)


def land_keys(night: Night) -> None:
    """Land the confirmed keys where they, or the documents that they name, changed."""
    nightly_keys.land(night)


def receive_returns(night: Night) -> None:
    """Receive what lies in the inbox, by the day it came."""
    came = arrivals(night.order.raw)
    if came:
        from flows.jobs.night.returns import receive_arrivals

        receive_arrivals(night, came)


def publish_scores(night: Night) -> None:
    """Score what is due, and land each year of which everything passed."""
    from flows.jobs.night.publish import publish

    publish(night)


def make_site(night: Night) -> None:
    """Make the report anew where it does not show the current snapshot."""
    from flows.jobs.night.publish import report

    report(night)


#: The steps in their order, by the names that people see.
STEPS: tuple[tuple[str, Callable[[Night], None]], ...] = (
    ("notice", ingest_notices),
    ("keys", land_keys),
    ("return", receive_returns),
    ("score", publish_scores),
    ("report", make_site),
)

__all__ = ["STEPS", "Night", "run_nightly"]
