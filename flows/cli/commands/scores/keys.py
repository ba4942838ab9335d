"""``kaohe keys``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from flows.cli.options import OutPath, json_option, progress, raw_option, say, warehouse_option
from flows.cli.usage import DAY, WrongUse


@click.command()
@click.argument("documents", nargs=-1, metavar="[FIRST SECOND]")
@click.option(
    "--confirm",
    "answers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of proposals in which a person has answered.",
)
@click.option("--by", metavar="NAME", help="Who confirmed it; needed with --confirm.")
@click.option(
    "--on",
    type=DAY,
    metavar="DATE",
    help="The day it was confirmed  [default: today]",
)
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/keys"),
    show_default=True,
    help="Folder of the proposals.",
)
@raw_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    documents: tuple[str, ...],
    answers: Path | None,
    by: str | None,
    on: date | None,
    out: Path,
    raw: Path,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Follow indicators through years: propose, confirm and land their keys.

    With FIRST and SECOND (two years, or two documents) a file is written that proposes which
    indicator of the second is which of the first, for a person to answer. With --confirm those
    answers are added to raw/keys/indicators.csv and landed. With neither, that file is landed as
    it is, after a person has edited it.
    """
    from common.days import today
    from common.messages import message
    from common.terminal import json_text
    from flows.jobs import keys

    made: keys.Proposed | keys.LandedKeys
    if answers is not None:
        if documents:
            raise WrongUse(
                message("flows.wrong_use.goes_without", name="--confirm", without="FIRST SECOND")
            )
        if by is None or not by.strip():
            raise WrongUse(message("flows.wrong_use.needs", name="--confirm", needed="--by 姓名"))
        made = keys.confirm_keys(warehouse, raw, answers, by.strip(), on or today())
    elif not documents:
        made = keys.land_keys(warehouse, raw, progress)
    elif len(documents) == 2:
        made = keys.propose_keys(warehouse, raw, *documents, out)
    else:
        raise WrongUse(message("flows.wrong_use.needs", name="keys", needed="FIRST SECOND"))
    say(json_text(made.as_json()) if as_json else made.as_text())
