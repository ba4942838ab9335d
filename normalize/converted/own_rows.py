"""Rows of converted text that say nothing of a target: headings with their points, totals.

They begin with an ordinal such as 一、, are called 合计 or by a kind of items (加分项); beside the
name stand at most a number, points and a department.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from common.fold import clean, fold
from normalize.columns.scores import looks_like_name, looks_like_points
from normalize.converted.costs import DEPARTMENTS, ColumnPlan, is_number
from normalize.converted.resolved import ResolvedCell, ResolvedRow
from normalize.converted.row_prior import Row
from normalize.model.table import Role
from normalize.points.kinds import kind_in_cell, kind_in_name
from normalize.points.sorting import is_total_name
from normalize.text.clean import strip_ordinal, without_points
from normalize.text.departments import looks_like_departments

_ORDINAL = re.compile(r"[(（]?[一二三四五六七八九十]{1,3}[)）]?[、.．]?")
_LED = re.compile(
    r"^(?:第?[一二三四五六七八九十]{1,3}[、．.部章]|[（(][一二三四五六七八九十]{1,3}[)）])"
)


def own_row(plan: ColumnPlan, row: Row) -> dict[int, int] | None:
    """Return the column of each printed text of such a row, None where the row is another."""
    placed = _placed(row.texts)
    if placed is None or not _begins_something(row.texts, placed):
        return None
    columns = {_column(plan, role, index): index for role, index in placed.items()}
    return None if -1 in columns else columns


def _placed(texts: Sequence[str]) -> dict[Role, int] | None:
    """Return which text is the row's number, name, points and department; None for other rows."""
    placed: dict[Role, int] = {}
    for index, text in enumerate(texts):
        role = _role(text, placed) if text else None
        if text and (role is None or role in placed):
            return None
        if role is not None:
            placed[role] = index
    return placed if Role.LEVEL in placed and len(placed) > 1 else None


def _role(text: str, placed: Mapping[Role, int]) -> Role | None:
    """Return what the next text of such a row is; None where it can be nothing."""
    bare = clean(text)
    if not placed and (_ORDINAL.fullmatch(bare) or bare.isdecimal()):
        return Role.SERIAL
    if Role.LEVEL not in placed:
        named = looks_like_name(bare) >= 0.5 or is_total_name(fold(bare))
        return Role.LEVEL if named and not is_number(bare) else None
    if looks_like_departments(bare) >= 0.9:
        return Role.ASSESSING
    return Role.POINTS if looks_like_points(bare) >= 0.5 or kind_in_cell(bare) else None


def _begins_something(texts: Sequence[str], placed: Mapping[Role, int]) -> bool:
    """Tell whether the ordinal or the name says that the row is no indicator."""
    called = clean(texts[placed[Role.LEVEL]])
    serial = placed.get(Role.SERIAL)
    if serial is not None and _ORDINAL.fullmatch(clean(texts[serial])):
        return True
    kind = kind_in_name(strip_ordinal(without_points(called)))
    return bool(_LED.match(called)) or is_total_name(fold(called)) or kind is not None


def _column(plan: ColumnPlan, role: Role, index: int) -> int:
    """Return the column of a text: where it stands, if of its kind, else the first such; or -1."""
    roles = DEPARTMENTS if role is Role.ASSESSING else (role,)
    fitting = [c for c in range(len(plan.columns)) if plan.role(c) in roles]
    return index if index in fitting else next(iter(fitting), -1)


def cells_of_own_row(
    plan: ColumnPlan, row: Row, placed: Mapping[int, int], number: int
) -> ResolvedRow:
    """Return what each column of such a row holds: its texts, and blanks of its own."""
    cells = []
    for column in range(len(plan.columns)):
        printed = row.cells[placed[column]] if column in placed else None
        text = printed.text if printed is not None else ""
        sources = (printed,) if printed is not None else ()
        cells.append(ResolvedCell(text, ((-2, number, column),), sources))
    return tuple(cells)
