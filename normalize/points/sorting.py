"""What each printed row of a logical table is by itself: an item, a heading, a total or a note.

A name that covers several rows of the grid is one printed row: the rows under it are lines of its
cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from common.fold import clean, fold
from normalize.model.table import LogicalCell, LogicalTable, Role
from normalize.points.ordinals import ordinal_style

_TOTAL = re.compile(
    r"^(合计|总计|小计|总分|分值合计|合计分值|合计得分|共计|总分值)(\(.*\))?[:：]?$"
)
_SUBTOTAL = re.compile(
    r"^(?:合计|.*小计|(?:本|该|此|以上|上述|分).{0,6}(?:合计|共计|总计|总分))(?:\(.*\))?[:：]?$"
)
_NOTE = re.compile(r"^[（(\[【]?(注|备注|说明|附注|※|\*)\d*[:：.、\])）】]?")
_BESIDE_HEADINGS = (Role.SERIAL, Role.POINTS, Role.NOTE)


class RowKind(StrEnum):
    """What a printed row is by itself."""

    NOTE = "note"
    TOTAL = "total"
    HEADING = "heading"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A printed row: its grid rows, its cells by column, and what it is."""

    row0: int
    row1: int
    cells: dict[int, LogicalCell]
    kind: RowKind
    lone: LogicalCell | None = None


def sorted_rows(
    table: LogicalTable, grid: Sequence[dict[int, LogicalCell]]
) -> Iterator[PrintedRow]:
    """Yield the rows that hold any text, each with what it is by itself."""
    notes: list[LogicalCell] = []
    for row0, row1 in _leaf_ranges(table, grid):
        row = grid[row0]
        lone = _lone_text(row, table)
        if lone is not None and (_is_note(lone) or _continues(notes, lone, row0)):
            notes.append(lone)
            yield PrintedRow(row0, row1, row, RowKind.NOTE, lone)
        elif _is_total(row, table):
            yield PrintedRow(row0, row1, row, RowKind.TOTAL)
        elif lone is not None:
            yield PrintedRow(row0, row1, row, RowKind.HEADING, lone)
        elif any(clean(cell.text) for cell in row.values()):
            yield PrintedRow(row0, row1, row, RowKind.ITEM)


def grid_of(table: LogicalTable) -> list[dict[int, LogicalCell]]:
    """Return each grid row's cells by column."""
    grid: list[dict[int, LogicalCell]] = [{} for _ in range(table.rows)]
    for cell in table.cells:
        for row in range(cell.row0, cell.row1):
            for column in range(cell.column0, cell.column1):
                grid[row][column] = cell
    return grid


def distinct(cells: Iterator[LogicalCell | None]) -> tuple[LogicalCell, ...]:
    """Return the cells, each once, in their order."""
    return tuple({id(cell): cell for cell in cells if cell is not None}.values())


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
    if cell.column0 <= level and not targets.isdisjoint(columns_under(cell)):
        return cell
    one_row = level in columns_under(cell) and cell.row1 - cell.row0 == 1
    alone = one_row and not any(clean(row[t].text) for t in targets & row.keys())
    return cell if alone and _stands_apart(cell) else None


def _stands_apart(cell: LogicalCell) -> bool:
    """Tell whether a text begins like a heading of its own, or like a note."""
    return ordinal_style(cell.text) is not None or _is_note(cell)


def _only_text(row: dict[int, LogicalCell], table: LogicalTable) -> LogicalCell | None:
    """Return the row's one text that stands elsewhere than in a column beside headings."""
    aside = {c.index for c in table.columns if c.role in _BESIDE_HEADINGS}
    written = distinct(cell for cell in row.values() if clean(cell.text))
    found = [cell for cell in written if not aside.issuperset(columns_under(cell))]
    return found[0] if len(found) == 1 else None


def columns_under(cell: LogicalCell) -> range:
    """Return the columns that a cell covers."""
    return range(cell.column0, cell.column1)


def _is_note(cell: LogicalCell) -> bool:
    text = clean(cell.text)
    return bool(_NOTE.match(text)) or (len(text) > 40 and text.endswith(("。", "；")))


def _continues(notes: Sequence[LogicalCell], lone: LogicalCell, row: int) -> bool:
    """Tell whether a sentence stands right below a note."""
    return bool(notes) and notes[-1].row1 == row and clean(lone.text).endswith("。")


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
