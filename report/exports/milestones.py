"""The sheet of targets for parts of the year in 指标分解表."""

from __future__ import annotations

from collections.abc import Mapping

from openpyxl import Workbook

from common.numbers import show
from report.doubts import doubt_of
from report.exports.data import Exported
from report.exports.sheet import COUNT, Column, put_table, put_title, set_widths
from report.figures import Figure, told
from report.marks import DOUBT
from report.workbook import Paper, set_paper
from schemas.records.rows import MilestoneRow
from schemas.vocabulary import word

MILESTONES_SHEET = "分期目标"


def _columns(names: Mapping[int, str]) -> list[Column[MilestoneRow]]:
    """Return the columns; ``names`` are the indicators' by serial number."""
    return [
        Column("序号", 6, lambda row: row["serial_no"], COUNT),
        Column("指标", 26, lambda row: names.get(row["serial_no"]), wrapped=True),
        Column("考核对象", 12, lambda row: row["entity"]),
        Column("时段", 10, lambda row: row["period"]),
        Column("分期目标（原文）", 20, lambda row: _doubted(row, row["text"]), wrapped=True),
        Column("读作", 14, lambda row: _doubted(row, _read(row))),
        Column("累计", 7, lambda row: "是" if row["cumulative"] else "否"),
        Column("标注", 9, lambda row: DOUBT if row["needs_review"] else ""),
        Column("原文页码", 9, lambda row: row["page"], COUNT),
    ]


def _doubted(row: MilestoneRow, text: str) -> Figure:
    return told(text, doubt_of(row, None))


def add_milestones(book: Workbook, document: Exported) -> None:
    """Add the sheet of what is to be reached by parts of the year, as printed and as read."""
    sheet = book.create_sheet(MILESTONES_SHEET)
    columns = _columns({row["serial_no"]: row["indicator"] for row in document.indicators})
    rows = sorted(document.rows["milestones"], key=lambda row: row["serial_no"])
    title = f"{document.year}年度目标绩效考核指标分解表：{MILESTONES_SHEET}"
    at = put_title(sheet, len(columns), title, ())
    put_table(sheet, at, columns, rows)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, 1)
    set_paper(sheet, Paper(repeated_row=at, footer=document.document_id))


def _read(row: MilestoneRow) -> str:
    sign = word("operator", row["operator"]) if row["operator"] else ""
    return f"{sign}{show(row['value'])}{row['unit'] or ''}" if row["value"] is not None else ""
