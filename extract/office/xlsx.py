"""Read .xlsx: every visible sheet as it prints, with merged ranges and numbers as formatted."""

from __future__ import annotations

from pathlib import Path

from common.refusal import Refusal
from extract.files.package import Package
from extract.office.sheet_tables import sheet_blocks
from extract.office.workbook import Book, Sheet
from extract.text.flow import PartEnd, Reading, document_of
from schemas.records.document import Document


def read_xlsx(path: Path) -> Document:
    """Return the document in a workbook: a table's ``place`` is its sheet, ``lines`` its rows.

    Hidden sheets, rows and columns are not printed and not read (a note says so). Formulas give
    the value the workbook keeps; where it keeps none, a note names the cell. Raises ``Refusal``.
    """
    reading = Reading()
    with Package(path) as package:
        main = package.main_part()
        if main is None:
            raise Refusal("damaged", f"{path.name} has no workbook part",
                          f"文件“{path.name}”已损坏，缺少工作簿内容。请用 Excel 或 WPS 打开，"
                          "另存一份 .xlsx 后再导入。")  # fmt: skip
        book = Book(package, main)
        for name, part, hidden in book.sheets():
            if part is None:
                continue
            if hidden:
                reading.note("info", "hidden_sheet", f"sheet {name} is hidden, not read",
                             f"工作表“{name}”是隐藏的，没有读取。")  # fmt: skip
                continue
            sheet = book.sheet(name, part)
            reading.blocks.extend(sheet_blocks(sheet, reading))
            reading.blocks.append(PartEnd.HERE)
            _note_sheet(sheet, reading)
    return document_of(path, "xlsx", "xlsx", reading)


def _note_sheet(sheet: Sheet, reading: Reading) -> None:
    """Tell of the cells whose printed text is not sure."""
    if sheet.uncalculated:
        reading.note("warning", "formula_without_value",
                     f"sheet {sheet.name}: {len(sheet.uncalculated)} formulas keep no value",
                     f"工作表“{sheet.name}”的 {_some(sheet.uncalculated)} 是公式，但文件里没有保存"
                     "计算结果，读成了空白。请用 Excel 打开，重新计算并保存后再导入。",
                     "、".join(sheet.uncalculated)[:200])  # fmt: skip
    if sheet.unsure:
        reading.note("warning", "number_format",
                     f"sheet {sheet.name}: {len(sheet.unsure)} numbers have an unknown format",
                     f"工作表“{sheet.name}”的 {_some(sheet.unsure)} 用了少见的数字格式，"
                     "读到的可能与打印的不同，请核对。",
                     "、".join(sheet.unsure)[:200])  # fmt: skip
    for text in sheet.struck[:20]:
        reading.note("warning", "struck_text", f"sheet {sheet.name}: struck-out text not read",
                     f"工作表“{sheet.name}”有带删除线的文字，没有读取，请核对。",
                     text[:200])  # fmt: skip


def _some(names: list[str]) -> str:
    shown = "、".join(names[:5])
    return f"{shown} 等 {len(names)} 个单元格" if len(names) > 5 else f"单元格 {shown}"
