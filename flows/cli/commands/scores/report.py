"""``kaohe report``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import (
    OutPath,
    json_option,
    orchestrated_option,
    raw_option,
    say,
    warehouse_option,
)
from flows.cli.usage import YEAR


@click.command()
@click.argument("year", type=YEAR)
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/report"),
    show_default=True,
    help="Folder of the site; an earlier site there is replaced.",
)
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@raw_option
@orchestrated_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    year: int,
    out: Path,
    document_id: str | None,
    raw: Path,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Make the site that shows the scores of YEAR, and of all other years that are landed.

    The site is one folder; its index.html opens in a browser without a server or a network.
    """
    from common.terminal import json_text
    from flows.cli.progress import shown_progress
    from flows.jobs.site.report import ReportOrder, make_report
    from flows.run import run_step

    order = ReportOrder(year, warehouse, out, raw, document_id)
    with shown_progress() as tell:
        made = run_step(
            "report",
            f"report {year}",
            lambda say: make_report(order, say),
            tell,
            warehouse,
            orchestrated=orchestrated,
        )
    say(json_text(made.as_json()) if as_json else made.as_text())
