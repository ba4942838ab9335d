"""Messages as data: each call fits the slots of its message, and each message is used."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from bench import house
from common.messages import message
from common.refusal import refusal
from tests.support.paths import ROOT
from tests.support.slots import slots_of

#: Who makes texts of messages: the room that its first argument leaves out, and its own keywords.
MAKERS: dict[str, tuple[str, frozenset[str]]] = {
    "message": ("", frozenset()),
    "refusal": ("", frozenset()),
    "doubt": ("normalize.", frozenset({"severity", "entity", "alternatives", "replaces"})),
    "gap": ("normalize.method_gap.", frozenset()),
    "reader_note": ("extract.", frozenset({"severity", "text", "page", "box"})),
    "add_note": ("extract.", frozenset({"severity", "text"})),
    "unexpected": ("scoring.expected.", frozenset()),
    "doubtful": ("returns.", frozenset()),
    "misplaced": ("returns.", frozenset()),
    "remark": ("returns.", frozenset()),
}


def _texts() -> dict[str, set[str]]:
    """Return the slots of every message by its full name."""
    found: dict[str, set[str]] = {}
    for path in sorted(ROOT.glob("*/data/messages.toml")):
        content = tomllib.loads(path.read_text("utf-8"))
        found.update(_entries(path.parts[-3], content))
    return found


def _entries(name: str, content: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    if "zh" in content:
        assert set(content) == {"zh", "en"}, f"{name}: needs zh and en and nothing else"
        assert all(isinstance(text, str) and text for text in content.values()), name
        yield name, slots_of(content["zh"]) | slots_of(content["en"])
        return
    for part, inner in content.items():
        yield from _entries(f"{name}.{part}", inner)


def _calls() -> Iterator[tuple[str, str, set[str]]]:
    """Yield where a message is made, its full name and the slots that are given."""
    for path in sorted(path for room in house.ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in house.nodes(path):
            if isinstance(node, ast.Call) and (maker := _maker(node)) in MAKERS and node.args:
                prefix, own = MAKERS[maker]
                given = {keyword.arg or "**" for keyword in node.keywords} - own
                for name in _names(node.args[0]):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", prefix + name, given


def _maker(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _names(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return [*_names(argument.body), *_names(argument.orelse)]
    return []


def test_every_call_fits_its_message() -> None:
    texts = _texts()
    wrong = [
        f"{where}: {name} has {sorted(texts.get(name, ['no text']))}, given {sorted(given)}"
        for where, name, given in _calls()
        if name not in texts or ("**" not in given and texts[name] != given)
    ]
    assert not wrong, "\n".join(wrong)


def test_numbers_are_shown_one_way() -> None:
    """By ``show``: Python's ``g`` makes exponents of large numbers and drops their digits."""
    texts = [
        f"{path.relative_to(ROOT)}: {slot}"
        for path in sorted(ROOT.glob("*/data/messages.toml"))
        for slot in re.findall(r"{[^{}]*g}", path.read_text("utf-8"))
        if ":" in slot
    ]
    code = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in house.ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path != ROOT / "common/numbers.py"
        for node in house.nodes(path)
        if isinstance(node, ast.FormattedValue)
        and node.format_spec is not None
        and ast.unparse(node.format_spec).rstrip("\"'").endswith("g")
    ]
    assert not texts + code


def test_every_message_is_used() -> None:
    used = {name for _, name, _ in _calls()}
    assert not sorted(set(_texts()) - used)


def test_a_message_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        message("normalize.no_such_message")
    with pytest.raises(KeyError):
        refusal("schemas.no_such_message")
