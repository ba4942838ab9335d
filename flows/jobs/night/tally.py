"""What became of everything a night dealt with, and how one thing that fails is kept apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from common.messages import Message
from flows.jobs.apart import TRANSIENT
from flows.jobs.ingest import Progress
from flows.jobs.night.summary import Item, NightlyOrder, NightlySummary
from schemas.vocabulary import word


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the night: the id that its landings carry, and where progress goes."""

    id: str
    progress: Progress


@dataclass(slots=True)
class Tally:
    """What became of each thing so far, and which years are in force.

    ``items`` are by step and name; ``years`` maps each year in force to one of its documents;
    ``recovered``: the night before was cut short.
    """

    recovered: bool = False
    items: dict[tuple[str, str], Item] = field(default_factory=dict)
    years: dict[int, str] = field(default_factory=dict)
    report: str | None = None

    def begin(self, step: str) -> None:
        """Forget what a step that is done again could not do before."""
        self.items = {
            key: item
            for key, item in self.items.items()
            if item.step != step or not (item.holds or item.state == "failed")
        }

    def enter(self, items: Iterable[Item]) -> None:
        """Keep what became of things, one by one; a step done again replaces what it said."""
        for item in items:
            self.items[item.step, item.name] = item

    def withheld(self) -> dict[int, tuple[str, ...]]:
        """Return the years that must not be published, with the reasons."""
        held: dict[int, list[str]] = {}
        for item in self.items.values():
            if item.holds:
                for year in self.years if item.year is None else {item.year}:
                    reason = f"{word('night_step', item.step)} {item.name} 未通过"
                    held.setdefault(year, []).append(reason)
        return {year: tuple(reasons) for year, reasons in sorted(held.items())}

    def failed(self, step: str) -> list[Item]:
        """Return what a step could not do for a reason that may be gone the next time."""
        return [
            item for item in self.items.values() if item.state == "failed" and item.step == step
        ]

    def published(self) -> bool:
        """Say whether the night landed new scores."""
        return any(item.step == "score" and item.state == "scored" for item in self.items.values())

    def is_settled(self) -> bool:
        """Say whether nothing is left to try again; refused notices wait for a person."""
        return not any(
            item.state == "failed" or (item.holds and item.step != "notice")
            for item in self.items.values()
        )

    def summary(self, order: NightlyOrder, *, up_to_date: bool = False) -> NightlySummary:
        """Return what the night amounts to."""
        return NightlySummary(
            tuple(self.items.values()),
            self.withheld(),
            str(order.warehouse),
            self.report,
            up_to_date,
            self.recovered,
        )


def is_transient(problem: Message) -> bool:
    """Say whether the same may pass another time without anybody changing the thing itself."""
    return problem.code in TRANSIENT or problem.code == "unexpected"
