"""What fields are called at the desk: an officer sees labels, never keys of files or options.

The templates take their labels from here, and what refuses something at the keyboard by key, table
or option says the same by label.
"""

from __future__ import annotations

import re
from functools import cache

from common.declared import declared, longest_first

#: A key stands by itself: it is no part of a name, a path or an address, and nobody's own word.
_ALONE = r"(?<![\w./\\“-])(?:{})(?![\w./\\”=-])"
#: What a message says for the keyboard, behind what it says for the desk.
_COMMANDS = re.compile(r"（命令行：[^（）]*）")
_FILE = re.compile(r"\s*source\.toml 的\s*")
_NEIGHBOUR = re.compile(r" ?(“[^”]*”) ?(?=[\u4e00-\u9fff，。：；、“]|$)")


def label(key: str) -> str:
    """Return what a key of ``source.toml`` or ``corrections.toml`` is called in the forms."""
    return _keys()[key]


def at_the_desk(text: str) -> str:
    """Return a text for both as it is said at the desk: fields by their labels, no commands."""
    text = without_commands(text)
    found = _options().sub(lambda part: _quoted(_named("option")[part[0]]), text)
    found = _tables().sub(lambda part: _quoted(_named("table")[part[0].strip("[]")]), found)
    found = _words().sub(lambda part: _quoted(_keys()[part[0]]), found)
    if found == text:
        return text
    return _NEIGHBOUR.sub(r"\1", _FILE.sub("通知页面的", found))


def without_commands(text: str) -> str:
    """Return a text without what it says for the keyboard; all else of it stays as it is."""
    return _COMMANDS.sub("", text)


def _quoted(name: str) -> str:
    return f"“{name}”"


def _named(section: str) -> dict[str, str]:
    return declared(dict[str, str], "flows", "desk_fields", section)


@cache
def _keys() -> dict[str, str]:
    """Return the labels of keys; a rule's parameters are called as their form calls them."""
    from scoring.rules.registry import METHODS

    specs = (spec for method in METHODS.values() for spec in method.all_parameters)
    return {spec.name: spec.zh for spec in specs} | _named("key")


@cache
def _words() -> re.Pattern[str]:
    names = "|".join(map(re.escape, longest_first(tuple(_keys()))))
    return re.compile(_ALONE.format(names), re.ASCII)


@cache
def _options() -> re.Pattern[str]:
    names = "|".join(map(re.escape, longest_first(tuple(_named("option")))))
    return re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.ASCII)


@cache
def _tables() -> re.Pattern[str]:
    names = "|".join(map(re.escape, longest_first(tuple(_named("table")))))
    return re.compile(rf"\[\[?(?:{names})\]\]?")
