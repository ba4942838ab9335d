"""Columns from text: pieces that stand one above the other, and the white between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from extract.aligned.pieces import Level, Piece, split_piece

TOUCH = 1.0
"""Pieces that overlap across by no more than this (points) do not stand above each other."""
FEW_LEVELS = 4
"""A piece spans columns if it stands over white that parts pieces twice; once in a small table."""
SIDE_BY_SIDE = 0.25
"""Pieces stand side by side if they overlap down by this (sizes)."""
NEAR = 60
"""So many pieces before and after one, from top to bottom, may stand beside it."""
MARGIN = 3.0
"""A table reaches this far (points) beyond its text where nothing drawn shows its end."""
SNAP = 2.0
WORD = 0.3
"""Between two cells there is more white than this (in sizes) even where they are full."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns' text stands (x0, x1), and the edges between and around them."""

    bands: tuple[tuple[float, float], ...]
    edges: tuple[float, ...]

    def over(self, piece: Piece) -> tuple[int, int]:
        """Return the columns (half-open) that a piece stands over; at least one."""
        over = [
            index
            for index, (x0, x1) in enumerate(self.bands)
            if min(piece.x1, x1) - max(piece.x0, x0) > TOUCH
        ]
        if over:
            return over[0], over[-1] + 1
        middle = (piece.x0 + piece.x1) / 2
        near = min(range(len(self.bands)), key=lambda i: abs(sum(self.bands[i]) / 2 - middle))
        return near, near + 1


def find_columns(parts: Sequence[Sequence[Level]], drawn: Sequence[float]) -> Columns:
    """Return the columns of a table; ``drawn`` are the places of upright edges.

    ``parts`` are the levels of the table on each of its pages.
    """
    gaps = Counter(gap for levels in parts for gap in _gaps(levels))
    few = sum(map(len, parts)) <= FEW_LEVELS
    pieces = [piece for levels in parts for level in levels for piece in level.pieces]
    single = [piece for piece in pieces if not _spans(piece, gaps, 1 if few else 2)]
    bands = _bands(single)
    return Columns(tuple(bands), tuple(_edges(bands, drawn)))


def _gaps(levels: Sequence[Level]) -> Iterator[tuple[float, float]]:
    """Yield the white between pieces that stand side by side, be it not quite in line."""
    pieces = [piece for level in levels for piece in level.pieces]
    for index, piece in enumerate(pieces):
        right: list[Piece] = []
        for other in pieces[max(0, index - NEAR) : index + NEAR]:
            beside = min(piece.bottom, other.bottom) - max(piece.top, other.top)
            if other.x0 > piece.x1 and beside > SIDE_BY_SIDE * piece.size:
                right.append(other)
        if right:
            yield round(piece.x1), round(min(other.x0 for other in right))


def _spans(piece: Piece, gaps: Mapping[tuple[float, float], int], needed: int) -> bool:
    """Tell whether a piece stands over several columns: over white that parts others."""
    return needed <= sum(
        count
        for (left, right), count in gaps.items()
        if piece.x0 < left - TOUCH and piece.x1 > right + TOUCH
    )


def _bands(pieces: Sequence[Piece]) -> list[tuple[float, float]]:
    bands: list[tuple[float, float]] = []
    for piece in sorted(pieces, key=lambda piece: piece.x0):
        if bands and piece.x0 < bands[-1][1] - TOUCH:
            bands[-1] = (bands[-1][0], max(bands[-1][1], piece.x1))
        else:
            bands.append((piece.x0, piece.x1))
    return bands


def _edges(bands: Sequence[tuple[float, float]], drawn: Sequence[float]) -> list[float]:
    """Return the edges of columns: a drawn one where there is one, else the middle of the white."""
    gaps = [(left[1], right[0]) for left, right in zip(bands, bands[1:], strict=False)]
    inner = [_drawn_within(low, high, drawn) or (low + high) / 2 for low, high in gaps]
    left, right = bands[0][0], bands[-1][1]
    outer = [at for at in drawn if at < left + SNAP], [at for at in drawn if at > right - SNAP]
    first = min(outer[0]) if outer[0] else left - MARGIN
    last = max(outer[1]) if outer[1] else right + MARGIN
    return [min(first, left), *inner, max(last, right)]


def _drawn_within(low: float, high: float, drawn: Sequence[float]) -> float | None:
    """Return the place between two columns where most edges are drawn."""
    low, high = min(low, high) - SNAP, max(low, high) + SNAP
    places = Counter(round(at * 2) / 2 for at in drawn if low <= at <= high)
    return places.most_common(1)[0][0] if places else None


def parted(levels: Sequence[Level], columns: Columns) -> list[Level]:
    """Part the pieces in which two cells stand so close that they were taken for one."""
    return [Level(level.at, tuple(_parted(level, columns))) for level in levels]


def _parted(level: Level, columns: Columns) -> list[Piece]:
    found: list[Piece] = []
    for piece in level.pieces:
        first, last = columns.over(piece)
        cut = (piece,)
        for edge in columns.edges[first + 1 : last]:
            if _white_at(cut[-1], edge):
                cut = (*cut[:-1], *split_piece(cut[-1], edge))
        found.extend(cut)
    return found


def _white_at(piece: Piece, edge: float) -> bool:
    """Tell whether a piece has a gap at an edge that is wider than between its characters."""
    left = [char for char in piece.chars if char.center_x < edge and not char.text.isspace()]
    right = [char for char in piece.chars if char.center_x >= edge and not char.text.isspace()]
    if not left or not right:
        return False
    gap = min(char.x0 for char in right) - max(char.x1 for char in left)
    return gap > WORD * piece.size
