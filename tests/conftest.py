"""What holds for all tests: how random ones draw, which wait for the soak, who calls at once."""

from __future__ import annotations

import gc

import tests.support.profiles  # noqa: F401 - before a test asks for its settings
from common.garbage import collect_rarely

pytest_plugins = ["tests.support.soak", "tests.support.at_once", "tests.support.order"]


def pytest_collection_finish() -> None:
    """Leave what is imported by now out of every later search for garbage: it is a lot."""
    collect_rarely()
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Let what ends with the process be searched again: libraries look for what was left."""
    gc.unfreeze()
