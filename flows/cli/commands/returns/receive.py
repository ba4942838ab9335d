"""``kaohe receive``."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    REFUSED,
    OutPath,
    json_option,
    orchestrated_option,
    progress,
    raw_option,
    say,
    warehouse_option,
)
from flows.cli.usage import DAY, WrongUse, past_day


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--received-on",
    type=DAY,
    metavar="DATE",
    help="The day they were received  [default: today]",
)
@click.option(
    "--redate",
    is_flag=True,
    help="FILE is a filed return (raw/returns/...): set right the day it was received on.",
)
@raw_option
@click.option(
    "--replies",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/replies"),
    show_default=True,
    help="Folder of the replies to the clerks.",
)
@orchestrated_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    files: tuple[Path, ...],
    received_on: date | None,
    redate: bool,
    raw: Path,
    replies: Path,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Check returned forms, file them unchanged, land their rows.

    FILE is a form (.xlsx, or saved as .xls) or a .csv saved from one. A bad row is refused by
    sheet and cell, the good ones are kept; where anything is refused or doubtful, a reply for the
    clerk is written, with the cells marked. Then the exit code is 3, or 1 where not one row was
    taken.

    --redate renames filed returns to the day of --received-on, lands their rows under it and notes
    in raw/returns/redated.csv who did so and when.
    """
    from common.days import today
    from common.messages import message
    from common.terminal import json_text
    from flows.jobs.returns.receive import Delivery, receive_and_finish
    from flows.jobs.returns.redate import redate as set_right
    from flows.run import run_step

    if redate and received_on is None:
        raise WrongUse(
            message("flows.wrong_use.needs", name="--redate", needed="--received-on 日期")
        )
    step = set_right if redate else receive_and_finish
    day = past_day(received_on, "--received-on") or today()
    delivery = Delivery(files, warehouse, day, raw, replies)
    got = run_step(
        "receive",
        f"receive {len(files)} files",
        lambda say: step(delivery, say),
        progress,
        warehouse,
        orchestrated=orchestrated,
    )
    say(json_text(got.as_json()) if as_json else got.as_text())
    if not got.clean:
        sys.exit(REFUSED if got.nothing_taken else LANDED_WITH_FINDINGS)
