"""Rows that are headings though they are printed like items: 一、 above 1. 2. 3., with their sum.

Two things show it. The ordinals: a row numbered 一、 whose next row has a deeper style is over it,
if its points are the sum of the rows below or nothing is to be reached in it. And the sums alone:
where rows of points and the rows that add up to them take turns through the whole table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.numbers import same

_EVEN = 100.0
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """What shows whether a printed row is a heading.

    ``style`` is that of its ordinal (None: it has none, or shares it with other rows), ``points``
    are the row's own numbers, one a points column (None: no plain number; 0: it shares the cell
    above). ``single``: one level column alone names it. ``bare``: no target is printed in it.
    ``barrier``: a heading across the table, under which everything begins anew.
    """

    style: int | None
    points: tuple[float | None, ...]
    single: bool
    bare: bool
    barrier: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The rows that are headings; ``unsure`` are those that may be items all the same.

    ``open`` are items that stand like headings, and whose points are no sum of the rows below.
    """

    headings: frozenset[int]
    unsure: frozenset[int] = frozenset()
    open: frozenset[int] = frozenset()


def outline_of(rows: Sequence[OutlineRow]) -> Outline:
    """Find the rows that are headings of the rows below them."""
    numbered = _by_ordinals(rows)
    if numbered.headings:
        return numbered
    summed = _bare_sums(rows)
    if summed:
        return Outline(frozenset(summed))
    turns = frozenset(_turns(rows))
    whole = sum(rows[i].points[-1] or 0.0 for i in turns)
    return Outline(turns, frozenset() if same(whole, _EVEN) else turns)


def _by_ordinals(rows: Sequence[OutlineRow]) -> Outline:
    """Find the rows whose ordinals are of an outer style than that of the row below."""
    order = _styles(rows)
    under = {i: _under(rows, i, order) for i in range(len(rows)) if _stands_over(rows, i, order)}
    found: set[int] = set()
    for i in sorted(under, reverse=True):
        if rows[i].bare or _points_fit(rows, i, under[i], found):
            found.add(i)
    left = {i for i in under if i not in found and _gives_points(rows, under[i])}
    like = {i for i in left if _mostly(found, left, rows, i)}
    return Outline(frozenset(found | like), open=frozenset(left - like))


def _gives_points(rows: Sequence[OutlineRow], under: range) -> bool:
    """Tell whether rows print points of their own: what shares a cell above is one item with it."""
    return any(value for k in under for value in rows[k].points)


def _mostly(found: set[int], left: set[int], rows: Sequence[OutlineRow], i: int) -> bool:
    """Tell whether most rows of a row's style are headings for sure."""
    alike = [sum(rows[k].style == rows[i].style for k in some) for some in (found, left)]
    return alike[0] > alike[1]


def _styles(rows: Sequence[OutlineRow]) -> Mapping[int | None, int]:
    """Return the depth of each style of ordinals: styles nest in the order of their first use."""
    used = dict.fromkeys(row.style for row in rows if not row.barrier)
    styles = [style for style in used if style is not None]
    return {**{style: depth for depth, style in enumerate(styles)}, None: len(styles)}


def _stands_over(rows: Sequence[OutlineRow], i: int, order: Mapping[int | None, int]) -> bool:
    """Tell whether a row may be over the one below it, by the styles of their ordinals."""
    if i + 1 == len(rows) or rows[i].style is None or not rows[i].single:
        return False
    here, below = rows[i], rows[i + 1]
    return not (here.barrier or below.barrier) and order[below.style] > order[here.style]


def _under(rows: Sequence[OutlineRow], i: int, order: Mapping[int | None, int]) -> range:
    """Return the rows under a row: up to the next one of its style or an outer one."""
    end = i + 1
    while end < len(rows) and not rows[end].barrier:
        if order[rows[end].style] <= order[rows[i].style]:
            break
        end += 1
    return range(i + 1, end)


def _points_fit(rows: Sequence[OutlineRow], i: int, under: range, headings: set[int]) -> bool:
    """Tell whether a row prints the points of the items under it together."""
    items = [rows[k].points for k in under if k not in headings]
    printed = [(c, value) for c, value in enumerate(rows[i].points) if value is not None]
    return bool(printed) and all(_is_sum(v, [each[c] for each in items]) for c, v in printed)


def _is_sum(value: float, parts: Sequence[float | None]) -> bool:
    return bool(parts) and same(value, sum(part or 0.0 for part in parts))


def _bare_sums(rows: Sequence[OutlineRow]) -> list[int]:
    """Find the rows without a target whose points are the sum of the rows up to the next such."""
    bare = [i for i, row in enumerate(rows) if row.bare and row.single and not row.barrier]
    ends = [i for i, row in enumerate(rows) if row.bare or row.barrier]
    found = []
    for i in bare:
        end = next((stop for stop in ends if stop > i), len(rows))
        if _adds_up(rows[i], rows[i + 1 : end]):
            found.append(i)
    return found


def _adds_up(row: OutlineRow, under: Sequence[OutlineRow]) -> bool:
    whole = row.points[-1] if row.points else None
    return bool(whole) and _is_sum(whole or 0.0, [each.points[-1] for each in under])


def _turns(rows: Sequence[OutlineRow]) -> list[int]:
    """Find the headings where sums and the rows that add up to them fill the whole table."""
    if any(row.barrier or not (row.single and row.points) for row in rows):
        return []
    found: list[int] = []
    at = 0
    while at < len(rows):
        end = _end_of_sum(rows, at)
        if end is None:
            return []
        found.append(at)
        at = end
    items = len(rows) - len(found)
    return found if len(found) >= _FEWEST and items >= _FEWEST * len(found) else []


def _end_of_sum(rows: Sequence[OutlineRow], at: int) -> int | None:
    """Return the row behind those that add up to a row's points, None where none do."""
    whole = rows[at].points[-1] if rows[at].points else None
    left = whole or 0.0
    for end in range(at + 1, len(rows)):
        part = rows[end].points[-1]
        if part is None or left <= 0:
            return None
        left -= part
        if same(left, 0.0):
            return end + 1
    return None
