"""``kaohe trace``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from flows.cli.options import json_option, raw_option, say, warehouse_option
from flows.cli.usage import DAY, YEAR, Whole


@click.command()
@click.argument("year", type=YEAR)
@click.argument("serial_no", type=Whole(1))
@click.argument("entity")
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="The scores of this day  [default: the latest]",
)
@raw_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    year: int,
    serial_no: int,
    entity: str,
    document_id: str | None,
    as_of: date | None,
    raw: Path,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Show what one score comes from: printed cell, method, returns, arithmetic.

    The answer to an appeal, on one page: SERIAL_NO is the indicator's number, ENTITY who is
    assessed. What was handed in and refused is read again from the filed returns. Nothing is
    computed or landed.
    """
    from common.days import today
    from common.terminal import json_text
    from flows.jobs.returns.refused import with_refused
    from flows.jobs.score.appeal import answer
    from flows.jobs.score.inputs import ScoreOrder

    order = ScoreOrder(year, warehouse, document_id, as_of, raw)
    found = with_refused(answer(order, serial_no, entity), warehouse, raw)
    say(json_text(found.as_json()) if as_json else found.as_text(today()))
