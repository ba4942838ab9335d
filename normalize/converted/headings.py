"""Headings of converted tables: printed again on every page, sometimes cut, sometimes too low.

Works on the resolved rows: joins what is one heading printed several times, and doubts the rows
above a heading that may already be its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import log

from common.fold import clean
from normalize.converted.costs import ColumnPlan, key, odds
from normalize.converted.resolved import ResolvedCell, ResolvedRow
from normalize.converted.row import Reading
from normalize.converted.row_prior import Row
from normalize.model.doubt import Doubt, doubt
from schemas.vocabulary import Severity


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its reading and what it was resolved to."""

    row: Row
    reading: Reading
    cells: ResolvedRow


def settle_headings(plan: ColumnPlan, lines: Sequence[Line]) -> list[Line]:
    """Join reprinted and cut headings, fill the top rows, doubt rows above a late heading."""
    table = [list(line.cells) for line in lines]
    for column in plan.headings:
        _fill_top(column, lines, table)
        _join_cut(column, lines, table)
    for depth, column in enumerate(plan.headings):
        _doubt_late(plan, column, lines, table)
        _join_equal(plan.headings[: depth + 1], table)
    _doubt_two_levels(plan, table)
    return [replace(line, cells=tuple(cells)) for line, cells in zip(lines, table, strict=True)]


def _fill_top(column: int, lines: Sequence[Line], table: list[list[ResolvedCell]]) -> None:
    """Rows before the first printed heading can only be its own."""
    first = next((r for r, line in enumerate(lines) if line.reading.filled(column)), None)
    if first is None:
        return
    heading = table[first][column]
    late = doubt("heading_ambiguous.late", ("",), text=clean(heading.text))
    for row in range(first):
        table[row][column] = heading.doubted(late)


def _join_cut(column: int, lines: Sequence[Line], table: list[list[ResolvedCell]]) -> None:
    """Where a heading continues on another page with its name cut, the longer name is meant."""
    prints = [r for r, line in enumerate(lines) if line.reading.filled(column)]
    blocks = _blocks(column, prints, table)
    for one, other in pairwise(blocks):
        short, long = sorted((table[one[0]][column].text, table[other[0]][column].text), key=_size)
        if len(key(short)) < 2 or not key(long).startswith(key(short)):
            continue
        if lines[one[0]].row.part == lines[other[0]].row.part:
            _doubt_cut(column, _rows_of(short, column, (one, other), prints, table), long, table)
            continue
        whole = one if key(table[one[0]][column].text) == key(long) else other
        sure = len(whole) > 1
        for row in _covered(one[0], other[-1], prints, len(table)):
            cell = table[row][column]
            if key(cell.text) in (key(short), key(long)):
                cut = _cut_name(long, short, sure=sure)
                table[row][column] = replace(cell, text=long).doubted(cut)


def _rows_of(
    name: str,
    column: int,
    blocks: tuple[Sequence[int], Sequence[int]],
    prints: Sequence[int],
    table: list[list[ResolvedCell]],
) -> list[int]:
    """Return the rows between two neighbouring blocks' beginning and end that have a name."""
    rows = _covered(blocks[0][0], blocks[1][-1], prints, len(table))
    return [row for row in rows if key(table[row][column].text) == key(name)]


def _doubt_cut(
    column: int, rows: Sequence[int], long: str, table: list[list[ResolvedCell]]
) -> None:
    """Doubt a heading that may be its page's neighbour with its name cut."""
    for row in rows:
        cell = table[row][column]
        perhaps = doubt("heading_cut.perhaps", (long,), short=clean(cell.text), long=clean(long))
        table[row][column] = cell.doubted(perhaps)


def _size(text: str) -> int:
    return len(key(text))


def _blocks(column: int, prints: Sequence[int], table: list[list[ResolvedCell]]) -> list[list[int]]:
    """Group the rows where a heading is printed by equal neighbouring names."""
    blocks: list[list[int]] = []
    for row in prints:
        if blocks and key(table[blocks[-1][-1]][column].text) == key(table[row][column].text):
            blocks[-1].append(row)
        else:
            blocks.append([row])
    return blocks


def _covered(first: int, last: int, prints: Sequence[int], count: int) -> range:
    after = [row for row in prints if row > last]
    return range(first, after[0] if after else count)


def _doubt_two_levels(plan: ColumnPlan, table: list[list[ResolvedCell]]) -> None:
    """Doubt a name that is a heading of two levels, in rows apart: one of them was shifted."""
    places: dict[str, dict[int, set[int]]] = {}
    for row, cells in enumerate(table):
        for column in plan.headings:
            if name := key(cells[column].text):
                places.setdefault(name, {}).setdefault(column, set()).add(row)
    for levels in places.values():
        if len(levels) < 2 or set.intersection(*levels.values()):
            continue
        between = range(min(levels), max(levels) + 1)
        for column, rows in levels.items():
            for row in rows:
                text = clean(table[row][column].text)
                unsure = doubt("heading_ambiguous.two_levels", (text,), text=text)
                for each in between:
                    table[row][each] = table[row][each].doubted(unsure)


def _join_equal(columns: Sequence[int], table: list[list[ResolvedCell]]) -> None:
    """Give neighbouring rows of one heading (and of one heading above it) one key."""
    column = columns[-1]
    start = 0
    for row in range(1, len(table) + 1):
        if row < len(table) and all(
            key(table[row][c].text) == key(table[start][c].text) for c in columns
        ):
            continue
        _unite(column, table, range(start, row))
        start = row


def _unite(column: int, table: list[list[ResolvedCell]], rows: range) -> None:
    sources = tuple(dict.fromkeys(source for row in rows for source in table[row][column].sources))
    key = table[rows.start][column].key
    for row in rows:
        table[row][column] = replace(table[row][column], key=key, sources=sources)


def _doubt_late(
    plan: ColumnPlan, column: int, lines: Sequence[Line], table: list[list[ResolvedCell]]
) -> None:
    """Doubt rows above a new heading where this document prints headings below their first row."""
    if not lines:
        return
    inside, at_break = _off_top_odds(plan, column, lines, table)
    for row in range(1, len(lines)):
        if not _is_new(column, row, lines, table):
            continue
        start = row
        while start and not lines[start - 1].reading.filled(column) and not lines[start].row.first:
            start -= 1
        free = _free_rows(plan, column, lines, (start, row))
        whole_page = free.start == start and lines[start].row.first
        chance = max(inside, at_break) if whole_page else inside
        if log((1 - chance) / chance) >= odds("doubt", "warn"):
            continue
        name = table[row][column].text
        for above in free:
            cell = table[above][column]
            table[above][column] = cell.doubted(
                doubt(
                    "heading_ambiguous.late_or_below",
                    (name,),
                    text=clean(cell.text),
                    below=clean(name),
                )
            )


def _is_new(column: int, row: int, lines: Sequence[Line], table: list[list[ResolvedCell]]) -> bool:
    return lines[row].reading.filled(column) and key(table[row][column].text) != key(
        table[row - 1][column].text
    )


def _free_rows(plan: ColumnPlan, column: int, lines: Sequence[Line], gap: tuple[int, int]) -> range:
    """The last rows of the gap that nothing ties to the heading before.

    A row without its own points is tied to the row above, and a row where no deeper heading is
    printed has the deeper heading of the row above, with all that is over it.
    """
    deeper = [c for c in plan.headings if c > column]
    for row in range(*gap):
        reading = lines[row].reading
        own = plan.points is None or reading.filled(plan.points)
        if own and (not deeper or any(reading.filled(c) for c in deeper)):
            return range(row, gap[1])
    return range(gap[1], gap[1])


def _off_top_odds(
    plan: ColumnPlan, column: int, lines: Sequence[Line], table: list[list[ResolvedCell]]
) -> tuple[float, float]:
    """Return how likely a heading is printed below its first row, inside a page and at its top.

    Evidence: a heading in a row without points of its own cannot be in its first row; the
    table's very first row either has its heading or not.
    """
    points = plan.points
    grouped = [points is not None and not line.reading.filled(points) for line in lines]
    share = sum(grouped) / len(grouped)
    new = [row for row in range(1, len(lines)) if _is_new(column, row, lines, table)]
    late = sum(grouped[row] for row in new)
    at_top = bool(lines[0].reading.filled(column))
    rate = [
        _posterior(prior, (len(new) - late, late, share), at_top=at_top)
        for prior in (odds("heading", "off_top_inside"), odds("heading", "printed_off_top"))
    ]
    begins = odds("heading", "begins_at_break")
    weight = begins * rate[1]
    return rate[0], weight / (weight + (1 - begins))


def _posterior(prior: float, seen: tuple[int, int, float], *, at_top: bool) -> float:
    """Return the rate of late headings after the evidence; the prior weighs two observations.

    A heading in a row with points of its own is only that much evidence as there are rows
    without any.
    """
    right, late, share = seen
    against = right * share + at_top
    lates = 2 * prior + late + (not at_top)
    return lates / (2 + late + (not at_top) + against)


def _cut_name(long: str, short: str, *, sure: bool) -> Doubt:
    severity = Severity.INFO if sure else Severity.WARNING
    return doubt(
        "heading_cut.joined", (short,), severity=severity, short=clean(short), long=clean(long)
    )
