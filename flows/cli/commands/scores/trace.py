"""``kaohe trace``."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from flows.cli.options import json_option, say, warehouse_option


@click.command()
@click.argument("year", type=click.IntRange(1900, 2999))
@click.argument("serial_no", type=click.IntRange(1))
@click.argument("entity")
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The scores of this day  [default: the latest]",
)
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    year: int,
    serial_no: int,
    entity: str,
    document_id: str | None,
    as_of: datetime | None,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show what one score comes from: printed cell, method, returns, arithmetic.

    The answer to an appeal, on one page: SERIAL_NO is the indicator's number, ENTITY who is
    assessed. Nothing is computed or landed.
    """
    from common.terminal import json_text
    from flows.jobs.score.appeal import answer
    from flows.jobs.score.inputs import ScoreOrder

    order = ScoreOrder(year, warehouse, document_id, as_of.date() if as_of else None)
    found = answer(order, serial_no, entity)
    say(json_text(found.as_json()) if as_json else found.as_text())
