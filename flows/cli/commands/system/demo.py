"""``kaohe demo``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    OutPath,
    json_option,
    progress,
    say,
    warehouse_option,
)


@click.command()
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/demo"),
    show_default=True,
    help="Folder of the forms, replies, returns as filed, and the report.",
)
@warehouse_option
@json_option
def command(*, out: Path, warehouse: Path, as_json: bool) -> None:
    """Do the whole job on the bundled 2020 notice, with made-up returns.

    Lands the notice and its damaged text and shows how they differ; makes the forms, fills them
    with made-up figures (marked as samples on every sheet, row and page), receives them on three
    days, scores as of each, and makes the report. Runs as Prefect flows on a server that starts
    and ends with the command. The same again changes nothing.
    """
    from flows.run import report_to_own_server

    report_to_own_server(warehouse)
    from common.terminal import json_text
    from flows.demo.run import run_demo

    shown = run_demo(warehouse, out, progress)
    say(json_text(shown.as_json()) if as_json else shown.as_text())
    if not shown.clean:
        sys.exit(LANDED_WITH_FINDINGS)
