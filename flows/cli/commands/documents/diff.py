"""``kaohe diff``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import json_option, say, warehouse_option


@click.command()
@click.argument("first", metavar="FIRST")
@click.argument("second", metavar="SECOND")
@click.option("--all", "everything", is_flag=True, help="Also list what was kept.")
@warehouse_option
@json_option
def command(*, first: str, second: str, everything: bool, warehouse: Path, as_json: bool) -> None:
    """List what changed from one landed document to another.

    FIRST and SECOND are two documents, or two years: then the documents in force.
    Indicators are matched by their names, headings, departments, units and neighbours, never by
    serial number: kept, renamed, moved, re-weighted, re-targeted, dropped, new.
    """
    from common.terminal import json_text
    from flows.jobs import diff as differences

    one, other = (differences.document_named(warehouse, name) for name in (first, second))
    found = differences.compared(warehouse, one, other)
    if as_json:
        say(json_text(differences.as_json(found)))
    else:
        say(differences.as_text(found, everything=everything))
