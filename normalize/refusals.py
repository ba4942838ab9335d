"""Why a document is refused by normalization, in words for a clerk and for the log."""

from __future__ import annotations

from collections.abc import Sequence

from normalize.chains import Chain
from normalize.text import clean
from schemas.document import Document
from schemas.errors import Refusal


def no_indicator_table(document: Document, found: Sequence[Chain]) -> Refusal:
    """No table of the document has names of indicators and somebody's targets."""
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


def no_entities(column: str) -> Refusal:
    """The table has one column of targets and nothing says whose they are."""
    return Refusal(
        "no_entities",
        f"The table has one target column ({column}) and names no assessed entity.",
        f"指标表只有一栏“{column}”，且表头、表名和标题中都没有写明考核对象（县、区等）。"
        "请在表头中写明各考核对象后重新导入。",
    )


def no_year() -> Refusal:
    """Neither the document nor its sidecar says which year it is for."""
    return Refusal(
        "no_year",
        "Neither the document nor source.toml says which year the targets are for.",
        "文件中没有写明考核年度（如“2020年度”），source.toml 中也没有。"
        "请用 --year 指定年度，例如 --year 2020。",
    )
