"""The whole year at the desk, in a browser, from an empty folder to the published site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.demo import returns as samples
from flows.demo.figures import aims_of
from flows.desk.shared.desk import DeskOrder
from flows.jobs.batch.run import ingest
from flows.jobs.desk.memory import Memory
from flows.jobs.ingest import Order
from flows.jobs.returns.forms import read_document_lines
from flows.jobs.score.inputs import ScoreOrder
from flows.jobs.score.run import score_year
from returns import form_lines
from schemas.records.forms import SAMPLE_LABEL
from schemas.tables.frames import records
from tests.support.flows.desk import served
from tests.support.paths import CHROMIUM, NOTICE, ROOT
from tests.support.report.browser import broken, chromium
from warehouse.reading import read_tables

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]

GROUPS = {
    "雁江区": "县（区）",
    "安岳县": "县（区）",
    "乐至县": "县（区）",
    "高新区": "开发区",
    "临空经济区": "开发区",
}
DAMAGED = "ziyang-2020-text"
ROWS, DEPARTMENTS = 10, 5
"""So many of the notice's indicators, and who assesses them: the rest shows no more of a year."""
UNASSESSED = ("市发展改革委", "市财政局")
"""Whose first indicator says in the shortened notice not who assesses it."""
PATIENCE = 90_000
FEW = 3
"""So many departments hand in: what receiving is, many files show no better."""
REFUSED = "status of 400"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def filled_in(order: DeskOrder, document_id: str, folder: Path) -> list[Path]:
    """Fill in the forms that the desk has made, as the demonstration's departments do."""
    document, title = read_document_lines(order.warehouse, 2020, document_id, order.raw)
    made = form_lines.forms(document.lines, document_id, 2020, title, unclear=document.unclear)
    forms = {form.department: form for form in made}
    tables = read_tables(order.warehouse, ("targets", "indicators"))
    directions = {row["serial_no"]: row["direction"] for row in records(tables["indicators"])}
    aims = aims_of(records(tables["targets"]), directions)
    plan = replace(samples.plan_of(list(forms.values()), aims), mistakes={}, corrected=None)
    paths = {path.name.split("_")[0]: path for path in order.places.forms.glob("*.xlsx")}
    day = plan.days[0]
    return [
        samples.fill(forms[name], paths[name], folder, plan, aims, day)
        for name in plan.on_time[:FEW]
    ]


def settle_findings(page: Page) -> int:
    """Accept one finding after another by the keyboard alone; return how many there were."""
    page.wait_for_selector("body[data-ready]", timeout=PATIENCE)
    page.keyboard.press("j")
    page.keyboard.press("a")  # leads to the reason, which is lacking
    page.keyboard.type("已对照纸质原件")
    page.keyboard.press("Enter")  # and to the name
    page.keyboard.type("王某")
    page.keyboard.press("Enter")
    count = 1
    said = page.locator("#said.shown", has_text=re.compile("还有|全部"))
    asked = page.locator("#said.shown", has_text="还需填写：理由")
    said.wait_for(timeout=PATIENCE)
    while "还有" in said.inner_text():
        page.evaluate("document.getElementById('said').textContent = ''")
        page.keyboard.press("a")
        count += 1
        said.or_(asked).wait_for(timeout=PATIENCE)
        if asked.count():  # of another kind: the reason before is none of it
            page.keyboard.type("已对照纸质原件")
            page.keyboard.press("Enter")
        said.wait_for(timeout=PATIENCE)
    return count


def shortened(folder: Path) -> Path:
    """Write the first rows of the notice, with findings of two kinds, two of each."""
    rows = NOTICE.read_text("utf-8").split("<tr>")[: ROWS + 2]
    text = "<tr>".join(rows) + "</tbody></table></html>"
    for name in UNASSESSED:
        text = text.replace(f">{name}</td>", "></td>", 1)
    (path := folder / NOTICE.name).write_text(text, "utf-8")
    return path


def take_in(page: Page, notice: Path) -> str:
    """Drop the notice and set the rank groups; return the document's id."""
    page.get_by_role("link", name="收一份通知").click()
    page.set_input_files("input[type=file]", str(notice))
    page.get_by_role("button", name="读取并入库").click()
    page.get_by_text("已读取并入库").wait_for()
    document_id = page.url.split("/notices/")[1].split("/")[0]

    for entity, group in GROUPS.items():
        page.get_by_label(entity, exact=True).fill(group)
    page.get_by_label("考核年度").fill("去年")
    page.get_by_role("button", name="保存并重新入库").click()
    page.get_by_role("alert").filter(has_text="要填数字").wait_for()
    page.get_by_label("考核年度").fill("2020")  # and all else that was filled in is still there
    page.get_by_role("button", name="保存并重新入库").click()
    page.get_by_text("已保存并重新入库。").wait_for()
    return document_id


def collect(page: Page, order: DeskOrder, document_id: str, folder: Path) -> None:
    """Make the forms, and drop them filled in."""
    page.goto(page.url.split("/review")[0])
    page.get_by_role("link", name="去做").click()
    page.get_by_role("button", name=re.compile("做填报表")).click()
    page.get_by_text(re.compile(f"已做好 {DEPARTMENTS} 份")).wait_for()
    files = filled_in(order, document_id, folder)
    page.set_input_files("input[type=file]", [str(each) for each in files])
    page.get_by_role("button", name="接收").click()
    page.get_by_role("heading", name="接收结果").wait_for()
    assert page.locator(".tag", has_text="已接收").count() == len(files)
    assert page.locator(".tag", has_text="未审核").count() == len(files)

    page.get_by_role("link", name="回到报送").click()
    assert page.locator(".tag.done", has_text="报齐").count() > len(files) / 2


def score_and_publish(page: Page, folder: Path, *, are_samples: bool) -> None:
    """Score, look at an answer and a trial, publish."""
    page.get_by_role("link", name="成绩").click()
    page.get_by_role("button", name="计分", exact=True).click()
    page.get_by_text(re.compile("^已计分")).wait_for()
    assert "县（区）" in page.inner_text("tbody")
    assert page.get_by_text(SAMPLE_LABEL).count() == int(are_samples)
    page.get_by_role("button", name="看依据").click()
    expect(page.get_by_role("heading", name="四、计算过程")).to_be_visible()
    page.go_back()
    page.get_by_label("换成").fill("1")
    page.get_by_role("button", name="试算").click()
    page.get_by_text("不入库，成绩没有改动").wait_for()
    page.go_back()
    page.get_by_label("发布到哪个文件夹").fill(str(folder))
    page.get_by_role("button", name="发布").click()
    page.get_by_text("与现在的数据一致").wait_for()


def test_the_whole_year(browser: Browser, tmp_path: Path) -> None:
    order = DeskOrder(tmp_path / "tables", tmp_path / "raw", tmp_path / "out")
    troubles: list[str] = []
    with served(order) as address:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: (
                troubles.append(said.text)
                if said.type == "error" and REFUSED not in said.text
                else None
            ),
        )
        page.goto(address)
        document_id = take_in(page, shortened(tmp_path))
        page.get_by_role("link", name="对照原件核对").click()
        assert settle_findings(page) == 4
        collect(page, order, document_id, tmp_path / "filled")
        score_and_publish(page, tmp_path / "网页", are_samples=False)  # the forms are real ones

        page.goto(page.url.split("/scores")[0])
        assert page.locator(".steps .done, .steps .partly").count() >= 5
        state = context.storage_state()
        context.close()
        asked = "serial_no=1&entity=雁江区"
        looked_at = [
            *("/", "/notices", f"/notices/{document_id}/", "/review", f"/review/{document_id}/"),
            f"/notices/{document_id}/method?serial_no=1&rule=bands",
            *("/returns", "/scores", f"/scores/{document_id}/answer?{asked}", "/nowhere"),
            f"/scores/{document_id}/what-if?{asked}&column=actual_value&value=1",
        ]
        base = address.partition("/enter")[0]
        assert broken(browser, [base + each for each in looked_at], state=state) == []
    assert troubles == []
    assert (tmp_path / "网页/index.html").is_file()
    # the keyboard finds nothing to change
    assert not ingest(Order(order.raw / "notices" / document_id, order.warehouse), print).changed
    again = ScoreOrder(2020, order.warehouse, document_id, None, order.raw)
    assert not score_year(again, print).changed


@pytest.fixture
def damaged(tmp_path: Path) -> DeskOrder:
    """A desk of the first lines of the notice as a damaged text, with 7 findings, landed."""
    folder = tmp_path / "raw/notices" / DAMAGED
    folder.mkdir(parents=True)
    lines = (ROOT / "raw/notices" / DAMAGED / "notice.txt").read_text("utf-8").splitlines()
    (folder / "notice.txt").write_text("\n".join(lines[:46]), "utf-8")
    (folder / "source.toml").write_text("year = 2020\n", "utf-8")
    order, memory = DeskOrder(tmp_path / "tables", tmp_path / "raw", tmp_path / "out"), Memory()
    memory.land(memory.read(folder, order.warehouse, print), folder, order.warehouse)
    return order


def saved_after_a_start(page: Page, order: DeskOrder, port: int, left: int) -> None:
    """Save what is filled in on a page whose desk has ended, as each refusal says."""
    page.locator("#save").click()
    expect(page.locator("#help")).to_contain_text(f"kaohe desk --port {port}")
    page.get_by_role("button", name="留在本页").click()
    with served(order, port) as address:
        page.locator("#save").click()
        expect(page.locator("#help")).to_contain_text("重新启动过")
        page.get_by_role("button", name="留在本页").click()
        other = page.context.new_page()
        other.goto(address)
        other.close()
        page.locator("#save").click()
        page.locator("#said.shown", has_text=f"已保存，还有 {left} 条").wait_for()


def decide_twice(page: Page) -> None:
    """Decide a value of the table, and then otherwise: the second takes the first one's place."""
    said = page.locator("#said.shown")
    for value in ("第一次", "第二次"):
        page.evaluate("review.selectField(1, 'note', 'table')")
        page.locator("#inspector textarea").fill(value)
        page.locator("#inspector [name=reason]").fill(f"{value}看")
        page.locator("#save").click()
        said.filter(has_text="已保存，还有").wait_for()  # the page was loaded anew
    page.evaluate("review.selectField(1, 'note', 'table')")
    expect(page.locator("#inspector .settled")).to_contain_text("第二次看")
    expect(page.locator("#inspector .settled")).not_to_contain_text("第一次看")


def test_no_decision_is_made_by_what_was_left_over(browser: Browser, damaged: DeskOrder) -> None:
    """Undo, a page loaded anew, a finding that is settled, a desk that was started anew."""
    file = damaged.raw / "notices" / DAMAGED / "corrections.toml"
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    said = page.locator("#said.shown")
    with served(damaged) as address:
        port = int(address.split(":")[2].partition("/")[0])
        page.goto(address)
        page.goto(f"{address.partition('/enter')[0]}/review/{DAMAGED}/")
        page.wait_for_selector("body[data-ready]")
        asking = "() => review.data.findings.filter((each) => each.severity !== 'info').length"
        found = page.evaluate(asking)
        for keys in ("j", "a"):
            page.keyboard.press(keys)
        page.keyboard.type("只是草稿")
        page.keyboard.press("Escape")
        for keys in ("j", "a"):  # what was typed for one finding is no reason for another
            page.keyboard.press(keys)
        page.keyboard.type("已对照原件")
        page.keyboard.press("Enter")
        page.keyboard.type("王某")
        page.keyboard.press("Enter")
        said.filter(has_text=f"已保存，还有 {found - 1} 条").wait_for()
        alike = """() => { const { findings } = review, is = (each) => each.state === "open";
            const done = review.data.findings.find((each) => each.state === "accepted");
            const reason = () => document.querySelector("[name=reason]").value;
            const look = (each) => (review.selectFinding(each, "findings"), reason());
            return findings.ordered.filter(is).map((each) => [each.code === done.code, look(each)]);
        }"""
        carried = page.evaluate(alike)  # a reason is for findings of the same kind alone
        assert {same == (reason == "已对照原件") for same, reason in carried} == {True}
        assert {same for same, _ in carried} == {True, False}
        assert file.read_text("utf-8").count("[[correction]]") == 1

        page.reload()
        page.wait_for_selector("body[data-ready]")
        page.locator("#findings .finding.accepted").first.click()  # shows its decision, no form
        expect(page.locator("#inspector .settled")).to_contain_text("已对照原件")
        expect(page.locator("#inspector #save")).to_have_count(0)
        page.keyboard.press("a")
        said.filter(has_text="已经定了").wait_for()

        decide_twice(page)
        page.keyboard.press("u")
        said.filter(has_text="已撤销").wait_for()

        page.reload()
        page.wait_for_selector("body[data-ready]")
        page.keyboard.press("u")
        said.filter(has_text=re.compile(f"已撤销：.*还有 {found} 条")).wait_for()
        assert "[[correction]]" not in file.read_text("utf-8")
        page.keyboard.press("a")  # its finding is open again, and nothing says why it is right
        said.filter(has_text="还需填写：理由").wait_for()
        page.keyboard.type("看过两遍")

    saved_after_a_start(page, damaged, port, found - 1)
    assert "看过两遍" in file.read_text("utf-8")
    context.close()
