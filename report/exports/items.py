"""Indicators in 得分汇总表: the points of all entities, and for each entity all to appeal with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from report.doubts import Score
from report.exports.data import Exported
from report.exports.sheet import (
    COUNT,
    NOTHING,
    POINTS,
    SHARE,
    Column,
    Record,
    put_table,
    put_title,
    set_widths,
)
from report.figures import Figure, Kind, meaning, told
from report.marks import DOUBT, standing, status_word, target_words
from report.rule_words import number
from report.workbook import Paper, set_paper, sheet_title, spread
from schemas.records.forms import SAMPLE_LABEL
from schemas.records.rows import IndicatorRow, TargetRow
from schemas.records.trace import Trace
from schemas.records.traced import TracedPart
from schemas.vocabulary import word

ITEMS_SHEET = "指标得分"


def add_items(book: Workbook, document: Exported, lines: tuple[str, ...]) -> None:
    """Add the sheet of every indicator's points, a column an entity."""
    sheet = book.create_sheet(ITEMS_SHEET)
    named: list[Column[IndicatorRow]] = [
        Column("序号", 6, lambda row: row["serial_no"], COUNT),
        *heading_column(document, 14, lambda row: row["level1"]),
        Column("指标", 26, lambda row: row["indicator"], wrapped=True),
        Column(word("field", "base_points"), 8, lambda row: row["base_points"], "General"),
    ]
    columns = [
        *named,
        *(_points_column(document, entity) for entity in document.entities),
        Column("标注", 26, lambda row: _marked(document, row["serial_no"]), wrapped=True),
    ]
    title = f"{document.year}年度目标绩效考核{ITEMS_SHEET}表"
    paper = Paper(large=True, footer=document.document_id)
    paper = spread(paper, [column.width for column in columns], len(named))
    at = put_title(sheet, paper.across(len(columns)), title, lines)
    end = put_table(sheet, at, columns, document.indicators)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, len(named) + 1)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    set_paper(sheet, replace(paper, repeated_row=at))


def heading_column(
    document: Exported, width: float, level1: Callable[[Record], str | None]
) -> list[Column[Record]]:
    """Return the column of the upper heading, where any is printed."""
    shown = Column(word("field", "level1"), width, level1, wrapped=True)
    return [shown] if "level1" in document.levels else []


def _points_column(document: Exported, entity: str) -> Column[IndicatorRow]:
    def value(row: IndicatorRow) -> Figure | str:
        score = document.scores.get((row["serial_no"], entity))
        if score is None or score.row["status"] == "not_assessed":
            return word("target_status", "not_assessed")
        said = status_word(score.row) if score.row["points"] is None else None
        return Figure(score.row["points"], score.doubt, said=said)

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
    end = put_table(sheet, at, columns, _of_entity(document, entity))
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, len(columns) - len(_DETAILS) + 1)
    sheet.auto_filter.ref = f"A{at}:{get_column_letter(len(columns))}{end - 1}"
    footer = f"{document.document_id} {entity}"
    set_paper(sheet, Paper(large=True, repeated_row=at, footer=footer))


@dataclass(frozen=True, slots=True)
class _Detail:
    """An indicator's target and score of one entity; ``open_direction`` is its mark, if any."""

    indicator: IndicatorRow
    target: TargetRow
    score: Score
    open_direction: tuple[str, ...]

    @property
    def assessed(self) -> bool:
        """Whether the entity is assessed by the indicator."""
        return self.target["status"] != "not_assessed"

    @property
    def printed(self) -> Figure | str:
        """The target as printed; of what is not assessed, that it is not."""
        if not self.assessed:
            return status_word(self.score.row)
        text = target_words(self.target["target_text"], self.indicator.get("item_kind"))
        return told(text, self.score.doubt)

    @property
    def actual(self) -> str:
        """What was returned."""
        unit = self.target["target_unit"]
        return "；".join(_actual(each, unit) for each in _lines(self.score.trace))

    @property
    def attainment(self) -> Figure | None:
        """The rate; none of an item on top of the whole."""
        if self.score.trace.on_top:
            return None
        return Figure(self.score.row["attainment"], self.score.doubt, Kind.SHARE)

    @property
    def share(self) -> float | str | None:
        """The points that can be had; of an item on top of the whole, that they are a cap."""
        share = self.score.row["share_points"]
        if share is None or not self.score.trace.on_top:
            return share
        return f"{word('cell', 'cap')} {number(share)}"

    @property
    def marks(self) -> str:
        """What the points are marked with."""
        own = [*self.score.doubt.marks, *self.open_direction, *standing(self.score.row)]
        if any(each.actual and each.actual.sample for each in self.score.trace.counted()):
            own.append(SAMPLE_LABEL)
        return "、".join(own)

    @property
    def reason(self) -> str:
        """How the points come, and why what is marked is in doubt."""
        doubts = [
            f"{mark}：{self.target['review_reason'] if mark == DOUBT else meaning(mark)}"
            for mark in self.score.doubt.marks
        ]
        return "\n".join(filter(None, [self.score.trace.words, *doubts]))


def _of_entity(document: Exported, entity: str) -> list[_Detail]:
    """Return an entity's indicators that have a target and a score, in printed order."""
    found = (
        (row, document.targets.get(key), document.scores.get(key))
        for row in document.indicators
        for key in [(row["serial_no"], entity)]
    )
    return [
        _Detail(row, target, score, document.open_direction(row["serial_no"]))
        for row, target, score in found
        if target is not None and score is not None
    ]


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


def _if_assessed(value: Callable[[_Detail], object]) -> Callable[[_Detail], object]:
    return lambda each: value(each) if each.assessed else None


def _details(document: Exported) -> list[Column[_Detail]]:
    return [
        Column("序号", 6, lambda each: each.indicator["serial_no"], COUNT),
        *heading_column(document, 13, lambda each: each.indicator["level1"]),
        Column("指标", 26, lambda each: each.indicator["indicator"], wrapped=True),
        *_DETAILS,
    ]


_DETAILS: Sequence[Column[_Detail]] = (
    Column("目标", 20, lambda each: each.printed, wrapped=True),
    Column("实际", 16, _if_assessed(lambda each: each.actual), wrapped=True),
    Column("完成率", 9, _if_assessed(lambda each: each.attainment), SHARE),
    Column("分值", 8, _if_assessed(lambda each: each.share), "0.###"),
    Column("得分", 8, _if_assessed(lambda each: each.score.points.given), POINTS),
    Column("最少可得", 8, _if_assessed(lambda each: each.score.points.least), POINTS),
    Column("最多可得", 8, _if_assessed(lambda each: each.score.points.most), POINTS),
    Column("灯", 7, _if_assessed(lambda each: word("light", each.score.row["light"]))),
    Column("状态", 12, lambda each: status_word(each.score.row), wrapped=True),
    Column("标注", 14, lambda each: each.marks, wrapped=True),
    Column("怎么得来", 60, _if_assessed(lambda each: each.reason), wrapped=True),
)
