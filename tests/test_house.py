"""The plan of the product: sizes, order, and what is written only once.

``python -m bench.house`` prints the figures behind these limits. That states have their words from
the vocabulary alone is held by ``test_words.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bench import house

#: Which packages of flows may not import which, with what lies below them.
BELOW = {
    "flows.jobs": ("flows", "flows.cli", "flows.demo", "flows.desk"),
    "flows": ("flows.cli", "flows.demo", "flows.desk"),
    "flows.desk": ("flows.cli", "flows.demo"),
}
#: Packages of flows.jobs: each may import those after it, not its neighbours in a line.
JOBS = (("doctor", "desk"), ("night",), ("score", "returns", "site"), ("batch",), ("",))
MOST_FILES_OF_A_KIND = 6
#: Who folds compatibility characters besides common/fold.py, and why.
FOLDS = {"flows.jobs.sidecar": "ids that were given once stay, whatever becomes of folding"}


def level(name: str) -> str:
    """Return the part of flows that a module belongs to: cli, demo, jobs, or flows itself."""
    parts = name.split(".")
    return ".".join(parts[:2]) if len(parts) > 2 else parts[0]


def test_no_folder_holds_more_modules_than_one_can_look_over() -> None:
    sizes = house.folder_sizes()
    assert {name: size for name, size in sizes.items() if size > house.MOST_MODULES} == {}


@pytest.mark.parametrize("graph", [house.module_graph, house.package_graph])
def test_nothing_is_imported_in_a_circle(graph: object) -> None:
    assert callable(graph)
    assert house.circles(graph()) == []


@pytest.mark.parametrize(("room", "most"), house.MOST_FLOORS.items())
def test_packages_stand_on_few_floors(room: str, most: int) -> None:
    heights = house.floors(house.package_graph(), room)
    assert max(heights.values()) <= most, heights


def test_only_the_modules_directly_in_flows_know_prefect() -> None:
    knowing = [each.name for each in house.modules() if "prefect" in set(all_imports(each))]
    assert [name for name in knowing if level(name) != "flows" or name == "flows"] == []


def all_imports(module: house.Module) -> Iterator[str]:
    """Yield the first name of everything that a module imports."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_the_command_line_stands_above_flows_and_flows_above_jobs() -> None:
    upward = [
        (name, target)
        for name, targets in house.module_graph().items()
        for target in targets
        if level(target) in BELOW.get(level(name), ())
    ]
    assert upward == []


def test_jobs_import_only_downwards() -> None:
    floors = {name: place for place, names in enumerate(JOBS) for name in names}
    upward = [
        (name, target)
        for name, targets in house.module_graph().items()
        for target in targets
        if level(name) == level(target) == "flows.jobs"
        and (mine := job(name)) != (other := job(target))
        and floors[other] <= floors[mine]
    ]
    assert upward == []


def job(name: str) -> str:
    """Return the package of flows.jobs that a module is in; "" where it lies directly there."""
    parts = name.split(".")
    return parts[2] if len(parts) > 3 else ""


def test_no_class_name_stands_twice_in_a_room() -> None:
    assert house.classes_twice() == {}


def test_functions_are_simple_enough_to_read() -> None:
    assert house.complex_functions() == []


def test_a_kind_of_target_is_known_in_few_places() -> None:
    naming = house.files_naming("zero_tolerance")
    assert len(naming) <= MOST_FILES_OF_A_KIND, naming


def test_texts_are_folded_in_one_place() -> None:
    folding = {
        each.name
        for each in house.modules()
        for node in each.nodes
        if isinstance(node, ast.Constant) and node.value in {"NFKC", "NFKD"}
    }
    assert folding - set(FOLDS) == {"common.fold"}
