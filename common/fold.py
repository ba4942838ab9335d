"""Forms of printed text that two readings of the same print share."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"\s+")
_DASHES = re.compile(r"[-‐-―−─━－﹣/\\／—]+")
_BRACKETS = str.maketrans("（）〔〕［］【】《》〈〉，", "()()()()<><>,")


def squash(text: object) -> str:
    """Return the text without white space, its brackets and widths of one kind."""
    folded = unicodedata.normalize("NFKC", str(text)).translate(_BRACKETS)
    return _SPACE.sub("", folded).casefold()


def dashes_only(text: str) -> bool:
    """Say whether nothing but dashes is printed: the sign of "not assessed"."""
    return _DASHES.fullmatch(_SPACE.sub("", text)) is not None
