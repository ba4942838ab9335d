"""``kaohe query``."""

from __future__ import annotations

from pathlib import Path

import click

from flows.cli.options import OutPath, json_option, progress, say, warehouse_option


@click.command()
@click.argument("sql")
@click.option(
    "--csv",
    "csv_file",
    type=OutPath(dir_okay=False, path_type=Path),
    help="Write the result to this file, for Excel.",
)
@warehouse_option
@json_option
def command(sql: str, csv_file: Path | None, warehouse: Path, as_json: bool) -> None:
    """Ask the tables by their names, in SQL.

    For example: kaohe query "SELECT entity, count(*) FROM targets GROUP BY entity"

    SHOW TABLES lists them, DESCRIBE targets a table's columns. Long texts are cut in the printed
    table; --csv and --json give them whole.
    """
    from common.terminal import json_rows, text_table, write_csv
    from warehouse import query as tables

    result = tables.query(warehouse, sql)
    if csv_file is not None:
        write_csv(csv_file, result.columns, result.rows)
        progress(f"{len(result.rows)} rows written to {csv_file}")
    if as_json:
        say(json_rows(result.columns, result.rows))
    elif csv_file is None:
        say(text_table(result.columns, result.rows))
