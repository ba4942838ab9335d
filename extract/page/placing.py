"""Characters are put into the cells of a page's grids, a piece of text as a whole."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from extract.page.crossed import Place, with_hanging_lines
from extract.page.grid import Grid
from extract.page.page import Char, PageRecord

TOUCHING = 0.05
"""Characters drawn one after the other with a smaller gap (in sizes) are one piece of text."""
NEXT_LINE = 1.0
"""A line this close (in sizes) below the end of an open cell's rules still belongs to the cell."""


class CellFinder:
    """Finds the cell at a point of a grid by its bands."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.floor: dict[int, float] = {}  # how far the text of open cells reaches below the rules
        self.last, self.at_last = (0.0, 0.0, 0.0, 0.0), 0  # the cell found last
        self.owner: dict[tuple[int, int], int] = {}
        for index, cell in enumerate(grid.cells):
            for row in range(cell.row0, cell.row1):
                for column in range(cell.column0, cell.column1):
                    self.owner[row, column] = index

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the number of the cell at a point; None beside the grid."""
        x0, y0, x1, y1 = self.last
        if x0 <= x < x1 and y0 <= y < y1:
            return self.at_last
        xs, ys = self.grid.xs, self.grid.ys
        if not (xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]):
            return None
        row = min(bisect_right(ys, y), len(ys) - 1) - 1
        column = min(bisect_right(xs, x), len(xs) - 1) - 1
        found = self.owner[row, column]
        cell = self.grid.cells[found]
        self.last = xs[cell.column0], ys[cell.row0], xs[cell.column1], ys[cell.row1]
        self.at_last = found
        return found

    def cell_over_edge(self, char: Char) -> int | None:
        """Find the open cell at a page's end whose text continues beyond the end of its rules."""
        first, last = self.grid.ys[0], self.grid.ys[-1]
        if char.top < first < char.bottom:
            return self._open_cell(char, first + 1.0, top=True)
        if char.bottom <= last:
            return None
        found = self._open_cell(char, last - 1.0, top=False)
        if found is None or char.top > self.floor.get(found, last) + NEXT_LINE * char.size:
            return None
        self.floor[found] = max(char.bottom, self.floor.get(found, last))
        return found

    def _open_cell(self, char: Char, y: float, *, top: bool) -> int | None:
        index = self.cell_at(char.center_x, y)
        if index is None:
            return None
        cell = self.grid.cells[index]
        return index if (cell.open_top if top else cell.open_bottom) else None


def place_chars(
    chars: Sequence[Char], grids: Sequence[Grid]
) -> tuple[list[list[list[Char]]], list[Char], list[list[Char]]]:
    """Put each character into the cell where its middle lies.

    A piece of text that runs over an edge goes as a whole to the cell that has most of it, a line
    that hangs out of a cell to the text that it ends.
    Returns characters by grid and cell, the others, and the pieces that ran over an edge.
    """
    placed: list[list[list[Char]]] = [[[] for _ in grid.cells] for grid in grids]
    if not chars:
        return placed, [], []
    finders = [CellFinder(grid) for grid in grids]
    outside: list[Char] = []
    moved: list[list[Char]] = []
    runs = list(_runs(chars))
    found = [[_place(char, finders) for char in run] for run in runs]
    most = [_most(places) for places in found]
    for run, places, place in zip(runs, found, with_hanging_lines(runs, most, grids), strict=True):
        if any(each != place for each in places):
            moved.append(run)
        (outside if place is None else placed[place[0]][place[1]]).extend(run)
    return placed, outside, moved


def _most(places: Sequence[Place]) -> Place:
    first = places[0]
    if places.count(first) == len(places):
        return first
    return Counter(places).most_common(1)[0][0]


def _place(char: Char, finders: Sequence[CellFinder]) -> Place:
    _, x0, top, x1, bottom, _, _, _ = char
    x, y = (x0 + x1) / 2, (top + bottom) / 2
    for index, finder in enumerate(finders):
        cell = finder.cell_at(x, y)
        if cell is None:
            cell = finder.cell_over_edge(char)
        if cell is not None:
            return index, cell
    return None


def hidden_pieces(page: PageRecord) -> list[list[Char]]:
    """Return the hidden pieces of text of which nothing shows, in the order of drawing."""
    cut = set(page.cut)
    return [piece for piece in _runs(page.clipped) if cut.isdisjoint(piece)]


def _runs(chars: Sequence[Char]) -> Iterator[list[Char]]:
    """Yield pieces of text: characters drawn one after the other without a gap, on one line."""
    run: list[Char] = []
    for char in chars:
        if run and not _touches(run[-1], char):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _touches(last: Char, char: Char) -> bool:
    text, x0, _, _, bottom, size, turn, _ = char
    before, _, _, end, foot, _, other_turn, _ = last
    near = TOUCHING * size
    if not (-near <= x0 - end <= near and -near <= bottom - foot <= near):
        return False
    return not (turn or other_turn or before.isspace() or text.isspace())
