"""Every call for declared data names the kind of what stands in the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict

from bench import house
from common.declared import declared_in

Place = tuple[str, list[str | None]]
"""A file's room and name, and the keys that are asked for; None: one known when it is called."""


def calls() -> Iterator[tuple[str, Any, Place]]:
    """Yield where declared data is asked for, as what kind, and which."""
    for module in house.modules():
        text = module.path.read_text("utf-8")
        for node in module.nodes if "from common.declared import" in text else ():
            name = node.func.id if _is_call(node) else ""
            if name in ("declared", "declared_list"):
                kind, *asked = [None, *node.args] if name == "declared_list" else node.args
                room, *keys = [
                    each.value if isinstance(each, ast.Constant) else None for each in asked
                ]
                if room and keys[0]:
                    yield f"{module.name}:{node.lineno}", _kind(module.name, kind), (room, keys)


def _is_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def _kind(module: str, written: ast.expr | None) -> Any:
    kind = "list[str]" if written is None else ast.unparse(written)
    try:
        return eval(kind)
    except NameError:  # one of the module's own
        return eval(kind, dict(vars(import_module(module))))


def standing(place: Place) -> list[object]:
    """Return what stands in the file under the keys: all that may be meant."""
    room, (name, *keys) = place
    found: list[Any] = [declared_in(room, f"data/{name}.toml")]
    for key in keys:
        tables = [each for each in found if isinstance(each, Mapping)]
        found = [each[key] for each in tables] if key else [v for t in tables for v in t.values()]
    return found


def fits(value: Any, kind: Any) -> bool:
    """Say whether a value is of a kind, with all that is in it."""
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if is_typeddict(kind):
        hints = get_type_hints(kind)
        known = isinstance(value, dict) and kind.__required_keys__ <= value.keys() <= hints.keys()
        return known and all(fits(each, hints[key]) for key, each in value.items())
    if origin is dict or origin is Mapping:
        return isinstance(value, dict) and all(fits(each, inner[1]) for each in value.values())
    if origin is list:
        return isinstance(value, list) and all(fits(each, inner[0]) for each in value)
    if inner:  # one of several: kinds, or values
        return any(value == each if isinstance(each, str) else fits(value, each) for each in inner)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return kind is Any or isinstance(value, kind)


def test_what_is_asked_for_is_of_the_kind_that_the_call_names() -> None:
    found = list(calls())
    wrong = [
        where
        for where, kind, place in found
        if not (all if None not in place[1] else any)(fits(each, kind) for each in standing(place))
    ]
    assert found
    assert wrong == []
