"""Columns from text: pieces that stand one above the other, and the white between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.aligned.pieces import Level, Piece, split_piece

TOUCH = 1.0
"""Pieces that overlap across by no more than this (points) do not stand above each other."""
FEW_PIECES, SELDOM = 40, 0.08
"""Bands are two columns if their pieces stand side by side twice (in a small table once), and for
this part of the pieces over both."""
SIDE_BY_SIDE = 0.25
"""Pieces stand side by side if they overlap down by this (sizes)."""
NEAR = 60
"""So many pieces before and after one, from top to bottom, may stand beside it."""
MARGIN = 3.0
"""A table reaches this far (points) beyond its text where nothing drawn shows its end."""
SNAP = 2.0
WORD, BETWEEN, FIRST_WIDE = 0.3, 0.12, "\u2e80"
"""Between two full cells there is more white than between characters by this (in sizes); less
between Chinese ones, which stand close in a text."""


Band = tuple[float, float]


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
    pieces = [piece for levels in parts for level in levels for piece in level.pieces]
    pairs = [pair for levels in parts for pair in _side_by_side(levels)]
    bands = _bands(pieces, pairs)
    return Columns(tuple(bands), tuple(_edges(bands, drawn)))


def _side_by_side(levels: Sequence[Level]) -> Iterator[tuple[Piece, Piece]]:
    """Yield pieces with the next one to the right, be it not quite in line."""
    pieces = [piece for level in levels for piece in level.pieces]
    for index, piece in enumerate(pieces):
        beside = [
            other
            for other in pieces[max(0, index - NEAR) : index + NEAR]
            if other.x0 > piece.x1 and _is_beside(piece, other)
        ]
        if beside:
            yield piece, min(beside, key=lambda other: other.x0)


def _is_beside(piece: Piece, other: Piece) -> bool:
    """Tell whether pieces overlap down, or were drawn one after the other."""
    drawn = other.order == piece.order + 1
    return drawn or _overlap_down(piece, other) > SIDE_BY_SIDE * piece.size


def _overlap_down(one: Piece, other: Piece) -> float:
    return min(one.bottom, other.bottom) - max(one.top, other.top)


def _bands(pieces: Sequence[Piece], pairs: Sequence[tuple[Piece, Piece]]) -> list[Band]:
    """Return where columns' text stands: narrow pieces make bands, wider ones widen or join them.

    Pieces over two bands whose pieces stand side by side elsewhere span both, and join none; so do
    all that have their middle together with them.
    """
    bands: list[Band] = []
    together, single = _units(pieces)
    for unit in sorted(together, key=lambda unit: _width(unit[len(unit) // 2])):
        core = unit[: len(unit) // 2 + 1]
        joined = _joined(bands, core, pieces, pairs)
        if joined is not None:
            bands = joined
            single.extend(unit[len(core) :])
    for piece in sorted(single, key=_width):
        bands = _joined(bands, [piece], pieces, pairs) or bands
    return bands


def _joined(
    bands: Sequence[Band],
    unit: Sequence[Piece],
    pieces: Sequence[Piece],
    pairs: Sequence[tuple[Piece, Piece]],
) -> list[Band] | None:
    """Return the bands with some pieces in one of them; None where they span columns."""
    reach = min(piece.x0 for piece in unit), max(piece.x1 for piece in unit)
    over = [band for band in bands if _overlap(reach, band) > TOUCH]
    if any(_apart(a, b, pieces, pairs) for a, b in pairwise(over)):
        return None
    ends = [*reach, *(x for band in over for x in band)]
    return sorted([*(band for band in bands if band not in over), (min(ends), max(ends))])


def _units(pieces: Sequence[Piece]) -> tuple[list[list[Piece]], list[Piece]]:
    """Return the pieces that have one middle together, where more do than begin at one place.

    Texts in the middle of cells of one width have one middle, however long they are; narrow ones
    come first. The others are returned apart.
    """
    middles = Counter(map(_middle, pieces))
    starts = Counter(round(piece.x0) for piece in pieces)
    together: dict[int, list[Piece]] = {}
    single: list[Piece] = []
    for piece in sorted(pieces, key=_width):
        if middles[_middle(piece)] > max(1, starts[round(piece.x0)]):
            together.setdefault(_middle(piece), []).append(piece)
        else:
            single.append(piece)
    return list(together.values()), single


def _width(piece: Piece) -> float:
    return piece.x1 - piece.x0


def _middle(piece: Piece) -> int:
    return round((piece.x0 + piece.x1) / 2)


def _apart(
    left: Band, right: Band, pieces: Sequence[Piece], pairs: Sequence[tuple[Piece, Piece]]
) -> bool:
    """Tell whether pieces in two bands stand side by side often enough to be two columns."""
    beside = sum(_in(one, left) and _in(other, right) for one, other in pairs)
    over = sum(
        min(_overlap((p.x0, p.x1), left), _overlap((p.x0, p.x1), right)) > TOUCH for p in pieces
    )
    return beside >= max(1 if len(pieces) < FEW_PIECES else 2, SELDOM * over)


def _overlap(one: Band, other: Band) -> float:
    return min(one[1], other[1]) - max(one[0], other[0])


def _in(piece: Piece, band: Band) -> bool:
    return band[0] <= (piece.x0 + piece.x1) / 2 <= band[1]


def _edges(bands: Sequence[tuple[float, float]], drawn: Sequence[float]) -> list[float]:
    """Return the edges of columns: a drawn one where there is one, else the middle of the white."""
    gaps = [(left[1], right[0]) for left, right in pairwise(bands)]
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
        cut: tuple[Piece, ...] = (piece,)
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
    last, first = max(left, key=lambda char: char.x1), min(right, key=lambda char: char.x0)
    wide = min(last.text, first.text) >= FIRST_WIDE
    usual = median(b.x0 - a.x1 for a, b in pairwise(piece.chars))
    return first.x0 - last.x1 > max(0.0, usual) + (BETWEEN if wide else WORD) * piece.size
