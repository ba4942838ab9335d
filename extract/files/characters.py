"""Texts made of whole characters: what a document calls a character need not be one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from functools import cache
from typing import Any, TypeVar

from common.characters import fit, whole
from schemas.records.document import Cell, Document, FrontMatter, ReaderNote, Table
from schemas.records.forms import ReadBook, ReadCell, ReadSheet

_Record = TypeVar("_Record", FrontMatter, ReaderNote, Table, ReadSheet, ReadCell)


def with_whole_characters(document: Document) -> Document:
    """Return the document with whole characters (:func:`common.characters.whole`).

    A page's character reference, a workbook's escape or a font's table can name half of a
    character (a surrogate), and no file of ours can hold one.
    """
    tables = (
        replace(_whole(table), cells=tuple(map(_whole_cell, table.cells)))
        for table in document.tables
    )
    notes = tuple(map(_whole, document.notes))
    return replace(document, tables=tuple(tables), front=_whole(document.front), notes=notes)


def with_fit_texts(book: ReadBook) -> ReadBook:
    """Return a returned form with texts that its reply and the tables can hold.

    A workbook's escape (``_x001B_``) can name any sign. What is put in its place is no digit: a
    value that held one is refused by its cell, not read without it.
    """
    sheets = (
        replace(_whole(sheet, fit), cells=tuple(_whole(cell, fit) for cell in sheet.cells))
        for sheet in book.sheets
    )
    return replace(book, sheets=tuple(sheets))


def _whole_cell(cell: Cell) -> Cell:
    text, other = whole(cell.text), cell.other_text and whole(cell.other_text)
    if (text, other) == (cell.text, cell.other_text):
        return cell
    return cell._replace(text=text, other_text=other)


def _whole(record: _Record, whole: Callable[[str], str] = whole) -> _Record:
    """Return a record with whole characters in its own texts and lists of texts."""
    changed: dict[str, Any] = {}
    kind: Any = type(record)
    for name in _names(kind):
        value = getattr(record, name)
        if isinstance(value, str):
            better: object = whole(value)
        elif value and name in _LISTS:
            better = tuple(map(whole, value))
        else:
            continue
        if better != value:
            changed[name] = better
    return replace(record, **changed) if changed else record


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Return the names of the fields that may hold texts."""
    return tuple(field.name for field in fields(kind) if field.type not in _WITHOUT_TEXT)


_LISTS = ("caption", "notes")
_WITHOUT_TEXT = ("int", "int | None", "bool", "bool | None", "float | None", "Box | None")
