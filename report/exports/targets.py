"""指标分解表: every indicator with a column an entity; headings and shared points are merged."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from common.numbers import same, show
from report.doubts import doubt_of
from report.exports.data import LEVELS, Exported, Level
from report.exports.milestones import add_milestones
from report.exports.notes import add_notes
from report.exports.sheet import (
    BLANK,
    COUNT,
    DOUBT,
    Column,
    put_table,
    put_title,
    save,
    set_widths,
)
from report.figures import Figure, Kind, told
from report.marks import is_doubtful, target_words
from report.workbook import Paper, set_paper, spread
from schemas.records.rows import IndicatorRow, TargetRow
from schemas.vocabulary import word

TARGETS_SHEET = "指标分解"
DOUBTS_SHEET = word("finding_state", "open")
NOT_ASSESSED = word("target_status", "not_assessed")
UNREADABLE = word("missing", "target")

POINTS_HEADING = word("field", "base_points")
_POINTS = "General"
_MANY = 6
_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.([0-9]{1,10}))?")


def write_targets(document: Exported, path: Path) -> Path:
    """Write the targets of a document."""
    title = f"{document.year}年度目标绩效考核指标分解表"
    book = Workbook()
    book.properties.title = title
    _add_targets(book.active, document, title)
    doubts = [row for row in document.rows["targets"] if row["needs_review"]]
    if doubts:
        _add_doubts(book.create_sheet(DOUBTS_SHEET), document, doubts)
    if document.rows["milestones"]:
        add_milestones(book, document)
    add_notes(book, document, title, scored=False)
    return save(book, path, document.day)


def _add_targets(sheet: Worksheet, document: Exported, title: str) -> None:
    sheet.title = TARGETS_SHEET
    indicators = document.indicators
    columns = _columns(document, indicators)
    notice = document.notice["title"] or document.document_id
    named = [column.heading for column in columns]
    first = named.index(POINTS_HEADING) + 1
    paper = Paper(large=len(document.entities) > _MANY, footer=document.document_id)
    paper = spread(paper, [column.width for column in columns], first)
    at = put_title(sheet, paper.across(len(columns)), title, (f"依据：{notice}",))
    put_table(sheet, at, columns, indicators)
    _merge(sheet, at + 1, columns, indicators)
    set_widths(sheet, columns)
    sheet.freeze_panes = sheet.cell(at + 1, first + 1)
    set_paper(sheet, replace(paper, repeated_row=at))


def _columns(document: Exported, indicators: Sequence[IndicatorRow]) -> list[Column[IndicatorRow]]:
    named = all(row["level3"] or row["level4"] for row in indicators)
    return [
        Column("序号", 6, _of("serial_no"), COUNT),
        *_level_columns(indicators),
        *(() if named else (Column("指标", 22, _of("indicator"), wrapped=True),)),
        Column(word("field", "unit"), 9, _of("unit")),
        Column(POINTS_HEADING, 8, _of("base_points"), _POINTS),
        *(_entity_column(document, entity) for entity in document.entities),
        *_further_columns(document, indicators),
    ]


def _level_columns(indicators: Sequence[IndicatorRow]) -> Iterator[Column[IndicatorRow]]:
    """Yield a column for each level that is printed; the upper two are merged over rows."""
    for level, heading in _headings(indicators).items():
        upper = level in {"level1", "level2"}
        yield Column(heading, 12 if upper else 20, _of(level), wrapped=True, at_top=upper)


def _headings(indicators: Sequence[IndicatorRow]) -> dict[Level, str]:
    """Return what the printed levels are called: by their number only where all above are printed.

    The name of an indicator is kept at level 3 whatever stands above it.
    """
    printed = [level for level in LEVELS if any(row[level] for row in indicators)]
    whole = tuple(printed) == LEVELS[: len(printed)]
    names = {level: word("field", level) for level in printed}
    return names if whole else {**names, printed[-1]: word("field", "indicator")}


def _further_columns(
    document: Exported, indicators: Sequence[IndicatorRow]
) -> list[Column[IndicatorRow]]:
    """Return the columns behind those of the entities, where any row has something in them."""
    many = len(document.entities) > _MANY
    every: tuple[Column[IndicatorRow], ...] = (
        Column("标注", 30 if many else 16, lambda row: _in_doubt(document, row), wrapped=True),
        Column(word("field", "item_kind"), 9, _item_kind),
        Column("加减分上限", 8, _of("cap"), _POINTS),
        Column("基数（上年）", 16, lambda row: _bases(document, row), wrapped=True),
        Column("计分办法", 30, lambda row: _methods(document, row), wrapped=True),
        Column(word("field", "definition"), 24, _of("definition"), wrapped=True),
        Column("其他栏目", 20, _notes, wrapped=True),
        Column(
            *("分值例外", 40 if many else 14), lambda row: _exceptions(document, row), wrapped=True
        ),
        _departments_column("assessing_departments", 18),
        _departments_column("supporting_departments", 16),
        Column(word("field", "note"), 16, lambda row: row["note"] or "", wrapped=True),
    )
    return [each for each in every if any(each.value(row) for row in indicators)]


def _in_doubt(document: Exported, row: IndicatorRow) -> str:
    """Say that the direction is open, and whose target may have been read wrongly."""
    found = (document.targets.get((row["serial_no"], entity)) for entity in document.entities)
    told = (f"{each['entity']} {DOUBTS_SHEET}" for each in found if each and is_doubtful(each))
    return "；".join([*document.open_direction(row["serial_no"]), *told])


def _item_kind(row: IndicatorRow) -> str:
    kind = row["item_kind"]
    return "" if kind is None or kind == "scored" else word("item_kind", kind)


def _bases(document: Exported, row: IndicatorRow) -> str:
    """Return what was reached before, as printed: once where it is the same for all."""
    found = {
        entity: target["base_text"]
        for entity in document.entities
        if (target := document.targets.get((row["serial_no"], entity))) and target["base_text"]
    }
    if len(set(found.values())) == 1 and len(found) == len(document.entities):
        return str(next(iter(found.values())))
    return "；".join(f"{entity} {text}" for entity, text in found.items())


def _methods(document: Exported, row: IndicatorRow) -> str:
    """Return the printed methods of an indicator, each with whether it counts."""
    return "\n".join(
        f"{method['text']}（{word('method_status', method['status'])}）"
        for method in document.rows["methods"]
        if method["serial_no"] == row["serial_no"]
    )


def _notes(row: IndicatorRow) -> str:
    return "\n".join(f"{note['header']}：{note['text']}" for note in row["notes"] or ())


def _departments_column(
    name: Literal["assessing_departments", "supporting_departments"], width: float
) -> Column[IndicatorRow]:
    return Column(word("field", name), width, lambda row: "、".join(row[name]), wrapped=True)


def _of(name: str) -> Callable[[Mapping[str, object]], object]:
    def value(row: Mapping[str, object]) -> object:
        return "" if row[name] is None else row[name]

    return value


def _entity_column(document: Exported, entity: str) -> Column[IndicatorRow]:
    def target(row: IndicatorRow) -> TargetRow | None:
        return document.targets.get((row["serial_no"], entity))

    def look(row: IndicatorRow) -> PatternFill | None:
        own = target(row)
        if own is None or own["status"] == "not_assessed":
            return BLANK
        return DOUBT if own["status"] == "unreadable" else None

    return Column(entity, 14, lambda row: _shown(target(row)), look=look)


def _shown(target: TargetRow | None) -> Figure:
    """Return what stands for a target: its number, as printed, where it is nothing else."""
    doubt = doubt_of(target, None)
    value = target["target_value"] if target and target["status"] != "not_assessed" else None
    printed = _PLAIN_NUMBER.fullmatch(target["target_text"] or "") if target else None
    if value is None or printed is None or not same(float(printed.group()), value):
        return told(_text(target), doubt)
    decimals = printed.group(1)
    form = f"0.{'0' * len(decimals)}" if decimals else "0"
    return Figure(value, doubt, Kind.PLAIN, form=form)


def _text(target: TargetRow | None) -> str | None:
    """Return the printed text of a target, or the word for why there is none."""
    if target is None:
        return None
    if target["status"] == "not_assessed":
        return NOT_ASSESSED
    if target["status"] == "unreadable" and not target["target_text"]:
        return UNREADABLE
    kind = target.get("item_kind")
    if target["target_text"] is None and kind is not None and kind != "scored":
        return word("item_kind", kind)
    return target["target_text"]


def _exceptions(document: Exported, row: IndicatorRow) -> str:
    """Return the points that are others than those printed for all, each with its entities."""
    base, found = row["base_points"], dict[str, list[str]]()
    for entity in document.entities:
        target = document.targets.get((row["serial_no"], entity))
        if target is None or target["status"] != "assessed" or target["max_points"] is None:
            continue
        if base is None or not same(target["max_points"], base):
            found.setdefault(show(target["max_points"]), []).append(entity)
    return "；".join(f"{'、'.join(entities)} {points}" for points, entities in found.items())


def _merge(
    sheet: Worksheet,
    first: int,
    columns: Sequence[Column[IndicatorRow]],
    indicators: Sequence[IndicatorRow],
) -> None:
    """Merge equal headings that stand below one another, and points that a group shares."""
    keys: dict[str, Callable[[IndicatorRow], Hashable]] = {
        heading: _heading_key(LEVELS.index(level) + 1)
        for level, heading in _headings(indicators).items()
    }
    keys[POINTS_HEADING] = lambda row: row["weight_group"]
    named = [column.heading for column in columns]
    before_entities = columns[: named.index(POINTS_HEADING) + 1]
    for number, column in enumerate(before_entities, start=1):
        key = keys.get(column.heading)
        if key is None:
            continue
        for start, end in _runs([key(row) for row in indicators]):
            letter = get_column_letter(number)
            sheet.merge_cells(f"{letter}{first + start}:{letter}{first + end}")


def _heading_key(depth: int) -> Callable[[IndicatorRow], Hashable]:
    def key(row: IndicatorRow) -> Hashable:
        names = tuple(row[level] for level in LEVELS[:depth])
        return None if names[-1] is None else names

    return key


def _runs(keys: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Yield first and last place of every run of one and the same key; None never runs."""
    start = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[start]:
            if place - start > 1 and keys[start] is not None:
                yield start, place - 1
            start = place


_DOUBT_COLUMNS: Sequence[Column[TargetRow]] = (
    Column("序号", 6, _of("serial_no"), COUNT),
    Column("指标", 26, _of("indicator"), wrapped=True),
    Column("考核对象", 12, _of("entity")),
    Column(
        "目标值（待核对）",
        24,
        lambda row: told(
            target_words(row["target_text"], row.get("item_kind")), doubt_of(row, None)
        ),
        wrapped=True,
    ),
    Column("原因", 50, lambda row: row["review_reason"] or "", wrapped=True),
    Column("原文页码", 9, lambda row: row["page"], COUNT),
)


def _add_doubts(sheet: Worksheet, document: Exported, doubts: Sequence[TargetRow]) -> None:
    title = f"{document.year}年度目标绩效考核指标分解表：待核对的目标值"
    at = put_title(sheet, len(_DOUBT_COLUMNS), title, ())
    put_table(sheet, at, _DOUBT_COLUMNS, doubts)
    set_widths(sheet, _DOUBT_COLUMNS)
    sheet.freeze_panes = sheet.cell(at + 1, 1)
    set_paper(sheet, Paper(repeated_row=at, footer=document.document_id))
