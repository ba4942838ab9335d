"""Tables that touch one another in one grid are parted at the header that stands again."""

from __future__ import annotations

import pytest

from normalize.layout.header import find_header
from normalize.layout.stacked import parted
from schemas.records.document import Cell, Table
from tests.support.for_each import for_each

HEADER = "一级指标 | 三级指标 | 分值 | 东河区 | 西山县 | 考核单位"
FEWER = "一级指标 | 三级指标 | 分值 | 东河区 | 西山县 | 备注"
ABOVE = ["经济 | 财政收入 | 5 | 12.5 | 8 | 市财政局", "经济 | 电子政务 | 2 | 4 | 6 | 市政府办"]
BELOW = ["农业 | 粮食产量 | 3 | 5 | 4 | 市统计局"]
UPPER, LOWER = (0, 10, 30, 40, 50, 60, 80), (0, 15, 35, 42, 52, 62, 80)


def stacked(upper: list[str], lower: list[str]) -> Table:
    """Return two tables as one grid: each cell spans what rules of the other run through it."""
    edges = sorted({*UPPER, *LOWER})
    cells = []
    for row, text in enumerate((*upper, *lower), 1):
        own = UPPER if row <= len(upper) else LOWER
        for words, left, right in zip(text.split(" | "), own[:-1], own[1:], strict=True):
            at = edges.index(left)
            cells.append(Cell(row, at + 1, words, column_span=edges.index(right) - at))
    rows = len(upper) + len(lower)
    places = tuple(map(float, edges))
    return Table(1, tuple(cells), rows, len(edges) - 1, page=1, column_edges=places)


def texts(table: Table) -> list[list[str]]:
    rows = range(1, table.row_count + 1)
    return [[cell.text for cell in table.cells if cell.row == row] for row in rows]


def as_drawn(rows: list[str]) -> list[list[str]]:
    return [row.split(" | ") for row in rows]


def test_each_table_has_its_own_columns_again() -> None:
    above, below = parted(stacked([HEADER, *ABOVE], [HEADER, *BELOW]), None)
    assert texts(above) == as_drawn([HEADER, *ABOVE])
    assert texts(below) == as_drawn([HEADER, *BELOW])
    assert (above.column_edges, below.column_edges) == (UPPER, LOWER)


def test_the_rest_of_a_table_above_a_header_is_a_table() -> None:
    first, _ = parted(stacked([HEADER, *ABOVE], [HEADER, *BELOW]), None)
    rest, below = parted(stacked(ABOVE[1:], [HEADER, *BELOW]), find_header(first))
    assert (texts(rest), texts(below)) == (as_drawn(ABOVE[1:]), as_drawn([HEADER, *BELOW]))


def test_a_header_of_which_a_page_cuts_the_first_name_is_one() -> None:
    cut = HEADER.replace("一级指标", "一级").replace("东河区 | 西山县", "西山县 | 东河区")
    _, below = parted(converted(HEADER, *ABOVE, cut), None)
    assert texts(below) == as_drawn([cut])


def test_a_header_of_which_a_page_cuts_several_names_is_one() -> None:
    cut = "一级指 | 三级指标 | 分值 | 西山 | 东 | 考核单"
    _, below = parted(converted(HEADER, *ABOVE, cut), None)
    assert texts(below) == as_drawn([cut])


def test_a_last_row_is_no_header_for_a_few_words_that_names_begin_with() -> None:
    row = "一级 | 考核单位 | 3 | 东河区 | 西山 | 考核"
    assert len(parted(converted(HEADER, *ABOVE, row), None)) == 1


def test_a_row_that_only_begins_as_the_header_does_parts_nothing() -> None:
    like = "一级指标 | 财政收入 | 5 | 12.5 | 8 | 市财政局"
    whole = stacked([HEADER, *ABOVE], [like, *BELOW])
    assert parted(whole, None) == [whole]


def converted(*rows: str) -> Table:
    """Return a table whose columns nothing draws; a row of one text covers them all."""
    cells = [
        Cell(number, column, words, column_span=1 if " | " in row else 6)
        for number, row in enumerate(rows, 1)
        for column, words in enumerate(row.split(" | "), 1)
    ]
    return Table(1, tuple(cells), len(rows), 6)


def test_a_table_of_converted_text_is_parted_where_its_header_stands_again() -> None:
    above, below = parted(converted(HEADER, *ABOVE, HEADER, *BELOW), None)
    assert texts(above) == as_drawn([HEADER, *ABOVE])
    assert texts(below) == as_drawn([HEADER, *BELOW])
    assert (above.column_count, below.column_count) == (6, 6)


@pytest.mark.parametrize("entities", ["西山县 | 东河区", "南平县 | 北川县"])
def test_a_header_of_the_same_columns_for_whatever_entities_is_one(entities: str) -> None:
    again = HEADER.replace("东河区 | 西山县", entities)
    above, below = parted(converted(HEADER, *ABOVE, again, *BELOW), None)
    assert texts(below) == as_drawn([again, *BELOW])
    assert texts(above) == as_drawn([HEADER, *ABOVE])


@for_each("line", ["续表", "单位：亿元", "二、西山县", "审核人：", " |  |  |  |  | "])
def test_lines_over_a_header_that_stands_again_belong_to_it(line: str) -> None:
    over = ["考核指标表（续）", line] if line.strip(" |") else ["考核指标表（续）", line, "续"]
    above, below = parted(converted(HEADER, *ABOVE, *over, HEADER, *BELOW), None)
    assert (texts(above), below.row_count) == (as_drawn([HEADER, *ABOVE]), len(over) + 2)


def test_a_heading_over_a_header_that_stands_again_is_a_row() -> None:
    heading = "二、民生保障"
    above, below = parted(converted(HEADER, *ABOVE, heading, HEADER, *BELOW), None)
    assert texts(above) == as_drawn([HEADER, *ABOVE, heading])
    assert texts(below) == as_drawn([HEADER, *BELOW])


@for_each("other", ["一级指标 | 三级指标 | 分值 | 2019年完成 | 2020年完成 | 备注", FEWER])
def test_whatever_header_begins_like_the_first_one_has_its_own_columns(other: str) -> None:
    above, below = parted(converted(HEADER, *ABOVE, other, *BELOW), None)
    assert texts(above) == as_drawn([HEADER, *ABOVE])
    assert texts(below) == as_drawn([other, *BELOW])
