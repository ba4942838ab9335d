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


def rows(table: Table) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in range(table.row_count)]
    for cell in table.cells:
        found[cell.row - 1].append(cell.text)
    return found


BODY: list[list[object]] = [["指标", "分值", "甲县"], ["增长率", 3, "5%"], ["债务率", 2, "---"]]
