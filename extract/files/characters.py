"""Texts made of whole characters: what a document calls a character need not be one."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from typing import Any, TypeVar

from schemas.records.document import Cell, Document, FrontMatter, ReaderNote, Table

_HALF = re.compile("[\ud800-\udfff]")
_Record = TypeVar("_Record", Cell, FrontMatter, ReaderNote, Table)


def with_whole_characters(document: Document) -> Document:
    """Return the document with halves of characters joined where they are a pair, else as \ufffd.

    A page's character reference, a workbook's escape or a font's table can name half of a
    character (a surrogate), and no file of ours can hold one.
    """
    tables = (
        replace(_whole(table), cells=tuple(map(_whole, table.cells))) for table in document.tables
    )
    notes = tuple(map(_whole, document.notes))
    return replace(document, tables=tuple(tables), front=_whole(document.front), notes=notes)


def _whole(record: _Record) -> _Record:
    """Return a record with whole characters in its own texts and lists of texts."""
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    lists = {name: tuple(map(whole, v)) for name, v in values.items() if name in _LISTS and v}
    texts = {name: whole(v) for name, v in values.items() if isinstance(v, str)}
    changed: dict[str, Any] = {name: v for name, v in (texts | lists).items() if v != values[name]}
    return replace(record, **changed) if changed else record


_LISTS = ("caption", "notes")


def whole(text: str) -> str:
    """Return a text with its pairs of halves joined, and a sign for each half without another."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
