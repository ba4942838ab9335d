"""The cells that say how points are given on a row: beside its targets, or in another table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from common.fold import clean
from normalize.model.table import Column, LogicalTable, Role
from normalize.records.model import CellMethod, Record, TableContext, text_of
from normalize.records.references import Meant, MethodLine, is_elsewhere, meant
from normalize.text.clean import not_assessed
from normalize.text.names import serial_of


def methods_beside(
    record: Record, records: Sequence[Record], context: TableContext
) -> Iterator[CellMethod]:
    """Give the methods of a row's cells; one that only points to an annex gives way to that."""
    elsewhere = context.elsewhere.get(record.indicator.serial_no, ())
    for column in context.table.columns_of(Role.METHOD):
        text, cell = clean(text_of(record.leaf, column)), record.leaf.at(column)
        if cell is None or not text or not_assessed(text) or (elsewhere and is_elsewhere(text)):
            continue
        yield CellMethod(cell, _meant(record, records, context.table, column))
    yield from elsewhere


def _meant(record: Record, records: Sequence[Record], table: LogicalTable, column: Column) -> Meant:
    """Return what a cell says, in its own words or by naming another row."""
    at = next(i for i, each in enumerate(records) if each is record)
    lines = [
        MethodLine(number_of(r, table), r.indicator.indicator, text_of(r.leaf, column))
        for r in records
    ]
    return meant(at, lines)


def number_of(record: Record, table: LogicalTable) -> int | None:
    """Return a row's printed serial number; where the table prints none at all, its place."""
    columns = [*table.columns_of(Role.SERIAL)]
    if not columns:
        return record.indicator.serial_no
    cells = (record.leaf.at(column) for column in columns)
    return next(filter(None, (serial_of(cell.text) for cell in cells if cell is not None)), None)
