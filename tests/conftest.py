"""What holds for all tests: how random ones draw, which wait for the soak, who calls at once."""

from __future__ import annotations

import atexit
import gc
import logging
import os
from collections.abc import Iterator

import pytest

import tests.support.profiles  # noqa: F401 - before a test asks for its settings
from common.patterns import use_kept
from common.processes import collect_rarely

pytest_plugins = [
    "tests.support.in_memory",
    "tests.support.soak",
    "tests.support.normalize.aligned_once",
    "tests.support.at_once",
    "tests.support.few_words",
    "tests.support.order",
    "tests.support.rewritten",
]


def pytest_configure(config: pytest.Config) -> None:
    """Search for garbage as seldom and take kept patterns as the program does.

    Nor are there threads beside those of others: workers have all processors already, and print
    read by two threads costs a tenth more. At its end a worker would take all it has imported apart
    piece by piece: until xdist, which waits for it, has it killed after ten seconds.
    """
    collect_rarely()
    use_kept()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    if hasattr(config, "workerinput"):
        atexit.register(os._exit, 0)  # called last: others, registered later, have been by then


def pytest_collection_finish() -> None:
    """Never search the modules and tests, which stay to the end, for garbage."""
    gc.freeze()


def pytest_unconfigure() -> None:
    """Nor search what is left, until the process ends, which does it once more."""
    gc.freeze()
    atexit.register(gc.unfreeze)


@pytest.fixture(autouse=True)
def own_process() -> Iterator[None]:
    """Keep from a test what others leave that call here what has a process of its own elsewhere.

    A command says where its Prefect server is; the second reader of PDFs switches warnings off.
    """
    if logging.root.manager.disable:
        logging.disable(logging.NOTSET)
    before = prefect_settings()
    yield
    for name in prefect_settings():
        del os.environb[name]
    os.environb.update(before)


def prefect_settings() -> dict[bytes, bytes]:
    return {each: os.environb[each] for each in os.environb if each.startswith(b"PREFECT_")}
