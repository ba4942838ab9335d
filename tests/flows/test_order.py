"""The order inside flows: each package imports only packages below its own."""

from __future__ import annotations

import ast

from bench.house import module_graph, modules

#: From the top; a module is in the place with the longest name that its own begins with.
ORDER = (
    "flows.cli",
    "flows.desk",
    "flows.demo",
    "flows",
    "flows.jobs.desk",
    "flows.jobs.doctor",
    "flows.jobs.night",
    "flows.jobs.score",
    "flows.jobs.returns",
    "flows.jobs",
)


def depth(module: str) -> int:
    own = [name for name in ORDER if module.startswith(f"{name}.")]
    return ORDER.index(max(own, key=len))


def test_flows_imports_downwards() -> None:
    wrong = [
        f"{name} -> {target}"
        for name, targets in module_graph().items()
        for target in targets
        if name.startswith("flows.") and target.startswith("flows.")
        if depth(target) < depth(name)
    ]
    assert not wrong


def test_only_modules_directly_in_flows_import_prefect() -> None:
    wrong = [
        module.name
        for module in modules()
        if module.package != module.name or module.room != "flows"
        for node in module.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [a.name for a in node.names]
        )
        if name.partition(".")[0].startswith("prefect")
    ]
    assert not wrong
