"""Resolved rows made into cells of the logical table: neighbours of one printed cell are one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from normalize.align_cost import Plan
from normalize.align_resolve import Unit, Units
from normalize.grid import Doubt, LogicalCell, Role


def cells_of(plan: Plan, rows: Sequence[Units]) -> tuple[LogicalCell, ...]:
    """Return cells that tile the rows, largest rectangles of one printed cell each.

    A points cell is one for its whole weight group; elsewhere rows that are doubted apart get
    cells of their own with the same text and sources.
    """
    found: list[LogicalCell] = []
    open_runs: dict[tuple[int, int], int] = {}
    for index, units in enumerate(rows):
        still: dict[tuple[int, int], int] = {}
        for low, high in _runs(units):
            known = open_runs.get((low, high))
            if known is not None and _same(plan, rows[index - 1][low], units[low], low):
                found[known] = _longer(found[known], units[low])
                still[low, high] = known
            else:
                still[low, high] = len(found)
                found.append(_cell(index, low, high, units[low]))
        open_runs = still
    return tuple(found)


def _runs(units: Units) -> Iterator[tuple[int, int]]:
    low = 0
    for column in range(1, len(units) + 1):
        if column < len(units) and _beside(units, column):
            continue
        yield low, column
        low = column


def _beside(units: Units, column: int) -> bool:
    """Say whether a place is one cell with the place to its left."""
    left, right = units[column - 1], units[column]
    return left.key == right.key and left.doubts == right.doubts


def _same(plan: Plan, above: Unit, below: Unit, column: int) -> bool:
    if above.key != below.key:
        return False
    return plan.role(column) is Role.POINTS or above.doubts == below.doubts


def _cell(row: int, low: int, high: int, unit: Unit) -> LogicalCell:
    return LogicalCell(row, row + 1, low, high, unit.text, unit.sources, unit.doubts)


def _longer(cell: LogicalCell, unit: Unit) -> LogicalCell:
    doubts: tuple[Doubt, ...] = tuple(dict.fromkeys((*cell.doubts, *unit.doubts)))
    return LogicalCell(
        cell.row0, cell.row1 + 1, cell.column0, cell.column1, cell.text, cell.sources, doubts
    )
