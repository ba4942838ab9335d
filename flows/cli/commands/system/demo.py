"""``kaohe demo``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    OutPath,
    json_option,
    say,
    warehouse_option,
)

_CONSOLE = "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"


@contextmanager
def _log_of_prefect(*, shown: bool) -> Iterator[None]:
    """Have Prefect, where it is imported in here, print its log or only send it to its server."""
    if not shown:
        os.environ.setdefault(_CONSOLE, "CRITICAL")
    yield
    if not shown:
        os.environ.pop(_CONSOLE, None)


@click.command()
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/demo"),
    show_default=True,
    help="Folder of the forms, replies, returns as filed, and the report.",
)
@click.option("-v", "--verbose", is_flag=True, help="Show Prefect's log, too.")
@warehouse_option
@json_option
def command(*, out: Path, verbose: bool, warehouse: Path, as_json: bool) -> None:
    """Do the whole job on the bundled 2020 notice, with made-up returns.

    Lands the notice and its damaged text and shows how they differ; makes the forms, fills them
    with made-up figures (marked as samples on every sheet, row and page), receives them on three
    days, scores as of each, and makes the report. Runs as Prefect flows on a server that starts
    and ends with the command. The same again changes nothing.
    """
    from common.terminal import json_text
    from flows.cli.progress import shown_progress
    from flows.demo.run import bundled
    from flows.run import report_to_own_server

    bundled()  # refused before anything is started
    with shown_progress() as tell:
        tell("starting a Prefect server (a few seconds; the first time up to a minute)")
        with _log_of_prefect(shown=verbose):
            report_to_own_server(warehouse)
        from flows.demo.run import run_demo

        shown = run_demo(warehouse, out, tell)
    say(json_text(shown.as_json()) if as_json else shown.as_text())
    if not shown.clean:
        sys.exit(LANDED_WITH_FINDINGS)
