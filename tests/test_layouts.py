"""Every named layout, drawn in every format, is read as exactly what was drawn."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.workshop.draw import FORMATS, Style, default_style, draw
from tests.support.workshop.draw_docx import DocxStyle
from tests.support.workshop.draw_html import HtmlStyle
from tests.support.workshop.draw_xlsx import XlsxStyle
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import Layout, fitted
from tests.support.workshop.layouts import CLASSIC, LAYOUTS, NOTES_BELOW
from tests.support.workshop.logical import Notice, group_totals
from tests.support.workshop.pdf_style import Cut, PdfStyle, Rules
from tests.support.workshop.reading import differences, flagged, read_notice
from tests.support.workshop.samples import sample

SMALL = sample(3)
CASES = [
    (layout, kind)
    for layout in LAYOUTS.values()
    for kind in FORMATS
    if kind != "md" or layout in (CLASSIC, NOTES_BELOW)
]


def check(notice: Notice, layout: Layout, style: Style | None, folder: Path) -> None:
    """Draw, read, and fail with every difference and every doubt about a right value."""
    drawn = fitted(notice, layout)
    path = draw(drawn, grid_of(drawn, layout), folder, style)
    _, reading = read_notice(path, year=notice.year)
    doubted = [] if path.suffix == ".md" else flagged(reading)
    if wrong := [*differences(drawn, layout, reading), *doubted]:
        pytest.fail("\n".join(map(str, wrong)), pytrace=False)


@pytest.mark.parametrize(
    ("layout", "kind"), CASES, ids=[f"{layout.name}-{kind}" for layout, kind in CASES]
)
def test_layout_is_read_exactly(layout: Layout, kind: str, tmp_path: Path) -> None:
    check(SMALL, layout, default_style(kind), tmp_path)


@pytest.mark.parametrize("entities", [5, 40])
@pytest.mark.parametrize("kind", ["html", "docx", "xlsx", "pdf"])
def test_few_and_many_entities(entities: int, kind: str, tmp_path: Path) -> None:
    check(sample(entities), CLASSIC, default_style(kind), tmp_path)


@pytest.mark.parametrize("closed", [True, False], ids=["closed", "open"])
@pytest.mark.parametrize("cut", list(Cut))
@pytest.mark.parametrize("row_breaks", [True, False], ids=["rows_cut", "rows_whole"])
def test_cells_cut_by_a_page_break(
    cut: Cut, *, closed: bool, row_breaks: bool, tmp_path: Path
) -> None:
    style = PdfStyle(cut=cut, closed=closed, row_breaks=row_breaks, body=170)
    check(SMALL, CLASSIC, style, tmp_path)


@pytest.mark.parametrize("lone_lines", [True, False], ids=["lone_lines", "no_lone_lines"])
@pytest.mark.parametrize("layout", [CLASSIC, NOTES_BELOW, LAYOUTS["unit_column"]])
def test_texts_that_flow_over_closed_pages(
    layout: Layout, *, lone_lines: bool, tmp_path: Path
) -> None:
    style = PdfStyle(row_breaks=True, flowing=True, lone_lines=lone_lines, body=185)
    check(SMALL, layout, style, tmp_path)


@pytest.mark.parametrize("rules", list(Rules))
@pytest.mark.parametrize("margin_rules", [True, False], ids=["framed", "no_margin_rules"])
def test_ways_of_drawing_rules(rules: Rules, *, margin_rules: bool, tmp_path: Path) -> None:
    style = PdfStyle(rules=rules, margin_rules=margin_rules, header_fill=True, white_fill=True)
    check(SMALL, CLASSIC, style, tmp_path)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotated_pages(rotate: int, tmp_path: Path) -> None:
    check(SMALL, CLASSIC, PdfStyle(rotate=rotate), tmp_path)


def test_header_on_the_first_page_only(tmp_path: Path) -> None:
    check(SMALL, CLASSIC, PdfStyle(repeat_header=False, body=170), tmp_path)


@pytest.mark.parametrize("cut", [Cut.FIRST, Cut.LAST, Cut.REPEATED])
@pytest.mark.parametrize("kind", [HtmlStyle, DocxStyle, XlsxStyle])
def test_table_in_several_parts(kind: type[Any], cut: Cut, tmp_path: Path) -> None:
    check(SMALL, CLASSIC, kind(parts=3, cut=cut), tmp_path)


def test_unequal_totals_are_a_finding_and_change_no_value(tmp_path: Path) -> None:
    notice = sample()
    *others, last = notice.groups
    uneven = replace(notice, groups=(*others, replace(last, exceptions=())))
    assert len(set(group_totals(uneven).values())) > 1
    drawn = fitted(uneven, CLASSIC)
    path = draw(drawn, grid_of(drawn, CLASSIC), tmp_path, default_style("docx"))
    _, reading = read_notice(path)
    assert differences(drawn, CLASSIC, reading) == []
    assert flagged(reading) != []


@pytest.mark.parametrize("kind", ["html", "docx", "pdf", "md"])
def test_front_page_is_read(kind: str, tmp_path: Path) -> None:
    notice = fitted(sample(), CLASSIC)
    path = draw(notice, grid_of(notice, CLASSIC), tmp_path, default_style(kind))
    document, reading = read_notice(path)
    front = document.front
    assert (front.doc_number, front.issuer) == (notice.doc_number, notice.issuer)
    assert (front.issued_on, reading.year) == (notice.issued_on, notice.year)
    assert notice.title in (front.title or "")
