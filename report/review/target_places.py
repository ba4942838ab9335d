"""The cells of targets where nothing but texts is known: by row and column, in either direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.fold import dashes_only, fold_tight
from report.review.row_places import Line
from schemas.records.rows import CellRow, TargetRow

Found = dict[tuple[int, str], int]

#: How far a damaged row may have moved, the likeliest first.
_SHIFTS = (0, -1, -2, -3, 1)
#: A cell of this many characters may hold the beginning of a target that the next page continues.
_LONG = 8


class TextPlaces:
    """Finds targets among the cells of one document; a cell fits only if its text is the target."""

    def __init__(self, cells: Sequence[CellRow], entities: set[str]) -> None:
        self.cells = cells
        self.headings = _headings(cells, entities)

    def in_row(self, targets: Sequence[TargetRow], line: Line) -> Found:
        """Return the cells of one indicator's targets in its row, each nearest to its column.

        A row that moved as a whole is looked at where it moved to.
        """
        columns = {each["entity"]: self._column(each["entity"], line.table_no) for each in targets}
        shift = max(_SHIFTS, key=lambda by: self._fitting(targets, columns, line, by))
        found: Found = {}
        for target in targets:
            column = columns[target["entity"]]
            number = self._nearest(target, line, None if column is None else column + shift)
            if number is not None:
                found[target["serial_no"], target["entity"]] = number
        return found

    def at_crossings(self, targets: Sequence[TargetRow], named: int) -> Found:
        """Return the cells of one indicator's targets where entities are rows, below its name."""
        column, table_no = self.cells[named]["column"], self.cells[named]["table_no"]
        found: Found = {}
        for target in targets:
            rows = {each["row"] for each in self.headings.get(target["entity"], ())}
            fitting = [
                number
                for number in self._below(column, table_no)
                if self.cells[number]["row"] in rows and _holds(self.cells[number], target)
            ]
            if len(fitting) == 1:
                found[target["serial_no"], target["entity"]] = fitting[0]
        return found

    def _column(self, entity: str, table_no: int) -> int | None:
        """Return the column of the entity's nearest heading above; None without a heading."""
        headings = self.headings.get(entity, [])
        above = [each for each in headings if each["table_no"] <= table_no] or headings
        return above[-1]["column"] if above else None

    def _fitting(
        self, targets: Sequence[TargetRow], columns: dict[str, int | None], line: Line, shift: int
    ) -> int:
        """Count the targets printed for themselves that a shift of the row puts in their column."""
        count = 0
        for target in targets:
            column = columns[target["entity"]]
            if column is not None and not target["inherited"]:
                count += any(
                    _distance(self.cells[number], column + shift) == 0
                    and _shows(self.cells[number], target)
                    for number in line.numbers
                )
        return count

    def _nearest(self, target: TargetRow, line: Line, column: int | None) -> int | None:
        fits = _shows if column is None else _holds
        fitting = [number for number in line.numbers if fits(self.cells[number], target)]
        if column is None or not fitting:
            return fitting[0] if len(fitting) == 1 else None
        best = min(fitting, key=lambda number: _distance(self.cells[number], column))
        exact = _distance(self.cells[best], column) == 0
        return best if exact or target["target_text"] else None

    def _below(self, column: int, table_no: int) -> Iterator[int]:
        for number, cell in enumerate(self.cells):
            if cell["table_no"] == table_no and _distance(cell, column) == 0:
                yield number


def _headings(cells: Sequence[CellRow], entities: set[str]) -> dict[str, list[CellRow]]:
    """Return the cells that name each entity and nothing else."""
    wanted = {fold_tight(entity): entity for entity in entities}
    found: dict[str, list[CellRow]] = {}
    for cell in cells:
        entity = wanted.get(fold_tight(cell["text"]))
        if entity is not None:
            found.setdefault(entity, []).append(cell)
    return found


def _distance(cell: CellRow, column: int) -> int:
    """Return how many columns a cell is away; one to the right is farther than any to the left."""
    first: int = cell["column"]
    last: int = first + cell["column_span"] - 1
    if first <= column <= last:
        return 0
    return column - last if last < column else 1000 + first - column


def _holds(cell: CellRow, target: TargetRow) -> bool:
    """Say whether the cell may be the target's: it shows it, or both are blank."""
    blank = not target["target_text"] and not fold_tight(cell["text"])
    return blank or _shows(cell, target)


def _shows(cell: CellRow, target: TargetRow) -> bool:
    if target["status"] == "not_assessed":
        return dashes_only(cell["text"])
    printed, landed = fold_tight(cell["text"]), fold_tight(target["target_text"] or "")
    runs_on = len(printed) >= _LONG and landed.startswith(printed)  # into the next page's cell
    return bool(landed) and (printed == landed or runs_on)
