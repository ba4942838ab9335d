"""The printed cells of all pages on one grid, and which of them are one logical cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from common.fold import clean, fold, number_runs_on
from normalize.model.doubt import Doubt
from schemas.records.document import Cell


@dataclass(slots=True)
class Piece:
    """A printed cell placed on the logical grid (half-open ranges).

    ``assumed`` is the text it is taken to have though it is printed blank. ``rest`` tells that it
    is the rest of a cut row's cell, so that its text goes on from the text before.
    """

    row0: int
    row1: int
    column0: int
    column1: int
    cell: Cell
    doubts: list[Doubt] = field(default_factory=list)
    assumed: str | None = None
    rest: bool = False

    @property
    def text(self) -> str:
        """Its own text, cleaned."""
        return clean(self.cell.text)


class Groups:
    """Which printed cells are pieces of one logical cell."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._group: dict[int, list[Piece]] = {id(piece): [piece] for piece in pieces}

    def unite(self, one: Piece, other: Piece) -> None:
        """Make both pieces of one logical cell."""
        kept, gone = self._group[id(one)], self._group[id(other)]
        if kept is not gone:
            kept.extend(gone)
            self._group.update((id(piece), kept) for piece in gone)

    def one(self, this: Piece, other: Piece) -> bool:
        """Tell whether both are pieces of one logical cell."""
        return self._group[id(this)] is self._group[id(other)]

    def part(self, piece: Piece, doubt: Doubt) -> None:
        """Take a blank piece out of its cell: it is only assumed, and doubted, to belong there."""
        piece.assumed = self.text(piece)
        piece.doubts.append(doubt)
        self._group[id(piece)].remove(piece)
        self._group[id(piece)] = [piece]

    def members(self) -> Iterator[list[Piece]]:
        """Yield each logical cell's pieces in reading order."""
        seen: set[int] = set()
        for group in self._group.values():
            if id(group) not in seen:
                seen.add(id(group))
                yield sorted(group, key=lambda piece: (piece.row0, piece.column0))

    def text(self, piece: Piece) -> str:
        """Return the text of the piece's logical cell so far."""
        return joined(self._group[id(piece)])


def text_lines(piece: Piece) -> int:
    """Return the number of lines that a cell prints."""
    return len(_lines(piece.cell.text))


def joined(pieces: Sequence[Piece]) -> str:
    """Put the texts of one logical cell's pieces together."""
    whole = ""
    for piece in pieces:
        text = piece.assumed or piece.cell.text
        if piece.rest and whole and clean(text):
            whole += text if number_runs_on(whole, text) else f"\n{text}"
        else:
            whole = join_texts([whole, text])
    return whole


def join_texts(texts: Sequence[str]) -> str:
    """Put the texts of one cut cell together: what is repeated, even clipped, counts once."""
    joined = ""
    for text in texts:
        if not clean(text) or repeats(joined, text):
            continue
        joined = text if not joined or repeats(text, joined) else f"{joined}\n{text}"
    return joined


def repeats(whole: str, part: str) -> bool:
    """Tell whether a text says again what another says, or a clipped end of it.

    A single character at the end is a repetition only if it was printed as a line of its own; it
    is the rest of the text otherwise.
    """
    said, again = fold(whole), fold(part)
    if len(again) > 1 and said.endswith(again):
        return True
    return said.startswith(again) or _lines(whole)[-len(_lines(part)) :] == _lines(part)


def _lines(text: str) -> list[str]:
    return [fold(line) for line in text.split("\n") if clean(line)]
