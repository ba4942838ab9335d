"""A table's number and unit at a page's foot are those of the table that begins the next page."""

from __future__ import annotations

from dataclasses import replace

from normalize.layout.partial_pages import with_whole_pages
from schemas.records.document import Table
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

HEADER = "一级指标 | 指标名称 | 分值 | 东河区 | 西山县 | 考核单位\n"
ABOVE = table(f"{HEADER}经济 | 财政收入 | 5 | 12.5 | 8 | 市财政局", page=1)
BELOW = table(f"{HEADER}经济 | 企业数 | 3 | 5 | 4 | 市统计局", number=2, page=2)
LINES = ("注：表中均为增速", "表2", "单位：家")


@for_each(
    "notes, below, left, caption",
    [
        (LINES, BELOW, LINES[:1], LINES[:0:-1]),
        (LINES[::-1], BELOW, LINES[::-1], ()),
        (LINES, replace(BELOW, caption=("附表",)), LINES, ("附表",)),
        (LINES, replace(BELOW, page=1), LINES, ()),
        (LINES, table("经济 | 企业数 | 3 | 5 | 4 | 市统计局", number=2, page=2), LINES, ()),
    ],
)
def test_lines_at_a_page_s_foot_go_to_the_table_they_are_of(
    notes: tuple[str, ...], below: Table, left: tuple[str, ...], caption: tuple[str, ...]
) -> None:
    found = with_whole_pages(document(replace(ABOVE, notes=notes), below))
    assert [each.notes for each in found.tables] == [left, ()]
    assert found.tables[1].caption == caption
