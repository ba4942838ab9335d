"""Finds every code that the program can give a finding, by reading the program."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from bench.house import nodes
from tests.support.paths import ROOT

ROOMS = ("extract", "normalize")
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
#: Where each maker of findings takes its code.
_PLACES = {
    "Doubt": 0,
    "doubt": 0,
    "add_note": 0,
    "reader_note": 0,
    "ReaderNote": 1,
    "Finding": 1,
    "note": 1,
    "_note": 1,
}


def codes_in_program() -> dict[str, str]:
    """Return each code with one place (file and line) that gives it."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            for code, line in _codes_of(nodes(path)):
                found.setdefault(code, f"{path.relative_to(ROOT)}:{line}")
    return found


def _codes_of(every: tuple[ast.AST, ...]) -> Iterator[tuple[str, int]]:
    functions = [(n, ast.walk(n)) for n in every if isinstance(n, ast.FunctionDef)]
    for scope, inside in ((every[0], every), *functions):
        for node in inside:
            if isinstance(node, ast.Call) and (code := _code_argument(node)) is not None:
                for text in _texts(code, scope):
                    yield text, node.lineno


def _code_argument(call: ast.Call) -> ast.expr | None:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = _PLACES.get(name)
    if place is None or len(call.args) <= place:
        return None
    severity = call.args[0]
    if place == 1 and isinstance(severity, ast.Constant | ast.Name | ast.IfExp | ast.Attribute):
        return call.args[1]
    return call.args[0] if place == 0 else None


def _texts(code: ast.expr, scope: ast.AST) -> Iterator[str]:
    """Yield the codes an expression can be: a text, either of two, or what a name was given."""
    if isinstance(code, ast.Constant):
        name = code.value.partition(".")[0] if isinstance(code.value, str) else ""
        if _CODE.fullmatch(name):
            yield name
    elif isinstance(code, ast.IfExp):
        yield from (*_texts(code.body, scope), *_texts(code.orelse, scope))
    elif isinstance(code, ast.Name) and isinstance(scope, ast.FunctionDef):
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and _names(node.targets, code.id):
                yield from _values(node, code.id)
            elif isinstance(node, ast.For) and _names([node.target], code.id):
                yield from _looped(node, code.id)
            elif isinstance(node, ast.Subscript) and _names([node.slice], code.id):
                keys = node.value.keys if isinstance(node.value, ast.Dict) else []
                yield from (text for key in keys if key for text in _texts(key, scope))


def _names(targets: list[ast.expr], name: str) -> bool:
    inner = [e for t in targets for e in (t.elts if isinstance(t, ast.Tuple) else [t])]
    return any(isinstance(one, ast.Name) and one.id == name for one in inner)


def _looped(loop: ast.For, name: str) -> Iterator[str]:
    """Yield the texts that a name takes in a loop over written-out tuples."""
    names = loop.target.elts if isinstance(loop.target, ast.Tuple) else [loop.target]
    at = next(i for i, one in enumerate(names) if isinstance(one, ast.Name) and one.id == name)
    for item in loop.iter.elts if isinstance(loop.iter, ast.Tuple) else []:
        yield from _texts(item.elts[at] if isinstance(item, ast.Tuple) else item, loop)


def _values(node: ast.Assign, name: str) -> Iterator[str]:
    target, value = node.targets[0], node.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=True)
        value = next(v for t, v in pairs if isinstance(t, ast.Name) and t.id == name)
    yield from _texts(value, node)
