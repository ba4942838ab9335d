"""Characters become pieces of text on one line, and pieces become levels: what stands in line."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import median
from typing import NamedTuple

from extract.page.lines import GAP
from extract.page.page import Char

GAP_AT_MARK = 0.8
"""So wide may it be beside a mark of punctuation: such fill half of their square."""
MARKS = frozenset("“”‘’《》〈〉（）()、，。；：,.;:!！?？-—")
SEAM, DRAWN_NEAR = 0.12, 6
"""Pieces this near (sizes) in line, drawn one soon after the other, are one."""
SAME_LEVEL = 0.35
"""Middles of pieces in line differ by less than this part of their size."""


class Piece(NamedTuple):
    """A piece of text on one line; ``order`` counts the pieces as they were drawn."""

    chars: tuple[Char, ...]
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    order: int

    @property
    def middle(self) -> float:
        """Return the middle of its height."""
        return (self.top + self.bottom) / 2

    @property
    def text(self) -> str:
        """Return its characters as drawn."""
        return "".join(char.text for char in self.chars)


class Level(NamedTuple):
    """Pieces that stand in line, from left to right."""

    at: float
    pieces: tuple[Piece, ...]


def chars_to_levels(chars: Iterable[Char]) -> list[Level]:
    """Return the levels of a page's upright text, from top to bottom."""
    upright = (char for char in chars if not char.turn)
    runs = filter(None, (_without_outer_spaces(run) for run in _runs(upright)))
    levels = _pieces_to_levels([_piece(run, order) for order, run in enumerate(runs)])
    joined = _without_seams(levels)
    some = len(joined) < sum(len(level.pieces) for level in levels)
    return _pieces_to_levels(joined) if some else levels


def _without_seams(levels: Sequence[Level]) -> list[Piece]:
    """Join pieces without white between them: glyphs of another font may be drawn first."""
    joined: list[Piece] = []
    for level in levels:
        row: list[Piece] = []
        for piece in level.pieces:
            seam = bool(row) and abs(piece.x0 - row[-1].x1) <= SEAM * piece.size
            if seam and abs(piece.order - row[-1].order) <= DRAWN_NEAR:
                chars = (*row[-1].chars, *piece.chars)
                row[-1] = _piece(chars, min(piece.order, row[-1].order))
            else:
                row.append(piece)
        joined.extend(row)
    return sorted(joined, key=lambda piece: piece.order)


def _runs(chars: Iterable[Char]) -> Iterator[list[Char]]:
    run: list[Char] = []
    for char in chars:
        if run and not _goes_on(run[-1], char):
            yield run
            run = []
        run.append(char)
    if run:
        yield run


def _goes_on(last: Char, char: Char) -> bool:
    one, _, top, right, bottom, size, _, _ = last
    other, left, upper, _, lower, larger, _, _ = char
    if larger < size:
        size, larger = larger, size
    gap = left - right
    if not -GAP * size < gap <= GAP * size:
        marked = one in MARKS or other in MARKS
        if not (marked and -GAP_AT_MARK * size < gap <= GAP_AT_MARK * size):
            return False
    return abs((upper + lower) / 2 - (top + bottom) / 2) < larger / 2


def _without_outer_spaces(run: Sequence[Char]) -> Sequence[Char]:
    if run and not run[0].text.isspace() and not run[-1].text.isspace():
        return run
    shown = [index for index, char in enumerate(run) if not char.text.isspace()]
    return list(run[shown[0] : shown[-1] + 1]) if shown else []


def _piece(run: Sequence[Char], order: int) -> Piece:
    _, lefts, tops, rights, bottoms, sizes, *_ = zip(*run, strict=True)
    return Piece(
        tuple(run), min(lefts), min(tops), max(rights), max(bottoms), _median(sorted(sizes)), order
    )


def split_piece(piece: Piece, x: float) -> tuple[Piece, ...]:
    """Part a piece at a place across; a piece that lies on one side of it stays whole."""
    sides = (
        [char for char in piece.chars if char.center_x < x],
        [char for char in piece.chars if char.center_x >= x],
    )
    runs = filter(None, (_without_outer_spaces(side) for side in sides))
    return tuple(_piece(run, piece.order) for run in runs)


def _pieces_to_levels(pieces: Sequence[Piece]) -> list[Level]:
    """Return the levels of some pieces, from top to bottom."""
    groups: list[_Group] = []
    for piece in sorted(pieces, key=attrgetter("middle")):
        if not groups or not groups[-1].goes_on_with(piece):
            groups.append(_Group())
        groups[-1].add(piece)
    return [group.level() for group in groups]


@dataclass(slots=True)
class _Group:
    """A level in the making, whose pieces come by their middles; middles and sizes are sorted."""

    pieces: list[Piece] = field(default_factory=list)
    middles: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        self.pieces.append(piece)
        self.middles.append(piece.middle)
        insort(self.sizes, piece.size)

    def goes_on_with(self, piece: Piece) -> bool:
        size = min(piece.size, _median(self.sizes))
        return piece.middle - _median(self.middles) < SAME_LEVEL * size

    def level(self) -> Level:
        ordered = tuple(sorted(self.pieces, key=attrgetter("x0")))
        return Level(_median(self.middles), ordered)


def _median(ordered: Sequence[float]) -> float:
    """Return the median of numbers that are sorted already."""
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2


def numbered(levels: Sequence[Level]) -> list[Level]:
    """Number the pieces of a table anew in the order of drawing, parts of a piece from the left."""
    pieces = [piece for level in levels for piece in level.pieces]
    drawn = sorted(pieces, key=lambda piece: (piece.order, piece.x0))
    order = {id(piece): number for number, piece in enumerate(drawn)}
    return [
        Level(level.at, tuple(p._replace(order=order[id(p)]) for p in level.pieces))
        for level in levels
    ]


def usual_size(pieces: Sequence[Piece]) -> float:
    """Return the size of most of the type (points); 0 for none."""
    return median([piece.size for piece in pieces]) if pieces else 0.0


def ends_of(levels: Sequence[Level]) -> tuple[float, float]:
    """Return where the text of levels begins and ends across."""
    pieces = [piece for level in levels for piece in level.pieces]
    return min(piece.x0 for piece in pieces), max(piece.x1 for piece in pieces)
