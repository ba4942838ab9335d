"""Headings of sections hold for the rows below them, also where a header stands in between.

A section's heading (一、经济运行) may stand above the header of its rows, or the header may stand
again within the section: what a table begins with is then headed by what the table before it ends
with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from common.fold import clean
from normalize.layout.header import Header, distinct, find_header, leaf_names, matrix
from normalize.points.ordinals import ordinal_style
from normalize.text.places import entity_above
from schemas.records.document import Cell, Table


def alone_in(row: Sequence[Cell | None]) -> Cell | None:
    """Return the only cell of a row that says something, if it stands at the row's beginning.

    A merged cell that stands in other rows, too, is none.
    """
    cells = distinct(row)
    if None in row or any(cell.row_span > 1 for cell in cells):
        return None
    texts = [cell for cell in cells if clean(cell.text)]
    return texts[0] if len(texts) == 1 and texts[0].column == 1 else None


def has_first_level(header: Header) -> bool:
    """Tell whether a header names a column of first levels: a line over it is a part's title."""
    return any(name.startswith("一级") for name in leaf_names(header))


def heads_rows(text: str) -> bool:
    """Tell whether a line heads rows: it has an ordinal, and names no entity (二、青原区)."""
    return ordinal_style(text) is not None and not entity_above([text])


def with_headings_below(tables: Sequence[Table]) -> list[Table]:
    """Return tables, the headings right above a header as the first rows below it.

    Only where others have headings of the same style in their rows: a title may have an ordinal,
    too.
    """
    headers = list(map(find_header, tables))
    over = [_over(*each) for each in zip(tables, headers, strict=True)]
    if not any(over):
        return list(tables)
    rows = chain.from_iterable(map(_headings, tables, headers))
    styles = {ordinal_style(cell.text) for cell in rows}
    own = ([cell for cell in lines if ordinal_style(cell.text) in styles] for lines in over)
    return list(map(_with_own_below, tables, headers, own))


def _over(table: Table, header: Header | None) -> list[Cell]:
    """Return what may head rows: right above a header, and in lines over the table, at row 0."""
    if header is None or has_first_level(header):
        return []
    lines = (Cell(0, 1, line, page=table.page) for line in table.caption if heads_rows(line))
    return [*_above(table, header), *lines]


def _with_own_below(table: Table, header: Header | None, headings: Sequence[Cell]) -> Table:
    """Return a table, headings over its header, or one over it all, as its first rows."""
    if header is None or not headings:
        return table
    if within := [cell for cell in headings if cell.row]:
        return _moved(table, header, within)
    if _first_heading(table, header) is not None:
        return table
    return _with_headings(table, header.end, headings[:1])


def _first_heading(table: Table, header: Header | None) -> Cell | None:
    """Return the heading that a table's rows begin with, if any."""
    rows = matrix(table)[header.end if header else 0 :]
    cell = alone_in(rows[0]) if rows else None
    return cell if cell is not None and heads_rows(cell.text) else None


def _headings(table: Table, header: Header | None) -> Iterator[Cell]:
    """Yield the headings among a table's rows."""
    for row in matrix(table)[header.end if header else 0 :]:
        if (cell := alone_in(row)) is not None and heads_rows(cell.text):
            yield cell


def _above(table: Table, header: Header) -> list[Cell]:
    """Return the headings that stand right above a header."""
    found: list[Cell] = []
    for row in reversed(matrix(table, header.start)):
        cell = alone_in(row)
        if cell is None or not heads_rows(cell.text):
            break
        found.insert(0, cell)
    return found


def _moved(table: Table, header: Header, headings: Sequence[Cell]) -> Table:
    """Return a table with its header above the headings."""
    up, down = len(headings), header.height
    places = {row: row - up for row in range(header.start + 1, header.end + 1)}
    places |= {cell.row: cell.row + down for cell in headings}
    cells = (each._replace(row=places.get(each.row, each.row)) for each in table.cells)
    return replace(table, cells=_in_order(cells))


def carried(
    above: Table, own: Header | None, below: Table, header: Header | None
) -> tuple[Table, Table]:
    """Return two tables, the second headed by the headings that hold where the first one ends.

    Those that nothing follows in the first one are moved, the others stand in both.
    """
    holding = _holding(_headings(above, own))
    first = _first_heading(below, header)
    style = ordinal_style(first.text) if first is not None else None
    styles = [ordinal_style(each.text) for each in holding]
    kept = holding[: styles.index(style)] if style in styles else holding
    if not kept:
        return above, below
    return _without_trailing(above), _with_headings(below, header.end if header else 0, kept)


def with_trailing_headings(tables: Sequence[Table]) -> Iterator[Table]:
    """Yield the pages of one table, the lines under each that are headings as its last rows.

    A heading across the table that was printed last on a page reads as a line under that page. It
    is a row where the table has such headings and continues on the next page.
    """
    headings = chain.from_iterable(_headings(table, None) for table in tables)
    styles = {ordinal_style(cell.text) for cell in headings}
    for table in tables[:-1]:
        lines = [Cell(0, 1, line, page=table.page) for line in table.notes]
        heading = all(ordinal_style(cell.text) in styles for cell in lines)
        with_lines = replace(_with_headings(table, table.row_count, lines), notes=())
        yield with_lines if heading else table
    yield from tables[-1:]


def _holding(headings: Iterable[Cell]) -> list[Cell]:
    """Return the headings that hold at the end: the last of each style, and of none within it."""
    found: dict[int | None, Cell] = {}
    for cell in headings:
        style = ordinal_style(cell.text)
        while style in found:
            found.popitem()
        found[style] = cell
    return list(found.values())


def _without_trailing(table: Table) -> Table:
    """Return a table without the headings that no row follows."""
    rows = matrix(table)
    count = table.row_count
    while count and (cell := alone_in(rows[count - 1])) is not None and heads_rows(cell.text):
        count -= 1
    cells = tuple(cell for cell in table.cells if cell.row <= count)
    return replace(table, cells=cells, row_count=count)


def _with_headings(table: Table, end: int, headings: Sequence[Cell]) -> Table:
    """Return a table with headings across it below its first rows, as many as ``end``."""
    more = len(headings)
    below = (c._replace(row=c.row + more) if c.row > end else c for c in table.cells)
    across = (
        cell._replace(row=end + number, column=1, column_span=table.column_count)
        for number, cell in enumerate(headings, 1)
    )
    cells = _in_order([*below, *across])
    return replace(table, cells=cells, row_count=table.row_count + more)


def _in_order(cells: Iterable[Cell]) -> tuple[Cell, ...]:
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))
