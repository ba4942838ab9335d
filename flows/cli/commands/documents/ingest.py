"""``kaohe ingest``."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    json_option,
    orchestrated_option,
    progress,
    say,
    warehouse_option,
)


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--document", "document_id", metavar="ID", help="The document's id.")
@click.option("--year", type=click.IntRange(1900, 2999), help="The year it sets targets for.")
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
@orchestrated_option
@warehouse_option
@json_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    source: Path,
    document_id: str | None,
    year: int | None,
    entities: str,
    cross_check: bool,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Read, normalize, check and land one notice.

    SOURCE is a .pdf, .ofd, .docx, .doc, .wps, .rtf, .odt, .xlsx, .xls, .et, .xlsb, .ods, .html,
    .md or .txt file, a picture of a page (.png, .jpg, .bmp, .tif) or a folder of them, or a folder
    of raw/notices. Its id and year default to what source.toml beside it says, then to what the
    document itself says.
    """
    from common.terminal import json_text
    from flows.jobs.ingest import Order
    from flows.run import run_ingest

    names = tuple(dict.fromkeys(filter(None, map(str.strip, re.split("[,，、;；]", entities)))))
    order = Order(source, warehouse, document_id, year, cross_check, names)
    summary = run_ingest(order, progress, orchestrated=orchestrated)
    say(json_text(summary.as_json()) if as_json else summary.as_text())
    if not summary.clean:
        sys.exit(LANDED_WITH_FINDINGS)
