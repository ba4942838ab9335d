from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from reportlab.lib.colors import black, lightgrey, white

from extract.pdf.reader import read_pdf
from schemas.records.document import Document, Seen, Table
from tests.support.extract.pdf_drawings import (
    CONDENSED,
    condensed,
    cut_at_the_side,
    drawn_twice,
    ghosts,
    hole_in_a_rule,
    lines_in_cells,
    marked_text,
    merged,
    over_an_edge,
    stroked_and_filled,
    surroundings,
    text_only,
    unseen,
    watermark,
    white_on_dark,
    white_rules,
)
from tests.support.extract.pdf_samples import ROWS, XS, YS, Draw, Sheet, plain, write_pdf


def read(tmp_path: Path, *draws: Draw, **how: object) -> Document:
    return read_pdf(write_pdf(tmp_path / "a.pdf", *draws, **how))


def texts(table: Table) -> list[list[str]]:
    """Return the cells' texts by rows; a cell stands where it begins."""
    rows: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        rows[cell.row - 1].append(cell.text)
    return rows


def spans(table: Table) -> dict[str, tuple[int, int, int, int]]:
    return {c.text: (c.row, c.column, c.row_span, c.column_span) for c in table.cells}


def codes(document: Document) -> list[str]:
    return [note.code for note in document.notes]


WHOLE = [list(row) for row in ROWS]


def test_reads_a_plain_table_with_places(tmp_path: Path) -> None:
    document = read(tmp_path, plain)
    (table,) = document.tables
    assert texts(table) == WHOLE
    assert (table.row_count, table.column_count, table.page, table.table_no) == (3, 3, 1, 1)
    assert table.column_edges == pytest.approx(XS)
    assert table.page_size == (600, 400)
    first = table.cells[0]
    assert first.box is not None
    assert (first.box.x0, first.box.top) == pytest.approx((50, 100))
    assert (first.box.x1, first.box.bottom) == pytest.approx((150, 130))
    assert (document.pages, document.source_format) == (1, "pdf")
    assert document.reader.startswith("pdfplumber")
    assert document.notes == ()


def rule_as_thin_boxes(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(black)
    for y in YS:
        sheet.box(XS[0], y - 0.4, XS[-1], y + 0.4, stroke=0, fill=1)
    for x in XS:
        sheet.box(x - 0.4, YS[0], x + 0.4, YS[-1], stroke=0, fill=1)
    sheet.fill(XS, YS, ROWS)


def rule_as_cell_boxes(sheet: Sheet) -> None:
    for y0, y1 in itertools.pairwise(YS):
        for x0, x1 in itertools.pairwise(XS):
            sheet.box(x0 + 0.5, y0 + 0.5, x1 - 0.5, y1 - 0.5)
    sheet.fill(XS, YS, ROWS)


def rule_dashed(sheet: Sheet) -> None:
    sheet.canvas.setDash(3, 2)
    sheet.grid(XS, YS)
    sheet.fill(XS, YS, ROWS)


def rule_in_pieces(sheet: Sheet) -> None:
    for y in YS:
        x = XS[0]
        while x < XS[-1]:
            sheet.line(x, y, min(x + 4, XS[-1]), y)
            x += 8
    for x in XS:
        y = YS[0]
        while y < YS[-1]:
            sheet.line(x, y, x, min(y + 1, YS[-1]))
            y += 3
    sheet.fill(XS, YS, ROWS)


def rule_dotted_by_boxes(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(black)
    for y in YS:
        for step in range(int(XS[-1] - XS[0]) // 3):
            sheet.box(XS[0] + 3 * step, y, XS[0] + 3 * step + 0.7, y + 0.7, stroke=0, fill=1)
    for x in XS:
        for step in range(int(YS[-1] - YS[0]) // 3):
            sheet.box(x, YS[0] + 3 * step, x + 0.7, YS[0] + 3 * step + 0.7, stroke=0, fill=1)
    sheet.fill(XS, YS, ROWS)


def rule_doubled(sheet: Sheet) -> None:
    for y in YS:
        sheet.line(XS[0], y - 1.1, XS[-1], y - 1.1)
        sheet.line(XS[0], y + 1.1, XS[-1], y + 1.1)
    for x in XS:
        sheet.line(x - 1.1, YS[0], x - 1.1, YS[-1])
        sheet.line(x + 1.1, YS[0], x + 1.1, YS[-1])
    sheet.fill(XS, YS, ROWS)


def rule_with_gaps(sheet: Sheet) -> None:
    for y in YS:
        for x0, x1 in itertools.pairwise(XS):
            sheet.line(x0 + 1.2, y, x1 - 1.2, y)
    for x in XS:
        for y0, y1 in itertools.pairwise(YS):
            sheet.line(x, y0 + 1.2, x, y1 - 1.2)
    sheet.fill(XS, YS, ROWS)


def rule_wobbly(sheet: Sheet) -> None:
    for row, y in enumerate(YS):
        for column, (x0, x1) in enumerate(itertools.pairwise(XS)):
            shift = 0.6 * ((row + column) % 3 - 1)
            sheet.line(x0, y + shift, x1, y + shift)
    for x in XS:
        sheet.line(x, YS[0], x, YS[-1])
    sheet.fill(XS, YS, ROWS)


def no_side_margins(sheet: Sheet) -> None:
    for y in YS:
        sheet.line(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        sheet.line(x, YS[0], x, YS[-1])
    sheet.fill(XS, YS, ROWS)


def no_left_margin(sheet: Sheet) -> None:
    for y in YS:
        sheet.line(XS[0], y, XS[-1], y)
    for x in XS[1:]:
        sheet.line(x, YS[0], x, YS[-1])
    sheet.fill(XS, YS, ROWS)


def shaded(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(lightgrey)
    sheet.box(XS[0], YS[0], XS[-1], YS[0] + 15, stroke=0, fill=1)
    sheet.box(XS[0] + 30, YS[1] + 8, XS[1] + 40, YS[2] - 8, stroke=0, fill=1)
    sheet.canvas.setFillColor(black)
    plain(sheet)


def white_boxes(sheet: Sheet) -> None:
    sheet.canvas.setFillColor(white)
    sheet.canvas.setStrokeColor(white)
    sheet.box(XS[0] + 20, YS[0] - 40, XS[2], YS[0] - 10, stroke=1, fill=1)
    for x in (75, 175, 275):
        sheet.line(x, YS[0], x, YS[-1])
        sheet.box(x + 5, YS[0], x + 6, YS[-1], stroke=0, fill=1)
    sheet.canvas.setFillColor(black)
    sheet.canvas.setStrokeColor(black)
    plain(sheet)


def cells_only_shaded(sheet: Sheet) -> None:
    for row, (y0, y1) in enumerate(itertools.pairwise(YS)):
        for column, (x0, x1) in enumerate(itertools.pairwise(XS)):
            shade = 0.75 + 0.1 * ((row + column) % 2)
            sheet.canvas.setFillGray(shade)
            sheet.box(x0, y0, x1, y1, stroke=0, fill=1)
    sheet.canvas.setFillColor(black)
    sheet.fill(XS, YS, ROWS)


def page_border(sheet: Sheet) -> None:
    sheet.box(10, 10, 590, 390)
    sheet.box(14, 14, 586, 386)
    plain(sheet)


@pytest.mark.parametrize(
    "draw",
    [
        rule_as_thin_boxes,
        rule_as_cell_boxes,
        rule_dashed,
        rule_in_pieces,
        rule_dotted_by_boxes,
        rule_doubled,
        rule_with_gaps,
        rule_wobbly,
        no_side_margins,
        no_left_margin,
        shaded,
        white_boxes,
        cells_only_shaded,
        white_on_dark,
        white_rules,
        page_border,
    ],
)
def test_the_way_rules_are_drawn_does_not_matter(tmp_path: Path, draw: Draw) -> None:
    (table,) = read(tmp_path, draw).tables
    assert texts(table) == WHOLE
    assert table.column_edges == pytest.approx(XS, abs=2)


def test_merged_cells_are_unions_across_missing_rules(tmp_path: Path) -> None:
    (table,) = read(tmp_path, merged).tables
    assert spans(table) == {
        "左上": (1, 1, 1, 1),
        "横跨": (1, 2, 1, 2),
        "竖跨": (2, 1, 2, 1),
        "1": (2, 2, 1, 1),
        "2": (2, 3, 1, 1),
        "3": (3, 2, 1, 1),
        "4": (3, 3, 1, 1),
    }


def cut_by_the_page(sheet: Sheet) -> None:
    for x in XS:
        sheet.line(x, YS[0], x, YS[-1])
    for y in YS[1:-1]:
        sheet.line(XS[0], y, XS[-1], y)
    sheet.line(XS[1], YS[-1], XS[2], YS[-1])
    sheet.fill(XS, YS, ROWS)


def test_cells_cut_by_the_page_are_open_at_that_side(tmp_path: Path) -> None:
    (table,) = read(tmp_path, cut_by_the_page).tables
    assert texts(table) == WHOLE
    assert {c.text for c in table.cells if c.open_top} == {"指标", "分值", "甲县"}
    assert {c.text for c in table.cells if c.open_bottom} == {"产值", "---"}


def test_a_closed_table_has_no_open_cells(tmp_path: Path) -> None:
    (table,) = read(tmp_path, plain).tables
    assert not any(c.open_top or c.open_bottom for c in table.cells)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_rotated_pages_are_read_upright(tmp_path: Path, turn: int) -> None:
    def turned(sheet: Sheet) -> None:
        canvas = sheet.canvas
        # The page will be shown turned clockwise: draw it turned the other way.
        if turn == 90:
            canvas.transform(0, 1, -1, 0, 400, 0)
        elif turn == 180:
            canvas.transform(-1, 0, 0, -1, 600, 400)
        elif turn == 270:
            canvas.transform(0, -1, 1, 0, 0, 600)
        upright = Sheet(canvas, (600, 400))
        plain(upright)

    # reportlab itself swaps the sides of a page that is to be shown turned.
    (table,) = read(tmp_path, turned, rotate=turn).tables
    assert texts(table) == WHOLE
    assert table.page_size == (600, 400)
    assert table.column_edges == pytest.approx(XS)


@pytest.mark.parametrize(
    "matrix", [(0, 1, -1, 0, 400, 0), (-1, 0, 0, -1, 600, 400), (0, -1, 1, 0, 0, 600)]
)
def test_content_turned_without_a_page_flag_is_read_upright(
    tmp_path: Path, matrix: tuple[float, ...]
) -> None:
    def turned(sheet: Sheet) -> None:
        sheet.canvas.transform(*matrix)
        plain(Sheet(sheet.canvas, (600, 400)))

    size = (400.0, 600.0) if matrix[0] == 0 else (600.0, 400.0)
    (table,) = read(tmp_path, turned, size=size).tables
    assert texts(table) == WHOLE
    assert table.page_size == (600, 400)
    assert table.column_edges == pytest.approx(XS)


def test_a_cropped_page_is_measured_from_its_visible_corner(tmp_path: Path) -> None:
    (table,) = read(tmp_path, plain, cropBox=(40, 0, 600, 320)).tables
    assert texts(table) == WHOLE
    assert table.page_size == (560, 320)
    assert table.column_edges == pytest.approx([x - 40 for x in XS])
    assert table.cells[0].box is not None
    assert table.cells[0].box.top == pytest.approx(YS[0] - 80)


def test_text_that_a_clip_or_the_page_hides_is_not_read(tmp_path: Path) -> None:
    document = read(tmp_path, ghosts)
    (table,) = document.tables
    assert texts(table)[1:] == WHOLE[1:]
    assert texts(table)[0][0] == "指标\n半露"
    assert table.caption == ("标题",)


def clipped_in_a_form(sheet: Sheet) -> None:
    plain(sheet)
    canvas = sheet.canvas
    canvas.beginForm("ghost", lowerx=0, lowery=0, upperx=100, uppery=30)
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(10, 2, "表内")
    canvas.drawString(10, -60, "形外")
    canvas.endForm()
    canvas.saveState()
    canvas.translate(XS[0], sheet.height - YS[1])
    canvas.doForm("ghost")
    canvas.restoreState()


def test_a_form_hides_what_is_outside_its_box(tmp_path: Path) -> None:
    (table,) = read(tmp_path, clipped_in_a_form).tables
    assert texts(table)[0][0] == "指标\n表内"
    assert texts(table)[1:] == WHOLE[1:]


def test_a_line_cut_at_the_side_is_told(tmp_path: Path) -> None:
    document = read(tmp_path, cut_at_the_side)
    assert texts(document.tables[0])[1][1] == "3"
    (note,) = document.notes
    assert note.code == "text_cut_off"
    assert note.text is not None
    assert note.text.endswith("的文字")


def test_invisible_and_white_text_is_left_out_and_told(tmp_path: Path) -> None:
    document = read(tmp_path, unseen)
    assert texts(document.tables[0]) == WHOLE
    (note,) = document.notes
    assert note.code == "invisible_text"
    assert note.text == "看不见 白字"


def test_a_watermark_is_left_out_and_told(tmp_path: Path) -> None:
    document = read(tmp_path, watermark)
    assert texts(document.tables[0]) == WHOLE
    assert codes(document) == ["slanted_text"]


def test_text_over_an_edge_goes_to_the_cell_that_has_most_of_it(tmp_path: Path) -> None:
    document = read(tmp_path, over_an_edge)
    rows = texts(document.tables[0])
    assert rows[0] == ["名称", "分值", ""]
    assert rows[1] == ["", "1234.5678", ""]
    assert codes(document) == ["text_over_edge"]


def test_a_text_that_runs_over_that_of_the_next_cell_is_seen_to_do_so(tmp_path: Path) -> None:
    def overprinted(sheet: Sheet) -> None:
        sheet.grid(XS, YS)
        sheet.text(55, 119, "市城乡建")
        sheet.text(55, 134, "设局")  # the end of the text above, set into the next row
        sheet.text(55, 137, "市统计局")

    cells = read(tmp_path, overprinted).tables[0].cells
    assert [(c.row, c.seen) for c in cells if c.text] == [
        (1, (Seen("crossed", "设市局统计局"),)),
        (2, (Seen("overprinted", "设市局统"), Seen("crossed", "市城乡建"))),
    ]


def test_lines_spaces_raised_and_bold_text(tmp_path: Path) -> None:
    rows = texts(read(tmp_path, lines_in_cells).tables[0])
    assert rows[0][0] == "第二行在前面画\nGDP growth\n面积（万m²）"
    assert rows[0][1] == "高\n质\n量"
    assert rows[0][2] == "12 34\n名称\n粗体11"


def test_in_condensed_type_equal_digits_side_by_side_are_two(tmp_path: Path) -> None:
    (table,) = read(tmp_path, condensed).tables
    assert texts(table) == [list(row) for row in CONDENSED]


def test_white_lines_on_a_coloured_ground_are_rules(tmp_path: Path) -> None:
    (table,) = read(tmp_path, white_rules).tables
    assert texts(table) == WHOLE


@pytest.mark.parametrize("draw", [drawn_twice, stroked_and_filled])
def test_bold_that_is_drawn_twice_reads_alike_by_both_readers(tmp_path: Path, draw: Draw) -> None:
    read_twice = read_pdf(write_pdf(tmp_path / "a.pdf", draw), cross_check=True)
    (table,) = read_twice.tables
    assert texts(table) == WHOLE
    assert {cell.agreed for cell in table.cells} == {True}


def turned_header(sheet: Sheet) -> None:
    sheet.grid(XS, YS)
    sheet.fill(XS, YS[1:], ROWS[1:])
    sheet.canvas.saveState()
    sheet.canvas.translate(100, sheet.height - 128)
    sheet.canvas.rotate(90)
    sheet.canvas.drawString(0, 0, "乙")
    sheet.canvas.drawString(0, -12, "丙丁")
    sheet.canvas.restoreState()


def test_text_turned_within_one_cell_is_read_along_its_lines(tmp_path: Path) -> None:
    rows = texts(read(tmp_path, turned_header).tables[0])
    assert rows[0][0] == "乙\n丙丁"
    assert rows[1:] == WHOLE[1:]


def test_lines_around_a_table_stay_outside_it(tmp_path: Path) -> None:
    document = read(tmp_path, surroundings)
    (table,) = document.tables
    assert texts(table) == WHOLE
    assert table.caption == ("部门：某局 单位：万元", "收支总表")
    assert table.notes == ("注：---表示不考核。", "— 1 —")
    assert codes(document) == ["text_beside_table"]
    assert document.notes[0].text == "旁注"


def two_stacked(sheet: Sheet) -> None:
    plain(sheet)
    sheet.text(50, 202, "注：甲表的注")
    sheet.text(50, 232, "表二 另一张表")
    ys = (240.0, 270.0, 300.0)
    sheet.grid(XS, ys)
    sheet.fill(XS, ys, (("a", "b", "c"), ("d", "e", "f")))


def test_stacked_tables_are_two_and_share_the_lines_between(tmp_path: Path) -> None:
    above, below = read(tmp_path, two_stacked).tables
    assert (above.table_no, below.table_no) == (1, 2)
    assert above.notes == ("注：甲表的注",)
    assert below.caption == ("表二 另一张表",)
    assert texts(below) == [["a", "b", "c"], ["d", "e", "f"]]


def two_abreast(sheet: Sheet) -> None:
    plain(sheet)
    xs = (370.0, 420.0, 470.0)
    sheet.grid(xs, YS[:3])
    sheet.fill(xs, YS[:3], (("a", "b"), ("c", "d")))


def test_tables_side_by_side_are_two(tmp_path: Path) -> None:
    left, right = read(tmp_path, two_abreast).tables
    assert texts(left) == WHOLE
    assert texts(right) == [["a", "b"], ["c", "d"]]


def heading_in_open_table(sheet: Sheet) -> None:
    ys = (100.0, 130.0, 160.0, 190.0, 220.0)
    for y in ys:
        sheet.line(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        sheet.line(x, ys[0], x, ys[1])
        sheet.line(x, ys[2], x, ys[4])
    sheet.fill(XS, ys[:2], ROWS[:1])
    sheet.centered(XS[0], XS[-1], 149, "一、高质量发展")
    sheet.fill(XS, ys[2:], ROWS[1:])


def test_a_heading_row_does_not_part_a_table_without_side_rules(tmp_path: Path) -> None:
    (table,) = read(tmp_path, heading_in_open_table).tables
    assert texts(table) == [WHOLE[0], ["一、高质量发展"], *WHOLE[1:]]
    assert spans(table)["一、高质量发展"] == (2, 1, 1, 3)


def heading_at_the_end(sheet: Sheet) -> None:
    for y in YS:
        sheet.line(XS[0], y, XS[-1], y)
    for x in XS[1:-1]:
        sheet.line(x, YS[0], x, YS[2])
    sheet.fill(XS, YS[:3], ROWS[:2])
    sheet.centered(XS[0], XS[-1], 179, "二、重点工作")


def test_a_heading_row_at_the_end_of_an_open_table_belongs_to_it(tmp_path: Path) -> None:
    (table,) = read(tmp_path, heading_at_the_end).tables
    assert texts(table) == [*WHOLE[:2], ["二、重点工作"]]


def test_a_hole_in_a_rule_is_mended_and_told(tmp_path: Path) -> None:
    document = read(tmp_path, hole_in_a_rule)
    (table,) = document.tables
    assert spans(table)["上"] == (2, 1, 1, 3)
    assert spans(table)["下"] == (3, 1, 1, 3)
    assert set(codes(document)) == {"cell_repaired"}


def not_a_rectangle(sheet: Sheet) -> None:
    for y in (YS[0], YS[1], YS[3]):
        sheet.line(XS[0], y, XS[-1], y)
    for x in (XS[0], XS[-1]):
        sheet.line(x, YS[0], x, YS[-1])
    sheet.line(XS[1], YS[0], XS[1], YS[2])
    sheet.line(XS[2], YS[0], XS[2], YS[1])
    sheet.line(XS[0], YS[2], XS[1], YS[2])
    sheet.text(60, 149, "甲")
    sheet.text(60, 179, "乙")
    sheet.text(200, 149, "丙")


def test_cells_always_tile_the_grid(tmp_path: Path) -> None:
    document = read(tmp_path, not_a_rectangle)
    (table,) = document.tables
    squares = [
        (row, column)
        for cell in table.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert len(squares) == len(set(squares)) == table.row_count * table.column_count
    assert "cell_repaired" in codes(document)
    assert "".join(cell.text for cell in table.cells) == "甲丙乙"


def offset_edges(sheet: Sheet) -> None:
    for y in YS:
        sheet.line(XS[0], y, XS[-1], y)
    sheet.line(XS[0], YS[0], XS[0], YS[-1])
    sheet.line(XS[-1], YS[0], XS[-1], YS[-1])
    for row, (y0, y1) in enumerate(itertools.pairwise(YS)):
        for x in XS[1:-1]:
            sheet.line(x + 4 * (row % 2), y0, x + 4 * (row % 2), y1)
    sheet.fill(XS, YS, ROWS)


def test_edges_that_differ_by_a_hair_make_no_columns(tmp_path: Path) -> None:
    (table,) = read(tmp_path, offset_edges).tables
    assert table.column_count == 3
    assert texts(table) == WHOLE


def test_lines_under_and_through_text_are_no_rules(tmp_path: Path) -> None:
    document = read(tmp_path, marked_text)
    (table,) = document.tables
    assert table.row_count == 3
    assert texts(table)[1][0] == "下划删除九个字啊啊\n增速"
    assert texts(table)[2][0] == "产值"
    (note,) = document.notes
    assert (note.code, note.text) == ("struck_text", "下划删除九个字啊啊")


def test_front_matter_comes_from_the_pages_before_the_first_table(tmp_path: Path) -> None:
    document = read(tmp_path, text_only, plain, text_only)
    assert document.front.doc_number == "资府办发〔2031〕6号"
    assert document.front.year == 2031
    assert [table.page for table in document.tables] == [2]
    (note,) = document.notes
    assert (note.code, note.page) == ("page_without_table", 3)


def test_tables_of_several_pages_are_numbered_through(tmp_path: Path) -> None:
    document = read(tmp_path, two_stacked, plain)
    assert [(t.table_no, t.page) for t in document.tables] == [(1, 1), (2, 1), (3, 2)]
    assert document.pages == 2
