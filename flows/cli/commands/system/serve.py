"""``kaohe serve``."""

from __future__ import annotations

import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from common.messages import message
from flows.cli.options import (
    OutPath,
    progress,
    raw_option,
    require_something_here,
    warehouse_option,
)
from flows.cli.usage import Whole, WrongUse


def time_of_day(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Check a time of day."""
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise WrongUse(message("flows.wrong_use.no_time", name="--at", found=value))
    return value


def known_timezone(_context: click.Context, _option: click.Parameter, value: str) -> str:
    """Check the name of a time zone."""
    try:
        return ZoneInfo(value).key
    except (ValueError, OSError, KeyError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise WrongUse(
            message("flows.wrong_use.no_timezone", name="--timezone", found=value)
        ) from error


@click.command()
@click.option("--at", default="02:00", show_default=True, callback=time_of_day, metavar="HH:MM")
@click.option("--timezone", default="Asia/Shanghai", show_default=True, callback=known_timezone)
@click.option(
    "--every", type=click.FloatRange(min=1), metavar="SECONDS", help="Run so often instead; to try."
)
@raw_option
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out/report"),
    show_default=True,
    help="Folder of the report site.",
)
@click.option("--port", type=Whole(0, 65535), default=0, help="Of the server  [default: a free one]")  # fmt: skip  # noqa: E501
@click.option(
    "--ui", is_flag=True, help="Serve Prefect's pages, too; they ask for the credentials."
)
@warehouse_option
def command(  # noqa: PLR0913 - one parameter an option
    *,
    at: str,
    timezone: str,
    every: float | None,
    raw: Path,
    out: Path,
    port: int,
    ui: bool,
    warehouse: Path,
) -> None:
    """Keep nightly on its schedule until stopped.

    Starts a Prefect server that only this user of this machine can use (or uses the one that
    PREFECT_API_URL names) and a runner of the nights, registers the schedule, and starts again what
    dies. Stop it with Ctrl-C or SIGTERM; the next run completes what this cuts short.
    """
    from flows.jobs.night.summary import NightlyOrder
    from flows.run import records_of
    from flows.serve import ServeOrder, serve

    require_something_here(raw, warehouse)
    order = ServeOrder(
        NightlyOrder(warehouse, raw, out),
        records_of(warehouse),
        at,
        timezone,
        every,
        port,
        os.environ.get("PREFECT_API_URL") or None,
        ui,
    )
    serve(order, progress)
