"""The steps of a night as plain functions: notices, returns, scores, report.

Each step can be killed anywhere and done again: what it lands it lands whole, what is landed
already changes nothing, and the ledger is written only after the landing that it tells of.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flows import nightly_ledger
from flows.nightly_inbox import Arrival, arrivals
from flows.nightly_ledger import Ledger, NoticeEntry, Problem
from flows.nightly_order import STEP_ZH, Item, NightlyOrder, NightlySummary
from flows.steps import Progress, code_version
from schemas.errors import Refusal

#: Refusals that go by themselves: a lock, the disk, another program at work.
PASSING = frozenset(
    {"warehouse_busy", "warehouse_not_writable", "warehouse_moved", "receiving_busy", "file_access"}
)
_LOCK = "nightly.lock"
_POLL = 0.2
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Night:
    """One night on its way.

    ``items`` holds what became of each thing, by step and name; ``years`` the years in force, each
    with one of its documents.
    """

    order: NightlyOrder
    ledger: Ledger
    run_id: str
    progress: Progress
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)
    report: str | None = None
    made_good: bool = False

    def note(self, item: Item) -> None:
        """Keep what became of a thing; a step done again says it again."""
        self.items[item.step, item.name] = item

    def withheld(self) -> dict[int, tuple[str, ...]]:
        """Return the years that must not be published, with the reasons."""
        held: dict[int, list[str]] = {}
        for item in self.items.values():
            if item.holds:
                for year in self.years if item.year is None else {item.year}:
                    held.setdefault(year, []).append(f"{STEP_ZH[item.step]} {item.name} 未通过")
        return {year: tuple(reasons) for year, reasons in sorted(held.items())}

    def save(self) -> None:
        """Write the ledger."""
        nightly_ledger.write_ledger(self.order.warehouse, self.ledger)

    def failed(self, step: str | None = None) -> list[Item]:
        """Return what failed for a reason that may be gone the next time."""
        return [
            item
            for item in self.items.values()
            if item.state == "failed" and step in {None, item.step}
        ]

    def summary(self, *, nothing_new: bool = False) -> NightlySummary:
        """Return what the night amounts to."""
        return NightlySummary(
            tuple(self.items.values()),
            self.withheld(),
            str(self.order.warehouse),
            self.report,
            nothing_new,
            self.made_good,
        )


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
    deadline = time.monotonic() + wait_seconds
    with (warehouse / _LOCK).open("a") as file:
        while not _locked(file.fileno()):
            if time.monotonic() >= deadline:
                raise Refusal(
                    "nightly_busy",
                    f"another nightly run is at work on {warehouse}",
                    f"另一次夜间处理正在使用“{warehouse}”，本次没有运行。请等它结束后再试。",
                )
            time.sleep(_POLL)
        yield


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def begin(order: NightlyOrder, progress: Progress, run_id: str | None = None) -> Night:
    """Return a night with what the ledger remembers."""
    ledger = nightly_ledger.read_ledger(order.warehouse)
    night = Night(order, ledger, run_id or uuid.uuid4().hex, progress)
    night.made_good = ledger.unfinished is not None
    return night


def nothing_new(night: Night) -> bool:
    """Say whether everything is as the last night left it; what it could not take is named again.

    Costs the hashes of the files in ``raw/notices`` and imports nothing heavy.
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
    if _notices_changed(night):
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
    """Name the notices that could not be taken and have not changed since; withhold their years."""
    for name, entry in night.ledger.notices.items():
        if entry.problem is not None:
            note_problem(night, name, entry)


def note_problem(night: Night, name: str, entry: NoticeEntry, state: str = "refused") -> None:
    """Say that a notice was not taken, and keep its year from being published.

    A draft or copy is landed to be compared, and keeps nothing back.
    """
    problem = entry.problem or Problem("", "", "")
    holds = entry.year is not None and entry.role == "official"
    told = (problem.zh, problem.en, problem.code)
    night.note(Item("notice", name, state, entry.year, *told, clean=False, holds=holds))


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


def attempt(night: Night, step: str, name: str, do: Callable[[], None]) -> Problem | None:
    """Do what concerns one document, return or year, and return why it did not pass.

    The one place that catches everything: what one thing sets off, be it a mistake in the
    program, must not keep the others from the night. It is logged whole and named in the summary.
    """
    try:
        do()
    except Refusal as refusal:
        return Problem.of(refusal)
    except OSError as error:
        where = error.filename or name
        zh = f"无法读写 {where}（{error.strerror}）。请检查权限和磁盘空间。"
        return Problem("file_access", f"{where}: {error.strerror}", zh)
    except Exception as error:  # noqa: BLE001 - see above
        _log.exception("%s %s failed", step, name)
        what = f"{type(error).__name__}: {error}"
        zh = f"处理 {name} 时程序出错（{what}）。请把日志交给维护人员。"
        return Problem("unexpected", what, zh)
    return None


def is_passing(problem: Problem) -> bool:
    """Say whether the same may pass another time without anybody changing the thing itself."""
    return problem.code in PASSING or problem.code == "unexpected"


def ingest_notices(night: Night) -> None:
    """Ingest every notice that is new or changed, each on its own."""
    paths = nightly_ledger.notice_folders(night.order.raw)
    names = {path.name for path in paths}
    night.ledger.notices = {n: e for n, e in night.ledger.notices.items() if n in names}
    for path in paths:
        _ingest_if_new(night, path)


def _ingest_if_new(night: Night, path: Path) -> None:
    from flows.nightly_notices import ingest_notice, is_landed

    mark = fingerprint(path)
    entry = night.ledger.notices.get(path.name)
    if entry is not None and mark is not None and entry.fingerprint == mark:
        if entry.problem is not None:
            note_problem(night, path.name, entry)
            return
        if is_landed(night.order.warehouse, entry):
            return
    ingest_notice(night, path, mark)


def receive_returns(night: Night) -> None:
    """Receive what lies in the inbox, by the day it came."""
    came = arrivals(night.order.raw)
    if came:
        from flows.nightly_returns import receive_arrivals

        receive_arrivals(night, came)


def publish_scores(night: Night) -> None:
    """Score what is due, and land each year of which everything passed."""
    from flows.nightly_publish import publish

    publish(night)


def make_site(night: Night) -> None:
    """Make the report anew where it does not show the current snapshot."""
    from flows.nightly_publish import report

    report(night)


#: The steps in their order, by the names that people see.
STEPS: tuple[tuple[str, Callable[[Night], None]], ...] = (
    ("notice", ingest_notices),
    ("return", receive_returns),
    ("score", publish_scores),
    ("report", make_site),
)

__all__ = ["STEPS", "Arrival", "Night", "run_nightly"]
