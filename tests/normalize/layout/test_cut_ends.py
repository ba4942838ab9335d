"""A cell that a page cuts shows what the next page has of it, where that is another table."""

from __future__ import annotations

from normalize.layout.table_chains import chains
from schemas.records.document import Box, Cell, Seen, Table

HEADER = ("一级指标", "三级指标", "分值", "东河区", "西山县", "考核单位")


def table(number: int, rows: list[tuple[str, ...]], edges: tuple[float, ...]) -> Table:
    """Return a page's table whose last row is open below, and whose first, but on page 1, above."""
    cells = tuple(
        Cell(
            row,
            column,
            text,
            page=number,
            box=Box(edges[column - 1], 40.0 * row, edges[column], 40.0 * (row + 1)),
            open_top=number > 1 and row == 1,
            open_bottom=row == len(rows),
        )
        for row, texts in enumerate(rows, 1)
        for column, text in enumerate(texts, 1)
    )
    return Table(number, cells, len(rows), len(edges) - 1, page=number, column_edges=edges)


def seen(first: Table, second: Table) -> dict[str, tuple[Seen, ...]]:
    found, _ = chains((first, second))
    (part, *_) = found[0].parts
    return {cell.text: cell.seen for cell in part.table.cells if cell.seen}


FIRST = table(
    1,
    [
        HEADER,
        ("经济发展", "财政收入", "5", "12.5", "8", "市财政局"),
        ("经济发展", "电子政务", "2", "全面完成乡级", "---", "市政府办"),
    ],
    (0.0, 60.0, 130.0, 160.0, 240.0, 320.0, 380.0),
)


def test_the_rest_on_a_page_of_another_table_is_shown() -> None:
    edges = (0.0, 200.0, 250.0, 380.0)
    second = table(2, [("", "外网接入事宜", "公室"), ("乙", "丙", "丁")], edges)
    rest = {"全面完成乡级": "外网接入事宜", "市政府办": "公室", "---": "公室"}
    assert seen(FIRST, second) == {text: (Seen("cut", each),) for text, each in rest.items()}


def test_the_rest_above_a_header_of_the_page_s_own_is_shown() -> None:
    rows = [
        ("", "", "", "外网接入事宜", "", "公室"),
        HEADER,
        ("农业", "产量", "5", "3", "4", "市统计局"),
    ]
    found = seen(FIRST, table(2, rows, FIRST.column_edges or ()))
    assert found == {
        "全面完成乡级": (Seen("cut", "外网接入事宜"),),
        "市政府办": (Seen("cut", "公室"),),
    }


def test_what_continues_as_one_table_shows_nothing() -> None:
    rows = [("", "", "", "外网接入事宜", "", "公室"), ("农业", "产量", "5", "3", "4", "市统计局")]
    assert seen(FIRST, table(2, rows, FIRST.column_edges or ())) == {}
