"""``kaohe ingest``."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    REFUSED,
    json_option,
    orchestrated_option,
    say,
    warehouse_option,
)
from flows.cli.usage import YEAR, Whole, WrongUse

if TYPE_CHECKING:
    from flows.jobs.batch.report import BatchSummary
    from flows.jobs.batch.summary import Summary


class _Ingest(click.Command):
    """Names in its help the endings of all formats there are, which it looks up only then."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command is for."""
        from extract.files.kinds import usual_endings

        self.help = (self.help or "").replace("ENDINGS", ", ".join(usual_endings()))
        super().format_help_text(ctx, formatter)


@click.command(cls=_Ingest)
@click.argument(
    "sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--document", "document_id", metavar="ID", help="The document's id.")
@click.option("--year", type=YEAR, help="The year it sets targets for.")
@click.option(
    "--entities",
    metavar="A,B",
    default="",
    help="Who is assessed, where the document does not say so beside its targets.",
)
@click.option(
    "--cross-check/--no-cross-check",
    default=True,
    help="Read a PDF or OFD a second time with another reader and compare (default).",
)
@click.option(
    "--supplier",
    type=click.Choice(["quick", "pdfplumber"]),
    help="What runs the pages of a PDF: kaohe's own way (default), or pdfplumber's, slower.",
)
@click.option("--again", is_flag=True, help="Read also what is landed already, unchanged.")
@click.option(
    "--engine",
    default="local",
    show_default=True,
    metavar="NAME",
    envvar="KAOHE_ENGINE",
    show_envvar=True,
    help="What reads a batch: local, dask (a cluster of this machine), or tls://HOST:PORT.",
)
@click.option(
    "--engine-without-tls", "without_tls", is_flag=True, help="Let the scheduler be without TLS."
)
@click.option(
    "--processes",
    type=Whole(1, 256),
    help="How many documents are read at once (default: one a processor).",
)
@orchestrated_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    sources: tuple[Path, ...],
    document_id: str | None,
    year: int | None,
    entities: str,
    cross_check: bool,
    supplier: str | None,
    again: bool,
    engine: str,
    without_tls: bool,
    processes: int | None,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Read, normalize, check and land one notice or many.

    SOURCE is a file (ENDINGS), a folder of pictures of its pages, or a folder of raw/notices. Its
    id and year default to what source.toml beside it says, then to what the document itself says.

    Several sources, or a folder of such files and folders, are a batch: read side by side, landed
    chunk by chunk. A document that is refused stops no other and is named at the end. What is
    landed already, unchanged, is not read again, so that a batch that was stopped goes on.
    """
    from common.messages import message
    from common.terminal import json_text
    from flows.cli.progress import shown_batch
    from flows.jobs.batch.choice import EngineChoice
    from flows.jobs.batch.report import BatchSummary
    from flows.jobs.batch.sources import documents_of
    from flows.jobs.ingest import Order
    from flows.run import run_ingest

    documents = documents_of(sources)
    is_batch = documents != list(sources)
    if is_batch or len(documents) > 1:
        for value, option in ((document_id, "--document"), (year, "--year")):
            if value is not None:
                raise WrongUse(message("flows.wrong_use.for_one_document", name=option))
    names = tuple(dict.fromkeys(filter(None, map(str.strip, re.split("[,，、;；]", entities)))))
    orders = [
        Order(path, warehouse, document_id, year, cross_check, names, again, supplier)
        for path in documents
    ]
    _require_engine(engine)
    choice = EngineChoice(engine, processes, without_tls)
    with shown_batch(len(orders)) as (tell, watch):
        done = run_ingest(orders, tell, choice=choice, watch=watch, orchestrated=orchestrated)
    one = not is_batch and len(done) == 1
    summary: Summary | BatchSummary = done[0].taken() if one else BatchSummary(done)
    say(json_text(summary.as_json()) if as_json else summary.as_text())
    if isinstance(summary, BatchSummary) and not summary.taken:
        sys.exit(REFUSED)
    if not summary.clean:
        sys.exit(LANDED_WITH_FINDINGS)


def _require_engine(engine: str) -> None:
    """Wrong usage where a name stands for no engine."""
    if engine == "local":
        return
    from common.messages import Message
    from common.refusal import Refusal
    from flows.jobs.batch.cluster import check_address

    try:
        check_address(engine, without_tls=True)
    except Refusal as why:
        raise WrongUse(Message(why.code, why.en, why.zh)) from None
