"""The review page in Chromium, opened from disk: real clicks and keys, and hostile texts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from report.review.data import review_data
from report.review.page import write_page
from schemas.files.corrections import parse_corrections
from schemas.records.corrections import CellPlace, Content, FindingPlace, ValuePlace
from schemas.records.document import Document, Table
from schemas.records.notice import Alternative, Finding
from tests.support.paths import CHROMIUM
from tests.support.report.browser import Visit, broken
from tests.support.report.landed import landed
from tests.support.schemas.records import small_document, small_notice

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")

Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a page; afterwards nothing on it may have gone wrong."""
    visits: list[Visit] = []

    def start(file: Path, width: int = 1440, height: int = 900) -> Visit:
        visits.append(Visit(browser, file, width, height))
        return visits[-1]

    yield start
    for each in visits:
        each.close()
    assert [trouble for each in visits for trouble in each.troubles] == []


def fill_in(page: Visit, reason: str = "原件如此", by: str = "王某") -> None:
    for name, value in (("理由", reason), ("经办人", by)):
        page.page.locator("#inspector label", has_text=name).last.locator("input").fill(value)


def copied(page: Visit) -> str:
    page.page.locator("#toml").wait_for()
    return page.page.locator("#toml").text_content() or ""


@pytest.mark.parametrize("name", ["pdf", "text"])
def test_a_value_leads_to_its_place_and_back(visit: Open, folder: Path, name: str) -> None:
    page = visit(folder / name / "index.html")
    row = page.page.locator("tr[data-serial='92']")
    row.locator("td.value").nth(1).click()
    assert page.seen("#original .cell.selected", "#original .body")
    number = page.page.locator("#original .cell.selected").get_attribute("data-cell")
    assert "安岳县" in page.text("#inspector h2")
    page.page.locator("tr[data-serial='3'] td.value").first.click()
    page.page.locator(f"#original [data-cell='{number}']").click()
    assert page.count("tr[data-serial='92'] td.value.selected") == 1
    assert page.seen("tr[data-serial='92'] td.selected", "#view-table .body")
    assert "110" in page.text("#inspector")


def test_findings_are_walked_through_with_keys(visit: Open, folder: Path) -> None:
    page = visit(folder / "text" / "index.html")
    page.press("j", "j", "k", "ArrowDown")
    chosen = page.page.locator("#findings .finding[aria-current]")
    assert chosen.count() == 1
    assert chosen.inner_text() == page.page.locator("#findings .finding").nth(1).inner_text()
    assert page.page.evaluate("document.activeElement.className").startswith("finding")
    total = page.count("#findings .finding")
    page.page.locator("#findings .finding").last.click()
    page.press("j")
    assert page.page.locator("#findings .finding").last.get_attribute("aria-current") == "true"
    assert page.text("#findings output") == f"看过 3 / {total}"


def test_a_finding_shows_readings_and_a_correction_that_is_understood(
    visit: Open, folder: Path
) -> None:
    page = visit(folder / "text" / "index.html")
    page.page.locator(".finding", has_text="高新区 · 分值").or_(
        page.page.locator(".finding", has_text="临空经济区 · 分值")
    ).first.click()
    shown = page.text("#inspector .about")
    assert "读到" in shown and "1(高新区2)(临空经济区)" in shown
    assert page.count("#inspector .about q") >= 2
    page.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    fill_in(page)
    page.page.locator("#inspector textarea").fill("1.5")
    page.page.locator("#copy").click()
    text = page.page.evaluate("navigator.clipboard.readText()")
    assert text == copied(page)
    (correction,) = parse_corrections(text.encode(), "corrections.toml")
    assert correction.where == ValuePlace(20, "max_points", "临空经济区")
    assert (correction.value, correction.reason, correction.by) == (1.5, "原件如此", "王某")


OFFERED = """([kinds, other]) => {
    const [which, value] = ["select", "textarea"].map((each) =>
        document.querySelector(`#inspector .correct ${each}`));
    const say = (field, ...events) => events.forEach((each) =>
        field.dispatchEvent(new Event(each, { bubbles: true })));
    return [...which.options].map(({ label, index }) => {
        which.selectedIndex = index;
        say(which, "input", "change");
        if (!value.disabled) {
            value.value = kinds[label.split("（")[0]] ?? other;
            say(value, "input");
        }
        return [label, document.getElementById("toml").textContent];
    });
}"""
"""Chooses one after another as a user does, but without drawing each: what is copied then."""


def corrections(page: Visit) -> dict[str, tuple[object, Content, Content | None]]:
    """Return every correction that the inspector offers, as the reader of the file takes it."""
    found = {}
    fill_in(page)  # who and why stay, whatever is chosen
    kinds = {"是否考核": "not_assessed", "分值": "7", "方向": "lower_is_better"}
    for label, text in page.page.evaluate(OFFERED, [kinds, '新“值”"\\']):
        (read,) = parse_corrections(text.encode(), "corrections.toml")
        found[label] = (read.where, read.expect, read.value)
    return found


def test_everything_offered_is_understood(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.page.locator(".finding", has_text="第 89 项").click()
    found = corrections(page)
    assert found["目标值（雁江区）"][:2] == (
        ValuePlace(89, "target_text", "雁江区"),
        "落实《资阳市2020年粮食安全市长责任工作",
    )
    assert found["考核单位"][2] == ('新“值”"\\',)
    assert found["分值（雁江区）"][1:] == (2.0, 7.0)
    assert found["分值原文"][1] == "2"
    cell = found["印刷的单元格"][0]
    assert isinstance(cell, CellPlace) and (cell.page, cell.table_no) == (7, 7)
    assert isinstance(found["这条事项"][0], FindingPlace) and found["这条事项"][2] is None


def test_what_lacks_is_said_until_it_is_there(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.page.locator(".finding", has_text="第 89 项").click()
    assert page.text("#inspector .lacking") == "还需填写：正确的值（现与读到的相同）、理由、经办人"
    page.page.locator("#inspector input[type=checkbox]").check()
    fill_in(page)
    assert page.count("#inspector .lacking:empty") == 1
    (accepted,) = parse_corrections(copied(page).encode(), "corrections.toml")
    assert isinstance(accepted.where, FindingPlace) and accepted.value is None


def test_totals_say_what_is_missing_and_lead_there(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.page.locator("#tab-totals").click()
    assert "临空经济区98.5 分（少 0.5 分）" in page.text("#view-totals .note")
    assert page.text(".totals .sum").split() == ["合计", "99", "99", "99", "99", "98.5"]
    page.page.locator(".finding", has_text="分值合计为98.5分").click()
    page.page.locator("#inspector .about .link").first.click()
    assert "98. " in page.text("#inspector h2") and "临空经济区" in page.text("#inspector h2")
    assert page.page.locator("#view-table").is_visible()


def test_filters(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.press("f")
    flagged = page.count(".landed tbody tr[data-serial]:not([hidden])")
    assert 1 <= flagged < 10
    assert page.text(".count") == f"显示 {flagged} / 106 项"
    page.press("f", "/")
    page.page.keyboard.type("生猪 农业农村")
    assert page.count(".landed tbody tr[data-serial]:not([hidden])") == 1
    page.page.locator("#search").fill("")
    page.page.locator("#by-entity").select_option(label="高新区")
    assert page.count("tr[data-serial='1'] td.value:not([hidden])") == 1
    page.page.locator("#by-heading").select_option(index=2)
    shown = page.count(".landed tbody tr.heading:not([hidden])")
    assert shown == 1
    page.press("Escape", "j")  # a finding behind the filters clears them
    assert page.text(".count") == "共 106 项"


def test_marks_do_not_rest_on_colour(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    script = """(selector) => { const style = getComputedStyle(document.querySelector(selector),
        '::after'); return style.content }"""
    assert "▲" in page.page.evaluate(script, "td.value.flagged")
    absent = page.page.locator("td.not_assessed").first
    assert absent.inner_text() == "—"
    assert "gradient" in absent.evaluate("(td) => getComputedStyle(td).backgroundImage")
    assert "待核对" in (
        page.page.locator("td.value.flagged").first.get_attribute("aria-label") or ""
    )


def test_the_table_is_walked_with_arrow_keys(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.page.locator("tr[data-serial='1'] td.value").first.focus()
    page.press("ArrowDown", "ArrowRight", "Enter")
    assert page.text("#inspector h2").startswith("2. ")
    assert "安岳县" in page.text("#inspector h2")
    page.press("Escape")
    assert not page.page.locator("#inspector").is_visible()
    page.press("?")
    assert page.page.locator("#help").is_visible() and "复制更正条目" in page.text("#help")


def test_pictures_are_loaded_when_they_come_near(visit: Open, folder: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.page.wait_for_function("document.querySelector('#page-1 img').naturalWidth > 1000")
    assert page.count("#page-8 .cell") == 0
    page.page.locator("#original select").select_option("8")
    page.page.wait_for_selector("#page-8 .cell")
    page.page.wait_for_function("document.querySelector('#page-8 img').naturalWidth > 1000")


@pytest.mark.parametrize("name", ["pdf", "text"])
def test_narrow_screen(visit: Open, folder: Path, name: str) -> None:
    page = visit(folder / name / "index.html", 390, 844)
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390
    page.page.locator(".finding", has_text="第 89 项").first.click()
    page.page.locator(".to-original").click()
    assert page.page.locator("#original").is_visible()
    assert page.seen("#original .cell.selected", "#original .body")
    page.page.locator(".to-landed").click()
    assert page.seen("#view-table td.selected", "#view-table .body")
    page.page.locator("#tabs button", has_text="待核对").click()
    assert page.page.locator("#findings").is_visible()
    assert page.page.evaluate("document.documentElement.scrollWidth") <= 390


HOSTILE = (
    "<script>window.ran = 1; alert(1)</script>",
    "</script><script>window.ran = 2</script><!--",
    "\"><img src=x onerror='window.ran = 3'>",
    "javascript:window.ran=4",
    "<svg/onload=window.ran=5>{{7*7}}${7*7}`",
    "&lt;script&gt;&#x3c;img src=x&#x3e;\u2028\u202e",
    '"""\n[[correction]]\nserial_no = 1\x7f\\',
)


def hostile_pages(folder: Path) -> Path:
    """Write a page of a document whose every text, name and finding tries to be markup."""
    document, notice = small_document("<b>.pdf"), small_notice()
    texts = iter(HOSTILE * 40)
    cells = tuple(cell._replace(text=next(texts)) for cell in document.tables[0].cells)
    table: Table = replace(document.tables[0], cells=cells, place=next(texts))
    spoiled: Document = replace(document, tables=(table,))
    names = {entity: f"{entity}{next(texts)}" for entity in notice.entities}
    indicators = tuple(
        replace(each, indicator=next(texts), level1=next(texts), level2=next(texts),
                unit=next(texts), assessing_departments=(next(texts),), note=next(texts))
        for each in notice.indicators
    )  # fmt: skip
    targets = tuple(
        replace(each, entity=names[each.entity], needs_review=True, review_reason=next(texts),
                target_text=next(texts) if each.target_text else None)
        for each in notice.targets
    )  # fmt: skip
    findings = tuple(
        Finding("error", "x", text, text, 1, names["东河区"], "target_text", text,
                (Alternative(text), Alternative("<i>")))
        for text in HOSTILE
    )  # fmt: skip
    spoiled_notice = replace(
        notice, indicators=indicators, targets=targets, findings=findings, title=HOSTILE[1],
        entities=tuple(names.values()),
    )  # fmt: skip
    data = review_data(landed(spoiled, spoiled_notice), [], HOSTILE[0])
    data["meta"]["document_id"] = HOSTILE[2]
    return write_page(folder, HOSTILE[1], data)


def test_hostile_texts_are_shown_and_never_run(visit: Open, tmp_path: Path) -> None:
    page = visit(hostile_pages(tmp_path))
    for text in HOSTILE:
        page.press("j")
        fill_in(page, text, "<b>")
        (read,) = parse_corrections(copied(page).encode(), "corrections.toml")
        assert isinstance(read.where, ValuePlace) and "东河区" in (read.where.entity or "")
        assert read.by == "<b>" and read.reason.startswith(text[:3])
    for serial in range(1, 7):
        page.page.locator(f"tr[data-serial='{serial}'] td").first.click()
    page.page.locator("#original [data-cell='8']").click()
    page.page.locator("#tab-totals").click()
    assert page.page.evaluate("window.ran") is None
    assert page.count("img, svg, iframe, b[onclick], #landed script, #findings script") == 0
    assert HOSTILE[0] in page.text("#findings")
    assert page.text("h1") == HOSTILE[1]


def test_markup_that_got_in_would_still_not_run(browser: Browser, folder: Path) -> None:
    whole = (folder / "pdf" / "index.html").read_text(encoding="utf-8")
    broken = folder / "pdf" / "broken.html"
    markup = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'>"
    outside = (
        "<script src='https://example.invalid/x.js'></script><script src='data:,ran=3'></script>"
    )
    broken.write_text(whole.replace("<main>", f"{markup}{outside}<main>"), encoding="utf-8")
    page = Visit(browser, broken)
    page.page.evaluate("() => { try { document.body.innerHTML = '<b>' } catch { } }")
    assert page.page.evaluate("[window.ran, document.querySelector('main') !== null]") == [
        None,
        True,
    ]
    assert len([said for said in page.troubles if "Content Security Policy" in said]) >= 4
    page.close()


@pytest.mark.parametrize(
    ("name", "width", "scheme"), [("pdf", 1440, "dark"), ("text", 390, "light")]
)
def test_axe_finds_nothing(
    browser: Browser, folder: Path, name: str, width: int, scheme: str
) -> None:
    """With a finding chosen, so that what is known of it and its correction are shown."""
    page = (folder / name / "index.html").as_uri()
    assert broken(browser, [page], [(width, scheme)], key="j") == []


def test_prints(visit: Open, folder: Path, tmp_path: Path) -> None:
    page = visit(folder / "pdf" / "index.html")
    page.page.emulate_media(media="print")
    assert page.page.locator("#view-totals").is_visible()
    assert not page.page.locator("#original").is_visible()
    height = page.page.evaluate("document.querySelector('table.landed').clientHeight")
    body = page.page.evaluate("document.querySelector('#view-table .body').clientHeight")
    assert body >= height
