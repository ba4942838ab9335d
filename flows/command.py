"""The command ``kaohe``. Heavy libraries are imported only by the command that needs them."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from flows.bounded import collect_rarely
from schemas.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1
LANDED_WITH_FINDINGS = 3


class Refused(click.ClickException):
    """A refusal on its way to the terminal: Chinese first, English beneath, exit code 1."""

    exit_code = REFUSED

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal

    def show(self, file: Any = None) -> None:
        """Print the refusal on standard error."""
        click.echo(self.refusal.zh, err=True)
        click.echo(f"refused: {self.refusal}", err=True)


class Commands(click.Group):
    """The group of commands; turns refusals and failures of the disk into plain messages."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; nothing that a user can cause ends in a traceback."""
        try:
            return super().invoke(ctx)
        except Refusal as refusal:
            raise Refused(refusal) from None
        except KeyboardInterrupt:
            raise Refused(interrupted()) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            raise Refused(disk_refusal(error)) from None


def interrupted() -> Refusal:
    """Say that the user stopped the command."""
    return Refusal(
        "interrupted", "stopped before the end", "已中断。未完成的数据没有入库，可重新运行。"
    )


def disk_refusal(error: OSError) -> Refusal:
    """Say which file could not be read or written."""
    where = error.filename or ""
    return Refusal(
        "file_access",
        f"{where}: {error.strerror}",
        f"无法读写 {where}（{error.strerror}）。请检查权限、磁盘空间以及文件是否被占用。",
    )


def progress(message: str) -> None:
    """Say on standard error what is being done."""
    click.echo(message, err=True)


def warehouse_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--warehouse`` to a command."""
    return click.option(
        "--warehouse",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("warehouse/tables"),
        show_default=True,
        envvar="KAOHE_WAREHOUSE",
        show_envvar=True,
        help="Folder of the tables.",
    )(function)


def json_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--json`` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def orchestrated_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--orchestrated`` to a command."""
    return click.option(
        "--orchestrated",
        is_flag=True,
        help="Run as a Prefect flow even where no PREFECT_API_URL is set.",
    )(function)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kaohe")
def cli() -> None:
    """考核: assessment notices become typed, traceable tables.

    Exit codes: 0 done; 1 refused, nothing landed or changed; 2 wrong usage; 3 landed, with open
    findings of severity error or warning to look at.
    """


@cli.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.option("--document", "document_id", metavar="ID", help="The document's id.")
@click.option("--year", type=click.IntRange(1900, 2999), help="The year it sets targets for.")
@click.option(
    "--cross-check/--no-cross-check",
    default=True,
    help="Read a PDF a second time with another reader and compare (default).",
)
@orchestrated_option
@warehouse_option
@json_option
def ingest(  # noqa: PLR0913 - one parameter an option
    *,
    source: Path,
    document_id: str | None,
    year: int | None,
    cross_check: bool,
    orchestrated: bool,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Read, normalize, check and land one notice.

    SOURCE is a .pdf, .docx, .xlsx, .html, .md or .txt file, or a folder of raw/notices. Its id
    and year default to what source.toml beside it says, then to what the document itself says.
    """
    from flows.orchestration import run_ingest
    from flows.printing import json_text
    from flows.steps import Order

    order = Order(source, warehouse, document_id, year, cross_check)
    summary = run_ingest(order, progress, orchestrated=orchestrated)
    click.echo(json_text(summary.as_json()) if as_json else summary.as_text())
    if not summary.clean:
        sys.exit(LANDED_WITH_FINDINGS)


@cli.command()
@click.argument("document", required=False, metavar="[DOCUMENT]")
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    help="The document's file, where it is not under raw/notices.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the page  [default: out/review/DOCUMENT]",
)
@warehouse_option
@json_option
def review(
    *, document: str | None, source: Path | None, out: Path | None, warehouse: Path, as_json: bool
) -> None:
    """Make the page that shows a landed document beside what was read from it.

    DOCUMENT defaults to the official document landed last. The page is one folder; its index.html
    opens in a browser without a server or a network.
    """
    from flows.printing import json_text
    from flows.review import Request
    from flows.review import review as make_review

    made = make_review(Request(warehouse, document, source, out), progress)
    click.echo(json_text(made.as_json()) if as_json else made.as_text())


@cli.command()
@click.argument("sql")
@click.option(
    "--csv",
    "csv_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the result to this file, for Excel.",
)
@warehouse_option
@json_option
def query(sql: str, csv_file: Path | None, warehouse: Path, as_json: bool) -> None:
    """Ask the tables by their names, in SQL.

    For example: kaohe query "SELECT entity, count(*) FROM targets GROUP BY entity"
    """
    from flows.printing import json_rows, text_table, write_csv
    from warehouse import query as tables

    result = tables.query(warehouse, sql)
    if csv_file is not None:
        write_csv(csv_file, result.columns, result.rows)
        progress(f"{len(result.rows)} rows written to {csv_file}")
    if as_json:
        click.echo(json_rows(result.columns, result.rows))
    elif csv_file is None:
        click.echo(text_table(result.columns, result.rows))


@cli.command()
@warehouse_option
@json_option
def demo(warehouse: Path, as_json: bool) -> None:
    """Land the bundled 2020 notice and its damaged text, and show how they differ.

    Runs as Prefect flows on a server that starts and ends with the command.
    """
    from flows.demo import run_demo
    from flows.printing import json_text

    shown = run_demo(warehouse, progress)
    click.echo(json_text(shown.as_json()) if as_json else shown.as_text())
    if not all(summary.clean for summary in shown.landed):
        sys.exit(LANDED_WITH_FINDINGS)


@cli.command()
@click.argument("first", metavar="DOCUMENT")
@click.argument("second", metavar="DOCUMENT")
@click.option("--all", "everything", is_flag=True, help="Also list what was kept.")
@warehouse_option
@json_option
def diff(*, first: str, second: str, everything: bool, warehouse: Path, as_json: bool) -> None:
    """List what changed from one landed document to another: a revised notice, or another year's.

    Indicators are matched by their names, headings, departments, units and neighbours, never by
    serial number: kept, renamed, moved, re-weighted, re-targeted, dropped, new.
    """
    from flows import diff as differences
    from flows.printing import json_text

    found = differences.compared(warehouse, first, second)
    if as_json:
        click.echo(json_text(differences.as_json(found)))
    else:
        click.echo(differences.as_text(found, everything=everything))


@cli.command()
@click.argument("year", type=click.IntRange(1900, 2999))
@click.option("--document", "document_id", metavar="ID", help="The document, if not that in force.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder of the forms.",
)
@warehouse_option
@json_option
def forms(*, year: int, document_id: str | None, out: Path, warehouse: Path, as_json: bool) -> None:
    """Make one Excel form per assessing department, to be filled in and handed back.

    A file of the same name that holds anything else is kept under another name. Indicators
    whose department is not printed stand in no form; they are named.
    """
    from flows.forms import make_forms
    from flows.printing import json_text

    made = make_forms(warehouse, year, out, document_id)
    click.echo(json_text(made.as_json()) if as_json else made.as_text())
    if made.without_department:
        progress(made.missing_text())


@cli.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option(
    "--received-on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day they were received  [default: today]",
)
@click.option(
    "--raw",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("raw"),
    show_default=True,
    help="Folder of the raw data; returns are filed in its folder returns.",
)
@click.option(
    "--replies",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out/replies"),
    show_default=True,
    help="Folder of the replies to the clerks.",
)
@warehouse_option
@json_option
def receive(
    *,
    files: tuple[Path, ...],
    received_on: datetime | None,
    raw: Path,
    replies: Path,
    warehouse: Path,
    as_json: bool,
) -> None:
    """Check returned forms, file them unchanged, land their rows.

    FILE is a form (.xlsx) or a .csv saved from one. A bad row is refused by sheet and cell, the
    good ones are kept; where anything is refused or doubtful, a reply for the clerk is written,
    with the cells marked. Exit code 3 says so; 1 says that not one row was taken.
    """
    from flows.printing import json_text
    from flows.receive import Delivery, today
    from flows.receive import receive as receive_forms

    day = received_on.date() if received_on else today()
    if day > today():
        raise click.BadParameter(f"{day} is still to come", param_hint="--received-on")
    got = receive_forms(Delivery(files, warehouse, day, raw, replies), progress)
    click.echo(json_text(got.as_json()) if as_json else got.as_text())
    if not got.clean:
        sys.exit(REFUSED if got.nothing_taken else LANDED_WITH_FINDINGS)


def main() -> None:
    """Run the command line."""
    collect_rarely()
    # Pandera loads hypothesis wherever it is installed, for 0.2 s; nothing here draws test data.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    cli(prog_name="kaohe")
