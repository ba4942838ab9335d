"""``kaohe receive``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    REFUSED,
    json_option,
    orchestrated_option,
    past_day,
    progress,
    raw_option,
    warehouse_option,
)


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--received-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day they were received  [default: today]",
)
@raw_option
@click.option(
    "--replies",
    type=click.Path(file_okay=False, path_type=Path),
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
    received_on: datetime | None,
    raw: Path,
    replies: Path,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Check returned forms, file them unchanged, land their rows.

    FILE is a form (.xlsx) or a .csv saved from one. A bad row is refused by sheet and cell, the
    good ones are kept; where anything is refused or doubtful, a reply for the clerk is written,
    with the cells marked. Then the exit code is 3, or 1 where not one row was
    taken.
    """
    from common.terminal import json_text
    from flows.jobs.returns.receive import Delivery, receive_and_finish, today
    from flows.run import run_step

    day = past_day(received_on, "--received-on") or today()
    delivery = Delivery(files, warehouse, day, raw, replies)
    got = run_step(
        "receive",
        f"receive {len(files)} files",
        lambda say: receive_and_finish(delivery, say),
        progress,
        warehouse,
        orchestrated=orchestrated,
    )
    click.echo(json_text(got.as_json()) if as_json else got.as_text())
    if not got.clean:
        sys.exit(REFUSED if got.nothing_taken else LANDED_WITH_FINDINGS)
