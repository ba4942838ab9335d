"""The plan of the product: sizes, order, and what is written only once.

``python -m bench.house`` prints the figures behind these limits. That states have their words from
the vocabulary alone is held by ``test_words.py``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache

import pytest

from bench import house
from tests.support.for_each import for_each

#: Which packages of flows may not import which, with what lies below them.
BELOW = {
    "flows.jobs": ("flows", "flows.cli", "flows.demo", "flows.desk"),
    "flows": ("flows.cli", "flows.demo", "flows.desk"),
    "flows.desk": ("flows.cli", "flows.demo"),
}
#: Packages of flows.jobs: each may import those after it, not its neighbours in a line.
JOBS = (
    *(("doctor",), ("night", "desk"), ("score", "returns", "site"), ("batch",), ("",)),
    ("sidecar",),
)
MOST_FILES_OF_A_KIND = 6
#: Who folds compatibility characters besides common/fold.py, and why.
FOLDS = {"flows.jobs.sidecar.ids": "ids that were given once stay, whatever becomes of folding"}
#: What is done in common alone: the names that do it, and who else does it, and why.
ONCE: Mapping[str, tuple[set[str], dict[str, str]]] = {
    "read TOML": (
        {"tomllib", "tomli", "toml", "tomlkit.parse", "tomlkit.load", "tomlkit.loads"},
        {"flows.jobs.desk.sidecar_text": "changes a file that people write and keeps its comments"},
    ),
    "fold a text": ({"unicodedata.normalize"}, FOLDS),
    "lock": ({"fcntl", "filelock", "portalocker"}, {}),
    "hash a file or a text": (
        {"hashlib"},
        {
            "flows.jobs.marks": "one digest of a folder's files, taken as they are read",
            "flows.jobs.night.scores": "one digest of all that a day's scores are made from",
            "report.site.kept": "one digest of many files, taken as they are read",
            "warehouse.catalogue": "the seal of a binary file is bytes",
            "flows.desk.shared.access": "hmac is told which hash to use",
        },
    ),
    "take a file's place": (
        {"os.replace", "os.rename", "shutil.move", "tempfile.mkstemp", ".replace()", ".rename()"},
        {
            "flows.jobs.night.inbox": "what came is moved, not written",
            "flows.jobs.desk.dropping": "what was dropped is moved, not written",
            "flows.jobs.returns.redate": "a filed return gets another date in its name",
            "flows.jobs.returns.filing": "a copy that is on the disk takes its name",
            "extract.office.libreoffice": "a file of LibreOffice's in a folder of our own",
            "warehouse.catalogue": "duckdb writes the file, which then takes its name",
            "warehouse.landing": "a snapshot that is on the disk takes its name",
            "warehouse.snapshots": "links and snapshots take names, and old ones go",
        },
    ),
}


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


@for_each("room, most", house.MOST_FLOORS.items())
def test_packages_stand_on_few_floors(room: str, most: int) -> None:
    heights = house.floors(house.package_graph(), room)
    assert max(heights.values()) <= most, heights


def test_only_the_modules_directly_in_flows_know_prefect() -> None:
    knowing = [each.name for each in house.modules() if "prefect" in names_used(each)]
    assert [name for name in knowing if level(name) != "flows" or name == "flows"] == []


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
    folding = {each.name for each in house.modules() if {"NFKC", "NFKD"} & names_used(each)}
    assert folding - set(FOLDS) == {"common.fold"}


@pytest.mark.parametrize("what", ONCE)
def test_what_common_does_is_done_there_alone(what: str) -> None:
    names, others = ONCE[what]
    doing = {each.name for each in house.modules() if names & names_used(each)}
    assert {name for name in doing if not name.startswith("common.")} == set(others)
    assert doing - set(others)


@cache
def names_used(module: house.Module) -> frozenset[str]:
    """Return the libraries that a module imports, what it takes of them, how it folds and moves."""
    return frozenset(name for node in module.nodes for name in _names_of(node))


def _names_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield (node.module or "").partition(".")[0]
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Constant) and node.value in ("NFKC", "NFKD"):
        yield str(node.value)
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        yield f"{node.value.id}.{node.attr}"
    elif isinstance(node, ast.Call) and _moves(node):
        yield f".{node.func.attr}()" if isinstance(node.func, ast.Attribute) else ""


def _moves(call: ast.Call) -> bool:
    """Whether a call is ``path.rename(other)``; those of texts, days and frames take more."""
    alone = len(call.args) == 1 and not call.keywords
    return alone and not isinstance(call.args[0], ast.Constant | ast.Dict)
