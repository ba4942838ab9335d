"""``kaohe report``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.options import json_option, progress, warehouse_option


@click.command()
@click.argument("year", type=int)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/report"),
    show_default=True,
    help="Folder of the site; an earlier site there is replaced.",
)
@click.option("--document", "document_id", help="The document, where not the one in force.")
@warehouse_option
@json_option
def command(
    *, year: int, out: Path, document_id: str | None, warehouse: Path, as_json: bool
) -> None:
    """Make the site that shows the scores of YEAR, and of all other years that are landed.

    The site is one folder; its index.html opens in a browser without a server or a network.
    """
    from flows.printing import json_text
    from flows.report import ReportOrder, make_report

    made = make_report(ReportOrder(year, warehouse, out, document_id=document_id), progress)
    click.echo(json_text(made.as_json()) if as_json else made.as_text())
