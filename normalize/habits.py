"""What a document does away from its page breaks: it tells what a break may have cut."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from normalize.grid import Column, Role
from normalize.pieces import Piece
from normalize.text import fold, printed_width


@dataclass(frozen=True, slots=True)
class Habits:
    """What a document does away from its page breaks.

    ``blanks`` are the roles whose cells it prints blank, ``tall`` those whose cells go over rows;
    ``texts`` the folded texts of each role; ``numbered`` tells that each row has a serial number
    of its own. ``longest`` is the width of each column's longest line, in letters.
    """

    blanks: Collection[Role]
    tall: Collection[Role]
    texts: Mapping[Role, Collection[str]]
    numbered: bool
    longest: Mapping[int, int]


def habits(pieces: Iterable[Piece], columns: Sequence[Column], edges: Collection[int]) -> Habits:
    """Learn a document's habits from the cells that touch no page's edge."""
    blanks: set[Role] = set()
    tall: set[Role] = set()
    texts: dict[Role, set[str]] = {}
    serials: Counter[bool] = Counter()
    longest: Counter[int] = Counter()
    for piece in pieces:
        lines = piece.cell.text.split("\n") if piece.column1 == piece.column0 + 1 else ()
        longest[piece.column0] = max(longest[piece.column0], *map(printed_width, lines), 0)
        if piece.row0 in edges or piece.row1 in edges:
            continue
        role = columns[piece.column0].role
        texts.setdefault(role, set()).add(fold(piece.text))
        if not piece.text:
            blanks.add(role)
        if piece.row1 > piece.row0 + 1:
            tall.add(role)
        if role is Role.SERIAL:
            serials[bool(piece.text) and piece.row1 == piece.row0 + 1] += 1
    return Habits(blanks, tall, texts, serials[True] > 0 and not serials[False], longest)
