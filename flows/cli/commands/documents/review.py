"""``kaohe review``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import OutPath, json_option, say, warehouse_option


@click.command()
@click.argument("document", required=False, metavar="[DOCUMENT]")
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    help="The document's file, where it is not under raw/notices.",
)
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    help="Folder of the page  [default: out/review/DOCUMENT]",
)
@warehouse_option
@json_option
def command(
    *, document: str | None, source: Path | None, out: Path | None, warehouse: Path, as_json: bool
) -> None:
    """Make the page that shows a landed document beside what was read from it.

    DOCUMENT defaults to the official document landed last. The page is one folder; its index.html
    opens in a browser without a server or a network.
    """
    from common.terminal import json_text
    from flows.cli.progress import shown_progress
    from flows.jobs.review import Request
    from flows.jobs.review import review as make_review

    with shown_progress() as tell:
        made = make_review(Request(warehouse, document, source, out), tell)
    say(json_text(made.as_json()) if as_json else made.as_text())
