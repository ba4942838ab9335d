"""Drawn documents printed without full rules: three-line tables, tinted bands, nothing at all.

``python -m tests.support.workshop.undrawn`` prints the documents of tests/fixtures/undrawn anew. It
needs LibreOffice and Chromium; the tests that read what they printed do not.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties

from tests.support.paths import FIXTURES
from tests.support.workshop.draw import draw
from tests.support.workshop.draw_docx import DocxStyle
from tests.support.workshop.draw_html import HtmlStyle
from tests.support.workshop.draw_xlsx import XlsxStyle
from tests.support.workshop.grid import grid_of
from tests.support.workshop.layout import fitted
from tests.support.workshop.layouts import LAYOUTS
from tests.support.workshop.logical import Notice
from tests.support.workshop.printing import first_row, give_room, give_widths, print_pdf
from tests.support.workshop.samples import sample

UNDRAWN = FIXTURES / "undrawn"
_SIZE = 9
_HEADER, _BAND = "9DB7D9", "DCE6F1"
_STYLES = {"writer": DocxStyle(), "calc": XlsxStyle(), "chromium": HtmlStyle()}


class Dress(StrEnum):
    """What of a table is drawn."""

    BARE = "bare"
    THREE = "three"
    ROWS = "rows"
    BANDS = "bands"


@dataclass(frozen=True, slots=True)
class Undrawn:
    """One printed document: by which program, in which layout, what is drawn, where text stands."""

    program: str
    layout: str
    dress: Dress
    entities: int = 5
    middle: bool = True

    @property
    def name(self) -> str:
        """What its file is called."""
        where = "" if self.middle else "-top"
        return f"{self.program}-{self.layout}-{self.dress}-{self.entities}{where}"

    @property
    def path(self) -> Path:
        """Where the printed document lies."""
        return UNDRAWN / f"{self.name}.pdf"

    def notice(self) -> Notice:
        """Return what is printed."""
        return fitted(sample(self.entities), LAYOUTS[self.layout])


EXACT = (
    Undrawn("calc", "classic", Dress.BARE),
    Undrawn("calc", "department_first", Dress.ROWS),
    Undrawn("calc", "three_header_rows", Dress.THREE, 7),
    Undrawn("chromium", "two_departments", Dress.BANDS),
    Undrawn("chromium", "unit_column", Dress.BARE),
)
TOLD = (
    Undrawn("chromium", "classic", Dress.THREE),
    Undrawn("calc", "classic", Dress.THREE, middle=False),
    Undrawn("writer", "three_header_rows", Dress.THREE, 7, middle=False),
    Undrawn("writer", "classic", Dress.BARE, 11),
)
"""Those in which nothing drawn shows enough, at page breaks or where texts stand at the top."""


def print_undrawn(case: Undrawn) -> None:
    """Draw one document, dress it and print it to its place."""
    notice, layout = case.notice(), LAYOUTS[case.layout]
    grid = grid_of(notice, layout)
    with tempfile.TemporaryDirectory() as name:
        path = draw(notice, grid, Path(name), _STYLES[case.program])
        {".docx": _dress_docx, ".xlsx": _dress_xlsx, ".html": _dress_html}[path.suffix](
            path, case, grid.header_rows
        )
        shutil.copyfile(print_pdf(path), case.path)


def _dress_html(path: Path, case: Undrawn, _: int) -> None:
    drawn = {
        Dress.BARE: "",
        Dress.THREE: "table{border-top:2px solid;border-bottom:2px solid}"
        "thead{border-bottom:1px solid}",
        Dress.ROWS: "td,th{border-top:1px solid;border-bottom:1px solid}",
        Dress.BANDS: f"thead{{background:#{_HEADER}}}tr:nth-child(even){{background:#{_BAND}}}",
    }[case.dress]
    where = "middle" if case.middle else "top"
    style = (
        "<style>@page{size:A4 landscape}table{border-collapse:collapse}"
        f"td,th{{padding:2px 4px;font-size:12px}}td{{vertical-align:{where}}}{drawn}"
        "</style></head>"
    )
    text = path.read_bytes().replace(b"td{border:1px solid #000}", b"")
    path.write_bytes(text.replace(b"</head>", style.encode(), 1))


def _dress_docx(path: Path, case: Undrawn, header_rows: int) -> None:
    document = docx.Document(str(path))
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    room = int((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))
    sides = {
        Dress.THREE: ("top", "bottom"),
        Dress.ROWS: ("top", "bottom", "insideH"),
    }.get(case.dress, ())
    for table in document.tables:
        give_widths(table, room)
        table._tbl.tblPr.append(_borders("w:tblBorders", sides))
        for number, row in enumerate(table.rows):
            for cell in row._tr.tc_lst:
                _dress_word_cell(cell, case, number - header_rows)
    document.save(str(path))


def _dress_word_cell(cell: Any, case: Undrawn, row: int) -> None:
    properties = cell.get_or_add_tcPr()
    if case.dress is Dress.THREE and row == -1:
        properties.append(_borders("w:tcBorders", ("bottom",)))
    if case.dress is Dress.BANDS and (row < 0 or row % 2):
        fill = _HEADER if row < 0 else _BAND
        properties.append(_element("w:shd", {"w:val": "clear", "w:fill": fill}))
    if case.middle:
        properties.append(_element("w:vAlign", {"w:val": "center"}))
        for paragraph in cell.p_lst:
            paragraph.get_or_add_pPr().append(_element("w:jc", {"w:val": "center"}))


def _borders(name: str, sides: tuple[str, ...]) -> Any:
    borders = OxmlElement(name)
    for side in sides:
        borders.append(_element(f"w:{side}", {"w:val": "single", "w:sz": "8"}))
    return borders


def _element(name: str, attributes: dict[str, str]) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element


def _dress_xlsx(path: Path, case: Undrawn, header_rows: int) -> None:
    book = openpyxl.load_workbook(path)
    for sheet in book:
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        first = first_row(sheet)
        for row in sheet.iter_rows(min_row=first):
            for cell in row:
                _dress_sheet_cell(cell, case, cell.row - first - header_rows, sheet.max_row)
        give_room(sheet)
    book.save(path)


def _dress_sheet_cell(cell: Any, case: Undrawn, row: int, last: int) -> None:
    line, every = Side(style="medium"), case.dress is Dress.ROWS
    three = case.dress is Dress.THREE
    below = every or (three and (row == -1 or cell.row == last))
    cell.border = Border(top=line if every else None, bottom=line if below else None)
    if case.dress is Dress.BANDS and (row < 0 or row % 2):
        cell.fill = PatternFill("solid", fgColor=_HEADER if row < 0 else _BAND)
    if not isinstance(cell, MergedCell):
        vertical, across = ("center", "center") if case.middle else ("top", None)
        cell.alignment = Alignment(wrap_text=True, vertical=vertical, horizontal=across)
        cell.font = Font(size=_SIZE)


if __name__ == "__main__":
    UNDRAWN.mkdir(exist_ok=True)
    for each in (*EXACT, *TOLD):
        print_undrawn(each)
        print(each.path, each.path.stat().st_size)
