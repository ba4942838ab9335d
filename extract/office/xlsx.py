"""Read .xlsx: every visible sheet as it prints, with merged ranges and numbers as formatted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from common.refusal import refusal
from extract.files.package import Package
from extract.office.sheets.print_area import keep_printed, print_areas
from extract.office.sheets.sheet import Printed, Sheet
from extract.office.sheets.sheet_tables import sheet_blocks
from extract.office.sheets.workbook import Book
from extract.text.flow import PartEnd, Reading, document_of
from schemas.records.document import Document
from schemas.vocabulary import Severity

_NAMED = 5  # most cells that a note names; of more it gives the first and the number


def read_xlsx(path: Path) -> Document:
    """Return the document in a workbook: a table's ``place`` is its sheet, ``lines`` its rows.

    Hidden sheets, rows and columns and what lies outside a print area are not printed and not read
    (a note says so). Formulas give the value the workbook keeps; where it keeps none, a note
    names the cell. Raises ``Refusal``.
    """
    with Package(path) as package:
        main = package.main_part()
        if main is None:
            raise refusal("extract.damaged.xlsx", file=path.name)
        return document_of_sheets(path, "xlsx", "xlsx", _printed_sheets(Book(package, main)))


def _printed_sheets(book: Book) -> Iterator[Printed]:
    areas = print_areas(book.root)
    for number, (name, part, hidden) in enumerate(book.sheets()):
        if part is not None:
            read = Sheet(name) if hidden else book.fill(Sheet(name), part)
            yield Printed(read, hidden, areas.get(number, []))


def document_of_sheets(path: Path, kind: str, reader: str, sheets: Iterable[Printed]) -> Document:
    """Return the document in a workbook's sheets, in order; what is not printed is noted."""
    reading = Reading()
    for printed in sheets:
        sheet = printed.sheet
        if printed.hidden:
            reading.add_note("hidden_sheet", severity=Severity.INFO, sheet=sheet.name)
            continue
        keep_printed(sheet, printed.areas, reading)
        reading.blocks.extend(sheet_blocks(sheet, reading))
        reading.blocks.append(PartEnd.HERE)
        _note_sheet(sheet, reading)
        _note_drawn(sheet, reading)
    return document_of(path, kind, reader, reading)


def _note_sheet(sheet: Sheet, reading: Reading) -> None:
    """Note the cells whose printed text is not sure."""
    if found := sheet.uncalculated:
        reading.add_note(
            "formula_without_value.many" if len(found) > _NAMED else "formula_without_value.few",
            text="、".join(found)[:200],
            sheet=sheet.name,
            count=len(found),
            cells="、".join(found[:_NAMED]),
        )
    if found := sheet.unsure:
        reading.add_note(
            "number_format.many" if len(found) > _NAMED else "number_format.few",
            text="、".join(found)[:200],
            sheet=sheet.name,
            count=len(found),
            cells="、".join(found[:_NAMED]),
        )
    for text in sheet.struck[:20]:
        reading.add_note("struck_text.sheet", text=text[:200], sheet=sheet.name)
    if found := sheet.unseen:
        text, names = _told(found)
        reading.add_note(
            "hidden_text.sheet", text=text, sheet=sheet.name, count=len(found), cells=names
        )
    if found := sheet.conditional:
        text, names = _told(found)
        reading.add_note(
            "hidden_text.conditional", text=text, sheet=sheet.name, count=len(found), cells=names
        )
    if found := sheet.unevaluated:
        text, names = _told(found)
        reading.add_note(
            "hidden_text.unevaluated", text=text, sheet=sheet.name, count=len(found), cells=names
        )
    if found := sheet.errors:
        text, names = _told(found)
        reading.add_note("cell_error", text=text, sheet=sheet.name, count=len(found), cells=names)


def _note_drawn(sheet: Sheet, reading: Reading) -> None:
    """Note what is drawn over the sheet, wherever it lies."""
    if found := [each.text for each in sheet.overlays if each.kind == "text"]:
        reading.add_note(
            "text_box.sheet", severity=Severity.INFO, text="；".join(found)[:200],
            sheet=sheet.name, count=len(found),
        )  # fmt: skip
    if count := sum(each.kind == "picture" for each in sheet.overlays):
        reading.add_note(
            "picture_in_cell.sheet", severity=Severity.INFO, sheet=sheet.name, count=count
        )


def _told(cells: list[str]) -> tuple[str, str]:
    """Return what a note says of cells: each by its name and perhaps (after a colon) its text."""
    names = "、".join(each.partition("：")[0] for each in cells[:_NAMED])
    return "；".join(cells)[:200], names
