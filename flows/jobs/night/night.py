"""One night on its way: what became of each thing, and what does not pass."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from common.refusal import Refusal
from flows.jobs.ingest import Progress
from flows.jobs.night import ledger as nightly_ledger
from flows.jobs.night.ledger import Ledger, NoticeEntry, Problem
from flows.jobs.night.summary import STEP_ZH, Item, NightlyOrder, NightlySummary

#: Refusals that go by themselves: a lock, the disk, another program at work.
PASSING = frozenset(
    {"warehouse_busy", "warehouse_not_writable", "warehouse_moved", "receiving_busy", "file_access"}
)
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


def note_problem(night: Night, name: str, entry: NoticeEntry, state: str = "refused") -> None:
    """Say that a notice was not taken, and keep its year from being published.

    A draft or copy is landed to be compared, and keeps nothing back.
    """
    problem = entry.problem or Problem("", "", "")
    holds = entry.year is not None and entry.role == "official"
    told = (problem.zh, problem.en, problem.code)
    night.note(Item("notice", name, state, entry.year, *told, clean=False, holds=holds))


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
