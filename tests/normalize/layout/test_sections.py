"""Headings of sections hold over a header that stands again, and a header at a page's foot."""

from __future__ import annotations

from dataclasses import replace

from normalize.layout.table_chains import Chain, chains
from schemas.records.document import Cell, Table
from tests.support.for_each import for_each

HEADER = "指标名称 | 分值 | 东河区 | 西山县 | 考核单位"
TURNED = "指标名称 | 分值 | 西山县 | 东河区 | 考核单位"
ABOVE = ["财政收入 | 5 | 12.5 | 8 | 市财政局", "电子政务 | 2 | 4 | 6 | 市政府办"]
BELOW = ["粮食产量 | 3 | 5 | 4 | 市统计局", "造林面积 | 3 | 6 | 7 | 市林业局"]


def printed(*rows: str, page: int = 1, caption: tuple[str, ...] = ()) -> Table:
    """Return a page's table; a row of one text goes across."""
    cells: list[Cell] = []
    for row, line in enumerate(rows, 1):
        texts = line.split(" | ")
        span = 5 if len(texts) == 1 else 1
        cells += (Cell(row, n, t, column_span=span, page=page) for n, t in enumerate(texts, 1))
    return Table(page, tuple(cells), len(rows), 5, page=page, caption=caption)


def read(chain: Chain) -> list[str]:
    """Return a chain's rows, page after page."""
    return [
        " | ".join(cell.text for cell in part.table.cells if cell.row == row)
        for part in chain.parts
        for row in range(1, part.table.row_count + 1)
    ]


def chains_of(*tables: Table) -> list[list[str]]:
    found, loose = chains(tables)
    assert loose == ()
    return [read(chain) for chain in found]


def test_a_heading_that_a_table_ends_with_heads_the_next_one() -> None:
    above = printed(HEADER, "一、经济", *ABOVE, "二、农业")
    below = printed(TURNED, *BELOW, page=2)
    assert chains_of(above, below) == [
        [HEADER, "一、经济", *ABOVE],
        [TURNED, "二、农业", *BELOW],
    ]


def test_a_heading_goes_on_where_the_header_stands_again_within_its_section() -> None:
    above = printed(HEADER, "一、经济", "（一）收入", *ABOVE)
    assert chains_of(above, printed(TURNED, *BELOW, page=2))[1] == [
        TURNED,
        *("一、经济", "（一）收入", *BELOW),
    ]
    own = printed(TURNED, "（二）粮食", *BELOW, page=2)
    assert chains_of(above, own)[1] == [TURNED, "一、经济", "（二）粮食", *BELOW]
    next_one = printed(TURNED, "二、农业", *BELOW, page=2)
    assert chains_of(above, next_one)[1] == [TURNED, "二、农业", *BELOW]


def test_no_heading_goes_on_under_a_title_or_other_columns() -> None:
    above = printed(HEADER, "一、经济", *ABOVE)
    titled = printed(TURNED, *BELOW, page=2, caption=("乡村振兴考核指标表",))
    assert chains_of(above, titled)[1] == [TURNED, *BELOW]
    other = "指标名称 | 分值 | 西山县 | 东河区 | 备注"
    assert chains_of(above, printed(other, *BELOW, page=2))[1] == [other, *BELOW]


def test_a_heading_above_the_header_of_its_rows_stands_below_it_where_others_do() -> None:
    above = printed("一、经济", HEADER, *ABOVE, "二、农业")
    assert chains_of(above, printed(TURNED, *BELOW, page=2)) == [
        [HEADER, "一、经济", *ABOVE],
        [TURNED, "二、农业", *BELOW],
    ]
    alone = printed("一、考核指标", HEADER, *ABOVE)
    assert chains_of(alone) == [["一、考核指标", HEADER, *ABOVE]]


def test_a_header_at_a_pages_foot_heads_the_next_page_where_its_order_is_another() -> None:
    above, foot = printed(HEADER, *ABOVE), printed(TURNED)
    assert chains_of(above, foot, printed(*BELOW, page=2)) == [
        [HEADER, *ABOVE],
        [TURNED, *BELOW],
    ]
    same = chains_of(above, printed(HEADER), printed(*BELOW, page=2))
    assert same == [[HEADER, *ABOVE, *BELOW]]


def test_a_header_at_a_pages_foot_may_name_other_columns() -> None:
    fewer = "指标名称 | 分值 | 东河区 | 西山县"
    rows = [row.rsplit(" | ", 1)[0] for row in BELOW]
    foot = replace(printed(fewer), column_count=4)
    assert chains_of(
        printed(HEADER, *ABOVE), foot, replace(printed(*rows, page=2), column_count=4)
    ) == [
        [HEADER, *ABOVE],
        [fewer, *rows],
    ]


def test_a_line_over_a_column_of_first_levels_is_a_title() -> None:
    header, turned = (f"一级指标 | {each[7:]}" for each in (HEADER, TURNED))
    above = printed(header, *ABOVE, "二、园区考核指标")
    assert chains_of(above, printed(turned, *BELOW, page=2))[1] == [turned, *BELOW]


def test_a_caption_with_the_first_ordinal_of_the_headings_is_one() -> None:
    above = printed(HEADER, *ABOVE, "二、农业", *BELOW, caption=("一、经济",))
    assert chains_of(above) == [[HEADER, "一、经济", *ABOVE, "二、农业", *BELOW]]
    own = printed(HEADER, "一、经济", *ABOVE, caption=("一、考核指标",))
    assert chains_of(own) == [[HEADER, "一、经济", *ABOVE]]


def test_names_that_stand_in_another_order_under_a_header_cut_by_the_page_are_its_own() -> None:
    tops = "指标名称 | 分值 | 目标 | 目标 | 考核单位"
    first = printed(tops, " |  | 东河区 | 西山县 | ", *ABOVE)
    again = printed(" |  | 西山县 | 东河区 | ", *BELOW, page=2)
    found, _ = chains([first, again])
    assert [[path[-1] for path in chain.header.paths] for chain in found] == [
        ["指标名称", "分值", "东河区", "西山县", "考核单位"],
        ["指标名称", "分值", "西山县", "东河区", "考核单位"],
    ]


def names_in(tables: list[Table]) -> list[list[str]]:
    found, loose = chains(tables)
    assert loose == ()
    return [[path[-1] for path in chain.header.paths] for chain in found]


@for_each(
    "foot, rest, whole",
    [
        ("指标名 | 分 | 西山 | 东河区 | 考核单位", "称 | 值 | 县 |  | ", "西山县 东河区"),
        ("指标 | 分 | 西山 | 东河 | 考核", "名称 | 值 | 县 | 区 | 单位", "西山县 东河区"),
        ("指标 | 分 | 北塘 | 南湖 | 考核", "名称 | 值 | 县 | 区 | 单位", "北塘县 南湖区"),
    ],
)
def test_a_header_whose_names_a_page_cuts_heads_the_rows_below_its_rest(
    foot: str, rest: str, whole: str
) -> None:
    tables = [printed(HEADER, *ABOVE), printed(foot), printed(rest, *BELOW, page=2)]
    other = ["指标名称", "分值", *whole.split(), "考核单位"]
    assert names_in(tables) == [HEADER.split(" | "), other]


def test_a_header_that_comes_again_cut_in_the_same_order_goes_on() -> None:
    foot, rest = "指标 | 分 | 东河 | 西山 | 考核", "名称 | 值 | 区 | 县 | 单位"
    tables = [printed(HEADER, *ABOVE), printed(foot), printed(rest, *BELOW, page=2)]
    (chain,), _ = chains(tables)
    assert [part.body_start for part in chain.parts] == [1, 1]


def test_the_first_header_of_all_may_be_cut_and_its_title_stands_over_it() -> None:
    foot = printed("指标 | 分 | 东河 | 西山 | 考核", caption=("2020年度考核指标",))
    rest = printed("名称 | 值 | 区 | 县 | 单位", *ABOVE, page=2)
    (chain,), _ = chains([foot, rest])
    assert [path[-1] for path in chain.header.paths] == HEADER.split(" | ")
    assert chain.caption == ("2020年度考核指标",)
    assert [part.body_start for part in chain.parts] == [1]


def test_a_whole_header_under_another_completes_none() -> None:
    tables = [printed(HEADER, *ABOVE), printed(TURNED), printed(HEADER, *BELOW, page=2)]
    assert names_in(tables) == [each.split(" | ") for each in (HEADER, TURNED, HEADER)]


def test_a_header_of_three_rows_may_be_cut_within_its_first() -> None:
    tops = ("指标名称 | 分值 | 目标 | 目标 | 考核单位", " |  | 一片 | 二片 | ")
    first = printed(*tops, " |  | 东河区 | 西山县 | ", *ABOVE)
    rest = printed("名称 | 值 | 二片 | 一片 | 单位", " |  | 西山县 | 东河区 | ", *BELOW, page=2)
    found = names_in([first, printed("指标 | 分 | 目标 | 目标 | 考核"), rest])
    assert found[1] == ["指标名称", "分值", "西山县", "东河区", "考核单位"]


def test_a_header_of_two_rows_whose_names_a_page_cuts_has_both() -> None:
    first = printed("指标名称 | 分值 | 目标 | 目标 | 考核单位", " |  | 东河区 | 西山县 | ", *ABOVE)
    foot = printed("指标名 | 分 | 目标 | 考核单位")
    rest = printed("称 | 值 | 西山县 | 东河区 | ", *BELOW, page=2)
    edges = (0.0, 50.0, 60.0, 70.0, 80.0, 100.0)
    first, rest = (replace(table, column_edges=edges) for table in (first, rest))
    foot = replace(foot, column_edges=(0.0, 50.0, 60.0, 80.0, 100.0))
    assert names_in([first, foot, rest])[1] == ["指标名称", "分值", "西山县", "东河区", "考核单位"]


def test_a_row_that_completes_no_names_is_none_of_a_header() -> None:
    first, foot = printed(HEADER, *ABOVE), printed("指标名 | 分 | 西山县 | 东河区 | 考核单位")
    other = printed("粮食产量 | 3 | 5 | 4 | 市统计局", page=2)
    _, below = chains([first, foot, other])[0]
    assert below.parts[-1].header is None
