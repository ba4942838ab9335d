"""The site's pages as files: hostile texts stay texts, pages stay light, odd years stay whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from report.figures import fixed, percent
from report.rule_words import number
from report.site.charts import Step, start, waterfall
from report.site.model import Edition, Print
from report.site.pages import is_site
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import METHODS
from tests.support.for_each import for_each
from tests.support.report.hostile import HOSTILE, few, hostile_rows
from tests.support.report.scored import rows_of
from tests.support.report.site_reading import pages, read, references, said
from tests.support.report.small_edition import Row, doubted, rows_of_scored, small
from tests.support.report.whole_site import write_site
from tests.support.scoring.notices import DOCUMENT, indicator, returned, target

LIGHTEST, HEAVIEST = 1_000, 1_500_000


def edition(site: Path, **changed: Any) -> Edition:
    return replace(Edition("2020", rows_of(site / "tables", "demo-2020")), **changed)


def test_texts_of_a_document_stay_texts(site: Path, tmp_path: Path) -> None:
    rows = hostile_rows(few(rows_of(site / "tables", "demo-2020"), 6))
    printed = {serial_no: [(HOSTILE, HOSTILE)] for serial_no in range(1, 7)}
    hostile = Edition("2020", rows, printed=Print({}, printed), remark=HOSTILE)
    write_site(tmp_path, [hostile], lambda _: None)
    for page in pages(tmp_path):
        root = read(page)
        assert {said(each) for each in root.iter("script")} == {""}
        assert not root.xpath("//@*[starts-with(name(), 'on')]")
        assert not root.xpath("//@style | //style | //iframe | //form[not(@id='filters')]")
        for _, value, file, _ in references(page):
            assert file is not None and file.is_file(), value
        assert "49" not in said(root.xpath("//h1")[0])
    assert HOSTILE in said(read(tmp_path / "2020/i/001.html").xpath("//h1")[0])
    assert HOSTILE in said(read(tmp_path / "2020/e/01.html").xpath("//h1")[0])


def test_a_drawing_holds_shapes_and_texts_only() -> None:
    drawn = waterfall([Step("<script>", "lost", 10.0, 4.0)], HOSTILE)
    root = html.fragment_fromstring(str(drawn))
    assert {each.tag for each in root.iter()} <= {"svg", "g", "path", "text", "rect", "line"}
    assert root.get("role") == "img"
    assert root.get("aria-label") == HOSTILE
    assert "<script>" in said(root)
    names = {name for each in root.iter() for name in each.attrib}
    assert not names & {"href", "style", "onclick"}


@pytest.mark.parametrize(
    ("lost", "first"), [(0.4, 98.0), (3.0, 95.0), (19.0, 75.0), (30.0, 0.0), (99.0, 0.0)]
)
def test_a_waterfall_begins_where_something_happens(lost: float, first: float) -> None:
    """Points of 99: a loss of 0.4 is seen, and a scale that begins above zero is said."""
    ends = ((0.0, 99.0, "whole"), (99.0, 99.0 - lost, "lost"), (0.0, 99.0 - lost, "whole"))
    steps = [Step("", kind, start_, end) for start_, end, kind in ends]
    assert start(steps) == first
    root = html.fragment_fromstring(str(waterfall(steps, "x")))
    bars = [path.get("d") for path in root.xpath("//*[local-name()='path'][@stroke-width='0.6']")]
    assert len(bars) == 3


def test_a_year_that_is_not_scored_shows_its_targets(site: Path, tmp_path: Path) -> None:
    rows = rows_of(site / "tables", "demo-2020")
    bare = {
        name: [] if name in {"scores", "scorecards", "rank_stability", "returns"} else table
        for name, table in rows.items()
    }
    write_site(tmp_path, [edition(site, rows=few(bare, 8))], lambda _: None)
    assert "尚未计分" in said(read(tmp_path / "2020/index.html").body)
    assert "3.0" in said(read(tmp_path / "2020/i/001.html").body)
    assert "样例数据" not in said(read(tmp_path / "2020/index.html").body)
    cells = read(tmp_path / "2020/heat.html").xpath("//table[@id='heat']//td/@class")
    assert set(cells) == {"u", "n"}


def test_only_the_latest_date_is_shown_and_returns_after_it_are_not(
    site: Path, tmp_path: Path
) -> None:
    rows = few(rows_of(site / "tables", "demo-2020"), 20)
    first = min(row["as_of"] for row in rows["scores"])
    early = {
        name: [row for row in table if row.get("as_of", first) == first]
        for name, table in rows.items()
    }
    write_site(tmp_path, [edition(site, rows=early)], lambda _: None)
    page = said(read(tmp_path / "2020/i/001.html").body)
    assert "2020年6月30日" in page
    assert "0930" not in page
    assert "只有一次计分" in said(read(tmp_path / "2020/progress.html").body)


def test_pages_of_twenty_entities_stay_light(site: Path, tmp_path: Path) -> None:
    """Forty indicators; with a hundred the heaviest page has a third of what is too heavy."""
    rows = {
        name: [row | {"entity": f"{row['entity']}{copy}"} for row in table for copy in range(4)]
        if table and "entity" in table[0] else table
        for name, table in few(rows_of(site / "tables", "demo-2020"), 40).items()
    }  # fmt: skip
    write_site(tmp_path, [Edition("2021", rows)], lambda _: None)
    sizes = {page: weight(page) for page in pages(tmp_path)}
    assert len(sizes) > 90
    assert max(sizes.values()) < HEAVIEST / 3 * 40 / 106, max(sizes, key=sizes.__getitem__)


def test_pages_with_pictures_stay_light(site: Path) -> None:
    sizes = [weight(page) for page in pages(site / "out")]
    assert min(sizes) > LIGHTEST
    assert max(sizes) < HEAVIEST / 5
    total = sum(file.stat().st_size for file in (site / "out").rglob("*") if file.is_file())
    assert total < 8_000_000


def weight(page: Path) -> int:
    """Return the bytes of a page with all that it loads."""
    root = read(page)
    loaded = {page, *(
        (page.parent / each).resolve()
        for each in root.xpath("//img/@src | //script/@src | //link/@href")
    )}  # fmt: skip
    return sum(file.stat().st_size for file in loaded)


def test_a_site_is_known_by_its_first_page(site: Path, tmp_path: Path) -> None:
    assert is_site(site / "out")
    assert not is_site(site / "tables")
    (tmp_path / "index.html").write_text("<h1>x</h1>")
    assert not is_site(tmp_path)


@for_each(
    "value, text",
    [(None, "—"), (0.0, "0.00"), (-0.001, "0.00"), (-1.5, "−1.50"), (99.0, "99.00")],
)
def test_numbers_line_up(value: float | None, text: str) -> None:
    assert fixed(value) == text


@for_each("value, text", [(None, "—"), (1200.0, "1200"), (0.1, "0.1"), (-0.0, "0"), (-2.5, "−2.5")])
def test_numbers_are_as_short_as_they_are(value: float | None, text: str) -> None:
    assert number(value) == text


def test_shares_are_per_cent() -> None:
    assert percent(0.98765) == "98.8%"


def test_what_departments_differ_in_is_said(tmp_path: Path) -> None:
    owner = indicator(assessing_departments=["市统计局", "市财政局"])
    returns = [
        returned(owner, actual_value=9.0, department="市统计局"),
        returned(owner, actual_value=8.0, department="市财政局", source_row=6),
    ]
    write_site(tmp_path, [small([owner], [target(owner)], returns)], lambda _: None)
    page = said(read(tmp_path / "2020/i/001.html").xpath("//td[@data-col='actual']")[0])
    assert "部门所报不一致" in page
    assert "市财政局：8" in page
    assert "市统计局：9" in page
    assert "部门所报不一致" in said(read(tmp_path / "2020/e/01.html").body)
    assert read(tmp_path / "2020/heat.html").xpath("//td/@class") == ["x a"]
    assert said(read(tmp_path / "2020/index.html").xpath("//a[@class='lamp x']")[0])[-1] == "1"


def said_below(folder: Path, edition: Edition, path: str) -> list[str]:
    """Return what a page says of points that lie below their interval."""
    folder.mkdir()
    write_site(folder, [edition], lambda _: None)
    return [said(each) for each in read(folder / "2020" / path).find_class("below")]


@pytest.mark.parametrize("path", ["index.html", "e/01.html"])
def test_points_below_their_interval_are_explained_once(tmp_path: Path, path: str) -> None:
    owner, other = indicator(), indicator(2)
    parts = [
        {"text": text, "subject": None, "operator": ">=", "value": 10.0, "unit": None}
        for text in ("甲10", "乙10")
    ]
    compound = target(owner, target_kind="compound", operator=None, target_value=None, parts=parts)
    differ = [
        returned(owner, actual_value=9.0, department="市统计局"),
        returned(owner, actual_value=8.0, department="市财政局", source_row=6),
    ]
    some = [returned(owner, part_no=1, actual_value=10.0)]
    cases = ((compound, some, 1), (target(owner), differ, 1), (target(owner), differ[:1], 0))
    for number_, (first, returns, count) in enumerate(cases):
        shown = small([owner, other], [first, target(other)], returns)
        assert len(said_below(tmp_path / str(number_), shown, path)) == count


def test_assumptions_say_what_a_rule_rests_on(tmp_path: Path) -> None:
    owner, other = indicator(), indicator(2)
    rules = {"basis": "考核办法第七条", "rule": [{"serial_no": 1, "rule": "pass_fail"}]}
    shown = small([owner, other], [target(owner), target(other)], [], {"rules": rules})
    write_site(tmp_path, [shown], lambda _: None)
    page = read(tmp_path / "2020/assumptions.html")
    rows = {row.get("data-rule"): said(row) for row in page.xpath("//tr[@data-rule]")}
    assert "依据：考核办法第七条" in rows["pass_fail"]
    assert "依据：没有读到通知载明的计分办法，按通用规则计分" in rows["proportional"]


def test_notes_under_the_tables_are_shown_as_printed(tmp_path: Path) -> None:
    """What they say of the whole may not count yet: who reads the ranks sees it."""
    note = "注：加分项合计最多加3分；90分以上为优秀。"
    finding = {"code": "table_note", "text": note, "state": "open", "severity": "info"}
    finding |= {"serial_no": None, "entity": None}
    rows = {**doubted(), "findings": [finding, finding]}
    write_site(tmp_path, [Edition("2020", rows)], lambda _: None)
    assert said(read(tmp_path / "2020/assumptions.html").body).count(note) == 1


def test_a_note_that_is_a_method_is_no_convention(tmp_path: Path) -> None:
    """It stands with its indicator: the page of what nothing is printed for does not print it."""
    texts = ("注：1.第1项依据综合研判情况，适当给分。", "2.第1项由专班打分。另设季度奖。")
    notes = [
        {"code": "table_note", "text": text, "state": "open", "severity": "info"}
        | {"serial_no": None, "entity": None}
        for text in texts
    ]
    method = {"serial_no": 1, "rule": None, "parameters": None, "status": "not_understood"}
    method |= {"reason": "未能理解", "page": None, "row": None, "column": None, "annex": None}
    said_of = ("依据综合研判情况，适当给分", "由专班打分")
    methods = [{**method, "text": text} for text in said_of]
    rows = {**doubted(), "findings": notes, "methods": methods}
    write_site(tmp_path, [Edition("2020", rows)], lambda _: None)
    page = said(read(tmp_path / "2020/assumptions.html").body)
    assert "适当给分" not in page
    assert "另设季度奖" in page


def test_a_method_that_an_officers_rule_replaces_waits_for_nobody(tmp_path: Path) -> None:
    owner = indicator()
    method: Row = {**dict.fromkeys(METHODS.names), "document_id": DOCUMENT, "annex": 1}
    method |= {"indicator_id": owner["indicator_id"], "serial_no": 1, "text": "按名次计分"}
    method |= {"status": "proposed", "rule": "rank", "parameters": '{"by_place": [[1, 1]]}'}
    method |= {"reason": "未能理解"}
    for declared, shown in (({}, "拟采用，待确认"), ({"rules": _OWN_RULE}, "以人工规则为准")):
        more = {"methods": rows_to_frame(METHODS, [method]), **declared}
        rows = rows_of_scored([owner], [target(owner)], [], more)
        write_site(tmp_path, [Edition("2020", {**rows, "methods": [method]})], lambda _: None)
        page = said(read(tmp_path / "2020/i/001.html").body)
        section = page[page.index("载明的计分办法") :]
        assert shown in section
        assert ("拟采用" in section) is not bool(declared)
        assert ("读作：" in section) is not bool(declared)


_OWN_RULE = {"basis": "考核办法", "rule": [{"serial_no": 1, "rule": "pass_fail"}]}


def test_an_item_on_top_without_a_target_is_called_what_it_is(tmp_path: Path) -> None:
    owner = indicator(item_kind="bonus")
    blank = {"target_text": None, "target_value": None, "target_kind": "none"}
    write_site(tmp_path, [small([owner], [target(owner, **blank)], [])], lambda _: None)
    page = said(read(tmp_path / "2020/i/001.html").body)
    assert "加分项" in page
    assert "无法" not in page
    assert "无法识别" not in said(read(tmp_path / "2020/assumptions.html").body)


def test_more_than_full_points_rise_in_the_waterfall(tmp_path: Path) -> None:
    owner = indicator()
    rules = {"rule": [{"serial_no": 1, "rule": "proportional", "parameters": {"cap": 1.5}}]}
    edition = small(
        [owner], [target(owner)], [returned(owner, actual_value=13.0)], {"rules": rules}
    )
    write_site(tmp_path, [edition], lambda _: None)
    page = read(tmp_path / "2020/e/01.html")
    texts = [said(each) for each in page.xpath("//*[local-name()='text']")]
    assert "+0.30" in texts
    assert "1.30" in texts


def test_an_entity_that_nothing_is_assessed_for_has_a_page(tmp_path: Path) -> None:
    owner = indicator()
    targets = [target(owner), target(owner, "乙县", status="not_assessed")]
    write_site(tmp_path, [small([owner], targets, [])], lambda _: None)
    assert said(read(tmp_path / "2020/e/02.html").xpath("//h1")[0]) == "乙县"
    assert read(tmp_path / "2020/heat.html").xpath("//td/@class") == ["e", "n"]
    assert "—" in said(read(tmp_path / "2020/index.html").body)


def test_a_target_without_points_or_number_is_shown_as_it_is(tmp_path: Path) -> None:
    owner = indicator(base_points=None)
    unread = target(
        owner, status="unreadable", target_text=None, target_kind="none", operator=None,
        target_value=None, needs_review=True, review_reason="原文不清", max_points=None,
    )  # fmt: skip
    write_site(tmp_path, [small([owner], [unread], [])], lambda _: None)
    page = said(read(tmp_path / "2020/i/001.html").body)
    assert "（目标无法辨认）" in page
    assert "原文不清" in page
    assert read(tmp_path / "2020/heat.html").xpath("//td/@class") == ["x q"]
