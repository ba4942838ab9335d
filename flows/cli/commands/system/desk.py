"""``kaohe desk``."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from flows.cli.options import OutPath, progress, raw_option, warehouse_option
from flows.cli.usage import Whole


def _require_raw(raw: Path) -> None:
    """Refuse a folder that is named and is not there: most probably another was meant."""
    from common.refusal import refusal

    context = click.get_current_context()
    named = context.get_parameter_source("raw") is not ParameterSource.DEFAULT
    if named and not raw.is_dir():
        raise refusal("flows.desk_no_raw", folder=raw.absolute())


@click.command()
@click.option("--port", type=Whole(0, 65535), default=0, help="Of the page  [default: a free one]")  # fmt: skip  # noqa: E501
@click.option("--read-only", is_flag=True, help="Show everything, change nothing.")
@raw_option
@click.option(
    "--out",
    type=OutPath(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder of forms, replies and the report.",
)
@warehouse_option
def command(*, port: int, read_only: bool, raw: Path, out: Path, warehouse: Path) -> None:
    """Do the year in a browser on this machine.

    Prints an address that works once, for one browser, and serves until Ctrl-C. Only this machine
    can reach it (127.0.0.1).
    """
    from flows.desk.server import serve_desk
    from flows.desk.shared.desk import DeskOrder

    _require_raw(raw)
    serve_desk(DeskOrder(warehouse, raw, out, port, read_only), progress)
