"""The review page of a scan: real clicks, and pictures that lie under the cells read from them."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Browser

from extract.scan.pages import engine_installed
from flows.jobs.batch.run import ingest
from flows.jobs.ingest import Order
from flows.jobs.review import Request, review
from schemas.files.corrections import parse_corrections
from schemas.records.corrections import ValuePlace
from tests.support.paths import CHROMIUM
from tests.support.report.browser import Visit
from tests.support.workshop.draw import draw
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import CLASSIC
from tests.support.workshop.logical import balanced
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.samples import sample
from tests.support.workshop.scanning import Scanner, scan

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not engine_installed(), reason="the extra kaohe[scan] is not installed"),
]
INK, PAPER = 150, 190
FIRST, ON_PAGE_2 = 1, 4
STYLE = PdfStyle(front_page=False, body=120, font_size=10, leading=12)
ASKEW = Scanner(dpi=150, skew=0.8, seals=((0.75, 0.45),))
ON_ITS_SIDE = Scanner(dpi=150, skew=-0.5, quarter_turns=1)


def printed(folder: Path) -> Path:
    """Print four rows on a page and its next: recognition takes its time."""
    whole = sample(5)
    notice = fitted(balanced(replace(whole, groups=whole.groups[:3])), CLASSIC)
    return draw(notice, grid_of(notice, CLASSIC), folder, STYLE)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds a scan of two pages, sealed and askew, the second on its side, and its review page."""
    folder = tmp_path_factory.mktemp("scanned")
    notice, whole = printed(folder), pypdfium2.PdfDocument.new()
    for page, scanner in ((1, ASKEW), (2, ON_ITS_SIDE)):
        part = scan(notice, folder / f"{page}.pdf", scanner, pages=[page])
        whole.import_pages(pypdfium2.PdfDocument(part))
    whole.save(path := folder / "scan.pdf")
    order = Order(path, folder / "tables", "scan", year=2020, cross_check=False)
    ingest(order, lambda _: None)
    review(Request(folder / "tables", "scan", path, folder / "scan"), lambda _: None)
    return folder


@pytest.fixture
def page(browser: Browser, scanned: Path) -> Iterator[Visit]:
    """Open the scan's page; afterwards nothing on it may have gone wrong."""
    visit = Visit(browser, scanned / "scan" / "index.html")
    yield visit
    visit.close()
    assert visit.troubles == []


def data_of(scanned: Path) -> dict[str, Any]:
    text = (scanned / "scan" / "index.html").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text.split('id="data">')[1].split("</script>")[0])
    return found


def ink_around(tones: Any, scale: float, box: list[float]) -> float:
    """Return the share of a box's edges that lie on something printed."""
    x0, top, x1, bottom = (int(edge * scale) for edge in box)
    above = tones[max(top - 6, 0) : top + 7, x0 + 6 : x1 - 6].min(axis=0)
    left = tones[top + 6 : bottom - 6, max(x0 - 6, 0) : x0 + 7].min(axis=1)
    return float((np.concatenate([above, left]) < INK).mean())


def test_both_pages_lie_upright_under_their_cells(scanned: Path) -> None:
    data = data_of(scanned)
    assert len(data["pages"]) == 2
    for page in data["pages"]:
        assert page["width"] > page["height"]
        boxes = [cell[-4:] for cell in data["cells"] if cell[1] == page["page"]]
        tones = np.asarray(Image.open(scanned / "scan/pages" / page["src"]).convert("L"))
        shares = [ink_around(tones, tones.shape[1] / page["width"], box) for box in boxes]
        assert np.mean(shares) > 0.9, (page["page"], np.mean(shares))


@pytest.mark.parametrize("serial_no", [FIRST, ON_PAGE_2])
def test_a_value_leads_to_its_picture_and_back(page: Visit, serial_no: int) -> None:
    values = page.page.locator(f"tr[data-serial='{serial_no}'] td.value")
    values.nth(1).click()
    assert page.seen("#original .cell.selected", "#original .body")
    chosen = page.page.locator("#original .cell.selected")
    number = chosen.get_attribute("data-cell")
    assert "原件" in page.text("#inspector") and "识别把握" in page.text("#inspector")
    drawn = Image.open(io.BytesIO(chosen.screenshot())).convert("L")
    assert (np.asarray(drawn)[4:-4, 4:-4] < PAPER).any()  # something is printed
    page.page.locator("tr[data-serial='3'] td.value").first.click()
    page.page.locator(f"#original [data-cell='{number}']").click()
    selected = page.page.locator(f"tr[data-serial='{serial_no}'] td.value.selected")
    assert selected.count() >= 1 and page.seen("#view-table td.selected", "#view-table .body")


def test_doubts_are_walked_through_with_both_readings(page: Visit) -> None:
    total = page.count("#findings .finding")
    assert total >= 1
    for _ in range(total):
        page.press("j")
    assert page.text("#findings output") == f"看过 {total} / {total}"
    doubts = page.page.locator("#findings .finding", has_text="结果不一致")
    assert doubts.count() >= 1
    for place in range(doubts.count()):
        doubts.nth(place).click()
        assert page.count("#inspector .about q") == 2
        assert page.seen("#original .cell.selected", "#original .body")
        assert page.count("#original .cell.selected.flagged") == 1


def test_a_doubt_is_settled_by_a_correction_to_copy(page: Visit) -> None:
    page.page.locator("#findings .finding", has_text="第 1 项").first.click()
    for name, value in (("理由", "原件印为 0.15"), ("经办人", "王某")):
        page.page.locator("#inspector label", has_text=name).last.locator("input").fill(value)
    page.page.locator("#inspector textarea").fill("0.15")
    text = page.page.locator("#toml").text_content() or ""
    (correction,) = parse_corrections(text.encode(), "corrections.toml")
    assert correction.where == ValuePlace(1, "target_text", "高新区")
    assert (correction.value, correction.reason) == ("0.15", "原件印为 0.15")


def test_the_narrow_screen_shows_one_thing_at_a_time(browser: Browser, scanned: Path) -> None:
    visit = Visit(browser, scanned / "scan" / "index.html", 390, 844)
    visit.page.locator(".finding", has_text="第 1 项").first.click()
    visit.page.locator(".to-original").click()
    assert visit.seen("#original .cell.selected", "#original .body")
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= 390
    visit.close()
    assert visit.troubles == []
