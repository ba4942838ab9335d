"""What is drawn over the cells of a sheet: text boxes, pictures, shapes and lines."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from schemas.records.document import Seen

Slot = tuple[int, int]

_COVERED = 0.2  # of a cell's width and height; less is a frame that reaches over its edge
_AT_EDGE = 0.15  # of a cell: a line so near its edge is a rule drawn by hand
_BACKGROUND = 30  # cells: a picture over more, and over half the table, lies behind it
_MOST_SLOTS = 200_000
_MOST_TEXT = 80


@dataclass(frozen=True, slots=True)
class CellOverlay:
    """Something drawn over a sheet; its edges in columns and rows, and parts of them, from 0.

    ``kind``: ``text`` for a box that shows one, ``picture``, ``line``, or ``shape`` without text.
    """

    left: float
    top: float
    right: float
    bottom: float
    kind: str
    text: str = ""

    def over(self, row: int, column: int) -> bool:
        """Say whether so much of a cell (1-based) lies beneath that it may be about its value."""
        wide, at = _shared(self.left, self.right, column - 1)
        high, down = _shared(self.top, self.bottom, row - 1)
        if self.kind == "line":
            across = wide >= _COVERED and _AT_EDGE < down < 1 - _AT_EDGE
            return across or (high >= _COVERED and _AT_EDGE < at < 1 - _AT_EDGE)
        return wide >= _COVERED and high >= _COVERED


def _shared(first: float, last: float, cell: int) -> tuple[float, float]:
    """Return how much of a cell lies between two edges, and where the middle of that is."""
    start, end = max(first, cell), min(last, cell + 1)
    return end - start, (start + end) / 2 - cell


def overlays_by_slot(
    overlays: Sequence[CellOverlay], rows: Sequence[int], columns: Sequence[int]
) -> Mapping[Slot, list[CellOverlay]]:
    """Return what lies over the slots of a table that has these rows and columns of the sheet."""
    found: dict[Slot, list[CellOverlay]] = defaultdict(list)
    slots = len(rows) * len(columns)
    left = _MOST_SLOTS
    for each in overlays:
        beneath = list(islice(_beneath(each, rows, columns), left))
        left -= len(beneath)
        over = [slot for slot, row, column in beneath if each.over(row, column)]
        if each.kind != "picture" or len(over) < max(_BACKGROUND, slots / 2):
            for slot in over:
                found[slot].append(each)
    return found


def _beneath(
    overlay: CellOverlay, rows: Sequence[int], columns: Sequence[int]
) -> Iterator[tuple[Slot, int, int]]:
    first, last = bisect_left(rows, int(overlay.top) + 1), bisect_right(rows, overlay.bottom + 1)
    start, end = (
        bisect_left(columns, int(overlay.left) + 1),
        bisect_right(columns, overlay.right + 1),
    )
    for row in range(first, last):
        for column in range(start, end):
            yield (row, column), rows[row], columns[column]


def seen_under(overlays: Sequence[CellOverlay], text: str) -> tuple[Seen, ...]:
    """Return what is to be said of a cell with a text under these."""
    return tuple(dict.fromkeys(filter(None, (_seen(each, text) for each in overlays))))


def _seen(overlay: CellOverlay, text: str) -> Seen | None:
    if overlay.kind == "text":
        return Seen("overlaid", overlay.text[:_MOST_TEXT])
    if overlay.kind == "picture":
        return Seen("pictured", "")
    # A heading's cell is parted by such lines; a figure is struck out or ringed.
    return Seen("marked", text) if any(map(str.isdecimal, text)) else None
