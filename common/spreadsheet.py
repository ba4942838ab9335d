"""Texts in spreadsheets: what a program would run as a formula, and how it is kept from it."""

from __future__ import annotations

FORMULA_SIGNS = (
    *("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"),
    *("\t", "\r", "\n", "\0", "\ufeff"),
)
"""What a cell's text begins with where Excel, WPS or LibreOffice take it for a formula.

The full-width and small signs count where East Asian settings fold them; white space, NUL and a
byte-order mark where a program passes over them.
"""


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
