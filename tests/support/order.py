"""A pytest plugin: the order in which two workers have the least to wait and to make twice.

Each worker begins with one half of the tests, and one that is through takes from the end of the
other's. So each half begins with the long tests and those that share what is costly to make, and
ends with many short ones.
"""

from __future__ import annotations

from itertools import chain

import pytest

#: What the halves begin with, in order: folders or files of tests.
FIRST = ("tests/flows/test_", "tests/flows/demo/", "tests/flows/jobs/", "tests/flows/")
SECOND = (
    *("tests/report/", "tests/warehouse/", "tests/extract/scan/", "tests/test_"),
    *("tests/flows/test_order.py", "tests/common/test_messages.py"),  # with what reads all code
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    long: dict[str, list[pytest.Item]] = {each: [] for each in (*FIRST, *SECOND)}
    short: list[pytest.Item] = []
    for item in items:
        starts = (each for each in long if item.nodeid.startswith(each))
        start = max(starts, key=len, default=None)
        (short if start is None else long[start]).append(item)
    first, second = ([*chain(*(long[each] for each in half))] for half in (FIRST, SECOND))
    room = max(len(items) // 2 - len(first), 0)
    items[:] = [*first, *short[:room], *second, *short[room:]]
