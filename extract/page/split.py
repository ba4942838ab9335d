"""A region of united squares becomes rectangles, by its own evidence first."""

from __future__ import annotations

from collections.abc import Callable

from extract.page.rules import find, union

MOSTLY_DRAWN = 0.6
"""An inner rule drawn for at least this part of a region's width parts it: its holes are flaws."""

Square = tuple[int, int]
Rectangle = tuple[int, int, int, int]
Evidence = Callable[[Square], tuple[float, float]]


def split_region(region: set[Square], above: Evidence, left: Evidence) -> list[Rectangle]:
    """Return rectangles (row0, row1, column0, column1; half-open) that tile a region.

    ``above`` and ``left`` tell how much of a square's side is ruled and how long it is. Inner
    rules that are mostly drawn part the region; what is then still no rectangle is cut along
    rows or along columns, whichever gives fewer pieces.
    """
    rectangles: list[Rectangle] = []
    for part in _part_by_rules(region, above, left):
        whole = _bounds(part)
        if _area(whole) == len(part):
            rectangles.append(whole)
        else:
            rectangles.extend(_cut(part))
    return rectangles


def _part_by_rules(region: set[Square], above: Evidence, left: Evidence) -> list[set[Square]]:
    if len(region) == 1:
        return [region]
    row_cuts = _drawn_cuts(region, above, 0)
    column_cuts = _drawn_cuts(region, left, 1)
    if not row_cuts and not column_cuts:
        return [region]
    order = sorted(region)
    place = {square: index for index, square in enumerate(order)}
    leader = list(range(len(order)))
    for (row, column), index in place.items():
        if row not in row_cuts and (row - 1, column) in place:
            union(leader, index, place[row - 1, column])
        if column not in column_cuts and (row, column - 1) in place:
            union(leader, index, place[row, column - 1])
    parts: dict[int, set[Square]] = {}
    for square, index in place.items():
        parts.setdefault(find(leader, index), set()).add(square)
    return list(parts.values())


def _drawn_cuts(region: set[Square], evidence: Evidence, axis: int) -> set[int]:
    """Return the inner edges (across rows or columns) that are mostly ruled."""
    drawn: dict[int, float] = {}
    whole: dict[int, float] = {}
    for row, column in region:
        before = (row - 1, column) if axis == 0 else (row, column - 1)
        if before in region:
            edge = row if axis == 0 else column
            ruled, length = evidence((row, column))
            drawn[edge] = drawn.get(edge, 0.0) + ruled
            whole[edge] = whole.get(edge, 0.0) + length
    return {edge for edge, length in whole.items() if drawn[edge] >= MOSTLY_DRAWN * length}


def _bounds(region: set[Square]) -> Rectangle:
    rows = [row for row, _ in region]
    columns = [column for _, column in region]
    return min(rows), max(rows) + 1, min(columns), max(columns) + 1


def _area(rectangle: Rectangle) -> int:
    row0, row1, column0, column1 = rectangle
    return (row1 - row0) * (column1 - column0)


def _cut(region: set[Square]) -> list[Rectangle]:
    by_rows = _cut_by_rows(region)
    turned = {(column, row) for row, column in region}
    by_columns = [(a, b, c, d) for c, d, a, b in _cut_by_rows(turned)]
    return by_rows if len(by_rows) <= len(by_columns) else by_columns


def _cut_by_rows(region: set[Square]) -> list[Rectangle]:
    """Cut a region into rectangles: runs of squares in a row, grown down while they repeat."""
    rectangles: list[Rectangle] = []
    left = set(region)
    while left:
        row, column0 = min(left)
        column1 = column0
        while (row, column1) in left:
            column1 += 1
        row1 = row + 1
        while all((row1, column) in left for column in range(column0, column1)):
            row1 += 1
        left -= {(r, c) for r in range(row, row1) for c in range(column0, column1)}
        rectangles.append((row, row1, column0, column1))
    return rectangles
