"""The printed grid rebuilt from its cells, for documents that have no pages to show."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.records.rows import CellRow

#: Beyond this many rows or columns a table is shown without filling its gaps.
_LARGEST = 20_000


def grid_rows(cells: Sequence[CellRow], numbers: Sequence[int]) -> list[list[int]]:
    """Return one table's rows: numbers of the cells that start there, -1 for a gap of one column.

    A cell that lies on another one (a reader's contradiction) is kept, after it.
    """
    columns = max(cells[n]["column"] + cells[n]["column_span"] - 1 for n in numbers)
    last = max(cells[n]["row"] + cells[n]["row_span"] - 1 for n in numbers)
    starts: dict[int, list[int]] = {}
    for number in numbers:
        starts.setdefault(cells[number]["row"], []).append(number)
    if columns > _LARGEST or last > _LARGEST:
        return [starts[row] for row in sorted(starts)]
    covered: dict[int, set[int]] = {}
    return [
        _grid_row(cells, row, columns, starts.get(row, []), covered) for row in range(1, last + 1)
    ]


def _grid_row(
    cells: Sequence[CellRow],
    row: int,
    columns: int,
    starting: list[int],
    covered: dict[int, set[int]],
) -> list[int]:
    taken = covered.pop(row, set())
    at: dict[int, list[int]] = {}
    for number in starting:
        at.setdefault(cells[number]["column"], []).append(number)
        span = range(
            cells[number]["column"], cells[number]["column"] + cells[number]["column_span"]
        )
        for below in range(row, row + cells[number]["row_span"]):
            (taken if below == row else covered.setdefault(below, set())).update(span)
    items: list[int] = []
    for column in range(1, columns + 1):
        items += at.get(column, []) if column in taken or column in at else [-1]
    return items
