"""Each piece of evidence for a row that a closed page break cut, both ways."""

from __future__ import annotations

import pytest

from normalize.layout.table_chains import chains
from normalize.model.table import LogicalTable
from normalize.pages.join import join
from tests.support.for_each import for_each
from tests.support.normalize.drawn import table

PLAIN = "一级指标 | 三级指标 | 分值 | 甲县 | 乙县 | 考核单位"
BEFORE = (
    "发展 | 高企（户） | 3 | 7 | 8 | 市科技局",
    "^ | 专利（件） | 2 | 9 | 6 | 市财政局",
    "^ | 普法工作情况 | 2 | 按要求贯彻落实 | < | 市司法局、市教育局",
)
AFTER = "民生 | 养老床位（张） | 1 | 5 | 4 | 市民政局"

ONE, TWO, UNSURE, UNSURE_TWO = "one row", "two rows", "one row, doubted", "two rows, doubted"


def joined(above: str, below: str, before: tuple[str, ...] = BEFORE) -> LogicalTable:
    """Join two pages, closed by rules: the last row of the one, the first of the other."""
    return _joined(PLAIN, (*before, above), (below, AFTER))


def _joined(header: str, *pages: tuple[str, ...]) -> LogicalTable:
    drawn = [
        table("\n".join((header, *rows)), number=page, page=page)
        for page, rows in enumerate(pages, 1)
    ]
    (chain,), _ = chains(drawn)
    return join(chain)


def outcome(found: LogicalTable, rows: int) -> str:
    """Say whether the rows beside the break became one; ``rows`` are those that are printed."""
    codes = {doubt.code for cell in found.cells for doubt in cell.doubts}
    said = ONE if found.rows < rows else TWO
    return said + (", doubted" if "row_cut_unsure" in codes else "")


def text_at(found: LogicalTable, row: int, column: int) -> str:
    return next(c.text for c in found.cells if c.row0 == row and c.column0 == column)


TEXTS = {
    "a bracket closes below": (
        "^ | 交通（公里、 | 2 | 7 | 8 | 市交通局", ". | 含县道） | . | . | . | .", ONE,
    ),
    "a bracket closes where it opened": (
        "^ | 交通（公里） | 2 | 7 | 8 | 市交通局", ". | 县道（公里） | 2 | 7 | 8 | 市交通局", TWO,
    ),
    "a list goes on": (
        "^ | 城乡交通、 | 2 | 7 | 8 | 市交通局", ". | 物流工作 | . | . | . | .", ONE,
    ),
    "a single character": (
        "^ | 城乡交通工 | 2 | 7 | 8 | 市交通局", ". | 作 | . | . | . | .", ONE,
    ),
    "only a unit": (
        "^ | 城乡公路里程 | 2 | 7 | 8 | 市交通局", ". | （公里） | . | . | . | .", ONE,
    ),
    "a name with a unit of its own": (
        "^ | 城乡交通 | 2 | 按要求贯彻落实 | < | 市交通局", ". | 公路里程（公里） | 2 | 7 | 8 | .",
        TWO,
    ),
    "a target that is said elsewhere, whole only together": (
        "^ | 信访 | 2 | 按要求 | < | 市信访局", ". | 工作 | . | 贯彻落实 | < | .", ONE,
    ),
    "a target that is said elsewhere, whole by itself": (
        "^ | 信访 | 2 | 按要求贯彻落实 | < | 市信访局", ". | 工作 | . | 按要求贯彻落实 | < | .",
        TWO,
    ),
    "departments whole only together": (
        "^ | 信访 | 2 | 按要求抓好 | < | 市司法局、市教", ". | 工作 | . | . | . | 育局", ONE,
    ),
    "two departments": (
        "^ | 信访 | 2 | 按要求抓好 | < | 市信访局", ". | 工作 | . | . | . | 市教育局", UNSURE,
    ),
}  # fmt: skip


@for_each("above, below, said", TEXTS.values())
def test_texts(above: str, below: str, said: str) -> None:
    assert outcome(joined(above, below), 6) == said


CELLS = {
    "points on both sides": (
        "^ | 城乡交通工 | 2 | 7 | 8 | 市交通局", ". | 作 | 3 | . | . | .", TWO,
    ),
    "points cut inside their bracket": (
        "^ | 城乡交通工 | 2（甲县 | 7 | 8 | 市交通局", ". | 作 | 3） | . | . | .", ONE,
    ),
    "a sign of no target": (
        "^ | 城乡交通工 | 2 | 7 | 8 | 市交通局", ". | 作 | . | --- | 8 | .", TWO,
    ),
    "a sign of no target over a target": (
        "^ | 城乡交通工 | 2 | --- | 8 | 市交通局", ". | 作 | . | 抓好 | . | .", TWO,
    ),
    "a sign of no target over a blank": (
        "^ | 城乡交通工 | 2 | --- | 8 | 市交通局", ". | 作 | . | . | . | .", ONE,
    ),
    "numbers on both sides": (
        "^ | 城乡交通工 | 2 | 7 | 8 | 市交通局", ". | 作 | . | 7 | 8 | .", TWO,
    ),
    "numbers above only": (
        "^ | 城乡交通工 | 2 | 7 | 8 | 市交通局", ". | 作 | . | . | . | .", ONE,
    ),
}  # fmt: skip


@for_each("above, below, said", CELLS.values())
def test_cells_that_cannot_be_one(above: str, below: str, said: str) -> None:
    assert outcome(joined(above, below), 6) == said


LINES = {
    "goes on though the part above had room": (
        r"^ | 城乡\n交通 | 2 | 按计划 | < | 市交通局", ". | 物流 | . | 抓好 | < | .", TWO,
    ),
    "filled to the end": (
        r"^ | 城乡\n交通 | 2 | 按\n计划 | < | 市交通局", ". | 物流 | . | 抓好 | < | .", ONE,
    ),
    "no last line alone": (
        r"^ | 城乡\n交通、\n邮政、 | 2 | 按\n计划 | < | 市交通局",
        r". | 物流 | . | 着力\n抓好 | < | .", ONE,
    ),
    "two lines short": (
        r"^ | 城乡\n交通、\n邮政、 | 2 | 按计划 | < | 市交通局",
        r". | 物流 | . | 着力\n抓好 | < | .", TWO,
    ),
    "much speaks for it though the part above had room": (
        r"^ | 城乡\n交通、 | 2 | 按要求 | < | 市交通\n局、市教",
        ". | 物流 | . | 贯彻落实 | < | 育局", UNSURE,
    ),
}  # fmt: skip


@for_each("above, below, said", LINES.values())
def test_lines(above: str, below: str, said: str) -> None:
    assert outcome(joined(above, below), 6) == said


def test_a_cut_row_is_put_together() -> None:
    found = joined("^ | 城乡交通、 | 2 | 按要求 | < | 市交通局", ". | 物流 | . | 贯彻落实 | < | .")
    assert [text_at(found, 3, column) for column in (1, 2, 3, 5)] == [
        "城乡交通、\n物流",
        "2",
        "按要求\n贯彻落实",
        "市交通局",
    ]


NUMBERED = f"序号 | {PLAIN}"


@pytest.mark.parametrize(
    ("serial", "second", "said"),
    [(".", "2", ONE), ("5", "2", TWO), (".", ".", UNSURE)],
    ids=["a row without its number", "a number of its own", "a document that leaves numbers out"],
)
def test_serial_numbers(serial: str, second: str, said: str) -> None:
    numbers = ("1", second, "3")
    above = tuple(f"{n} | {row}" for n, row in zip(numbers, BEFORE, strict=True))
    found = _joined(
        NUMBERED,
        (*above, "4 | ^ | 城乡交通 | 2 | 按要求抓好 | < | 市交通局"),
        (f"{serial} | . | 物流（件） | . | . | . | .", f"6 | {AFTER}"),
    )
    assert outcome(found, 6) == said


BLANKS = {
    "no row is blank so, no target tall": (BEFORE, UNSURE),
    "targets are blank elsewhere, too": (
        (*BEFORE, "^ | 保密工作 | 1 | . | . | 市保密局", "^ | 统计工作 | 1 | 3 | 2 | 市统计局"),
        UNSURE_TWO,
    ),
    "targets are tall elsewhere, too": (
        (
            *BEFORE,
            "^ | 保密工作 | 1 | 按规定做好 | < | 市保密局",
            "^ | 档案工作 | 1 | ^ | ^ | 市档案局",
            "^ | 统计工作 | 1 | 3 | 2 | 市统计局",
        ),
        UNSURE_TWO,
    ),
}


@pytest.mark.parametrize(("before", "said"), BLANKS.values(), ids=BLANKS)
def test_blanks(before: tuple[str, ...], said: str) -> None:
    above, below = "^ | 城乡交通 | 2 | 按要求抓好 | < | 市交通局", ". | 物流（件） | . | . | . | ."
    assert outcome(joined(above, below, before), len(before) + 3) == said


@pytest.mark.parametrize(
    ("printed", "said"), [("6", UNSURE), (".", TWO)], ids=["never so blank", "blank elsewhere, too"]
)
def test_a_name_alone_under_shared_points(printed: str, said: str) -> None:
    before = (
        *BEFORE,
        f"^ | 保密工作 | 1 | {printed} | {printed} | 市保密局",
        "^ | 邮政工作 | 2 | 按要求抓好 | < | 市交通局",
    )
    above, below = "^ | 城乡交通 | ^ | 按要求抓好 | < | ^", ". | 物流（件） | . | . | . | ."
    assert outcome(joined(above, below, before), len(before) + 3) == said


@pytest.mark.parametrize(
    ("target", "department", "said"),
    [("4", "市财政局", UNSURE), (".", "市财政局", ONE), ("清尽清偿", ".", ONE)],
    ids=["lacks its name alone", "lacks its target, too", "lacks its department, too"],
)
def test_a_row_that_lacks_more_than_its_name_goes_on(
    target: str, department: str, said: str
) -> None:
    above = "^ | 城乡交通 | 2 | 按要求贯彻落实 | < | 市科技局"
    below = f". | . | . | {target} | {target} | {department}"
    if target != "4":
        above = above.replace("按要求贯彻落实 | <", "按要求贯彻落实 | 按进度完成")
    assert outcome(joined(above, below), 6) == said


def test_rules_that_end_the_rows_name_outweigh_headings_that_go_on() -> None:
    drawn = [
        table(
            "\n".join((PLAIN, *BEFORE, "民生发 | 河长制工作 | 2 | 7 | 8 | 市科技局、")),
            page=1, open_bottom=(1, 3, 6),
        ),
        table(
            f"{PLAIN}\n展 | 突发事件应对 | . | 按要求落实 | < | 市司法局\n"
            "^ | 保密工作 | ^ | 3 | 4 | ^",
            number=2, page=2, open_top=(1, 3, 6),
        ),
    ]  # fmt: skip
    (chain,), _ = chains(drawn)
    found = join(chain)
    assert found.rows == 6
    assert [text_at(found, row, 1) for row in (3, 4)] == ["河长制工作", "突发事件应对"]
