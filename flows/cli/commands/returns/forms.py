"""``kaohe forms``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import OutPath, json_option, progress, raw_option, say, warehouse_option
from flows.cli.usage import YEAR


@click.command()
@click.argument("year", type=YEAR)
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/forms"),
    show_default=True,
    help="Folder of the forms.",
)
@raw_option
@warehouse_option
@json_option
def command(
    *, year: int, document_id: str | None, out: Path, raw: Path, warehouse: Path, as_json: bool
) -> None:
    """Make one Excel form per assessing department, to be filled in and handed back.

    A file of the same name that holds anything else is kept under another name. Indicators
    whose department is not printed stand in no form; they are named.
    """
    from common.terminal import json_text
    from flows.jobs.returns.forms import make_forms

    made = make_forms(warehouse, year, out, document_id, raw=raw)
    say(json_text(made.as_json()) if as_json else made.as_text())
    if made.without_department:
        progress(made.missing_text())
