"""Tables of other layouts are reshaped to the standard layout before they are read.

The standard layout has a row an indicator and a column an entity. Reshaped are blocks side by side,
tables with a row an entity, and lists with the entity in a column; tables of one entity each are
put together after reading (:mod:`normalize.select.combine`). A table whose layout is known and
cannot be reshaped without a guess is set aside: it is never read as if it were standard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.fold import clean
from normalize.layout.cell_mover import Mover
from normalize.layout.entity_rows import by_entity, entity_column
from normalize.layout.header import Header, matrix, names_a_place
from normalize.layout.side_by_side import find_blocks, parted
from normalize.layout.transposed import is_transposed, turned
from normalize.model.doubt import Doubt, doubt
from schemas.records.document import Cell, Table

_MOST_NAMED = 10  # lost texts that a finding lists


@dataclass(frozen=True, slots=True)
class Reshaped:
    """Tables in the standard layout, what moved their cells, those set aside, and doubts."""

    tables: tuple[Table, ...]
    mover: Mover
    set_aside: tuple[Table, ...]
    doubts: tuple[Doubt, ...]


def reshape_to_standard(tables: Sequence[Table]) -> Reshaped:
    """Reshape every table to the standard layout."""
    mover = Mover()
    shaped = by_entity(parted(tables, mover), mover)
    kept: list[Table] = []
    set_aside: list[Table] = []
    doubts: list[Doubt] = []
    standard_page: Table | None = None
    for table in shaped:
        header = mover.header(table)
        if header is None and _continues(table, standard_page):
            kept.append(table)
            continue
        better = _turned(table, header, mover)
        standard_page = table if better is table and header else None
        if better is None:
            set_aside.append(table)
            continue
        kept.append(better)
        if better is not table:
            doubts.extend(_left_out(table, better, mover))
    return Reshaped(tuple(kept), mover, tuple(set_aside), tuple(doubts))


def _continues(table: Table, before: Table | None) -> bool:
    """Tell whether a page, which has no header, has the columns of the standard table before it."""
    same = before is not None and table.column_count == before.column_count
    return same and not table.caption


def _turned(table: Table, header: Header | None, mover: Mover) -> Table | None:
    """Return the table, turned over where it must be; None where that cannot be done."""
    if header and not table.regular and (find_blocks(table, header) or _is_list(table, header)):
        return None
    if header and names_a_place(header):
        return table
    if is_transposed(table):
        return turned(table, mover) if table.regular else None
    return table


def _is_list(table: Table, header: Header) -> bool:
    return entity_column(table, header) is not None


def _left_out(table: Table, better: Table, mover: Mover) -> list[Doubt]:
    """Tell which printed texts a turned table has lost: sums, remarks, titles."""
    used = {id(mover.printed(cell)) for cell in better.cells}
    first = {id(cell) for row in matrix(table)[:2] for cell in row[:2] if cell is not None}
    lost = [
        clean(cell.text)
        for cell in table.cells
        if clean(cell.text) and id(mover.printed(cell)) not in used and not _is_label(cell, first)
    ]
    if not lost:
        return []
    texts = "、".join(f"“{text}”" for text in lost[:_MOST_NAMED])
    if len(lost) > _MOST_NAMED:
        return [doubt("text_unplaced.many", table=table.table_no, texts=texts, count=len(lost))]
    return [doubt("text_unplaced.few", table=table.table_no, texts=texts)]


def _is_label(cell: Cell, first: set[int]) -> bool:
    """Tell whether a cell only names rows or numbers them."""
    return id(cell) in first or (cell.column == 1 and clean(cell.text).isdecimal())
