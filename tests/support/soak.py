"""A pytest plugin for long random work: ``make soak``, bounded by time, with fresh seeds.

Tests marked ``soak`` are left out of a usual run. With ``--soak MINUTES`` they run, and with them
each test of Hypothesis, over and over with a new seed each time; every test has the same share of
the time. What fails names its seed, and ``--soak-seed`` begins with that one. At the end stands a
table of what was tried and what failed by kind; ``--soak-table FILE`` writes it as JSON.
"""

from __future__ import annotations

import inspect
import json
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest

SECONDS = pytest.StashKey[float]()
COUNTED, OTHERWISE = "soak", "tests that failed before or after what they try"
#: Each is one test of one function or room with some dozen drawn examples.
DRAWN = "random tests of single functions, each with a fresh seed"


class Seeds:
    """The seeds of one test, one after the other, until its share of the time is over.

    It counts what was tried and what failed, by kind.
    """

    def __init__(self, first: int, seconds: float) -> None:
        self.now = first
        self.tried: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self._first = first
        self._seconds = seconds

    def __iter__(self) -> Iterator[int]:
        end = time.monotonic() + self._seconds
        self.now = self._first
        yield self.now
        while time.monotonic() < end:
            self.now += 1
            yield self.now

    @contextmanager
    def trying(self, kind: str, number: int = 1) -> Iterator[None]:
        """Count so many things of a kind as tried, and one as failed where the block fails."""
        self.tried[kind] += number
        try:
            yield
        except BaseException:
            self.failed[kind] += 1
            raise


class Totals:
    """What all tests have tried, by kind; where tests run in several processes, in the first."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        counted = dict(report.user_properties).get(COUNTED)
        if report.when == "call" and isinstance(counted, dict):
            self.tried.update(counted["tried"])
            self.failed.update(counted["failed"])
        if report.failed and not (isinstance(counted, dict) and counted["failed"]):
            self.tried[OTHERWISE] += 1
            self.failed[OTHERWISE] += 1

    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter, config: pytest.Config
    ) -> None:
        terminalreporter.section(f"soak from seed {config.option.soak_seed}: tried, failed")
        for kind in sorted(self.tried):
            terminalreporter.write_line(f"{self.tried[kind]:8} {self.failed[kind]:4}  {kind}")
        if config.option.soak_table is not None:
            rows = {kind: [self.tried[kind], self.failed[kind]] for kind in sorted(self.tried)}
            table = {"seed": config.option.soak_seed, "kinds": rows}
            text = json.dumps(table, ensure_ascii=False)
            config.option.soak_table.write_text(text, encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("soak")
    group.addoption("--soak", type=float, metavar="MINUTES", help="long random work, for so long")
    group.addoption("--soak-table", type=Path, metavar="FILE", help="where the table goes as JSON")
    group.addoption("--soak-seed", type=int, metavar="SEED", help="the first seed; else a new one")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    asked = config.getoption("soak")
    hypothesis.settings.load_profile("fixed" if asked is None else "soak")
    if asked is not None and config.option.soak_seed is None:
        given = getattr(config, "workerinput", {})  # of a worker of xdist
        config.option.soak_seed = given.get("soak_seed", secrets.randbelow(10**9))
    if asked is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Totals(), "soak-totals")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give a worker of xdist the same first seed as the others."""
    node.workerinput["soak_seed"] = node.config.option.soak_seed


def pytest_report_header(config: pytest.Config) -> str | None:
    if config.getoption("soak") is None:
        return None
    return f"soak: {config.getoption('soak'):g} minutes from seed {config.getoption('soak_seed')}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    minutes = config.getoption("soak")
    if minutes is None:
        kept = [item for item in items if not item.get_closest_marker("soak")]
    else:
        kept = [item for item in items if item.get_closest_marker("soak") or _is_drawn(item)]
        workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        config.stash[SECONDS] = minutes * 60 * workers / max(len(kept), 1)
    staying = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in staying])
    items[:] = kept


def _is_drawn(item: pytest.Item) -> bool:
    return isinstance(item, pytest.Function) and hypothesis.is_hypothesis_test(item.obj)


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> Seeds:
    """Seeds to go through in a test marked ``soak``."""
    return _seeds_of(request.config)


def _seeds_of(config: pytest.Config) -> Seeds:
    return Seeds(config.getoption("soak_seed"), config.stash[SECONDS])


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test of Hypothesis with seed after seed; name the seed of whatever fails."""
    if pyfuncitem.config.getoption("soak") is None:
        return None
    test, given = pyfuncitem.obj, pyfuncitem.funcargs
    arguments = {name: given[name] for name in inspect.signature(test).parameters}
    seeds = given.get("seeds") or _seeds_of(pyfuncitem.config)
    try:
        if _is_drawn(pyfuncitem):
            for seed in seeds:
                with seeds.trying(DRAWN):
                    hypothesis.seed(seed)(test)(**arguments)
        else:
            test(**arguments)
    except Exception as error:
        error.add_note(f"again: make soak SOAK_SEED={seeds.now} SOAK_TESTS='{pyfuncitem.nodeid}'")
        raise
    finally:
        counted = {"tried": dict(seeds.tried), "failed": dict(seeds.failed)}
        pyfuncitem.user_properties.append((COUNTED, counted))
    return True
