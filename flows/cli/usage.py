"""Wrong usage, said in Chinese with what was probably meant; exit code 2.

Click's own words stay beneath, for logs. Texts are ``flows.wrong_use`` of the messages, names of
arguments and a correct call of each command are ``data/usage.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NoReturn

import click

from common.declared import declared
from common.messages import Message, message
from flows.cli.options import say

_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)", re.DOTALL)
_PATH = re.compile(
    r"'(.*)' (does not exist|is a file|is a directory|is not readable)\.$", re.DOTALL
)
#: A dash and a letter.
_SHORT = 2
_DAY = re.compile(r"(\d{4})(?:\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?|(\d{2})(\d{2}))")


class WrongUse(click.UsageError):
    """Wrong usage that is said by one of our messages."""

    exit_code = 2

    def __init__(self, said: Message, ctx: click.Context | None = None) -> None:
        super().__init__(said.en, ctx)
        self.said = said

    def show(self, file: Any = None) -> None:
        """Print Chinese first, how the command is written, then English, on standard error."""
        for line in (self.said.zh, _how(self.ctx), f"wrong usage: {self.said.en}"):
            say(line, err=True)


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day; wrong usage, with the day that was meant, where it is written else."""
        if isinstance(value, date):
            return value
        text = str(value).strip()
        meant = _day_of(text)
        if meant is None:
            raise WrongUse(message("flows.wrong_use.no_day", name=_name(param), found=text), ctx)
        if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text, re.ASCII):
            return meant
        named = {"name": _name(param), "found": text, "near": meant}
        raise WrongUse(message("flows.wrong_use.day_like", **named), ctx)


class Whole(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; wrong usage where it is none or out of bounds."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            most = "…" if self.max is None else self.max
            named = {"name": _name(param), "found": str(value), "least": self.min, "most": most}
            if (near := self._meant(str(value))) is not None:
                said = message("flows.wrong_use.number_like", **named, near=near)
                raise WrongUse(said, ctx) from error
            raise WrongUse(message("flows.wrong_use.no_number", **named), ctx) from error

    def _meant(self, text: str) -> int | None:
        """Return the one number within bounds that a text holds (2020年, 第12项)."""
        numbers = [int(each) for each in re.findall(r"\d{1,9}", text, re.ASCII)]
        one = numbers[0] if len(numbers) == 1 and not re.search(r"[-.]", text) else None
        within = one is not None and (self.min or 0) <= one <= (self.max or one)
        return one if within else None


YEAR = Whole(1900, 2999)
DAY = Day()


def past_day(day: date | None, option: str) -> date | None:
    """Return the day that an option names; wrong usage where it is still to come."""
    from common.days import today

    if day is not None and day > today():
        raise WrongUse(message("flows.wrong_use.day_to_come", name=option, day=day))
    return day


def _day_of(text: str) -> date | None:
    """Return the day that a text means, in whatever form it is written."""
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups() if part is not None))
    except ValueError:
        return None


def raise_in_chinese(
    error: click.UsageError, given: Sequence[str], asked: click.Context | None = None
) -> NoReturn:
    """Raise Click's error as wrong usage with a text of ours.

    ``given`` is what was written, ``asked`` a context of the command that was asked for: some
    errors do not say theirs.
    """
    if isinstance(error, (WrongUse, click.exceptions.NoArgsIsHelpError)):
        raise error
    error.ctx = error.ctx or asked
    said = _said(error, given)
    raise WrongUse(Message(said.code, error.format_message(), said.zh), error.ctx) from None


def _said(error: click.UsageError, given: Sequence[str]) -> Message:
    if isinstance(error, click.exceptions.NoSuchCommand):
        return _no_command(error)
    if isinstance(error, click.NoSuchOption):
        return _no_option(error, given)
    if isinstance(error, click.BadOptionUsage):
        return _option_misused(error)
    if isinstance(error, click.BadParameter):
        return _bad_parameter(error)
    if extra := _EXTRA.search(error.message):
        return message("flows.wrong_use.extra", found=extra.group(1))
    return message("flows.wrong_use.other", why=error.format_message())


def _option_misused(error: click.BadOptionUsage) -> Message:
    if "not take a value" in error.message:
        return message("flows.wrong_use.takes_no_value", found=error.option_name)
    return message("flows.wrong_use.needs_value", found=error.option_name)


def _bad_parameter(error: click.BadParameter) -> Message:
    name, kind = _name(error.param), error.param.type if error.param else None
    if isinstance(error, click.MissingParameter):
        return message("flows.wrong_use.missing", name=name)
    if found := _PATH.search(error.message):
        return _bad_path(found[2], {"name": name, "found": found[1]})
    if isinstance(kind, click.Choice):
        return message("flows.wrong_use.no_choice", name=name, choices="、".join(kind.choices))
    if isinstance(kind, click.FloatRange):
        return message("flows.wrong_use.no_amount", name=name, least=kind.min)
    return message("flows.wrong_use.bad_value", name=name, why=error.message)


def _bad_path(wrong: str, slots: dict[str, str]) -> Message:
    if wrong == "is a file":
        return message("flows.wrong_use.path_is_a_file", **slots)
    if wrong == "is a directory":
        return message("flows.wrong_use.path_is_a_directory", **slots)
    if wrong == "is not readable":
        return message("flows.wrong_use.path_is_not_readable", **slots)
    return message("flows.wrong_use.path_does_not_exist", **slots)


def _no_command(error: click.exceptions.NoSuchCommand) -> Message:
    found = error.command_name
    group = error.ctx.command if error.ctx else None
    names = group.list_commands(error.ctx) if isinstance(group, click.Group) and error.ctx else []
    meant = declared(dict[str, str], "flows", "usage", "meant")
    near = meant.get(found) or _near(found, names)
    if near is None:
        return message("flows.wrong_use.no_command", found=found)
    return message("flows.wrong_use.command_like", found=found, near=near)


def _no_option(error: click.NoSuchOption, given: Sequence[str]) -> Message:
    found = _written(error.option_name, given)
    params = error.ctx.command.get_params(error.ctx) if error.ctx else []
    options = [each for param in params for each in (*param.opts, *param.secondary_opts)]
    asked = f"--{found.lstrip('-')}" if len(found) > _SHORT else found
    near = _near(asked, [each for each in options if each.startswith("-")])
    if near is None:
        return message("flows.wrong_use.no_option", found=found)
    return message("flows.wrong_use.option_like", found=found, near=near)


def _written(option: str, given: Sequence[str]) -> str:
    """Return an unknown option as it was written: of ``-help`` Click names the ``-e``."""
    if len(option) != _SHORT:
        return option
    words = (each for each in given if re.match("-[^-]", each) and option[1] in each[1:])
    return next(words, option).partition("=")[0]


def _near(found: str, names: list[str]) -> str | None:
    """Return the name that was probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(found.lower(), names, 1, 0.6)), None)


def _name(param: click.Parameter | None) -> str:
    """Return how a parameter is called: an option as it is written, an argument in Chinese."""
    if param is None or param.name is None:
        return "参数"
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    shown = (param.metavar or param.name.upper()).strip("[].")
    words = declared(dict[str, str], "flows", "usage", "argument")
    word = words.get(param.name)
    return f"{word}（{shown}）" if word else shown


def _how(ctx: click.Context | None) -> str:
    """Return how the command is called, by an example where it has one."""
    if ctx is None or ctx.parent is None:
        return message("flows.wrong_use.how_all").zh
    name = str(ctx.command.name)
    examples = declared(dict[str, str], "flows", "usage", "example")
    if name in examples:
        return message("flows.wrong_use.how_example", name=name, example=examples[name]).zh
    return message("flows.wrong_use.how", name=name).zh


def overview(groups: Mapping[str, Sequence[str]]) -> str:
    """Return in Chinese what each command does, by groups."""
    usage = declared(dict[str, dict[str, str]], "flows", "usage")
    lines = [message("flows.overview.head").zh]
    for group, names in groups.items():
        lines += ["", usage["group"][group]]
        lines += [f"  {name:<10} {usage['command'][name]}" for name in names]
    return "\n".join([*lines, "", message("flows.overview.foot").zh])


def epilog_of(name: str) -> str:
    """Return in Chinese what a command does and, where it has one, an example of it."""
    usage = declared(dict[str, dict[str, str]], "flows", "usage")
    example = f"。例如：{usage['example'][name]}" if name in usage["example"] else ""
    return f"{usage['command'][name]}{example}"
