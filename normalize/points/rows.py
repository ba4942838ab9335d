"""The rows of a logical table: leaf indicators under their headings, totals, notes.

A row is a leaf unless it is a heading across the table, a printed total or a note. A name that
covers several rows of the grid is one leaf: the rows under it are lines of its cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from common.fold import clean, fold
from normalize.model.doubt import doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.cell import plain_points
from normalize.points.outline import OutlineRow, outline_of
from normalize.text.clean import strip_ordinal, without_points

_TOTAL = re.compile(
    r"^(合计|总计|小计|总分|分值合计|合计分值|合计得分|共计|总分值)(\(.*\))?[:：]?$"
)
_SUBTOTAL = re.compile(
    r"^(?:合计|.*小计|(?:本|该|此|以上|上述|分).{0,6}(?:合计|共计|总计|总分))(?:\(.*\))?[:：]?$"
)
_NOTE = re.compile(r"^[（(\[【]?(注|备注|说明|附注|※|\*)\d*[:：.、\])）】]?")
_BESIDE_HEADINGS = (Role.SERIAL, Role.POINTS, Role.NOTE)
_ORDINAL_STYLES = (
    re.compile(r"^第[一二三四五六七八九十\d]+[编章部篇]"),
    re.compile(r"^[一二三四五六七八九十]+[、.．]"),
    re.compile(r"^[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"^\d+[、.．](?!\d)"),
    re.compile(r"^\d+[.．]\d+(?![.．]?\d)"),
    re.compile(r"^\d+[.．]\d+[.．]\d+"),
    re.compile(r"^[（(]\d+[）)]"),
    re.compile(r"^[①-⑳]"),
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf indicator: grid rows ``row0`` to ``row1`` and, per column, its distinct cells.

    ``headings`` are the full-width headings it stands under, outermost first.
    """

    row0: int
    row1: int
    headings: tuple[LogicalCell, ...]
    cells: dict[int, tuple[LogicalCell, ...]]

    def at(self, column: Column) -> LogicalCell | None:
        """Return the first cell of a column."""
        cells = self.cells.get(column.index, ())
        return cells[0] if cells else None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that stands in a row of its own, with its ordinal and points beside it."""

    cell: LogicalCell
    beside: tuple[LogicalCell, ...]
    points: LogicalCell | None
    style: int | None


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows of a table, sorted by what they are."""

    leaves: tuple[Leaf, ...]
    totals: tuple[dict[int, LogicalCell], ...]
    notes: tuple[LogicalCell, ...]
    headings: tuple[Heading, ...]


class _Kind(StrEnum):
    NOTE = "note"
    TOTAL = "total"
    HEADING = "heading"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed row: its grid rows, its cells by column, and what it is."""

    row0: int
    row1: int
    cells: dict[int, LogicalCell]
    kind: _Kind
    lone: LogicalCell | None = None


def read_rows(table: LogicalTable) -> Rows:
    """Sort a table's rows into leaves under headings, totals and notes."""
    grid = _rows_of(table)
    rows = list(_sorted_rows(table, grid))
    headings, unsure = _headings(rows, table)
    stack = _HeadingStack()
    leaves: list[Leaf] = []
    for number, row in enumerate(rows):
        if number in headings:
            stack.push(headings[number])
        elif row.kind is _Kind.ITEM:
            lines = range(row.row0, row.row1)
            cells = {c: _distinct(grid[r].get(c) for r in lines) for c in row.cells}
            cells = _doubted(cells, unsure.get(number))
            leaves.append(_under_headings(row, cells, stack.current(), table))
    return Rows(
        tuple(leaves),
        tuple(row.cells for row in rows if row.kind is _Kind.TOTAL),
        tuple(row.lone for row in rows if row.kind is _Kind.NOTE and row.lone is not None),
        tuple(headings.values()),
    )


def _sorted_rows(table: LogicalTable, grid: Sequence[dict[int, LogicalCell]]) -> Iterator[_Row]:
    """Yield the rows that hold any text, each with what it is by itself."""
    notes: list[LogicalCell] = []
    for row0, row1 in _leaf_ranges(table, grid):
        row = grid[row0]
        lone = _lone_text(row, table)
        if lone is not None and (_is_note(lone) or _continues(notes, lone, row0)):
            notes.append(lone)
            yield _Row(row0, row1, row, _Kind.NOTE, lone)
        elif _is_total(row, table):
            yield _Row(row0, row1, row, _Kind.TOTAL)
        elif lone is not None:
            yield _Row(row0, row1, row, _Kind.HEADING, lone)
        elif any(clean(cell.text) for cell in row.values()):
            yield _Row(row0, row1, row, _Kind.ITEM)


def _headings(
    rows: Sequence[_Row], table: LogicalTable
) -> tuple[dict[int, Heading], dict[int, LogicalCell]]:
    """Return the rows that are headings, by number: alone in their row, or over those below.

    Beside them the names of the rows that may be headings, and are read as items.
    """
    shown = [i for i, row in enumerate(rows) if row.kind in (_Kind.HEADING, _Kind.ITEM)]
    outline = outline_of([_outline_row(rows[i], table) for i in shown])
    found: dict[int, Heading] = {}
    unsure: dict[int, LogicalCell] = {}
    for place, i in enumerate(shown):
        name = rows[i].lone or _name_of(rows[i], table)
        if name is None:
            continue
        if rows[i].lone is not None or place in outline.headings:
            sure = place not in outline.unsure
            found[i] = _heading(name if sure else _by_sum(name), rows[i], table)
        elif place in outline.open:
            unsure[i] = name
    return found, unsure


def _by_sum(cell: LogicalCell) -> LogicalCell:
    found = doubt("heading_by_sum", text=clean(cell.text))
    return replace(cell, doubts=(*cell.doubts, found))


def _doubted(
    cells: dict[int, tuple[LogicalCell, ...]], name: LogicalCell | None
) -> dict[int, tuple[LogicalCell, ...]]:
    """Return a row's cells; its name is doubted where it may be that of a heading."""
    if name is None:
        return cells
    found = doubt("heading_or_item", text=clean(name.text))
    better = replace(name, doubts=(*name.doubts, found))
    return {c: tuple(better if e is name else e for e in held) for c, held in cells.items()}


def _heading(cell: LogicalCell, row: _Row, table: LogicalTable) -> Heading:
    held = {c.role: row.cells[c.index] for c in table.columns if c.index in row.cells}
    aside = [held[role] for role in (Role.SERIAL, Role.POINTS) if role in held]
    points = held.get(Role.POINTS)
    beside = tuple(each for each in aside if each is not cell)
    return Heading(cell, beside, None if points is cell else points, _style(row, cell, table))


def _outline_row(row: _Row, table: LogicalTable) -> OutlineRow:
    name = _name_of(row, table)
    targets = [row.cells[c.index] for c in table.columns_of(Role.TARGET) if c.index in row.cells]
    return OutlineRow(
        _style(row, name, table),
        tuple(_own_points(row, c) for c in table.columns_of(Role.POINTS)),
        single=name is not None,
        bare=not any(clean(cell.text) for cell in targets),
        barrier=row.kind is _Kind.HEADING,
    )


def _style(row: _Row, name: LogicalCell | None, table: LogicalTable) -> int | None:
    """Return the style of a row's ordinal: of its serial number or name, else its level column."""
    style = _serial_style(row, table)
    if style is None and name is not None:
        style = ordinal_style(name.text)
    levels = [column.index for column in table.columns_of(Role.LEVEL)]
    if style is None and name is not None and len(levels) > 1 and len(_columns(name)) == 1:
        return len(_ORDINAL_STYLES) + name.column0
    return style


def _name_of(row: _Row, table: LogicalTable) -> LogicalCell | None:
    """Return the one cell that names a row, where it is the row's own and no other does."""
    cells = (row.cells.get(column.index) for column in table.columns_of(Role.LEVEL))
    named = _distinct(cell for cell in cells if cell is not None and clean(cell.text))
    own = len(named) == 1 and (named[0].row0, named[0].row1) == (row.row0, row.row1)
    return named[0] if own else None


def _serial_style(row: _Row, table: LogicalTable) -> int | None:
    """Return the style of a row's serial number; None where it has none of its own."""
    for column in table.columns_of(Role.SERIAL):
        cell = row.cells.get(column.index)
        if cell is not None and (cell.row0, cell.row1) == (row.row0, row.row1):
            text = clean(cell.text)
            return (
                ordinal_style(text)
                if ordinal_style(text) is not None
                else ordinal_style(text + "、")
            )
    return None


def _own_points(row: _Row, column: Column) -> float | None:
    """Return the plain points of a row; 0 where it shares the cell of the row above."""
    cell = row.cells.get(column.index)
    if cell is None:
        return None
    return plain_points(cell.text) if cell.row0 >= row.row0 else 0.0


def _under_headings(
    row: _Row,
    cells: dict[int, tuple[LogicalCell, ...]],
    headings: tuple[LogicalCell, ...],
    table: LogicalTable,
) -> Leaf:
    """Return a leaf; a heading in a level column goes on in the blanks under it."""
    levels = {c.index for c in table.columns_of(Role.LEVEL)}
    over = []
    for heading in headings:
        own = [c for c in cells if c in levels and heading.column0 <= c < heading.column1]
        narrow = heading.column1 - heading.column0 == len(own) == 1
        if narrow and not any(clean(cell.text) for cell in cells[own[0]]):
            cells = {**cells, own[0]: (heading,)}
        else:
            over.append(heading)
    return Leaf(row.row0, row.row1, tuple(over), cells)


def _continues(notes: Sequence[LogicalCell], lone: LogicalCell, row: int) -> bool:
    """Tell whether a sentence stands right below a note."""
    return bool(notes) and notes[-1].row1 == row and clean(lone.text).endswith("。")


def _rows_of(table: LogicalTable) -> list[dict[int, LogicalCell]]:
    grid: list[dict[int, LogicalCell]] = [{} for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row0, cell.row1):
            for column in range(cell.column0, cell.column1):
                grid[row][column] = cell
    return grid


def _distinct(cells: Iterator[LogicalCell | None]) -> tuple[LogicalCell, ...]:
    found: list[LogicalCell] = []
    for cell in cells:
        if cell is not None and all(cell is not seen for seen in found):
            found.append(cell)
    return tuple(found)


def _leaf_ranges(
    table: LogicalTable, grid: Sequence[dict[int, LogicalCell]]
) -> Iterator[tuple[int, int]]:
    """Yield the grid rows of each printed row: where neither name nor serial number changes."""
    levels = [c.index for c in table.columns_of(Role.LEVEL)]
    keys = [c.index for c in table.columns_of(Role.SERIAL)] + levels[-1:]
    start = 0
    for row in range(1, table.rows + 1):
        if row < table.rows and keys and _same(grid[row - 1], grid[row], keys):
            continue
        yield start, row
        start = row


def _same(
    above: dict[int, LogicalCell], below: dict[int, LogicalCell], keys: Sequence[int]
) -> bool:
    return all(above.get(k) is not None and above.get(k) is below.get(k) for k in keys)


def _lone_text(row: dict[int, LogicalCell], table: LogicalTable) -> LogicalCell | None:
    """Return the row's one text if the row says nothing else: a heading or a note.

    Beside a heading its points or serial number may stand. The text covers more than the level
    columns, or starts in the first of them while no target stands beside it.
    """
    level = next((c.index for c in table.columns_of(Role.LEVEL)), None)
    cell = _only_text(row, table)
    if cell is None or level is None:
        return None
    targets = {c.index for c in table.columns_of(Role.TARGET)}
    if cell.column0 <= level and not targets.isdisjoint(_columns(cell)):
        return cell
    one_row = level in _columns(cell) and cell.row1 - cell.row0 == 1
    alone = one_row and not any(clean(row[t].text) for t in targets & row.keys())
    return cell if alone and _stands_apart(cell) else None


def _stands_apart(cell: LogicalCell) -> bool:
    """Tell whether a text begins like a heading of its own, or like a note."""
    return ordinal_style(cell.text) is not None or _is_note(cell)


def _only_text(row: dict[int, LogicalCell], table: LogicalTable) -> LogicalCell | None:
    """Return the row's one text that stands elsewhere than in a column beside headings."""
    aside = {c.index for c in table.columns if c.role in _BESIDE_HEADINGS}
    written = _distinct(cell for cell in row.values() if clean(cell.text))
    found = [cell for cell in written if not aside.issuperset(_columns(cell))]
    return found[0] if len(found) == 1 else None


def _columns(cell: LogicalCell) -> range:
    return range(cell.column0, cell.column1)


def _is_note(cell: LogicalCell) -> bool:
    text = clean(cell.text)
    return bool(_NOTE.match(text)) or (len(text) > 40 and text.endswith(("。", "；")))


def _is_total(row: dict[int, LogicalCell], table: LogicalTable) -> bool:
    named = [
        row[c.index]
        for c in table.columns
        if c.role in (Role.LEVEL, Role.SERIAL) and c.index in row
    ]
    texts = {fold(cell.text) for cell in named if clean(cell.text)}
    if len(texts) == 1 and _TOTAL.match(next(iter(texts))):
        return True
    levels = [cell for cell in named if clean(cell.text)]
    return len(texts) > 1 and bool(_SUBTOTAL.search(fold(levels[-1].text)))


def is_total_name(name: str) -> bool:
    """Tell whether a folded name is that of a total or subtotal."""
    return bool(_TOTAL.match(name) or _SUBTOTAL.search(name))


def ordinal_style(text: str) -> int | None:
    """Return which style of ordinal (一、 or （一） or 1.) a text begins with, None where none."""
    cleaned = clean(text)
    return next((i for i, p in enumerate(_ORDINAL_STYLES) if p.match(cleaned)), None)


class _HeadingStack:
    """The headings in force; styles of ordinals nest in order of first use."""

    def __init__(self) -> None:
        self._styles: list[int | None] = []
        self._open: list[LogicalCell] = []

    def push(self, heading: Heading) -> None:
        """Open a heading, closing those of its own depth and below."""
        if heading.style not in self._styles:
            self._styles.append(heading.style)
        depth = self._styles.index(heading.style)
        self._open = [*self._open[:depth], heading.cell]

    def current(self) -> tuple[LogicalCell, ...]:
        """Return the open headings, outermost first."""
        return tuple(self._open)


@dataclass(frozen=True, slots=True)
class Levels:
    """A leaf's place in the hierarchy, cleaned, ordinals removed; and the cells it stands on.

    ``slots`` says for each cell whose name it gives: 0 for level 1 to 3 for level 4.
    """

    names: tuple[str | None, str | None, str | None, str | None]
    cells: tuple[LogicalCell, ...]
    slots: tuple[int, ...]

    @property
    def leaf(self) -> str:
        """The deepest name."""
        return next((name for name in reversed(self.names) if name), "")


def levels_of(leaf: Leaf, table: LogicalTable, depth: int) -> Levels:
    """Find level 1 to 4 of a leaf; ``depth`` is the deepest nesting of headings in the table.

    A cell that covers several level columns stands on the deepest of them, but for one that covers
    level 3 and 4: that is level 3, not split. The deepest name is level 3, or level 4 where level 3
    is split; what is missing is null.
    """
    names: list[str | None] = [None] * 4
    cells: list[LogicalCell] = []
    of: list[int] = []
    for cell, slot, joined in _named_cells(leaf, table, depth):
        cells.append(cell)
        of.append(slot)
        name, before = _name(cell), names[slot] if joined else None
        names[slot] = name if before is None or name is None else f"{before} {name}"
    if names[3] is None and names[2] is None:
        deepest = max((i for i, name in enumerate(names) if name), default=2)
        names[2], names[deepest] = names[deepest], None if deepest != 2 else names[2]
        of = [2 if slot == deepest else slot for slot in of]
    return Levels((names[0], names[1], names[2], names[3]), tuple(cells), tuple(of))


def _named_cells(
    leaf: Leaf, table: LogicalTable, depth: int
) -> Iterator[tuple[LogicalCell, int, bool]]:
    """Yield the cells a leaf stands on with their slots; the names of columns in one slot join."""
    columns = list(table.columns_of(Role.LEVEL))
    slots = _slots(columns, depth)
    for i, heading in enumerate(leaf.headings):
        yield heading, slots.headings[min(i, depth - 1)], False
    seen = {id(heading) for heading in leaf.headings}
    for column in columns:
        cell = leaf.at(column)
        if cell is not None and id(cell) not in seen:
            seen.add(id(cell))
            yield cell, _slot_of(cell, columns, slots.columns), True


def _slot_of(cell: LogicalCell, columns: Sequence[Column], slots: Mapping[int, int]) -> int:
    covered = {slots[c.index] for c in columns if cell.column0 <= c.index < cell.column1}
    return 2 if {2, 3} <= covered else slots[_last_run(cell, columns)]


def _name(cell: LogicalCell) -> str | None:
    """A heading as printed, without its ordinal and the points printed behind it."""
    return strip_ordinal(without_points(cell.text)) or None


def _last_run(cell: LogicalCell, columns: Sequence[Column]) -> int:
    """Return the level column whose slot the cell takes: the first column of its last run."""
    covered = [c for c in columns if cell.column0 <= c.index < cell.column1]
    last = covered[-1]
    return next(c.index for c in covered if c.name == last.name)


@dataclass(frozen=True, slots=True)
class _Slots:
    headings: tuple[int, ...]
    columns: dict[int, int]


def _slots(columns: Sequence[Column], depth: int) -> _Slots:
    """Map heading depths and level columns to level 1 to 4 (as 0 to 3)."""
    runs = list(dict.fromkeys(column.name for column in columns))
    order = _spread(depth, [_printed_level(name) for name in runs])
    slot_of_run = dict(zip(runs, order[depth:], strict=True))
    slots: dict[int, int] = {}
    for i, column in enumerate(columns):
        again = i > 0 and columns[i - 1].name == column.name
        slots[column.index] = min(slot_of_run[column.name] + again, 3)
    return _Slots(tuple(order[:depth]), slots)


def _spread(depth: int, printed: Sequence[int | None]) -> list[int]:
    count = depth + len(printed)
    plain = {1: [2], 2: [0, 2], 3: [0, 1, 2]}.get(count) or [min(i, 3) for i in range(count)]
    slots = plain[:depth]
    for position, level in enumerate(printed):
        deepest = position == len(printed) - 1
        if level is None or (deepest and level < 2):
            slots.append(plain[depth + position])
        else:
            slots.append(min(level, 3))
    return slots


def _printed_level(name: str) -> int | None:
    found = re.search(r"([一二三四1234])级", name)
    return "一二三四1234".index(found.group(1)) % 4 if found else None
