"""What is printed beside an indicator's targets: notes, definition, base figures, milestones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from common.fold import clean, fold
from normalize.findings.ledger import doubts_of
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.rows import Leaf
from normalize.records.model import Record, TableContext, text_of
from normalize.targets.model import TypedTarget
from normalize.targets.reader import read_target
from normalize.targets.wording import base_beside
from normalize.text.clean import not_assessed
from schemas.records.notice import Milestone, Note
from schemas.vocabulary import Severity, TargetKind, TargetStatus

_NOTED = (Role.NOTE, Role.UNKNOWN, Role.DIRECTION)
_YEAR = re.compile(r"(?:19|20)\d\d")
#: Headers that say themselves whether a period counts from the beginning of the year.
_FROM_THE_BEGINNING = re.compile(
    r"累计|序时|[末底止]|上半年|前[一二三1-3]个?季度|(?<!\d)1\s*[-—–~～至到]\s*\d+月?|全年"
)
_ALONE = re.compile(
    r"下半年|当季|单季|当月|单月|(?<!\d)(?:[2-9]|1[0-2])月?份?\s*[-—–~～至到]\s*\d+月"
)
_SAME = 0.005  # share of the year's target by which a sum of periods may miss it


@dataclass(frozen=True, slots=True)
class Base:
    """What was reached before: as printed, as a number in ``unit``, and the header it has."""

    text: str | None = None
    value: float | None = None
    unit: str | None = None
    label: str | None = None


NO_BASE = Base()


def notes_of(leaf: Leaf, table: LogicalTable) -> tuple[Note, ...]:
    """Return what stands in the row under headers without a column of their own.

    Of several base figures only the latest has one. Under a mark stands the note that it leads to.
    """
    told = {column.index for column in _latest_bases(table)}
    held = [
        column
        for column in table.columns
        if column.role in _NOTED or (column.role is Role.BASE and column.index not in told)
    ]
    texts = [(column.name, clean(text_of(leaf, column))) for column in held]
    noted = [Note(name, text) for name, text in texts if text]
    return (*noted, *_footnotes(leaf))


def _footnotes(leaf: Leaf) -> tuple[Note, ...]:
    cells = (cell for held in leaf.cells.values() for cell in held)
    marks = (mark for cell in cells for mark in cell.marks())
    return tuple(dict.fromkeys(Note(mark.sign, mark.note) for mark in marks if mark.note))


def definition_of(leaf: Leaf, table: LogicalTable) -> str | None:
    """Return what the indicator means; of several explanations each with its header."""
    columns = table.columns_of(Role.DEFINITION)
    texts = [(column.name, clean(text_of(leaf, column))) for column in columns]
    held = [(name, text) for name, text in texts if text]
    if len(held) == 1:
        return held[0][1]
    return "；".join(f"{name}：{text}" for name, text in held) or None


def _latest_bases(table: LogicalTable) -> Sequence[Column]:
    """Return each entity's column of base figures: of several that of the latest year."""
    latest: dict[str | None, Column] = {}
    for column in table.columns_of(Role.BASE):
        known = latest.get(column.entity)
        if known is None or _year(column) > _year(known):
            latest[column.entity] = column
    return tuple(latest.values())


def _year(column: Column) -> int:
    return max(map(int, _YEAR.findall(column.name)), default=0)


def base_column(entity: str, table: LogicalTable) -> Column | None:
    """Return the column of what an entity reached before: its own, or the one that all share."""
    columns = {column.entity: column for column in _latest_bases(table)}
    return columns.get(entity, columns.get(None))


def base_of(record: Record, entity: str, table: LogicalTable, decided: str | None = None) -> Base:
    """Return what the entity reached before, from its own column or the one that all share.

    Without a column, what stands in brackets behind the target (不低于上年（41.2%）). ``decided``
    is what a person says that it is, which may be printed nowhere.
    """
    column = base_column(entity, table)
    printed = clean(text_of(record.leaf, column)) if column else ""
    if not printed and record.targets[entity].typed.kind is TargetKind.PREVIOUS_VALUE:
        printed = base_beside(clean(record.targets[entity].text)) or ""
    text = printed if decided is None else clean(decided)
    if not text or not_assessed(text):
        return NO_BASE
    typed = read_target(text, record.targets[entity].context)
    label = column.name if column else None
    return Base(text, typed.value, typed.unit if typed.value is not None else None, label)


def milestones_of(records: Sequence[Record], context: TableContext) -> Iterator[Milestone]:
    """Yield what is to be reached by parts of the year. Grain: indicator, entity and period."""
    columns = [column for column in context.table.columns if column.period is not None]
    for record in records if columns else ():
        for entity, target in record.targets.items():
            if target.status != TargetStatus.NOT_ASSESSED:
                own = [column for column in columns if _owner(column) in (entity, None)]
                yield from _of_entity(record, entity, own)


def _owner(column: Column) -> str | None:
    """Return whose a period's column is; that of the year's last is the target itself."""
    return column.name if column.role is Role.TARGET else column.entity


def _last_of_each(columns: Sequence[Column]) -> list[Column]:
    return list({column.period: column for column in columns}.values())


def _of_entity(record: Record, entity: str, columns: Sequence[Column]) -> Iterator[Milestone]:
    """Yield an entity's milestones; of several for a period the last, in doubt."""
    several = Counter(column.period for column in columns)
    printed = list(_printed(record, entity, _last_of_each(columns)))
    from_beginning = _are_cumulative([one.typed for one in printed], record.targets[entity].typed)
    for one in printed:
        said = _says(one.column)
        cumulative = from_beginning if said is None else said
        source = one.cell.sources[0] if one.cell.sources else None
        doubtful = several[one.column.period] > 1 or _is_doubtful(one.cell, one.typed)
        yield Milestone(
            serial_no=record.indicator.serial_no,
            entity=entity,
            period=one.column.period or "",
            text=one.text,
            operator=one.typed.operator,
            value=one.typed.value,
            unit=one.typed.unit,
            cumulative=cumulative is not False,
            needs_review=cumulative is None or doubtful,
            page=source.page if source else None,
            box=source.box if source else None,
            cell=source.key if source else None,
        )


def _printed(record: Record, entity: str, columns: Sequence[Column]) -> Iterator[_Printed]:
    found = (_read(record, entity, column) for column in columns)
    yield from (one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class _Printed:
    column: Column
    cell: LogicalCell
    text: str
    typed: TypedTarget


def _read(record: Record, entity: str, column: Column) -> _Printed | None:
    text, cell = clean(text_of(record.leaf, column)), record.leaf.at(column)
    if cell is None or not text or not_assessed(text):
        return None
    return _Printed(column, cell, text, read_target(text, record.targets[entity].context))


def _says(column: Column) -> bool | None:
    """Return whether a header says that its period counts from the beginning of the year."""
    if _ALONE.search(fold(column.name)):
        return False
    return True if _FROM_THE_BEGINNING.search(fold(column.name)) else None


def _are_cumulative(periods: Sequence[TypedTarget], year: TypedTarget) -> bool | None:
    """Tell by the numbers whether periods count from the beginning; None where they do not say.

    Those that reach the year's target do, and those that would sum up to more; those that sum up
    to it do not. Shares of a target in another unit grow to the whole. Words count by themselves.
    """
    numbers = [each.value for each in periods if each.value is not None]
    grows = all(one <= other for one, other in pairwise(numbers))
    if not numbers or (grows and _are_shares(periods, year)):
        return True
    if year.value is None:
        return None
    if numbers[-1] == year.value:
        return True
    if _same(sum(numbers), year.value):
        return False
    return True if grows and sum(numbers) > year.value else None


def _are_shares(periods: Sequence[TypedTarget], year: TypedTarget) -> bool:
    return {each.unit for each in periods} == {"%"} and year.unit != "%"


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME * abs(other)


def _is_doubtful(cell: LogicalCell, typed: TypedTarget) -> bool:
    found = (*doubts_of(cell), *typed.doubts)
    return any(doubt.severity in (Severity.ERROR, Severity.WARNING) for doubt in found)
