"""The notice of 2020 landed as PDF and as text, with a review page of each, made once a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.review import Request, review
from flows.jobs.site.report import ReportOrder, make_report
from tests.support.report.charts import draw_charts_once
from tests.support.report.landed import CALC, TEXT
from tests.support.report.scored import DATES, scored_warehouse

FIRST_ROWS = 51
"""Lines of the notice's text: its front and three pages of its table."""


@pytest.fixture(scope="session", autouse=True)
def charts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        draw_charts_once(patch)
        yield


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``tables`` with the documents ``pdf`` and ``text``, and a review page named as each."""
    folder = tmp_path_factory.mktemp("review")
    for path, name in ((CALC, "pdf"), (TEXT, "text")):
        ingest(Order(path, folder / "tables", name, cross_check=False), lambda _: None)
        source = path if name == "pdf" else None
        review(Request(folder / "tables", name, source, folder / name), lambda _: None)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``tables`` with two scored years, and ``out``: 2020 with pages, 2019 without.

    2019 is the first rows of its text: it is there to be a year beside the other.
    """
    folder = tmp_path_factory.mktemp("site")
    home = folder / "raw" / "notices" / "demo-2020"
    home.mkdir(parents=True)
    shutil.copy(CALC, home)
    scored_warehouse(home / CALC.name, folder / "tables")
    lines = TEXT.read_text(encoding="utf-8").splitlines()[:FIRST_ROWS]
    (text := folder / TEXT.name).write_text("\n".join(lines), encoding="utf-8")
    scored_warehouse(text, folder / "tables", "text-2019", 2019, DATES[-1:])
    order = ReportOrder(2020, folder / "tables", folder / "out", folder / "raw")
    make_report(order, lambda _: None)
    return folder
