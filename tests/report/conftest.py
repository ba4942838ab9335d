"""The notice of 2020 landed as PDF and as text, with a review page of each, made once a session."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from extract.scan.pages import engine_installed
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.review import Request, review
from flows.jobs.site.report import ReportOrder, make_report
from tests.support.report.charts import draw_charts_once
from tests.support.report.landed import CALC, TEXT
from tests.support.report.scored import DATES, scored_warehouse
from tests.support.workshop.scanning import Scanner, scan


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
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds a scan of two pages, sealed and askew, the second on its side, and its review page."""
    if not engine_installed():
        pytest.skip("the extra kaohe[scan] is not installed")
    folder = tmp_path_factory.mktemp("scanned")
    askew = Scanner(dpi=150, skew=0.8, seals=((0.7, 0.3),))
    on_its_side = Scanner(dpi=150, skew=-0.5, quarter_turns=1)
    whole = pypdfium2.PdfDocument.new()
    for page, scanner in ((1, askew), (2, on_its_side)):
        part = scan(CALC, folder / f"{page}.pdf", scanner, pages=[page])
        whole.import_pages(pypdfium2.PdfDocument(part))
    whole.save(path := folder / "scan.pdf")
    order = Order(path, folder / "tables", "scan", year=2020, cross_check=False)
    ingest(order, lambda _: None)
    review(Request(folder / "tables", "scan", path, folder / "scan"), lambda _: None)
    return folder


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds ``tables`` with two scored years, and ``out``: 2020 with pages, 2019 without."""
    folder = tmp_path_factory.mktemp("site")
    home = folder / "raw" / "notices" / "demo-2020"
    home.mkdir(parents=True)
    shutil.copy(CALC, home)
    scored_warehouse(home / CALC.name, folder / "tables")
    text = shutil.copy(TEXT, folder)  # away from the sidecar that calls it a copy
    scored_warehouse(Path(text), folder / "tables", "text-2019", 2019, DATES[-1:])
    order = ReportOrder(2020, folder / "tables", folder / "out", folder / "raw")
    make_report(order, lambda _: None)
    return folder
