"""Columns under a header that a page may only repeat, after rows under one in another order."""

from __future__ import annotations

from normalize.pipeline import normalize
from schemas.records.document import Table
from schemas.records.notice import Notice
from schemas.records.source import SourceMeta
from tests.support.for_each import for_each
from tests.support.normalize.drawn import document, table

HEADER = "一级指标 | 指标名称 | 分值 | 东河区 | 西山县 | 考核单位"
TURNED = HEADER.replace("东河区 | 西山县", "西山县 | 东河区")
ABOVE = """
经济 | 财政收入（亿元） | 5 | 12.5 | 8 | 市财政局
经济 | 粮食产量（万吨） | 3 | 5 | 4 | 市统计局"""
BELOW = ABOVE.replace("财政", "税收").replace("粮食", "生猪")
LAST = ABOVE.replace("财政", "基金").replace("粮食", "蔬菜")
MORE = ABOVE.replace("财政", "利息").replace("粮食", "油料")
FOOT = ""


def page(number: int, at: int, header: str, rows: str) -> Table:
    return table(f"{header}\n{rows.strip()}", number=number, page=at)


def read(*tables: Table) -> Notice:
    return normalize(document(*tables), SourceMeta(document_id="drawn", year=2020))


def in_doubt(notice: Notice) -> dict[int, set[str]]:
    """Return the entities by serial number whose targets the order of the columns puts in doubt."""
    found: dict[int, set[str]] = {}
    for target in notice.targets:
        if "表头次序" in (target.review_reason or ""):
            found.setdefault(target.serial_no, set()).add(target.entity)
    return found


@for_each("rows", [BELOW, FOOT])
def test_rows_under_a_first_header_that_a_page_may_repeat_are_doubted(rows: str) -> None:
    notice = read(page(1, 1, HEADER, ABOVE), page(2, 1, TURNED, rows), page(3, 2, HEADER, LAST))
    last = len({target.serial_no for target in notice.targets})
    both = {"东河区", "西山县"}
    assert in_doubt(notice) == {last - 1: both, last: both}
    said = [each.message_zh for each in notice.findings if each.code == "column_unsure"]
    assert len(said) == 2
    assert said[0].startswith("“东河区”一栏") and "“西山县”" in said[0]


@for_each(
    "why, tables",
    [
        (
            "on the same page",
            [page(1, 1, HEADER, ABOVE), page(2, 1, TURNED, BELOW), page(3, 1, HEADER, LAST)],
        ),
        (
            "the order goes on",
            [page(1, 1, HEADER, ABOVE), page(2, 2, TURNED, BELOW), page(3, 3, TURNED, LAST)],
        ),
        (
            "a page repeats none",
            [
                *(page(1, 1, HEADER, ABOVE), page(2, 2, "", MORE)),
                *(page(3, 2, TURNED, BELOW), page(4, 3, HEADER, LAST)),
            ],
        ),
    ],
)
def test_a_header_that_nothing_makes_a_repeated_one_holds(why: str, tables: list[Table]) -> None:
    assert in_doubt(read(*tables)) == {}, why
