"""Corrections of printed cells: found by their place, their text replaced before any meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from common.fold import clean, fold
from common.numbers import show
from common.refusal import refusal
from normalize.findings.ledger import Entry, Ledger
from schemas.records.corrections import CellPlace, Content, Correction, place_in_words
from schemas.records.document import Cell, Document, Table


def described(correction: Correction) -> dict[str, object]:
    """Return the slots that every refusal of a correction has: its file, its number, its place."""
    where, where_zh = place_in_words(correction.where)
    return {
        "source": correction.source,
        "number": correction.number,
        "where": where,
        "where_zh": where_zh,
    }


def shown(content: Content | None) -> str:
    """Return a content in words."""
    if isinstance(content, tuple):
        return "、".join(content)
    return show(content) if isinstance(content, float) else str(content)


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
            other = found[id(read)].correction.number
            raise refusal("normalize.correction_twice", **described(correction), other=other)
        found[id(read)] = CellDecision(correction, read, _decided(read, correction))
    return list(found.values())


def _decided(read: Cell, correction: Correction) -> Cell:
    """Return the cell with the right text and no reader's doubt; itself if it is accepted."""
    text = clean(read.text)
    if fold(str(correction.expect)) != fold(text):
        raise refusal(
            "normalize.correction_unmatched",
            **described(correction),
            expected=shown(correction.expect),
            read=text,
        )
    if correction.value is None:
        return read
    value = str(correction.value)
    if clean(value) == text:
        raise refusal("normalize.correction_unused.same", **described(correction), value=value)
    return read._replace(text=value, agreed=None, other_text=None, confidence=None)


def _cell_at(document: Document, correction: Correction, place: CellPlace) -> Cell:
    tables = [
        table
        for table in document.tables
        if place.table_no in (None, table.table_no) and place.page in (None, *_pages(table))
    ]
    found = [cell for table in tables for cell in _covering(table, place)]
    if len(found) > 1:
        raise refusal(
            "normalize.correction_place.several_tables", **described(correction), count=len(found)
        )
    if not found:
        sizes = [f"{table.row_count}x{table.column_count}" for table in tables]
        sizes_zh = "、".join(f"{table.row_count}行{table.column_count}列" for table in tables)
        raise refusal(
            "normalize.correction_place.no_cell",
            **described(correction),
            sizes=", ".join(sizes) or "none",
            sizes_zh=sizes_zh or "无",
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
            raise refusal("normalize.correction_unused.nothing_open", **described(each.correction))
        for entry in entries:
            ledger.accept(entry)


def _is_about(entry: Entry, decision: CellDecision) -> bool:
    cell, finding = decision.cell, entry.finding
    sources = entry.cell.sources if entry.cell else ()
    same_box = cell.box is not None and (finding.page, finding.box) == (cell.page, cell.box)
    return same_box or any(source.key == cell.key for source in sources)
