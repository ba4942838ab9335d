"""What is published never hides a doubt: a value and what comes of it bear its mark everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from report.marks import DOUBT, PARTLY, PROVISIONAL
from report.site.model import Edition
from report.site.write import write_site
from tests.support.report.site_reading import Element, pages, read, said
from tests.support.report.small_edition import DOUBTED, WAITING, doubted, small
from tests.support.report.small_edition import PROVISIONAL as UNAPPLIED
from tests.support.scoring.notices import indicator, returned, target

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
                yield (
                    value,
                    next(
                        each
                        for each in (element, *element.iterancestors())
                        if each.tag in {"tr", "li", "figure", "article", "body"}
                        or (each.tag == "div" and each.getparent().tag == "dl")
                    ),
                )


def test_the_heat_map_marks_each_doubtful_cell(site: Path) -> None:
    rows = read(site / "2020/heat.html").xpath("//table[@id='heat']//tr[@data-d]")
    marks = [[said(cell.xpath(".//i")[0]) for cell in row.xpath("./td")] for row in rows]
    assert [[DOUBT in each for each in row] for row in marks] == [
        [True, False], [False, False], [False, False], [True, False],
    ]  # fmt: skip
    assert [PROVISIONAL in row[0] for row in marks] == [False, True, False, False]
    letters = rows[1].xpath("./td/@class")[0].split()
    assert letters[0] in "gyr" and "p" in letters  # points there are, so a light


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
        assert places == {"甲县": "1–2", "乙县": "—"}
    assert "第 1 名" not in said(read(site / "2020/progress.html").body)
    stable = read(site / "2020/stability.html").xpath("//tbody/tr")
    assert ["%" in said(row) for row in stable] == [True, False]


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
    (card,) = edition.totals.values()
    assert card["points"] < card["points_low"]
    write_site(tmp_path, [edition], lambda _: None)
    page = read(tmp_path / path)
    assert PARTLY in said(page.body)
    assert not page.xpath(f"//data[@value='{card['points']!r}']")
