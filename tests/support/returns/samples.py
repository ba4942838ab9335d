"""A small document's lines and cells, by hand."""

from __future__ import annotations

from typing import Any

from extract.office.sheets.number_format import show
from returns.form_lines import document_lines
from schemas.records.forms import DocumentLines, FormLine, ReadBook, ReadCell, ReadSheet

ENTITIES = ("东河区", "南屏县", "高新区")
DEPARTMENTS = ("市统计局", "市商务局", "市经济和信息化局", "市机关事务管理局", "市政务服务管理局")

_TARGETS: tuple[tuple[str, str | None, str, str, float | None, tuple[str, ...]], ...] = (
    ("地区生产总值增长率", "%", "number", "4.3", 4.3, ("市统计局",)),
    ("财政收入", "亿元", "number", "12", 12.0, ("市统计局",)),
    ("城镇化率", "%", "benchmark", "按全省平均水平比较考核", None, ("市统计局",)),
    ("信访工作", None, "judged", "按相关要求贯彻落实", None, ("市商务局",)),
    ("重大事故", None, "zero_tolerance", "不发生事故", 0.0, ("市商务局",)),
    ("中小企业培育", "户", "number", "20", 20.0, ("市经济和信息化局", "市商务局")),
    ("研发经费占比", "%", "number", "0.24", 0.24, ("市机关事务管理局",)),
    ("政务公开", None, "judged", "按相关要求贯彻落实", None, ("市政务服务管理局",)),
)


def targets(document_id: str = "tianhe-2021") -> list[dict[str, Any]]:
    rows = [
        row(document_id, number, entity, *leaf)
        for number, leaf in enumerate(_TARGETS, start=1)
        for entity in ENTITIES
    ]
    compound = row(document_id, 9, "东河区", "脱贫", None, "compound", "1户，完成率100%", None,
                   ("市统计局",))  # fmt: skip
    compound["parts"] = [
        {"text": "1户", "subject": None, "operator": ">=", "value": 1.0, "unit": "户"},
        {"text": "完成率100%", "subject": "完成率", "operator": ">=", "value": 100.0, "unit": "%"},
    ]
    left_out = row(document_id, 9, "南屏县", "脱贫", None, "none", None, None, ("市统计局",))
    return [*rows, compound, left_out | {"status": "not_assessed"}]


def row(document_id: str, number: int, entity: str, *leaf: Any) -> dict[str, Any]:
    """One row of targets; ``leaf`` is name, unit, kind, text, value and departments."""
    name, unit, kind, text, value, departments = leaf
    return {
        "indicator_id": f"{document_id}/{number:03d}", "serial_no": number,
        "level1": "年度重点工作", "level2": "经济发展", "level3": name, "level4": None,
        "indicator": name, "unit": unit,
        "entity": entity, "status": "assessed", "target_text": text, "target_kind": kind,
        "target_value": value, "target_unit": unit, "parts": [],
        "assessing_departments": list(departments), "needs_review": False,
    }  # fmt: skip


def document(document_id: str = "tianhe-2021", **more: Any) -> DocumentLines:
    return DocumentLines(document_id, 2021, document_lines(targets(document_id)), **more)


def line(serial_no: int, entity: str = "东河区", part_no: int = 1) -> FormLine:
    key = (serial_no, entity, part_no)
    return next(each for each in document().lines if each.key == key)


def cell(value: Any, code: str = "General", kind: str | None = None, **more: Any) -> ReadCell:
    kind = kind or ("text" if isinstance(value, str) else "number")
    shown = show(value, code).text if kind == "number" else str(value)
    return ReadCell(1, 1, kind, str(value), shown, code, **more)


HEAD = ("序号", "指标名称", "考核对象", "分项", "分项目标", "计量单位", "实际值", "评定得分(%)",
        "全省数值", "一票否决", "依据")  # fmt: skip


def book(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD, department: str | None = "市统计局",
         document_id: str | None = "tianhe-2021", name: str = "表.xlsx") -> ReadBook:  # fmt: skip
    """A sheet with labels on top, headings in row 3, the rows from row 4."""
    cells = []
    if department:
        cells.append(ReadCell(1, 1, "text", f"填报部门：{department}", f"填报部门：{department}"))
    if document_id:
        cells.append(ReadCell(2, 1, "text", f"文件编号：{document_id}", f"文件编号：{document_id}"))
    for number, values in enumerate((head, *rows), start=3):
        for place, value in enumerate(values, start=1):
            if value is not None:
                kind = "text" if isinstance(value, str) else "number"
                cells.append(ReadCell(number, place, kind, str(value), str(value)))
    return ReadBook(name, "xlsx", "ab" * 32, (ReadSheet("填报表", False, tuple(cells)),))
