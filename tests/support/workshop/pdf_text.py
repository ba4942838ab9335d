"""Text into lines, and a cut cell's lines to its parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont

from tests.support.workshop.layout import Kind
from tests.support.workshop.pdf_style import Cut

FONT = "STSong-Light"
POINTS = (Kind.POINTS, Kind.LEVEL1_POINTS)
#: Figures and Latin words are not broken; a Chinese character may stand at a line's end.
_PIECES = re.compile(r"[!-~]+|.", re.DOTALL)


@cache
def register_font() -> None:
    """Make the Chinese font known; it is named in the file, not embedded."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))


def width_of(text: str, size: float) -> float:
    """Return a text's width in points."""
    register_font()
    return float(pdfmetrics.stringWidth(text, FONT, size))


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most this width."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _PIECES.findall(paragraph):
            if line and width_of(line + piece, size) > width:
                lines.append(line)
                line = ""
            line += piece
        if line:
            lines.append(line)
    return lines


@dataclass(frozen=True, slots=True)
class Room:
    """A part of a cut cell: how many lines fit, and whether it fills its page from top to end."""

    lines: int
    fills_page: bool = False


def allocate(
    lines: Sequence[str], rooms: Sequence[Room], cut: Cut, kind: Kind | None, *, closed: bool
) -> list[list[str]] | None:
    """Share a cut cell's lines among its parts; None where no readable way is left.

    A way that could not be told from another table (a text cut in two under closed rules,
    points printed twice under closed rules, a blank part that fills a page) is replaced by one
    that can.
    """
    if not lines:
        return [[] for _ in rooms]
    way = _readable(cut, kind, closed=closed)
    if way is Cut.SPLIT and (parts := _split(lines, rooms)):
        return parts
    whole = [number for number, room in enumerate(rooms) if room.lines >= len(lines)]
    if not whole:
        return None if closed else _split(lines, rooms)
    if way is Cut.CLIPPED:
        return _clipped(lines, rooms, whole[0])
    return _kept_whole(lines, rooms, whole, way, said_once=closed and kind in POINTS)


def _kept_whole(
    lines: Sequence[str], rooms: Sequence[Room], whole: list[int], way: Cut, *, said_once: bool
) -> list[list[str]] | None:
    """Print the text in one part or in all; never leave blank a part that fills its page."""
    filling = [number for number in whole if rooms[number].fills_page]
    if way is Cut.REPEATED or len(filling) > 1:
        everywhere = len(whole) == len(rooms) and not said_once
        if everywhere or len(filling) > 1:
            return [list(lines) for _ in rooms] if everywhere else None
    keeper = filling[0] if filling else whole[-1] if way is Cut.LAST else whole[0]
    return [list(lines) if number == keeper else [] for number in range(len(rooms))]


def _readable(cut: Cut, kind: Kind | None, *, closed: bool) -> Cut:
    if not closed:
        return cut
    if kind is Kind.SUPPORTING:
        return Cut.REPEATED
    if cut in (Cut.CLIPPED, Cut.SPLIT) or (kind in POINTS and cut is Cut.REPEATED):
        return Cut.FIRST
    return cut


def _split(lines: Sequence[str], rooms: Sequence[Room]) -> list[list[str]] | None:
    """Let the text run on, at least a line in the first part and one in the second."""
    parts: list[list[str]] = []
    rest = list(lines)
    for number, room in enumerate(rooms):
        later = number + 1 < len(rooms)
        take = min(room.lines, len(rest) - 1) if later and number == 0 else room.lines
        parts.append(rest[: max(take, 0)])
        rest = rest[max(take, 0) :]
    pieces = ["".join(part) for part in parts if part]
    # A piece that the piece before holds would read as that text printed again.
    told_apart = all(later not in "".join(pieces[: n + 1]) for n, later in enumerate(pieces[1:]))
    return None if rest or not parts[0] or not told_apart else parts


def _clipped(lines: Sequence[str], rooms: Sequence[Room], whole: int) -> list[list[str]]:
    """Print the text whole in one part, and as much of its end as fits in the others."""
    shown = [min(room.lines, max(len(lines) - 1, 1)) for room in rooms]
    return [
        list(lines) if number == whole else list(lines[len(lines) - shown[number] :])
        for number in range(len(rooms))
    ]


def run_on(
    lines: Sequence[str], rooms: Sequence[Room], *, lone_lines: bool = True
) -> list[list[str]] | None:
    """Let a text fill its parts from the first on; None where it is too long.

    Without ``lone_lines`` no single line of it stands at a page's end or top: it takes one more
    along, or goes on to the next page altogether.
    """
    parts: list[list[str]] = []
    rest = list(lines)
    for room in rooms:
        take = min(room.lines, len(rest))
        if not lone_lines and take < len(rest):
            take -= len(rest) - take == 1
            take = take if take > 1 else 0
        parts.append(rest[:take])
        rest = rest[take:]
    return None if rest else parts
