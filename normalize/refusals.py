"""Why a document is refused by normalization, in words for a clerk and for the log."""

from __future__ import annotations

from collections.abc import Sequence

from common.fold import clean
from common.refusal import Refusal
from normalize.layout.table_chains import Chain
from normalize.model.doubt import Doubt
from normalize.select.candidates import table_name
from schemas.records.document import Document, Table


def no_indicator_table(
    document: Document, found: Sequence[Chain], set_aside: Sequence[Table] = ()
) -> Refusal:
    """No table of the document has names of indicators and somebody's targets.

    ``set_aside`` holds the tables whose layout is known not to be readable.
    """
    if set_aside:
        return _layout_refused(document, set_aside[0])
    headers = ["、".join(path[-1] for path in c.header.paths if path)[:60] for c in found]
    if not headers:
        headers = [_first_texts(document)]
    listed = "；".join(h for h in headers[:3] if h) or "无可识别的表头"
    return Refusal(
        "no_indicator_table",
        f"{document.source_name}: {len(document.tables)} tables, none is an indicator table "
        f"(names, points, targets of counties). Headers found: {listed}",
        f"文件“{document.source_name}”共有{len(document.tables)}个表格，"
        f"但没有一个是考核指标表（应有指标名称、分值和各县区目标值等栏目）。"
        f"读到的表头：{listed}。请确认是否选错了文件，或表头是否缺失。",
    )


def _first_texts(document: Document) -> str:
    cells = document.tables[0].cells[:12] if document.tables else ()
    return "、".join(clean(cell.text)[:12] for cell in cells if clean(cell.text))[:60]


def _layout_refused(document: Document, table: Table) -> Refusal:
    return Refusal(
        "layout_unknown",
        f"{document.source_name}: table {table.table_no} is laid out in a way that cannot be read.",
        f"文件“{document.source_name}”中{table_name(table)}的版式无法识别"
        "（如考核对象逐行排列、左右并排等，且无法可靠拆分）。"
        "请改为每行一项指标、每个考核对象一栏的表格后重新导入。",
    )


def layout_unknown(table: Table) -> Doubt:
    """Name a table that was left out because its layout cannot be read."""
    return Doubt(
        "layout_unknown",
        f"Table {table.table_no} is laid out in a way that cannot be read; it was left out.",
        f"{table_name(table)}的版式无法识别（如考核对象逐行排列、左右并排等），没有读取。"
        "如其中有本年度目标，请改为每行一项指标、每个考核对象一栏后重新导入。",
    )


def no_entities(column: str, named: Sequence[str] = ()) -> Refusal:
    """The table has one column of targets and nothing says whose they are, or too many names."""
    found = "、".join(named)
    said = "表头、表名和标题中都没有写明考核对象（县、区等）"
    if named:
        said = f"标题中提到多个考核对象（{found}）"
    return Refusal(
        "no_entities",
        f"Nothing says whose the targets under {column} are; the document names "
        f"{f'several entities ({found})' if named else 'no assessed entity'}.",
        f"指标表的目标栏只写作“{column}”，且{said}，无法确定目标值属于谁。"
        "请在表头中写明各考核对象后重新导入。",
    )
