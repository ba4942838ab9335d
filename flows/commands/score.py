"""``kaohe score``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from flows.options import LANDED_WITH_FINDINGS, json_option, progress, warehouse_option


@click.command()
@click.argument("year", type=click.IntRange(1900, 2999))
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="What was received by the end of this day counts  [default: the latest return's day]",
)
@click.option(
    "--raw",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("raw"),
    show_default=True,
    help="Folder of the raw data; rules stand in source.toml beside a notice.",
)
@warehouse_option
@json_option
def command(
    *,
    year: int,
    document_id: str | None,
    as_of: datetime | None,
    raw: Path,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Score a year's targets by what departments returned, rank the entities, land it all."""
    from flows.printing import json_text
    from flows.score import ScoreOrder, score_year

    order = ScoreOrder(year, warehouse, document_id, as_of.date() if as_of else None, raw)
    summary = score_year(order, progress)
    click.echo(json_text(summary.as_json()) if as_json else summary.as_text())
    if not summary.clean:
        sys.exit(LANDED_WITH_FINDINGS)
