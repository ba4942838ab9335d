"""A table without a column of targets: what it asks for in words stands in their place.

Of 考核项目 | 分值 | 考核内容 | 评分标准 the requirement (考核内容) is each entity's target, to be
judged; for want of one the standard (评分标准) is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from common.declared import declared_list
from common.fold import clean, fold
from normalize.model.doubt import Doubt
from normalize.model.table import Column, LogicalTable, Role

_SENTENCE = re.compile(r"[，。；：,;]|[得扣加]\s*\d")
_LONG = 14  # characters from which a text is more than a name
_MOSTLY = 0.5
#: Columns that may hold what is asked for; a level only where others name the rows.
_WORDED = (Role.METHOD, Role.NOTE, Role.UNKNOWN, Role.DEFINITION, Role.LEVEL)


def with_requirement(table: LogicalTable) -> LogicalTable:
    """Return the table with the column of requirements as its target; unchanged without one.

    Only a table that has points, no targets, and rows with names is looked at; and one whose only
    column of targets is called by what is asked for in words.
    """
    roles = {column.role for column in table.columns}
    if Role.POINTS not in roles or Role.LEVEL not in roles:
        return table
    chosen = _chosen(table)
    if chosen is None:
        return table
    stands_in = replace(
        chosen, role=Role.TARGET, requirement=True, unit=None, doubts=_doubts(chosen, table)
    )
    columns = tuple(stands_in if column is chosen else column for column in table.columns)
    return replace(table, columns=columns)


def _chosen(table: LogicalTable) -> Column | None:
    targets = list(table.columns_of(Role.TARGET))
    if not targets:
        return next(_requirements(table), None)
    return targets[0] if len(targets) == 1 and _is_called(targets[0], "asked") else None


def _doubts(column: Column, table: LogicalTable) -> tuple[Doubt, ...]:
    """Return what is doubtful of a column that stands in; its name and place may say enough."""
    called = _is_called(column, "asked", "standards")
    return () if called and _is_beside(column, table) else column.doubts


def _requirements(table: LogicalTable) -> Iterator[Column]:
    """Yield the columns that may stand in, the best first."""
    free = [column for column in table.columns if _may_stand_in(column, table)]
    asked = [column for column in free if _is_called(column, "asked", "tasks")]
    yield from (column for column in asked if _is_beside(column, table))
    yield from (column for column in free if _is_called(column, "standards"))
    yield from (column for column in reversed(free) if _is_worded(column, table))


def _may_stand_in(column: Column, table: LogicalTable) -> bool:
    levels = list(table.columns_of(Role.LEVEL))
    others = {level.name for level in levels} - {column.name}
    return column.role in _WORDED and (column.role is not Role.LEVEL or bool(others))


def _is_beside(column: Column, table: LogicalTable) -> bool:
    """Tell whether a column says more than the rows' names: behind the points, or in sentences."""
    points = max(each.index for each in table.columns_of(Role.POINTS))
    named = column.role not in (Role.LEVEL, Role.TARGET)
    return named or column.index > points or _is_worded(column, table)


def _is_called(column: Column, *kinds: str) -> bool:
    name = re.sub(r"\([^()]*\)", "", fold(column.name))
    return any(
        re.fullmatch(form, name)
        for kind in kinds
        for form in declared_list("normalize", "requirements", kind)
    )


def _is_worded(column: Column, table: LogicalTable) -> bool:
    """Tell whether most texts of a column are sentences, not names."""
    texts = _texts(column, table)
    worded = sum(bool(_SENTENCE.search(text)) or len(text) >= _LONG for text in texts)
    return bool(texts) and worded > _MOSTLY * len(texts)


def _texts(column: Column, table: LogicalTable) -> Sequence[str]:
    held = (cell for cell in table.cells if cell.column0 <= column.index < cell.column1)
    return [text for cell in held if (text := clean(cell.text))]
