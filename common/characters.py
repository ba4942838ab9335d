"""Texts that every file of ours can hold, whatever a document calls a character.

And what a spreadsheet would run as a formula, and how it is kept from that.
"""

from __future__ import annotations

import re

_HALF = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("[\x0b\x0c]")
#: What no XML can hold, and so no workbook: control characters, halves, what is no character.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
FORMULA_SIGNS = (
    *("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"),
    *("\t", "\r", "\n", "\0", "\ufeff"),
)
"""What a cell's text begins with where Excel, WPS or LibreOffice take it for a formula.

The full-width and small signs count where East Asian settings fold them; white space, NUL and a
byte-order mark where a program passes over them.
"""


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


def runs_as_formula(text: str) -> bool:
    """Say whether a spreadsheet may take the text for a formula; a number or dashes are none."""
    if not text.startswith(FORMULA_SIGNS) or not text.strip("-—－﹣"):
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def guarded(text: str) -> str:
    """Return a text with an apostrophe before it where it, or its own apostrophe, needs one."""
    return f"'{text}" if text.startswith((*FORMULA_SIGNS, "'")) else text


def unguarded(text: str) -> str:
    """Return what :func:`guarded` was given."""
    return text[1:] if text.startswith("'") and text[1:2] in (*FORMULA_SIGNS, "'") else text
