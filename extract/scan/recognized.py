"""A line of print as read: what stands between recognising a page and placing its text."""

from __future__ import annotations

from dataclasses import dataclass

from extract.scan.engine import ReadChar
from extract.scan.lines import PrintLine
from extract.scan.picture import Pixels


@dataclass(frozen=True, slots=True)
class PagePrint:
    """A page's print: the picture without rules, its scale, and how high a line of words is."""

    grey: Pixels
    scale: float
    usual: float


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A line as read: its characters, with their middles across (pixels).

    ``agreed``: a second reading was the same (None: settled without). ``other`` is what it was
    where it differs.
    """

    line: PrintLine
    chars: tuple[ReadChar, ...]
    agreed: bool | None = None
    other: str | None = None

    @property
    def text(self) -> str:
        """Return the characters as one text."""
        return "".join(char.text for char in self.chars)

    @property
    def confidence(self) -> float:
        """Return how sure the least sure character is; a space is no character."""
        inked = (char.confidence for char in self.chars if not char.text.isspace())
        return min(inked, default=0.0)


def is_ideograph(text: str) -> bool:
    """Tell whether a character is one of the common Chinese ones."""
    return "\u4e00" <= text <= "\u9fff"
