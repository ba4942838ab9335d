"""Numbers that a narrow cell broke over two lines are put together again, by the room they had."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf

from extract.pdf_text import TextLine
from schemas.document import Box

_ENDS = re.compile(r"[0-9][.．]?$")
_WIDE = {"W": 2.0, "F": 2.0, "A": 2.0}
_GOES_ON = re.compile(r"[.．]?[0-9]|[%‰％]")


def padding(cells: Iterable[tuple[Box, Sequence[TextLine]]]) -> float:
    """Return how far (points) a table's text keeps from the rules beside it: the least of all."""
    gaps = (line.box.x0 - box.x0 for box, lines in cells for line in lines if _inside(line, box))
    return min((gap for gap in gaps if gap > 0), default=0.0)


def _inside(line: TextLine, box: Box) -> bool:
    """Whether a line lies in its cell; one that does not was turned to be read."""
    middle = (line.box.x0 + line.box.x1) / 2, (line.box.top + line.box.bottom) / 2
    return box.x0 <= middle[0] <= box.x1 and box.top <= middle[1] <= box.bottom


def lines_to_text(lines: Sequence[TextLine], box: Box, margin: float) -> str:
    """Join a cell's lines by newlines; by nothing where a number goes on for want of room.

    A number that would have had room on the line above stands for itself. ``margin`` is the
    :func:`padding`.
    """
    if not lines:
        return ""
    room = box.x1 - box.x0 - 2 * margin if all(_inside(line, box) for line in lines) else inf
    joined = lines[0].text
    for above, below in pairwise(lines):
        joined += ("" if _runs_on(above, below, room) else "\n") + below.text
    return joined


def _runs_on(above: TextLine, below: TextLine, room: float) -> bool:
    if not (_ENDS.search(above.text) and _GOES_ON.match(below.text)):
        return False
    width = above.box.x1 - above.box.x0
    return width + width / _units(above.text) > room


def _units(text: str) -> float:
    """Return a text's length in digits: a point is half of one, a wide character two."""
    return sum(0.5 if c in ".," else _WIDE.get(unicodedata.east_asian_width(c), 1.0) for c in text)
