"""Converted text laid onto the logical table: the real notice, and rows damaged one by one."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from common.fold import fold
from normalize.converted.align import align
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from schemas.records.document import Cell, Table
from tests.support.normalize.align_damage import Score, compare, draw
from tests.support.paths import NOTICES, ROOT
from tests.support.soak import Seeds

NOTICES_2020 = NOTICES / "2020"
ENTITIES = ("雁江区", "安岳县", "乐至县", "高新区", "临空经济区")
LEVELS = ("一级指标", "二级指标", "三级指标", "三级指标")


def columns(entities: tuple[str, ...] = ENTITIES) -> list[Column]:
    kinds = [(Role.LEVEL, name) for name in LEVELS] + [(Role.POINTS, "分值")]
    kinds += [(Role.TARGET, name) for name in entities]
    kinds += [(Role.ASSESSING, "考核评估及数据提供单位")]
    return [Column(i, role, name) for i, (role, name) in enumerate(kinds)]


def tables_of(text: str) -> list[Table]:
    """Read Markdown tables the plain way: a line is a row, the second line is dropped."""
    found: list[Table] = []
    block: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.strip().startswith("|"):
            block.append([cell.strip() for cell in line.strip()[1:-1].split("|")])
        elif block:
            found.append(table_of([block[0], *block[2:]], len(found) + 1))
            block = []
    return found


def table_of(rows: list[list[str]], number: int = 1) -> Table:
    cells = tuple(
        Cell(r, c, text, page=number)
        for r, row in enumerate(rows, 1)
        for c, text in enumerate(row, 1)
    )
    width = max(map(len, rows))
    return Table(number, cells, len(rows), width, page=number, regular=False)


def rebuilt_rows(path: Path, width: int) -> list[list[str]]:
    """Return the rebuilt table with its spans spread, without the header."""
    taken: dict[tuple[int, int], str] = {}
    row = -1
    for row, line in enumerate(html.parse(str(path)).iter("tr")):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            down, across = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
            text = "".join(cell.itertext()).strip()
            taken.update({(row + d, column + a): text for d in range(down) for a in range(across)})
    return [[taken[r, c] for c in range(width)] for r in range(1, row + 1)]


def lay(*pages: list[str], entities: tuple[str, ...] = ENTITIES) -> LogicalTable:
    """Lay pages given as lines of cells (without a header)."""
    tables = [
        table_of([[cell.strip() for cell in line.split("|")] for line in page], number)
        for number, page in enumerate(pages, 1)
    ]
    table, unplaced = align(tables, columns(entities), header_rows=[0] * len(tables))
    assert not unplaced
    return table


def at(table: LogicalTable, row: int, column: int) -> LogicalCell:
    found = [
        cell
        for cell in table.cells
        if cell.row0 <= row < cell.row1 and cell.column0 <= column < cell.column1
    ]
    assert len(found) == 1, "the cells tile the table"
    return found[0]


def texts(table: LogicalTable, row: int) -> list[str]:
    return [at(table, row, column).text for column in range(len(table.columns))]


def codes(cell: LogicalCell) -> set[str]:
    return {doubt.code for doubt in cell.doubts if doubt.severity != "info"}


@pytest.fixture(scope="module")
def notice() -> LogicalTable:
    tables = tables_of(NOTICE.read_text("utf-8"))
    table, unplaced = align(tables, columns(), header_rows=[1] * len(tables))
    assert not unplaced
    return table


NOTICE = ROOT / "raw" / "notices" / "ziyang-2020-text" / "notice.txt"
needs_notice = pytest.mark.skipif(not NOTICE.exists(), reason="the converted notice is not there")


@needs_notice
def test_the_real_notice_reads_as_rebuilt_by_hand(notice: LogicalTable) -> None:
    truth = rebuilt_rows(NOTICES_2020 / "notice.html", 11)
    # The conversion lost a number inside this cell; the text itself is as printed.
    assert fold(at(notice, 19, 4).text) == fold("1 (高新区2) (临空经济区)")
    truth[19][4] = at(notice, 19, 4).text
    score = compare(notice, truth)
    assert notice.rows == 106
    assert score.wrong_silent == []
    assert score.wrong_doubted == 0
    assert score.right_doubted < 0.05 * score.cells


@needs_notice
def test_what_the_notice_does_not_say_is_doubted(notice: LogicalTable) -> None:
    assert codes(at(notice, 31, 10)) == {"department_cut"}
    assert codes(at(notice, 67, 10)) == {"department_cut"}
    assert codes(at(notice, 50, 8)) == {"blank_ambiguous"}
    assert "700" in [each.text for each in at(notice, 50, 8).doubts[0].alternatives]


@needs_notice
def test_weight_groups_are_one_points_cell(notice: LogicalTable) -> None:
    points = [cell for cell in notice.cells if cell.column0 == 4]
    assert len(points) == 82


PLAIN = [
    "高质量发展 | 创新发展 | 研发投入强度（%） | 2 | 1.2 | 1.3 | 1.4 | 1.5 | 1.6 | 市科学技术局 |",
    "|| 高新技术企业（户） | 1 | 12 | 13 | 14 | 15 | 16 | 市科学技术局 |",
    "|| 知识产权保护 | 1 | 按相关要求贯彻落实 |||| | 市市场监管局 |",
    "| 协调发展 | 城镇化率（%） | 0.5 | 按全省平均水平比较考核 ||| --- | --- | 市统计局 |",
    "|| 建筑业发展 | 建筑业总产值（亿元） | 1 | 19 | 60 | 45 | 74 | 18 | 市住房城乡建设局",
    "||| 装配式建筑（万m²） || 12 | 11 | 11 | 8 | 8 |",
]


def test_plain_rows_give_merged_cells_without_doubts() -> None:
    table = lay(PLAIN)
    assert not any(cell.doubts for cell in table.cells)
    heading = at(table, 2, 1)
    assert (heading.row0, heading.row1, heading.text) == (0, 3, "创新发展")
    name = at(table, 0, 2)
    assert (name.column0, name.column1) == (2, 4)
    instruction = at(table, 2, 5)
    assert (instruction.column0, instruction.column1) == (5, 10)
    assert [cell.text for cell in instruction.sources] == ["按相关要求贯彻落实"]
    points = at(table, 5, 4)
    assert (points.row0, points.row1) == (4, 6)
    assert at(table, 5, 2).row0 == 4
    assert texts(table, 5)[10] == "市住房城乡建设局"


def test_a_row_shifted_left_by_two_is_put_right() -> None:
    table = lay([*PLAIN[:4], "河湖管护得分率 | 2 | 按相关要求考核 ||||| 市水务局 |||"])
    assert texts(table, 4)[1:6] == ["协调发展", *["河湖管护得分率"] * 2, "2", "按相关要求考核"]
    assert texts(table, 4)[10] == "市水务局"
    assert {doubt.severity for doubt in at(table, 4, 2).doubts} == {"info"}


def test_a_row_pushed_right_has_lost_its_department() -> None:
    table = lay([*PLAIN, "|| 绿色发展 | 能耗降低率（%） || 1.5 | 1 | 2 | 3 | --- | ---"])
    assert texts(table, 6)[1:5] == ["绿色发展", *["能耗降低率（%）"] * 2, "1.5"]
    assert texts(table, 6)[5:10] == ["1", "2", "3", "---", "---"]
    assert codes(at(table, 6, 10)) == {"department_cut"}
    assert "市住房城乡建设局" in [each.text for each in at(table, 6, 10).doubts[0].alternatives]


def test_a_blank_too_many_inside_a_merged_target_is_left_out() -> None:
    table = lay([*PLAIN, "|| 质量工作 | 0.5 | 按相关要求考核 |||| --- | --- | 市市场监管局"])
    assert texts(table, 6)[5:] == [*["按相关要求考核"] * 3, "---", "---", "市市场监管局"]


def test_a_text_alone_on_a_new_page_goes_behind_the_long_text() -> None:
    long = "按《关于印发2021年度城乡融合发展重点任务清单的通知》要求进行"
    table = lay(
        [*PLAIN, f"|| 城乡融合任务完成情况 | 1 | {long} ||||| 市发展改革委 |"],
        ["|||||||||| 考核", *PLAIN[1:3]],
    )
    assert table.rows == 9
    assert at(table, 6, 5).text == long + "考核"
    assert len(at(table, 6, 5).sources) == 2
    assert at(table, 6, 10).text == "市发展改革委"


def test_a_heading_cut_and_printed_again_is_one_heading() -> None:
    first = ["年度重点 | 防灾减灾 | 防汛抗旱 | 1 | 按相关要求考核 ||||| 市水务局 |"]
    again = ["年度重点工作 | 食品安全 | 抽检合格率（%） | 1 | 97 ||||| 市市场监管局 |"]
    table = lay([*PLAIN, *first], [*again, *PLAIN[1:3]])
    heading = at(table, 6, 0)
    assert (heading.text, heading.row0, heading.row1) == ("年度重点工作", 6, 10)
    assert "heading_cut" in {doubt.code for doubt in heading.doubts}


def test_numbers_that_stand_apart_are_not_spread_over_blanks_silently() -> None:
    group = [
        "|| 培训工作 | 品牌培训（人） | 1 | 100 | 120 | 60 | --- | --- | 市教育局",
        "||| 创业培训（人） || 90 | 80 | 70 |||",
    ]
    table = lay([*PLAIN, *group])
    assert texts(table, 7)[5:10] == ["90", "80", "70", "---", "---"]
    assert codes(at(table, 7, 8)) == {"blank_ambiguous"}


CUT = "|| 新签约项目（个） | 1 | 12 | 13 | 14 | 15 | 16 | 市经济合"


def test_the_rest_of_a_known_department_alone_in_the_first_column_goes_on_with_it() -> None:
    known = "|| 到位资金（亿元） | 1 | 2 | 3 | 4 | 5 | 6 | 市经济合作局、市商务局"
    table = lay([*PLAIN[:2], known, CUT, "作局 ||||||||||", *PLAIN[2:]])
    assert table.rows == len(PLAIN) + 2
    assert at(table, 3, 10).text == "市经济合作局"
    assert "text_continued" in codes(at(table, 3, 10))
    assert at(table, 4, 0).text == "高质量发展"


def test_a_text_alone_in_the_first_column_below_rows_is_no_heading_for_sure() -> None:
    table = lay([*PLAIN, CUT, "作和外事局 ||||||||||", *PLAIN])
    assert codes(at(table, 7, 0)) == {"text_continued"}


@pytest.mark.parametrize(
    "pages",
    [
        ["共性指标 ||||||||||", *PLAIN, "个性指标 ||||||||||", *PLAIN],
        [*PLAIN, "二、年度重点工作 ||||||||||", *PLAIN],
        [*PLAIN, "加分项 ||||||||||", *PLAIN],
    ],
)
def test_a_heading_across_the_table_that_is_one_is_not_doubted(pages: list[str]) -> None:
    table = lay(pages)
    headings = [cell for cell in table.cells if cell.column1 - cell.column0 == 11]
    assert headings and not any(map(codes, headings))


def test_texts_under_several_targets_may_go_on_with_them() -> None:
    row = "|| 棚户区改造 | 1 | 新建12 | 1011 | 459套 | 32套 | 7 | 市财政局"
    rest = "|||| 个、改建8个 | 套，10月底前开工 | ，10月底前开工 | ，9月底前开工 | 套 |"
    table = lay([*PLAIN, row, rest])
    assert all("text_continued" in codes(at(table, 6, column)) for column in range(5, 10))


@pytest.mark.parametrize("target", ["18", "不发生", "18套，10月底前开工"])
def test_any_target_of_a_row_that_prints_one_too_few_may_be_the_blank_one(target: str) -> None:
    row = f"|| 养老床位（张） | 1 | 12 | {target} | {target} | 33 | 市民政局"
    table = lay([*PLAIN, row])
    cells = [at(table, 6, column) for column in range(5, 10)]
    assert all("row_shifted" in codes(cell) for cell in cells)
    last = {each.text for doubt in cells[-1].doubts for each in doubt.alternatives}
    assert last == {"", "33"} - {cells[-1].text}


def test_targets_beside_a_printed_blank_have_not_moved() -> None:
    table = lay([*PLAIN, "|| 养老床位（张） | 1 | 12 | 13 | 14 || 16 | 市民政局"])
    others = [at(table, 6, column) for column in (5, 6, 7, 9)]
    assert not any("row_shifted" in codes(cell) for cell in others)


def test_a_heading_across_the_table_is_one_cell() -> None:
    table = lay(["一、高质量发展 ||||||||||", *PLAIN[1:3]])
    assert (at(table, 0, 0).column0, at(table, 0, 0).column1) == (0, 11)


def test_no_text_is_lost_from_a_row_of_too_many_cells() -> None:
    row = (
        "甲发展 | 乙发展 | 丙率（%） | 丁 | 1 | 2 | 3 | 4 | 5 | 6 | 市水务局 | 市公安局 | 市民政局"
    )
    table = lay([*PLAIN, row])
    whole = "".join(dict.fromkeys(texts(table, 6)))
    assert all(piece in whole for piece in row.split(" | "))
    assert any(codes(at(table, 6, column)) for column in range(11))


# Rows moved left below a row that is right, blanks too many before departments, rows pushed right,
# a row that moved left where a heading of level 1 begins.
@pytest.mark.parametrize("seed", [304, 527488087, 527488156, 527488160, 527488329, 500085, 910012])
def test_damaged_tables_are_put_right_or_doubted(seed: int) -> None:
    score = score_damaged(seed)
    assert score.wrong_silent == [], draw(seed).log
    assert score.right_doubted < 0.05 * score.cells


def test_a_row_whose_points_moved_among_the_targets_may_have_lost_its_department() -> None:
    # Read as a row without points it shares the department above, read as pushed it lost its own.
    assert score_damaged(738017306).wrong_silent == []
    # In a run of rows pushed right, in which one more blank stands behind the name.
    assert score_damaged(88125).wrong_silent == []


# Rows of a split name that moved left and look regular one level up, also where a page and a
# heading of level 1 begin; rows pushed right that look like members of a split name.
@pytest.mark.parametrize("seed", [5731, 5737, 902340221, 1030])
def test_runs_of_moved_rows_that_look_regular_are_doubted(seed: int) -> None:
    assert score_damaged(seed).wrong_silent == []


# A name and its target, moved below a row without points, or at a page's top.
@pytest.mark.parametrize("seed", [417733221, 417733258])
def test_a_row_is_no_continuation_of_one_cell(seed: int) -> None:
    assert score_damaged(seed).wrong_silent == []


def test_a_name_that_is_a_heading_of_two_levels_is_doubted() -> None:
    # A row pushed right begins a heading that the next page prints again where it belongs.
    assert score_damaged(700044).wrong_silent == []


@pytest.mark.soak
def test_tables_damaged_anew_are_put_right_or_doubted(seeds: Seeds) -> None:
    for seed in seeds:
        with seeds.trying("tables of converted texts, damaged"):
            assert score_damaged(seed).wrong_silent == [], draw(seed).log


def score_damaged(seed: int) -> Score:
    drawing = draw(seed)
    header = [1] * len(drawing.tables)
    table, unplaced = align(drawing.tables, drawing.columns, header_rows=header)
    score = compare(table, drawing.truth)
    assert not unplaced
    assert table.rows == len(drawing.truth)
    return score


@pytest.mark.parametrize(
    ("column", "target"), [(7, "按相关要求贯彻落实"), (8, "按相关要求贯彻落实"), (8, "12")]
)
def test_a_row_that_may_as_well_continue_the_one_above_is_doubted(column: int, target: str) -> None:
    """Whichever it is read as: a name and one target, without points and departments."""
    row = ["", "", "", "绿色建筑", *[""] * 7]
    row[column] = target
    table = lay([*PLAIN, " | ".join(row)])
    host = [at(table, 5, c) for c in range(11) if at(table, 5, c).text.endswith(target)]
    own = [at(table, 6, c) for c in (3, column)] if table.rows == len(PLAIN) + 1 else host
    assert own and all("text_continued" in codes(cell) for cell in own)
    assert any("text_continued" in codes(at(table, 5, c)) for c in range(11))


def test_an_undamaged_table_needs_no_doubt() -> None:
    drawing = draw(7, damage=0.0)
    header = [1] * len(drawing.tables)
    table, _ = align(drawing.tables, drawing.columns, header_rows=header)
    score = compare(table, drawing.truth)
    assert score.wrong_silent == []
    assert score.right_doubted <= 0.01 * score.cells


def test_each_part_has_as_many_rows_of_header_as_it_has() -> None:
    """Parts of one table have its number: the second begins with a line over its header."""
    first = table_of([["指标"] * 11, ["甲项", *["1"] * 10]], 1)
    second = table_of([["续表", *[""] * 10], ["指标"] * 11, ["乙项", *["2"] * 10]], 1)
    table, _ = align([first, second], columns(), header_rows=[1, 2])
    assert table.rows == 2
