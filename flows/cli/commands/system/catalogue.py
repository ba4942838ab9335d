"""``kaohe catalogue``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import say, warehouse_option


@click.command()
@warehouse_option
def command(warehouse: Path) -> None:
    """Write kaohe.duckdb anew, after the warehouse was moved or restored to another place.

    Its views name files by their whole paths. The tables themselves are left as they are.
    """
    from warehouse.catalogue import rebuild

    say(f"已重建 rebuilt: {rebuild(warehouse)}")
