"""Find the tables on a sheet: where they begin and end, and which rows are lines around them."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from common.refusal import refusal
from extract.office.sheets.merges import (
    MAX_MERGED_COLUMNS,
    MAX_MERGED_ROWS,
    MAX_WORK,
    Merges,
    settled_merges,
)
from extract.office.sheets.overlays import overlays_by_slot, seen_under
from extract.office.sheets.sheet import Range, Sheet, letters
from extract.text.flow import MAX_CELLS, Block, RawTable, Reading
from schemas.records.document import Cell, Seen

_LABEL = re.compile(r"^[^：:]{1,12}[：:]")
_MAX_BLANK_ROWS = 50


@dataclass(slots=True)
class _Row:
    """One row of a sheet that shows something."""

    number: int
    own: list[int] = field(default_factory=list)  # columns of its texts
    covered: int = 0  # merged cells that come down into it from above
    boxed: bool = False

    def lone(self) -> bool:
        return len(self.own) + self.covered < 2


def sheet_blocks(sheet: Sheet, reading: Reading) -> list[Block]:
    """Return a sheet's lines and tables in order, hidden rows and columns left out."""
    _drop_hidden(sheet, reading)
    settled = settled_merges(sheet, reading)
    merges = settled.ranges
    across = {(top, left) for top, left, _, right in merges if right > left}
    blocks: list[Block] = []
    table: list[_Row] = []

    def close() -> None:
        if table:
            blocks.append(_table(sheet, table, settled, reading))
            table.clear()

    for run in _runs(sheet, _rows(sheet, merges)):
        continues = bool(table) and _continues(sheet, table[-1], run)
        first, last = _table_within(sheet, run, continues, across)
        if first or not continues:
            close()
        blocks.extend(_line(sheet, row) for row in run[:first])
        table.extend(run[first:last])
        if run[last:]:
            close()
        blocks.extend(_line(sheet, row) for row in run[last:])
    close()
    return blocks


def _drop_hidden(sheet: Sheet, reading: Reading) -> None:
    """Forget what stands in hidden rows and columns, and note it."""
    rows = sheet.hidden_rows
    columns = set(filter(sheet.column_hidden, {column for _, column in sheet.texts}))
    shown = {(m[0], m[1]) for m in sheet.merges if _partly_shown(sheet, m)}
    hidden = {place for place in sheet.texts if place[0] in rows or place[1] in columns}
    gone = hidden - shown
    for place in gone:
        del sheet.texts[place]
    if gone:
        names = [*map(str, sorted({row for row, _ in gone} & rows))]
        names += map(letters, sorted({column for _, column in gone} & columns))
        reading.add_note(
            "hidden_cells", sheet=sheet.name, names="、".join(names[:10]), count=len(gone)
        )


def _partly_shown(sheet: Sheet, merge: Range) -> bool:
    top, left, bottom, right = merge
    rows = range(top, min(bottom, top + MAX_MERGED_ROWS) + 1)
    columns = range(left, min(right, left + MAX_MERGED_COLUMNS) + 1)
    return any(row not in sheet.hidden_rows for row in rows) and any(
        not sheet.column_hidden(column) for column in columns
    )


def _rows(sheet: Sheet, merges: list[Range]) -> list[_Row]:
    """Return the rows that show a text of their own or a merged cell from above, in order."""
    rows: dict[int, _Row] = {}

    def row_at(number: int) -> _Row:
        return rows.setdefault(number, _Row(number, boxed=number in sheet.boxed_rows))

    for number, column in sheet.texts:
        row_at(number).own.append(column)
    for top, left, bottom, _ in merges:
        if (top, left) in sheet.texts:
            for number in range(top + 1, bottom + 1):
                row_at(number).covered += 1
    for number in sheet.hidden_rows & rows.keys():
        _move_down(rows, number)
    return [rows[number] for number in sorted(rows)]


def _move_down(rows: dict[int, _Row], number: int) -> None:
    """Drop a hidden row; the merged cell that begins there is shown from the next row on."""
    row = rows.pop(number)
    below = rows.get(number + 1)
    if row.own and below is not None and below.covered:
        below.own.extend(row.own)
        below.covered = max(below.covered - len(row.own), 0)


def _runs(sheet: Sheet, rows: list[_Row]) -> list[list[_Row]]:
    """Split rows where one between shows nothing, and before the title of a next like table."""
    runs: list[list[_Row]] = []
    for row in rows:
        if runs and row.number == runs[-1][-1].number + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return [part for run in runs for part in _split_at_titles(sheet, run)]


def _split_at_titles(sheet: Sheet, run: list[_Row]) -> list[list[_Row]]:
    """Split a run before lone lines that the run's own header follows again."""
    header: list[str] = []
    parts: list[list[_Row]] = [[]]
    for row in run:
        texts = _texts(sheet, row)
        if not row.lone() and not header and not _is_label(sheet, row):
            header = texts
        elif texts == header:
            lines = _take_lone_end(parts[-1])
            if lines:
                parts.append(lines)
        parts[-1].append(row)
    return [part for part in parts if part]


def _take_lone_end(rows: list[_Row]) -> list[_Row]:
    """Remove the lone rows at the end of some rows and return them."""
    first = len(rows)
    while first and rows[first - 1].lone():
        first -= 1
    taken = rows[first:]
    del rows[first:]
    return taken


def _texts(sheet: Sheet, row: _Row) -> list[str]:
    return [sheet.texts.get((row.number, column), "") for column in sorted(row.own)]


def _continues(sheet: Sheet, last: _Row, run: list[_Row]) -> bool:
    """Say whether a run continues the table above: over ruled blank rows, or one unruled."""
    between = range(last.number + 1, run[0].number)
    if len(between) > _MAX_BLANK_ROWS:
        return False
    if any(row.boxed for row in run) or last.boxed:
        return all(number in sheet.boxed_rows | sheet.hidden_rows for number in between)
    return len([number for number in between if number not in sheet.hidden_rows]) <= 1


def _table_within(
    sheet: Sheet, run: list[_Row], continues: bool, across: set[tuple[int, int]]
) -> tuple[int, int]:
    """Return where the table in a run begins and ends (equal where there is none).

    Lone texts and labels (单位：分) above it are lines, but for a heading merged over columns
    further right. ``continues``: a table ended just above; a ruled lone row then belongs to it.
    """
    leftmost = min((min(row.own) for row in run if row.own), default=1)
    first = 0
    for row in itertools.takewhile(lambda row: row.lone() or _is_label(sheet, row), run):
        heads = row is not run[-1] and _heads_columns(row, leftmost, across)
        if heads or (row.boxed and continues):
            break
        first += 1
    last = _without_notes(run, first, leftmost)
    if all(row.lone() for row in run[first:last]) and not continues:
        return len(run), len(run)
    return first, last


def _heads_columns(row: _Row, leftmost: int, across: set[tuple[int, int]]) -> bool:
    """Say whether a row has a heading merged over columns right of the first one."""
    return any(column > leftmost and (row.number, column) in across for column in row.own)


def _without_notes(run: list[_Row], first: int, leftmost: int) -> int:
    """Return where the table that begins at ``first`` ends: before the notes at its end."""
    boxed = any(row.boxed for row in run[first:])
    last = len(run)
    while last > first and run[last - 1].lone() and _is_note(run[last - 1], leftmost, boxed):
        last -= 1
    return last


def _is_label(sheet: Sheet, row: _Row) -> bool:
    return not row.covered and all(map(_LABEL.match, _texts(sheet, row)))


def _is_note(row: _Row, leftmost: int, boxed: bool) -> bool:
    """Say whether a lone row at the end is a line under the table, not a row of it."""
    if boxed:
        return not row.boxed
    return not row.covered and row.own == [leftmost]


def _line(sheet: Sheet, row: _Row) -> str:
    return "  ".join(sheet.texts[row.number, column] for column in sorted(row.own)
                     if (row.number, column) in sheet.texts)  # fmt: skip


def _table(sheet: Sheet, rows: list[_Row], merges: Merges, reading: Reading) -> Block:
    """Return the table of these rows; columns that show nothing in any of them are left out."""
    numbers = [row.number for row in rows]
    within = [m for m in merges.ranges if m[2] >= numbers[0] and m[0] <= numbers[-1]]
    kept = sorted(itertools.filterfalse(sheet.column_hidden, _columns(rows, within)))
    if len(numbers) * len(kept) > MAX_CELLS:
        raise refusal("extract.too_large.sheet_table", sheet=sheet.name)
    cells = _cells(sheet, numbers, kept, Merges(within, merges.doubts), reading)
    return RawTable(
        cells, place=sheet.name, lines=tuple(numbers), row_count=len(numbers),
        column_count=len(kept),
    )  # fmt: skip


def _columns(rows: list[_Row], merges: list[Range]) -> set[int]:
    """Return the columns in which rows show something, or where a merged heading reaches."""
    wide = {row.number for row in rows if not row.lone()}
    columns = {column for row in rows for column in row.own}
    for top, left, _, right in merges:
        if top in wide and right - left < MAX_MERGED_COLUMNS:
            columns.update(range(left, right + 1))
    return columns


def _cells(
    sheet: Sheet, rows: list[int], columns: list[int], merges: Merges, reading: Reading
) -> list[Cell]:
    """Return a cell for every merged range and for every place that none covers."""
    cells: list[Cell] = []
    taken: set[tuple[int, int]] = set()
    over = overlays_by_slot(sheet.overlays, rows, columns)
    work = 0
    for top, left, bottom, right in sorted(merges.ranges):
        first, last = bisect_left(rows, top), bisect_right(rows, bottom)
        start, end = bisect_left(columns, left), bisect_right(columns, right)
        work += (last - first) * (end - start)
        if work > MAX_WORK:
            raise refusal("extract.too_large.sheet_table", sheet=sheet.name)
        slots = {(row, column) for row in range(first, last) for column in range(start, end)}
        if not slots:
            continue
        if slots & taken:
            place = f"{letters(left)}{top}"
            reading.add_note("overlapping_cells.sheet", sheet=sheet.name, cell=place)
            continue
        taken |= slots
        text = sheet.texts.get((top, left), "")
        doubt = merges.doubts.get((top, left))
        seen = seen_under(
            [each for slot in sorted(slots & over.keys()) for each in over[slot]], text
        )
        cells.append(
            Cell(first + 1, start + 1, text, last - first, end - start, undrawn=doubt, seen=seen)
        )
    for (row, number), (column, letter) in itertools.product(enumerate(rows), enumerate(columns)):
        if (row, column) not in taken:
            text = sheet.texts.get((number, letter), "")
            doubt = merges.doubts.get((number, letter))
            seen = seen_under(over.get((row, column), ()), text)
            seen += _unsized(sheet, letter, text) + _gone(sheet, number, letter, text)
            cells.append(Cell(row + 1, column + 1, text, undrawn=doubt, seen=seen))
    return cells


def _gone(sheet: Sheet, row: int, column: int, text: str) -> tuple[Seen, ...]:
    """Return what stood in a blank cell, struck out or hidden."""
    return (sheet.gone[row, column],) if not text and (row, column) in sheet.gone else ()


def _unsized(sheet: Sheet, column: int, text: str) -> tuple[Seen, ...]:
    """Return that a text's column may have been hidden, where its width was left out."""
    return (Seen("unsized", letters(column)),) if text and column in sheet.unsized else ()
