"""Headings printed in the first of their rows only reach down over the blank cells below them."""

from __future__ import annotations

from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.pages.unmerged import with_headings_merged
from tests.support.for_each import for_each

NAMES = {
    **{"一级指标": Role.LEVEL, "二级指标": Role.LEVEL, "指标名称": Role.LEVEL},
    **{"分值": Role.POINTS, "考核单位": Role.ASSESSING, "备注": Role.NOTE},
}
ROWS = (
    "经济 | 总量 | 生产总值 | 2",
    " |  | 财政收入 | 3",
    " | 外贸 | 进出口 | 1",
    "民生 |  | 就业 | 4",
)


def drawn(*rows: str) -> LogicalTable:
    """Return a table in which each cell has rules of its own."""
    columns = (Column(at, role, name) for at, (name, role) in enumerate(NAMES.items()))
    cells = (
        LogicalCell(row, row + 1, column, column + 1, text.strip(), ())
        for row, line in enumerate(rows)
        for column, text in enumerate(line.split("|"))
    )
    return LogicalTable(tuple(columns), len(rows), tuple(cells))


def headings(table: LogicalTable) -> list[tuple[int, int, int, str]]:
    return [
        (cell.column0, cell.row0, cell.row1, cell.text) for cell in table.cells if cell.column0 < 2
    ]


def test_headings_reach_down_to_the_next_one_or_the_next_above_it() -> None:
    table = with_headings_merged(drawn(*ROWS))
    assert table is not None
    assert headings(table) == [
        (0, 0, 3, "经济"),
        (1, 0, 2, "总量"),
        (1, 2, 3, "外贸"),
        (0, 3, 4, "民生"),
        (1, 3, 4, ""),
    ]
    assert [cell for cell in table.cells if cell.column0 >= 2] == [
        cell for cell in drawn(*ROWS).cells if cell.column0 >= 2
    ]


def test_other_cells_may_be_blank() -> None:
    rows = [
        f"{row} | 市统计局 | {note}" for row, note in zip(ROWS, ("", "新增", "", ""), strict=True)
    ]
    table = with_headings_merged(drawn(*rows))
    assert table is not None
    assert headings(table)[0] == (0, 0, 3, "经济")


@for_each("row", [" |  |  | 3", " |  | 财政收入 | ", " |  | 财政收入 | 3 | "])
def test_cells_may_have_moved_where_others_are_blank(row: str) -> None:
    assert with_headings_merged(drawn(ROWS[0], row, *ROWS[2:])) is None


@for_each("row", [" |  | 财政收入 | 3", "经济 |  | 财政收入 | 3", " | 总量 | 财政收入 | 3"])
def test_headings_may_stand_in_the_middle_where_the_first_row_has_none(row: str) -> None:
    assert with_headings_merged(drawn(row, *ROWS)) is None
