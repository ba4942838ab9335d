"""Tables without full rules, page by page: which are found, and what of them is in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from pathlib import Path

import pytest

from common.refusal import Refusal
from extract.aligned.across import headed
from extract.aligned.cells import Place
from extract.aligned.columns import Columns
from extract.aligned.pieces import Piece
from extract.pdf.reader import read_pdf
from schemas.records.document import Document
from tests.support.extract.pdf_drawings import (
    nothing_but_text,
    only_horizontal_rules,
    text_only,
    three_rules,
    tinted_bands,
)
from tests.support.extract.pdf_samples import ROWS, XS, Draw, Sheet, plain, write_pdf


def read(tmp_path: Path, *draws: Draw, **how: bool) -> Document:
    return read_pdf(write_pdf(tmp_path / "a.pdf", *draws), **how)


def rows_of(document: Document, number: int = 1) -> list[list[str]]:
    table = document.tables[number - 1]
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row - 1].append(cell.text)
    return rows


@pytest.mark.parametrize(
    "draw", [three_rules, only_horizontal_rules, tinted_bands, nothing_but_text]
)
def test_a_table_without_full_rules_is_read_and_said_to_be(tmp_path: Path, draw: Draw) -> None:
    document = read(tmp_path, draw, cross_check=True)
    assert rows_of(document) == [list(row) for row in ROWS]
    assert [note.code for note in document.notes] == ["rules_not_drawn"]
    assert {(cell.undrawn, cell.agreed) for cell in document.tables[0].cells} == {(None, None)}


def test_a_page_with_full_rules_is_compared_and_one_without_is_not(tmp_path: Path) -> None:
    document = read(tmp_path, plain, three_rules, cross_check=True)
    assert [{cell.agreed for cell in table.cells} for table in document.tables] == [{True}, {None}]


def test_a_page_of_text_holds_no_table(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no_table"):
        read(tmp_path, text_only)


def merged_by_level(x: float, *, first: bool) -> Draw:
    """Draw six rows under two headings that stand in the middle of three rows each."""

    def draw(sheet: Sheet) -> None:
        tops = [100 + 16 * row for row in range(7)]
        for row, words in enumerate([("指标", "分值", "甲县"), *_BODY]):
            if row in ((1, 4) if first else ()):
                sheet.text(x, tops[row + 1] + 4, ("发展", "民生")[row // 4])
            for column, word in enumerate(words):
                sheet.text(XS[column], tops[row] + 4, word)
        if not first:
            for row, word in ((2, "发展"), (5, "民生")):
                sheet.text(x, tops[row] + 4, word)

    return draw


_BODY = [(f"指标{name}", f"{row}", f"{row}.5") for row, name in enumerate("甲乙丙丁戊己", 2)]


@pytest.mark.parametrize(("first", "doubt"), [(True, None), (False, "extent")])
def test_a_heading_over_rows_is_sure_where_place_and_drawing_agree(
    tmp_path: Path, first: bool, doubt: str | None
) -> None:
    document = read(tmp_path, merged_by_level(10, first=first))
    cells = {cell.text: cell for cell in document.tables[0].cells}
    for name, row in (("发展", 2), ("民生", 5)):
        assert (cells[name].row, cells[name].row_span, cells[name].undrawn) == (row, 3, doubt)


HEADINGS = (
    (0, 1, 112, "指标"),
    (1, 4, 103, "二〇二三年目标任务"),
    (4, 7, 103, "分值设置情况表"),
    (7, 8, 112, "考核单位"),
)


def headed_by_group(order: Sequence[int], rules: str) -> Draw:
    """Draw a heading in the middle of three columns each, over the columns' names.

    ``rules``: drawn whole, or column by column as browsers do.
    """

    def draw(sheet: Sheet) -> None:
        xs = [40, 120, *(170 + 50 * column for column in range(6)), 480]
        parts = {"whole": [(xs[0], xs[-1])], "parted": [*pairwise(xs)]}[rules]
        for y, (left, right) in product((90, 124, 240), parts):
            sheet.line(left, y, right, y)
        for first, last, y, word in (HEADINGS[at] for at in order):
            sheet.centered(xs[first], xs[last], y, word)
        for row, (name, *numbers) in enumerate([("", "甲县", "乙县", "丙县"), *_BODY]):
            words = (name, *numbers * 3, "市统计局") if row else (name, *numbers * 2)
            for column, word in enumerate(words):
                sheet.centered(xs[column], xs[column + 1], 120 + 18 * row, word)

    return draw


@pytest.mark.parametrize(
    ("order", "rules"),
    [((0, 1, 2, 3), "whole"), ((0, 3, 1, 2), "whole"), ((0, 1, 2, 3), "parted")],
)
def test_headings_in_the_first_row_cover_the_columns_whose_middle_they_stand_in(
    order: Sequence[int], rules: str, tmp_path: Path
) -> None:
    cells = read(tmp_path, headed_by_group(order, rules)).tables[0].cells
    assert {word for *_, word in HEADINGS} <= {cell.text for cell in cells}
    wide = {cell.text[:3]: (cell.column, cell.column_span) for cell in cells if cell.row == 1}
    assert wide == {"指标": (1, 1), "二〇二": (2, 3), "分值设": (5, 3), "考核单": (8, 1)}


def named_beside(sheet: Sheet) -> None:
    """Draw names of columns under a heading, the others in the middle of both header rows."""
    xs = [40, 120, 180, *(230 + 50 * column for column in range(3)), 430]
    for column, word in ((1, "权重"), (5, "考核单位")):
        sheet.centered(xs[column], xs[column + 1], 109, word)
    for row, words in enumerate([("指标", "", "甲县", "乙县", "丙县", ""), *_BODY]):
        name, number, *_ = words
        rest = words[2:] if not row else ("3", "4", "5", "市统计局")
        for column, word in enumerate((name, number, *rest)):
            sheet.centered(xs[column], xs[column + 1], 120 + 18 * row, word)


def test_names_in_the_middle_of_a_taller_header_belong_to_it(tmp_path: Path) -> None:
    cells = read(tmp_path, named_beside).tables[0].cells
    first = [cell.text for cell in sorted(cells, key=lambda c: c.column) if cell.row == 1]
    assert first == ["指标", "权重", "甲县", "乙县", "丙县", "考核单位"]


def titled(sheet: Sheet) -> None:
    """Draw titles as a sheet does, in a merged row right over the names, in the same type."""
    xs = [40 + 70 * column for column in range(7)]
    for y, words in ((84, "二〇二二年度县区考核指标的通知"), (102, "考核指标表")):
        sheet.centered(xs[0], xs[-1], y, words)
    names = ("指标", "分值", "甲县", "乙县", "丙县", "考核单位")
    for row, words in enumerate([names, *((name, "2", "3", "4", "5", "局") for name, *_ in _BODY)]):
        for column, word in enumerate(words):
            sheet.centered(xs[column], xs[column + 1], 120 + 18 * row, word)


def test_titles_in_the_middle_of_the_table_are_no_headings_of_columns(tmp_path: Path) -> None:
    document = read(tmp_path, titled)
    assert rows_of(document)[0] == ["指标", "分值", "甲县", "乙县", "丙县", "考核单位"]
    assert document.tables[0].caption == ("考核指标表", "二〇二二年度县区考核指标的通知")


def test_headings_that_lie_over_one_another_are_left_where_they_stand() -> None:
    piece = Piece((), 0, 0, 40, 10, 10, 0)
    row = [Place(0, 1, 0, 3, (piece,)), Place(0, 1, 2, 4, (piece,)), Place(0, 1, 4, 5)]
    assert headed(row, Columns((), ())) == row
