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
MOSTLY = 0.5
"""A pass that drew this part of the cells shows the rows."""
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

    def goes_on(self, piece: Piece, first: int, last: int) -> bool:
        """Tell whether a piece drawn next is another line, or another part of the last one."""
        step = piece.middle - self.pieces[-1].middle
        over = first < self.last and self.first < last
        return over and -0.3 * piece.size < step <= NEXT_LINE * piece.size


@dataclass(frozen=True)
class Rows:
    """How many rows, in which each piece stands, and of which pieces the drawing shows it."""

    count: int
    of_piece: Mapping[int, int]
    shown: frozenset[int] = frozenset()


def rows_as_drawn(pieces: Sequence[Piece], columns: Columns) -> Rows | None:
    """Return the rows that the order of drawing shows; None where it shows none."""
    rows = _rows(_blocks(pieces, columns))
    passes = _passes(rows)
    main = max(passes, key=lambda each: sum(map(len, each)))
    drawn = sum(map(len, main))
    wide = sum(len(row) >= FEWEST_CELLS for row in main)
    if drawn < MOSTLY * sum(map(len, rows)) or wide < MOSTLY * len(main) or len(main) < 3:
        return None
    shown = {
        piece.order: number
        for number, row in enumerate(main)
        for block in row
        for piece in block.pieces
    }
    anchors = [_anchor(row) for row in main]
    placed = dict(shown)
    for block in (b for each in passes if each is not main for row in each for b in row):
        near = min(range(len(anchors)), key=lambda i: abs(anchors[i] - block.middle))
        placed.update({piece.order: near for piece in block.pieces})
    return Rows(len(main), placed, frozenset(shown))


def _blocks(pieces: Sequence[Piece], columns: Columns) -> list[Block]:
    blocks: list[Block] = []
    for piece in sorted(pieces, key=lambda piece: piece.order):
        first, last = columns.over(piece)
        if blocks and blocks[-1].goes_on(piece, first, last):
            block = blocks[-1]
            block.first, block.last = min(block.first, first), max(block.last, last)
            block.pieces.append(piece)
        else:
            blocks.append(Block(first, last, [piece]))
    return blocks


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
