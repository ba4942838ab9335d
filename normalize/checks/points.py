"""The points of all records held to the document's own arithmetic, and what is doubtful of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from common.fold import fold
from common.numbers import same
from normalize.checks.misread_points import Suspects, counts, groups_of
from normalize.checks.totals import (
    check_sums,
    check_totals,
    printed_total,
    settle,
    totals,
    wrong_total,
)
from normalize.findings.ledger import Place, PlacedDoubt, doubts_of
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalCell, Role
from normalize.points.alternatives import as_points
from normalize.points.cell import plain_points
from normalize.points.groups import Weight, printed_sums
from normalize.points.rows import Rows
from normalize.records.model import Record, TableContext
from schemas.vocabulary import ItemKind, Severity


def check_points(
    records: Sequence[Record], rows: Rows, context: TableContext, title: str | None
) -> tuple[tuple[Record, ...], list[PlacedDoubt]]:
    """Return the records, their points settled where a total settles them, and all doubts."""
    around = (*context.table.caption, *context.table.notes, title or "")
    printed = printed_total((*_total_texts(rows, context), *around))
    records, doubts = settle(records, context.entities, printed)
    doubts += _points_doubts(records, context.entities)
    doubts += check_totals(records, _whole(context), printed)
    doubts += _printed_totals(records, rows, context)
    leaves = [record.leaf for record in records]
    sums = printed_sums(leaves, context.table, context.entities, rows.headings, context.first)
    doubts += check_sums(records, sums, context.entities)
    return records, doubts


def _whole(context: TableContext) -> list[str]:
    """Return the entities that no remark leaves out of anything: the others' totals are less."""
    out = {entity for _, entity in context.left_out}
    return [entity for entity in context.entities if entity not in out]


def _total_texts(rows: Rows, context: TableContext) -> list[str]:
    """The points that total rows (not subtotals) print, as texts that say what they are."""
    columns = list(context.table.columns_of(Role.POINTS))
    cells = [row.get(c.index) for row in rows.totals if not _is_subtotal(row) for c in columns]
    return ["合计" + cell.text for cell in cells if cell is not None]


def _is_subtotal(row: Mapping[int, LogicalCell]) -> bool:
    return any("小计" in fold(cell.text) for cell in row.values())


def _printed_totals(
    records: Sequence[Record], rows: Rows, context: TableContext
) -> Iterator[PlacedDoubt]:
    """Compare what a total row prints under each entity with the entity's points."""
    sums = totals(records, context.entities)
    for row in rows.totals:
        for column in () if _is_subtotal(row) else context.table.columns_of(Role.TARGET):
            cell = row.get(column.index)
            value = plain_points(cell.text) if cell is not None else None
            if value is not None and not same(value, sums[column.name]):
                wrong = wrong_total(column.name, sums[column.name], value, True, Suspects())
                yield PlacedDoubt(wrong, Place(None, column.name, "max_points", cell))


def _points_doubts(records: Sequence[Record], entities: Sequence[str]) -> Iterator[PlacedDoubt]:
    for first_serial, members in groups_of(records).items():
        serials = [member.indicator.serial_no for member in members]
        for member in members:
            yield from _weight_doubts(first_serial, member.weight, serials, entities)
        scored = members[0].weight.reading.kind is ItemKind.SCORED
        served = [entity for entity in entities if scored and counts(members, entity)]
        lacking = [entity for entity in served if _lacks(members[0], entity)]
        if lacking:
            place = Place(first_serial, None, "max_points", members[0].weight.cell)
            missing = doubt("points_missing", severity=Severity.ERROR, whose="、".join(lacking))
            yield PlacedDoubt(missing, place, [(s, e) for s in serials for e in lacking])


def _lacks(record: Record, entity: str) -> bool:
    return record.weight.reading.of(entity) is None


def _weight_doubts(
    first_serial: int, weight: Weight, serials: Sequence[int], entities: Sequence[str]
) -> Iterator[PlacedDoubt]:
    """Yield the doubts of one points cell, but for entities whose points a person decided."""
    place = Place(first_serial, None, "max_points", weight.cell)
    found = (*weight.doubts, *weight.reading.doubts, *_cell_doubts(weight))
    for unsure in (as_points(each, weight.reading, entities) for each in found):
        whose = [e for e in (unsure.entity,) if e] or entities
        open_for = [entity for entity in whose if entity not in weight.decided]
        if open_for:
            yield PlacedDoubt(unsure, place, [(s, e) for s in serials for e in open_for])


def _cell_doubts(weight: Weight) -> Iterator[Doubt]:
    """Yield the doubts of the printed cells: of the one of all entities, or of each one's own."""
    if not weight.cells and weight.cell is not None:
        yield from doubts_of(weight.cell, shared=True)
    for entity, cell in weight.cells.items():
        yield from (replace(each, entity=entity) for each in doubts_of(cell, shared=True))
