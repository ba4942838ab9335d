"""Tests stand apart: from each other, and from what is private in the product."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bench.house import ROOMS, nodes
from tests.support.paths import ROOT

Nodes = tuple[ast.AST, ...]
FILES = sorted(path for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: Nodes) -> Iterator[tuple[str, str | None]]:
    """Yield module and name of everything imported; no name for a whole module."""
    for node in tree:
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.module or "", alias.name) for alias in node.names)


def aliases(tree: Nodes) -> set[str]:
    """Return the names by which a file knows modules and classes of the product."""
    return {
        alias.asname or alias.name
        for node in tree
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in ROOMS
        for alias in node.names
    }


def private_names(tree: Nodes) -> Iterator[str]:
    """Yield private names of the product that a file imports, reads or replaces."""
    for module, name in imported(tree):
        if module.partition(".")[0] in ROOMS and any(
            part.startswith("_") for part in f"{module}.{name or ''}".split(".")
        ):
            yield f"{module}.{name}"
    known = aliases(tree)
    for node in tree:
        if isinstance(node, ast.Attribute) and is_private(node.attr) and owner(node.value) in known:
            yield f"{owner(node.value)}.{node.attr}"
        elif isinstance(node, ast.Call) and called(node) in {"setattr", "delattr"}:
            yield from (f"replaced {text}" for text in texts(node) if is_private(text))


def is_private(name: str) -> bool:
    last = name.rpartition(".")[2]
    return last.startswith("_") and not last.startswith("__")


def owner(node: ast.expr) -> str:
    """Return the first name of a dotted expression."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def texts(node: ast.Call) -> list[str]:
    """Return the texts among the first two arguments of a call."""
    return [
        each.value
        for each in node.args[:2]
        if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def of_tests(tree: Nodes) -> Iterator[str]:
    """Yield the tests that a file imports."""
    for module, _ in imported(tree):
        if module.startswith("tests") and not module.startswith("tests.support"):
            yield module


def test_nothing_imports_a_test_or_a_private_name() -> None:
    wrong = {name_of(path): [*of_tests(tree), *private_names(tree)]
             for path in FILES for tree in [nodes(path)]}  # fmt: skip
    assert {name: found for name, found in wrong.items() if found} == {}
    assert len(wrong) == len(FILES) > 100
