"""Texts that every file of ours can hold, whatever a document calls a character."""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("[\x0b\x0c]")
#: What no XML can hold, and so no workbook: control characters, halves, what is no character.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_CHARACTER = re.compile("[\ufffe\uffff]")


def whole(text: str) -> str:
    """Return a text of whole characters: halves joined where they are a pair, else as \ufffd.

    So is what Unicode says will never be a character. Control characters are kept.
    """
    if _HALF.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _NO_CHARACTER.sub("\ufffd", text)


def fit(text: str) -> str:
    """Return a text that a workbook, JSON and Parquet can hold: :func:`whole`, no controls.

    Old signs that end a line or a page end a line; other control characters are \ufffd, so that
    nobody takes what stood around them for whole.
    """
    if _UNFIT.search(text) is None:
        return text
    return _UNFIT.sub("\ufffd", _LINE_ENDS.sub("\n", whole(text)))


def without_unfit(text: str) -> str:
    """Return a text without the signs that no workbook may hold."""
    return _UNFIT.sub("", text)
