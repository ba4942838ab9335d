"""What is published never hides a doubt: a value and what comes of it bear its mark everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from report.answers import Answer, answer_of
from report.directions import UNCLEAR
from report.doubts import Score, doubt_of
from report.exports.write import write_exports
from report.figures import CERTAIN
from report.marks import DOUBT, PARTLY, PROVISIONAL
from report.site.model import Edition
from report.site.published import STATE, differences, figures_of, read_state, read_states
from schemas.records.trace import Trace
from schemas.records.traced import PrintedCell, TracedMethod
from schemas.tables.frames import rows_to_frame
from schemas.tables.registry import METHODS, RETURNS
from scoring.total.rules import TotalRules
from tests.support.report.site_reading import Element, pages, read, said
from tests.support.report.small_edition import (
    DOUBTED,
    METHOD,
    WAITING,
    doubted,
    doubted_years,
    frames_of,
    rows_of_scored,
    small,
)
from tests.support.report.small_edition import PROVISIONAL as UNAPPLIED
from tests.support.report.whole_site import write_site
from tests.support.scoring.notices import DOCUMENT, indicator, returned, target

MARKED = {
    **dict.fromkeys((*DOUBTED, WAITING), DOUBT),
    **dict.fromkeys(UNAPPLIED, PROVISIONAL),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("doubts")
    write_site(folder, [Edition("2020", doubted())], lambda _: None)
    return folder


def test_no_page_shows_a_doubtful_value_without_its_mark(site: Path) -> None:
    seen: dict[str, set[str]] = {}
    for page in pages(site):
        for value, shown in showings(read(page)):
            assert MARKED[value] in said(shown), f"{page}: {value} in {said(shown)}"
            seen.setdefault(value, set()).add(page.parent.name)
    for value in MARKED:
        assert {"e", "i"} <= seen[value], value


def showings(page: Element) -> Iterator[tuple[str, Element]]:
    """Give every value that must be marked, with the row, item or part of the page it stands in."""
    for element in page.body.iter():
        texts = [element.text, *(child.tail for child in element)]
        for value in MARKED:
            if any(value in (text or "") for text in texts):
                around = [element, *element.iterancestors()]
                yield value, next(filter(_is_handed_over, around), next(filter(_is_one, around)))


def _is_handed_over(element: Element) -> bool:
    return bool(element.tag == "article")


def _is_one(element: Element) -> bool:
    """Say whether an element is read as one: a row, an item, a figure, a term with its words."""
    of_terms = element.tag == "div" and element.getparent().tag == "dl"
    return of_terms or element.tag in {"tr", "li", "figure", "body"}


def test_the_heat_map_marks_each_doubtful_cell(site: Path) -> None:
    rows = read(site / "2020/heat.html").xpath("//table[@id='heat']//tr[@data-d]")
    marks = [[said(cell.xpath(".//i")[0]) for cell in row.xpath("./td")] for row in rows]
    assert [[DOUBT in each for each in row] for row in marks] == [
        [True, False], [False, False], [False, False], [True, False],
    ]  # fmt: skip
    assert [PROVISIONAL in row[0] for row in marks] == [False, True, False, False]
    letters = rows[1].xpath("./td/@class")[0].split()
    assert letters[0] in "yr" and "p" in letters  # points there are, so a light, but none is green


def test_the_cover_and_the_overview_count_what_is_in_doubt(site: Path) -> None:
    for path in ("index.html", "2020/index.html"):
        assert f"2 个值{DOUBT}" in said(read(site / path).body)
    assert f"2 格{PROVISIONAL}" not in said(read(site / "index.html").body)
    assert f"1 格{PROVISIONAL}" in said(read(site / "index.html").body)


def test_a_rank_is_shown_as_far_as_it_is_known(site: Path) -> None:
    """甲县 may be first or second; of 乙县 nothing was received, so it has no rank at all."""
    for path, table in (("index.html", "ol/li"), ("2020/index.html", "tbody/tr")):
        rows = read(site / path).xpath(f"//{table}[.//*[@class and contains(@class, 'place')]]")
        places = {
            said(row.xpath(".//a")[0]): said(row.xpath(".//*[contains(@class, 'place')]")[0])
            for row in rows
        }
        assert places == {"甲县": "1–2？◇", "乙县": "—"}  # as its points
    assert "第 1 名" not in said(read(site / "2020/progress.html").body)
    stable = read(site / "2020/stability.html").xpath("//tbody/tr")
    assert ["%" in said(row) for row in stable] == [True, False]


def test_an_open_direction_is_marked_wherever_its_indicator_is_listed(tmp_path: Path) -> None:
    owners = [indicator(1, direction="unknown"), indicator(2), indicator(3, direction="unknown")]
    targets = [
        *(target(owner, operator=None, target_kind="quantity") for owner in owners[:2]),
        target(owners[2]),  # not less than: its own operator says which end is good
    ]
    targets[1]["operator"] = ">="
    edition = small(owners, targets, [returned(owners[0], actual_value=9.0)])
    write_site(tmp_path, [edition], lambda _: None)
    listed = set()
    for page in pages(tmp_path / "2020"):
        for link in read(page).xpath("//a[contains(@href, 'i/00')]"):
            if link.xpath("ancestor::th or ancestor::h2 or ancestor::li"):
                around = said(link.getparent())
                assert (UNCLEAR in around) == ("i/001" in link.get("href")), f"{page}: {around}"
                listed.add(page.parent.name if page.parent.name != "2020" else page.name)
    assert {"heat.html", "e", "t", "d"} <= listed
    edition_rows = rows_of_scored(owners, targets, [returned(owners[0], actual_value=9.0)])
    for path in write_exports(frames_of(edition_rows), tmp_path):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for row in sheet.iter_rows(values_only=True):
                if "标注" not in row and any(cell in ("指标1", "指标2", "指标3") for cell in row):
                    assert any(UNCLEAR in str(cell) for cell in row) == ("指标1" in row), (
                        sheet.title
                    )


@pytest.mark.parametrize("path", ["index.html", "2020/index.html", "2020/e/01.html"])
def test_a_sum_of_a_part_is_no_number(tmp_path: Path, path: str) -> None:
    """Of two parts one is received: what is scored lies below the least that the points can be."""
    owner, other, third = (indicator(number) for number in (1, 2, 3))
    parts = [
        {"text": text, "subject": None, "operator": ">=", "value": 10.0, "unit": None}
        for text in ("甲10", "乙10")
    ]
    compound = target(owner, target_kind="compound", operator=None, target_value=None, parts=parts)
    returns = [
        returned(owner, part_no=1, actual_value=10.0),
        returned(other, actual_value=7.0, source_row=6),
        returned(third, actual_value=6.0, source_row=7),
    ]
    edition = small([owner, other, third], [compound, target(other), target(third)], returns)
    (total,) = edition.totals.values()
    card = total.row
    assert card["points"] < card["points_low"]
    write_site(tmp_path, [edition], lambda _: None)
    page = read(tmp_path / path)
    assert PARTLY in said(page.body)
    assert not page.xpath(f"//data[@value='{card['points']!r}']")
    drawn = " ".join([*page.xpath("//@aria-label"), *page.xpath("//*[local-name()='text']/text()")])
    assert f"{card['points']:.2f}" not in drawn


@pytest.mark.parametrize(
    "totals", [None, 5, ["甲县"], "甲县", {"甲县": 5}, {"甲县": [1, "x", None]}]
)
def test_a_published_state_that_is_not_ours_differs(tmp_path: Path, totals: object) -> None:
    now = figures_of(doubted()).as_json()
    text = json.dumps([{**now, "totals": totals, "in_doubt": totals, "places": totals}])
    (tmp_path / STATE).write_text(text, encoding="utf-8")
    before = read_state(tmp_path, str(now["document_id"]))
    assert before is not None
    told = list(differences(before, now))
    assert len(told) == len(now["totals"]) and all("得分" in each for each in told)


def _answer(rows: dict[str, Any], target_: Any, score: Any) -> Answer:
    return answer_of(rows["notices"][0], target_, Score.of(score, doubt_of(target_, score)), rows)


def test_a_score_is_handed_over_as_the_command_says_it(site: Path) -> None:
    rows = doubted()
    page = read(site / "2020/t/01.html")
    (score,) = [row for row in rows["scores"] if (row["serial_no"], row["entity"]) == (2, "甲县")]
    (target_,) = [row for row in rows["targets"] if row["indicator"] == "指标2"][:1]
    wanted = _answer(rows, target_, score).as_text().splitlines()
    (article,) = page.xpath("//article[@id='s2']")
    shown = " ".join(said(article).split())
    assert all(" ".join(line.split()) in shown for line in wanted[1:])
    assert METHOD in shown and "第 5 行" not in shown and "第6行" in shown
    links = read(site / "2020/i/002.html").xpath("//tr[@id='e1']//a/@href")
    assert "../t/01.html#s2" in links


def test_an_answer_tells_why_vetoed_points_do_not_wait_for_a_method() -> None:
    owner = indicator(1)
    method: dict[str, Any] = dict.fromkeys(METHODS.names)
    method |= {"document_id": DOCUMENT, "indicator_id": owner["indicator_id"], "serial_no": 1}
    method |= {"annex": 1, "text": METHOD, "status": "not_understood", "reason": "没有数"}
    certain = "上面说的暂定不涉及这一得分"
    for veto in (True, False):
        returns = [returned(owner, actual_value=50.0, veto=veto)]
        more = {"methods": rows_to_frame(METHODS, [method])}
        rows = rows_of_scored([owner], [target(owner)], returns, more)
        answer = _answer(rows, rows["targets"][0], rows["scores"][0])
        assert "得分为暂定" in answer.as_text()
        assert (certain in answer.as_text(), PROVISIONAL in answer.result) == (veto, not veto)


def test_an_answer_says_who_decided_what_and_what_is_still_open(tmp_path: Path) -> None:
    rows = doubted()
    rows["notices"][0] |= {"issuer": "某市人民政府"}
    told = {"serial_no": 1, "severity": "info", "state": "corrected", "text": None}
    said_ = "第1项指标甲县的目标值：由“876.45”更正为“876.54”。理由：漏印（王某，2020-11-03）"
    rows["findings"] = [
        {**told, "entity": "甲县", "code": "corrected", "message_zh": said_},
        {**told, "entity": "乙县", "code": "corrected", "message_zh": "别家的更正"},
        {**told, "entity": None, "code": "points", "state": "open", "severity": "warning",
         "message_zh": "分值合计与所印不符"},
    ]  # fmt: skip
    write_site(tmp_path, [Edition("2020", rows)], lambda _: None)
    (article,) = read(tmp_path / "2020/t/01.html").xpath("//article[@id='s1']")
    text = said(article)
    assert said_ in text and "别家的更正" not in text
    assert f"{DOUBT}：分值合计与所印不符" in text
    assert "得分 2.81？" in text and "发文单位 某市人民政府" in text and "出具日期" in text
    (other,) = read(tmp_path / "2020/t/01.html").xpath("//article[@id='s3']")
    assert "没有人更正或认可过本项的读取" in said(other)


def test_confirmed_indicators_stand_beside_each_other_over_the_years(tmp_path: Path) -> None:
    """By their keys alone: what nobody confirmed is not put together, whatever its name."""
    editions = doubted_years()
    write_site(tmp_path, editions, lambda _: None)
    page = read(tmp_path / "across.html")
    assert [said(each) for each in page.xpath("//tbody//th")] == ["指标1"]
    own = read(tmp_path / "k/001.html")
    heads = [said(each) for each in own.xpath("//thead//th")]
    assert heads[1] == "2019 年目标" and heads[4] == "2020 年目标"
    (row,) = [each for each in own.xpath("//tbody/tr") if said(each[0]) == "甲县"]
    assert said(row).count("876.54") == said(row).count(DOUBT) == said(row).count("87.3%") == 2
    (tmp_path / "alone").mkdir()
    write_site(tmp_path / "alone", editions[:1], lambda _: None)
    assert not (tmp_path / "alone/across.html").exists()


def test_the_cover_says_what_changed_since_the_last_publication(tmp_path: Path) -> None:
    rows = doubted()
    for name in ("first", "again", "then"):
        (tmp_path / name).mkdir()
    write_site(tmp_path / "first", [Edition("2020", rows)], lambda _: None)
    states = read_states(tmp_path / "first")
    changed = {**rows, "targets": [{**row, "needs_review": False} for row in rows["targets"]]}
    write_site(tmp_path / "then", [Edition("2020", changed)], lambda _: None, states)
    assert "与上次发布相比" not in said(read(tmp_path / "first/index.html").body)
    (tmp_path / "same").mkdir()
    write_site(tmp_path / "same", [Edition("2020", rows)], lambda _: None, states)
    assert "与上次发布相比" not in said(read(tmp_path / "same/index.html").body)
    text = said(read(tmp_path / "then/index.html").body)
    assert "与上次发布相比 待核对的值 2 个 → 0 个" in text
    kept = read_states(tmp_path / "then")
    write_site(tmp_path / "again", [Edition("2020", changed)], lambda _: None, kept)
    for name in ("index.html", "published.json"):  # made again, it is the same
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "then" / name).read_bytes()


def test_what_comes_on_top_is_no_completion_and_nothing_lost_of_it(tmp_path: Path) -> None:
    """A bonus of 1 of 5 is no loss of 4; of a minus of 2 the 2 are lost, not 7."""
    owners = [indicator(1)]
    targets = [target(owners[0])]
    returns = [returned(owners[0], actual_value=10.0)]
    for number, (kind, given) in enumerate((("bonus", 20.0), ("minus", 40.0)), start=2):
        more: dict[str, Any] = {"item_kind": kind, "cap": 5.0, "base_points": None}
        owners.append(indicator(number, level2=kind, **more))
        targets.append(target(owners[-1], max_points=None, target_kind="none", target_value=None,
                              operator=None, item_kind=kind, cap=5.0))  # fmt: skip
        returns.append(
            returned(owners[-1], actual_value=None, awarded_pct=given, source_row=number + 6)
        )
    edition = small(owners, targets, returns)
    write_site(tmp_path, [edition], lambda _: None)
    cells = read(tmp_path / "2020/heat.html").xpath("//table[@id='heat']//td")
    assert [(each.get("class").split()[0], each.xpath("./a")[0][-1].tail) for each in cells] == [
        ("g", "100"), ("t", "+1.00"), ("t", "−2.00"),
    ]  # fmt: skip
    (lost,) = read(tmp_path / "2020/e/01.html").xpath(
        "//section[contains(., '分失在哪里')]//tbody/tr"
    )
    assert said(lost).startswith("2.00") and "—−2.00" in said(lost)


def test_what_nobody_approved_and_what_is_late_says_so_everywhere(tmp_path: Path) -> None:
    """In time and approved; late and not; overdue; returned but held back for want of approval."""
    owners = [indicator(number) for number in (1, 2, 3, 4)]
    signed = {
        "approved_by": "乙某",
        "approved_on": date(2021, 1, 4),
        "received_on": date(2021, 1, 5),
    }
    returns = [
        returned(owners[0], actual_value=10.0, **signed),
        returned(owners[1], actual_value=9.0, received_on=date(2021, 1, 20), source_row=6),
    ]
    held = rows_to_frame(RETURNS, [returned(owners[3], actual_value=8.0, source_row=7)])
    more = {"deadlines": {DOCUMENT: date(2021, 1, 10)}, "withheld": held}
    rows = rows_of_scored(owners, [target(each) for each in owners], returns, more)
    write_site(tmp_path, [Edition("2020", rows)], lambda _: None)
    cells = read(tmp_path / "2020/heat.html").xpath("//table[@id='heat']//td/@class")
    assert [each.split()[0] for each in cells] == ["g", "y", "e", "w"]
    assert ["a" in each.split() for each in cells] == [False, True, False, True]
    assert ["l" in each.split() for each in cells] == [False, True, True, False]
    for number, words in (
        (1, ()),
        (2, ("未审核", "逾期报送")),
        (3, ("逾期未报",)),
        (4, ("未审核", "不计入")),
    ):
        row = said(read(tmp_path / f"2020/i/00{number}.html").xpath("//tr[@id='e1']")[0])
        assert [word for word in STANDINGS if word in row] == [*words], number
    page = said(read(tmp_path / "2020/e/01.html").body)
    assert all(each in page for each in STANDINGS) and "2 项未审核" in page and "2 项逾期" in page
    for path in ("index.html", "2020/index.html"):
        text = said(read(tmp_path / path).body)
        assert "2 格未审核" in text and "2 格逾期" in text
    (owed,) = read(tmp_path / "2020/departments.html").xpath("//tbody/tr")
    assert [said(each) for each in owed][1:5] == ["4", "4", "3", "1"]
    book = openpyxl.load_workbook(write_exports(frames_of(rows), tmp_path / "x")[0])
    lines = [list(row) for row in book["甲县明细"].iter_rows(values_only=True)]
    at = next(place for place, row in enumerate(lines) if "标注" in row)
    column = lines[at].index("标注")
    assert [row[column] for row in lines[at + 1 :]] == [
        None, "未审核、逾期报送", "逾期未报", "已报送、未审核，不计入",
    ]  # fmt: skip


STANDINGS = ("未审核", "逾期报送", "逾期未报", "不计入")


def test_what_nobody_understood_of_the_whole_stands_beside_totals_and_grades(
    tmp_path: Path,
) -> None:
    clause = "排名最后一位的单位等次下调一级"
    whole = TotalRules("1", date(2020, 1, 1), "通知", unread=(clause,))
    owner = indicator()
    given = [returned(owner, actual_value=12.0)]
    rows = rows_of_scored([owner], [target(owner)], given, {"totals": {DOCUMENT: whole}})
    write_site(tmp_path, [Edition("2020", rows)], lambda _: None)
    of_totals = ("index", "2020/index", "2020/e/01", "2020/progress", "2020/stability")
    for name in of_totals:
        assert clause in said(read(tmp_path / f"{name}.html").body), name
    scores = openpyxl.load_workbook(write_exports(frames_of(rows), tmp_path / "sheets")[0])
    for name in ("得分汇总", "分项得分", "甲县"):
        texts = [str(cell) for row in scores[name].iter_rows(values_only=True) for cell in row]
        assert any(clause in text for text in texts), name


def test_a_method_that_an_officer_wrote_is_not_called_left_out() -> None:
    """The finding is of the reading; what counts now stands in the trace."""
    rows = doubted()
    told = {"serial_no": 1, "entity": None, "severity": "warning", "state": "open", "text": None}
    said_ = "“指标1”载明的计分办法没有采用，此前按通用规则暂计。"
    rows["findings"] = [{**told, "code": "method_not_applied", "message_zh": said_}]
    score = rows["scores"][0]
    held = next(
        each
        for each in rows["targets"]
        if (each["serial_no"], each["entity"]) == (score["serial_no"], score["entity"])
    )
    rows["findings"][0]["serial_no"] = score["serial_no"]
    trace = Trace.from_json(score["trace"])
    for status, shown in (("proposed", (said_,)), ("overridden", ()), ("applied", ())):
        method = TracedMethod("每低1个百分点扣1分", status, 0.0, PrintedCell(*[None] * 5))
        line = Score(score, replace(trace, method=method), CERTAIN)
        assert answer_of(rows["notices"][0], held, line, rows).undecided == shown
