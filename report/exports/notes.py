"""The sheet of notes of an exported workbook: where it is from, what is assumed, what to doubt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl import Workbook

from report.exports.data import Exported, RuleUse
from report.exports.sheet import Column, Paper, put_table, put_title, set_paper, set_widths
from schemas.records.forms import SAMPLE_LABEL
from schemas.vocabulary import word, words

NOTES_SHEET = "说明"

#: What the rules' parameters are called.
_PARAMETERS = {
    "cap": "上限",
    "floor": "下限",
    "tolerance": "容差",
    "one_sided": "只限一侧",
    "base": "基准完成率",
    "slope": "每单位增减",
    "step": "每名次递减",
    "bands": "分档",
    "by": "分档依据",
    "satisfactory": "满意值",
    "unacceptable": "不允许值",
    "points_per_event": "每起扣分",
    "out_of": "满分",
}
_COLUMNS = (
    Column("项目", 18, lambda row: row["name"]),
    Column("内容", 92, lambda row: row["text"], wrapped=True),
)
_MEANING = (
    ("得分", "已计分指标的得分之和。未报送的指标不计入得分，只计入得分区间。"),
    ("得分区间", "按尚未确定的内容（未报送的数据、待核对的目标值）最少和最多可得的分数。"),
    ("百分制得分", "得分 ÷ 满分 × 100；名次按此值在同一分组内排列，相同的并列。"),
    ("名次区间", "按得分区间计算，最好和最差可能排到的名次。"),
    ("已报送比例", "已收到数据的指标所占分值与满分之比。"),
)
_TARGET_MEANING = (
    ("目标值", "按原文印刷的文字，只清理空白和形近字；原文合并的目标在各考核对象重复列出。"),
    ("分值", "原文为一组指标共用的分值在表中合并为一格，只计一次。"),
    ("分值例外", "与表中分值不同的考核对象及其分值。"),
    ("黄色单元格", "可能有误、待核对的目标值，原因见“待核对”表。"),
)


def add_notes(book: Workbook, told: Exported, title: str, *, scored: bool) -> None:
    """Add the sheet of notes for a workbook of scores, or of targets."""
    sheet = book.create_sheet(NOTES_SHEET)
    at = put_title(sheet, len(_COLUMNS), f"{title}：{NOTES_SHEET}", ())
    facts = [*_source(told), *(_of_scores(told) if scored else ()), *_doubts(told, scored=scored)]
    facts += _MEANING if scored else _TARGET_MEANING
    if scored:
        facts += [(f"规则：{use.name_zh}", _rule_text(use)) for use in told.rules]
    put_table(sheet, at, _COLUMNS, [{"name": name, "text": text} for name, text in facts])
    set_widths(sheet, _COLUMNS)
    set_paper(sheet, Paper(landscape=False, repeated_row=at, footer=told.document_id))


def sample_lines(told: Exported) -> tuple[str, ...]:
    """Return the line that says, on every sheet with scores, that figures are made up."""
    if not told.samples:
        return ()
    return (
        f"【{SAMPLE_LABEL}，仅供演示】本表有 {told.samples} 项得分依据样例数据，不是真实数据。",
    )


def _source(told: Exported) -> Iterator[tuple[str, str]]:
    notice = told.notice
    yield "依据", notice["title"] or "（原文未载标题）"
    yield "文号", notice["doc_number"] or "（原文未载文号）"
    yield "发文单位", notice["issuer"] or "（不详）"
    yield "印发日期", str(notice["issued_on"] or "（不详）")
    yield "文件编号", told.document_id
    yield "原文件", f"{notice['source_name']}（SHA-256：{notice['source_sha256']}）"
    yield "入库批次", f"{notice['run_id']}（程序版本 {notice['code_version']}）"


def _of_scores(told: Exported) -> Iterator[tuple[str, str]]:
    yield "截止日期", f"{told.as_of}（当日及以前收到的数据计入）"
    counted = {status: told.status_count(status) for status in words("score_status")}
    assessed = len(told.rows["scores"]) - counted.pop("not_assessed")
    counts = [f"{word('score_status', status)} {count} 项" for status, count in counted.items()]
    yield "计分情况", f"应考核 {assessed} 项（指标×考核对象），{'，'.join(counts)}。"
    yield (
        SAMPLE_LABEL,
        f"有 {told.samples} 项用到样例数据，不是真实数据，不得用于考核。"
        if told.samples
        else "没有用到样例数据",
    )


def _doubts(told: Exported, *, scored: bool) -> Iterator[tuple[str, str]]:
    doubtful = sum(row["needs_review"] for row in told.rows["targets"])
    seen = "" if scored else "，见“待核对”表"
    yield "待核对的目标值", f"{doubtful} 项{seen}" if doubtful else "没有"
    unread = sum(row["status"] == "unreadable" for row in told.rows["targets"])
    yield word("target_status", "unreadable"), f"{unread} 项" if unread else "没有"
    still_open = [row for row in told.rows["findings"] if row["state"] == "open"]
    grave = sum(row["severity"] in {"error", "warning"} for row in still_open)
    yield "读取时的发现", f"未处理 {len(still_open)} 条，其中需要核对 {grave} 条"


def _rule_text(use: RuleUse) -> str:
    origin = "通用规则（假定：通知未载明计分办法）" if use.assumed else "该通知规定的规则"
    basis = f"依据：{use.basis}；" if use.basis else ""
    return (
        f"{origin}；{basis}参数：{_parameters(use.parameters)}；"
        f"规则版本 {use.version}，自 {use.since} 起；用于 {use.uses} 项。"
    )


def _parameters(parameters: Mapping[str, Any]) -> str:
    told = [f"{_PARAMETERS.get(name, name)} {_value(value)}" for name, value in parameters.items()]
    return "，".join(told) or "无"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
