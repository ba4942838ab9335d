"""The sheet of notes of an exported workbook: where it is from, what is assumed, what to doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openpyxl import Workbook

from common.declared import declared
from common.messages import message
from report.exports.data import Exported, RuleUse
from report.exports.sheet import Column, put_table, put_title, set_widths
from report.rule_words import parameters
from report.workbook import Paper, set_paper
from schemas.records.forms import SAMPLE_LABEL
from schemas.vocabulary import word, words

NOTES_SHEET = "说明"

_COLUMNS: Sequence[Column[tuple[str, str]]] = (
    Column("项目", 18, lambda fact: fact[0]),
    Column("内容", 92, lambda fact: fact[1], wrapped=True),
)


def add_notes(book: Workbook, document: Exported, title: str, *, scored: bool) -> None:
    """Add the sheet of notes for a workbook of scores, or of targets."""
    sheet = book.create_sheet(NOTES_SHEET)
    at = put_title(sheet, len(_COLUMNS), f"{title}：{NOTES_SHEET}", ())
    facts = [
        *_source(document),
        *(_of_scores(document) if scored else ()),
        *_doubts(document, scored=scored),
    ]
    of = "scores_notes" if scored else "targets_notes"
    notes = declared(list[list[str]], "report", "sheets", of)
    facts += [(name, text) for name, text in notes]
    if scored:
        facts += [(f"规则：{use.rule.name_zh}", _rule_text(use)) for use in document.rules]
    put_table(sheet, at, _COLUMNS, facts)
    set_widths(sheet, _COLUMNS)
    set_paper(sheet, Paper(landscape=False, repeated_row=at, footer=document.document_id))


def sample_lines(document: Exported) -> tuple[str, ...]:
    """Return the line that says, on every sheet with scores, that figures are made up."""
    if not document.samples:
        return ()
    return (message("report.sample.sheet", label=SAMPLE_LABEL, count=document.samples).zh,)


def _source(document: Exported) -> Iterator[tuple[str, str]]:
    notice = document.notice
    yield "依据", notice["title"] or "（原文未载标题）"
    yield "文号", notice["doc_number"] or "（原文未载文号）"
    yield "发文单位", notice["issuer"] or "（不详）"
    yield "印发日期", str(notice["issued_on"] or "（不详）")
    yield "文件编号", document.document_id
    yield "原文件", f"{notice['source_name']}（SHA-256：{notice['source_sha256']}）"
    yield "入库批次", f"{notice['run_id']}（程序版本 {notice['code_version']}）"


def _of_scores(document: Exported) -> Iterator[tuple[str, str]]:
    yield "截止日期", f"{document.as_of}（当日及以前收到的数据计入）"
    counted = {status: document.status_count(status) for status in words("score_status")}
    assessed = len(document.rows["scores"]) - counted.pop("not_assessed")
    counts = [f"{word('score_status', status)} {count} 项" for status, count in counted.items()]
    yield "计分情况", f"应考核 {assessed} 项（指标×考核对象），{'，'.join(counts)}。"
    used = message("report.sample.notes", count=document.samples).zh
    yield SAMPLE_LABEL, used if document.samples else "没有用到样例数据"
    yield word("missing", "approval"), _unapproved(document)


def _unapproved(document: Exported) -> str:
    """Return how many scores rest on what nobody approved."""
    if not document.unapproved:
        return "计分所用的报送数据都已审核"
    return message("report.unapproved", count=document.unapproved).zh


def _doubts(document: Exported, *, scored: bool) -> Iterator[tuple[str, str]]:
    doubtful = sum(row["needs_review"] for row in document.rows["targets"])
    seen = "" if scored else "，见“待核对”表"
    yield "待核对的目标值", f"{doubtful} 项{seen}" if doubtful else "没有"
    unread = sum(row["status"] == "unreadable" for row in document.rows["targets"])
    yield word("target_status", "unreadable"), f"{unread} 项" if unread else "没有"
    still_open = [row for row in document.rows["findings"] if row["state"] == "open"]
    grave = sum(row["severity"] in {"error", "warning"} for row in still_open)
    yield "读取时的发现", f"未处理 {len(still_open)} 条，其中需要核对 {grave} 条"


def _rule_text(use: RuleUse) -> str:
    rule = use.rule
    return message(
        "report.rule.assumed" if use.assumed else "report.rule.of_notice",
        basis=f"依据：{rule.basis}；" if rule.basis else "",
        parameters="，".join(f"{name} {value}" for name, value in parameters(rule)) or "无",
        version=rule.version,
        since=rule.since,
        uses=use.uses,
    ).zh
