"""The steps of a night by name: notices, keys, returns, scores, report."""

from __future__ import annotations

from collections.abc import Iterator

from flows.jobs.night.keys import land_keys
from flows.jobs.night.ledger import Ledger
from flows.jobs.night.notices import ingest_notices
from flows.jobs.night.publish import make_site, publish_scores
from flows.jobs.night.returns import receive_returns
from flows.jobs.night.scores import years_in_force
from flows.jobs.night.summary import Item, NightlyOrder
from flows.jobs.night.tally import Run, Tally

STEPS = ("notice", "keys", "return", "score", "report")
"""The steps in their order, by the names that people see."""


def do_step(name: str, order: NightlyOrder, ledger: Ledger, tally: Tally, run: Run) -> list[Item]:
    """Do one step and enter what became of things; return what may pass when it is done again."""
    tally.begin(name)
    tally.enter(_items(name, order, ledger, tally, run))
    return tally.failed(name)


def _items(
    name: str, order: NightlyOrder, ledger: Ledger, tally: Tally, run: Run
) -> Iterator[Item]:
    """Return what a step does, one thing after the other as it is asked for."""
    if name == "notice":
        return ingest_notices(order, ledger, run)
    if name == "keys":
        return land_keys(order, ledger, run.progress)
    if name == "return":
        return receive_returns(order, run.progress)
    if name == "score":
        tally.years = years_in_force(order.warehouse)
        return publish_scores(order, ledger, tally.withheld(), run)
    return _report(order, ledger, tally, run)


def _report(order: NightlyOrder, ledger: Ledger, tally: Tally, run: Run) -> Iterator[Item]:
    if ledger.scored:
        stays = bool(tally.withheld()) and not tally.published()
        yield from make_site(order, ledger, tally.years, run.progress, stays=stays)
        if (order.out / "index.html").is_file():
            tally.report = str(order.out / "index.html")
