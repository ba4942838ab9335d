"""Cells that a closed page break leaves blank on one side: taken together, apart, or doubted."""

from __future__ import annotations

import pytest

from normalize.layout.table_chains import chains
from normalize.model.table import LogicalCell
from normalize.pages.join import join
from tests.support.for_each import for_each
from tests.support.normalize.drawn import table

HEADER = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 牵头单位 | 配合单位"
BEFORE = "发展 | 高企（户） | 3 | 7 | 8 | 市科技局 | 市统计局"
AFTER = "民生 | 养老床位（张） | 1 | 5 | 4 | 市民政局 | 市财政局"


def cells(above: str, below: str) -> list[LogicalCell]:
    """Join two pages that end with, and begin with, these rows."""
    first = "\n".join((HEADER, BEFORE, *above.strip().split("\n")))
    second = "\n".join((HEADER, *below.strip().split("\n"), AFTER))
    return over_pages(first, second)


def over_pages(*pages: str) -> list[LogicalCell]:
    """Join pages that are drawn whole, headers too."""
    (chain,), _ = chains([table(page, number=n, page=n) for n, page in enumerate(pages, 1)])
    return list(join(chain).cells)


def at(found: list[LogicalCell], row: int, column: int) -> LogicalCell:
    return next(cell for cell in found if cell.row0 <= row < cell.row1 and cell.column0 == column)


def doubts(cell: LogicalCell) -> list[str]:
    return [doubt.code for doubt in cell.doubts]


@pytest.mark.parametrize(
    ("departments", "said"),
    [(("市农业局", "市水务局"), ["blank_at_break"]), ((".", "市水务局"), [])],
    ids=["nothing else is blank", "the department is blank there, too"],
)
def test_points_blank_at_a_page_end(departments: tuple[str, str], said: list[str]) -> None:
    above, below = departments
    found = cells(
        f"^ | 粮食产量（吨） | . | 6 | 5 | {above} | 市气象局",
        f"^ | 生猪出栏（头） | 2 | 4 | 3 | {below} | 市气象局".replace("^", "发展"),
    )
    points = at(found, 1, 2)
    assert (points.row0, points.row1, points.text) == (1, 3, "2")
    assert doubts(points) == said


def test_points_blank_above_a_text_that_had_no_room_there() -> None:
    found = cells(
        "^ | 粮食产量（吨） | . | 6 | 5 | 市农业局 | 市气象局",
        r"发展 | 生猪出栏（头） | 2（甲县\n3） | 4 | 3 | 市水务局 | 市气象局",
    )
    assert doubts(at(found, 1, 2)) == []


@pytest.mark.parametrize(
    ("heading", "said"),
    [("重点", ["heading_ambiguous"]), ("重1", ["heading_ambiguous"]), ("重", []), ("重点）", [])],
    ids=["fills its cell", "has room for half a character", "has room", "ends with its bracket"],
)
def test_a_heading_cut_at_a_page_end_is_doubted(heading: str, said: list[str]) -> None:
    found = cells(
        f"{heading} | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | 市气象局",
        "工作 | 生猪出栏（头） | 3 | 4 | 3 | 市林业局 | 市水务局",
    )
    assert doubts(at(found, 1, 0)) == doubts(at(found, 2, 0)) == said


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        ("乡村", "振兴", ["heading_ambiguous"]),
        ("乡村振兴", "法治", []),  # one is as long as others
        ("乡村", "振兴与治理", []),
        ("乡", "振", []),  # shorter together than any other
    ],
)
def test_two_headings_beside_a_break_that_are_shorter_than_all_others_are_doubted(
    above: str, below: str, said: list[str]
) -> None:
    def rows(names: str) -> list[str]:
        return [
            f"{name} | {name}{n}数（个） | 2 | 6 | 5 | 市农业局 | 市气象局"
            for name in names.split()
            for n in "一二"
        ]

    first = [HEADER, *rows(f"经济发展 创新驱动 生态环境 {above}")]
    second = [HEADER, *rows(f"{below} 民生保障 社会治理")]
    merged = ["\n".join(_merged(page)) for page in (first, second)]
    found = over_pages(*merged)
    assert doubts(at(found, 6, 0)) == doubts(at(found, 8, 0)) == said


def _merged(rows: list[str]) -> list[str]:
    """Return the rows, each first cell that repeats the one above as one with it."""
    return [
        f"^ | {row.partition(' | ')[2]}" if row.split()[0] == before.split()[0] else row
        for before, row in zip([".", *rows], rows, strict=False)
    ]


def test_supporting_department_goes_on_with_the_assessing_one() -> None:
    found = cells(
        "^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | .",
        "发展 | 生猪出栏（头） | . | 4 | 3 | . | 市水务局",
    )
    assert at(found, 1, 6).text == at(found, 2, 6).text == "市水务局"


def test_supporting_department_stays_where_points_begin_anew() -> None:
    found = cells(
        "^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | .",
        "发展 | 生猪出栏（头） | 3 | 4 | 3 | . | 市水务局",
    )
    assert at(found, 1, 5).text == at(found, 2, 5).text == "市农业局"
    assert at(found, 1, 6).text == ""
    assert at(found, 2, 6).text == "市水务局"


def test_supporting_department_stays_where_the_assessing_one_is_a_printed_blank() -> None:
    found = cells(
        "^ | 林地面积（亩） | 1 | 6 | 5 | . | 市气象局\n"
        "^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | 市气象局\n"
        "^ | 生猪出栏（头） | 2 | 6 | 5 | . | .",
        "发展 | 湿地面积（亩） | 3 | 4 | 3 | 市林业局 | 市水务局",
    )
    assert at(found, 3, 5).text == ""
    assert at(found, 3, 6).text == ""
    assert at(found, 4, 6).text == "市水务局"


@pytest.mark.parametrize(
    ("below", "text", "said"),
    [
        ("市农业局", r"市水务局\n市气象局", ["blank_at_break"]),
        ("市农业局", "市水务局", []),
        ("市林业局", r"市水务局\n市气象局", []),
    ],
    ids=["no room for the text", "room for it", "another department assesses"],
)
def test_a_blank_supporting_department_over_what_had_no_room_there_is_doubted(
    below: str, text: str, said: list[str]
) -> None:
    found = cells(
        "^ | 林地面积（亩） | 1 | 6 | 5 | 市林业局 | .\n"
        "^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | .",
        f"发展 | 生猪出栏（头） | 3 | 4 | 3 | {below} | {text}",
    )
    assert at(found, 2, 6).text == ""
    assert doubts(at(found, 2, 6)) == said


def joined(*pages: str) -> list[LogicalCell]:
    header = "一级指标 | 二级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 牵头单位"
    return over_pages(*("\n".join((header, *page.strip().split("\n"))) for page in pages))


OTHER = "民生 | 就业 | 岗位（个） | 3 | 7 | 8 | 市人社局"
LONG = """^ | ^ | 高企（户） | 3 | 7 | 8 | 市科技局
^ | ^ | 专利（件） | 3 | 7 | 8 | 市科技局"""


def test_a_heading_that_fills_a_page_says_nothing_of_blanks_beside_it() -> None:
    found = joined(
        f"发展 | 创新 | 研发（万元） | 3 | 7 | 8 | 市科技局\n{LONG}",
        f"发展 | . | 技改（万元） | 3 | 7 | 8 | 市科技局\n{LONG}",
        f"发展 | . | 投资（万元） | 3 | 7 | 8 | 市发改委\n{OTHER}",
    )
    assert at(found, 6, 1).text == "创新"
    assert not any(doubts(cell) for cell in found)


def test_a_blank_beside_a_heading_that_is_printed_again_is_doubted() -> None:
    found = joined(
        "党建 | 组织 | 党员（人） | 3 | 7 | 8 | 市委办\n"
        "发展 | 创新 | 研发（万元） | 3 | 7 | 8 | 市科技局",
        f"发展 | . | 投资（万元） | 3 | 7 | 8 | 市发改委\n{OTHER}",
    )
    assert doubts(at(found, 2, 1)) == ["blank_at_break"]


def test_points_printed_again_over_a_cut_row_and_the_next_are_one_number() -> None:
    above = f"{HEADER}\n{BEFORE}\n共享 | 储备（个） | 10 | 6 | 5 | 市农业局 | 市气象局"
    below = (
        f"共享 | . | 10 | . | . | . | .\n^ | 河长（次） | ^ | 4 | 3 | 市水务局 | 市气象局\n{AFTER}"
    )
    every = tuple(range(1, 8))
    tables = [
        table(above, page=1, open_bottom=every),
        table(below, number=2, page=2, open_top=every),
    ]
    (chain,), _ = chains(tables)
    points = at(list(join(chain).cells), 1, 2)
    assert (points.text, points.row0, points.row1, points.doubts) == ("10", 1, 3, ())


def test_what_goes_on_over_a_page_that_prints_nothing_of_it_begins_anew_after_it() -> None:
    header = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 牵头单位 | 配合单位"
    pages = (
        f"{header}\n{BEFORE}\n^ | 粮食产量（ | 2 | 6 | 5 | 市农业局 | 市气象局",
        f"{header}\n. | 吨） | . | . | . | . | .",
        f"{header}\n发展 | 生猪出栏（头） | 3 | 4 | 3 | 市林业局 | .\n"
        f"^ | 湿地（亩） | ^ | 4 | 3 | ^ | ^\n{AFTER}",
    )
    tables = [table(page, number=n, page=n) for n, page in enumerate(pages, 1)]
    (chain,), _ = chains(tables)
    found = list(join(chain).cells)
    assert at(found, 1, 1).text == "粮食产量（\n吨）"
    assert [at(found, row, 6).text for row in (1, 2, 3)] == ["市气象局", "", ""]


NAMES = {
    "a name that the page cut": (
        "市科技局，市统计局，市司", "法局", "市科技局，市统计局，市司\n法局", [],
    ),
    "a name that the page cut, nothing between names": (
        "市财政局市自然资", "源局市水务局", "市财政局市自然资\n源局市水务局", [],
    ),
    "an office that the page cut": (
        "市水务局；市政府办公", "室；市统计局", "市水务局；市政府办公\n室；市统计局", [],
    ),
    "a sign that opens the second part, the first printed elsewhere": (
        "市科技局", "，市司法局", "市科技局\n，市司法局", [],
    ),
    "two names, whole on either side": (
        "市农业局市水务局", "市司法局", "市农业局市水务局", ["row_cut_unsure"],
    ),
}  # fmt: skip


@for_each("upper, lower, whole, said", NAMES.values())
def test_departments_over_a_page_end_in_rows_that_share_points(
    upper: str, lower: str, whole: str, said: list[str]
) -> None:
    found = cells(
        f"^ | 粮食产量（吨） | 2 | 6 | 5 | {upper} | 市气象局",
        f"发展 | 生猪出栏（头） | . | 4 | 3 | {lower} | 市水务局\n"
        f"^ | 湿地（亩） | ^ | 4 | 3 | ^ | ^",
    )
    assert at(found, 1, 5).text == whole
    assert (at(found, 2, 5) is at(found, 1, 5)) == (not said)
    assert doubts(at(found, 1, 5)) == doubts(at(found, 2, 5)) == said


@pytest.mark.parametrize("sign", ["/", "—", "无"])
def test_a_sign_that_there_is_no_department_is_no_part_of_a_name(sign: str) -> None:
    found = cells(
        "^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | 市水务局",
        f"发展 | 生猪出栏（头） | 3 | 4 | 3 | 市农业局 | {sign}",
    )
    assert [at(found, row, 6).text for row in (1, 2)] == ["市水务局", sign]
    found = cells(
        f"^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局 | {sign}",
        "发展 | 生猪出栏（头） | 3 | 4 | 3 | 市农业局 | 市水务局",
    )
    assert [at(found, row, 6).text for row in (1, 2)] == [sign, "市水务局"]


def test_departments_of_rows_whose_points_begin_anew_are_two_cells() -> None:
    found = cells(
        "^ | 粮食产量（吨） | 2 | 6 | 5 | 市农业局市水务局 | 市气象局",
        "发展 | 生猪出栏（头） | 3 | 4 | 3 | 市司法局 | 市水务局\n"
        "^ | 湿地（亩） | ^ | 4 | 3 | ^ | ^",
    )
    assert at(found, 2, 5).text == "市司法局"
    assert doubts(at(found, 1, 5)) == doubts(at(found, 2, 5)) == []


HEADED = "一级指标 | 二级指标 | 三级指标 | 甲县 | 乙县 | 牵头单位 | 配合单位"


@pytest.mark.parametrize("last", ["^", "市水务局"], ids=["over two rows", "of one row"])
def test_a_blank_supporting_department_where_headings_have_the_points_is_noted(last: str) -> None:
    pages = (
        f"{HEADED}\n民生 | 就业（9分） | 岗位（个） | 7 | 8 | 市人社局 | .\n"
        "发展 | 农业（7分） | 粮食产量（吨） | 6 | 5 | 市农业局 | 市气象局",
        f"{HEADED}\n. | . | 生猪出栏（头） | 4 | 3 | 市农业局 | .\n"
        f"^ | ^ | 湿地（亩） | 4 | 3 | 市林业局 | {last}",
    )
    blank = at(over_pages(*pages), 2, 6)
    assert blank.text == ""
    assert [(doubt.code, doubt.severity) for doubt in blank.doubts] == [("blank_at_break", "info")]


@pytest.mark.parametrize(
    ("upper", "lower", "names"),
    [
        ("农业农村工", "作（7分）", "农业农村工\n作（7分）"),
        ("农业（7分）", "水务（3分）", "农业（7分）"),
    ],
    ids=["its points on the next page", "its points behind it"],
)
def test_a_heading_is_cut_before_its_points_where_all_have_some(
    upper: str, lower: str, names: str
) -> None:
    pages = (
        f"{HEADED}\n民生 | 就业（9分） | 岗位（个） | 7 | 8 | 市人社局 | .\n"
        f"发展 | {upper} | 粮食产量（吨） | 6 | 5 | 市农业局 | 市气象局",
        f"{HEADED}\n发展 | {lower} | 生猪出栏（头） | 4 | 3 | 市林业局 | 市水务局\n"
        "^ | ^ | 湿地（亩） | 4 | 3 | 市林业局 | 市水务局",
    )
    found = over_pages(*pages)
    assert at(found, 1, 1).text == names
    assert (at(found, 2, 1) is at(found, 1, 1)) == ("\n" in names)


@pytest.mark.parametrize(
    ("upper", "lower", "whole"),
    [
        ("市农业局，市\\n水务局", "水务局", "市农业局，市\n水务局"),
        ("）", "市农业局（牵头\\n）", "市农业局（牵头\n）"),
    ],
    ids=["its end below", "its end above"],
)
def test_a_cell_beside_a_cut_row_of_which_a_part_is_printed_again_is_one(
    upper: str, lower: str, whole: str
) -> None:
    above = f"{HEADER}\n{BEFORE}\n共享 | 储备（个） | 10 | 6 | 5 | {upper} | 市气象局"
    below = (
        f"共享 | . | . | . | . | {lower} | .\n^ | 河长（次） | 3 | 4 | 3 | ^ | 市气象局\n{AFTER}"
    )
    every = tuple(range(1, 8))
    tables = [
        table(above, page=1, open_bottom=every),
        table(below, number=2, page=2, open_top=every),
    ]
    (chain,), _ = chains(tables)
    found = at(list(join(chain).cells), 1, 5)
    assert (found.text, found.row0, found.row1) == (whole, 1, 3)
