"""Each column's lines become cells over rows: by alignment, drawn edges and order of drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from math import inf
from statistics import median

from extract.aligned.columns import Columns
from extract.aligned.evidence import Evidence, is_rule
from extract.aligned.pieces import SAME_LEVEL, Piece
from extract.aligned.stream import Rows

BLANK, BLANK_BESIDE = 0.3, 0.05
MERGED = 0.15
"""What a blank costs, one that may belong to the text beside it, and each row more of a cell."""
OFF = 1.5
FREE = 0.15
"""A cell off the middle or the top of its rows costs this for each size beyond ``FREE``."""
DRAWN_ELSEWHERE = 3.0
"""A cell that was drawn with another row than its first costs this much."""
LINE_APART = 1.5
"""Lines of one cell that were not drawn together, or of two that were."""
OPEN_SIDE = 0.6
"""A cell that ends where the columns beside it are parted by a rule and it is not."""
OPEN_END = 0.2
"""So much costs a cell at the page's end that continues on the next: its text stands lower."""
OVERLAP = 2.0
"""Text of two rows overlaps down by no more than this (points)."""
OVERHANG = 0.4
ALIGNED = 0.35
"""A cell stands where its rows say if it is off by no more than this (sizes)."""
FEW_TEXTS = 0.6
"""A column with texts in no more than this part of the rows has cells over several rows."""
MOST_LINES, MOST_ROWS = 45, 60


@dataclass(frozen=True, slots=True)
class Place:
    """A cell in the making: rows and columns half-open, 0-based; ``doubt`` names what is unsure."""

    row0: int
    row1: int
    column0: int
    column1: int
    pieces: tuple[Piece, ...] = ()
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """The pieces of one column that stand in line."""

    pieces: tuple[Piece, ...]
    middle: float
    top: float
    bottom: float
    size: float

    @property
    def first(self) -> int:
        """Return which of all pieces was drawn first of these."""
        return min(piece.order for piece in self.pieces)

    @property
    def last(self) -> int:
        """Return which of all pieces was drawn last of these."""
        return max(piece.order for piece in self.pieces)


def pieces_to_lines(pieces: Sequence[Piece]) -> list[Line]:
    """Return the lines of one column, from top to bottom."""
    groups: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if groups and piece.middle - groups[-1][0].middle < SAME_LEVEL * piece.size:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return [
        Line(
            tuple(sorted(group, key=lambda piece: piece.x0)),
            median(piece.middle for piece in group),
            min(piece.top for piece in group),
            max(piece.bottom for piece in group),
            max(piece.size for piece in group),
        )
        for group in groups
    ]


@dataclass(frozen=True)
class Frame:
    """Where the rows of a table stand: edges, first lines, middles of most cells."""

    ys: tuple[float, ...]
    tops: tuple[float, ...]
    middles: tuple[float, ...]

    @property
    def count(self) -> int:
        """Return the number of rows."""
        return len(self.tops)

    @cached_property
    def heights(self) -> tuple[float, ...]:
        """Return the rows' heights."""
        return tuple(b - a for a, b in zip(self.ys, self.ys[1:], strict=False))


def make_frame(
    rows: Sequence[Sequence[Place]], evidence: Evidence, x: tuple[float, float]
) -> Frame:
    """Return where rows stand, by the cells that lie in one row alone."""
    held = [_of_row([cell.pieces for cell in cells]) for cells in rows]
    tops = [min(map(_top, blocks)) for blocks in held]
    ends = [_end(blocks, below) for blocks, below in zip(held, [*tops[1:], inf], strict=True)]
    ys = [_edge(end, top, evidence, x) for end, top in zip(ends, tops[1:], strict=False)]
    pad = max(ys[0] - ends[0], 1.0) if ys else 2.0
    first = _edge(tops[0] - 2 * pad, tops[0], evidence, x)
    last = _edge(ends[-1], ends[-1] + 2 * pad, evidence, x)
    return Frame(
        (first, *ys, last),
        tuple(min(map(_head, blocks)) for blocks in held),
        tuple(median(map(_middle, blocks)) for blocks in held),
    )


def _top(block: Sequence[Piece]) -> float:
    return min(piece.top for piece in block)


def _middle(block: Sequence[Piece]) -> float:
    return (_head(block) + _foot(block)) / 2


def _head(block: Sequence[Piece]) -> float:
    return min(piece.middle for piece in block)


def _foot(block: Sequence[Piece]) -> float:
    return max(piece.middle for piece in block)


def _end(blocks: Sequence[Sequence[Piece]], below: float) -> float:
    """Return where a row's text ends: what reaches into the next row covers that, too."""
    ends = [max(piece.bottom for piece in block) for block in blocks]
    return max((end for end in ends if end <= below + OVERLAP), default=min(ends))


def _of_row(blocks: Sequence[tuple[Piece, ...]]) -> Sequence[tuple[Piece, ...]]:
    """Leave out the cells that stand lower than the row: they cover rows below, too."""
    count = len(blocks) // 2 + 1
    tops = [_head(block) for block in blocks]
    middles = [_middle(block) for block in blocks]
    top, middle = median(sorted(tops)[:count]), median(sorted(middles)[:count])
    kept = [
        block
        for block, t, m in zip(blocks, tops, middles, strict=True)
        if t < top + block[0].size or m < middle + block[0].size
    ]
    return kept or blocks


def _edge(low: float, high: float, evidence: Evidence, x: tuple[float, float]) -> float:
    """Return the place of a row's edge: a drawn one, else the middle of the white."""
    near = [
        edge
        for edge in evidence.edges
        if low - 2.5 <= edge.at <= high + 2.5 and min(edge.end, x[1]) > max(edge.start, x[0])
    ]
    if near:
        return max(near, key=lambda edge: (is_rule(edge), edge.end - edge.start)).at
    return (low + high) / 2


@dataclass(frozen=True)
class Ground:
    """What all columns of a table share: rows, edges, and with which row each piece was drawn.

    ``goes_on`` tells whether the table continues on the next page.
    """

    frame: Frame
    columns: Columns
    evidence: Evidence
    rows: Rows
    goes_on: bool

    def drawn_with(self, order: int) -> int | None:
        """Return the row with which a piece was drawn, where the drawing shows it."""
        return self.rows.of_piece[order] if order in self.rows.shown else None


class ColumnReader:
    """Finds the cells of one column: the cheapest way of laying its lines onto the rows.

    Of the two sets of rows, cells over several columns have taken the first; in the second a blank
    may belong to the text beside it.
    """

    def __init__(
        self,
        column: int,
        pieces: Sequence[Piece],
        rows: tuple[frozenset[int], frozenset[int]],
        ground: Ground,
    ) -> None:
        self.column = column
        self.lines = pieces_to_lines(pieces)
        self.taken, self.beside = rows
        self.ground = ground
        self.frame = ground.frame
        self.x = ground.columns.edges[column], ground.columns.edges[column + 1]

    def read(self, *, from_top: bool) -> tuple[float, list[Place]]:
        """Return the cells and what they cost, with text at the top of cells or in their middle."""
        rows, lines = self.frame.count, len(self.lines)
        best: list[dict[int, tuple[float, int, int]]] = [{} for _ in range(rows + 1)]
        best[0][0] = (0.0, 0, 0)
        for row in range(rows):
            for used, (cost, _, _) in sorted(best[row].items()):
                for end, beyond, more in self._steps(row, used, from_top):
                    old = best[end].get(beyond)
                    if old is None or cost + more < old[0] - 1e-9:
                        best[end][beyond] = (cost + more, row, used)
        if lines not in best[rows]:
            return inf, self._by_level()
        cells: list[tuple[int, int, int, int]] = []
        row, used = rows, lines
        while row:
            _, start, before = best[row][used]
            cells.append((start, row, before, used))
            row, used = start, before
        found = [
            self._place(*cell, from_top) for cell in reversed(cells) if cell[0] not in self.taken
        ]
        return best[rows][lines][0], self._with_tail_joined(self._with_head_joined(found))

    def _with_head_joined(self, cells: list[Place]) -> list[Place]:
        """Join the blanks under the header of a column of few texts: a cell of the page before."""
        if self._texts(cells) > FEW_TEXTS * self.frame.count:
            return cells
        first = next((i for i, cell in enumerate(cells) if cell.pieces), len(cells))
        blanks = list(takewhile(lambda cell: not cell.pieces, cells[first + 1 :]))
        if first > 0 or len(blanks) < 2 or first + 1 + len(blanks) == len(cells):
            return cells
        joined = replace(blanks[0], row1=blanks[-1].row1)
        return [*cells[: first + 1], joined, *cells[first + 1 + len(blanks) :]]

    def _with_tail_joined(self, cells: list[Place]) -> list[Place]:
        """Join the blanks under a cell over several rows at the page's end: the page cut it."""
        if not self.ground.goes_on or self._texts(cells) > FEW_TEXTS * self.frame.count:
            return cells
        blanks = list(takewhile(lambda cell: not cell.pieces, reversed(cells)))
        rest = cells[: len(cells) - len(blanks)]
        if not blanks or len(rest) < 2 or rest[-1].row1 - rest[-1].row0 < 2:
            return cells
        return [*rest[:-1], replace(rest[-1], row1=blanks[0].row1, doubt="extent")]

    def _texts(self, cells: Sequence[Place]) -> int:
        return sum(bool(cell.pieces) for cell in cells)

    def _by_level(self) -> list[Place]:
        """Return a cell for each row: nothing fits better.

        Each line stands in the row with which it was drawn, else in that next to it.
        """
        own: dict[int, list[Piece]] = {}
        free = [row for row in range(self.frame.count) if row not in self.taken]
        for line in self.lines:
            near = min(free, key=lambda row: abs(self.frame.middles[row] - line.middle))
            drawn = self.ground.drawn_with(line.first)
            row = drawn if drawn is not None and drawn in free else near
            own.setdefault(row, []).extend(line.pieces)
        return [
            Place(row, row + 1, self.column, self.column + 1, tuple(own.get(row, ())), "line")
            for row in free
        ]

    def _steps(self, row: int, used: int, from_top: bool) -> Iterator[tuple[int, int, float]]:
        """Yield the row and the line after each cell that may stand here, and what it costs."""
        if row in self.taken:
            yield row + 1, used, 0.0
            return
        yield row + 1, used, self._blank_cost(row)
        for beyond in range(used + 1, min(len(self.lines), used + MOST_LINES) + 1):
            top = self.lines[used].top + OVERHANG * self.lines[used].size
            if top < self.frame.ys[row] or not self._joinable(used, beyond):
                return
            bottom = self.lines[beyond - 1].bottom - OVERHANG * self.lines[beyond - 1].size
            for end in range(row + 1, min(self.frame.count, row + MOST_ROWS) + 1):
                if end - 1 in self.taken or (end > row + 1 and self._parted(row, end - 1)):
                    break
                if self.frame.ys[end] >= bottom:
                    yield end, beyond, self._cost(row, end, used, beyond, from_top)

    def _joinable(self, used: int, beyond: int) -> bool:
        """Tell whether the last two of some lines may be of one cell."""
        if beyond - used < 2:
            return True
        above, below = self.lines[beyond - 2], self.lines[beyond - 1]
        rows = {self.ground.drawn_with(line.first) for line in (above, below)} - {None}
        if len(rows) > 1:
            return False
        close = below.middle - above.middle <= 2.6 * above.size
        return close and not self.ground.evidence.between(above.middle, below.middle, *self.x)

    def _parted(self, row: int, edge: int) -> bool:
        """Tell whether a drawn line parts this column above a row."""
        at = self.frame.ys[edge]
        return self._edge_at(at) is not None

    def _edge_at(self, at: float) -> object:
        return self.ground.evidence.between(at - 2.0, at + 2.0, *self.x)

    def _blank_cost(self, row: int) -> float:
        return BLANK_BESIDE if row in self.beside else BLANK

    def _cost(self, row: int, end: int, used: int, beyond: int, from_top: bool) -> float:
        lines = self.lines[used:beyond]
        cost = OFF * max(0.0, self._off(row, end, lines, from_top) - FREE)
        if self._continues(row, end, lines, from_top):
            cost = OPEN_END
        cost += MERGED * (end - row - 1)
        cost += self._line_cost(used, beyond) + self._side_cost(end)
        drawn = self.ground.drawn_with(lines[0].first)
        return cost + DRAWN_ELSEWHERE * (drawn is not None and drawn != row)

    def _off(self, row: int, end: int, lines: Sequence[Line], from_top: bool) -> float:
        """Return how far (sizes) lines stand off the top or the middle of their rows."""
        if from_top:
            return abs(lines[0].middle - self.frame.tops[row]) / lines[0].size
        middle = (lines[0].middle + lines[-1].middle) / 2
        if end == row + 1:
            return abs(middle - self.frame.middles[row]) / lines[0].size
        return abs(middle - (self.frame.ys[row] + self.frame.ys[end]) / 2) / lines[0].size

    def _continues(self, row: int, end: int, lines: Sequence[Line], from_top: bool) -> bool:
        """Tell whether text stands lower than the middle of its rows at the page's end."""
        if from_top or not self.ground.goes_on or end < self.frame.count or end == row + 1:
            return False
        middle = (lines[0].middle + lines[-1].middle) / 2
        return middle > (self.frame.ys[row] + self.frame.ys[end]) / 2 + ALIGNED * lines[0].size

    def _line_cost(self, used: int, beyond: int) -> float:
        joined = sum(self._together(i) is False for i in range(used + 1, beyond))
        return LINE_APART * (joined + (beyond < len(self.lines) and self._together(beyond) is True))

    def _together(self, index: int) -> bool | None:
        """Tell whether a line was drawn right after the one above; None where it tells nothing."""
        above, line = self.lines[index - 1], self.lines[index]
        if None in (self.ground.drawn_with(above.first), self.ground.drawn_with(line.first)):
            return None
        return line.first == above.last + 1

    def _side_cost(self, end: int) -> float:
        """Return what it costs that no line is drawn below a cell though one is beside it."""
        if end == self.frame.count:
            return 0.0
        at = self.frame.ys[end]
        ruled = any(is_rule(e) and abs(e.at - at) < 2.0 for e in self.ground.evidence.edges)
        return OPEN_SIDE if ruled and self._edge_at(at) is None else 0.0

    def _place(self, row: int, end: int, used: int, beyond: int, from_top: bool) -> Place:
        pieces = tuple(piece for line in self.lines[used:beyond] for piece in line.pieces)
        doubt = self._doubt(row, end, used, beyond, from_top)
        return Place(row, end, self.column, self.column + 1, pieces, doubt)

    def _doubt(self, row: int, end: int, used: int, beyond: int, from_top: bool) -> str | None:
        """Return what nothing decides about a cell; None where all that is known agrees."""
        if self._bounded(row, end):
            return None
        if beyond == used:
            return "blank" if from_top and used else None
        lines = self.lines[used:beyond]
        several = end - row > 1
        off = self._off(row, end, lines, from_top) > ALIGNED
        if off and not self._continues(row, end, lines, from_top):
            return "extent" if several else "line"
        if several:
            shown = self.ground.drawn_with(lines[0].first) == row
            return None if shown and not from_top else "extent"
        return "line" if self._has_seam(used, beyond) else None

    def _has_seam(self, used: int, beyond: int) -> bool:
        return any(self._together(index) is False for index in range(used + 1, beyond))

    def _bounded(self, row: int, end: int) -> bool:
        """Tell whether lines are drawn above and below a cell, or it stands at the table's end."""
        return all(
            edge in (0, self.frame.count) or self._edge_at(self.frame.ys[edge]) is not None
            for edge in (row, end)
        )
