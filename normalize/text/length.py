"""Texts as long as a cell of a notice can be; what is longer is cut before it is read."""

from __future__ import annotations

from dataclasses import replace

from schemas.records.document import Cell, Document

MOST_CHARACTERS = 4000
"""The longest cells of real notices, methods of scoring, have some 1,500."""


def with_cut_texts(document: Document) -> Document:
    """Return the document with its overlong texts cut; :func:`is_cut` tells which they are.

    Reading a text takes time with the square of its length, and a cell of 100,000 characters is
    none that an office printed. The cells that land keep the whole text.
    """
    tables = (replace(each, cells=tuple(map(_cut, each.cells))) for each in document.tables)
    return replace(document, tables=tuple(tables))


def is_cut(cell: Cell) -> bool:
    """Tell whether a cell's text was cut."""
    return len(cell.text) > MOST_CHARACTERS


def _cut(cell: Cell) -> Cell:
    return cell._replace(text=cell.text[:MOST_CHARACTERS] + "…") if is_cut(cell) else cell
