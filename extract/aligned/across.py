"""Blanks beside a text in its row: parts of a cell over several columns, or blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from extract.aligned.cells import Place
from extract.aligned.columns import Columns
from extract.aligned.pieces import Piece

CENTERED = 0.6
"""A text stands in the middle of its columns if it is off by no more than this (sizes)."""


class Beside:
    """Which blanks may belong to the text beside them: only where columns are spanned elsewhere."""

    def __init__(
        self,
        group: Mapping[int, int],
        single: Mapping[int, Sequence[Piece]],
        spans: Sequence[Place],
        of_row: Mapping[int, int],
    ) -> None:
        self.group = group
        self.from_left = _from_left(single)
        filled = {
            (of_row[piece.order], column) for column, pieces in single.items() for piece in pieces
        }
        spanned = {
            (span.row0, column) for span in spans for column in range(span.column0, span.column1)
        }
        self._taken = filled | spanned
        self._rows = set(of_row.values())

    def rows(self, column: int) -> frozenset[int]:
        """Return the rows in which a blank in a column may belong to a text beside it."""
        steps = (-1,) if self.from_left else (-1, 1)
        return frozenset(
            row
            for row in self._rows
            if (row, column) not in self._taken
            and any(self._reaches_text(row, column, step) for step in steps)
        )

    def _reaches_text(self, row: int, column: int, step: int) -> bool:
        at = column + step
        while self.group.get(at) == self.group[column]:
            if (row, at) in self._taken:
                return True
            at += step
        return False


def spanned_together(columns: Columns, pieces: Iterable[Piece]) -> dict[int, int]:
    """Return a number for each column, the same for columns that some text spans together."""
    group = {column: column for column in range(len(columns.bands))}
    for first, last in map(columns.over, pieces):
        if last - first > 1:
            joined = {group[column] for column in range(first, last)}
            group.update({c: group[first] for c in group if group[c] in joined})
    return group


def _from_left(single: Mapping[int, Sequence[Piece]]) -> bool:
    """Tell whether texts begin at the left of their cells rather than stand in the middle."""
    votes = 0
    for pieces in single.values():
        if len(pieces) > 2:
            starts, middles = [p.x0 for p in pieces], [(p.x0 + p.x1) / 2 for p in pieces]
            votes += 1 if _spread(starts) < _spread(middles) else -1
    return votes > 0


def _spread(values: Sequence[float]) -> float:
    middle = median(values)
    return sum(abs(value - middle) for value in values)


def joined_across(places: Sequence[Place], columns: Columns, beside: Beside) -> list[Place]:
    """Return the cells, those over several columns with the blanks that belong to them."""
    owner = {
        (row, column): place
        for place in places
        for row in range(place.row0, place.row1)
        for column in range(place.column0, place.column1)
    }
    found: list[Place] = []
    gone: set[int] = set()
    for place in sorted(places, key=lambda p: (p.row0, p.column0)):
        if place.pieces:
            wide, blanks = _widened(place, owner, columns, beside)
            gone.update(map(id, blanks))
            found.append(wide)
    found.extend(place for place in places if not place.pieces and id(place) not in gone)
    return headed(found, columns)


def headed(places: Sequence[Place], columns: Columns) -> list[Place]:
    """Let the headings in the first row cover the blanks beside them, names of columns below.

    Such are those beside one that visibly stands over several columns. One after the other they
    end where they stand in the middle, and together they cover what lies between the names that
    reach down to the last header row.
    """
    first = sorted((place for place in places if place.row0 == 0), key=lambda p: p.column0)
    gone: list[Place] = []
    wide: list[Place] = []
    for run in _runs(first):
        headings = [place for place in run if place.pieces]
        if len(headings) == len(run) or not _one_is_wide(headings):
            continue
        gone += run
        wide += _end_to_end(headings, (run[0].column0, run[-1].column1), columns)
    return [*(place for place in places if not any(place is g for g in gone)), *wide]


def _one_is_wide(headings: Sequence[Place]) -> bool:
    """Tell whether one of several headings stands over several columns, and none over another."""
    apart = all(one.column1 <= other.column0 for one, other in pairwise(headings))
    return apart and any(place.column1 - place.column0 > 1 for place in headings)


def _runs(first: Sequence[Place]) -> list[list[Place]]:
    """Return the runs of blanks and texts in the first row that reach no lower.

    Where none reaches lower the first row is no header over others, and there is no run.
    """
    if not any(place.row1 > 1 for place in first):
        return []
    runs: list[list[Place]] = [[]]
    for place in first:
        if place.row1 == 1:
            runs[-1].append(place)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _end_to_end(
    headings: Sequence[Place], reach: tuple[int, int], columns: Columns
) -> Iterator[Place]:
    """Yield headings that cover a reach of columns together, each where it is in the middle."""
    start, end = reach
    for place, after in zip(headings, [*headings[1:], None], strict=True):
        ends = range(place.column1, after.column0 + 1) if after else (end,)
        off, last = min((_off(place, start, last, columns), last) for last in ends)
        sure = off <= place.pieces[0].size
        yield replace(place, column0=start, column1=last, doubt=place.doubt if sure else "extent")
        start = last


def _off(place: Place, first: int, last: int, columns: Columns) -> float:
    """Return how far a text is off the middle of the columns from ``first`` to before ``last``."""
    middle = (min(p.x0 for p in place.pieces) + max(p.x1 for p in place.pieces)) / 2
    return abs((columns.edges[first] + columns.edges[last]) / 2 - middle)


def _widened(
    place: Place, owner: dict[tuple[int, int], Place], columns: Columns, beside: Beside
) -> tuple[Place, list[Place]]:
    left = _blanks(place, owner, -1, beside)
    right = _blanks(place, owner, 1, beside)
    before, after = _in_the_middle(place, len(left), len(right), columns)
    if beside.from_left and not before:
        before, after = 0, len(right)
    taken = [*left[:before], *right[:after]]
    if not taken:
        return place, []
    sure = _is_sure(place, (len(left), len(right)), (before, after), beside)
    wide = replace(
        place,
        column0=place.column0 - before,
        column1=place.column1 + after,
        doubt=place.doubt if sure else "extent",
    )
    return wide, [blank for column in taken for blank in column]


def _is_sure(place: Place, blanks: tuple[int, int], taken: tuple[int, int], beside: Beside) -> bool:
    """Tell whether a text that visibly spans columns and stands in their middle leaves no blank."""
    return place.column1 - place.column0 > 1 and blanks == taken and not beside.from_left


def _blanks(
    place: Place, owner: dict[tuple[int, int], Place], step: int, beside: Beside
) -> list[list[Place]]:
    """Return the columns beside a cell, of its group, that are blank in its rows, nearest first."""
    found: list[list[Place]] = []
    column = place.column0 - 1 if step < 0 else place.column1
    while beside.group.get(column) == beside.group[place.column0]:
        others = [owner.get((row, column)) for row in range(place.row0, place.row1)]
        blanks = [other for other in others if other is not None and _is_blank_of(other, place)]
        if len(blanks) < len(others):
            break
        found.append(blanks)
        column += step
    return found


def _is_blank_of(other: Place, place: Place) -> bool:
    return not other.pieces and place.row0 <= other.row0 and other.row1 <= place.row1


def _in_the_middle(place: Place, left: int, right: int, columns: Columns) -> tuple[int, int]:
    """Return how many blanks left and right make the text stand in the middle of its columns."""

    def off(reach: tuple[int, int]) -> float:
        return _off(place, place.column0 - reach[0], place.column1 + reach[1], columns)

    reaches = [(a, b) for a in range(left + 1) for b in range(right + 1)]
    best = min(off(reach) for reach in reaches)
    size = place.pieces[0].size
    near = [reach for reach in reaches if off(reach) <= best + CENTERED * size]
    return max(near, key=sum)
