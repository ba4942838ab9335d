"""A correction copied from the review page, put into the file, does what the page says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from flows.jobs.review import Request, review
from report.review.page import ASSETS
from schemas.records.corrections import CORRECTABLE, LISTS, MAY_BE_EMPTY
from tests.support.flows.office import Office
from tests.support.paths import CHROMIUM
from tests.support.report.browser import Visit

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.usefixtures("aligned_once"),
]

#: The tables of the text that hold what is corrected here, by their place in it.
TABLES = (1, 2, 5, 9)
POINTS = "1（高新区2）（临空经济区2）"
WHO = {"理由": "已对照纸质原件", "经办人": "王某"}


def office_in(folder: Path) -> Office:
    """Return an office whose notice has the front page and those tables alone."""
    office = Office(folder)
    text, source = office.notice / "notice.txt", office.notice / "source.toml"
    parts = re.split(r"\n(?=\n\| 一级指标)", text.read_text(encoding="utf-8"))
    kept = [parts[0], *(parts[number] for number in TABLES)]
    text.write_text("\n".join(kept) + "\n", encoding="utf-8")
    source.write_text(re.sub(r"(?m)^sha256.*\n", "", source.read_text(encoding="utf-8")))
    return office


class Desk:
    """An office with the review page open; what is copied there goes into the file."""

    def __init__(self, folder: Path, browser: Browser) -> None:
        self.office = office_in(folder)
        self.before = {each["finding_id"]: each for each in self.office.open_findings()}
        self.cells = self.office.ask("SELECT * FROM cells ORDER BY ALL")
        self.visit = Visit(browser, folder / "page/index.html")
        self.visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    def copy(self, finding: str, which: str | None = None, value: str | None = None) -> str:
        """Walk to a finding, fill in what is to be filled in, and copy; None accepts it."""
        page = self.visit.page
        page.locator(".finding", has_text=finding).first.click()
        if which is not None:
            page.locator("#inspector .correct select").select_option(label=which)
        if value is None:
            page.locator("#inspector input[type=checkbox]").check()
        else:
            page.locator("#inspector textarea").fill(value)
        for name, text in WHO.items():
            page.locator("#inspector label", has_text=name).last.locator("input").fill(text)
        assert page.locator("#inspector .lacking").text_content() == ""
        page.locator("#copy").click()
        return str(page.evaluate("navigator.clipboard.readText()"))

    def append(self, toml: str) -> None:
        with (self.office.notice / "corrections.toml").open("a", encoding="utf-8") as file:
            file.write(toml)

    def closed(self) -> set[tuple[str, int | None, str]]:
        """Return code, indicator and state of the findings that are no longer open."""
        rows = self.office.ask("SELECT finding_id, code, serial_no, state FROM findings")
        still = {row["finding_id"]: row for row in rows}
        assert set(self.before) <= set(still)  # none is lost
        ended = [still[name] for name in self.before if still[name]["state"] != "open"]
        opened = {row["finding_id"] for row in self.office.open_findings()}
        assert opened <= set(self.before)  # and none is new
        return {(row["code"], row["serial_no"], row["state"]) for row in ended}

    def told(self, code: str, serial_no: int) -> dict[str, Any]:
        said = f"SELECT * FROM findings WHERE code = '{code}' AND serial_no = {serial_no}"
        (row,) = self.office.ask(said)
        return row


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the office's warehouse with the damaged notice landed, and its review page."""
    folder = tmp_path_factory.mktemp("office")
    office = office_in(folder)
    assert office.ingest().exit_code == 3
    review(Request(office.warehouse, "ziyang-2020-text", None, folder / "page"), lambda _: None)
    return folder


@pytest.fixture
def desk(browser: Browser, landed: Path, tmp_path: Path) -> Iterator[Desk]:
    for name in ("tables", "page"):
        shutil.copytree(landed / name, tmp_path / name, symlinks=True)
    desk = Desk(tmp_path, browser)
    yield desk
    desk.visit.close()
    assert desk.visit.troubles == []


def test_what_was_copied_closes_just_its_findings(desk: Desk) -> None:
    # a value of one entity
    desk.append(desk.copy("后缺少分值", "分值原文", POINTS))
    assert desk.office.ingest().exit_code == 3
    points = ("points_exception_without_number", 20, "corrected")
    assert desk.closed() == {points}
    # a printed cell, and with it the target of every entity that it covers
    whole = "落实《资阳市2020年粮食安全市长责任制工作方案》"
    desk.append(desk.copy("粮食安全市长责任工作", "印刷的单元格", whole))
    assert desk.office.ingest().exit_code == 3
    title = ("title_cut", 41, "corrected")
    assert desk.closed() == {points, title}
    texts = "SELECT DISTINCT target_text, needs_review FROM targets WHERE serial_no = 41"
    assert desk.office.ask(f"{texts} AND status = 'assessed'") == [
        {"target_text": whole, "needs_review": False}
    ]
    # a doubt, accepted
    desk.append(desk.copy("第 28 项 · 高新区"))
    assert desk.office.ingest().exit_code == 3
    assert desk.closed() == {points, title, ("blank_ambiguous", 28, "accepted")}
    # who, why, from what to what; and what was read stays as it was read
    corrected = desk.told("corrected", 20)
    assert corrected["state"] == "corrected" and corrected["alternatives"][-1]["text"] == POINTS
    assert "已对照纸质原件（王某，" in corrected["message_zh"]
    assert (corrected["table_no"], corrected["row"]) != (None, None)
    assert desk.told("accepted", 28)["state"] == "accepted"
    assert desk.office.ask("SELECT * FROM cells ORDER BY ALL") == desk.cells


def test_an_entry_that_no_longer_fits_is_refused_and_changes_nothing(desk: Desk) -> None:
    copied = desk.copy("后缺少分值", "分值原文", POINTS)
    landed = desk.office.current()
    file = desk.office.notice / "corrections.toml"
    for text, code in (
        (re.sub("expect = .*", 'expect = "3"', copied), "correction_unmatched"),
        (copied + copied, "correction_twice"),
        (copied.replace("serial_no = 20", "serial_no = 107"), "correction_place"),
        (desk.copy("第 28 项 · 高新区").replace("/", "/0", 1), "correction_place"),
    ):
        file.write_text(text, encoding="utf-8")
        refused = desk.office.ingest()
        assert (refused.exit_code, desk.office.current()) == (1, landed), (code, refused.output)
        assert f"[{code}]" in refused.stderr and "Traceback" not in refused.output
        assert str(file) in refused.stderr
    assert {row["finding_id"] for row in desk.office.open_findings()} == set(desk.before)


def test_an_entry_that_is_no_longer_needed_is_refused(desk: Desk) -> None:
    """The document itself was put right: what was to be corrected is read as it should be."""
    desk.append(desk.copy("后缺少分值", "分值原文", POINTS))
    (notice,) = desk.office.notice.glob("*.txt")
    text = notice.read_text(encoding="utf-8")
    notice.write_text(re.sub(r"(高新区2\)\s*\(临空经济区)\)", r"\g<1>2)", text, count=1))
    landed = desk.office.current()
    refused = desk.office.ingest()
    assert (refused.exit_code, desk.office.current()) == (1, landed)
    assert "[correction_unmatched]" in refused.stderr or "[correction_unused]" in refused.stderr


def test_a_value_that_the_column_cannot_hold_is_lacking(desk: Desk) -> None:
    page = desk.visit.page
    page.locator(".finding", has_text="第 28 项 · 高新区").first.click()
    lacking = page.locator("#inspector .lacking")
    for which, value, said in (
        ("目标值（高新区）", " ", "不能空白"),
        ("分值（高新区）", "两分", "应为不小于 0 的数字"),
        ("是否考核（高新区）", "是", "不考核填 not_assessed"),
        ("指标名称", "", "不能空白"),
        ("方向", "高", "填越高越好"),
    ):
        page.locator("#inspector .correct select").select_option(label=which)
        page.locator("#inspector textarea").fill(value)
        assert said in (lacking.text_content() or ""), which
    page.locator("#inspector .correct select").select_option(label="是否考核（高新区）")
    page.locator("#inspector .chips button", has_text="考核").first.click()
    assert 'value = "assessed"' in (page.locator("#toml").text_content() or "")
    page.locator("#inspector .correct select").select_option(label="方向")
    page.locator("#inspector textarea").fill("越接近越好")
    assert 'value = "nearer_is_better"' in (page.locator("#toml").text_content() or "")
    page.locator("#inspector .correct select").select_option(label="备注")
    page.locator("#inspector textarea").fill("略")
    assert "正确的值" not in (lacking.text_content() or "")


def test_the_page_offers_every_column_that_can_be_corrected() -> None:
    script = (ASSETS / "correction.js").read_text(encoding="utf-8")
    lists = re.findall(r"const OF_(?:VALUE|INDICATOR) = \[([^\]]*)\]", script)
    offered = {name for each in lists for name in re.findall(r'"(\w+)"', each)}
    assert offered == set(CORRECTABLE)


def test_the_page_knows_which_values_may_be_blank() -> None:
    script = (ASSETS / "correction.js").read_text(encoding="utf-8")
    (listed,) = re.findall(r"MAY_BE_EMPTY = new Set\(\[\.\.\.LISTS, ([^\]]*)\]\)", script)
    assert set(re.findall(r'"(\w+)"', listed)) == MAY_BE_EMPTY
    (lists,) = re.findall(r"LISTS = new Set\(\[([^\]]*)\]\)", script)
    assert set(re.findall(r'"(\w+)"', lists)) == set(LISTS)
