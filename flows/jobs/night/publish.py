"""What a night publishes: the scores of each year of which everything passed, and the report."""

from __future__ import annotations

from flows.jobs.night.ledger import Problem
from flows.jobs.night.night import Night, attempt, is_passing
from flows.jobs.night.scores import Due, dues, publish_year, remember, score_item
from flows.jobs.night.steps import report_mark
from flows.jobs.night.summary import Item
from flows.jobs.score.summary import ScoreSummary

#: How often a year is scored anew where somebody landed something meanwhile.
ATTEMPTS = 3


def publish(night: Night) -> None:
    """Land the scores of every year that has some due and of which nothing is held back."""
    from warehouse.snapshots import current_snapshot

    snapshot = current_snapshot(night.order.warehouse)
    if snapshot is None:
        return
    every = dues(night.order, night.ledger, snapshot)
    night.years = {due.year: due.document_id for due in every}
    for year in sorted(night.years):
        if year in night.withheld():
            _note_withheld(night, year)
        else:
            _publish_year(night, year)
    known = {due.document_id for due in every}
    night.ledger.scored = {n: days for n, days in night.ledger.scored.items() if n in known}
    night.save()


def _note_withheld(night: Night, year: int) -> None:
    reasons = "；".join(night.withheld()[year])
    zh = f"保留上一次的得分：{reasons}"
    night.note(
        Item("score", str(year), "withheld", year, zh, "the last good scores stay", clean=False)
    )


def _publish_year(night: Night, year: int) -> None:
    """Score and land a year; where the warehouse moved meanwhile, from what it holds then."""
    problem: Problem | None = None
    for _ in range(ATTEMPTS):
        problem = attempt(night, "score", str(year), lambda: _score(night, year))
        if problem is None or problem.code != "warehouse_moved":
            break
    night.items.pop(("score", str(year)), None)
    if problem is not None:
        state = "failed" if is_passing(problem) else "refused"
        told = (problem.zh, problem.en, problem.code)
        night.note(Item("score", str(year), state, year, *told, clean=False, holds=True))


def _score(night: Night, year: int) -> None:
    from warehouse.catalogue import require_snapshot

    snapshot = require_snapshot(night.order.warehouse)
    own = [due for due in dues(night.order, night.ledger, snapshot) if due.year == year]
    wanted = [due for due in own if due.days]
    if not wanted:
        return
    done = publish_year(night.order, wanted, snapshot, night.run_id, night.progress)
    remember(night.ledger, wanted, done)
    night.save()
    _note_scored(night, wanted, done)


def _note_scored(night: Night, wanted: list[Due], done: list[ScoreSummary]) -> None:
    for due, summary in zip(wanted, done, strict=True):
        night.note(score_item(due, summary))


def report(night: Night) -> None:
    """Make the report where it does not show the current snapshot, or is not there.

    It is one site of all years. Where nothing of this night was published it stays as it is.
    """
    order, ledger = night.order, night.ledger
    if not ledger.scored:
        return
    index = order.out / "index.html"
    if index.is_file():
        night.report = str(index)
        if ledger.reported == report_mark(order) or (night.withheld() and not _published(night)):
            ledger.reported = report_mark(order)
            return
    problem = attempt(night, "report", str(order.out), lambda: _make(night))
    if problem is None:
        ledger.reported = report_mark(order)
        night.report = str(index)
        night.note(Item("report", str(order.out), "made"))
    else:
        told = (problem.zh, problem.en, problem.code)
        night.note(Item("report", str(order.out), "failed", None, *told, clean=False, holds=True))
    night.save()


def _published(night: Night) -> bool:
    return any(item.step == "score" and item.state == "scored" for item in night.items.values())


def _make(night: Night) -> None:
    from flows.jobs.site import ReportOrder, make_report

    order = night.order
    year, document_id = max(night.years.items())
    make_report(
        ReportOrder(year, order.warehouse, order.out, order.raw, document_id), night.progress
    )
