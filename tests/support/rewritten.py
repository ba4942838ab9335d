"""A pytest plugin: what each worker would make of the source is made once, before they start.

Where nothing is kept from before, each would rewrite the assertions of all tests and look through
the whole program for what else Hypothesis could draw: four seconds a worker. Both lies where
pytest and Hypothesis keep it themselves, and they look whether it is of the source as it is.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest
from _pytest.assertion import rewrite
from hypothesis.internal.constants_ast import constants_from_module

from tests.support.paths import ROOT, TESTS


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    """Prepare all files before a worker starts."""
    if sys.dont_write_bytecode:
        return
    for path in TESTS.rglob("test_*.py"):
        _rewrite(path, config)
    for room in ROOT.glob("*/py.typed"):
        for path in room.parent.rglob("*.py"):
            _look_through(path)


def _rewrite(path: Path, config: pytest.Config) -> None:
    """Rewrite the assertions of a file of tests, as its import would."""
    folder = rewrite.get_cache_dir(path)
    kept = folder / f"{path.stem}{rewrite.PYC_TAIL}"
    if rewrite._read_pyc(path, kept) is None and rewrite.try_makedirs(folder):
        source_hash, code = rewrite._rewrite_test(path, config)
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source_hash, kept)


def _look_through(path: Path) -> None:
    """Let Hypothesis take its constants from a module, which need not be imported for that."""
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    constants_from_module(module)
