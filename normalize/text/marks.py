"""Marks of footnotes: raised after a text, they belong to its note and are no part of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from common.fold import clean
from schemas.records.document import Cell, Document, NoteMark, Table

_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(_DIGITS, "0123456789")
_RAISED = re.compile(rf"⁽[^⁽⁾\n]{{1,8}}⁾|[{_DIGITS}⁺⁻⁼ⁿ]+")
#: What stands raised behind these measures or multiplies: m², mg·m⁻³, 10⁴, 6×10⁴, xⁿ.
_POWER = re.compile(r"[A-Za-zμ米]\s*[²³]$|[⁺⁻⁼ⁿ]")
_BASE = re.compile(r"(?:^|[^0-9.])10\s*$|[×xX*·]\s*[0-9.]+\s*$")
#: Signs that are marks of notes also where they are not raised, if a note begins with them.
_SIGN = re.compile(r"(?<=[0-9%‰])\s*([①-⑳*＊※†‡#△▲☆★])(?=$|[（(])")
_NEXT = re.compile(r"\n|(?<=[；;。])\s*(?=[0-9①-⑳⁽¹²³⁴-⁹*※])")
_OPENING = r"^\s*(?:注\s*[:：]?)?\s*[\[［(（〔【⁽]?\s*"
_CLOSING = r"\s*[\]］)）〕】⁾]?\s*[.．、,，:：]?\s*(?=[^\s0-9.])"


def with_marks_apart(document: Document) -> Document:
    """Return the document with the marks of notes out of its cells' texts, each with its note.

    A power (m², 10⁴) is none. A raised mark stays one where its note is not found; a sign that is
    not raised (8*) is one only where a note begins with it.
    """
    if not any(_may_hold(cell.text) for table in document.tables for cell in table.cells):
        return document
    lines = [line for table in document.tables for line in _lines(table)]
    tables = (
        replace(each, cells=tuple(_apart(cell, lines) for cell in each.cells))
        for each in document.tables
    )
    return replace(document, tables=tuple(tables))


def _may_hold(text: str) -> bool:
    return _RAISED.search(text) is not None or _SIGN.search(text) is not None


def _lines(table: Table) -> Iterator[str]:
    """Yield what may be notes: lines under a table, and rows of one cell in it."""
    wide = (cell.text for cell in table.cells if cell.column_span >= table.column_count)
    noted = (cell.text for cell in table.cells if cell.text.lstrip().startswith("注"))
    for text in (*table.notes, *wide, *noted):
        yield from _NEXT.split(text)


def _apart(cell: Cell, lines: Sequence[str]) -> Cell:
    """Return a cell without the marks of notes that stand in its text."""
    marks: list[NoteMark] = []

    def taken(found: re.Match[str]) -> str:
        if _is_power(found, lines):
            return found.group()
        marks.extend(NoteMark(sign, _note(sign, lines)) for sign in _signs(found.group()))
        return ""

    def explained(found: re.Match[str]) -> str:
        note = _note(found[1], lines)
        if note is None:
            return found.group()
        marks.append(NoteMark(found[1], note))
        return ""

    if not _may_hold(cell.text):
        return cell
    text = _SIGN.sub(explained, _RAISED.sub(taken, cell.text))
    return cell._replace(text=text, marks=tuple(marks)) if marks else cell


def _is_power(found: re.Match[str], lines: Sequence[str]) -> bool:
    """Say whether what is raised is a power, or begins its text and so is itself a note.

    Nobody writes 10¹ for ten: with a note it is a mark.
    """
    before, raised = found.string[: found.start()], found.group()
    if not before.strip() or before.endswith("\n"):
        return True
    if raised.startswith("⁽"):
        return False
    if _BASE.search(before):
        return raised != "¹" or _note("1", lines) is None
    return _POWER.search(before + raised) is not None


def _signs(raised: str) -> list[str]:
    """Return the marks that are raised together: 1 and 2 of ⁽¹,²⁾."""
    return re.split(r"[,，、]", raised.strip("⁽⁾").translate(_PLAIN))


def _note(sign: str, lines: Sequence[str]) -> str | None:
    """Return the line of notes that begins with a mark; None where there is none."""
    bare = re.escape(sign)
    if re.fullmatch("[0-9]+", sign):
        bare = f"(?:{bare}|{''.join(_DIGITS[int(digit)] for digit in sign)})"
    begins = re.compile(rf"{_OPENING}(?:注\s*)?{bare}{_CLOSING}")
    return next((clean(line) for line in lines if begins.match(line)), None)
