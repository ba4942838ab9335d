"""What each place of a converted table holds, and the logical cells that are made of the places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from normalize.converted.costs import ColumnPlan
from normalize.model.doubt import Doubt
from normalize.model.table import LogicalCell, Role
from schemas.records.document import Cell


@dataclass(frozen=True, slots=True)
class ResolvedCell:
    """What one place of the logical table holds, and the printed cells that hold its text.

    ``key`` identifies the printed cells: neighbours of one key are one logical cell.
    """

    text: str
    key: tuple[tuple[int, int, int], ...]
    sources: tuple[Cell, ...]
    doubts: tuple[Doubt, ...] = ()

    def doubted(self, *doubts: Doubt) -> ResolvedCell:
        """Return the cell with more doubts, each once."""
        return replace(self, doubts=tuple(dict.fromkeys((*self.doubts, *doubts))))


ResolvedRow = tuple[ResolvedCell, ...]
"""What each column of one row holds, left to right."""


def cells_of(plan: ColumnPlan, rows: Sequence[ResolvedRow]) -> tuple[LogicalCell, ...]:
    """Return cells that tile the rows, largest rectangles of one printed cell each.

    A points cell is one for its whole weight group; elsewhere rows that are doubted apart get
    cells of their own with the same text and sources.
    """
    found: list[LogicalCell] = []
    open_runs: dict[tuple[int, int], int] = {}
    for index, cells in enumerate(rows):
        still: dict[tuple[int, int], int] = {}
        for low, high in _runs(cells):
            known = open_runs.get((low, high))
            if known is not None and _same(plan, rows[index - 1][low], cells[low], low):
                found[known] = _longer(found[known], cells[low])
                still[low, high] = known
            else:
                still[low, high] = len(found)
                found.append(_cell(index, low, high, cells[low]))
        open_runs = still
    return tuple(found)


def _runs(cells: ResolvedRow) -> Iterator[tuple[int, int]]:
    low = 0
    for column in range(1, len(cells) + 1):
        if column < len(cells) and _beside(cells, column):
            continue
        yield low, column
        low = column


def _beside(cells: ResolvedRow, column: int) -> bool:
    """Say whether a place is one cell with the place to its left."""
    left, right = cells[column - 1], cells[column]
    return left.key == right.key and left.doubts == right.doubts


def _same(plan: ColumnPlan, above: ResolvedCell, below: ResolvedCell, column: int) -> bool:
    if above.key != below.key:
        return False
    return plan.role(column) is Role.POINTS or above.doubts == below.doubts


def _cell(row: int, low: int, high: int, cell: ResolvedCell) -> LogicalCell:
    return LogicalCell(row, row + 1, low, high, cell.text, cell.sources, cell.doubts)


def _longer(cell: LogicalCell, below: ResolvedCell) -> LogicalCell:
    doubts: tuple[Doubt, ...] = tuple(dict.fromkeys((*cell.doubts, *below.doubts)))
    return LogicalCell(
        cell.row0, cell.row1 + 1, cell.column0, cell.column1, cell.text, cell.sources, doubts
    )
