"""Drawn documents are printed by real programs: LibreOffice Writer and Calc, and Chromium.

``python -m tests.support.workshop.printing`` prints the documents of tests/fixtures/printed anew.
It needs the three programs; the tests that read what they printed do not.
"""

from __future__ import annotations

import math
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties

from tests.support.paths import CHROMIUM, FIXTURES
from tests.support.workshop.draw import Style, draw
from tests.support.workshop.draw_docx import DocxStyle
from tests.support.workshop.draw_html import HtmlStyle
from tests.support.workshop.draw_xlsx import XlsxStyle
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import Layout, fitted
from tests.support.workshop.layouts import LAYOUTS
from tests.support.workshop.logical import Notice
from tests.support.workshop.pdf_style import Cut
from tests.support.workshop.samples import sample

PRINTED = FIXTURES / "printed"
_SIZE = 9  # points, of the letters
_NARROWEST, _WIDEST = 3.0, 9.0  # Chinese characters that a column has room for


@dataclass(frozen=True, slots=True)
class Printed:
    """One document that was printed: which notice, in which layout, by which program."""

    name: str
    layout: Layout
    style: Style
    entities: int = 5

    def notice(self) -> Notice:
        """Return what is printed."""
        return fitted(sample(self.entities), self.layout)

    @property
    def path(self) -> Path:
        """Where the printed document lies."""
        return PRINTED / f"{self.name}.pdf"


def _printed(layout: str, style: Style, entities: int = 5) -> Printed:
    program = {DocxStyle: "writer", XlsxStyle: "calc", HtmlStyle: "chromium"}[type(style)]
    parts = "" if style.parts == 1 else f"-{style.parts}-parts"  # type: ignore[union-attr]
    return Printed(f"{program}-{layout}-{entities}{parts}", LAYOUTS[layout], style, entities)


CASES = (
    *(_printed(name, DocxStyle()) for name in ("classic", "level1_rows", "two_departments")),
    _printed("classic", DocxStyle(repeat_header=False), 11),
    _printed("unit_column", DocxStyle(), 11),
    _printed("points_in_names", DocxStyle(), 8),
    _printed("many_departments", DocxStyle(parts=2, cut=Cut.REPEATED), 8),
    _printed("points_at_two_levels", DocxStyle(repeat_header=False), 7),
    *(
        _printed(name, XlsxStyle())
        for name in ("classic", "department_first", "two_levels", "notes_below")
    ),
    *(_printed(name, HtmlStyle(), 11) for name in ("level1_rows", "heading_points")),
)


def print_notice(printed: Printed) -> None:
    """Draw one document, dress it and print it to its place."""
    with tempfile.TemporaryDirectory() as name:
        notice = printed.notice()
        path = draw(notice, grid_of(notice, printed.layout), Path(name), printed.style)
        dress(path)
        shutil.copyfile(print_pdf(path), printed.path)


def dress(path: Path) -> None:
    """Put rules round all cells of a drawn document and give its columns room by their texts."""
    {".docx": _dress_docx, ".xlsx": _dress_xlsx, ".html": _dress_html}[path.suffix](path)


def print_pdf(path: Path) -> Path:
    """Print a document beside itself with the program it is made for."""
    made = path.with_suffix(".pdf")
    with tempfile.TemporaryDirectory() as home:
        if path.suffix == ".html":
            quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
            command = [
                CHROMIUM or "chromium",
                *quiet,
                f"--user-data-dir={home}",
                f"--print-to-pdf={made}",
            ]
            command.append(path.as_uri())
        else:
            profile = f"-env:UserInstallation={Path(home).as_uri()}"
            command = ["soffice", "--headless", profile, "--convert-to", "pdf"]
            command += ["--outdir", str(path.parent), str(path)]
        subprocess.run(command, capture_output=True, check=True)
    return made


def _dress_html(path: Path) -> None:
    style = b"<style>table{border-collapse:collapse}td,th{border:1px solid #000}</style></head>"
    path.write_bytes(path.read_bytes().replace(b"</head>", style, 1))


def _dress_docx(path: Path) -> None:
    document = docx.Document(str(path))
    section = document.sections[0]
    room = int(section.page_width - section.left_margin - section.right_margin)
    for table in document.tables:
        borders = OxmlElement("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            element = OxmlElement(f"w:{side}")
            element.set(qn("w:val"), "single")
            element.set(qn("w:sz"), "4")
            borders.append(element)
        table._tbl.tblPr.append(borders)
        give_widths(table, room)
    document.save(str(path))


def give_widths(table: Any, room: int) -> None:
    """Give columns room by their texts."""
    rows = [list(row.cells) for row in table.rows]
    need = [_NARROWEST] * len(table.columns)
    for row in rows:
        for start, end, cell in _spans(row):
            if end == start + 1:
                need[start] = max(need[start], min(_length(cell.text) / 2, _WIDEST))
    widths = [int(room * each / sum(need)) for each in need]
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.w = width
    for row in rows:
        for start, end, cell in _spans(row):
            cell.width = sum(widths[start:end])
            for paragraph in cell.paragraphs:
                paragraph.paragraph_format.space_after = Pt(0)
                for run in paragraph.runs:
                    run.font.size = Pt(_SIZE)


def _spans(row: list[Any]) -> Iterator[tuple[int, int, Any]]:
    start = 0
    while start < len(row):
        end = start + 1
        while end < len(row) and row[end]._tc is row[start]._tc:
            end += 1
        yield start, end, row[start]
        start = end


def _length(text: str) -> int:
    """Return the length of a text's longest line, in characters of half width."""
    return max((_width(line) for line in text.split("\n")), default=0)


def _width(line: str) -> int:
    return sum(1 if character < "\u2e80" else 2 for character in line)


def _dress_xlsx(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    thin = Side(style="thin")
    for sheet in book:
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        for row in sheet.iter_rows(min_row=first_row(sheet)):
            for cell in row:
                cell.border = Border(thin, thin, thin, thin)
                if not isinstance(cell, MergedCell):
                    cell.alignment = Alignment(wrap_text=True, vertical="center")
                    cell.font = Font(size=_SIZE)
        give_room(sheet)
    book.save(path)


def first_row(sheet: Any) -> int:
    """Return the row where the table begins: the first with several cells."""
    filled = (row for row in sheet.iter_rows() if sum(cell.value is not None for cell in row) > 2)
    return next((row[0].row for row in filled), sheet.max_row + 1)


def give_room(sheet: Any) -> None:
    """Widen columns and raise rows so that every text is printed whole."""
    ends = {
        (span.min_row, span.min_col): (span.max_row, span.max_col)
        for span in sheet.merged_cells.ranges
    }
    cells = [
        (cell.row, *ends.get((cell.row, cell.column), (cell.row, cell.column)), cell)
        for row in sheet.iter_rows(min_row=first_row(sheet))
        for cell in row
        if not isinstance(cell, MergedCell) and cell.value is not None
    ]
    widths: dict[int, int] = {}
    for _, _, last, cell in cells:
        if last == cell.column:
            widths[last] = max(widths.get(last, 6), min(18, _length(str(cell.value)) + 2))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    heights: dict[int, float] = {}
    for first, end, last, cell in sorted(cells, key=lambda each: each[1] - each[0]):
        room = sum(widths.get(column, 8) for column in range(cell.column, last + 1)) - 3
        lines = sum(math.ceil(_width(line) / room) or 1 for line in str(cell.value).split("\n"))
        lacking = lines * 13 + 4 - sum(heights.get(row, 15.0) for row in range(first, end + 1))
        if lacking > 0:
            heights[end] = heights.get(end, 15.0) + lacking
    for row, height in heights.items():
        sheet.row_dimensions[row].height = height


if __name__ == "__main__":
    PRINTED.mkdir(exist_ok=True)
    for case in CASES:
        print_notice(case)
        print(case.path, case.path.stat().st_size)
