"""No page and no sheet shows a value in doubt, or a sum of such, without its mark in that place.

Everything of a drawn year is in doubt; every cell of every page and sheet is looked at, whichever
pages and sheets there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl

from report.exports.write import write_exports
from report.figures import CERTAIN, Doubt, Figure, Points, fixed, percent, told
from report.marks import DOUBT, NOTHING, PARTLY, PROVISIONAL, SIGNS
from report.site.model import Edition
from report.site.tables import state
from scoring.total.rules import Possible, TotalRules
from tests.support.report.all_in_doubt import all_in_doubt, doubted_editions
from tests.support.report.site_reading import Element, pages, read, said
from tests.support.report.small_edition import frames_of, rows_of_scored
from tests.support.report.whole_site import write_site
from tests.support.scoring.notices import DOCUMENT, indicator, returned, target

Row = dict[str, Any]
_MARK = re.compile("|".join(map(re.escape, (DOUBT, PROVISIONAL, PARTLY, *SIGNS.values()))))
_OF_SCORE = ("points", "points_low", "points_high", "points_of_100")
#: What is read as one: a cell, an item, a term, a text in a drawing.
_CELLS = {"td", "th", "li", "dd", "figcaption", "p", "text", "summary", "h1", "h2", "h3"}


def figures(rows: dict[str, list[Row]]) -> set[float]:
    """Return all figures that rest on a doubt, but those that are also points to be had."""
    sure = {row[name] for row in rows["scores"] for name in ("share_points",)}
    sure |= {row["max_points"] for row in (*rows["targets"], *rows["scorecards"])} | {0.0, 5.0}
    found: set[float] = set()
    for row in (*rows["scores"], *rows["scorecards"]):
        found |= {row[name] for name in _OF_SCORE if row.get(name) is not None}
        full = row.get("share_points") or row.get("max_points")
        if full and row["points"] is not None:
            found.add(full - row["points"])
    return {
        each for each in found if all(abs(each - one) > 0.006 for one in sure if one is not None)
    }


def rates(rows: dict[str, list[Row]]) -> set[float]:
    """Return the completion rates, but those that departments awarded: they are as returned."""
    given = {round((row["awarded_pct"] or 0.0) / 100, 9) for row in rows["returns"]}
    found = {row["attainment"] for row in rows["scores"]} - {None}
    return {each for each in found if round(each, 9) not in {*given, 0.0}}


def texts(rows: dict[str, list[Row]]) -> re.Pattern[str]:
    """Return what finds any of the figures, of the rates and of the targets, as they are shown."""
    shown = {fixed(each) for each in figures(rows)}
    shown |= {percent(each) for each in rates(rows)}
    shown |= {row["target_text"] for row in rows["targets"] if row["needs_review"]} - {None}
    shown |= {row["text"] for row in rows["milestones"]}
    listed = "|".join(sorted(map(re.escape, shown), key=len, reverse=True))
    return re.compile(rf"(?<![\d.])(?:{listed})(?![\d.]*\d)")


def test_no_cell_of_any_page_shows_a_figure_in_doubt_without_its_mark(tmp_path: Path) -> None:
    editions = doubted_editions()
    states = {each.document_id: {"document_id": each.document_id} for each in editions}
    write_site(tmp_path, editions, lambda _: None, states)  # so the cover says what changed
    found = texts(all_in_doubt())
    kinds: dict[str, int] = {}
    for page in pages(tmp_path):
        for cell, shown in cells(read(page)):
            assert '">' not in shown, f"{page}: {shown}"  # a figure's markup in an attribute
            if found.search(shown):
                name = re.sub(r"\d+", "0", page.relative_to(tmp_path).as_posix())
                assert is_marked(cell, shown), f"{name}: {shown}"
                kinds[name] = kinds.get(name, 0) + 1
    shown_on = {"index", "0/index", "0/progress", "0/e/0", "0/i/0", "0/t/0", "0/assumptions", "k/0"}
    assert {f"{name}.html" for name in shown_on} <= set(kinds)
    for path in ("2020/stability.html", "2020/heat.html"):  # these show what comes of the figures
        (table,) = read(tmp_path / path).xpath("//table[@id='heat' or contains(@class, 'shares')]")
        for row in table.xpath(".//tbody/tr[td]"):
            whole = path.startswith("2020/stab")
            for cell in [row] if whole else row.xpath("./td"):
                assert is_marked(cell, cell.text_content()), cell.text_content()


def cells(page: Element) -> Iterator[tuple[Element, str]]:
    """Give every text of a page with what it is read with, and every text of an attribute."""
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in {"script", "style", "title"}:
            continue
        for name in ("aria-label", "data-p", "title", "alt"):
            if element.get(name):
                yield element, element.get(name)
        for text in (element.text, *(child.tail for child in element)):
            if text and text.strip():
                around = (element, *element.iterancestors())
                cell = next((each for each in around if each.tag in _CELLS), element)
                yield whole(cell, text), whole(cell, text).text_content()


def whole(cell: Element, text: str) -> Element:
    """Return what a sentence of arithmetic is read with: its term, or the answer that it is in."""
    if "×" not in text and "÷" not in text and not text.startswith(("目标原文", "读作")):
        return cell
    around = [each for each in cell.iterancestors() if each.tag in ("div", "article")]
    return around[0] if around else cell


def is_marked(cell: Element, shown: str) -> bool:
    drawn = set((cell.get("class") or "").split()) & {"p", "q"}  # the style sheet draws the sign
    return bool(drawn or _MARK.search(shown))


def test_no_cell_of_any_sheet_shows_a_figure_in_doubt_without_its_mark(tmp_path: Path) -> None:
    rows = all_in_doubt()
    wanted = figures(rows) | rates(rows)
    found = texts(rows)
    seen = 0
    for path in write_exports(frames_of(rows), tmp_path):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for cell in (each for line in sheet.iter_rows() for each in line):
                if not shows(cell.value, wanted, found):
                    continue
                marked = f"{cell.number_format}{cell.value}"
                assert _MARK.search(marked), f"{sheet.title} {cell.coordinate}: {cell.value}"
                seen += 1
    assert seen > 100


def shows(value: Any, wanted: set[float], found: re.Pattern[str]) -> bool:
    if isinstance(value, int | float):
        return any(abs(value - each) < 1e-9 for each in wanted)
    return isinstance(value, str) and bool(found.search(value))


def test_a_total_whose_printed_factor_is_not_declared_is_marked_in_every_place(
    tmp_path: Path,
) -> None:
    whole = TotalRules(
        "1", date(2020, 1, 1), "通知", possible=Possible(factors={"甲县": 0.95, "乙县": 1.1})
    )
    walk(
        tmp_path / "clean", tidy({"totals": {DOCUMENT: whole}}), ("total",), "印有系数 0.95 未采用"
    )
    rows = tidy({"totals": {DOCUMENT: whole}}, direction="unknown", operator=None)
    walk(tmp_path / "both", rows, ("total", "level1", "level2"), "印有系数 0.95 未采用")


def test_points_and_sums_of_an_unknown_direction_are_marked_in_every_place(tmp_path: Path) -> None:
    rows = tidy({}, direction="unknown", operator=None)
    assert {row["points"] != row["points_high"] for row in rows["scores"]} == {True}
    walk(tmp_path, rows, ("total", "level1", "level2"), "方向")
    edition = Edition("2020", rows)
    assert all("p" in state(edition, 1, entity).split() for entity in edition.entities)


def tidy(more: Row, *, direction: str = "higher_is_better", operator: str | None = ">=") -> Any:
    """Return the rows of a year of two headings, all returned and nothing to review."""
    owners = [
        indicator(1, base_points=3.217, direction=direction),
        indicator(2, level1="政府建设", level2="廉政", base_points=4.131, direction=direction),
    ]
    pairs = [(owner, entity) for owner in owners for entity in ("甲县", "乙县")]
    targets = [target(owner, entity, operator=operator) for owner, entity in pairs]
    given = [
        returned(owner, entity, source_row=5 + place, actual_value=7.13 + place * 0.37)
        for place, (owner, entity) in enumerate(pairs)
    ]
    return rows_of_scored(owners, targets, given, more)


def walk(folder: Path, rows: dict[str, list[Row]], levels: tuple[str, ...], why: str) -> None:
    """Look at every cell of every page and sheet for sums of the levels, and points below them."""
    doubted = [row for row in rows["scorecards"] if row["level"] in levels]
    doubted += rows["scores"] if "level2" in levels else []
    wanted = {row[name] for row in doubted for name in _OF_SCORE if row.get(name) is not None}
    wanted -= {row["max_points"] for row in rows["scorecards"]} | {3.217, 4.131, 100.0}
    found = re.compile(
        rf"(?<![\d.])(?:{'|'.join(re.escape(fixed(each)) for each in wanted)})(?!\d)"
    )
    write_site(folder / "site", [Edition("2020", rows)], lambda _: None)
    names = set()
    for page in pages(folder / "site"):
        content = read(page)
        for cell, shown in cells(content):
            if found.search(shown):
                assert is_marked(cell, shown), f"{page}: {shown}"
                names.add(page.name)
    assert {"index.html", "01.html"} <= names
    assert why in said(read(folder / "site/2020/index.html").body)
    seen = 0
    for path in write_exports(frames_of(rows), folder / "sheets"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for cell in (each for line in sheet.iter_rows() for each in line):
                if shows(cell.value, wanted, found):
                    marked = f"{cell.number_format}{cell.value}"
                    assert _MARK.search(marked), f"{sheet.title} {cell.coordinate}: {cell.value}"
                    seen += 1
    assert seen > 5


def test_what_is_certain_bears_no_mark(tmp_path: Path) -> None:
    owners = [indicator(1, base_points=3.217), indicator(2, level1=None, level2=None)]
    rows = rows_of_scored(
        owners, list(map(target, owners)), [returned(owners[0], actual_value=9.0)]
    )
    for path in write_exports(frames_of(rows), tmp_path):
        for sheet in openpyxl.load_workbook(path).worksheets:
            for cell in (each for line in sheet.iter_rows() for each in line):
                assert not any(sign in cell.number_format for sign in SIGNS.values())


def test_a_figure_is_never_written_without_its_sign() -> None:
    doubt = Doubt(values=2, provisional=1)
    assert str(Figure(1.234, doubt)) == "1.23？◇"
    assert "？◇" in Figure(1.234, doubt).__html__()
    assert "2 个值待核对，1 项暂计分" in Figure(1.234, doubt).__html__()
    assert str(told("1<2", doubt)) == "1<2？◇" and "1&lt;2" in told("1<2", doubt).__html__()
    assert str(Figure(None, doubt)) == str(told(None, doubt)) == NOTHING
    assert str(Figure(1.0, CERTAIN)) == "1.00"
    assert str(Points(1.0, 0.0, 3.0, doubt).span) == "0.00–3.00？◇"
    assert str(Points(1.0, 2.0, 3.0, CERTAIN).given) == PARTLY
