"""``kaohe demo``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.options import LANDED_WITH_FINDINGS, json_option, progress, warehouse_option


@click.command()
@warehouse_option
@json_option
def command(warehouse: Path, as_json: bool) -> None:
    """Land the bundled 2020 notice and its damaged text, and show how they differ.

    Runs as Prefect flows on a server that starts and ends with the command.
    """
    from flows.demo import run_demo
    from flows.printing import json_text

    shown = run_demo(warehouse, progress)
    click.echo(json_text(shown.as_json()) if as_json else shown.as_text())
    if not all(summary.clean for summary in shown.landed):
        sys.exit(LANDED_WITH_FINDINGS)
