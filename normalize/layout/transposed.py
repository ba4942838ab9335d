"""Tables with a row an entity and a column an indicator are turned over.

What becomes of the printed rows: header rows become level columns, a row that is called 分值,
单位, 责任单位 or the like becomes such a column, and every other row is an entity's column of
targets. Where each indicator has a column 分值 beside its 目标值, so has each entity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from common.fold import clean, fold
from common.numbers import show
from normalize.columns.words import role_by_name
from normalize.layout.cell_mover import Mover, columns_of, rows_of, with_cells
from normalize.layout.header import matrix
from normalize.model.table import Role
from normalize.text.clean import points_in
from normalize.text.places import is_place
from schemas.records.document import Cell, Table

_LEVELS = {1: ("指标名称",), 2: ("一级指标", "三级指标"), 3: ("一级指标", "二级指标", "三级指标")}
_OF_ROWS = (Role.POINTS, Role.UNIT, Role.ASSESSING, Role.SUPPORTING, Role.METHOD)
_ASIDE = frozenset({"备注", "说明", "备考", "附注", "序号", "编号"})
# What the columns of a list are called; columns of such names hold no indicator each.
_OF_LISTS = re.compile(
    r"指标(?:名称|值)?|考核(?:指标|内容|项目|目标)|[一二三]级指标|目标(?:值|任务)|年度目标"
)
_SUMS = ("合计", "总计", "小计", "平均", "全市")
_Grid = Sequence[Sequence[Cell | None]]
_FEWEST = 2
_MOST_LABELS = 2  # a serial number may stand left of the entities


@dataclass(frozen=True, slots=True)
class Turned:
    """What the rows and columns (0-based) of such a table are.

    ``label`` is the column of the entities, ``names`` are the header rows that become levels,
    ``others`` the rows that become columns of another kind, ``entities`` the entities' rows;
    ``data`` are the columns of indicators, two to an indicator where ``paired``.
    """

    label: int
    names: tuple[int, ...]
    others: tuple[int, ...]
    entities: tuple[int, ...]
    data: tuple[int, ...]
    paired: bool


def is_transposed(table: Table) -> bool:
    """Tell whether entities stand one below the other and none in the header."""
    return _label_column(table, once=False) is not None


def _label_column(table: Table, *, once: bool = True) -> int | None:
    """Return the column (0-based) of the entities; ``once``: where each has one row."""
    grid = matrix(table)
    left = range(min(_MOST_LABELS, table.column_count - _FEWEST))
    return next((column for column in left if _names_entities(grid, column, once=once)), None)


def _names_entities(grid: _Grid, column: int, *, once: bool) -> bool:
    """Tell whether most cells of a column name entities, with a header above that names none."""
    named = {i: fold(cell.text) for i, cell in _cells_down(grid, column) if is_place(cell.text)}
    distinct = len(set(named.values()))
    first, last = min(named, default=0), max(named, default=0)
    if distinct < _FEWEST or first == 0 or (once and distinct < len(named)):
        return False
    down = _cells_down(grid, column)
    printed = [i for i, cell in down if first <= i <= last and clean(cell.text)]
    return 2 * len(named) > len(printed) and not _names_a_place(grid[:first])


def _cells_down(grid: _Grid, column: int) -> Iterator[tuple[int, Cell]]:
    """Yield each row with the cell that covers it in a column."""
    return ((i, cell) for i, row in enumerate(grid) if (cell := row[column]) is not None)


def _names_a_place(rows: _Grid) -> bool:
    return any(is_place(cell.text) for row in rows for cell in row if cell is not None)


def turned(table: Table, mover: Mover) -> Table | None:
    """Return the table in the standard layout, or None where it is not clear what its rows are."""
    plan = _plan(table)
    if plan is None:
        return None
    cells = [*_labels(table, plan, mover), *_body(table, plan, mover)]
    columns = len(plan.names) + len(plan.others) + len(plan.entities) * (1 + plan.paired)
    columns += plan.paired
    rows = 2 + len(plan.data) // (1 + plan.paired)
    if points := _points_in_names(table, plan, columns + 1, mover):
        cells, columns = [*cells, *points], columns + 1
    return with_cells(table, cells, (rows, columns))


def _points_in_names(table: Table, plan: Turned, column: int, mover: Mover) -> list[Cell]:
    """Make a column of the points printed behind every indicator's name, or of none."""
    grid = matrix(table)
    named = [grid[plan.names[-1]][c] for c in plan.data]
    cells = [cell for cell in named if cell is not None and points_in(cell.text) is not None]
    if plan.paired or len(cells) != len(plan.data):
        return []
    made = [Cell(1, column, "分值", row_span=2, page=cells[0].page, box=cells[0].box)]
    for row, cell in enumerate(cells, 3):
        points = show(points_in(cell.text))
        made.append(mover.move(cell, (row,), (column,), points))
    return made


def _plan(table: Table) -> Turned | None:
    """Tell apart the rows of a table with a row an entity; None where it is no such table."""
    label = _label_column(table)
    if label is None:
        return None
    grid = matrix(table)
    first = next(i for i, cell in _cells_down(grid, label) if is_place(cell.text))
    labels = {i: clean(cell.text) for i, cell in _cells_down(grid, label)}
    others = [i for i, text in labels.items() if i and role_by_name(text) in _OF_ROWS]
    names = _heading_rows(grid[:first], others)
    data = _indicator_columns(grid, names, label)
    paired = bool(names) and _is_paired(grid, names[-1], data)
    plan = Turned(
        label,
        names=tuple(names[:-1] if paired else names),
        others=tuple(others),
        entities=tuple(_entity_rows(grid, labels, first, others)),
        data=tuple(data),
        paired=paired,
    )
    return plan if _is_sound(table, plan) else None


def _heading_rows(top: _Grid, others: Sequence[int]) -> list[int]:
    """Return the rows above the entities that name indicators: no title, no other column."""
    return [i for i, row in enumerate(top) if i not in others and not _is_wide(row)]


def _entity_rows(
    grid: _Grid, labels: Mapping[int, str], first: int, others: Sequence[int]
) -> Iterator[int]:
    """Yield the rows of entities: those with a name, neither sums nor headings across."""
    for row in range(first, len(grid)):
        name = labels.get(row, "")
        if name and row not in others and not name.startswith(_SUMS) and not _is_wide(grid[row]):
            yield row


def _indicator_columns(grid: _Grid, names: Sequence[int], label: int) -> list[int]:
    return [c for c in range(label + 1, len(grid[0])) if _column_name(grid, names, c)]


def _column_name(grid: _Grid, names: Sequence[int], column: int) -> str:
    """Return a column's deepest heading; nothing for one that holds no indicator."""
    texts = [clean(cell.text) for i in names if (cell := grid[i][column])]
    name = next((text for text in reversed(texts) if text), "")
    return "" if fold(name) in _ASIDE else name


def _is_paired(grid: _Grid, row: int, data: Sequence[int]) -> bool:
    """Tell whether the last header row reads 分值 and 目标值 in turn under each indicator."""
    roles = [role_by_name(cell.text) if (cell := grid[row][c]) else None for c in data]
    two = {Role.POINTS, Role.TARGET}
    return len(data) % 2 == 0 and all(
        {roles[i], roles[i + 1]} == two and roles[i] == roles[0] for i in range(0, len(data), 2)
    )


def _is_wide(row: Sequence[Cell | None]) -> bool:
    return len({id(cell) for cell in row}) == 1


def _is_sound(table: Table, plan: Turned) -> bool:
    """Tell whether each part is there and no cell reaches from one kind of row into another."""
    return (
        len(plan.names) in _LEVELS
        and min(len(plan.data), len(plan.entities)) >= _FEWEST
        and not _is_list(table, plan)
        and all(_stays(cell, _kinds_of_rows(plan)) for cell in table.cells)
        and not (plan.paired and any(_halves(cell, plan) for cell in table.cells))
    )


def _is_list(table: Table, plan: Turned) -> bool:
    """Tell whether columns are called 指标, 目标值 or the like, as those of a list are."""
    grid = matrix(table)
    called = [fold(_column_name(grid, plan.names, c)) for c in plan.data]
    own = [name for name in called if _OF_LISTS.fullmatch(name) or role_by_name(name) in _OF_ROWS]
    return len(own) >= _FEWEST


def _kinds_of_rows(plan: Turned) -> list[Sequence[int]]:
    """Return the rows that a cell may cover together: header rows, entities, any other alone."""
    header = [*plan.names, plan.names[-1] + 1] if plan.paired else plan.names
    return [header, *([row] for row in plan.others), plan.entities]


def _stays(cell: Cell, kinds: Sequence[Sequence[int]]) -> bool:
    """Tell whether a cell covers rows of one kind only, without a gap."""
    touched = [kind for kind in kinds if set(kind) & set(rows_of(cell))]
    inside = [row for row in rows_of(cell) if touched and row in touched[0]]
    return len(touched) <= 1 and (not inside or len(inside) == inside[-1] - inside[0] + 1)


def _halves(cell: Cell, plan: Turned) -> bool:
    """Tell whether a name covers one column of a pair and not the other."""
    if not {*plan.names, *plan.others} & set(rows_of(cell)):
        return False
    covered = [plan.data.index(c) for c in columns_of(cell) if c in plan.data]
    return bool(covered) and (covered[0] % 2 == 1 or len(covered) % 2 == 1)


def _labels(table: Table, plan: Turned, mover: Mover) -> list[Cell]:
    """Make the header: levels, the names of other rows, and the entities under 目标值."""
    grid = matrix(table)
    corner = grid[plan.names[0]][plan.label] or table.cells[0]
    cells = [
        Cell(1, column, name, row_span=2, page=corner.page, box=corner.box)
        for column, name in enumerate(_LEVELS[len(plan.names)], 1)
    ]
    column = len(plan.names) + 1
    for row in plan.others:
        if (label := grid[row][plan.label]) is not None:
            cells.append(mover.move(label, (1, 2), (column,)))
        column += 1
    if not plan.paired:
        width = len(plan.entities)
        cells.append(Cell(1, column, "目标值", column_span=width, page=corner.page, box=corner.box))
    for row in plan.entities:
        if (label := grid[row][plan.label]) is None:
            continue
        if not plan.paired:
            cells.append(mover.move(label, (2,), (column,)))
            column += 1
            continue
        cells.append(mover.move(label, (1,), (column, column + 1)))
        for step, role in enumerate(_pair_names(grid, plan)):
            cells.append(mover.move(role, (2,), (column + step,)))
        column += 2
    if plan.paired:  # a header names two kinds of column at least
        cells.append(Cell(1, column, "备注", row_span=2, page=corner.page, box=corner.box))
    return cells


def _pair_names(grid: _Grid, plan: Turned) -> list[Cell]:
    last = grid[plan.names[-1] + 1]
    return [cell for c in plan.data[:2] if (cell := last[c]) is not None]


def _body(table: Table, plan: Turned, mover: Mover) -> list[Cell]:
    """Turn the cells over: a printed column becomes a row, of a pair both become one."""
    row_of = {c: 3 + i // (1 + plan.paired) for i, c in enumerate(plan.data)}
    single = {row: i for i, row in enumerate((*plan.names, *plan.others), 1)}
    first = len(single) + 1
    cells = []
    for cell in table.cells:
        rows = sorted({row_of[c] for c in columns_of(cell) if c in row_of})
        if not rows:
            continue
        columns = [single[r] for r in rows_of(cell) if r in single]
        if not columns:
            columns = _target_columns(cell, plan, first)
        if columns:
            cells.append(mover.move(cell, rows, sorted(columns)))
    return cells


def _target_columns(cell: Cell, plan: Turned, first: int) -> list[int]:
    width = 1 + plan.paired
    at = {row: first + i * width for i, row in enumerate(plan.entities)}
    starts = [at[row] for row in rows_of(cell) if row in at]
    if not plan.paired:
        return starts
    steps = {plan.data.index(c) % 2 for c in columns_of(cell) if c in plan.data}
    return [start + step for start in starts for step in sorted(steps)]
