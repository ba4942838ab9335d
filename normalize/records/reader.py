"""Rows become records: one indicator a leaf, one target a leaf and entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from common.fold import clean, fold
from normalize.findings.ledger import Ledger, Place, doubts_of
from normalize.model.doubt import Doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.groups import Weight, weights_of
from normalize.points.rows import Leaf, Levels, Rows, levels_of
from normalize.records.decisions import LEVELS, UNDECIDED, Decisions
from normalize.targets.reader import TypedTarget, read_target
from normalize.text.clean import not_assessed
from normalize.text.departments import DepartmentReading, split_departments
from normalize.text.direction import direction
from normalize.text.units import UnitReading, split_unit
from schemas.records.document import Cell
from schemas.records.notice import Indicator, Target

_ASSESSING, _SUPPORTING = "assessing_departments", "supporting_departments"
_NO_TARGET = TypedTarget("none", None, None, None, (), ())


def read_records(rows: Rows, context: TableContext) -> tuple[Record, ...]:
    """Read every leaf. Grain of the result: one record a leaf, in printed order."""
    leaves = context.decided.leaves(rows.leaves, context.table)
    weights = context.decided.weights(weights_of(leaves, context.table, context.entities))
    return tuple(
        _record(serial_no, leaf, weight, context)
        for serial_no, (leaf, weight) in enumerate(zip(leaves, weights, strict=True), 1)
    )


def _record(serial_no: int, leaf: Leaf, weight: Weight, context: TableContext) -> Record:
    decided = context.decided
    names = decided.levels(serial_no, levels_of(leaf, context.table, context.depth))
    name = decided.name(serial_no, split_unit(names.leaf))
    unit = decided.text(serial_no, "unit", _unit(leaf, context, name.unit))
    columns = {c.name: c for c in context.table.columns_of(Role.TARGET) if leaf.at(c) is not None}
    texts = {entity: text_of(leaf, column) for entity, column in columns.items()}
    cells = {entity: leaf.cells[column.index][0] for entity, column in columns.items()}
    status = {
        entity: decided.status(serial_no, entity, _status(cell, context))
        for entity, cell in cells.items()
    }
    lower = direction(name.name, unit) == "lower_is_better"
    contexts = {
        entity: target_context(name.name, unit or column.unit, lower_is_better=lower)
        for entity, column in columns.items()
    }
    typed = {
        entity: read_target(texts[entity], contexts[entity])
        if status[entity] == "assessed"
        else _NO_TARGET
        for entity in columns
    }
    departments = _departments(serial_no, leaf, context)
    printed = _printed(names)
    indicator = Indicator(
        serial_no=serial_no,
        level1=names.names[0],
        level2=names.names[1],
        level3=names.names[2],
        level4=names.names[3],
        indicator=name.name,
        unit=unit,
        weight_group=weight.first_serial,
        base_points=weight.reading.base,
        direction=_direction(name.name, unit, typed),
        assessing_departments=tuple(context.aliases.get(d, d) for d in departments.names),
        supporting_departments=tuple(context.aliases.get(d, d) for d in departments.supporting),
        note=decided.text(serial_no, "note", _note(leaf, context.table)),
        page=printed.page if printed else None,
        cell=printed.key if printed else None,
    )
    readings = {"indicator": name.doubts, _ASSESSING: departments.doubts}
    return Record(leaf, indicator, weight, names, cells, texts, contexts, typed, status, readings)


def _status(cell: LogicalCell, context: TableContext) -> str:
    text = clean(cell.text)
    if not text:
        return "unreadable"
    if not_assessed(text) or fold(text) in context.blank_signs:
        return "not_assessed"
    return "assessed"


def text_of(leaf: Leaf, column: Column) -> str:
    """Return a column's text; the lines of a leaf drawn over several grid rows are one text."""
    return "\n".join(cell.text for cell in leaf.cells.get(column.index, ()) if clean(cell.text))


def _unit(leaf: Leaf, context: TableContext, of_name: str | None) -> str | None:
    for column in context.table.columns_of(Role.UNIT):
        text = clean(text_of(leaf, column))
        if text and not not_assessed(text):
            return text
    if of_name is not None:
        return of_name
    levels = context.table.columns_of(Role.LEVEL)
    return next((column.unit for column in levels if column.unit), None)


def _departments(serial_no: int, leaf: Leaf, context: TableContext) -> DepartmentReading:
    """Return the departments of all columns, and the doubts about the names printed there."""
    known = context.known_departments
    printed = [text_of(leaf, c) for c in context.table.columns_of(Role.ASSESSING)]
    assessing = context.decided.departments(
        serial_no, _ASSESSING, split_departments("\n".join(filter(None, printed)), known), known
    )
    names = list(assessing.supporting)
    for column in context.table.columns_of(Role.SUPPORTING):
        names.extend(split_departments(text_of(leaf, column), known).names)
    held = DepartmentReading(tuple(n for n in dict.fromkeys(names) if not not_assessed(n)))
    supporting = context.decided.departments(serial_no, _SUPPORTING, held, known)
    return DepartmentReading(
        assessing.names,
        (*assessing.doubts, *supporting.doubts),
        (*supporting.names, *supporting.supporting),
    )


def known_departments(table: LogicalTable) -> tuple[str, ...]:
    """Return the names that stand alone in the table's department cells.

    Only cells that are one name without any other knowledge count, so that what is known helps to
    part the cells where names follow each other without a sign.
    """
    columns = [*table.columns_of(Role.ASSESSING), *table.columns_of(Role.SUPPORTING)]
    indices = {column.index for column in columns}
    texts = {cell.text for cell in table.cells if cell.column0 in indices}
    readings = (split_departments(text) for text in texts)
    return tuple(sorted({r.names[0] for r in readings if len(r.names) == 1 and not r.doubts}))


def _direction(name: str, unit: str | None, typed: Mapping[str, TypedTarget]) -> str:
    limits = (
        target.operator
        for target in typed.values()
        if target.kind in ("limit", "zero_tolerance") and target.unit not in _PLACES
    )
    return direction(name, unit, next(limits, None))


def _note(leaf: Leaf, table: LogicalTable) -> str | None:
    """Return the remarks, and the texts of method and other columns under their names."""
    parts = []
    for column in table.columns:
        if column.role not in (Role.NOTE, Role.METHOD):
            continue
        text = clean(text_of(leaf, column))
        if text:
            plain = column.role is Role.NOTE and fold(column.name) in ("备注", "说明", "注", "")
            parts.append(text if plain else f"{column.name}：{text}")
    return "；".join(parts) or None


def _printed(levels: Levels) -> Cell | None:
    leaf = levels.cells[-1] if levels.cells else None
    return leaf.sources[0] if leaf and leaf.sources else None


def _enter_doubts(
    record: Record,
    levels: Levels,
    readings: Mapping[str, UnitReading | DepartmentReading],
    context: TableContext,
) -> None:
    serial_no = record.indicator.serial_no
    row = [(serial_no, entity) for entity in context.entities]
    for cell, slot in zip(levels.cells, levels.slots, strict=True):
        place = Place(serial_no, None, LEVELS[slot], cell)
        for doubt in doubts_of(cell):
            context.ledger.note(doubt, place, row)
        if not clean(cell.text) and _leads(cell, levels):
            context.ledger.note(_BLANK_HEADING, place, row)
    for field, reading in readings.items():
        for doubt in reading.doubts:
            context.ledger.note(doubt, Place(serial_no, None, field), row)
    _enter_column_doubts(record, reader, row)
    for entity, cell in record.cells.items():
        touched = [(serial_no, entity)]
        place = Place(serial_no, entity, "target_text", cell)
        for doubt in (*doubts_of(cell), *record.typed[entity].doubts):
            context.ledger.note(doubt, place, touched)
        if record.status[entity] == "unreadable":
            context.ledger.note(_BLANK_TARGET, place, touched)


def _leads(cell: LogicalCell, levels: Levels) -> bool:
    """Tell whether a named cell stands deeper: a blank before a name is a heading unread."""
    deeper = (other for other in levels.cells if other.column0 > cell.column0)
    return any(clean(other.text) for other in deeper)


def _enter_column_doubts(record: Record, context: TableContext, row: Sequence[tuple[int, str]]) -> None:
    serial_no = record.indicator.serial_no
    fields = {
        Role.ASSESSING: _ASSESSING,
        Role.SUPPORTING: _SUPPORTING,
        Role.UNIT: "unit",
        Role.SERIAL: "serial_no",
        Role.NOTE: "note",
        Role.METHOD: "note",
    }
    for column in context.table.columns:
        field = fields.get(column.role)
        cell = record.leaf.at(column)
        if field is None or cell is None or context.decided.has(serial_no, field):
            continue
        for doubt in doubts_of(cell):
            context.ledger.note(doubt, Place(serial_no, None, field, cell), row)
    assessing = next(context.table.columns_of(Role.ASSESSING), None)
    if assessing is not None and not record.indicator.assessing_departments:
        place = Place(serial_no, None, _ASSESSING, record.leaf.at(assessing))
        context.ledger.note(_NO_DEPARTMENT, place)


_PLACES = ("位", "名", "名次")  # 前3位 limits a rank, and says nothing of the indicator's own scale
_BLANK_HEADING = Doubt(
    "heading_blank",
    "The heading before this indicator is printed blank and belongs to no merged cell.",
    "该指标上级标题单元格空白，且未与上下合并，无法确定其所属标题。",
)
_BLANK_TARGET = Doubt(
    "target_blank",
    "The target cell is printed blank: neither a target nor a sign that there is none.",
    "目标值单元格空白：既没有目标，也没有“不考核”标记。",
)
_NO_DEPARTMENT = Doubt(
    "department_missing",
    "No assessing department is printed for this indicator.",
    "该指标未印考核（责任）单位。",
)


def targets_of(records: Sequence[Record], context: TableContext) -> tuple[Target, ...]:
    """Make the targets, points and reasons for review in place. Grain: a leaf and an entity."""
    return tuple(
        _target(record, column, context)
        for record in records
        for column in context.table.columns_of(Role.TARGET)
        if column.name in record.cells
    )


def _target(record: Record, column: Column, context: TableContext) -> Target:
    entity = column.name
    cell = record.cells[entity]
    typed = record.typed[entity]
    serial_no = record.indicator.serial_no
    assessed = record.status[entity] == "assessed"
    source = cell.sources[0] if cell.sources else None
    reason = context.ledger.reason(serial_no, entity)
    return Target(
        serial_no=serial_no,
        entity=entity,
        status=record.status[entity],
        max_points=record.weight.reading.of(entity),
        target_text=clean(text_of(record.leaf, column)) if assessed else None,
        target_kind=typed.kind,
        operator=typed.operator,
        target_value=typed.value,
        target_unit=typed.unit,
        parts=typed.parts,
        inherited=cell.column0 < column.index or cell.row0 < record.leaf.row0,
        page=source.page if source else None,
        box=source.box if source else None,
        needs_review=reason is not None,
        review_reason=reason,
        cell=source.key if source else None,
    )
