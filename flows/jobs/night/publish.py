"""What a night publishes: the scores of each year of which everything passed, and the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from common.messages import Message
from flows.jobs.apart import attempt
from flows.jobs.ingest import Progress
from flows.jobs.marks import report_mark
from flows.jobs.night.ledger import Ledger, write_ledger
from flows.jobs.night.scores import dues, publish_year, remember, score_item
from flows.jobs.night.summary import Item, NightlyOrder
from flows.jobs.night.tally import Run, is_transient
from flows.jobs.score.run import until_it_lands


def publish_scores(
    order: NightlyOrder, ledger: Ledger, withheld: Mapping[int, tuple[str, ...]], run: Run
) -> Iterator[Item]:
    """Land the scores of every year that has some due and is not ``withheld``."""
    from warehouse.snapshots import current_snapshot

    snapshot = current_snapshot(order.warehouse)
    if snapshot is None:
        return
    every = dues(order, ledger, snapshot)
    for year in sorted({due.year for due in every}):
        if year in withheld:
            zh = f"保留上一次的得分：{'；'.join(withheld[year])}"
            en = "the last good scores stay"
            yield Item("score", str(year), "withheld", year, zh, en, clean=False)
        else:
            yield from _publish_year(order, ledger, year, run)
    known = {due.document_id for due in every}
    ledger.scored = {name: days for name, days in ledger.scored.items() if name in known}
    write_ledger(order.warehouse, ledger)


def _publish_year(order: NightlyOrder, ledger: Ledger, year: int, run: Run) -> list[Item]:
    """Score and land a year; where the warehouse moved meanwhile, from what it holds then."""
    made = attempt(
        "score", str(year), lambda: until_it_lands(lambda: _score(order, ledger, year, run))
    )
    if isinstance(made, Message):
        state = "failed" if is_transient(made) else "refused"
        return [Item.of_problem("score", str(year), made, state, year, holds=True)]
    return made


def _score(order: NightlyOrder, ledger: Ledger, year: int, run: Run) -> list[Item]:
    from warehouse.snapshots import require_snapshot

    snapshot = require_snapshot(order.warehouse)
    own = [due for due in dues(order, ledger, snapshot) if due.year == year and due.days]
    if not own:
        return []
    done = publish_year(order, own, snapshot, run)
    remember(ledger, own, done)
    write_ledger(order.warehouse, ledger)
    return [score_item(due, summary) for due, summary in zip(own, done, strict=True)]


def make_site(
    order: NightlyOrder,
    ledger: Ledger,
    years: Mapping[int, str],
    progress: Progress,
    *,
    stays: bool,
) -> Iterator[Item]:
    """Make the report where it does not show the current snapshot, or is not there.

    It is one site of all ``years`` in force. Where it ``stays``, since nothing of this night was
    published, the one that is there counts for the current snapshot.
    """
    mark = report_mark(order.warehouse, order.out)
    if (order.out / "index.html").is_file() and (ledger.reported == mark or stays):
        ledger.reported = mark
        return
    problem = attempt("report", str(order.out), lambda: _make(order, years, progress))
    if problem is None:
        ledger.reported = mark
    write_ledger(order.warehouse, ledger)
    yield (
        Item("report", str(order.out), "made")
        if problem is None
        else Item.of_problem("report", str(order.out), problem, "failed", holds=True)
    )


def _make(order: NightlyOrder, years: Mapping[int, str], progress: Progress) -> None:
    from flows.jobs.site.report import ReportOrder, make_report

    year, document_id = max(years.items())
    make_report(ReportOrder(year, order.warehouse, order.out, order.raw, document_id), progress)
