"""A pytest plugin: the order in which workers have the least to wait and to make twice.

Each worker begins with one part of the tests, and one that is through takes from the end of
another's. So each part begins with the long tests and those that share what is costly to make, and
ends with many short ones.
"""

from __future__ import annotations

from itertools import chain, islice

import pytest

#: What the parts of the workers begin with, in order: folders or files of tests. The first waits
#: for services, so that it leaves a core to the other; what ends the Prefect server that all tests
#: of flows share comes last of these.
PARTS = (
    (
        *("tests/flows/test_ingest_flow.py", "tests/flows/test_nightly_flow.py"),
        *("tests/flows/jobs/batch/test_cluster.py", "tests/flows/test_serve.py"),
        *("tests/flows/test_", "tests/flows/jobs/night/"),
        *("tests/flows/jobs/returns/test_receive_kills.py", "tests/flows/jobs/test_site_kills.py"),
        *("tests/warehouse/test_kills.py", "tests/common/test_"),  # with whom they fork from one
        *("tests/flows/jobs/batch/", "tests/flows/demo/", "tests/test_docs"),
    ),
    (
        *("tests/flows/jobs/returns/", "tests/flows/jobs/score/", "tests/flows/desk/"),
        *("tests/flows/jobs/", "tests/flows/"),
    ),
    (
        *("tests/report/", "tests/warehouse/", "tests/extract/scan/", "tests/test_"),
        # With what reads all code:
        *(
            "tests/flows/test_order.py",
            "tests/common/test_messages.py",
            "tests/common/test_names.py",
            "tests/normalize/checks/test_signs.py",
        ),
    ),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    long: dict[str, list[pytest.Item]] = {each: [] for each in chain(*PARTS)}
    short: list[pytest.Item] = []
    for item in items:
        starts = (each for each in long if item.nodeid.startswith(each))
        start = max(starts, key=len, default=None)
        (short if start is None else long[start]).append(item)
    total, rest, workers = len(items), iter(short), workers_of(config)
    items[:] = []
    for worker in range(workers):
        for part in PARTS[worker::workers]:
            items += chain(*(long[each] for each in part))
        items += islice(rest, max(total * (worker + 1) // workers - len(items), 0))
    items += rest


def workers_of(config: pytest.Config) -> int:
    """Return the number of workers that the tests are for."""
    return int(getattr(config, "workerinput", {}).get("workercount", 1))
