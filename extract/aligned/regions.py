"""Where on a page tables stand: runs of levels with several pieces side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from statistics import median

from extract.aligned.pieces import Level, Piece, ends_of, usual_size
from extract.page.page import Mark, Rule

SIDE_BY_SIDE = 3
"""A level of a table has at least so many pieces; levels with fewer stand between such."""
FEWEST_LEVELS = 3
APART = 3.5
"""Levels of one table lie at most this far apart (sizes), or not much farther than most of them."""
LARGE = 1.25
"""Type larger than this part of the table's is a title's."""
WIDE = 0.7
"""A drawn rule across this part of a table's width is its first or last one."""
SAME_RULE = 0.5
"""Rules no farther apart (points) are one."""
IN_THE_MIDDLE = 0.8
"""A heading stands so near (sizes) to the middle of the columns under it."""
TITLE = 2.0
"""A title stands so near (sizes) to the middle of its table's text."""
FAR_BELOW = 12.0
"""Its last rule is drawn no farther (sizes) below the text above it."""
NEXT_LINE = 1.7
"""A line that belongs to the cell above it follows within this (sizes)."""


def find_regions(levels: Sequence[Level], rules: Sequence[Rule]) -> list[list[Level]]:
    """Return the levels of each table of a page."""
    runs = _runs(levels)
    return [_with_ends(run, levels, rules) for run in runs]


def _runs(levels: Sequence[Level]) -> list[list[Level]]:
    """Return runs of levels that begin and end with pieces side by side, title lines apart."""
    dense = [level for level in levels if _is_dense(level)]
    if len(dense) < FEWEST_LEVELS:
        return []
    size = _size(dense)
    farthest = max(APART * size, 1.8 * median(b.at - a.at for a, b in pairwise(dense)))
    runs: list[list[Level]] = [[]]
    for level in levels:
        if _is_title(level, size) or (runs[-1] and level.at - runs[-1][-1].at > farthest):
            runs.append([])
        if not _is_title(level, size):
            runs[-1].append(level)
    return [run for run in map(_within_dense, runs) if _is_table(run)]


def _within_dense(run: Sequence[Level]) -> list[Level]:
    """Return the levels from the first to the last dense one."""
    places = [index for index, level in enumerate(run) if _is_dense(level)]
    return list(run[places[0] : places[-1] + 1]) if places else []


def _is_dense(level: Level) -> bool:
    return len(level.pieces) >= SIDE_BY_SIDE


def _size(levels: Sequence[Level]) -> float:
    return usual_size([piece for level in levels for piece in level.pieces])


def _is_title(level: Level, size: float) -> bool:
    return len(level.pieces) == 1 and level.pieces[0].size > LARGE * size


def _is_table(run: Sequence[Level]) -> bool:
    return sum(map(_is_dense, run)) >= FEWEST_LEVELS


def _with_ends(run: list[Level], levels: Sequence[Level], rules: Sequence[Rule]) -> list[Level]:
    """Add what belongs to a table above and below its first and last dense level."""
    wide = _wide_rules(run, rules)
    over = [level for level in levels if level.at < run[0].at]
    under = [level for level in levels if level.at > run[-1].at]
    return [*_above(over, run, wide), *run, *_below(under, run, wide)]


def _wide_rules(run: Sequence[Level], rules: Sequence[Rule]) -> list[float]:
    """Return the heights of drawn rules across most of a table's width."""
    left, right = ends_of(run)
    covered: dict[float, float] = {}  # a browser draws the rule over each cell apart
    for rule in rules:
        if rule.horizontal and rule.mark > Mark.FILL_EDGE:
            at = next((known for known in covered if abs(known - rule.at) < SAME_RULE), rule.at)
            inside = max(0.0, min(rule.end, right) - max(rule.start, left))
            covered[at] = covered.get(at, 0.0) + inside
    return [at for at, length in covered.items() if length >= WIDE * (right - left)]


def _above(levels: Sequence[Level], run: Sequence[Level], wide: Sequence[float]) -> list[Level]:
    """Return the levels over a table's first dense one that belong to it."""
    size = _size(run)
    over = [at for at in wide if run[0].at - 4 * size < at < run[0].at]
    if over:
        return [level for level in levels if level.at > min(over)]
    near = max(NEXT_LINE * size, 1.3 * median(b.at - a.at for a, b in pairwise(run)))
    found: list[Level] = []
    for level in reversed(levels):
        below = [*found, *run]
        if below[0].at - level.at > near or not _belongs_above(level, below, size):
            break
        found.insert(0, level)
    return found


def _belongs_above(level: Level, below: Sequence[Level], size: float) -> bool:
    """Tell whether a level is of the header; a line alone in the middle of the table is a title's.

    A heading of some columns that is kept out is still read; a title in the header hides its names.
    """
    if len(level.pieces) == 1 and _is_in_the_middle(level.pieces[0], below, size):
        return False
    return all(
        _heads(piece, below, size) or _goes_on_below(piece, below) or _reaches_down(piece, below)
        for piece in level.pieces
    )


def _is_in_the_middle(piece: Piece, below: Sequence[Level], size: float) -> bool:
    left, right = ends_of(below)
    return abs(left + right - piece.x0 - piece.x1) / 2 < TITLE * size


def _reaches_down(piece: Piece, below: Sequence[Level]) -> bool:
    """Tell whether a piece names the one column under it, beside the names of all others.

    Such a name stands in the middle of all rows of the header: none is below it in the last.
    """
    names, body = below[0], below[1:]
    beside = not any(piece.x0 < p.x1 and p.x0 < piece.x1 for p in names.pieces)
    under = [_columns_under(piece, level) for level in body if len(level.pieces) >= SIDE_BY_SIDE]
    return beside and _is_dense(names) and under.count(1) > len(under) / 2 and max(under) == 1


def _heads(piece: Piece, below: Sequence[Level], size: float) -> bool:
    """Tell whether a piece over a table heads several of its columns: it stands in their middle."""
    middle = (piece.x0 + piece.x1) / 2
    return piece.size <= LARGE * size and any(
        abs((one.x0 + other.x1) / 2 - middle) < IN_THE_MIDDLE * size
        and one.x0 <= piece.x0
        and piece.x1 <= other.x1
        for level in below
        for one, other in combinations(level.pieces, 2)
        if (one, other) != (level.pieces[0], level.pieces[-1])
    )


def _goes_on_below(piece: Piece, below: Sequence[Level]) -> bool:
    """Tell whether the next line under a piece stands right under it alone."""
    under = [
        other
        for level in below
        for other in level.pieces
        if piece.x0 < other.x1 and other.x0 < piece.x1
    ]
    return bool(under) and (
        under[0].middle - piece.middle < NEXT_LINE * piece.size
        and abs(under[0].x0 + under[0].x1 - piece.x0 - piece.x1) < piece.size
    )


def _below(levels: Sequence[Level], run: Sequence[Level], wide: Sequence[float]) -> list[Level]:
    """Return the levels under a table's last dense one that belong to it."""
    size = _size(run)
    floor = max((at for at in wide if at > run[-1].at), default=None)
    found: list[Level] = []
    for level in levels:
        step = level.at - [*run, *found][-1].at
        if floor is None:
            belongs = step <= NEXT_LINE * size and _goes_on(level, run)
        else:
            belongs = level.at < floor and step < FAR_BELOW * size
        if not belongs:
            break
        found.append(level)
    return found


def _goes_on(level: Level, run: Sequence[Level]) -> bool:
    """Tell whether a level may be the next lines of the last row: each in one column."""
    over = [p for above in run[-6:] if len(above.pieces) >= SIDE_BY_SIDE for p in above.pieces]
    return all(_columns_under(piece, run[-1]) <= 1 for piece in level.pieces) and all(
        any(piece.x0 < p.x1 and p.x0 < piece.x1 for p in over) for piece in level.pieces
    )


def _columns_under(piece: Piece, level: Level) -> int:
    return sum(piece.x0 < p.x1 and p.x0 < piece.x1 for p in level.pieces)
