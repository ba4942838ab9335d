"""The command ``kaohe``. Heavy libraries are imported only by the command that needs them."""

from __future__ import annotations

import errno
import importlib
import os
import pkgutil
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any

import click

from common.patterns import use_kept
from common.processes import be_young, end_at_once
from common.refusal import Refusal, refusal
from common.terminal import guard_logs, speak_chinese
from flows.cli import commands
from flows.cli.options import (
    REFUSED,
    USUAL_WAREHOUSE,
    WAREHOUSE,
    Text,
    require_something_here,
    say,
)
from flows.cli.usage import epilog_of, overview, raise_in_chinese
from schemas.arrow_alone import need_no_frames

GROUPS = {
    "documents": "Documents",
    "returns": "Forms and returns",
    "scores": "Scores and reports",
    "system": "System",
}
"""The packages of :mod:`flows.cli.commands` with their titles, as ``--help`` lists them."""


class Refused(click.ClickException):
    """A refusal on its way to the terminal: Chinese first, English beneath, exit code 1."""

    exit_code = REFUSED

    def __init__(self, reason: Refusal) -> None:
        super().__init__(str(reason))
        self.reason = reason

    def show(self, file: Any = None) -> None:
        """Print the refusal on standard error."""
        say(self.reason.zh, err=True)
        say(f"refused: {self.reason}", err=True)


class Interrupted(Refused):
    """A person stopped the program (Ctrl-C): one line, and the shell's own exit code for it."""

    exit_code = 130

    def show(self, file: Any = None) -> None:
        """Print the one line on standard error."""
        say(self.reason.zh, err=True)


class Terminated(Interrupted):
    """Somebody ended the program (SIGTERM): the same line, and the shell's exit code for that."""

    exit_code = 143


class Ended(KeyboardInterrupt):
    """Somebody ended the program (SIGTERM): it stops as by Ctrl-C."""


def heed_interruption() -> None:
    """Let Ctrl-C stop what is at work from now on, where it just ended the process till then."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def heed_termination() -> None:
    """Let SIGTERM end this process as Ctrl-C does, and no process that is forked from it."""
    own = os.getpid()

    def heed(number: int, _: object) -> None:
        if os.getpid() == own:
            raise Ended
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    signal.signal(signal.SIGTERM, heed)


class Commands(click.Group):
    """The group of commands; turns refusals and failures of the disk into plain messages.

    A command is the ``command`` of the module of its name in a group of
    :mod:`flows.cli.commands`, imported only when it is asked for.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names."""
        return sorted(command_modules())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by its name; None where there is none."""
        module = command_modules().get(cmd_name)
        if module is None:
            return None
        found: click.Command = importlib.import_module(module).command
        found.name = cmd_name
        for param in found.params:
            if isinstance(param.type, click.types.StringParamType):
                param.type = Text()
        found.short_help = (found.help or "").partition("\n")[0]  # whole: click would cut it
        found.epilog = epilog_of(cmd_name)
        return found

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write in Chinese what there is, and then the help as usual."""
        formatter.write(overview(command_groups()) + "\n\n")
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under the titles of their groups."""
        for group, names in command_groups().items():
            rows = [(name, self._short_help(ctx, name)) for name in names]
            with formatter.section(GROUPS[group]):
                formatter.write_dl(rows)

    def _short_help(self, ctx: click.Context, name: str) -> str:
        command = self.get_command(ctx, name)
        return command.short_help or "" if command else ""

    def make_context(
        self, info_name: str | None, args: list[str], *others: Any, **named: Any
    ) -> click.Context:
        """Parse what stands before the command's name; wrong usage is said in Chinese."""
        given = [*args]
        try:
            return super().make_context(info_name, args, *others, **named)
        except click.UsageError as error:
            raise_in_chinese(error, given)

    def _asked_for(self, ctx: click.Context) -> click.Context:
        """Return a context of the command that was asked for; the group's where none is known."""
        found = self.get_command(ctx, ctx.invoked_subcommand or "")
        return click.Context(found, ctx, found.name) if found else ctx

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; nothing that a user can cause ends in a traceback."""
        given = [*ctx.args]
        try:
            heed_interruption()
            return super().invoke(ctx)
        except click.UsageError as error:
            raise_in_chinese(error, given, self._asked_for(ctx))
        except Refusal as refused:
            raise Refused(_in_this_folder(refused, ctx.meta.get(WAREHOUSE))) from None
        except Ended:
            raise Terminated(refusal("flows.interrupted")) from None
        except KeyboardInterrupt:
            raise Interrupted(refusal("flows.interrupted")) from None
        except OSError as error:
            if error.errno == errno.EPIPE:
                raise
            what = {"file": error.filename or "输出 (output)", "reason": error.strerror}
            raise Refused(refusal("flows.file_access", **what)) from None


def _in_this_folder(refused: Refusal, warehouse: Path | None) -> Refusal:
    """Return what is to be said of a refusal: where nothing is landed, whether anything is here."""
    if refused.code == "nothing_landed" and warehouse == USUAL_WAREHOUSE:
        try:
            require_something_here(Path("raw"), warehouse)
        except Refusal as nothing:
            return nothing
    return refused


@cache
def command_groups() -> dict[str, tuple[str, ...]]:
    """Return the commands' names by the package that holds them, in the order of GROUPS."""
    return {
        group: tuple(module.name for module in pkgutil.iter_modules([f"{path}/{group}"]))
        for path in commands.__path__
        for group in GROUPS
    }


def command_modules() -> dict[str, str]:
    """Return the module of each command by the command's name."""
    return {
        name: f"flows.cli.commands.{group}.{name}"
        for group, names in command_groups().items()
        for name in names
    }


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kaohe")
def cli() -> None:
    """考核: assessment notices become typed, traceable tables.

    Exit codes: 0 done; 1 refused, nothing landed or changed (of score --replay: something landed
    differs from what the traces give); 2 wrong usage; 3 landed, with something to look at: open
    findings of severity error or warning, refused rows or documents, late returns; of score: what
    it lists as 需要处理.
    """


def main() -> None:
    """Run the command line."""
    speak_chinese()
    use_kept()
    guard_logs()
    # Pandera loads hypothesis wherever it is installed, for 0.2 s; nothing here draws test data.
    sys.modules.setdefault("hypothesis", None)  # type: ignore[arg-type]
    if sys.argv[1:2] == ["ingest"]:
        heed_termination()
        need_no_frames()
        be_young()
    try:
        cli(prog_name="kaohe")
    except SystemExit as end:
        if isinstance(end.code, int):
            end_at_once(end.code)
        raise
