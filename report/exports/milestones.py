"""The sheet of targets for parts of the year in 指标分解表."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl import Workbook

from common.numbers import show
from report.doubts import doubt_of
from report.exports.data import Exported
from report.exports.sheet import COUNT, Column, put_table, put_title, set_widths
from report.figures import Figure, told
from report.marks import DOUBT
from report.workbook import Paper, set_paper
from schemas.tables.frames import Row
from schemas.vocabulary import word

MILESTONES_SHEET = "分期目标"


def _of(name: str) -> Callable[[Row], Figure]:
    return lambda row: told(row[name], doubt_of(row, None))


_COLUMNS = (
    Column("序号", 6, lambda row: row["serial_no"], COUNT),
    Column("指标", 26, lambda row: row["indicator"], wrapped=True),
    Column("考核对象", 12, lambda row: row["entity"]),
    Column("时段", 10, lambda row: row["period"]),
    Column("分期目标（原文）", 20, _of("text"), wrapped=True),
    Column("读作", 14, _of("read")),
    Column("累计", 7, lambda row: "是" if row["cumulative"] else "否"),
    Column("标注", 9, lambda row: DOUBT if row["needs_review"] else ""),
    Column("原文页码", 9, lambda row: row["page"], COUNT),
)


def add_milestones(book: Workbook, document: Exported) -> None:
    """Add the sheet of what is to be reached by parts of the year, as printed and as read."""
    sheet = book.create_sheet(MILESTONES_SHEET)
    names = {row["serial_no"]: row["indicator"] for row in document.indicators}
    rows = [
        {**row, "indicator": names.get(row["serial_no"]), "read": _read(row)}
        for row in sorted(document.rows["milestones"], key=lambda row: row["serial_no"])
    ]
    title = f"{document.year}年度目标绩效考核指标分解表：{MILESTONES_SHEET}"
    at = put_title(sheet, len(_COLUMNS), title, ())
    put_table(sheet, at, _COLUMNS, rows)
    set_widths(sheet, _COLUMNS)
    sheet.freeze_panes = sheet.cell(at + 1, 1)
    set_paper(sheet, Paper(repeated_row=at, footer=document.document_id))


def _read(row: Row) -> str:
    sign = word("operator", row["operator"]) if row["operator"] else ""
    return f"{sign}{show(row['value'])}{row['unit'] or ''}" if row["value"] is not None else ""
