"""Rows by the order of drawing: programs draw a table row by row, each from left to right.

A cell's lines follow each other; a cell over several rows is drawn with its first. Some programs
draw the cells with wrapped text in a second pass over the table: those are placed by alignment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extract.aligned.columns import Columns
from extract.aligned.pieces import Piece

NEXT_LINE = 2.2
"""The next line of a cell lies at most this far (sizes) below."""
IN_LINE, LINED_UP, INDENT = 0.35, 0.7, 2.0
"""Lines of one cell begin, end or have their middles this near each other (sizes), but for an
indented first one."""
FEWEST_ROWS = 3
MOSTLY = 0.5
"""A pass that drew this part of the cells shows the rows."""
MOST_CELLS = 60
"""A row is looked through for so many pieces."""
FEWEST_CELLS = 3
"""Most rows have at least so many cells."""


@dataclass(slots=True)
class Block:
    """Lines drawn one after the other over the same columns."""

    first: int
    last: int
    pieces: list[Piece] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Return the middle of its first and last line."""
        return (self.pieces[0].middle + self.pieces[-1].middle) / 2

    def goes_on(self, piece: Piece, reach: tuple[int, int]) -> bool:
        """Tell whether a piece drawn next may be another line, or another part of the last one."""
        last_line = self.pieces[-1]
        step = piece.middle - last_line.middle
        over = reach[0] < self.last and self.first < reach[1]
        if not over or step > NEXT_LINE * piece.size:
            return False
        return _in_line(last_line, piece) or (step > 0 and _lined_up(last_line, piece))


def _in_line(one: Piece, other: Piece) -> bool:
    return abs(one.middle - other.middle) < IN_LINE * other.size


def _lined_up(above: Piece, below: Piece) -> bool:
    near = LINED_UP * below.size
    indent = above.x0 - below.x0
    middles = (above.x0 + above.x1 - below.x0 - below.x1) / 2
    offs = (indent, indent - INDENT * below.size, above.x1 - below.x1, middles)
    return any(abs(off) <= near for off in offs)


@dataclass(frozen=True)
class Rows:
    """How many rows, in which each piece stands, and of which pieces the drawing shows it.

    ``lone`` are rows for which one cell alone was drawn.
    """

    count: int
    of_piece: Mapping[int, int]
    shown: frozenset[int] = frozenset()
    lone: frozenset[int] = frozenset()


def rows_as_drawn(pieces: Sequence[Piece], columns: Columns) -> Rows | None:
    """Return the rows that the order of drawing shows; None where it shows none, or goes up."""
    passes = _passes(_rows(_blocks(pieces, columns)))
    main = max(passes, key=lambda each: sum(map(len, each)))
    if not _shows_rows(main, sum(len(row) for each in passes for row in each)):
        return None
    main = _with_headings(main)
    tops = [*map(_top, main)]
    if tops != sorted(tops):
        return None
    shown = {
        piece.order: number
        for number, row in enumerate(main)
        for block in row
        for piece in block.pieces
    }
    anchors = [_anchor(row) for row in main]
    placed = {
        piece.order: shown.get(piece.order, _nearest(anchors, piece.middle)) for piece in pieces
    }
    lone = frozenset(number for number, row in enumerate(main) if len(row) == 1)
    return Rows(len(main), placed, frozenset(shown), lone)


def _with_headings(main: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Return the rows with headings that lie higher than the names drawn before them among these.

    Names that reach down the whole header stand in its middle, below the headings of others.
    """
    rows = [list(row) for row in main]
    if len(rows) > 1 and _top(rows[1]) < _top(rows[0]):
        rows[:2] = [[*rows[0], *rows[1]]]
    return rows


def _top(row: Sequence[Block]) -> float:
    return min(piece.middle for block in row for piece in block.pieces)


def _shows_rows(main: Sequence[Sequence[Block]], count: int) -> bool:
    """Tell whether a pass drew most of the cells, and several in most of its rows."""
    wide = sum(len(row) >= FEWEST_CELLS for row in main)
    most = sum(map(len, main)) >= MOSTLY * count
    return most and wide >= MOSTLY * len(main) and len(main) >= FEWEST_ROWS


def _nearest(anchors: Sequence[float], at: float) -> int:
    return min(range(len(anchors)), key=lambda index: abs(anchors[index] - at))


def _blocks(pieces: Sequence[Piece], columns: Columns) -> list[Block]:
    ordered = sorted(pieces, key=lambda piece: piece.order)
    blocks: list[Block] = []
    for index, piece in enumerate(ordered):
        first, last = columns.over(piece)
        goes_on = bool(blocks) and blocks[-1].goes_on(piece, (first, last))
        drawn = ordered[index : index + MOST_CELLS]
        if goes_on and not (_begins_row(drawn, columns) or _divides(blocks[-1], drawn, columns)):
            block = blocks[-1]
            block.first, block.last = min(block.first, first), max(block.last, last)
            block.pieces.append(piece)
        else:
            blocks.append(Block(first, last, [piece]))
    return blocks


def _divides(block: Block, drawn: Sequence[Piece], columns: Columns) -> bool:
    """Tell whether under a text over several columns a piece stands in line with others."""
    return any(
        _in_line(drawn[0], other)
        and columns.over(drawn[0])[1] <= columns.over(other)[0] < block.last
        for other in drawn[1:]
    )


def _begins_row(drawn: Sequence[Piece], columns: Columns) -> bool:
    """Tell whether the first of some pieces is its cell's first line: next ones begin in line.

    The last of several lines stands in line with the first line of no other cell in its row, be
    their texts at the top of the cells or in the middle; only cells over several rows may do so.
    """
    piece, beyond, in_line, cells = drawn[0], columns.over(drawn[0])[1], 0, 0
    for other in drawn[1:]:
        first, last = columns.over(other)
        if last < beyond or (cells == 0 and first < beyond):
            break
        if first >= beyond:
            cells += 1
            in_line += _in_line(piece, other)
            beyond = last
    return in_line >= min(2, max(1, cells))


def _rows(blocks: Sequence[Block]) -> list[list[Block]]:
    """Cut the blocks where the drawing goes back to the left."""
    rows: list[list[Block]] = []
    for block in blocks:
        if rows and block.first >= rows[-1][-1].last:
            rows[-1].append(block)
        else:
            rows.append([block])
    return rows


def _passes(rows: Sequence[list[Block]]) -> list[list[list[Block]]]:
    """Cut the rows where the drawing goes back up."""
    passes: list[list[list[Block]]] = [[rows[0]]]
    for above, below in pairwise(rows):
        size = below[0].pieces[0].size
        if _anchor(below) < _anchor(above) - size:
            passes.append([])
        passes[-1].append(below)
    return passes


def _anchor(row: Sequence[Block]) -> float:
    """Return where most cells of a row stand; a cell over several rows may stand lower."""
    return median(sorted(block.middle for block in row)[: max(1, (2 * len(row) + 2) // 3)])
