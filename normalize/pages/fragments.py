"""The printed cells of all pages on one grid, and which of them are one logical cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from common.fold import clean, fold, number_runs_on
from normalize.model.doubt import Doubt
from schemas.records.document import Cell


@dataclass(slots=True)
class CellFragment:
    """A printed cell placed on the logical grid (half-open ranges).

    ``assumed`` is the text it is taken to have though it is printed blank. ``continuation``: it is
    the second part of a cut row's cell, so that its text continues the text before.
    """

    row0: int
    row1: int
    column0: int
    column1: int
    cell: Cell
    doubts: list[Doubt] = field(default_factory=list)
    assumed: str | None = None
    continuation: bool = False

    @property
    def text(self) -> str:
        """Its own text, cleaned."""
        return clean(self.cell.text)


class MergedCells:
    """Which printed cells are pieces of one logical cell."""

    def __init__(self, fragments: Sequence[CellFragment]) -> None:
        self._group: dict[int, list[CellFragment]] = {
            id(fragment): [fragment] for fragment in fragments
        }

    def unite(self, one: CellFragment, other: CellFragment) -> None:
        """Make both pieces of one logical cell."""
        kept, gone = self._group[id(one)], self._group[id(other)]
        if kept is not gone:
            kept.extend(gone)
            self._group.update((id(fragment), kept) for fragment in gone)

    def one(self, this: CellFragment, other: CellFragment) -> bool:
        """Tell whether both are pieces of one logical cell."""
        return self._group[id(this)] is self._group[id(other)]

    def part(self, fragment: CellFragment, doubt: Doubt) -> None:
        """Take a blank piece out of its cell: it is only assumed, and doubted, to belong there."""
        fragment.assumed = self.text(fragment)
        fragment.doubts.append(doubt)
        self._group[id(fragment)].remove(fragment)
        self._group[id(fragment)] = [fragment]

    def members(self) -> Iterator[list[CellFragment]]:
        """Yield each logical cell's pieces in reading order."""
        seen: set[int] = set()
        for group in self._group.values():
            if id(group) not in seen:
                seen.add(id(group))
                yield sorted(group, key=lambda fragment: (fragment.row0, fragment.column0))

    def text(self, fragment: CellFragment) -> str:
        """Return the text of the piece's logical cell so far."""
        return joined(self._group[id(fragment)])

    def text_above(self, fragment: CellFragment, row: int) -> str:
        """Return the cleaned text of the pieces of its logical cell that lie above a row."""
        return clean(joined([each for each in self._group[id(fragment)] if each.row0 < row]))


def text_lines(fragment: CellFragment) -> int:
    """Return the number of lines that a cell prints."""
    return len(_lines(fragment.cell.text))


def joined(fragments: Sequence[CellFragment]) -> str:
    """Put the texts of one logical cell's pieces together."""
    whole = ""
    for fragment in fragments:
        text = fragment.assumed or fragment.cell.text
        if fragment.continuation and whole and clean(text):
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


@lru_cache(maxsize=4096)
def repeats(whole: str, part: str) -> bool:
    """Tell whether a text repeats another, or a clipped end of it.

    A single character at the end is a repetition only if it was printed as a line of its own; it
    is the rest of the text otherwise.
    """
    before, again = fold(whole), fold(part)
    if len(again) > 1 and before.endswith(again):
        return True
    return before.startswith(again) or _lines(whole)[-len(_lines(part)) :] == _lines(part)


@lru_cache(maxsize=4096)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(fold(line) for line in text.split("\n") if clean(line))
