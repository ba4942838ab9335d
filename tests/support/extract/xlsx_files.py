"""Workbooks written by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Border, Side
from openpyxl.worksheet.worksheet import Worksheet

from extract.read import read_document
from schemas.records.document import Document, Table

SIDE = Side(style="thin")


BOX = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)


def sheet_of(
    rows: list[list[object]], *, boxed_from: int | None = None
) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    if boxed_from:
        for cells in sheet.iter_rows(min_row=boxed_from):
            for cell in cells:
                cell.border = BOX
    return book, sheet


def read(tmp_path: Path, book: Workbook, name: str = "n.xlsx") -> Document:
    path = tmp_path / name
    book.save(path)
    return read_document(path)


def rewrite(path: Path, part: str, old: str, new: str) -> None:
    """Change a part of a package in place."""
    with zipfile.ZipFile(path) as package:
        parts = {info.filename: package.read(info) for info in package.infolist()}
    text = parts[part].decode()
    assert old in text
    parts[part] = text.replace(old, new, 1).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)


DRAWN = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{}</xdr:wsDr>'
)
RELATED = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
)


def corner(name: str, column: int, row: int, dx: int = 0, dy: int = 0) -> str:
    """A corner of an anchor: cell from 0, and how far into it in EMU."""
    return (
        f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>{dx}</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>{dy}</xdr:rowOff></xdr:{name}>"
    )


def shape(text: str = "", form: str = "rect", hidden: int = 0) -> str:
    said = f"<xdr:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></xdr:txBody>" if text else ""
    return (
        f'<xdr:sp><xdr:nvSpPr><xdr:cNvPr id="2" name="s" hidden="{hidden}"/><xdr:cNvSpPr/>'
        f'</xdr:nvSpPr><xdr:spPr><a:prstGeom prst="{form}"/></xdr:spPr>{said}</xdr:sp>'
    )


def drawn_over(path: Path, *anchors: str) -> None:
    """Put a drawing over the first sheet of a workbook."""
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        "</worksheet>",
        '<drawing xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'r:id="rId1"/></worksheet>',
    )
    rewrite(
        path,
        "[Content_Types].xml",
        "</Types>",
        '<Override PartName="/xl/drawings/drawing1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/></Types>',
    )
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/worksheets/_rels/sheet1.xml.rels", RELATED)
        package.writestr("xl/drawings/drawing1.xml", DRAWN.format("".join(anchors)))


def rows(table: Table) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        found[cell.row - 1].append(cell.text)
    return found


BODY: list[list[object]] = [["指标", "分值", "甲县"], ["增长率", 3, "5%"], ["债务率", 2, "---"]]
