"""The doubts of records, each with the place it is about and the targets it touches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from common.fold import clean
from normalize.findings.ledger import Place, PlacedDoubt, doubts_of
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalCell, Role
from normalize.points.levels import Levels
from normalize.records.decisions import LEVELS
from normalize.records.model import Record, TableContext, TargetReading
from normalize.targets.alternatives import as_targets
from schemas.vocabulary import ItemKind, TargetStatus

_ASSESSING = "assessing_departments"
_DOUBLED = re.compile(r"(?:([\u4e00-\u9fff])\1){3,}")
_FIELDS = {
    Role.ASSESSING: _ASSESSING,
    Role.SUPPORTING: "supporting_departments",
    Role.UNIT: "unit",
    Role.SERIAL: "serial_no",
    Role.NOTE: "note",
    Role.METHOD: "note",
}
UNTYPED = "target_untyped"
_TARGET_FIELDS = ("target_text", "target_value")


def record_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield what is doubtful about each record by itself, record by record."""
    for record in records:
        row = [(record.indicator.serial_no, entity) for entity in context.entities]
        yield from (replace(each, touched=row) for each in _row_doubts(record, context))
        yield from _without_department(record, context)
        yield from _target_doubts(record)


def _row_doubts(record: Record, context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield the doubts of the names and of the columns that serve all targets of the row."""
    serial_no = record.indicator.serial_no
    for cell, slot in zip(record.levels.cells, record.levels.slots, strict=True):
        place = Place(serial_no, None, LEVELS[slot], cell)
        own = (*doubts_of(cell), *_misread_name(cell))
        yield from (PlacedDoubt(each, place) for each in own)
        if not clean(cell.text) and _leads(cell, record.levels):
            yield PlacedDoubt(doubt("heading_blank"), place)
    for field, doubts in record.doubts.items():
        yield from (PlacedDoubt(each, Place(serial_no, None, field)) for each in doubts)
    for column in context.table.columns:
        field_of = _FIELDS.get(column.role)
        cell_of = record.leaf.at(column)
        if field_of and cell_of is not None and not context.decided.has(serial_no, field_of):
            place = Place(serial_no, None, field_of, cell_of)
            yield from (PlacedDoubt(each, place) for each in doubts_of(cell_of))


def _misread_name(cell: LogicalCell) -> Iterator[Doubt]:
    """Yield the doubt that a name from a picture is none: a bare digit, or glyphs read twice."""
    text = clean(cell.text)
    if not text or all(source.confidence is None for source in cell.sources):
        return
    if not any(character.isalpha() for character in text):
        yield doubt("name_misread.digit", text=text)
    elif _DOUBLED.search(text):
        yield doubt("name_misread.doubled", text=text)


def _leads(cell: LogicalCell, levels: Levels) -> bool:
    """Tell whether a named cell stands deeper: a blank before a name is a heading unread."""
    deeper = (other for other in levels.cells if other.column0 > cell.column0)
    return any(clean(other.text) for other in deeper)


def _without_department(record: Record, context: TableContext) -> Iterator[PlacedDoubt]:
    assessing = next(context.table.columns_of(Role.ASSESSING), None)
    if assessing is not None and not record.indicator.assessing_departments:
        place = Place(record.indicator.serial_no, None, _ASSESSING, record.leaf.at(assessing))
        yield PlacedDoubt(doubt("department_missing"), place)


def _target_doubts(record: Record) -> Iterator[PlacedDoubt]:
    """Yield what is doubtful about the row's targets.

    A veto has no figure to reach: words that fit no form of target say what is vetoed (违规举债).
    """
    of_veto = record.indicator.item_kind == ItemKind.VETO
    serial_no = record.indicator.serial_no
    for entity, target in record.targets.items():
        own = (each for each in target.typed.doubts if not (of_veto and each.code == UNTYPED))
        found: list[Doubt] = [*doubts_of(target.cell), *own]
        if target.status == TargetStatus.UNREADABLE:
            found.append(doubt("target_blank.cell"))
        if found:
            place = Place(serial_no, entity, "target_text", target.cell)
            yield from (PlacedDoubt(each, place, [(serial_no, entity)]) for each in found)


def with_target_alternatives(
    doubts: Iterable[PlacedDoubt], records: Sequence[Record]
) -> Iterator[PlacedDoubt]:
    """Yield the doubts, the other readings of targets among them as what they would be as targets.

    The text of the whole cell is read with the other reading in the place of the doubtful one, so
    that operator, sign and unit are kept.
    """
    for each in doubts:
        target = _target_of(each.place, records) if each.doubt.alternatives else None
        if target is None:
            yield each
        else:
            read = as_targets(each.doubt, target.text, target.context, target.typed)
            yield replace(each, doubt=replace(each.doubt, alternatives=read))


def _target_of(place: Place, records: Sequence[Record]) -> TargetReading | None:
    if place.serial_no is None or place.entity is None or place.field not in _TARGET_FIELDS:
        return None
    return records[place.serial_no - 1].targets.get(place.entity)
