"""Draws a grid as a Word document, with real gridSpan and vMerge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from tests.support.workshop.front import front_lines
from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.logical import Notice
from tests.support.workshop.parts import in_parts
from tests.support.workshop.pdf_style import Cut


@dataclass(frozen=True, slots=True)
class DocxStyle:
    """How a program writes the same table: runs cut in pieces, a header row that repeats."""

    split_runs: bool = False
    repeat_header: bool = True
    breaks: bool = False
    parts: int = 1
    cut: Cut = Cut.FIRST


def draw_docx(notice: Notice, grid: Grid, path: Path, style: DocxStyle | None = None) -> None:
    """Write the notice as one Word document."""
    style = style or DocxStyle()
    document = docx.Document()
    document.core_properties.created = datetime(2021, 1, 1)
    for line in front_lines(notice):
        document.add_paragraph(line)
    document.add_page_break()
    document.add_paragraph(notice.title)
    for number, part in enumerate(in_parts(grid, style.parts, style.cut)):
        if number:
            document.add_paragraph("")
        body = document.element.body
        body.insert(len(body) - 1, _table(part, style))
    for line in notice.notes:
        document.add_paragraph(line)
    document.save(str(path))


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _table(grid: Grid, style: DocxStyle) -> Any:
    table = _element("tbl")
    properties = _element("tblPr")
    properties.append(_element("tblW", w="0", type="auto"))
    table.append(properties)
    columns = _element("tblGrid")
    for _ in range(grid.column_count):
        columns.append(_element("gridCol", w="900"))
    table.append(columns)
    for row, places in enumerate(grid.filled()):
        table.append(_row(row, places, grid, style))
    return table


def _row(row: int, places: list[Span], grid: Grid, style: DocxStyle) -> Any:
    element = _element("tr")
    if style.repeat_header and row < grid.header_rows:
        properties = _element("trPr")
        properties.append(_element("tblHeader"))
        element.append(properties)
    column = 0
    while column < grid.column_count:
        span = places[column]
        element.append(_cell(span, row, style))
        column += span.column_span
    return element


def _cell(span: Span, row: int, style: DocxStyle) -> Any:
    cell = _element("tc")
    properties = _element("tcPr")
    properties.append(_element("tcW", w=str(900 * span.column_span), type="dxa"))
    if span.column_span > 1:
        properties.append(_element("gridSpan", val=str(span.column_span)))
    if span.row_span > 1:
        first = row == span.row
        properties.append(_element("vMerge", **({"val": "restart"} if first else {})))
    cell.append(properties)
    lines = span.text.split("\n") if row == span.row else [""]
    if style.breaks:
        cell.append(_paragraph(lines, style))
    else:
        for line in lines:
            cell.append(_paragraph([line], style))
    return cell


def _paragraph(lines: list[str], style: DocxStyle) -> Any:
    paragraph = _element("p")
    for number, line in enumerate(lines):
        if number:
            run = _element("r")
            run.append(_element("br"))
            paragraph.append(run)
        cut = len(line) // 2 if style.split_runs else len(line)
        for piece in (line[:cut], line[cut:]):
            if piece:
                paragraph.append(_run(piece))
    return paragraph


def _run(text: str) -> Any:
    run = _element("r")
    inner = _element("t")
    inner.text = text
    run.append(inner)
    return run
