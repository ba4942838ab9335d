"""Signs that the readers of files see: for each a file that shows it and one that must not."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook
from PIL import Image
from reportlab.lib.colors import red

from extract.page.tables import PageReading, read_page
from extract.pdf import camelot as camelot_reader
from extract.pdf import supplier as pdf_supplier
from extract.pdf.cross_check import compare
from extract.pdf.reader import read_pdf
from extract.read import read_document
from extract.scan import pages as scan_pages
from extract.scan import picture as scan_picture
from extract.scan import reader as scan_reader
from schemas.records.document import Document
from tests.support.extract import docx_files as word
from tests.support.extract import pdf_drawings as pdf
from tests.support.extract import pdf_hostile as hostile
from tests.support.extract import pdf_over as over
from tests.support.extract import pdf_samples as samples
from tests.support.extract import two_readings as comparing
from tests.support.extract import xlsx_files as excel
from tests.support.extract.pdf_lies import lying
from tests.support.workshop.scanning import mix, scan

Make = Callable[[Path, pytest.MonkeyPatch], Document]


def html(body: str, name: str = "n.html") -> Make:
    return lambda folder, _: _written(folder / name, f"<!doctype html>{body}".encode())


def text(body: str) -> Make:
    return lambda folder, _: _written(folder / "n.md", body.encode())


def docx(*cells: str, after: str = "") -> Make:
    """Write a Word file with one table of two rows, whose first row has these cells."""
    rows = word.tr(*cells), word.tr(*(word.tc("x") for _ in cells))
    return lambda folder, _: word.read(folder, word.tbl(*rows) + after)


def numbered(form: str) -> Make:
    """Write a Word file with a cell that is numbered in a form."""
    lists = (
        f'<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="{form}"/>'
        '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    )
    cell = word.tc('<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:p>')
    table = word.tbl(word.tr(word.tc("序号"), word.tc("指标")), word.tr(cell, word.tc("a")))
    return lambda folder, _: word.read(folder, table, numbering=lists)


def xlsx(change: Callable[[Workbook], object]) -> Make:
    def make(folder: Path, _: pytest.MonkeyPatch) -> Document:
        book, _sheet = excel.sheet_of([[*row] for row in excel.BODY])
        change(book)
        return excel.read(folder, book)

    return make


def _lying(lies: dict[str, str]) -> Make:
    """Draw a table in a font that says of some glyphs that they are others."""
    return lambda folder, _: read_pdf(lying(folder / "n.pdf", ["7", "6"], lies))


def drawn(*draws: samples.Draw) -> Make:
    return lambda folder, _: read_pdf(samples.write_pdf(folder / "n.pdf", *draws))


def pdf_of(data: Callable[[], bytes]) -> Make:
    return lambda folder, _: read_pdf(hostile.write(folder, data()))


def _written(path: Path, data: bytes) -> Document:
    path.write_bytes(data)
    return read_document(path)


def _formula(kept: str) -> Make:
    def make(folder: Path, patch: pytest.MonkeyPatch) -> Document:
        xlsx(lambda book: _cell(book, "B2", "=1+2"))(folder, patch)
        sheet = "xl/worksheets/sheet1.xml"
        excel.rewrite(folder / "n.xlsx", sheet, "<f>1+2</f><v></v>", kept)
        return read_document(folder / "n.xlsx")

    return make


def _cell(book: Workbook, place: str, value: object, form: str = "General") -> None:
    sheet = book.worksheets[0]
    sheet[place] = value
    sheet[place].number_format = form


def _hidden_row(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[3].hidden = True


def _high_row(book: Workbook) -> None:
    book.worksheets[0].row_dimensions[3].height = 40


def _print_area(area: str) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book.worksheets[0].print_area = area

    return change


def _sheet(state: str) -> Callable[[Workbook], object]:
    def change(book: Workbook) -> None:
        other = book.create_sheet("旧")
        other.append(["x", "y"])
        other.append(["z", "w"])
        other.sheet_state = state

    return change


def _glyph(code: int) -> samples.Draw:
    """Print a code of a Latin font; 129 stands for no character in it."""

    def draw(sheet: samples.Sheet) -> None:
        samples.plain(sheet)
        sheet.canvas.setFont("Helvetica", 10)
        name = sheet.canvas._doc.getInternalFontName("Helvetica")
        sheet.canvas._code.append(f"BT 1 0 0 1 60 275 Tm {name} 10 Tf (\\{code:o}) Tj ET")

    return draw


def _turned(sheet: samples.Sheet) -> None:
    samples.plain(sheet)
    sheet.canvas.saveState()
    sheet.canvas.translate(340, 220)
    sheet.canvas.rotate(90)
    sheet.canvas.drawString(0, 0, "甲")
    sheet.canvas.restoreState()


def _damaged_page() -> bytes:
    data = samples.pdf_bytes(samples.plain, samples.plain)
    at = data.index(b"/Contents ") + len(b"/Contents ")
    end = data.index(b" ", at)
    return data[:at] + b"0" * (end - at) + data[end:]


def _lost_index() -> bytes:
    data = samples.pdf_bytes(samples.plain)
    at = data.rindex(b"startxref\n") + len(b"startxref\n")
    end = data.index(b"\n", at)
    return data[:at] + b"9" * (end - at) + data[end:]


def _with_piece(packed: bytes) -> bytes:
    """Add a compressed piece behind a whole file, as an update does."""
    data = samples.pdf_bytes(samples.plain)
    index = data[data.rindex(b"startxref") :]
    head = b"99 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    return data + head + packed + b"\nendstream\nendobj\n" + index


def _broken_stream() -> bytes:
    whole = zlib.compress(b"".join(b"%d\n" % (n * n) for n in range(300)))
    return _with_piece(whole[:200] + bytes(20) + whole[220:])


def _whole_stream() -> bytes:
    return _with_piece(zlib.compress(b"whole"))


def _heavy(budget: int) -> Make:
    def make(folder: Path, patch: pytest.MonkeyPatch) -> Document:
        patch.setattr(pdf_supplier, "PAGE_BUDGET", budget)
        lines = samples.write_pdf(folder / "n.pdf", samples.plain, _many_lines)
        return read_pdf(lines)

    return make


def _many_lines(sheet: samples.Sheet) -> None:
    samples.plain(sheet)
    for step in range(3000):
        sheet.line(50, 380, 60 + step % 7, 390)


def _long_book(tables: set[int]) -> Make:
    return lambda folder, _: read_pdf(hostile.long_book(folder / "n.pdf", 70, tables))


def _picture(draw: samples.Draw) -> Make:
    """Read a page of text and another page where no recogniser is installed."""

    def make(folder: Path, patch: pytest.MonkeyPatch) -> Document:
        patch.setattr(scan_pages, "engine_installed", lambda: False)
        return drawn(samples.plain, draw)(folder, patch)

    return make


def _photographed(draw: samples.Draw) -> Make:
    """Read a picture of a page behind a page that holds a table."""

    def make(folder: Path, _: pytest.MonkeyPatch) -> Document:
        plain = samples.write_pdf(folder / "plain.pdf", samples.plain)
        picture = scan(samples.write_pdf(folder / "drawn.pdf", draw), folder / "picture.pdf")
        return read_pdf(mix(plain, picture, folder / "n.pdf", (("text", 1), ("scan", 1))))

    return make


def _four_rows(sheet: samples.Sheet) -> None:
    sheet.fill(samples.XS, [100 + 30 * row for row in range(6)], [*samples.ROWS, *samples.ROWS[1:]])


def _stand_in(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Put a stand-in in the place of the recogniser, which finds the plain table."""
    with pdf_supplier.open_pdf(samples.write_pdf(folder / "plain.pdf", samples.plain)) as plain:
        found: PageReading = read_page(plain.page(1))
    patch.setattr(scan_pages, "engine_installed", lambda: True)
    patch.setattr(scan_pages.ScannedPages, "line_reader", None)
    patch.setattr(scan_pages, "engine_name", lambda: "stand-in", raising=False)
    patch.setattr(scan_picture, "page_to_picture", lambda _page, _number: None)
    patch.setattr(scan_reader, "read_picture", lambda _picture, _reader: found)


def _layered(draw: samples.Draw) -> Make:
    def make(folder: Path, patch: pytest.MonkeyPatch) -> Document:
        _stand_in(folder, patch)
        return drawn(draw)(folder, patch)

    return make


def _pictures(place: str) -> Make:
    """Read the picture at ``place`` in a folder of a picture of a page."""

    def make(folder: Path, patch: pytest.MonkeyPatch) -> Document:
        _stand_in(folder, patch)
        pages = folder / "pages"
        pages.mkdir(exist_ok=True)
        Image.new("L", (80, 120), 255).save(pages / "1.png")
        return read_document(folder / place)

    return make


def _second(*cells: camelot_reader.SecondCell) -> Make:
    return lambda _folder, _patch: compare(
        comparing.document(comparing.cell("甲")), cells, "second"
    )


def _checked(*, fails: bool) -> Make:
    def result(_: object) -> list[camelot_reader.SecondCell]:
        if fails:
            raise camelot_reader.SecondReaderError("it broke")
        return []

    def make(folder: Path, patch: pytest.MonkeyPatch) -> Document:
        patch.setattr("extract.pdf.camelot.SecondReader.result", result)
        return read_pdf(samples.write_pdf(folder / "n.pdf", samples.plain), cross_check=True)

    return make


def _run(inside: str, properties: str = "") -> str:
    return word.tc(f"<w:p>{properties}<w:r>{inside}</w:r></w:p>")


def _nested(count: int) -> str:
    rows = (f"<tr><td>a<td>b<table><tr><td>x{n}<td>y</table>" for n in range(count))
    return f"<table>{''.join(rows)}</table>"


A, B = word.tc("a"), word.tc("b")
INNER = word.tbl(word.tr(word.tc("x"), word.tc("y")))
BOX = "<w:drawing><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:drawing>"
TWO = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"

#: Code, a file that shows it, one that must not.
FILES: list[tuple[str, Make, Make]] = [
    ("annotated", drawn(over.annotated("FreeText", None, Contents=over.contents("6"))),
     drawn(over.annotated("FreeText", None, Contents=over.contents("6"), F=2))),
    ("automatic_numbering", numbered("hebrew1"), numbered("decimal")),
    ("embedded_part", docx(A, B, after="<w:altChunk/>"), docx(A, B, after=word.p("x"))),
    ("footnote", docx(_run("<w:t>a</w:t><w:footnoteReference/>"), B),
     docx(_run("<w:t>a¹</w:t>"), B)),
    ("cell_error", xlsx(lambda book: _cell(book, "B2", "#REF!")),
     xlsx(lambda book: _cell(book, "B2", "REF"))),
    ("generated_text", html("<style>b::before{content:counter(n)}</style>"
                            "<table><tr><td>a<td>b<tr><td>c<td><b>d</b></table>"),
     html("<style>b::before{content:'d'}</style><table><tr><td>a<td>b<tr><td>c<td><b></b></table>")),
    ("hidden_text", docx(word.tc(word.p("a") + word.p("隐", "<w:vanish/>")), B),
     docx(word.tc(word.p("a") + word.p("隐", '<w:vanish w:val="0"/>')), B)),
    ("hidden_text", html("<table><tr><td>a<td>b<tr><td>c<td>d<span hidden>9</span></table>"),
     html(TWO)),
    ("merged_away_text",
     lambda folder, _: word.read(folder, word.tbl(word.tr(word.tc("a", word.DOWN), B),
                                                  word.tr(word.tc("c", word.GO_ON), B))),
     lambda folder, _: word.read(folder, word.tbl(word.tr(word.tc("a", word.DOWN), B),
                                                  word.tr(word.tc("", word.GO_ON), B)))),
    ("nested_table", docx(word.tc(word.p("a") + INNER), B), docx(A, B, after=INNER)),
    ("nested_table", html(_nested(3)), html(TWO)),
    ("picture_in_cell", docx(_run("<w:drawing><w:pic/></w:drawing>"), B),
     docx(A, B, after="<w:p><w:r><w:drawing><w:pic/></w:drawing></w:r></w:p>")),
    ("picture_in_cell", html("<table><tr><td>a<td>b<tr><td>c<td><img src=x></table>"),
     html(f"<img src=x>{TWO}")),
    ("struck_text", docx(word.tc(word.p("4", "<w:strike/>") + word.p("5")), B),
     docx(word.tc(word.p("4", '<w:strike w:val="0"/>') + word.p("5")), B)),
    ("struck_text", drawn(pdf.marked_text), drawn(samples.plain)),
    ("symbol", docx(_run('<w:sym w:font="Acme Signs" w:char="F0FE"/>'), B),
     docx(_run('<w:sym w:font="Symbol" w:char="2264"/>'), B)),
    ("text_box", docx(_run(f"<w:t>a</w:t>{BOX}"), B),
     docx(A, B, after=f"<w:p><w:r>{BOX}</w:r></w:p>")),
    ("formula_without_value", _formula("<f>1+2</f>"), _formula("<f>1+2</f><v>3</v>")),
    ("hidden_cells", xlsx(_hidden_row), xlsx(_high_row)),
    ("outside_print_area", xlsx(_print_area("A1:Z2")), xlsx(_print_area("A1:Z99"))),
    ("hidden_sheet", xlsx(_sheet("hidden")), xlsx(_sheet("visible"))),
    ("number_format", xlsx(lambda book: _cell(book, "B2", 5, "# ?/?")),
     xlsx(lambda book: _cell(book, "B2", 5, "0.0"))),
    ("more_notes", html(_nested(201)), html(_nested(200))),
    ("overlapping_cells",
     html("<table><tr><td>a<td>b<td rowspan=2>c<tr><td colspan=3>d<tr><td>e<td>f<td>g</table>"),
     html("<table><tr><td>a<td>b<td rowspan=2>c<tr><td colspan=2>d<tr><td>e<td>f<td>g</table>")),
    ("kind_differs_from_name", html(TWO, "n.xls"), html(TWO)),
    ("repeated_cells", text("| 名 | 名 | 分 |\n|-|-|-|\n| 甲 | 甲 | 1 |\n| 乙 | 乙 | 2 |\n"),
     text("| 名 | 名 | 分 |\n|-|-|-|\n| 甲 | 丙 | 1 |\n| 乙 | 丁 | 2 |\n")),
    ("table_not_read", text("说明\n\n<table>\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
     text("表格\n| a | b |\n|---|---|\n| 1 | 2 |\n")),
    ("broken_streams", pdf_of(_broken_stream), pdf_of(_whole_stream)),
    ("cell_repaired", drawn(pdf.hole_in_a_rule), drawn(pdf.merged)),
    ("glyph_differs", _lying({"7": "1"}), _lying({})),
    ("index_rebuilt", pdf_of(_lost_index), drawn(samples.plain)),
    ("hidden_text", drawn(over.typed_over(red)), drawn(over.see_through)),
    ("invisible_text", drawn(pdf.unseen), drawn(pdf.white_on_dark)),
    ("page_cropped", drawn(over.cropped(0, 0, 290, 400)), drawn(over.cropped(0, 0, 590, 400))),
    ("page_damaged", pdf_of(_damaged_page), drawn(samples.plain, samples.plain)),
    ("page_not_compared", _second(), _second(comparing.second("甲"))),
    ("page_too_heavy", _heavy(2000), _heavy(200_000)),
    ("page_without_table", drawn(samples.plain, pdf.text_only),
     drawn(pdf.text_only, samples.plain)),
    ("pages_of_folder", _pictures("pages"), _pictures("pages/1.png")),
    ("pages_passed_over", _long_book({40}), _long_book(set(range(1, 71)))),
    ("picture_page", _picture(hostile.scanned), _picture(samples.plain)),
    ("rules_not_drawn", drawn(pdf.three_rules), drawn(samples.plain)),
    ("second_reader_failed", _checked(fails=True), _checked(fails=False)),
    ("slanted_text", drawn(pdf.watermark), drawn(_turned)),
    ("table_only_in_second_reading",
     _second(comparing.second("甲"), replace(comparing.second("乙"), page=2)),
     _second(comparing.second("甲"), comparing.second("乙", row=2))),
    ("table_not_found", _photographed(_four_rows), _photographed(samples.plain)),
    ("text_beside_table", drawn(pdf.surroundings), drawn(samples.plain)),
    ("text_cut_off", drawn(pdf.cut_at_the_side), drawn(pdf.ghosts)),
    ("text_layer_ignored", _layered(hostile.scanned_with_hidden_text), _layered(hostile.scanned)),
    ("text_over_edge", drawn(pdf.over_an_edge), drawn(pdf.lines_in_cells)),
    ("unreadable_characters", drawn(_glyph(129)), drawn(_glyph(65))),
]  # fmt: skip
