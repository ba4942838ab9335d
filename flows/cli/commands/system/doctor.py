"""``kaohe doctor``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from flows.cli.options import (
    LANDED_WITH_FINDINGS,
    REFUSED,
    json_option,
    progress,
    raw_option,
    say,
    warehouse_option,
)


@click.command()
@raw_option
@click.option("--flow", is_flag=True, help="Also run an empty Prefect flow (half a minute).")
@warehouse_option
@json_option
def command(*, raw: Path, flow: bool, warehouse: Path, as_json: bool) -> None:
    """Check installation, warehouse, raw data and schedule, and say what to do.

    Changes nothing. Exit code 0: all is well; 3: it works, with something to look at; 1: something
    does not work or cannot be trusted.
    """
    from common.terminal import json_text
    from flows.jobs.doctor.doctor import DoctorOrder, diagnose

    found = diagnose(DoctorOrder(warehouse, raw, flow), progress)
    say(json_text(found.as_json()) if as_json else found.as_text())
    if found.state in {"warning", "error"}:
        sys.exit(REFUSED if found.state == "error" else LANDED_WITH_FINDINGS)
