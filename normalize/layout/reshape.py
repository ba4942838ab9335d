"""Tables laid out otherwise are turned into the ordinary layout before they are read.

The ordinary layout has a row an indicator and a column an entity. Turned into it are blocks side by
side, tables with a row an entity, and lists with the entity in a column; tables of one entity each
are put together after reading (:mod:`normalize.select.combine`). A table whose layout is known and
cannot be turned without a guess is set aside: it is never read as if it were ordinary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from common.fold import clean
from normalize.layout.cell_mover import Mover
from normalize.layout.entity_rows import by_entity, entity_column
from normalize.layout.header import find_header, matrix
from normalize.layout.side_by_side import find_blocks, parted
from normalize.layout.transposed import is_transposed, turned
from normalize.model.doubt import Doubt
from normalize.text.places import is_place
from schemas.records.document import Cell, Table


@dataclass(frozen=True, slots=True)
class Reshaped:
    """Tables in the ordinary layout, what moved their cells, and what is left to tell."""

    tables: tuple[Table, ...]
    mover: Mover
    set_aside: tuple[Table, ...]
    doubts: tuple[Doubt, ...]


def reshape_to_standard(tables: Sequence[Table]) -> Reshaped:
    """Turn every table into the ordinary layout."""
    mover = Mover()
    shaped = by_entity(parted(tables, mover), mover)
    kept: list[Table] = []
    set_aside: list[Table] = []
    doubts: list[Doubt] = []
    ordinary_page: Table | None = None
    for table in shaped:
        if _goes_on(table, ordinary_page):
            kept.append(table)
            continue
        better = _turned(table, mover)
        ordinary_page = table if better is table and find_header(table) else None
        if better is None:
            set_aside.append(table)
            continue
        kept.append(better)
        if better is not table:
            doubts.extend(_left_out(table, better, mover))
    return Reshaped(tuple(kept), mover, tuple(set_aside), tuple(doubts))


def _goes_on(table: Table, before: Table | None) -> bool:
    """Tell whether a page without a header has the columns of the ordinary table before it."""
    same = before is not None and table.column_count == before.column_count
    return same and not table.caption and find_header(table) is None


def _turned(table: Table, mover: Mover) -> Table | None:
    """Return the table, turned over where it must be; None where that cannot be done."""
    header = find_header(table)
    if header and not table.regular and (find_blocks(table, header) or _is_list(table)):
        return None
    if header and any(is_place(text) for path in header.paths for text in path):
        return table
    if is_transposed(table):
        return turned(table, mover) if table.regular else None
    return table


def _is_list(table: Table) -> bool:
    header = find_header(table)
    return header is not None and entity_column(table, header) is not None


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
    texts = "、".join(f"“{text}”" for text in lost[:10])
    return [
        Doubt(
            "text_unplaced",
            f"These texts of table {table.table_no} went into no value: {texts}",
            f"第{table.table_no}个表按“一行一个考核对象”的版式读取，以下文字未能归入任何一项：{texts}"
            + (f" 等{len(lost)}处" if len(lost) > 10 else "")
            + "。",
        )
    ]


def _is_label(cell: Cell, first: set[int]) -> bool:
    """Tell whether a cell only names rows or numbers them."""
    return id(cell) in first or (cell.column == 1 and clean(cell.text).isdecimal())
