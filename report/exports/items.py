"""Indicators in 得分汇总表: the points of all entities, and for each entity all to appeal with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from report.exports.data import Exported
from report.exports.sheet import (
    COUNT,
    NOTHING,
    POINTS,
    SHARE,
    Column,
    put_table,
    put_title,
    set_widths,
)
from report.figures import Doubt, Figure, Kind, Points, meaning, told
from report.marks import DOUBT, marks, standing, status_word, target_words
from report.rule_words import number
from report.workbook import Paper, set_paper, sheet_title, spread
from schemas.records.forms import SAMPLE_LABEL
from schemas.records.trace import Trace
from schemas.records.traced import TracedPart
from schemas.tables.frames import Row
from schemas.vocabulary import word

ITEMS_SHEET = "指标得分"
_MARKS = Column("标注", 26, lambda row: row["marks"], wrapped=True)


def add_items(book: Workbook, document: Exported, lines: tuple[str, ...]) -> None:
    """Add the sheet of every indicator's points, a column an entity."""
    sheet = book.create_sheet(ITEMS_SHEET)
    named = [
        Column("序号", 6, lambda row: row["serial_no"], COUNT),
        *heading_column(document, 14),
        Column("指标", 26, lambda row: row["indicator"], wrapped=True),
        Column(word("field", "base_points"), 8, lambda row: row["base_points"], "General"),
    ]
    columns = [
        *named,
        *(_points_column(document, entity) for entity in document.entities),
        _MARKS,
    ]
    title = f"{document.year}年度目标绩效考核{ITEMS_SHEET}表"
    rows = [{**row, "marks": _marked(document, row["serial_no"])} for row in document.indicators]
    paper = Paper(large=True, footer=document.document_id)
    paper = spread(paper, [column.width for column in columns], len(named))
    at = put_title(sheet, paper.across(len(columns)), title, lines)
    end = put_table(sheet, at, columns, rows)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, len(named) + 1)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    set_paper(sheet, replace(paper, repeated_row=at))


def heading_column(document: Exported, width: float) -> list[Column]:
    """Return the column of the upper heading, where any is printed."""
    shown = Column(word("field", "level1"), width, lambda row: row["level1"], wrapped=True)
    return [shown] if "level1" in document.levels else []


def _points_column(document: Exported, entity: str) -> Column:
    def value(row: Row) -> Any:
        score = document.scores.get((row["serial_no"], entity))
        if score is None or score["status"] == "not_assessed":
            return word("target_status", "not_assessed")
        said = status_word(score) if score["points"] is None else None
        return Figure(score["points"], document.doubts.of(row["serial_no"], entity), said=said)

    return Column(entity, 11, value, POINTS)


def _marked(document: Exported, serial_no: int) -> str:
    """Return what each entity's points are marked with; how returns stand is counted."""
    found = ((entity, document.marks(serial_no, entity)) for entity in document.entities)
    told = [f"{entity} {'、'.join(own)}" for entity, own in found if own]
    stands = Counter(
        each for entity in document.entities for each in document.standing(serial_no, entity)
    )
    open_ = document.open_direction(serial_no)
    return "；".join([*open_, *told, *(f"{count} 个{each}" for each, count in stands.items())])


def add_details(book: Workbook, document: Exported, entity: str, lines: tuple[str, ...]) -> None:
    """Add the sheet of all indicators of one entity: target, actual, points and how they come."""
    sheet = book.create_sheet(sheet_title(f"{entity}明细", book.sheetnames))
    title = f"{entity}　{document.year}年度目标绩效考核指标明细表"
    columns = _details(document)
    at = put_title(sheet, len(columns), title, lines)
    rows = [
        row for indicator in document.indicators if (row := _detail(document, indicator, entity))
    ]
    end = put_table(sheet, at, columns, rows)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, len(columns) - len(_DETAILS) + 1)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    footer = f"{document.document_id} {entity}"
    set_paper(sheet, Paper(large=True, repeated_row=at, footer=footer))


def _detail(document: Exported, indicator: Row, entity: str) -> Row | None:
    key = (indicator["serial_no"], entity)
    target, score = document.targets.get(key), document.scores.get(key)
    if target is None or score is None:
        return None
    trace = Trace.from_json(score["trace"])
    doubt, found = document.doubts.of(*key), marks(target, score)
    open_ = document.open_direction(indicator["serial_no"])
    own = [*found, *open_, *standing(score)]
    if any(each.actual and each.actual.sample for each in trace.counted()):
        own.append(SAMPLE_LABEL)
    reasons = [f"{mark}：{_reason(mark, target)}" for mark in found]
    return {
        **indicator,
        **_of_score(score, doubt),
        **(_on_top(score) if trace.on_top else {}),
        "target": told(target_words(target, indicator.get("item_kind")), doubt),
        "actual": "；".join(_actual(each, target["target_unit"]) for each in _lines(trace)),
        "light": word("light", score["light"]),
        "state": status_word(score),
        "marks": "、".join(own),
        "reason": "\n".join(filter(None, [trace.words, *reasons])),
        "assessed": target["status"] != "not_assessed",
    }


def _reason(mark: str, target: Row) -> str:
    """Return why what is marked is in doubt."""
    return str(target["review_reason"] if mark == DOUBT else meaning(mark))


def _of_score(score: Row, doubt: Doubt) -> Row:
    points = Points.of({**score, "doubt": doubt})
    return {
        "attainment": Figure(score["attainment"], doubt, Kind.SHARE),
        "share_points": score["share_points"],
        "points": points.given,
        "points_low": points.least,
        "points_high": points.most,
    }


def _on_top(score: Row) -> Row:
    """Return what an item on top of the whole has otherwise: no rate, a cap and no share."""
    share = score["share_points"]
    cap = None if share is None else f"{word('cell', 'cap')} {number(share)}"
    return {"attainment": None, "share_points": cap}


def _lines(trace: Trace) -> tuple[Trace | TracedPart, ...]:
    """Return what has a returned value of its own: the parts where there are any."""
    return trace.parts or (trace,)


def _actual(line: Trace | TracedPart, unit: str | None) -> str:
    """Return what was returned for a line, and what other departments returned differently."""
    own = [each for each in (line.actual, *line.others) if each is not None]
    before = f"（{line.part_no}）" if isinstance(line, TracedPart) else ""
    shown = []
    for each in own:
        if each.value is not None:
            shown.append(f"{number(each.value)}{unit or ''}")
        elif each.awarded_pct is not None:
            shown.append(f"评定 {number(each.awarded_pct)}%")
        else:
            shown.append(each.text or NOTHING)
    return before + (" / ".join(shown) or NOTHING)


def _of(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name] if row["assessed"] else None


def _target(row: Row) -> Any:
    return row["target"] if row["assessed"] else row["state"]


def _details(document: Exported) -> list[Column]:
    return [
        Column("序号", 6, lambda row: row["serial_no"], COUNT),
        *heading_column(document, 13),
        Column("指标", 26, lambda row: row["indicator"], wrapped=True),
        *_DETAILS,
    ]


_DETAILS = (
    Column("目标", 20, _target, wrapped=True),
    Column("实际", 16, _of("actual"), wrapped=True),
    Column("完成率", 9, _of("attainment"), SHARE),
    Column("分值", 8, _of("share_points"), "0.###"),
    Column("得分", 8, _of("points"), POINTS),
    Column("最少可得", 8, _of("points_low"), POINTS),
    Column("最多可得", 8, _of("points_high"), POINTS),
    Column("灯", 7, _of("light")),
    Column("状态", 12, lambda row: row["state"], wrapped=True),
    Column("标注", 14, lambda row: row["marks"], wrapped=True),
    Column("怎么得来", 60, _of("reason"), wrapped=True),
)
