"""``kaohe score``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    json_option,
    orchestrated_option,
    progress,
    raw_option,
    say,
    warehouse_option,
)
from flows.cli.usage import DAY, YEAR, WrongUse, past_day

if TYPE_CHECKING:
    from flows.jobs.score.inputs import ScoreOrder
    from flows.jobs.score.many import ScoredYear
    from flows.jobs.score.rules import RulesListed
    from flows.jobs.score.summary import ScoreSummary
    from flows.jobs.score.what_if import WhatIfSummary


@click.command()
@click.argument("year", type=YEAR)
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@click.option(
    "--all", "every", is_flag=True, help="Score every document in force of the year, a line each."
)
@click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="What was received by the end of this day counts  [default: the latest day of the data]",
)
@raw_option
@click.option(
    "--what-if",
    "what_if_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Score with the targets, actuals or rules of a TOML file beside the real; land nothing.",
)
@click.option(
    "--rules", "rules_only", is_flag=True, help="List the rule of each indicator; land nothing."
)
@click.option(
    "--replay",
    "replay_only",
    is_flag=True,
    help="Compute each landed score anew from its trace alone; list whatever differs.",
)
@orchestrated_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    year: int,
    document_id: str | None,
    every: bool,
    as_of: date | None,
    raw: Path,
    what_if_file: Path | None,
    rules_only: bool,
    replay_only: bool,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Score a year's targets by what departments returned, rank the entities, land it all.

    The exit code is 3 where returns count for nothing or departments differ; they are listed. With
    --replay, exit code 1 says that something landed differs from what the traces give.
    """
    from common.messages import message
    from common.terminal import json_text
    from flows.jobs.score.inputs import ScoreOrder
    from flows.jobs.score.replay import replay_year

    shown = {"--rules": rules_only, "--what-if": what_if_file, "--replay": replay_only}
    if sum(map(bool, shown.values())) > 1:
        raise WrongUse(message("flows.wrong_use.exclude", names="、".join(shown)))
    if every and (document_id or any(shown.values())):
        without = "、".join(("--document", *shown))
        raise WrongUse(message("flows.wrong_use.goes_without", name="--all", without=without))
    order = ScoreOrder(year, warehouse, document_id, as_of, raw)
    if replay_only:
        replayed = replay_year(order)
        say(json_text(replayed.as_json()) if as_json else replayed.as_text())
        replayed.require_agreement()
    elif rules_only or what_if_file:
        found = _only_shown(order, what_if_file)
        say(json_text(found.as_json()) if as_json else found.as_text())
    else:
        past_day(as_of, "--as-of")  # scores of a day to come would stand as the latest
        summary = _scored(order, every=every, orchestrated=orchestrated)
        say(json_text(summary.as_json()) if as_json else summary.as_text())
        if not summary.clean:
            sys.exit(LANDED_WITH_FINDINGS)


def _only_shown(order: ScoreOrder, what_if_file: Path | None) -> RulesListed | WhatIfSummary:
    """Return what nothing is landed of: the rules, or the scores of a file."""
    from flows.jobs.score.rules import list_rules
    from flows.jobs.score.what_if import what_if

    return what_if(order, what_if_file, progress) if what_if_file else list_rules(order)


def _scored(order: ScoreOrder, *, every: bool, orchestrated: bool) -> ScoreSummary | ScoredYear:
    """Score and land the order's document, or every one of its year."""
    from flows.jobs.score.many import score_all
    from flows.jobs.score.run import score_year
    from flows.run import run_step

    return run_step(
        "score",
        f"score {order.year}",
        lambda say: score_all(order, say) if every else score_year(order, say),
        progress,
        order.warehouse,
        orchestrated=orchestrated,
    )
