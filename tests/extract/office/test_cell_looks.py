"""What a workbook's cell shows: raised, struck out, in the colour of its ground, on a condition."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule, DataBarRule, FormulaRule, Rule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.table import Table as StyledTable
from openpyxl.worksheet.worksheet import Worksheet

from schemas.records.document import Document
from tests.support.extract.xlsx_files import BODY, read, rewrite, sheet_of
from tests.support.for_each import for_each

WHITE = Font(color="FFFFFFFF")
RED = PatternFill(bgColor="FFFF0000")
GREY = PatternFill("solid", fgColor="FFCCCCCC")
Change = Callable[[Worksheet], object]


def changed(folder: Path, change: Change) -> Document:
    book, sheet = sheet_of([[*row] for row in BODY], boxed_from=1)
    change(sheet)
    return read(folder, book)


def text_of(document: Document, row: int = 2, column: int = 2) -> str:
    return next(c.text for c in document.tables[0].cells if (c.row, c.column) == (row, column))


def styled(**looks: object) -> Change:
    def change(sheet: Worksheet) -> None:
        for name, look in looks.items():
            setattr(sheet["B2"], name, look)

    return change


def rule(made: Rule, **looks: object) -> Change:
    def change(sheet: Worksheet) -> None:
        sheet.conditional_formatting.add("B2:B3", made)
        styled(**looks)(sheet)

    return change


BLANK = DifferentialStyle(numFmt=NumberFormat(numFmtId=200, formatCode=";;;"))
HIDDEN: dict[str, Change] = {
    "white": styled(font=WHITE),
    "theme": styled(font=Font(color=Color(theme=0))),
    "indexed": styled(font=Font(color=Color(indexed=9))),
    "as its ground": styled(font=Font(color="FFCCCCCC"), fill=GREY),
    "format": styled(number_format=";;;"),
    "white by format": styled(number_format="[White]0"),
    "tiny": styled(font=Font(size=1)),
    "condition": rule(CellIsRule("equal", ["3"], font=WHITE)),
    "between": rule(CellIsRule("between", ["1", "5"], font=WHITE)),
    "condition's format": rule(Rule("cellIs", operator="lessThan", formula=["9"], dxf=BLANK)),
    "always": rule(FormulaRule(["TRUE"], font=WHITE)),
    "bar": rule(DataBarRule("min", None, "max", None, color="FF638EC6", showValue=False)),
}


@for_each("case", HIDDEN)
def test_what_nobody_sees_is_left_out_and_said(case: str, tmp_path: Path) -> None:
    document = changed(tmp_path, HIDDEN[case])
    assert text_of(document) == ""
    assert ("hidden_text", True) in [
        (note.code, "B2：3" in str(note.text)) for note in document.notes
    ]


SEEN: dict[str, Change] = {
    "white on dark": styled(font=WHITE, fill=PatternFill("solid", fgColor="FF003366")),
    "white on a pattern": styled(font=WHITE, fill=PatternFill("darkGrid")),
    "other value": rule(CellIsRule("equal", ["4"], font=WHITE)),
    "condition with a ground": rule(CellIsRule("equal", ["3"], font=WHITE, fill=RED)),
    "cell raised": styled(font=Font(vertAlign="superscript")),
    "bar beside": rule(DataBarRule("min", None, "max", None, color="FF638EC6")),
}  # fmt: skip


@for_each("case", SEEN)
def test_what_is_seen_is_read(case: str, tmp_path: Path) -> None:
    document = changed(tmp_path, SEEN[case])
    assert text_of(document) == "3"
    assert document.notes == ()


def test_a_styled_table_may_have_a_ground_of_its_own(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.add_table(StyledTable(displayName="T", ref="A1:C3"))
        sheet["B1"].font = WHITE

    document = changed(tmp_path, change)
    assert text_of(document, 1, 2) == "分值"


def test_a_condition_that_cannot_be_told_is_said(tmp_path: Path) -> None:
    document = changed(tmp_path, rule(FormulaRule(["$C2>VLOOKUP(A2,X:Y,2)"], font=WHITE)))
    assert text_of(document) == "3"
    assert [note.code for note in document.notes] == ["hidden_text"]


def test_runs_are_seen_each_in_its_own_look(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = CellRichText(
            "12.6",
            TextBlock(InlineFont(vertAlign="superscript"), "注1"),
            TextBlock(InlineFont(color="FFFFFFFF"), "7"),
            TextBlock(InlineFont(strike=True), "13"),
            TextBlock(InlineFont(sz=9), "亿元"),
        )

    document = changed(tmp_path, change)
    assert text_of(document) == "12.6⁽注1⁾亿元"
    assert {(note.code, note.text) for note in document.notes} == {
        ("hidden_text", "B2：7"),
        ("struck_text", "B2：13"),
    }


def test_a_text_centred_over_blank_cells_reaches_over_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [["指标", "目标", None, "分值"], ["甲", 1, 2, 3], ["乙", 4, 5, 6]]
    book, sheet = sheet_of(rows, boxed_from=1)
    for cell in sheet["B1:D1"][0]:
        cell.alignment = Alignment(horizontal="centerContinuous")
    document = read(tmp_path, book)
    spans = {c.text: c.column_span for c in document.tables[0].cells if c.row == 1}
    assert spans == {"指标": 1, "目标": 2, "分值": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<row r="3"', '<row r="3" ht="0.5"'),
        ('<row r="3"', '<row r="3" hidden="1"'),
        ('<sheetFormatPr baseColWidth="8"', '<sheetFormatPr zeroHeight="1" baseColWidth="8"'),
    ],
)  # fmt: skip
def test_rows_without_height_are_left_out_and_said(old: str, new: str, tmp_path: Path) -> None:
    from extract.read import read_document

    book, sheet = sheet_of([[*row] for row in BODY])
    sheet.row_dimensions[1].height = sheet.row_dimensions[2].height = 15
    read(tmp_path, book)
    rewrite(tmp_path / "n.xlsx", "xl/worksheets/sheet1.xml", old, new)
    document = read_document(tmp_path / "n.xlsx")
    assert document.tables[0].row_count == 2
    assert [note.code for note in document.notes] == ["hidden_cells"]


def test_errors_are_said(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = "#REF!"

    document = changed(tmp_path, change)
    assert [(note.code, note.text) for note in document.notes] == [("cell_error", "B2：#REF!")]


def test_formats_on_conditions_show_what_they_say() -> None:
    from extract.office.sheets.number_format import show

    code = '[>=5]"优";[<5]"差"'
    assert (show(8, code).text, show(3, code).text) == ("优", "差")
    assert show(120, "[>=100]0;0.0").text == "120"
    assert show(12, "[>=100]0;0.0").text == "12.0"
