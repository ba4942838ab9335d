"""Draws a grid as an Excel sheet, with merged ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.workshop.front import front_lines
from tests.support.workshop.grid import Grid
from tests.support.workshop.logical import Notice
from tests.support.workshop.parts import in_parts
from tests.support.workshop.pdf_style import Cut

_NUMBER = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class XlsxStyle:
    """How a program writes the same table: numbers typed, front page on a sheet, an offset."""

    typed: bool = False
    front_sheet: bool = False
    offset: int = 0
    parts: int = 1
    cut: Cut = Cut.FIRST


def draw_xlsx(notice: Notice, grid: Grid, path: Path, style: XlsxStyle | None = None) -> None:
    """Write the notice as one workbook: its title in the first row, the table below."""
    style = style or XlsxStyle()
    book = openpyxl.Workbook()
    book.properties.created = datetime(2021, 1, 1)
    book.remove(book.active)
    if style.front_sheet:
        _front_sheet(book, notice)
    grids = in_parts(grid, style.parts, style.cut)
    for number, part in enumerate(grids, start=1):
        sheet = book.create_sheet("考核指标" if len(grids) == 1 else f"考核指标{number}")
        _fill(sheet, part, style, notice.title if number == 1 else None)
        if number == len(grids):
            for below, line in enumerate(notice.notes):
                sheet.cell(part.row_count + 2 + below, 1 + style.offset, line)
    book.save(path)


def _fill(sheet: Worksheet, grid: Grid, style: XlsxStyle, title: str | None) -> None:
    """Write a table from the second row on, its title (if any) merged across the first."""
    if title is not None:
        sheet.cell(1, 1 + style.offset, title)
        last = grid.column_count + style.offset
        sheet.merge_cells(start_row=1, start_column=1 + style.offset, end_row=1, end_column=last)
    for span in grid.spans:
        row, column = span.row + 2, span.column + 1 + style.offset
        if span.text:
            _write(sheet.cell(row, column), span.text, typed=style.typed)
        if span.row_span > 1 or span.column_span > 1:
            sheet.merge_cells(
                start_row=row,
                start_column=column,
                end_row=row + span.row_span - 1,
                end_column=column + span.column_span - 1,
            )


def _write(cell: Cell, text: str, *, typed: bool) -> None:
    if not typed or not _NUMBER.fullmatch(text):
        cell.value = text
        cell.data_type = "s"
        return
    cell.value = float(text) if "." in text else int(text)
    decimals = len(text.partition(".")[2])
    cell.number_format = f"0.{'0' * decimals}" if decimals else "General"


def _front_sheet(book: openpyxl.Workbook, notice: Notice) -> None:
    sheet = book.create_sheet("通知")
    for number, line in enumerate(front_lines(notice), start=1):
        sheet.cell(number, 1, line)
