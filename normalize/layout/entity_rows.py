"""Lists in which the entity stands in a column: each entity's rows become a table of its own.

The tables are put together again, a column an entity, where they hold the same indicators
(:mod:`normalize.select.combine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from common.fold import clean
from normalize.layout.cell_mover import Mover, with_cells
from normalize.layout.header import Header, find_header, matrix, role_by_name
from normalize.model.table import Role
from normalize.text.places import is_place
from schemas.records.document import Table

_FEWEST = 2
_MOST_LEFT = 2  # a serial number may stand left of the entities


def entity_column(table: Table, header: Header) -> int | None:
    """Return the column (0-based) whose body names places, beside indicators and one target."""
    names = [path[-1] if path else "" for path in header.paths]
    roles = [role_by_name(name) for name in names]
    if Role.LEVEL not in roles or any(is_place(text) for path in header.paths for text in path):
        return None
    body = matrix(table)[header.end :]
    for column in range(min(_MOST_LEFT, len(names))):
        texts = {clean(cell.text) for row in body if (cell := row[column])} - {""}
        places = [text for text in texts if is_place(text)]
        others = roles[:column] + roles[column + 1 :]
        if len(places) >= _FEWEST and 2 * len(places) > len(texts) and Role.LEVEL in others:
            return column if others.count(Role.TARGET) == 1 else None
    return None


def by_entity(tables: Sequence[Table], mover: Mover) -> list[Table]:
    """Return the tables with such lists parted, an entity's table after the other."""
    done: list[Table] = []
    lists: dict[str, list[Table]] = {}
    column: int | None = None
    last = ""
    for table in tables:
        header = find_header(table) if table.regular else None
        held = entity_column(table, header) if header else None
        if header is None or held is None or held != column:
            done.extend(each for pages in lists.values() for each in pages)
            lists, last = {}, ""
        column = held
        if header is None or held is None:
            done.append(table)
            continue
        for entity, rows in _rows_of_entities(table, header, held, last):
            last = entity
            columns = [c for c in range(table.column_count) if c != held]
            cells = list(mover.cut(table, [*range(header.start, header.end), *rows], columns))
            size = (header.end - header.start + len(rows), len(columns))
            piece = with_cells(table, cells, size)
            lists.setdefault(entity, []).append(replace(piece, caption=(), place=entity))
    return [*done, *(each for pages in lists.values() for each in pages)]


def _rows_of_entities(
    table: Table, header: Header, column: int, before: str
) -> list[tuple[str, list[int]]]:
    """Return each entity with its rows; rows above the first name go on from the page before."""
    rows: dict[str, list[int]] = {}
    entity = before
    for number, row in enumerate(matrix(table)[header.end :], header.end):
        cell = row[column]
        entity = clean(cell.text) if cell is not None and clean(cell.text) else entity
        if entity:
            rows.setdefault(entity, []).append(number)
    return list(rows.items())
