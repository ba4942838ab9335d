"""What the document says around a table that helps to tell its columns: year and entities."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from common.fold import fold

_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Hints:
    """The document's year, its entities where somebody declared them, and texts before the table.

    ``declared`` are from ``source.toml``, rank groups or the command line. ``texts`` are the
    title, the caption and whatever else may name entities.
    """

    year: int | None = None
    declared: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def beside(self, texts: Iterable[str | None]) -> Hints:
        """Return the same with more texts that may name entities."""
        return replace(self, texts=(*self.texts, *(text for text in texts if text)))

    def declares(self, name: str) -> bool:
        """Tell whether a name is that of a declared entity, in full or in short."""
        folded = fold(name)
        return any(_same(folded, fold(each)) for each in self.declared)

    def names(self, name: str) -> bool:
        """Tell whether a text before the table holds a name."""
        folded = fold(name)
        return len(folded) >= _SHORTEST and any(folded in fold(text) for text in self.texts)


def _same(name: str, other: str) -> bool:
    short, long = sorted((name, other), key=len)
    return short == long or (len(short) >= _SHORTEST and long.startswith(short))


NO_HINTS = Hints()
