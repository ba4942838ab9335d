"""Merged ranges of a sheet, cut where what stands beneath them says that they do not reach."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from common.refusal import refusal
from extract.office.sheets.sheet import Range, Sheet, letters
from extract.text.flow import MAX_CELLS, Reading

# A merged range beyond this is a slip of the mouse; it reaches as far as the cells around it.
MAX_MERGED_ROWS = 2_000
MAX_MERGED_COLUMNS = 300
MAX_WORK = 4 * MAX_CELLS
_CONTRADICTING = 2  # rows or columns of other texts beneath a range; one is what merging left over

Place = tuple[int, int]


@dataclass(slots=True)
class Merges:
    """The merged ranges that hold, and by first cell those that are in doubt.

    ``doubts``: ``cut`` for one that was cut, ``covered`` for one that covers another text.
    """

    ranges: list[Range] = field(default_factory=list)
    doubts: dict[Place, str] = field(default_factory=dict)


def settled_merges(sheet: Sheet, reading: Reading) -> Merges:
    """Return the merged ranges of a sheet as far as they hold; forget and note what they cover.

    A range is cut above or left of a range that begins in it, and of rows or columns in which
    other texts stand: nobody could have written them into a merged cell.
    """
    found = Merges()
    rows = _Rows(sheet)
    firsts = sorted((top, left) for top, left, _, _ in sheet.merges)
    work = 0
    for merge in _in_reach(sheet):
        cut = _before_others(merge, firsts)
        covered = rows.covered(cut)
        work += len(covered)
        if work > MAX_WORK:
            raise refusal("extract.too_large.sheet_table", sheet=sheet.name)
        kept = _above_texts(cut, [place for place, text in covered if text != rows.text(cut)])
        if kept != merge:
            found.doubts[merge[0], merge[1]] = "cut"
            reading.add_note(
                "overlapping_cells.sheet", sheet=sheet.name, cell=f"{letters(merge[1])}{merge[0]}"
            )
        found.ranges.append(kept)
        _forget(sheet, kept, [each for each in covered if _within(each[0], kept)], found, reading)
    found.ranges = [each for each in found.ranges if each[:2] != each[2:]]
    return found


def _in_reach(sheet: Sheet) -> list[Range]:
    """Return the merged ranges that meet the sheet's texts, cut where only their size is absurd."""
    last_row = max((row for row, _ in sheet.texts), default=0)
    last_column = max((column for _, column in sheet.texts), default=0)
    found: list[Range] = []
    for top, left, bottom, right in sheet.merges:
        if top <= last_row and left <= last_column:
            lowest = bottom if bottom - top < MAX_MERGED_ROWS else min(bottom, last_row)
            rightmost = right if right - left < MAX_MERGED_COLUMNS else min(right, last_column)
            found.append((top, left, lowest, rightmost))
    if sum(lowest - top + 1 for top, _, lowest, _ in found) > MAX_WORK:
        raise refusal("extract.too_large.sheet_table", sheet=sheet.name)
    return sorted(found)


def _before_others(merge: Range, firsts: list[Place]) -> Range:
    """Return a range as far as the next one that begins within it."""
    top, left, bottom, right = merge
    for row, column in firsts[bisect_right(firsts, (top, left)) :]:
        if row > bottom:
            break
        if left <= column <= right:
            return (top, left, bottom, column - 1) if row == top else (top, left, row - 1, right)
    return merge


def _above_texts(merge: Range, others: list[Place]) -> Range:
    """Return a range as far as the rows and columns in which several other texts stand."""
    top, left, bottom, right = merge
    below = {row for row, _ in others if row > top}
    if len(below) >= _CONTRADICTING:
        bottom = min(below) - 1
    beside = {column for row, column in others if row <= bottom and column > left}
    if len(beside) >= _CONTRADICTING:
        right = min(beside) - 1
    return top, left, bottom, right


def _within(place: Place, merge: Range) -> bool:
    return merge[0] <= place[0] <= merge[2] and merge[1] <= place[1] <= merge[3]


def _forget(
    sheet: Sheet, merge: Range, covered: list[tuple[Place, str]], found: Merges, reading: Reading
) -> None:
    """Forget the texts that a merged cell covers, which are not shown; name the other ones."""
    own = sheet.texts.get((merge[0], merge[1]))
    for place, text in covered:
        if sheet.texts.pop(place, None) is None or text == own:
            continue
        found.doubts.setdefault((merge[0], merge[1]), "covered")
        cell = f"{letters(place[1])}{place[0]}"
        reading.add_note("merged_away_text.sheet", text=text[:200], sheet=sheet.name, cell=cell)


class _Rows:
    """A sheet's texts by row, to ask what lies in a range."""

    def __init__(self, sheet: Sheet) -> None:
        self._texts = dict(sheet.texts)
        self._columns: dict[int, list[int]] = {}
        for row, column in sorted(sheet.texts):
            self._columns.setdefault(row, []).append(column)
        self._numbers = sorted(self._columns)

    def text(self, merge: Range) -> str | None:
        """Return the text of a range's first cell."""
        return self._texts.get((merge[0], merge[1]))

    def covered(self, merge: Range) -> list[tuple[Place, str]]:
        """Return the texts in a range but for its first cell's, by place."""
        top, left, bottom, right = merge
        found: list[tuple[Place, str]] = []
        numbers = self._numbers
        for row in numbers[bisect_left(numbers, top) : bisect_right(numbers, bottom)]:
            columns = self._columns[row]
            within = columns[bisect_left(columns, left) : bisect_right(columns, right)]
            places = ((row, column) for column in within if (row, column) != (top, left))
            found.extend((place, self._texts[place]) for place in places)
        return found
