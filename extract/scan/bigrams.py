"""An unsure character confirmed by its neighbours: 责任 was read surely elsewhere, 贵任 nowhere.

Only what was read is confirmed: no word is ever changed to another, and no number is confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from extract.scan.recognized import TextPiece, is_ideograph

SURE = 0.97
LIKELY = 0.5
"""A character less sure than this is never confirmed."""


class KnownPairs:
    """Pairs of characters that the pages read so far show surely."""

    def __init__(self) -> None:
        self.pairs: set[str] = set()

    def add(self, piece: TextPiece) -> None:
        """Take in the pairs of a line."""
        for one, other in pairwise(piece.chars):
            if min(one.confidence, other.confidence) >= SURE:
                self.pairs.add(one.text + other.text)

    def confirms(self, before: str, text: str, after: str) -> bool:
        """Tell whether a character stands surely elsewhere beside one of its neighbours."""
        return bool(
            (before and before + text in self.pairs) or (after and text + after in self.pairs)
        )


def settle_words(pieces: Sequence[TextPiece], words: KnownPairs) -> list[TextPiece]:
    """Return lines whose unsure characters of words are sure where their neighbours confirm it.

    ``words`` grows by what this page shows.
    """
    for piece in pieces:
        words.add(piece)
    return [_settled(piece, words) for piece in pieces]


def _settled(piece: TextPiece, words: KnownPairs) -> TextPiece:
    other = piece.other
    if piece.agreed is not False or other is None or len(other) != len(piece.chars):
        return piece
    doubtful = [i for i, one in enumerate(piece.text) if other[i] != one]
    if not doubtful or not all(_is_confirmed(piece, i, other[i], words) for i in doubtful):
        return piece
    chars = list(piece.chars)
    for i in doubtful:
        chars[i] = replace(chars[i], confidence=max(SURE, chars[i].confidence))
    return replace(piece, chars=tuple(chars), agreed=True, other=None)


def _is_confirmed(piece: TextPiece, index: int, rival: str, words: KnownPairs) -> bool:
    seen = piece.chars[index]
    if seen.confidence < LIKELY or not all(map(is_ideograph, (seen.text, rival))):
        return False
    before, after = _neighbours(piece, index)
    return words.confirms(before, seen.text, after) and not words.confirms(before, rival, after)


def _neighbours(piece: TextPiece, index: int) -> Iterator[str]:
    """Yield the sure ideograph before and the one after a character, or nothing for each."""
    for place in (index - 1, index + 1):
        near = piece.chars[place] if 0 <= place < len(piece.chars) else None
        sure = near is not None and near.confidence >= SURE and is_ideograph(near.text)
        yield near.text if near is not None and sure else ""
