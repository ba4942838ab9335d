"""A paragraph's text put together from pieces, each with its height on the line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from extract.office.word.fields import Field
from extract.office.word.looks import Height
from extract.raised import subscript, superscript


@dataclass(slots=True)
class Pieces:
    """The pieces so far, and the fields that are open."""

    parts: list[tuple[str, Height]] = field(default_factory=list)
    fields: list[Field] = field(default_factory=list)

    def add(self, text: str, height: Height) -> None:
        """Add text that is seen; inside a field's code it is a part of the code."""
        coded = next((each for each in reversed(self.fields) if each.in_code), None)
        if coded is None:
            self.parts.append((text, height))
        elif coded is not self.fields[-1]:
            coded.code.append(text)

    def text(self) -> str:
        """Return the text; its own line breaks are newlines."""
        text = re.sub(r"[ \u00a0]+", " ", self._joined())
        return "\n".join(line.strip() for line in text.split("\n")).strip("\n")

    def _joined(self) -> str:
        """Join the pieces; what is shifted is raised or lowered only beside what is not."""
        beside = any(height in _FIRM and text.strip() for text, height in self.parts)
        shown = ""
        for height, group in groupby(self.parts, lambda part: part[1]):
            text = "".join(part for part, _ in group)
            if height is Height.RAISED or (height is Height.LIFTED and beside):
                shown += _around(text, superscript(text.strip()))
            elif height is Height.LOWERED or (height is Height.SUNK and beside):
                shown += subscript(text, shown)
            else:
                shown += text
        return shown


_FIRM = frozenset({Height.LINE, Height.RAISED, Height.LOWERED})


def _around(text: str, shown: str) -> str:
    """Return text in another form with the white space that was around it."""
    if not text.strip():
        return text
    lead, trail = len(text) - len(text.lstrip()), len(text.rstrip())
    return text[:lead] + shown + text[trail:]
