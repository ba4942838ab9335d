"""The site in Chromium, opened from disk: every kind of page by real clicks, keys, print, phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from report.site.model import Edition
from tests.support.paths import CHROMIUM
from tests.support.report.browser import Visit, broken
from tests.support.report.hostile import few, hostile_rows
from tests.support.report.scored import rows_of
from tests.support.report.small_edition import doubted_years, small
from tests.support.report.whole_site import write_site
from tests.support.scoring.notices import indicator, returned, target

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

Open = Callable[..., Visit]
KINDS = (
    "index.html",
    *(f"2020/{name}.html" for name in ("index", "heat", "departments", "progress", "stability")),
    *("2020/assumptions.html", "2020/e/01.html", "2020/i/031.html", "2020/d/01.html"),
)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open the site; afterwards nothing on it may have gone wrong or asked for the network."""
    visits: list[Visit] = []

    def start(folder: Path, width: int = 1440, height: int = 900) -> Visit:
        visits.append(Visit(browser, folder / "index.html", width, height))
        return visits[-1]

    yield start
    for each in visits:
        each.close()
    assert [trouble for each in visits for trouble in each.troubles] == []


def go(visit: Visit, folder: Path, path: str) -> Page:
    visit.page.goto((folder / path).as_uri())
    visit.page.wait_for_selector("body[data-ready]")
    return visit.page


def shown(page: Page) -> int:
    return page.locator("#heat tbody tr[data-d]:visible").count()


def test_from_the_years_to_the_arithmetic_of_one_score(visit: Open, site: Path) -> None:
    page = visit(site / "out").page
    page.get_by_role("link", name="2020年度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2020年度考核一览")
    page.get_by_role("link", name="乐至县").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("乐至县")
    expect(page.locator("svg.chart")).to_be_visible()
    first = page.locator("table.list").first.locator("tbody tr").first
    name = first.locator("th a").inner_text()
    first.locator("th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.locator(".sums")).to_contain_text("得分")
    page.get_by_role("link", name="下一项").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(name)
    page.get_by_role("link", name="上一项").click()
    page.locator(".facts a").first.click()
    expect(page.get_by_role("heading", name="报来的文件")).to_be_visible()
    page.get_by_role("link", name="2019", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2019年度考核一览")


def test_the_printed_row_is_drawn(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/i/001.html")
    width = page.locator(".crop img").evaluate(
        "each => each.decode().then(() => each.naturalWidth)"
    )
    assert width > 1000
    assert page.locator(".crop rect").count() == 5


def test_every_section_opens_and_says_where_one_is(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/index.html")
    for name in ("热力图", "部门报送", "进度", "名次稳定性", "计分约定", "一览"):
        page.locator("nav[aria-label='页面'] a", has_text=name).click()
        here = page.locator(".sections [aria-current='page']")
        expect(here).to_have_text(name)
    page.get_by_role("link", name="计分约定").first.click()
    page.locator("summary").first.click()
    expect(page.locator("details[open] li a").first).to_be_visible()


def test_the_heat_map_is_filtered(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/heat.html")
    assert shown(page) == 106
    page.get_by_label("部门", exact=True).select_option(label="市水务局")
    assert 0 < (water := shown(page)) < 20
    page.get_by_label("灯色", exact=True).select_option(label="红灯")
    assert shown(page) <= water
    assert page.locator("#heat tbody tr[data-d]:visible:has(td.r:visible)").count() == shown(page)
    page.get_by_role("button", name="清除").click()
    expect(page.locator("#shown")).to_have_text("106 项")
    page.get_by_label("考核对象", exact=True).select_option(label="高新区")
    assert page.locator("#heat thead th:visible").count() == 2
    page.get_by_role("button", name="清除").click()
    page.get_by_label("类别", exact=True).select_option(index=2)
    level2 = shown(page)
    page.get_by_label("类别", exact=True).select_option(index=1)
    assert 0 < level2 < shown(page) < 106
    page.get_by_role("button", name="清除").click()
    page.get_by_label("指标", exact=True).fill("增长率")
    assert 0 < shown(page) < 30
    expect(page.locator("#shown")).to_contain_text("/ 106 项")
    page.get_by_label("指标", exact=True).fill("没有这样的指标")
    assert shown(page) == 0


def test_a_lamp_leads_to_the_cells_it_counts(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/index.html")
    lamp = page.locator("tr", has_text="安岳县").locator(".lamp.r")
    count = int(lamp.inner_text().removeprefix("安岳县红灯"))
    lamp.click()
    expect(page.locator("#shown")).to_contain_text(f"{count} / 106 项")
    assert page.locator("#heat td.r:visible").count() == count > 0
    page.get_by_role("button", name="清除").click()
    expect(page.locator("#shown")).to_have_text("106 项")


def test_the_heat_map_is_walked_with_keys(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/heat.html")
    assert page.locator("#heat td a[tabindex='0']").count() == 1
    page.locator("#heat td a[tabindex='0']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "End", "PageDown"):
        page.keyboard.press(key)
    place = page.evaluate(
        "[document.activeElement.parentElement.cellIndex,"
        " document.activeElement.closest('tr').cells[0].textContent]"
    )
    assert place[0] == 5
    expect(page.locator("#detail")).to_contain_text(place[1])
    expect(page.locator("#detail")).to_contain_text("临空经济区")
    box = page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect();"
        " const head = document.querySelector('#heat thead th').getBoundingClientRect();"
        " return [box.top >= head.bottom - 1, box.bottom <= innerHeight]; })()"
    )
    assert box == [True, True]
    page.keyboard.press("Enter")
    page.wait_for_url("**/i/*.html#e5")
    expect(page.get_by_role("heading", level=1)).to_contain_text(place[1])


def test_headings_stay_in_sight_while_the_heat_map_scrolls(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/heat.html")
    page.locator("#heat tbody tr[data-d]").nth(70).scroll_into_view_if_needed()
    assert page.evaluate("scrollY") > 1000
    top = page.locator("#heat thead th").nth(1).bounding_box()
    assert top is not None and 0 <= top["y"] < 5


AMISS = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const { scrollWidth, lang } = document.documentElement;
    const isSmall = (each) => !each.childElementCount && each.textContent.trim()
        && each.getClientRects().length && !each.closest("svg")
        && parseFloat(getComputedStyle(each).fontSize) < 11;
    const isNameless = (each) => !(each.textContent.trim() || each.labels?.length);
    const amiss = {
        wide: scrollWidth !== 390, lang: lang !== "zh-CN", h1: all("h1").length !== 1,
        small: all("body *").some(isSmall),
        unnamed: all("img:not([alt]), svg:not([aria-label]):not([aria-hidden]), th:not([scope])")
            .length,
        nameless: all("a, button, input, select").some(isNameless),
    };
    return Object.keys(amiss).filter((each) => amiss[each]);
}"""


def test_every_page_fits_a_phone_and_is_labelled_for_who_cannot_see_it(
    visit: Open, site: Path
) -> None:
    opened = visit(site / "out", 390, 844)
    for path in KINDS:
        page = go(opened, site / "out", path)
        assert page.evaluate(AMISS) == [], path
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"


@pytest.fixture
def every_kind(site: Path, tmp_path: Path) -> list[str]:
    """One page of each kind, with every mark there is, and of what is widest the real ones."""
    write_site(tmp_path, doubted_years(), lambda _: None)
    own = ("*.html", "k/*.html", "2020/*.html", *(f"2020/{kind}/*1.html" for kind in "eidt"))
    wide = [site / "out/2020" / name for name in ("heat.html", "index.html", "i/031.html")]
    return [path.as_uri() for path in (*(p for each in own for p in tmp_path.glob(each)), *wide)]


def test_axe_finds_nothing(browser: Browser, every_kind: list[str]) -> None:
    assert len(every_kind) == 16
    assert broken(browser, every_kind) == []


def test_print_shows_all_rows_and_no_controls(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/heat.html")
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert not page.locator(".sections").is_visible()
    assert shown(page) == 106
    expect(page.locator(".sample")).to_be_visible()
    assert page.locator(".scroll").evaluate("each => getComputedStyle(each).overflowY") == "visible"


def test_wide_pages_print_every_column(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty entities: each is on paper, with the first column beside it on every page."""
    for name in ("waterfall", "progress_chart"):  # drawing eighty charts takes longer than all else
        monkeypatch.setattr(f"report.site.write.{name}", lambda *_: "")
    owners = [indicator(number) for number in (1, 2)]
    names = [f"第{number:02d}县" for number in range(1, 41)]
    targets = [target(owner, name) for owner in owners for name in names]
    returns = [
        returned(owners[0], name, actual_value=5 + place / 10, source_row=place + 5)
        for place, name in enumerate(names)
    ]
    write_site(tmp_path, [small(owners, targets, returns)], lambda _: None)
    page = browser.new_page()
    text = {}
    for path in ("heat", "stability", "index", "progress"):
        page.goto((tmp_path / f"2020/{path}.html").as_uri())
        text[path] = printed(page.pdf(prefer_css_page_size=True))
        assert all(name in "".join(text[path]) for name in names), path
    page.close()
    for place, name in enumerate(names):
        (sheet,) = [each for each in text["heat"] if name in each]
        assert "指标1" in sheet and str(50 + place) in sheet
    for rank in range(1, 41):
        sheets = [
            each for each in text["stability"] if f"第{rank}名" in each.replace("第1–40名", "")
        ]
        assert sheets and all(name in "".join(sheets) for name in names)


def printed(pdf: bytes) -> list[str]:
    """Return the text of each page of a PDF without its spaces and breaks."""
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]
    return ["".join(text.split()) for text in pages]


def test_lights_differ_in_grey(visit: Open, site: Path) -> None:
    page = go(visit(site / "out"), site / "out", "2020/heat.html")
    grey = []
    for letter in "gyr":
        colour = page.locator(f"#heat td.{letter}").first.evaluate(
            "each => getComputedStyle(each).backgroundColor.match(/[0-9]+/g).map(Number)"
        )
        grey.append(0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2])
    assert grey[0] - grey[1] > 8
    assert grey[1] - grey[2] > 25
    signs = [
        page.locator(f"#heat td.{letter} a").first.evaluate(
            "each => getComputedStyle(each, '::before').content"
        )
        for letter in "gyr"
    ]
    assert len(set(signs)) == 3


def test_hostile_texts_do_nothing(visit: Open, site: Path, tmp_path: Path) -> None:
    rows = hostile_rows(few(rows_of(site / "tables", "demo-2020"), 3))
    write_site(tmp_path, [Edition("2020", rows)], lambda _: None)
    opened = visit(tmp_path)
    for path in ("2020/index.html", "2020/heat.html", "2020/e/01.html", "2020/i/001.html"):
        page = go(opened, tmp_path, path)
        assert page.locator("img[onerror], a[href^='javascript']").count() == 0
    page = go(opened, tmp_path, "2020/heat.html")
    page.locator("#heat td a").first.focus()
    expect(page.locator("#detail")).to_contain_text("onerror")
    assert page.locator("img").count() == 0
