"""Where on a page tables stand: runs of levels with several pieces side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from statistics import median

from extract.aligned.pieces import Level, Piece, usual_size
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
IN_THE_MIDDLE = 0.8
"""A heading stands so near (sizes) to the middle of the columns under it."""
NEXT_LINE = 1.7
"""A line that belongs to the cell above it follows within this (sizes)."""


def find_regions(levels: Sequence[Level], rules: Sequence[Rule]) -> list[list[Level]]:
    """Return the levels of each table of a page."""
    runs = _runs(levels)
    return [_with_ends(run, levels, rules) for run in runs]


def _runs(levels: Sequence[Level]) -> list[list[Level]]:
    """Return runs of levels that begin and end with pieces side by side, title lines apart."""
    dense = [level for level in levels if len(level.pieces) >= SIDE_BY_SIDE]
    if len(dense) < FEWEST_LEVELS:
        return []
    size = usual_size([piece for level in dense for piece in level.pieces])
    steps = [b.at - a.at for a, b in pairwise(dense)]
    farthest = max(APART * size, 1.8 * median(steps))
    runs: list[list[Level]] = []
    open_run: list[Level] = []
    waiting: list[Level] = []
    for level in levels:
        if open_run and (
            level.at - (waiting or open_run)[-1].at > farthest or _is_title(level, size)
        ):
            runs.append(open_run)
            open_run, waiting = [], []
        if len(level.pieces) >= SIDE_BY_SIDE:
            open_run = [*open_run, *waiting, level]
            waiting = []
        elif open_run:
            waiting.append(level)
    runs.append(open_run)
    return [run for run in runs if _is_table(run)]


def _is_title(level: Level, size: float) -> bool:
    return len(level.pieces) == 1 and level.pieces[0].size > LARGE * size


def _is_table(run: Sequence[Level]) -> bool:
    return sum(len(level.pieces) >= SIDE_BY_SIDE for level in run) >= FEWEST_LEVELS


def _with_ends(run: list[Level], levels: Sequence[Level], rules: Sequence[Rule]) -> list[Level]:
    """Add what belongs to a table above and below its first and last dense level."""
    left = min(piece.x0 for level in run for piece in level.pieces)
    right = max(piece.x1 for level in run for piece in level.pieces)
    wide = [
        rule
        for rule in rules
        if rule.horizontal
        and rule.mark > Mark.FILL_EDGE
        and min(rule.end, right) - max(rule.start, left) >= WIDE * (right - left)
    ]
    first = next(i for i, level in enumerate(levels) if level is run[0])
    last = next(i for i, level in enumerate(levels) if level is run[-1])
    return [
        *_above(levels[:first], run, wide),
        *run,
        *_below(levels[last + 1 :], run, wide),
    ]


def _above(levels: Sequence[Level], run: Sequence[Level], wide: Sequence[Rule]) -> list[Level]:
    """Return the levels over a table's first dense one that belong to it."""
    size = usual_size([piece for level in run for piece in level.pieces])
    over = [rule.at for rule in wide if run[0].at - 4 * size < rule.at < run[0].at]
    if over:
        return [level for level in levels if level.at > min(over)]
    steps = [b.at - a.at for a, b in pairwise(run)]
    near = max(NEXT_LINE * size, 1.3 * median(steps))
    found: list[Level] = []
    for level in reversed(levels):
        below = [*found, *run]
        heads = all(_heads(piece, below[:3], size) for piece in level.pieces)
        if below[0].at - level.at > near or not heads:
            break
        found.insert(0, level)
    return found


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


def _below(levels: Sequence[Level], run: Sequence[Level], wide: Sequence[Rule]) -> list[Level]:
    """Return the levels under a table's last dense one that belong to it."""
    size = usual_size([piece for level in run for piece in level.pieces])
    end = run[-1].at
    under = [rule.at for rule in wide if rule.at > end]
    found: list[Level] = []
    for level in levels:
        if under and level.at < max(under) and level.at - end < 12 * size:
            found.append(level)
        elif not under and level.at - end <= NEXT_LINE * size and _goes_on(level, run):
            found.append(level)
        else:
            break
        end = level.at
    return found


def _goes_on(level: Level, run: Sequence[Level]) -> bool:
    """Tell whether a level may be the next lines of the last row: each in one column."""
    over = [p for above in run[-6:] if len(above.pieces) >= SIDE_BY_SIDE for p in above.pieces]
    return all(_columns_under(piece, run[-1]) <= 1 for piece in level.pieces) and all(
        any(piece.x0 < p.x1 and p.x0 < piece.x1 for p in over) for piece in level.pieces
    )


def _columns_under(piece: Piece, level: Level) -> int:
    return sum(piece.x0 < p.x1 and p.x0 < piece.x1 for p in level.pieces)
