"""``kaohe publish``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import (
    json_option,
    orchestrated_option,
    say,
    warehouse_option,
)


@click.command()
@click.argument("dest")
@orchestrated_option
@warehouse_option
@json_option
def command(*, dest: str, orchestrated: bool, warehouse: Path, as_json: bool) -> None:
    """Put the current snapshot into a folder or an object store.

    DEST is a folder, or s3://BUCKET/PATH (with ?endpoint_override=HOST:PORT&scheme=http for a
    server of one's own); its keys come from the environment (AWS_ACCESS_KEY_ID, ...).

    Only what is not there yet is sent. MANIFEST.json comes last and names the files of one
    snapshot: who reads those sees the old state or the new one.
    """
    from common.terminal import json_text
    from flows.cli.progress import shown_progress
    from flows.jobs.publish import publish
    from flows.run import run_step

    with shown_progress() as tell:
        done = run_step(
            "publish",
            f"publish {warehouse}",
            lambda tell: publish(warehouse, dest, tell),
            tell,
            warehouse,
            orchestrated=orchestrated,
        )
    say(json_text(done.as_json()) if as_json else done.as_text())
