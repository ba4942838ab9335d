from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from common.refusal import Refusal
from extract.read import read_document
from tests.support.extract.xlsx_files import BODY, read, rewrite, rows, sheet_of
from tests.support.for_each import for_each
from tests.support.paths import NOTICES


def test_title_and_labels_above_notes_below(tmp_path: Path) -> None:
    book, sheet = sheet_of(
        [
            ["2021年度目标考核指标"],
            ["填报单位：市府办", None, "单位：分"],
            *BODY,
            ["注：---不考核。"],
        ]
    )
    sheet.merge_cells("A1:C1")
    document = read(tmp_path, book)
    (table,) = document.tables
    assert rows(table) == [["指标", "分值", "甲县"], ["增长率", "3", "5%"], ["债务率", "2", "---"]]
    assert table.caption == ("2021年度目标考核指标", "填报单位：市府办  单位：分")
    assert table.notes == ("注：---不考核。",)
    assert (table.place, table.lines, table.regular) == ("Sheet", (3, 4, 5), True)
    assert (document.front.title, document.front.year) == ("2021年度目标考核指标", 2021)


def test_full_width_headings_are_rows_of_the_table(tmp_path: Path) -> None:
    body = [BODY[0], ["一、高质量发展（45分）"], BODY[1], ["二、其他"], BODY[2]]
    for boxed in (None, 2):
        book, sheet = sheet_of([["考核表"], *body], boxed_from=boxed)
        for row in (1, 3, 5):
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=3)
        (table,) = read(tmp_path, book).tables
        heading = table.cells[3]
        assert (heading.row, heading.column_span, heading.text) == (2, 3, "一、高质量发展（45分）")
        assert table.row_count == 5


def test_a_header_over_columns_is_not_a_title(tmp_path: Path) -> None:
    book, sheet = sheet_of(
        [["考核表"], [None, None, "2021年目标值"], ["指标", "分值", "甲县", "乙县"], ["a", 1, 2, 3]]
    )
    sheet.merge_cells("A1:D1")
    sheet.merge_cells("C2:D2")
    (table,) = read(tmp_path, book).tables
    assert table.row_count == 3
    assert table.caption == ("考核表",)


def test_merged_ranges(tmp_path: Path) -> None:
    book, sheet = sheet_of([*BODY, ["合计", None, 9]])
    sheet["A3"] = None
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("A4:B4")
    (table,) = read(tmp_path, book).tables
    places = [(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells]
    assert (2, 1, 2, 1, "增长率") in places
    assert (4, 1, 1, 2, "合计") in places
    assert sum(c.row_span * c.column_span for c in table.cells) == 12


def test_numbers_are_as_printed(tmp_path: Path) -> None:
    book, sheet = sheet_of(
        [["a", "b", "c", "d"], [1, 3, 0.725, date(2020, 12, 6)], [4.3, True, 2, 5]]
    )
    sheet["A2"].number_format = "0%"
    sheet["B2"].number_format = "0.0"
    sheet["C2"].number_format = "0.0%"
    sheet["D2"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["D3"].number_format = "# ?/?"
    document = read(tmp_path, book)
    assert rows(document.tables[0])[1:] == [
        ["100%", "3.0", "72.5%", "2020年12月6日"],
        ["4.3", "TRUE", "2", "5"],
    ]
    assert [note.code for note in document.notes] == ["number_format"]


def test_formulas_give_their_kept_value_or_a_note(tmp_path: Path) -> None:
    book, sheet = sheet_of(BODY)
    sheet["B2"] = "=1+2"
    sheet["B3"] = "=1+1"
    path = tmp_path / "n.xlsx"
    book.save(path)
    rewrite(path, "xl/worksheets/sheet1.xml", "<f>1+2</f><v></v>", "<f>1+2</f><v>3</v>")
    rewrite(path, "xl/worksheets/sheet1.xml", "<f>1+1</f><v></v>", "<f>1+1</f>")
    document = read_document(path)
    assert [row[1] for row in rows(document.tables[0])] == ["分值", "3", ""]
    (note,) = document.notes
    assert note.code == "formula_without_value"
    assert "B3" in note.message_zh


def test_hidden_sheets_rows_and_columns_are_not_read(tmp_path: Path) -> None:
    body = [["指标", "草稿", "分值"], ["a", 7, 1], ["b", 8, 2], ["c", 9, 3]]
    book, sheet = sheet_of([[*row] for row in body])
    sheet.column_dimensions["B"].hidden = True
    sheet.row_dimensions[3].hidden = True
    other = book.create_sheet("旧")
    other.append(["x", "y"])
    other.append(["z", "w"])
    other.sheet_state = "hidden"
    document = read(tmp_path, book)
    (table,) = document.tables
    assert rows(table) == [["指标", "分值"], ["a", "1"], ["c", "3"]]
    assert [note.code for note in document.notes] == ["hidden_cells", "hidden_sheet"]
    assert "3" in document.notes[0].message_zh and "B" in document.notes[0].message_zh


_AREA = "'Sheet'!$A$1:$B$4"


@pytest.mark.parametrize(
    "area", [_AREA, "Sheet!$A:$B", "Sheet!$A$1:$B$2,'Sheet'!$A$3:$B$4", "Sheet!$A$1:$B$9"]
)
def test_what_lies_outside_the_print_area_is_not_read_and_named(tmp_path: Path, area: str) -> None:
    book, sheet = sheet_of(
        [["指标考核表", None, None], ["指标", "分值", "旧值"], ["a", 1, 7], ["b", 2, 8]],
        boxed_from=2,
    )
    sheet.merge_cells("A1:C1")
    sheet.print_area = "A1:B4"
    book.save(tmp_path / "n.xlsx")
    rewrite(tmp_path / "n.xlsx", "xl/workbook.xml", _AREA, area)
    document = read_document(tmp_path / "n.xlsx")
    (table,) = document.tables
    assert rows(table) == [["指标", "分值"], ["a", "1"], ["b", "2"]]
    (note,) = document.notes
    assert (note.code, note.text) == ("outside_print_area", "旧值、7、8")
    assert "C2、C3、C4" in note.message_zh


def test_a_print_area_that_is_no_range_hides_nothing(tmp_path: Path) -> None:
    book, sheet = sheet_of([["指标", "分值"], ["a", 1], ["b", 2]])
    sheet.print_area = "A1:A2"
    book.save(tmp_path / "n.xlsx")
    rewrite(
        tmp_path / "n.xlsx", "xl/workbook.xml", "'Sheet'!$A$1:$A$2", "OFFSET(Sheet!$A$1,0,0,9,9)"
    )
    document = read_document(tmp_path / "n.xlsx")
    assert rows(document.tables[0]) == [["指标", "分值"], ["a", "1"], ["b", "2"]]
    assert not document.notes


def test_a_merged_cell_whose_first_row_is_hidden_still_shows(tmp_path: Path) -> None:
    book, sheet = sheet_of([["h", "v"], ["组", 1], [None, 2], [None, 3]])
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[2].hidden = True
    (table,) = read(tmp_path, book).tables
    places = [(c.row, c.column, c.row_span, c.text) for c in table.cells]
    assert places == [
        (1, 1, 1, "h"),
        (1, 2, 1, "v"),
        (2, 1, 2, "组"),
        (2, 2, 1, "2"),
        (3, 2, 1, "3"),
    ]


def test_struck_and_raised_runs(tmp_path: Path) -> None:
    book, sheet = sheet_of(BODY)
    sheet["A2"] = CellRichText(
        "万m",
        TextBlock(InlineFont(vertAlign="superscript"), "2"),
        TextBlock(InlineFont(strike=True), "旧"),
    )
    sheet["A3"].font = Font(strike=True)
    document = read(tmp_path, book)
    assert [row[0] for row in rows(document.tables[0])] == ["指标", "万m²", ""]
    assert [note.code for note in document.notes] == ["struck_text", "struck_text"]


def test_several_sheets_and_several_tables(tmp_path: Path) -> None:
    book, _sheet = sheet_of([["表一"], *BODY, ["注：一"], [], [], ["表二"], *BODY])
    other = book.create_sheet("第二")
    for row in [["关于印发2021年度考核办法的通知"], [], *BODY]:
        other.append(row)
    document = read(tmp_path, book)
    assert [(t.place, t.caption, t.notes) for t in document.tables] == [
        ("Sheet", ("表一",), ("注：一",)),
        ("Sheet", ("表二",), ()),
        ("第二", ("关于印发2021年度考核办法的通知",), ()),
    ]
    assert all(rows(t) == rows(document.tables[0]) for t in document.tables)


def test_a_title_between_like_tables_without_a_blank_row_parts_them(tmp_path: Path) -> None:
    book, _ = sheet_of([["甲县考核表"], *BODY, ["乙县考核表"], *BODY])
    first, second = read(tmp_path, book).tables
    assert (first.caption, second.caption) == (("甲县考核表",), ("乙县考核表",))
    assert rows(first) == rows(second)


def test_one_blank_row_does_not_end_a_table(tmp_path: Path) -> None:
    book, _ = sheet_of([*BODY, [], ["新增", 4, "6%"]])
    (table,) = read(tmp_path, book).tables
    assert rows(table)[-1] == ["新增", "4", "6%"]
    assert table.lines == (1, 2, 3, 5)


def test_a_far_cell_and_a_wide_dimension_cost_nothing(tmp_path: Path) -> None:
    book, sheet = sheet_of(BODY)
    sheet["XFD1048576"] = "x"
    sheet["XFD2"] = "y"
    (table,) = read(tmp_path, book).tables
    assert rows(table) == [["指标", "分值", "甲县", ""], ["增长率", "3", "5%", "y"],
                           ["债务率", "2", "---", ""]]  # fmt: skip


@pytest.mark.parametrize("ref", ["A1:XFD1048576", "A2:XFD1048576"])
def test_a_range_of_a_billion_cells_is_refused(tmp_path: Path, ref: str) -> None:
    book, _ = sheet_of(BODY)
    path = tmp_path / "n.xlsx"
    book.save(path)
    merge = f'<mergeCells count="1"><mergeCell ref="{ref}"/></mergeCells><pageMargins'
    rewrite(path, "xl/worksheets/sheet1.xml", "<pageMargins", merge)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "huge_range"
    assert ref in refused.value.zh


def test_a_title_merged_over_the_whole_row_makes_no_columns(tmp_path: Path) -> None:
    book, _sheet = sheet_of([["考核表"], *BODY])
    path = tmp_path / "n.xlsx"
    book.save(path)
    merge = '<mergeCells count="1"><mergeCell ref="A1:XFD1"/></mergeCells><pageMargins'
    rewrite(path, "xl/worksheets/sheet1.xml", "<pageMargins", merge)
    assert read_document(path).tables[0].column_count == 3


def test_entities_are_refused(tmp_path: Path) -> None:
    book, _ = sheet_of(BODY)
    path = tmp_path / "n.xlsx"
    book.save(path)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet'
    rewrite(path, "xl/worksheets/sheet1.xml", "<worksheet", bomb)
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "xml_entities"


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    book, _ = sheet_of(BODY)
    path = tmp_path / "n.xlsx"
    book.save(path)
    spaces = " " * (40 * 2**20)
    rewrite(path, "xl/worksheets/sheet1.xml", "<sheetData>", f"<sheetData>{spaces}")
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "too_large"


def test_a_truncated_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "n.xlsx"
    path.write_bytes((NOTICES / "2020/notice.xlsx").read_bytes()[:5000])
    with pytest.raises(Refusal) as refused:
        read_document(path)
    assert refused.value.code == "damaged"


def test_an_empty_workbook_holds_no_table(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read(tmp_path, Workbook())
    assert refused.value.code == "no_table"


def test_the_rebuilt_notice_reads_alike_in_three_formats() -> None:
    found = []
    for suffix in ("xlsx", "docx", "html"):
        (table,) = read_document(NOTICES / f"2020/notice.{suffix}").tables
        found.append([(c.row, c.column, c.row_span, c.column_span, c.text) for c in table.cells])
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 588


@for_each(
    "wild, span, told",
    [
        ("A2:A4", (2, 3), set()),  # as it is meant
        ("A2:A6", (2, 3), {"overlapping_cells"}),  # into the next merged cell
        ("A2:A99999", (2, 3), {"overlapping_cells"}),
        ("B2:B9", (2, 1), {"overlapping_cells"}),  # over several texts
        ("B2:B3", (2, 2), {"merged_away_text"}),  # over one: merging left it there
    ],
)
def test_a_range_reaches_no_further_than_what_stands_beneath_it(
    wild: str, span: tuple[int, int], told: set[str], tmp_path: Path
) -> None:
    body = [[f"组{n // 3}" if n % 3 == 0 else None, f"指标{n}", n + 1] for n in range(9)]
    book, sheet = sheet_of([["一级", "指标", "分值"], *body], boxed_from=1)
    for first in (2, 5, 8):
        if not wild.startswith("A2") or first > 2:
            sheet.merge_cells(f"A{first}:A{first + 2}")
    sheet.merge_cells("E20:E21")
    read(tmp_path, book)
    rewrite(tmp_path / "n.xlsx", "xl/worksheets/sheet1.xml", 'ref="E20:E21"', f'ref="{wild}"')
    document = read_document(tmp_path / "n.xlsx")
    cells = {(c.row, c.column): c for c in document.tables[0].cells}
    column = 1 if wild.startswith("A") else 2
    assert (cells[2, column].row, cells[2, column].row_span) == span
    assert {note.code for note in document.notes} == told
    assert cells[2, column].undrawn == (
        None if not told else "covered" if "merged_away_text" in told else "cut"
    )
    texts = [c.text for c in document.tables[0].cells]
    assert [f"指标{n}" in texts for n in range(9)].count(False) == ("merged_away_text" in told)
