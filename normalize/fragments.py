"""Pages that print only part of the table's rules are completed to the whole grid.

A merged cell that covers a whole page leaves a column with two upright rules and nothing else, so
that the page reads as a narrower table, or as two side by side. The rules that are there stand
where those of the pages before stand: what is missing between or beside them is a blank cell that
was cut above and below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from schemas.document import Box, Cell, Table

_TOLERANCE = 3.0  # points: how far the same rule may lie apart on two pages


def completed(tables: Sequence[Table], edges: Sequence[float]) -> Table | None:
    """Return one table with the columns of ``edges`` from the parts that one page shows of it.

    None where the parts' rules do not stand where the edges are, or all columns are there.
    """
    columns = [_columns(table, edges) for table in tables]
    if any(found is None for found in columns):
        return None
    ranges = [span for found in columns for span in found or ()]
    covered = {column for low, high in ranges for column in range(low, high)}
    if len(covered) == len(edges) - 1 and len(tables) == 1:
        return None
    boxes = [cell.box for table in tables for cell in table.cells if cell.box is not None]
    rows = _row_edges(boxes)
    cells = [
        _placed(cell, rows, spans or ())
        for table, spans in zip(tables, columns, strict=True)
        for cell in table.cells
    ]
    placed = [cell for cell in cells if cell is not None]
    missing = [column for column in range(len(edges) - 1) if column not in covered]
    blanks = _blanks(missing, edges, rows, tables[0].page)
    return replace(
        tables[0],
        cells=(*placed, *blanks),
        row_count=len(rows) - 1,
        column_count=len(edges) - 1,
        column_edges=tuple(edges),
    )


def _columns(table: Table, edges: Sequence[float]) -> tuple[tuple[int, int], ...] | None:
    """Map a part's columns to half-open ranges of the whole grid's, None where a rule differs."""
    at = []
    for edge in table.column_edges or ():
        nearest = _nearest(edges, edge)
        if abs(edges[nearest] - edge) > _TOLERANCE:
            return None
        at.append(nearest)
    if len(at) < 2 or len(set(at)) != len(at):
        return None
    return tuple(pairwise(at))


def _row_edges(boxes: Sequence[Box]) -> list[float]:
    edges: list[float] = []
    for edge in sorted({y for box in boxes for y in (box.top, box.bottom)}):
        if not edges or edge - edges[-1] > _TOLERANCE:
            edges.append(edge)
    return edges


def _placed(cell: Cell, rows: Sequence[float], spans: Sequence[tuple[int, int]]) -> Cell | None:
    if cell.box is None:
        return None
    top, bottom = _nearest(rows, cell.box.top), _nearest(rows, cell.box.bottom)
    low = spans[cell.column - 1][0]
    high = spans[cell.column - 2 + cell.column_span][1]
    return replace(
        cell,
        row=top + 1,
        row_span=max(bottom - top, 1),
        column=low + 1,
        column_span=high - low,
    )


def _nearest(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def _blanks(
    missing: Sequence[int], edges: Sequence[float], rows: Sequence[float], page: int | None
) -> Iterator[Cell]:
    for column in missing:
        box = Box(edges[column], rows[0], edges[column + 1], rows[-1])
        yield Cell(
            1,
            column + 1,
            "",
            row_span=len(rows) - 1,
            page=page,
            box=box,
            open_top=True,
            open_bottom=True,
        )
