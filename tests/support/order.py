"""A pytest plugin: the order in which workers have the least to wait and to make twice.

Each worker begins with one part of the tests, and one that is through takes from the end of
another's. So each part begins with the long tests and those that share what is costly to make, and
ends with many short ones.
"""

from __future__ import annotations

from itertools import chain, islice

import pytest

#: What the parts begin with, in order: folders or files of tests.
PARTS = (
    ("tests/flows/test_", "tests/flows/demo/", "tests/flows/desk/", "tests/flows/cli/"),
    ("tests/flows/jobs/", "tests/warehouse/", "tests/flows/"),
    ("tests/report/", "tests/extract/scan/", "tests/test_"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long: dict[str, list[pytest.Item]] = {each: [] for each in chain(*PARTS)}
    short: list[pytest.Item] = []
    for item in items:
        start = next((each for each in long if item.nodeid.startswith(each)), None)
        (short if start is None else long[start]).append(item)
    total, rest = len(items), iter(short)
    items[:] = []
    for number, part in enumerate(PARTS, start=1):
        items += chain(*(long[each] for each in part))
        items += islice(rest, max(total * number // len(PARTS) - len(items), 0))
    items += rest
