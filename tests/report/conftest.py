"""The notice of 2020 landed as PDF and as text, with a review page of each, made once a run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.review import Request, review
from flows.jobs.site.report import ReportOrder, make_report
from tests.support.made_once import made_once
from tests.support.report.browser import chromium
from tests.support.report.charts import draw_charts_once
from tests.support.report.landed import CALC, TEXT, first_rows
from tests.support.report.scored import DATES, scored_warehouse

_ENDS = ExitStack()
_STARTED: list[Browser] = []


@pytest.fixture
def browser() -> Browser:
    """One for all tests of this folder that follow each other."""
    if not _STARTED:
        _STARTED.append(_ENDS.enter_context(chromium()))
        _ENDS.callback(_STARTED.clear)
    return _STARTED[0]


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """End the browser before a test of another folder, which may have an event loop of its own."""
    if nextitem is None or Path(__file__).parent not in nextitem.path.parents:
        _ENDS.close()


@pytest.fixture(scope="session", autouse=True)
def charts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        draw_charts_once(patch)
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``tables`` with the documents ``pdf`` and ``text``, and a review page named as each."""

    def make(folder: Path) -> None:
        for path, name in ((CALC, "pdf"), (TEXT, "text")):
            ingest(Order(path, folder / "tables", name, cross_check=False), lambda _: None)
            source = path if name == "pdf" else None
            review(Request(folder / "tables", name, source, folder / name), lambda _: None)

    return made_once(tmp_path_factory, "review", make)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``tables`` with two scored years, and ``out``: 2020 with pages, 2019 without.

    2019 is the first rows of its text: it is there to be a year beside the other.
    """

    def make(folder: Path) -> None:
        home = folder / "raw" / "notices" / "demo-2020"
        home.mkdir(parents=True)
        shutil.copy(CALC, home)
        scored_warehouse(home / CALC.name, folder / "tables")
        scored_warehouse(first_rows(folder), folder / "tables", "text-2019", 2019, DATES[-1:])
        order = ReportOrder(2020, folder / "tables", folder / "out", folder / "raw")
        make_report(order, lambda _: None)

    return made_once(tmp_path_factory, "site", make)
