"""Rows onto pages: heights, page breaks, and the parts of every span on every page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.layout import Kind
from tests.support.workshop.pdf_style import PdfStyle
from tests.support.workshop.pdf_text import Room, allocate, run_on, width_of, wrapped

_WIDTHS = {
    Kind.SERIAL: 24.0,
    Kind.LEVEL1: 44.0,
    Kind.LEVEL2: 60.0,
    Kind.LEVEL3: 92.0,
    Kind.LEVEL4: 66.0,
    Kind.POINTS: 58.0,
    Kind.LEVEL1_POINTS: 30.0,
    Kind.UNIT: 36.0,
    Kind.TARGETS: 48.0,
    Kind.ASSESSING: 70.0,
    Kind.SUPPORTING: 64.0,
    Kind.METHOD: 84.0,
    Kind.NOTE: 54.0,
}


@dataclass(frozen=True, slots=True)
class Track:
    """A row, or a part of one, on a page; ``top`` is measured from the table's top there."""

    row: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Part:
    """What of a span stands on one page."""

    span: Span
    page: int
    x0: float
    x1: float
    top: float
    bottom: float
    lines: tuple[str, ...]
    cut_above: bool
    cut_below: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """A paginated table: column edges, the tracks of each page, the parts of each span."""

    edges: tuple[float, ...]
    tracks: tuple[tuple[Track, ...], ...]
    parts: tuple[Part, ...]


def paginate(grid: Grid, style: PdfStyle) -> Pages:
    """Put a grid's rows on pages such that every cut cell stays readable.

    Where that cannot be done, rows stay whole and then pages grow until it can.
    """
    whole = replace(style, row_breaks=False)
    taller = [replace(whole, body=style.body + 45 * step) for step in range(1, 40)]
    for attempt in (style, whole, *taller):
        if pages := _paginated(grid, attempt):
            return pages
    raise ValueError("no pagination in which every cut cell can be read")


def _paginated(grid: Grid, style: PdfStyle) -> Pages | None:
    widths = [_WIDTHS[kind] for kind in grid.kinds]
    edges = tuple(accumulate(widths, initial=0.0))
    lines = {span: _lines(span, edges, style) for span in grid.spans}
    heights = _heights(grid, lines, style)
    for _ in range(2 * grid.row_count):
        tracks = _tracks(grid, lines, heights, style)
        parts, tight = _parts(grid, lines, edges, tracks, style)
        if tight is None:
            return Pages(edges, tuple(map(tuple, tracks)), tuple(parts))
        heights[tight] += style.leading
    return None


def _lines(span: Span, edges: tuple[float, ...], style: PdfStyle) -> list[str]:
    room = edges[span.column + span.column_span] - edges[span.column] - 2 * style.padding
    lines = wrapped(span.text, room, style.font_size)
    if any(width_of(line, style.font_size) > room + 0.01 for line in lines):
        raise ValueError(f"too wide for its column: {span.text}")
    return lines


def _needed(lines: list[str], style: PdfStyle) -> float:
    return max(len(lines), 1) * style.leading + 2 * style.padding


def _heights(grid: Grid, lines: dict[Span, list[str]], style: PdfStyle) -> list[float]:
    heights = [_needed([], style)] * grid.row_count
    for span in sorted(grid.spans, key=lambda one: one.row_span):
        missing = _needed(lines[span], style) - sum(heights[row] for row in span.rows)
        if missing > 0:
            heights[span.rows[-1]] += missing
    return heights


def _tracks(
    grid: Grid, lines: dict[Span, list[str]], heights: list[float], style: PdfStyle
) -> list[list[Track]]:
    header = _header_tracks(grid, heights)
    used = sum(track.height for track in header)
    pages: list[list[Track]] = [list(header)]
    for row in range(grid.header_rows, grid.row_count):
        room, height = style.body - used, heights[row]
        if height > room:
            first = _first_part(grid, lines, row, room, style) if style.row_breaks else 0.0
            if 0 < first < height:
                pages[-1].append(Track(row, used, first))
                height = _rest_height(grid, lines, row, first, style)
            pages.append(list(header) if style.repeat_header else [])
            used = sum(track.height for track in pages[-1])
        pages[-1].append(Track(row, used, height))
        used += height
    return pages


def _header_tracks(grid: Grid, heights: list[float]) -> list[Track]:
    tops = accumulate(heights[: grid.header_rows], initial=0.0)
    return [
        Track(row, top, heights[row])
        for row, top in zip(range(grid.header_rows), tops, strict=False)
    ]


def _row_spans(grid: Grid, row: int) -> list[Span]:
    return [span for span in grid.spans if span.row == row and span.row_span == 1]


def _first_part(
    grid: Grid, lines: dict[Span, list[str]], row: int, room: float, style: PdfStyle
) -> float:
    """Return the height a row may fill on this page; 0 where it is not to be cut.

    Its leaf's name and points stay whole, unless all texts flow: then each must begin here.
    """
    count = int((room - 2 * style.padding) // style.leading)
    spans = _row_spans(grid, row)
    if count <= 0 or any(span.kind is None for span in spans):
        return 0.0
    cut = [_cut_at(count, lines[span], style) for span in spans]
    kept = (Kind.LEVEL1, Kind.LEVEL2, Kind.LEVEL3, Kind.LEVEL4, Kind.POINTS)
    held = [span for span in spans if style.flowing or span.kind in kept]
    begun = all(
        first and (style.flowing or not rest)
        for span, (first, rest) in zip(spans, cut, strict=True)
        if span in held and lines[span]
    )
    goes_on = any(rest for _, rest in cut)
    return count * style.leading + 2 * style.padding if begun and goes_on else 0.0


def _cut_at(count: int, lines: list[str], style: PdfStyle) -> list[list[str]]:
    """Return what of a text stands on the first ``count`` lines of its page, and the rest."""
    rooms = [Room(count), Room(len(lines))]
    return run_on(lines, rooms, lone_lines=style.lone_lines) or [lines, []]


def _rest_height(
    grid: Grid, lines: dict[Span, list[str]], row: int, first: float, style: PdfStyle
) -> float:
    shown = round((first - 2 * style.padding) / style.leading)
    rest = max(len(_cut_at(shown, lines[span], style)[1]) for span in _row_spans(grid, row))
    return rest * style.leading + 2 * style.padding


def _parts(
    grid: Grid,
    lines: dict[Span, list[str]],
    edges: tuple[float, ...],
    tracks: list[list[Track]],
    style: PdfStyle,
) -> tuple[list[Part], int | None]:
    """Return all parts; or the row to make higher because a cell could not be shared out."""
    parts: list[Part] = []
    for span in grid.spans:
        boxes = _boxes(span, tracks)
        rooms = [
            Room(
                _room(top, bottom, style),
                style.closed and _fills(span, tracks[page], grid.header_rows),
            )
            for page, top, bottom in boxes
        ]
        shares = _shares(span, lines[span], rooms, style)
        if shares is None:
            return [], span.rows[-1]
        for number, ((page, top, bottom), share) in enumerate(zip(boxes, shares, strict=True)):
            cut = not span.header
            parts.append(
                Part(
                    span,
                    page,
                    edges[span.column],
                    edges[span.column + span.column_span],
                    top,
                    bottom,
                    tuple(share),
                    cut and number > 0,
                    cut and number + 1 < len(boxes),
                )
            )
    return parts, None


def _boxes(span: Span, tracks: list[list[Track]]) -> list[tuple[int, float, float]]:
    boxes = []
    for page, page_tracks in enumerate(tracks):
        mine = [track for track in page_tracks if track.row in span.rows]
        if mine:
            boxes.append((page, mine[0].top, mine[-1].top + mine[-1].height))
    return boxes


def _fills(span: Span, tracks: list[Track], header_rows: int) -> bool:
    return all(track.row in span.rows or track.row < header_rows for track in tracks)


def _room(top: float, bottom: float, style: PdfStyle) -> int:
    return int((bottom - top - 2 * style.padding + 0.01) // style.leading)


def _shares(
    span: Span, lines: list[str], rooms: list[Room], style: PdfStyle
) -> list[list[str]] | None:
    if len(rooms) == 1:
        return [lines]
    if span.header:
        return [lines] * len(rooms)
    if span.row_span == 1 or style.flowing:
        return run_on(lines, rooms, lone_lines=style.lone_lines)
    return allocate(lines, rooms, style.cut, span.kind, closed=style.closed)
