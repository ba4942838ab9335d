"""Columns that may be of another kind than they were read as put in doubt what stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.table import Column, Role
from normalize.records.model import Record, TableContext

_OF_ENTITY = (Role.TARGET, Role.POINTS, Role.BASE, Role.MILESTONE)


def column_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield the doubts about whole columns, each with the targets that are made from its column.

    A column of one entity's touches that entity's targets, any other all.
    """
    for column in context.table.columns:
        touched = [
            (record.indicator.serial_no, entity)
            for record in records
            for entity in _entities(column, context)
        ]
        place = Place(None, column.entity if column.role in _OF_ENTITY else None, None)
        for each in column.doubts:
            kept = () if each.code == "column_unknown" else touched
            yield PlacedDoubt(each, place, kept)


def _entities(column: Column, context: TableContext) -> Sequence[str]:
    if column.role is Role.TARGET:
        return (column.name,)
    if column.role in _OF_ENTITY and column.entity in context.entities:
        return (column.entity,)
    return context.entities
