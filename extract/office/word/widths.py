"""Which columns the cells of a Word table lie in: by their spans, or by how wide they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from extract.files.package import Element, attribute, child
from extract.office.word.elements import children, value, whole

_MAX_SPAN = 1000
_SLACK = 60
"""A cell may end so far (a twentieth of a point) from a column's edge and still end with it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell with the first of its columns (1-based) and how many it covers.

    ``undrawn`` is 'width' where spans and widths contradict each other.
    """

    cell: Element
    column: int
    span: int
    undrawn: str | None = None


def placed(
    table: Element, rows: Sequence[Sequence[Element]], properties: Sequence[Element | None]
) -> list[list[Slot]]:
    """Return each row's cells in their columns.

    Spans say where cells lie. A row that by them ends elsewhere than the others lies as wide as
    its cells are, if their edges are those of the table's columns; else its cells are in doubt.
    """
    by_span = [_by_span(*row) for row in zip(rows, properties, strict=True)]
    ends = Counter(end for end, _ in by_span)
    usual = ends.most_common(1)[0][0] if ends else 0
    edges = _edges(table)
    if len(edges) != usual + 1 or ends[usual] * 2 <= len(rows):
        return [slots for _, slots in by_span]
    return [
        slots if end == usual else _settled(slots, before, edges)
        for (end, slots), before in zip(by_span, properties, strict=True)
    ]


def _by_span(cells: Sequence[Element], properties: Element | None) -> tuple[int, list[Slot]]:
    """Return in which column a row ends by its spans, and its cells."""
    column = 1 + _count(properties, "gridBefore", 0)
    slots: list[Slot] = []
    for cell in cells:
        span = _count(child(cell, "tcPr"), "gridSpan", 1)
        slots.append(Slot(cell, column, span))
        column += span
    return column - 1 + _count(properties, "gridAfter", 0), slots


def _settled(slots: Sequence[Slot], properties: Element | None, edges: Sequence[int]) -> list[Slot]:
    """Return a row's cells by their widths; in doubt where these fit no columns."""
    widths = [_width(child(slot.cell, "tcPr"), "tcW") for slot in slots]
    if None in widths:
        beyond = len(slots) > 1 and slots[-1].column + slots[-1].span > len(edges)
        return _in_doubt(slots) if beyond else list(slots)
    ends = accumulate((width or 0 for width in widths), initial=_before(properties, edges))
    known = [at for edge in ends if (at := _column(edge, edges)) is not None]
    if len(known) != len(slots) + 1 or known != sorted(set(known)):
        return _in_doubt(slots)
    return [
        replace(slot, column=first + 1, span=end - first)
        for slot, (first, end) in zip(slots, pairwise(known), strict=True)
    ]


def _in_doubt(slots: Sequence[Slot]) -> list[Slot]:
    return [replace(slot, undrawn="width") for slot in slots]


def _before(properties: Element | None, edges: Sequence[int]) -> int:
    """Return how far from the left a row's first cell begins."""
    width = _width(properties, "wBefore")
    if width is not None:
        return width
    return edges[min(_count(properties, "gridBefore", 0), len(edges) - 1)]


def _column(edge: int, edges: Sequence[int]) -> int | None:
    nearest = min(range(len(edges)), key=lambda at: abs(edges[at] - edge))
    return nearest if abs(edges[nearest] - edge) <= _SLACK else None


def _edges(table: Element) -> list[int]:
    """Return where the columns of a table's grid begin and end, from its left."""
    grid = child(table, "tblGrid")
    columns = children(grid, ("gridCol",)) if grid is not None else ()
    return list(accumulate((whole(attribute(column, "w")) or 0 for column in columns), initial=0))


def _width(properties: Element | None, name: str) -> int | None:
    found = child(properties, name) if properties is not None else None
    if found is None or (attribute(found, "type") or "dxa") != "dxa":
        return None
    return whole(attribute(found, "w"))


def _count(properties: Element | None, name: str, default: int) -> int:
    text = value(properties, name)
    if not text.isdecimal() or len(text) > 6:
        return default
    return min(max(int(text), default), _MAX_SPAN)
