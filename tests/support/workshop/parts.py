"""Cuts a grid into several tables, as a document or workbook that holds a table in parts does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.pdf_style import Cut
from tests.support.workshop.pdf_text import Room, allocate

_FEWEST_ROWS = 4


def in_parts(grid: Grid, count: int, cut: Cut = Cut.FIRST) -> list[Grid]:
    """Cut a grid's body into ``count`` grids, each under the header.

    A merged cell that is cut says its text in the first or last part, or in each; all its
    parts have borders all around, so that points are never said twice.
    """
    body = grid.row_count - grid.header_rows
    count = max(min(count, body // _FEWEST_ROWS), 1)
    edges = [grid.header_rows + body * number // count for number in range(count + 1)]
    ranges = [range(first, last) for first, last in pairwise(edges)]
    pieces: list[list[Span]] = [[] for _ in ranges]
    for span in grid.spans:
        for number, piece in _pieces(span, ranges, grid.header_rows, cut):
            pieces[number].append(piece)
    return [
        replace(grid, spans=tuple(spans), row_count=grid.header_rows + len(rows))
        for spans, rows in zip(pieces, ranges, strict=True)
    ]


def _pieces(
    span: Span, ranges: list[range], header_rows: int, cut: Cut
) -> Iterator[tuple[int, Span]]:
    if span.header:
        yield from ((number, span) for number in range(len(ranges)))
        return
    shared = [
        (number, max(span.row, rows.start), min(span.rows.stop, rows.stop), rows)
        for number, rows in enumerate(ranges)
        if span.row < rows.stop and rows.start < span.rows.stop
    ]
    rooms = [Room(1, range(first, last) == rows) for _, first, last, rows in shared]
    texts = [span.text] if len(shared) == 1 else _texts(span, rooms, cut)
    for (number, first, last, rows), text in zip(shared, texts, strict=True):
        row = first - rows.start + header_rows
        yield number, replace(span, row=row, row_span=last - first, text=text)


def _texts(span: Span, rooms: list[Room], cut: Cut) -> list[str]:
    if not span.text:
        return [""] * len(rooms)
    shares = allocate([span.text], rooms, cut, span.kind, closed=True)
    return ["".join(share) for share in shares] if shares else [span.text] * len(rooms)
