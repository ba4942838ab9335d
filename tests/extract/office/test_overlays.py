"""What is drawn over a sheet's cells puts those that lie beneath it in doubt, and no others."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font

from extract.read import read_document
from normalize.pipeline import normalize
from schemas.records.document import Document, Seen
from schemas.records.source import SourceMeta
from tests.support.extract.xlsx_files import BODY, corner, drawn_over, shape, sheet_of
from tests.support.for_each import for_each
from tests.support.paths import ROOT

OLD = ROOT / "tests/fixtures/workbooks/drawn_over.xls"
#: A column of 13 widths of a digit and a row of 15 points, in EMU.
WIDE, HIGH = 914_400, 190_500


def between(shown: str, start: str, end: str) -> str:
    return f"<xdr:twoCellAnchor>{start}{end}{shown}<xdr:clientData/></xdr:twoCellAnchor>"


def over(left: int, top: int, right: int, bottom: int, shown: str) -> str:
    """Lay a shape over whole cells, the last ones counted in."""
    return between(shown, corner("from", left, top), corner("to", right + 1, bottom + 1))


def read(folder: Path, *anchors: str, book: Workbook | None = None) -> Document:
    made = book or sheet_of([["附件", None, None], *BODY], boxed_from=2)[0]
    path = folder / "n.xlsx"
    made.save(path)
    drawn_over(path, *anchors)
    return read_document(path)


def doubted(document: Document) -> dict[str, set[tuple[str, str]]]:
    (table,) = document.tables
    return {c.text: {(s.why, s.text) for s in c.seen} for c in table.cells if c.seen}


PICTURE = '<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="3" name="p"/></xdr:nvPicPr></xdr:pic>'
LINE = '<xdr:cxnSp><xdr:spPr><a:prstGeom prst="line"/></xdr:spPr></xdr:cxnSp>'
GROUP = f"<xdr:grpSp>{shape()}{shape('约9%')}</xdr:grpSp>"
CHOICE = f'<mc:AlternateContent><mc:Choice Requires="a14">{shape("☑", hidden=1)}</mc:Choice>' \
         "</mc:AlternateContent>"  # fmt: skip
STATED = f'<xdr:ext cx="{WIDE}" cy="{HIGH}"/>'
MIDDLE = HIGH // 2

FOUND: list[tuple[str, dict[str, set[tuple[str, str]]]]] = [
    (over(2, 2, 2, 2, shape("9%")), {"5%": {("overlaid", "9%")}}),
    (over(1, 2, 1, 3, shape("共4")), {"3": {("overlaid", "共4")}, "2": {("overlaid", "共4")}}),
    (over(2, 2, 2, 2, PICTURE), {"5%": {("pictured", "")}}),
    (over(1, 2, 2, 2, GROUP), {"3": {("overlaid", "约9%")}, "5%": {("overlaid", "约9%")}}),
    (over(2, 3, 2, 3, CHOICE), {"---": {("overlaid", "☑")}}),
    (over(0, 2, 2, 2, shape(form="ellipse")), {"3": {("marked", "3")}, "5%": {("marked", "5%")}}),
    (between(LINE, corner("from", 0, 2, 0, MIDDLE), corner("to", 3, 2, 0, MIDDLE)),
     {"3": {("marked", "3")}, "5%": {("marked", "5%")}}),
    (f"<xdr:oneCellAnchor>{corner('from', 2, 2)}{STATED}{shape('9%')}</xdr:oneCellAnchor>",
     {"5%": {("overlaid", "9%")}}),
    (f'<xdr:absoluteAnchor><xdr:pos x="{2 * WIDE}" y="{2 * HIGH}"/>{STATED}{shape("9%")}'
     "</xdr:absoluteAnchor>", {"5%": {("overlaid", "9%")}}),
]  # fmt: skip


@for_each("anchor, wanted", FOUND)
def test_cells_beneath_are_in_doubt(
    anchor: str, wanted: dict[str, set[tuple[str, str]]], tmp_path: Path
) -> None:
    book, sheet = sheet_of([["附件", None, None], *BODY], boxed_from=2)
    for letter in "ABC":
        sheet.column_dimensions[letter].width = 13
    assert doubted(read(tmp_path, anchor, book=book)) == wanted


@for_each(
    "anchor",
    [
        over(0, 0, 2, 0, shape("机密")),  # above the table
        over(4, 1, 6, 9, shape("说明")),  # beside it
        over(2, 2, 2, 2, shape("9%", hidden=1)),
        between(shape("x"), corner("from", 3, 2), corner("to", 5, 3)),
        between(shape("x"), corner("from", 2, 3, 0, HIGH - 9_525), corner("to", 2, 6)),
        between(LINE, corner("from", 0, 2, 0, 9_525), corner("to", 3, 2, 0, 9_525)),  # a rule
        over(0, 1, 0, 1, LINE),  # parts a heading
    ],
)
def test_cells_beside_are_not(anchor: str, tmp_path: Path) -> None:
    assert doubted(read(tmp_path, anchor)) == {}


def test_a_box_is_named_wherever_it_lies(tmp_path: Path) -> None:
    (note,) = read(tmp_path, over(4, 1, 6, 9, shape("口径说明"))).notes
    assert (note.code, note.text) == ("text_box", "口径说明")


def test_a_merged_cell_is_in_doubt_by_any_of_its_slots(tmp_path: Path) -> None:
    book, sheet = sheet_of([["附件", None, None], *BODY], boxed_from=2)
    sheet.merge_cells("C3:C4")
    found = doubted(read(tmp_path, over(2, 3, 2, 3, shape("9%")), book=book))
    assert found == {"5%": {("overlaid", "9%")}}


def test_a_picture_behind_the_whole_table_puts_no_cell_in_doubt(tmp_path: Path) -> None:
    rows: list[list[object]] = [["指标", "分值", "甲县"], *([f"率{n}", n, n] for n in range(20))]
    book = sheet_of(rows)[0]
    assert doubted(read(tmp_path, over(0, 0, 5, 40, PICTURE), book=book)) == {}
    assert doubted(read(tmp_path, over(2, 3, 2, 3, PICTURE), book=book)) != {}


def test_boxes_pictures_and_lines_of_an_old_workbook() -> None:
    """A box over 5%, a picture over 3, a line through 7 and 8; a comment, which is not shown."""
    document = read_document(OLD)
    assert doubted(document) == {
        "5%": {("overlaid", "9%")},
        "3": {("pictured", "")},
        "7": {("marked", "7")},
        "8": {("marked", "8")},
    }
    found = {(note.code, note.text) for note in document.notes}
    assert found == {
        ("text_box", "9%"), ("picture_in_cell", None), ("hidden_text", "C3：5%；C4：8"),
    }  # fmt: skip


def test_a_column_that_alone_has_no_width_may_have_been_hidden(tmp_path: Path) -> None:
    """openpyxl saves no width for a column whose width is 0."""
    book, sheet = sheet_of([["指标", "分值", "甲县", "乙县", "丙县"], ["增长率", 3, 5, 6, 7]])
    for letter in "ABCDE":
        sheet.column_dimensions[letter].width = 14 if letter != "D" else 0
    book.save(tmp_path / "n.xlsx")
    found = doubted(read_document(tmp_path / "n.xlsx"))
    assert found == {"乙县": {("unsized", "D")}, "6": {("unsized", "D")}}
    sheet.column_dimensions["D"].width = 9
    book.save(tmp_path / "n.xlsx")
    assert doubted(read_document(tmp_path / "n.xlsx")) == {}


def test_what_a_blank_cell_does_not_show_is_said_of_it_and_moves_no_row(tmp_path: Path) -> None:
    """The last target is struck out in one row and hidden by its format in the other."""
    book, sheet = sheet_of([
        ["指标", "分值", "甲县", "乙县", "丙县"],
        ["增长率（%）", 3, 5, 6, 7], ["债务率（%）", 2, 4, 5, 8],
        ["就业（人）", 2, 1, 2, 3],
    ])  # fmt: skip
    sheet["E2"].font = Font(strike=True)
    sheet["E3"].number_format = ";;;"
    book.save(tmp_path / "n.xlsx")
    document = read_document(tmp_path / "n.xlsx")
    seen = [c.seen for c in document.tables[0].cells if c.column == 5]
    assert seen == [(), (Seen("struck", "7"),), (Seen("hidden", "8"),), ()]
    notice = normalize(document, SourceMeta(document_id="n", year=2021))
    flagged = [(t.serial_no, t.entity) for t in notice.targets if t.needs_review]
    assert flagged == [(1, "丙县"), (2, "丙县")]
