"""Reads a page that is a picture: rules, grid and cells as on any page, print by recognition."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean

from extract.notes import reader_note
from extract.page.grid import Grid, build_grids
from extract.page.page import Char, PageRecord, Rule
from extract.page.tables import PageReading, read_page
from extract.scan.lines import PrintLine, find_lines, usual_height
from extract.scan.picture import PagePicture, Pixels
from extract.scan.recognize import LineReader, legible, read_lines
from extract.scan.recognized import TextPiece
from extract.scan.rules import find_rules
from schemas.records.document import Box, Cell, ReaderNote, Table
from schemas.vocabulary import Severity

UNSURE_LINE, SHORT_LINE = 0.95, 5
"""A line outside tables less sure than this is noted, unless it is as short as a page number."""
CROSSING, INSIDE = 8.0, 4.0
IF_CROSSED = 0.3
"""A rule this long (points) this far inside a cell makes it no surer than this."""
LEGIBLE, GLIMPSED = 0.8, 12
"""A page whose lines are on the average less sure than this may lie on its side or upside down:
``GLIMPSED`` of its lines are tried each way."""
WORD, WORDY = 2.2, 0.25
"""So may a page of whose lines less than ``WORDY`` are at least ``WORD`` times wider than high."""
ABREAST, FRAGMENT_ROWS = 3, 4
"""So many lines side by side, so many times outside all tables, are rows of a table not found."""
HARDLY, MOST_HARDLY, FEW_CELLS = 0.5, 0.2, 20
"""Where more than this part of a table's texts is hardly sure, its cells are not as printed."""
SMALLEST_TABLE = 40.0
"""What rules enclose is a table if it is at least this wide and high (points)."""


class FragmentError(Exception):
    """Rules were found of a part of a page's table only."""


@dataclass(frozen=True, slots=True)
class _Printed:
    """A line as read, in points of the upright page."""

    piece: TextPiece
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Recognised:
    """A picture with its rules, its grids and its lines of print, read or not."""

    picture: PagePicture
    rules: Sequence[Rule]
    mask: Pixels
    grids: Sequence[Grid]
    lines: Sequence[PrintLine]


def read_picture(picture: PagePicture, reader: LineReader) -> PageReading:
    """Return the tables of a picture, with each cell's confidence, and all other text.

    Raises FragmentError where a part of a table stands outside what rules enclose, or cells hold
    what is no text of one cell: paper that was not flat, or photographed.
    """
    found = _lines_of(picture)
    if tried := _has_narrow_lines(found.lines):
        found = _right_way_up(found, reader)
    pieces = read_lines(found.picture, found.mask, found.lines, reader)
    if not tried and pieces and fmean(piece.confidence for piece in pieces) < LEGIBLE:
        upright = _right_way_up(found, reader)
        if upright is not found:
            found = upright
            pieces = read_lines(found.picture, found.mask, found.lines, reader)
    return _reading(found, pieces)


def _has_narrow_lines(lines: Sequence[PrintLine]) -> bool:
    """Tell whether most lines in tables are hardly wider than high: as lines across print are."""
    shapes = [line.ink for line in lines if line.cell is not None]
    wide = sum(ink.x1 - ink.x0 >= WORD * ink.height for ink in shapes)
    return len(shapes) > GLIMPSED and wide < WORDY * len(shapes)


def _lines_of(picture: PagePicture) -> _Recognised:
    rules, mask = find_rules(picture)
    grids = [grid for grid in build_grids(rules, ()) if _is_table(grid)]
    return _Recognised(picture, rules, mask, grids, find_lines(picture, mask, grids))


def _right_way_up(found: _Recognised, reader: LineReader) -> _Recognised:
    """Return a picture as it is, or turned by the quarters in which some of its lines read best."""

    def legibility(turned: _Recognised) -> float:
        wide = sorted(turned.lines, key=lambda line: line.ink.x0 - line.ink.x1)[:GLIMPSED]
        return legible(turned.picture, turned.mask, wide, reader)

    turned = (_lines_of(found.picture.turned(quarters)) for quarters in (1, 2, 3))
    return max((found, *turned), key=legibility)


def _reading(found: _Recognised, pieces: Sequence[TextPiece]) -> PageReading:
    """Place what was read on its page, in the same way as any page's text."""
    picture, scale = found.picture, found.picture.scale
    size = usual_height(found.lines, scale)
    record = PageRecord(
        number=picture.number,
        width=picture.width,
        height=picture.height,
        chars=tuple(char for piece in pieces for char in _chars(piece, size, scale)),
        rules=_within(found.rules, found.grids),
    )
    reading = read_page(record)
    printed = [_placed(piece, scale) for piece in pieces]
    outside = [line for line in printed if line.piece.line.cell is None]
    tables = tuple(_sure(table, printed, found.rules, picture) for table in reading.tables)
    rows = _rows_outside(outside)
    if (rows >= FRAGMENT_ROWS and found.grids) or _are_broken(tables):
        raise FragmentError
    unread = [reader_note("table_not_found", severity=Severity.ERROR, page=picture.number)]
    return replace(
        reading,
        tables=tables,
        notes=(
            *reading.notes,
            *_unsure_lines(outside, picture),
            *(unread if rows >= FRAGMENT_ROWS else ()),
        ),
    )


def _rows_outside(outside: Sequence[_Printed]) -> int:
    """Return how often several lines outside tables stand side by side."""
    rows: list[list[_Printed]] = []
    for line in sorted(outside, key=lambda line: line.piece.line.ink.top):
        ink = line.piece.line.ink
        if rows and ink.top < rows[-1][0].piece.line.ink.bottom - ink.height / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return sum(len(row) >= ABREAST for row in rows)


def _are_broken(tables: Sequence[Table]) -> bool:
    """Tell whether so many cells hold what cannot be one text that the rules found are not all."""
    texts = [cell.confidence for table in tables for cell in table.cells if cell.text]
    hardly = sum(confidence is not None and confidence < HARDLY for confidence in texts)
    return len(texts) >= FEW_CELLS and hardly > MOST_HARDLY * len(texts)


def _is_table(grid: Grid) -> bool:
    wide, high = grid.xs[-1] - grid.xs[0], grid.ys[-1] - grid.ys[0]
    return min(wide, high) >= SMALLEST_TABLE


def _within(rules: Sequence[Rule], grids: Sequence[Grid]) -> tuple[Rule, ...]:
    """Return the rules that belong to tables: what else is straight is a part of big print."""

    def belongs(rule: Rule) -> bool:
        middle = (rule.start + rule.end) / 2
        x, y = (middle, rule.at) if rule.horizontal else (rule.at, middle)
        return any(
            grid.xs[0] - 4 <= x <= grid.xs[-1] + 4 and grid.ys[0] - 4 <= y <= grid.ys[-1] + 4
            for grid in grids
        )

    return tuple(rule for rule in rules if belongs(rule))


def _chars(piece: TextPiece, size: float, scale: float) -> Iterator[Char]:
    """Yield a line's characters side by side, none apart from the next."""
    box = piece.line.ink
    height = max(box.height, size if piece.line.cell is not None else 0) / scale
    middle = (box.top + box.bottom) / 2 / scale
    middles = [char.at / scale for char in piece.chars]
    joints = [(a + b) / 2 for a, b in pairwise(middles)]
    edges = [box.x0 / scale, *joints, box.x1 / scale]
    for char, x0, x1 in zip(piece.chars, edges, edges[1:], strict=False):
        yield Char(char.text, x0, middle - height / 2, x1, middle + height / 2, height)


def _placed(piece: TextPiece, scale: float) -> _Printed:
    box = piece.line.ink
    return _Printed(piece, (box.x0 + box.x1) / 2 / scale, (box.top + box.bottom) / 2 / scale)


def _unsure_lines(outside: Sequence[_Printed], picture: PagePicture) -> Iterator[ReaderNote]:
    """Yield a note for each line of words outside tables that was not read surely."""
    for line in outside:
        piece = line.piece
        unsure = piece.agreed is False or piece.confidence < UNSURE_LINE
        if unsure and len(piece.chars) >= SHORT_LINE:
            box = _scanned(_box(piece, picture.scale), picture)
            yield reader_note(
                "low_confidence", text=piece.text, page=picture.number, box=box, line=piece.text
            )


def _box(piece: TextPiece, scale: float) -> Box:
    return Box(*(value / scale for value in piece.line.ink))


def _sure(
    table: Table, printed: Sequence[_Printed], rules: Sequence[Rule], picture: PagePicture
) -> Table:
    """Give each cell its confidence and second reading, and its place on the page as scanned."""
    scale, edges = picture.scale, table.column_edges or ()
    inner = [round(edge * scale) for edge in edges]
    cells = (_with_confidence(cell, printed, rules, inner) for cell in table.cells)
    return replace(
        table, cells=tuple(cell._replace(box=_scanned(cell.box, picture)) for cell in cells)
    )


def _is_crossed(box: Box, rules: Sequence[Rule]) -> bool:
    """Tell whether a rule runs within a cell: two cells may have become one."""
    for rule in rules:
        low, high = (box.x0, box.x1) if rule.horizontal else (box.top, box.bottom)
        near, far = (box.top, box.bottom) if rule.horizontal else (box.x0, box.x1)
        length = min(rule.end, high) - max(rule.start, low)
        if length >= CROSSING and near + INSIDE < rule.at < far - INSIDE:
            return True
    return False


def _stands_apart(pieces: Sequence[TextPiece], edges: Sequence[int]) -> bool:
    """Tell whether print in one cell stands on both sides of a column's edge, far apart."""
    boxes = [piece.line.ink for piece in pieces]
    return any(
        one.x1 < other.x0
        and min(one.bottom, other.bottom) > max(one.top, other.top)
        and any(one.x1 < edge < other.x0 for edge in edges)
        for one in boxes
        for other in boxes
    )


def _with_confidence(
    cell: Cell, printed: Sequence[_Printed], rules: Sequence[Rule], edges: Sequence[int]
) -> Cell:
    box = cell.box
    if box is None:
        return cell
    inside = [p.piece for p in printed if box.x0 <= p.x <= box.x1 and box.top <= p.y <= box.bottom]
    if not inside:
        return cell
    confidence = min(piece.confidence for piece in inside)
    if _is_crossed(box, rules) or _stands_apart(inside, edges):
        confidence = min(confidence, IF_CROSSED)
    return _with_agreement(cell._replace(confidence=confidence), inside)


def _with_agreement(cell: Cell, pieces: Sequence[TextPiece]) -> Cell:
    """Say whether the second readings of a cell's lines agree, and what they read instead."""
    readings = {piece.agreed for piece in pieces}
    if False not in readings:
        return cell._replace(agreed=True if True in readings else None)
    other = "\n".join(piece.text if piece.other is None else piece.other for piece in pieces)
    return cell._replace(agreed=False, other_text=other)


def _scanned(box: Box | None, picture: PagePicture) -> Box | None:
    """Return where a box of the upright picture lies on the page, as wide and high as it is."""
    if box is None:
        return None
    x, y = picture.on_page((box.x0 + box.x1) / 2, (box.top + box.bottom) / 2)
    wide, high = (box.x1 - box.x0) / 2, (box.bottom - box.top) / 2
    return Box(x - wide, y - high, x + wide, y + high)


def shows_table(picture: PagePicture) -> bool:
    """Tell whether rules in a picture make a table."""
    rules, _ = find_rules(picture)
    return any(_is_table(grid) and len(grid.cells) >= 4 for grid in build_grids(rules, ()))
