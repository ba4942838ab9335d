"""Brackets and signs that are printed in two widths, told apart by the paper beside their ink.

（ and ( have much the same ink; the wide one stands in a square of its own, so that paper is left
before it (after it, for what closes). A recogniser of shapes can only guess which it was.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extract.ocr_engine import Seen
from extract.scan_lines import spans_of
from extract.scan_picture import Pixels

if TYPE_CHECKING:
    from extract.scan_text import TextPiece

WIDE_OF = {"(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
NARROW_OF = {wide: narrow for narrow, wide in WIDE_OF.items()}
INKED = 150
OPENING = "（("
PAPER_AFTER = "》〉」』”’）〕】。，、；：！？"
PAPER_BEFORE = "《〈「『“‘（〔【"
"""Wide signs that leave about half their square empty themselves, after or before their ink."""
OWN_PAPER = 0.45
PER_MILLE_TAIL = re.compile("%[0oO°](?![0-9.])")
WIDE_PER_CENT = 1.4
"""From the middle of the digit before it % reaches less far (in heights of a line), ‰ farther."""
WIDE_PAPER, NARROW_PAPER = 0.42, 0.30
"""Paper (in heights of a line) beside the ink of a wide sign, and beside a narrow one."""
"""Between them nothing is decided."""


def settle_widths(pieces: Sequence[TextPiece], grey: Pixels, usual: float) -> list[TextPiece]:
    """Give each such sign the width that its paper shows; what shows none, that of the others.

    What the paper shows counts before what the recogniser saw; a sign at a line's end is as wide
    as the other signs of its cell, then as most of the page.
    """
    shown = [_shown(piece, grey, usual) for piece in pieces]
    by_cell: dict[tuple[int, int] | None, Counter[bool]] = {}
    page: Counter[bool] = Counter()
    for piece, widths in zip(pieces, shown, strict=True):
        found = [wide for wide in widths.values() if wide is not None]
        by_cell.setdefault(piece.line.cell, Counter()).update(found)
        page.update(found)
    settled = []
    for piece, widths in zip(pieces, shown, strict=True):
        cell = by_cell[piece.line.cell]
        chars = list(piece.chars)
        for index, wide in widths.items():
            seen = chars[index]
            likely = wide if wide is not None else _most(cell, _most(page, seen.text in NARROW_OF))
            chars[index] = replace(seen, text=_as(seen.text, likely), confidence=_sum(seen))
        settled.append(replace(piece, chars=tuple(chars)))
    return settled


def _most(counts: Counter[bool], otherwise: bool) -> bool:
    if counts[True] == counts[False]:
        return otherwise
    return counts[True] > counts[False]


def _as(text: str, wide: bool) -> str:
    return WIDE_OF.get(text, text) if wide else NARROW_OF.get(text, text)


def _sum(seen: Seen) -> float:
    """Return how sure the sign is, whichever its width."""
    twin = WIDE_OF.get(seen.text) or NARROW_OF.get(seen.text)
    return min(1.0, seen.confidence + sum(p for other, p in seen.rivals if other == twin))


def _shown(piece: TextPiece, grey: Pixels, usual: float) -> dict[int, bool | None]:
    """Return for each sign of two widths of a line which one the paper shows."""
    twins = [i for i, seen in enumerate(piece.chars) if _is_twin(seen.text)]
    if not twins:
        return {}
    box = piece.line.ink
    part = grey[box.top : box.bottom, box.x0 : box.x1] < INKED
    spans = [(box.x0 + low, box.x0 + high) for low, high in spans_of(part.any(axis=0))]
    return {i: _width(piece.chars, i, spans, usual) for i in twins}


def _is_twin(text: str) -> bool:
    return text in WIDE_OF or text in NARROW_OF


def _width(
    chars: Sequence[Seen], place: int, spans: Sequence[tuple[int, int]], usual: float
) -> bool | None:
    """Tell whether a sign is the wide one by the paper on its empty side; None: not told."""
    at = chars[place].at
    narrow = [
        (abs((low + high) / 2 - at), index)
        for index, (low, high) in enumerate(spans)
        if high - low <= 0.45 * usual
    ]
    if not narrow or min(narrow)[0] > 0.6 * usual:
        return None
    index = min(narrow)[1]
    opens = chars[place].text in OPENING
    beside, near = (index - 1, place - 1) if opens else (index + 1, place + 1)
    if not (0 <= beside < len(spans) and 0 <= near < len(chars)):
        return None
    low, high = spans[index]
    paper = (low - spans[beside][1]) if opens else (spans[beside][0] - high)
    if chars[near].text in (PAPER_AFTER if opens else PAPER_BEFORE):
        paper -= round(OWN_PAPER * usual)
    if paper >= WIDE_PAPER * usual:
        return True
    return False if paper <= NARROW_PAPER * usual else None


def with_per_mille(piece: TextPiece, usual: float) -> TextPiece:
    """Return a line in which ‰ is ‰: recognisers take it for % and a small 0 or o, or for %."""
    chars: list[Seen] = []
    text = piece.text
    for index, seen in enumerate(piece.chars):
        if chars and chars[-1].text == "‰" and PER_MILLE_TAIL.match(text, index - 1):
            continue
        if seen.text == "%" and PER_MILLE_TAIL.match(text, index):
            chars.append(replace(seen, text="‰"))
        elif seen.text == "%" and _reaches_far(piece, index, usual):
            chars.append(replace(seen, text="‰", confidence=min(seen.confidence, 0.5)))
        else:
            chars.append(seen)
    other = piece.other and PER_MILLE_TAIL.sub("‰", piece.other)
    return replace(piece, chars=tuple(chars), other=other)


def _reaches_far(piece: TextPiece, index: int, usual: float) -> bool:
    """Tell whether a % that ends its line is too wide for one."""
    if index != len(piece.chars) - 1 or not index or not piece.chars[index - 1].text.isdecimal():
        return False
    return piece.line.ink.x1 - piece.chars[index - 1].at > WIDE_PER_CENT * usual
