"""What ``kaohe doctor`` says is data: each call fits the slots of its texts, each text is used."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any, get_args

from bench import house
from schemas.records.health import State
from tests.support.paths import ROOT
from tests.support.slots import slots_of


def _texts() -> dict[str, set[str]]:
    """Return the slots of every check and phrase, by maker and full name."""
    found: dict[str, set[str]] = {}
    for path in sorted(ROOT.glob("*/data/checks.toml")):
        room = path.parts[-3]
        for area, things in tomllib.loads(path.read_text("utf-8")).items():
            found |= _of_phrases(f"{room}.{area}", things.pop("phrases", {}))
            for code, thing in things.items():
                if isinstance(thing, dict) and "name" in thing:
                    found |= _of_checks(f"{room}.{area}.{code}", thing)
    return found


def _of_phrases(area: str, phrases: dict[str, str]) -> dict[str, set[str]]:
    return {f"phrase {area}.{name}": slots_of(text) for name, text in phrases.items()}


def _of_checks(thing: str, checks: dict[str, Any]) -> dict[str, set[str]]:
    found = {}
    for name, said in checks.items():
        if name != "name":
            assert set(said) <= {"state", "found", "todo"}, f"{thing}.{name}"
            assert said["state"] in get_args(State), f"{thing}.{name}"
            assert "todo" in said or said["state"] in ("ok", "note", "warning"), f"{thing}.{name}"
            found[f"check {thing}.{name}"] = slots_of(said["found"]) | slots_of(
                said.get("todo", "")
            )
    return found


def _calls() -> Iterator[tuple[str, re.Pattern[str], set[str]]]:
    """Yield where a text is made, which texts it may be, and the slots that are given."""
    paths = sorted(path for room in house.ROOMS for path in (ROOT / room).rglob("*.py"))
    for path in (each for each in paths if "schemas.records.health import" in each.read_text()):
        for node in house.nodes(path):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("check", "phrase") and node.args:
                given = {keyword.arg or "**" for keyword in node.keywords}
                name = re.compile(f"{node.func.id} {_pattern(node.args[0])}")
                yield f"{path.relative_to(ROOT)}:{node.lineno}", name, given


def _pattern(argument: ast.expr) -> str:
    """Return a pattern of the names that an argument may be: a part may come from elsewhere."""
    if isinstance(argument, ast.Constant):
        return re.escape(str(argument.value))
    assert isinstance(argument, ast.JoinedStr), ast.unparse(argument)
    return "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z_]+"
        for part in argument.values
    )


def test_every_call_fits_its_texts_and_every_text_is_used() -> None:
    texts, unused = _texts(), set(_texts())
    assert len(texts) > 100
    for where, pattern, given in _calls():
        meant = {name for name in texts if pattern.fullmatch(name) and texts[name] == given}
        assert meant, f"{where}: no text {pattern.pattern} with {sorted(given)}"
        unused -= meant
    assert not sorted(unused)
