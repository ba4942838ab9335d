"""The workshop itself: what it draws is what it says, and twice the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.support.for_each import for_each
from tests.support.workshop.damage import damaged, with_moved_header_blank
from tests.support.workshop.damage_cells import with_text
from tests.support.workshop.damage_evidence import evidence_of
from tests.support.workshop.draw import default_style, draw
from tests.support.workshop.draw_markdown import markdown_text
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import Kind, fitted
from tests.support.workshop.layouts import CLASSIC, LAYOUTS, TWO_DEPARTMENTS
from tests.support.workshop.logical import (
    NOT_ASSESSED,
    expected_indicators,
    expected_targets,
    group_totals,
)
from tests.support.workshop.pdf_style import Cut
from tests.support.workshop.pdf_text import Room, allocate
from tests.support.workshop.samples import sample


def test_sample_totals_are_equal() -> None:
    assert len(set(group_totals(sample(40)).values())) == 1


@for_each("name", LAYOUTS)
def test_grid_covers_every_place_once(name: str) -> None:
    layout = LAYOUTS[name]
    grid = grid_of(fitted(sample(), layout), layout)
    assert sum(span.row_span * span.column_span for span in grid.spans) == (
        grid.row_count * grid.column_count
    )


def test_word_table_has_the_texts_where_the_grid_has_them(tmp_path: Path) -> None:
    notice = fitted(sample(), TWO_DEPARTMENTS)
    grid = grid_of(notice, TWO_DEPARTMENTS)
    path = draw(notice, grid, tmp_path, default_style("docx"))
    table = docx.Document(str(path)).tables[0]
    read = [[cell.text for cell in row.cells] for row in table.rows]
    assert read == [[span.text for span in row] for row in grid.filled()]


def test_workbook_has_the_merged_ranges_of_the_grid(tmp_path: Path) -> None:
    notice = fitted(sample(), CLASSIC)
    grid = grid_of(notice, CLASSIC)
    sheet = openpyxl.load_workbook(draw(notice, grid, tmp_path, default_style("xlsx"))).active
    merged = sum(span.row_span * span.column_span > 1 for span in grid.spans)
    assert len(sheet.merged_cells.ranges) == merged + 1


def test_pdf_is_the_same_twice(tmp_path: Path) -> None:
    notice = fitted(sample(), CLASSIC)
    grid = grid_of(notice, CLASSIC)
    first = draw(notice, grid, tmp_path, default_style("pdf")).read_bytes()
    assert draw(notice, grid, tmp_path, default_style("pdf")).read_bytes() == first


def test_expected_rows_of_a_shared_points_cell() -> None:
    notice = sample()
    rows = expected_indicators(notice)
    pair = [row for row in rows if row["level3"] == "建筑业高质量发展"]
    assert [row["weight_group"] for row in pair] == [pair[0]["serial_no"]] * 2
    assert pair[0]["level4"] == "建筑业总产值（亿元）"
    assert len(expected_targets(notice)) == len(rows) * 5


def test_points_under_closed_rules_are_not_printed_twice() -> None:
    rooms = [Room(2), Room(2)]
    assert allocate(["3"], rooms, Cut.REPEATED, Kind.POINTS, closed=True) == [["3"], []]
    assert allocate(["3"], rooms, Cut.REPEATED, Kind.POINTS, closed=False) == [["3"], ["3"]]


def test_no_blank_part_fills_a_page() -> None:
    rooms = [Room(2), Room(2, fills_page=True), Room(2)]
    assert allocate(["甲"], rooms, Cut.LAST, Kind.LEVEL1, closed=True) == [[], ["甲"], []]
    twice = [Room(2), *[Room(2, fills_page=True)] * 2]
    assert allocate(["甲"], twice, Cut.LAST, Kind.LEVEL1, closed=True) == [["甲"]] * 3
    assert allocate(["3"], twice, Cut.LAST, Kind.POINTS, closed=True) is None


def test_damage_is_seeded_and_told() -> None:
    notice = fitted(sample(), CLASSIC)
    text = markdown_text(notice, grid_of(notice, CLASSIC))
    hurt, damages = damaged(text, seed=1, share=0.5)
    assert (hurt, damages) == damaged(text, seed=1, share=0.5)
    changed = [
        number
        for number, (a, b) in enumerate(zip(text.split("\n"), hurt.split("\n"), strict=True), 1)
        if a != b
    ]
    assert [damage.line for damage in damages] == changed != []


def test_moved_header_blank_keeps_the_width() -> None:
    notice = fitted(sample(), CLASSIC)
    text = markdown_text(notice, grid_of(notice, CLASSIC))
    hurt, damages = with_moved_header_blank(text, seed=1)
    assert damages[0].before.count("|") == hurt.split("\n")[damages[0].line - 1].count("|")


@pytest.mark.parametrize(
    ("after", "assessed", "evidence"),
    [
        ("5（甲县、乙县3）", True, "totals"),  # they share the number, and their totals move
        ("5（甲县、乙县3）", False, ""),
        ("5（甲县4、乙县）", False, "form"),
        ("5（甲县）", False, "form"),
    ],
)
def test_what_speaks_against_an_exception_without_its_number(
    after: str, assessed: bool, evidence: str
) -> None:
    notice = fitted(sample(), CLASSIC)
    group = notice.groups[0]
    if not assessed:
        nobody = (NOT_ASSESSED,) * len(notice.entities)
        members = tuple(replace(each, targets=nobody) for each in group.indicators)
        group = replace(group, indicators=members)
    notice = replace(notice, groups=(group, *notice.groups[1:]))
    grid = grid_of(notice, CLASSIC)
    first, second, *_ = notice.entities
    span = next(s for s in grid.spans if s.kind is Kind.POINTS and not s.header)
    text = after.replace("甲县", first).replace("乙县", second)
    hurt = with_text(grid, span, text, "exception without its number")
    assert evidence_of(hurt, grid, notice, CLASSIC, "html").name == evidence
