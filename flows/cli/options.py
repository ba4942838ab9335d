"""What the commands share: options, exit codes, and how progress is said."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 1
LANDED_WITH_FINDINGS = 3
USUAL_WAREHOUSE = Path("warehouse/tables")
WAREHOUSE = "kaohe.warehouse"
"""Where a context's ``meta`` has the warehouse that a command was told."""


class OutPath(click.Path):
    """A place to write to: never in a warehouse, whose files only landings change."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; Refusal where it lies in a warehouse, whatever links lead there."""
        from common.refusal import refusal
        from warehouse.snapshots import warehouse_of

        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        if (warehouse := warehouse_of(path)) is not None:
            raise refusal("flows.into_warehouse", path=path, warehouse=warehouse)
        return path


class Text(click.types.StringParamType):
    """A text of an argument, which the shell may have made of any bytes."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the text; Refusal where its bytes are none."""
        from common.refusal import refusal

        text = super().convert(value, param, ctx)
        try:
            text.encode()
        except UnicodeEncodeError as error:
            name = (param.name if param else None) or "text"
            raise refusal("flows.argument_not_utf8", name=name.upper(), text=text) from error
        return text


def require_something_here(raw: Path, warehouse: Path) -> None:
    """Refuse where neither raw data nor tables are: most probably another folder was meant."""
    from common.refusal import refusal

    if not raw.exists() and not warehouse.exists():
        raise refusal("flows.wrong_folder", folder=Path.cwd(), raw=raw, warehouse=warehouse)


def say(text: str, *, err: bool = False) -> None:
    """Print a text; the one way by which text leaves for the terminal, so that none acts on it."""
    from common.terminal import for_terminal

    click.echo(for_terminal(text), err=err)


def progress(message: str) -> None:
    """Say on standard error what is being done; of pages that are done one now and then."""
    if not message.startswith("page ") or _pages.due():
        say(message, err=True)


class _Seldom:
    """Tells whether it is time to say something again."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.said = seconds, 0.0

    def due(self) -> bool:
        now = time.monotonic()
        if now - self.said < self.seconds:
            return False
        self.said = now
        return True


_pages = _Seldom(5.0)


def _remembered(ctx: click.Context, _: click.Parameter, value: Path) -> Path:
    ctx.meta[WAREHOUSE] = value
    return value


def warehouse_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--warehouse`` to a command."""
    return click.option(
        "--warehouse",
        type=click.Path(file_okay=False, path_type=Path),
        default=USUAL_WAREHOUSE,
        show_default=True,
        callback=_remembered,
        envvar="KAOHE_WAREHOUSE",
        show_envvar=True,
        help="Folder of the tables.",
    )(function)


def raw_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add ``--raw`` to a command."""
    return click.option(
        "--raw",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("raw"),
        show_default=True,
        help="Folder of the raw data: notices with their sidecars, returns, inbox, keys.",
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
