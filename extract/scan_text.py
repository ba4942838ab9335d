"""Lines of print become text: pictures cut out, read twice, dashes and widths told by their ink."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extract.ocr_engine import ReadLine, Recognizer, Seen
from extract.scan_lines import Line, usual_height
from extract.scan_picture import PagePicture, Pixels
from extract.scan_widths import settle_widths, with_per_mille

MARGINS = (0.15, 0.3)
"""Paper above and below a line in its two pictures, in heights of the line."""
SIDE = 0.3
"""Paper left and right of a line, in its heights."""
FLAT = 0.3
"""Ink lower than this part of the usual height is dashes."""
LONG_DASH = 0.7
UNSURE = 0.97
"""A line with a character less sure than this is read a second time."""
_WEIGHTY = re.compile(r"[0-9%‰.<>≤≥=+-]")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A line as read: its characters with their middles across (pixels), and the second reading.

    ``other`` is None where the line was not read twice.
    """

    line: Line
    chars: tuple[Seen, ...]
    other: str | None

    @property
    def text(self) -> str:
        """Return the characters as one text."""
        return "".join(char.text for char in self.chars)

    @property
    def confidence(self) -> float:
        """Return how sure the least sure character is."""
        return min((char.confidence for char in self.chars), default=0.0)


def read_lines(
    picture: PagePicture, rules: Pixels, lines: Sequence[Line], engine: Recognizer
) -> list[TextPiece]:
    """Return what the lines of a page say; cut slivers and lines of nothing are left out."""
    usual = usual_height(lines, picture.scale)
    grey = picture.grey.copy()
    grey[cv2.dilate(rules, np.ones((3, 3), np.uint8)) > 0] = 255
    pieces = [piece for line in lines if (piece := _dashes(picture, grey, line, usual))]
    dashed = {id(piece.line) for piece in pieces}
    wordy = [line for line in lines if not line.cut and id(line) not in dashed]
    cuts = [_cut_out(grey, line, usual, MARGINS[0]) for line in wordy]
    first = engine.read([cut for cut, _ in cuts])
    again = [i for i, reading in enumerate(first) if _deserves_more(reading)]
    more = engine.read([_cut_out(grey, wordy[i], usual, MARGINS[1])[0] for i in again])
    others = {index: reading.text for index, reading in zip(again, more, strict=True)}
    for index, (line, reading, (cut, left)) in enumerate(zip(wordy, first, cuts, strict=True)):
        chars = tuple(replace(c, at=left + c.at * cut.shape[1]) for c in reading.chars)
        pieces.append(TextPiece(line, chars, others.get(index)))
    read = [with_per_mille(piece, usual) for piece in pieces if piece.text.strip()]
    return settle_widths(read, grey, usual)


def _deserves_more(reading: ReadLine) -> bool:
    return bool(_WEIGHTY.search(reading.text)) or reading.confidence < UNSURE


def _dashes(picture: PagePicture, grey: Pixels, line: Line, usual: float) -> TextPiece | None:
    """Return a line of nothing but dashes, told by its ink: a reader of words guesses at it."""
    box = line.ink
    if line.cut or line.cell is None or box.height > FLAT * usual:
        return None
    columns = (grey[box.top : box.bottom, box.x0 : box.x1] < 150).any(axis=0).astype(np.int8)
    starts = np.flatnonzero(np.diff(np.concatenate(([0], columns))) == 1)
    width = box.x1 - box.x0
    if width < 2 * box.height:
        return None
    alone = len(starts) <= 1
    text = "-" * max(1, len(starts)) if not alone or width < LONG_DASH * usual else "—"
    chars = tuple(
        Seen(sign, box.x0 + (number + 0.5) * width / len(text), 1.0)
        for number, sign in enumerate(text)
    )
    return TextPiece(line, chars, None)


def _cut_out(grey: Pixels, line: Line, usual: float, margin: float) -> tuple[Pixels, int]:
    """Return the picture of one line on white paper, and where its left edge lies."""
    box, room = line.ink, line.room
    height = max(float(box.height), usual)
    tall = round(height * (1 + 2 * margin))
    top = round((box.top + box.bottom) / 2 - tall / 2)
    side = round(SIDE * height)
    left, right = box.x0 - side, box.x1 + side
    paper = np.full((tall, right - left), 255, np.uint8)
    y0, y1 = max(top, room.top, 0), min(top + tall, room.bottom)
    x0, x1 = max(left, room.x0, 0), min(right, room.x1)
    paper[y0 - top : y1 - top, x0 - left : x1 - left] = grey[y0:y1, x0:x1]
    return paper, left
