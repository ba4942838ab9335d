"""``kaohe nightly``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    OutPath,
    json_option,
    progress,
    raw_option,
    require_something_here,
    say,
    warehouse_option,
)
from flows.cli.usage import DAY, past_day


@click.command()
@click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="Score this day too, beside the days that the data touch.",
)
@raw_option
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/report"),
    show_default=True,
    help="Folder of the report site.",
)
@click.option(
    "--orchestrated/--direct",
    default=True,
    help="Run as a Prefect flow (default), or only the steps.",
)
@warehouse_option
@json_option
def command(
    *,
    as_of: date | None,
    raw: Path,
    out: Path,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Take in what is new, score what it touches, and make the report.

    Ingests notices of raw/notices that are new or changed, receives the returns in raw/inbox,
    scores every day of every year that they touch, and makes the report. A year of which something
    did not pass is not published: its last scores stay. Running it twice changes nothing.

    The exit code is 3 where something needs a look: a notice or return was refused, a year was
    not published, or a notice landed with open findings.
    """
    from common.terminal import json_text
    from flows.jobs.night.summary import NightlyOrder
    from flows.run import run_night

    require_something_here(raw, warehouse)
    order = NightlyOrder(warehouse, raw, out, past_day(as_of, "--as-of"))
    summary = run_night(order, progress, orchestrated=orchestrated)
    say(json_text(summary.as_json()) if as_json else summary.as_text())
    if not summary.clean:
        sys.exit(LANDED_WITH_FINDINGS)
