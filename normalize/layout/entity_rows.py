"""Lists in which the entity stands in a column: each entity's rows become a table of its own.

The tables are put together again, a column an entity, where they hold the same indicators
(:mod:`normalize.select.combine`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from common.fold import clean
from normalize.columns.words import role_by_name
from normalize.layout.cell_mover import Mover, TableParts, with_cells
from normalize.layout.header import Header, matrix, names_a_place
from normalize.model.table import Role
from normalize.text.places import is_place
from schemas.records.document import Cell, Table

_FEWEST = 2
_MOST_LEFT = 2  # a serial number may stand left of the entities


def entity_column(table: Table, header: Header) -> int | None:
    """Return the column (0-based) whose body names places, beside indicators and one target."""
    roles = [role_by_name(path[-1] if path else "") for path in header.paths]
    if Role.LEVEL not in roles or names_a_place(header):
        return None
    body = matrix(table)[header.end :]
    for column in range(min(_MOST_LEFT, len(roles))):
        others = roles[:column] + roles[column + 1 :]
        if Role.LEVEL in others and _names_places(body, column):
            return column if others.count(Role.TARGET) == 1 else None
    return None


def _names_places(body: Sequence[Sequence[Cell | None]], column: int) -> bool:
    """Tell whether most of a column's texts are places, and several are."""
    texts = {clean(cell.text) for row in body if (cell := row[column])} - {""}
    places = sum(map(is_place, texts))
    return places >= _FEWEST and 2 * places > len(texts)


def by_entity(tables: Sequence[Table], mover: Mover) -> list[Table]:
    """Return the tables with such lists parted, an entity's table after the other."""
    parts = TableParts()
    before: int | None = None
    last = ""
    for table in tables:
        header = mover.header(table) if table.regular else None
        column = entity_column(table, header) if header else None
        if column is None or column != before:
            parts.end_list()
            last = ""
        before = column
        if header is None or column is None:
            parts.keep(table)
            continue
        for entity, rows in _rows_of_entities(table, header, column, last):
            parts.add(entity, _of_entity(table, (header, column), entity, rows, mover))
            last = entity
    return parts.all()


def _of_entity(
    table: Table, at: tuple[Header, int], entity: str, rows: Sequence[int], mover: Mover
) -> Table:
    """Return a table of one entity's rows under the header, without the column of entities."""
    header, held = at
    kept = [*range(header.start, header.end), *rows]
    columns = [c for c in range(table.column_count) if c != held]
    own = with_cells(table, mover.cut(table, kept, columns), (len(kept), len(columns)))
    return replace(own, caption=(), place=entity)


def _rows_of_entities(
    table: Table, header: Header, column: int, before: str
) -> list[tuple[str, list[int]]]:
    """Return each entity with its rows; rows above the first name are the last page's entity's."""
    rows: dict[str, list[int]] = {}
    entity = before
    for number, row in enumerate(matrix(table)[header.end :], header.end):
        cell = row[column]
        entity = clean(cell.text) if cell is not None and clean(cell.text) else entity
        if entity:
            rows.setdefault(entity, []).append(number)
    return list(rows.items())
