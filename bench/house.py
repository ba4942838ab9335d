"""The figures of the house: its packages, their order, and the size of what is in them.

``python -m bench.house`` prints them; ``tests/test_house.py`` holds their limits.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parent.parent
ROOMS = (
    "common",
    "schemas",
    "extract",
    "normalize",
    "returns",
    "scoring",
    "compare",
    "warehouse",
    "report",
    "flows",
)
MOST_MODULES = 14
MOST_COMPLEXITY = 12
#: One more floor is one more step to follow: a package finds its place among those there are.
MOST_FLOORS = {
    "common": 6,
    "schemas": 3,
    "extract": 5,
    "normalize": 9,
    "returns": 5,
    "scoring": 9,
    "compare": 5,
    "warehouse": 6,
    "report": 5,
    "flows": 8,
}

Graph = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Module:
    """One product file: its dotted name, the package or lone module it counts as, its imports."""

    name: str
    path: Path
    tree: ast.Module
    lines: int

    @property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of its tree."""
        return nodes(self.path)

    @property
    def room(self) -> str:
        """The room it is in."""
        return self.name.partition(".")[0]

    @property
    def package(self) -> str:
        """What it counts as in the plan: its package; itself where it lies directly in a room."""
        parts = self.name.split(".")
        return self.name if len(parts) <= 2 else ".".join(parts[:-1])


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a file's syntax tree, the tree itself first. Each file is read once."""
    return tuple(ast.walk(ast.parse(path.read_text("utf-8"))))


@cache
def modules() -> tuple[Module, ...]:
    """Return all product modules, packages' own files apart, in the order of their names."""
    return tuple(
        _module(path)
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if path.name != "__init__.py"
    )


def _module(path: Path) -> Module:
    tree = nodes(path)[0]
    assert isinstance(tree, ast.Module)
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return Module(name, path, tree, path.read_text("utf-8").count("\n"))


@cache
def _names() -> frozenset[str]:
    return frozenset(each.name for each in modules())


def imports(module: Module) -> Iterator[str]:
    """Yield the product modules that a module imports, also inside of its functions."""
    known = _names()
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in known:
                yield node.module
            for alias in node.names:
                if (name := f"{node.module}.{alias.name}") in known:
                    yield name


@cache
def module_graph() -> Graph:
    """Return which modules each module imports."""
    return {each.name: frozenset(imports(each)) - {each.name} for each in modules()}


@cache
def package_graph() -> Graph:
    """Return which packages (or lone modules of a room) each one imports."""
    places = {each.name: each.package for each in modules()}
    found: dict[str, set[str]] = defaultdict(set)
    for name, targets in module_graph().items():
        found[places[name]] |= {places[target] for target in targets} - {places[name]}
    return {name: frozenset(targets) for name, targets in found.items()}


def circles(graph: Graph) -> list[tuple[str, ...]]:
    """Return the groups of names that import each other in a circle (Tarjan's components)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in graph.get(name, ()):
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            group = [stack.pop()]
            while group[-1] != name:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(tuple(sorted(group)))

    for name in sorted(graph):
        if name not in index:
            visit(name)
    return found


def floors(graph: Graph, room: str) -> dict[str, int]:
    """Return on which floor each package of a room stands: 1 where it imports none of the room."""
    inside = {n: {t for t in ts if _room(t) == room} for n, ts in graph.items() if _room(n) == room}
    heights: dict[str, int] = {}

    def height(name: str, above: frozenset[str]) -> int:
        if name not in heights:
            below = [height(t, above | {name}) for t in inside[name] - above - {name}]
            heights[name] = 1 + max(below, default=0)
        return heights[name]

    for name in sorted(inside):
        height(name, frozenset())
    return heights


def _room(name: str) -> str:
    return name.partition(".")[0]


def folder_sizes() -> Counter[str]:
    """Return how many modules lie directly in each folder."""
    return Counter(str(each.path.parent.relative_to(ROOT)) for each in modules())


def classes_twice() -> dict[str, list[str]]:
    """Return class names that stand in two modules of one room, with the modules."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for module in modules():
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                found[module.room, node.name].append(module.name)
    return {f"{room}: {name}": at for (room, name), at in found.items() if len(at) > 1}


_BRANCHES = (ast.If, ast.IfExp, ast.For, ast.While, ast.ExceptHandler, ast.Assert, ast.match_case)


def complexity(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's cyclomatic complexity; functions inside of it count for themselves."""
    total = 1
    waiting: list[ast.AST] = list(ast.iter_child_nodes(function))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        total += isinstance(node, _BRANCHES)
        if isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        if isinstance(node, ast.comprehension):
            total += 1 + len(node.ifs)
        waiting += ast.iter_child_nodes(node)
    return total


def complex_functions(limit: int = MOST_COMPLEXITY) -> list[tuple[int, str]]:
    """Return the functions above a complexity, the worst first."""
    found = [
        (complexity(node), f"{module.name}.{node.name}")
        for module in modules()
        for node in module.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return sorted(((size, name) for size, name in found if size > limit), reverse=True)


def code_lines(module: Module) -> int:
    """Return a module's lines of code: without blank lines, comments, docstrings and imports."""
    text = module.path.read_text("utf-8")
    other = {
        line
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom) or _is_docstring(node)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return sum(
        bool(line.strip()) and not line.lstrip().startswith("#") and number not in other
        for number, line in enumerate(text.splitlines(), 1)
    )


def _is_docstring(node: ast.AST) -> TypeGuard[ast.Expr]:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def files_naming(word: str) -> list[str]:
    """Return the product files that hold a word."""
    return [each.name for each in modules() if word in each.path.read_text("utf-8")]


def report() -> Iterator[str]:
    """Yield the figures, a line each."""
    packages = package_graph()
    yield f"modules {len(modules())}, packages {len(packages)}"
    lines, code = (sum(each.lines for each in modules()), sum(map(code_lines, modules())))
    yield f"product lines {lines}, of code {code}"
    sizes = folder_sizes().most_common(5)
    yield "most modules in a folder: " + ", ".join(f"{name} {size}" for name, size in sizes)
    for room in ROOMS:
        heights = floors(packages, room)
        yield f"{room}: {len(heights)} packages on {max(heights.values())} floors"
    for name, graph in (("modules", module_graph()), ("packages", packages)):
        found = circles(graph)
        yield f"circles of {name}: {len(found)}"
        yield from (f"  {' <-> '.join(group)}" for group in found)
    yield f"files that name zero_tolerance: {len(files_naming('zero_tolerance'))}"
    twice = classes_twice()
    yield f"class names twice in a room: {len(twice)}"
    yield from (f"  {name}: {', '.join(at)}" for name, at in twice.items())
    above = complex_functions()
    yield f"functions above a complexity of {MOST_COMPLEXITY}: {len(above)}"
    yield from (f"  {size} {name}" for size, name in above)


if __name__ == "__main__":
    print("\n".join(report()))
