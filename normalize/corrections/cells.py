"""Corrections of printed cells: found by their place, their text replaced before any meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from normalize.corrections.refusals import (
    changes_nothing,
    no_longer_read,
    no_such_place,
    nothing_to_accept,
    same_place,
)
from normalize.findings.ledger import Entry, Ledger
from schemas.records.corrections import CellPlace, Correction
from schemas.records.document import Cell, Document, Table


@dataclass(frozen=True, slots=True)
class CellDecision:
    """A correction and the cell it is about: as read, and as it is to be understood."""

    correction: Correction
    read: Cell
    cell: Cell


def cell_decisions(document: Document, corrections: Sequence[Correction]) -> list[CellDecision]:
    """Return the corrections of printed cells, each held against what was read."""
    found: dict[int, CellDecision] = {}
    for correction in corrections:
        if not isinstance(correction.where, CellPlace):
            continue
        read = _cell_at(document, correction, correction.where)
        if id(read) in found:
            raise same_place(correction, found[id(read)].correction)
        found[id(read)] = CellDecision(correction, read, _decided(read, correction))
    return list(found.values())


def _decided(read: Cell, correction: Correction) -> Cell:
    """Return the cell with the right text and no reader's doubt; itself if it is accepted."""
    text = clean(read.text)
    if fold(str(correction.expect)) != fold(text):
        raise no_longer_read(correction, text)
    if correction.value is None:
        return read
    value = str(correction.value)
    if clean(value) == text:
        raise changes_nothing(correction)
    return replace(read, text=value, agreed=None, other_text=None, confidence=None)


def _cell_at(document: Document, correction: Correction, place: CellPlace) -> Cell:
    tables = [
        table
        for table in document.tables
        if place.table_no in (None, table.table_no) and place.page in (None, *_pages(table))
    ]
    found = [cell for table in tables for cell in _covering(table, place)]
    if len(found) > 1:
        raise no_such_place(
            correction,
            f"{len(found)} tables of the page have such a cell; table_no is needed",
            f"该页有{len(found)}个表都有这一格，请补写 table_no。",
        )
    if not found:
        sizes = [f"{table.row_count}x{table.column_count}" for table in tables]
        sizes_zh = "、".join(f"{table.row_count}行{table.column_count}列" for table in tables)
        raise no_such_place(
            correction,
            f"no such cell; tables there: {', '.join(sizes) or 'none'}",
            f"文件中没有这一格（该处的表：{sizes_zh or '无'}）。",
        )
    return found[0]


def _pages(table: Table) -> set[int | None]:
    return {table.page, *(cell.page for cell in table.cells)}


def _covering(table: Table, place: CellPlace) -> Iterator[Cell]:
    for cell in table.cells:
        page = table.page if cell.page is None else cell.page
        rows = range(cell.row, cell.row + cell.row_span)
        columns = range(cell.column, cell.column + cell.column_span)
        if place.row in rows and place.column in columns and place.page in (None, page):
            yield cell


def with_cells(document: Document, decisions: Sequence[CellDecision]) -> Document:
    """Return the document with the right texts; what readers noted of those cells is dropped."""
    right = {id(each.read): each.cell for each in decisions if each.cell is not each.read}
    if not right:
        return document
    tables = tuple(
        replace(table, cells=tuple(right.get(id(cell), cell) for cell in table.cells))
        for table in document.tables
    )
    places = {(cell.page, cell.box) for cell in right.values() if cell.box is not None}
    notes = tuple(note for note in document.notes if (note.page, note.box) not in places)
    return replace(document, tables=tables, notes=notes)


def accept_cells(decisions: Sequence[CellDecision], ledger: Ledger) -> None:
    """Close the open findings about cells that a person accepts as read."""
    for each in decisions:
        if not each.correction.accepts:
            continue
        entries = [entry for entry in ledger.entries if entry.is_open and _is_about(entry, each)]
        if not entries:
            raise nothing_to_accept(each.correction)
        for entry in entries:
            ledger.accept(entry)


def _is_about(entry: Entry, decision: CellDecision) -> bool:
    cell, finding = decision.cell, entry.finding
    sources = entry.cell.sources if entry.cell else ()
    same_box = cell.box is not None and (finding.page, finding.box) == (cell.page, cell.box)
    return same_box or any(source.key == cell.key for source in sources)
