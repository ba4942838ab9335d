"""Brackets and signs that are printed in two widths, distinguished by their paper and their shape.

（ and ( have much the same ink; the wide one stands in a square of its own, so that paper is left
before it (after it, for what closes). At a line's end nothing shows that paper; but the two differ
a little in height and slant, and a page shows enough others to compare with. A recogniser of
shapes can only guess which it was.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, pstdev
from typing import Any

import numpy as np

from extract.scan.engine import ReadChar
from extract.scan.lines import spans_of
from extract.scan.picture import FAINT_INK
from extract.scan.recognized import PagePrint, TextPiece

WIDE_OF = {"(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
NARROW_OF = {wide: narrow for narrow, wide in WIDE_OF.items()}
OPENING = "（("
BRACKETS = "（(）)"
PAPER_AFTER = "》〉」』”’）〕】。，、；：！？"
PAPER_BEFORE = "《〈「『“‘（〔【"
"""Wide signs that leave about half their square empty themselves, after or before their ink."""
OWN_PAPER = 0.45
WIDE_PAPER, NARROW_PAPER = 0.50, 0.34
"""Paper (in heights of a line) beside the ink of a wide sign, and beside a narrow one; between
them nothing is decided."""
ENOUGH = 3
"""The fewest brackets of a known width that show what that width looks like."""
ALIKE, UNLIKE = 2.5, 4.0
"""Standard deviations within which a bracket looks like those of a width, and beyond which not."""
NEARLY_ALL = 0.9
"""This part of the signs read so far must be of one width for others to be taken for it."""
IF_GUESSED = 0.6
"""A sign whose width nothing shows is no surer than this."""
LEAST_SPREAD = (0.04, 0.02)

Shape = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign of two widths: what its paper shows (True: wide), and a bracket's shape."""

    wide: bool | None
    shape: Shape | None


def without_widths(text: str) -> str:
    """Return a text with every sign of two widths narrow and no spaces, to compare readings."""
    return "".join(NARROW_OF.get(char, char) for char in text if not char.isspace())


def other_width(text: str) -> str | None:
    """Return the same sign in its other width, None for any other text."""
    return WIDE_OF.get(text) or NARROW_OF.get(text)


class Samples:
    """Brackets of the pages read so far whose paper showed their width, by their shape."""

    def __init__(self) -> None:
        self.shapes: dict[bool, list[Shape]] = {True: [], False: []}
        self.known: Counter[bool] = Counter()

    def add(self, signs: Iterable[_Sign]) -> None:
        """Take in the brackets of a page."""
        for sign in signs:
            if sign.wide is not None and sign.shape is not None:
                self.shapes[sign.wide].append(sign.shape)


def settle_widths(
    pieces: Sequence[TextPiece], page: PagePrint, samples: Samples
) -> list[TextPiece]:
    """Give each such sign the width that its paper shows, or else the one that it looks like.

    A bracket whose partner in the line shows its width has the same. What nothing shows is as wide
    as the other signs of its cell, then as most of the page.
    ``samples`` grows by what this page shows.
    """
    signs = [_signs(piece, page) for piece in pieces]
    samples.add(sign for found in signs for sign in found.values())
    looks = _Looks(samples)
    widths_of = [
        {i: looks.width(sign) for i, sign in found.items()} for found in _paired(pieces, signs)
    ]
    by_cell: dict[tuple[int, int] | None, Counter[bool]] = {}
    overall: Counter[bool] = Counter()
    for piece, widths in zip(pieces, widths_of, strict=True):
        known = [wide for wide in widths.values() if wide is not None]
        by_cell.setdefault(piece.line.cell, Counter()).update(known)
        overall.update(known)
    samples.known.update(overall)
    return [
        _with_widths(piece, widths, by_cell[piece.line.cell], overall, samples.known)
        for piece, widths in zip(pieces, widths_of, strict=True)
    ]


def _paired(
    pieces: Sequence[TextPiece], signs: Sequence[dict[int, _Sign]]
) -> list[dict[int, _Sign]]:
    """Give a bracket whose paper shows nothing the width that its partner's paper shows.

    Partners stand in one line, or in lines of one cell.
    """
    paired = [dict(found) for found in signs]
    opened: dict[object, list[tuple[int, int]]] = {}
    order = sorted(
        range(len(pieces)), key=lambda n: (pieces[n].line.ink.top, pieces[n].line.ink.x0)
    )
    for number in order:
        block = pieces[number].line.cell or number
        for index in sorted(signs[number]):
            text = pieces[number].chars[index].text
            if text in OPENING:
                opened.setdefault(block, []).append((number, index))
            elif text in BRACKETS and opened.get(block):
                _share(paired, opened[block].pop(), (number, index))
    return paired


def _share(paired: list[dict[int, _Sign]], *partners: tuple[int, int]) -> None:
    """Let two partners show the same width if only one shows any."""
    shown = [paired[number][index].wide for number, index in partners]
    for (number, index), wide, others in zip(partners, shown, reversed(shown), strict=True):
        if wide is None:
            paired[number][index] = replace(paired[number][index], wide=others)


def _with_widths(
    piece: TextPiece,
    widths: dict[int, bool | None],
    cell: Counter[bool],
    overall: Counter[bool],
    so_far: Counter[bool],
) -> TextPiece:
    chars = list(piece.chars)
    for index, wide in widths.items():
        seen = chars[index]
        likely = wide if wide is not None else _most(cell, _most(overall, seen.text in NARROW_OF))
        text = WIDE_OF.get(seen.text, seen.text) if likely else NARROW_OF.get(seen.text, seen.text)
        guessed = wide is None and piece.line.cell is not None and _is_open(cell, so_far)
        sure = min(_whichever(seen), IF_GUESSED) if guessed else _whichever(seen)
        chars[index] = replace(seen, text=text, confidence=sure)
    return replace(piece, chars=tuple(chars))


def _is_open(cell: Counter[bool], so_far: Counter[bool]) -> bool:
    """Tell whether neither a cell's signs nor all pages' are nearly all of one width."""
    counts = cell if cell.total() else so_far
    return max(counts.values(), default=0) < NEARLY_ALL * counts.total() or not counts.total()


def _most(counts: Counter[bool], otherwise: bool) -> bool:
    if counts[True] == counts[False]:
        return otherwise
    return counts[True] > counts[False]


def _whichever(seen: ReadChar) -> float:
    """Return how sure the sign is, whichever its width."""
    same = other_width(seen.text)
    return min(1.0, seen.confidence + sum(p for other, p in seen.rivals if other == same))


class _Looks:
    """What brackets of each width look like, from those whose paper shows it."""

    def __init__(self, samples: Samples) -> None:
        self.known = {
            wide: [_spread([shape[axis] for shape in found], axis) for axis in (0, 1)]
            for wide, found in samples.shapes.items()
            if len(found) >= ENOUGH
        }

    def width(self, sign: _Sign) -> bool | None:
        """Return a sign's width: by its paper, or else by what it looks like; None: not known."""
        if sign.wide is not None or sign.shape is None:
            return sign.wide
        far = {wide: self._distance(sign.shape, wide) for wide in self.known}
        alike = [wide for wide, distance in far.items() if distance <= ALIKE]
        if len(alike) == 1:
            return alike[0]
        if len(far) == 1 and min(far.values()) >= UNLIKE:
            return next(not wide for wide in far)
        return min(far, key=lambda wide: far[wide]) if len(far) == 2 and not alike else None

    def _distance(self, shape: Shape, wide: bool) -> float:
        pairs = zip(shape, self.known[wide], strict=True)
        return fmean(abs(value - middle) / spread for value, (middle, spread) in pairs)


def _spread(values: Sequence[float], axis: int) -> tuple[float, float]:
    return fmean(values), max(pstdev(values), LEAST_SPREAD[axis])


def _signs(piece: TextPiece, page: PagePrint) -> dict[int, _Sign]:
    """Return the signs of two widths of a line by their place in it."""
    signs = [i for i, seen in enumerate(piece.chars) if other_width(seen.text)]
    if not signs:
        return {}
    box = piece.line.ink
    part = page.grey[box.top : box.bottom, box.x0 : box.x1] < 255 * FAINT_INK
    spans = [(box.x0 + low, box.x0 + high) for low, high in spans_of(part.any(axis=0))]
    found = {}
    for i in signs:
        at = _span_of(piece.chars[i], spans, page.usual)
        bracket = at is not None and piece.chars[i].text in BRACKETS
        shape = _shape(page, piece, spans[at]) if at is not None and bracket else None
        wide = None if at is None else _by_paper(piece.chars, i, spans, at, page.usual)
        found[i] = _Sign(wide, shape)
    return found


def _span_of(seen: ReadChar, spans: Sequence[tuple[int, int]], usual: float) -> int | None:
    """Return which run of inked columns is a sign's, None if none is narrow and near enough."""
    near = [
        (abs((low + high) / 2 - seen.at), index)
        for index, (low, high) in enumerate(spans)
        if high - low <= 0.45 * usual
    ]
    return min(near)[1] if near and min(near)[0] <= 0.6 * usual else None


def _by_paper(
    chars: Sequence[ReadChar], place: int, spans: Sequence[tuple[int, int]], at: int, usual: float
) -> bool | None:
    """Tell whether a sign is the wide one by the paper on its empty side; None: not known."""
    opens = chars[place].text in OPENING
    beside, near = (at - 1, place - 1) if opens else (at + 1, place + 1)
    if not (0 <= beside < len(spans) and 0 <= near < len(chars)):
        return None
    low, high = spans[at]
    if low <= chars[near].at <= high:  # one run of ink, two signs
        return None
    paper: float = (low - spans[beside][1]) if opens else (spans[beside][0] - high)
    if chars[near].text in (PAPER_AFTER if opens else PAPER_BEFORE):
        paper -= OWN_PAPER * usual
    if paper >= WIDE_PAPER * usual:
        return True
    return False if paper <= NARROW_PAPER * usual else None


def _shape(page: PagePrint, piece: TextPiece, span: tuple[int, int]) -> Shape | None:
    """Return how far a bracket's ink spreads down and across, in points.

    Print outside tables comes in many sizes: it has no shape to compare.
    """
    if piece.line.cell is None:
        return None
    box = piece.line.ink
    part = page.grey[max(0, box.top - 2) : box.bottom + 2, span[0] - 1 : span[1] + 1]
    ink = (255.0 - part) / 255
    if float(ink.sum()) <= 0:
        return None
    return _deviation(ink.sum(axis=1)) / page.scale, _deviation(ink.sum(axis=0)) / page.scale


def _deviation(weights: Any) -> float:
    places = np.arange(len(weights))
    middle = float((weights * places).sum() / weights.sum())
    return float(np.sqrt((weights * (places - middle) ** 2).sum() / weights.sum()))
