"""Damages the build of a drawn grid: rows lost or repeated, pages exchanged, merged cells split."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from tests.support.workshop.damage_cells import Hurt, Way, body
from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.layout import Kind
from tests.support.workshop.parts import in_parts
from tests.support.workshop.pdf_style import Cut

_LEAVES = (Kind.LEVEL3, Kind.LEVEL4)
_PAGES = 3


def _leaf_rows(grid: Grid) -> dict[int, Span]:
    """Return each leaf's name by its row."""
    return {span.row: span for span in body(grid, *_LEAVES) if span.row_span == 1}


def row_dropped(grid: Grid, random: Random) -> Hurt | None:
    """Lose a row; cells that go on below or above it become shorter and keep their text."""
    rows = _leaf_rows(grid)
    if len(rows) < 3:
        return None
    gone = random.choice(sorted(rows))
    spans = tuple(s for span in grid.spans if (s := _without(span, gone)) is not None)
    return Hurt(
        replace(grid, spans=spans, row_count=grid.row_count - 1), "row lost", rows[gone], ""
    )


def _without(span: Span, row: int) -> Span | None:
    if span.row > row:
        return replace(span, row=span.row - 1)
    if row in span.rows:
        return replace(span, row_span=span.row_span - 1) if span.row_span > 1 else None
    return span


def row_repeated(grid: Grid, random: Random) -> Hurt | None:
    """Print a row twice; cells that span it become longer."""
    rows = _leaf_rows(grid)
    if not rows:
        return None
    row = random.choice(sorted(rows))
    spans: list[Span] = []
    for span in grid.spans:
        if span.row > row:
            spans.append(replace(span, row=span.row + 1))
        elif row in span.rows and span.row_span > 1:
            spans.append(replace(span, row_span=span.row_span + 1))
        else:
            spans.append(span)
            if row in span.rows:
                spans.append(replace(span, row=span.row + 1))
    grid = replace(grid, spans=tuple(spans), row_count=grid.row_count + 1)
    return Hurt(grid, "row printed twice", rows[row], rows[row].text)


def pages_exchanged(grid: Grid, random: Random) -> Hurt | None:
    """Exchange the last two of three pages; merged cells that a page cut are named on each."""
    cut = random.choice((Cut.FIRST, Cut.REPEATED))
    parts = in_parts(grid, _PAGES, cut)
    if len(parts) < _PAGES:
        return None
    first, second, third = parts
    whole = joined([first, third, second])
    span = next(iter(body(third)))
    return Hurt(whole, "pages exchanged", span, cut.value)


def joined(parts: list[Grid]) -> Grid:
    """Print pages as one table under one header."""
    spans: list[Span] = [span for span in parts[0].spans if span.header]
    row = parts[0].header_rows
    for part in parts:
        shift = row - part.header_rows
        spans += [replace(s, row=s.row + shift) for s in part.spans if not s.header]
        row += part.row_count - part.header_rows
    return replace(parts[0], spans=tuple(spans), row_count=row)


def _merged_split(*, repeated: bool, across: bool) -> Way:
    """Split a merged cell into single ones, its text in the first or in each."""
    what = f"merged {'target' if across else 'cell'} split, {'repeated' if repeated else 'blank'}"

    def way(grid: Grid, random: Random) -> Hurt | None:
        spans = body(grid)
        fit = [s for s in spans if s.text and (s.column_span if across else s.row_span) > 1]
        fit = [s for s in fit if (s.kind is Kind.TARGETS) is across]
        if not fit:
            return None
        span = random.choice(fit)
        singles = [
            replace(
                span,
                row=row,
                column=column,
                row_span=1,
                column_span=1 if across else span.column_span,
                text=span.text if repeated or (row, column) == (span.row, span.column) else "",
            )
            for row in span.rows
            for column in range(span.column, span.column + (span.column_span if across else 1))
        ]
        kept = (one for one in grid.spans if one is not span)
        return Hurt(replace(grid, spans=(*kept, *singles)), what, span, span.text)

    return way


ROW_WAYS: tuple[Way, ...] = (
    row_dropped,
    row_repeated,
    pages_exchanged,
    _merged_split(repeated=False, across=False),
    _merged_split(repeated=True, across=False),
    _merged_split(repeated=False, across=True),
)
