"""Rows become records: one indicator a leaf, one target a leaf and entity."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from common.fold import clean, fold
from normalize.model.doubt import Doubt
from normalize.model.table import Column, LogicalCell, LogicalTable, Role
from normalize.points.groups import Weight, weights_of
from normalize.points.levels import Levels, levels_of
from normalize.points.rows import Leaf, Rows
from normalize.records.beside import base_column, base_of, definition_of, notes_of
from normalize.records.directions import firm_direction, named_direction, properties, settled
from normalize.records.model import Record, TableContext, TargetReading, text_of
from normalize.records.unit import RowUnit, own_unit, unit_over_row
from normalize.targets.methods import goal_of
from normalize.targets.model import TargetContext, TypedTarget, target_context
from normalize.targets.reader import read_target
from normalize.text.clean import is_tick, not_assessed
from normalize.text.departments import DepartmentReading, split_departments
from normalize.text.units import UnitReading, split_unit
from schemas.records.document import Cell
from schemas.records.notice import Indicator, Target
from schemas.vocabulary import ItemKind, TargetKind, TargetStatus

_ASSESSING, _SUPPORTING = "assessing_departments", "supporting_departments"
_NO_TARGET = TypedTarget(TargetKind.NONE)


def read_records(rows: Rows, context: TableContext) -> tuple[Record, ...]:
    """Read every leaf. Grain of the result: one record a leaf, in printed order."""
    leaves = context.decided.leaves(rows.leaves, context.table)
    read = weights_of(leaves, context.table, context.entities, context.first)
    weights = context.decided.weights(read)
    return tuple(
        _record(serial_no, leaf, weight, context)
        for serial_no, (leaf, weight) in enumerate(zip(leaves, weights, strict=True), context.first)
    )


def _record(serial_no: int, leaf: Leaf, weight: Weight, context: TableContext) -> Record:
    decided = context.decided
    as_printed = levels_of(leaf, context.table, context.depth)
    levels = decided.levels(serial_no, as_printed)
    name = decided.name(serial_no, split_unit(levels.leaf))
    of_row = _unit(serial_no, leaf, name, context)
    unit = of_row.unit
    way, targets = settled(
        firm_direction(serial_no, name.name, properties(leaf, context.table), context),
        named_direction(name.name, unit, levels),
        lambda way: _targets(serial_no, leaf, target_context(name.name, unit, way), context),
        [text_of(leaf, column) for column in context.table.columns_of(Role.METHOD)],
    )
    kind = weight.reading.kind
    if kind is not ItemKind.SCORED:
        targets = {e: _on_top(serial_no, e, held, context) for e, held in targets.items()}
    departments = _departments(serial_no, leaf, context)
    printed = _printed(levels)
    indicator = Indicator(
        serial_no=serial_no,
        level1=levels.names[0],
        level2=levels.names[1],
        level3=levels.names[2],
        level4=levels.names[3],
        indicator=name.name,
        unit=unit,
        weight_group=weight.first_serial,
        base_points=weight.reading.base,
        item_kind=kind,
        cap=weight.reading.cap,
        direction=way,
        assessing_departments=tuple(context.aliases.get(d, d) for d in departments.names),
        supporting_departments=tuple(context.aliases.get(d, d) for d in departments.supporting),
        note=decided.text(serial_no, "note", _note(leaf, context.table)),
        page=printed.page if printed else None,
        cell=printed.key if printed else None,
        annex=context.annex,
        definition=definition_of(leaf, context.table),
        notes=(*notes_of(leaf, context.table), *weight.printed),
    )
    doubts = {"indicator": name.doubts, "unit": of_row.doubts, _ASSESSING: departments.doubts}
    return Record(leaf, as_printed, levels, indicator, weight, targets, doubts)


def _unit(serial_no: int, leaf: Leaf, name: UnitReading, context: TableContext) -> RowUnit:
    """Return the row's own unit, else the table's if the row has bare numbers."""
    printed = own_unit(leaf, context.table, name)
    if context.decided.has(serial_no, "unit"):
        return RowUnit(context.decided.text(serial_no, "unit", printed))
    if printed is not None:
        return RowUnit(printed)
    bare = target_context(name.name)
    targets = partial(_targets, serial_no, leaf, bare, context)
    return unit_over_row(leaf, name, targets, context.table)


def _targets(
    serial_no: int, leaf: Leaf, named: TargetContext, context: TableContext
) -> dict[str, TargetReading]:
    """Read the target of every entity; one without a cell on the leaf has a blank one."""
    targets = {}
    columns = tuple(context.table.columns_of(Role.TARGET))
    own_units = len({column.unit for column in columns}) > 1
    for column in columns:
        cell = leaf.at(column) or _not_printed(leaf, column)
        text = text_of(leaf, column)
        of_column = own_units and named.unit is None
        row = named._replace(unit=column.unit) if of_column else named
        if base := _base(serial_no, column, leaf, context) if _BRACKET.search(text) else None:
            row = row._replace(base=base)
        out = context.leaves_out(serial_no, column.name)
        read = TargetStatus.NOT_ASSESSED if out else _status(cell, context)
        status = context.decided.status(serial_no, column.name, read)
        typed = _typed(text, row, column) if status == TargetStatus.ASSESSED else _NO_TARGET
        targets[column.name] = TargetReading(cell, text, row, status, typed)
    return targets


_BRACKET = re.compile("[（(]")


def _base(serial_no: int, column: Column, leaf: Leaf, context: TableContext) -> str | None:
    """Return what was reached the year before, as a person says, else as a column prints it."""
    own = base_column(column.name, context.table)
    return context.decided.base(serial_no, column.name) or (text_of(leaf, own) if own else None)


def _on_top(
    serial_no: int, entity: str, held: TargetReading, context: TableContext
) -> TargetReading:
    """Return a target of an item on top of the whole: a blank or dash exempts nobody from it.

    A tick says that it concerns the entity, and is no target.
    """
    decided = context.decided.status(serial_no, entity, TargetStatus.ASSESSED)
    out = context.leaves_out(serial_no, entity)
    if not out and held.status == TargetStatus.ASSESSED and is_tick(held.text):
        return held._replace(typed=_NO_TARGET)
    if out or held.status == TargetStatus.ASSESSED or decided != TargetStatus.ASSESSED:
        return held
    return held._replace(text="", status=TargetStatus.ASSESSED, typed=_NO_TARGET)


def _typed(text: str, row: TargetContext, column: Column) -> TypedTarget:
    """Type a target; what a requirement asks for in words is judged."""
    if column.requirement:
        return TypedTarget(TargetKind.JUDGED, method=goal_of(clean(text)).method)
    return read_target(text, row)


def _not_printed(leaf: Leaf, column: Column) -> LogicalCell:
    return LogicalCell(leaf.row0, leaf.row1, column.index, column.index + 1, "", ())


def _status(cell: LogicalCell, context: TableContext) -> TargetStatus:
    text = clean(cell.text)
    if not text:
        return TargetStatus.UNREADABLE
    if not_assessed(text) or fold(text) in context.blank_signs:
        return TargetStatus.NOT_ASSESSED
    return TargetStatus.ASSESSED


def _departments(serial_no: int, leaf: Leaf, context: TableContext) -> DepartmentReading:
    """Return the departments of all columns, and the doubts about the names printed there."""
    known = context.known_departments
    printed = [text_of(leaf, c) for c in context.table.columns_of(Role.ASSESSING)]
    assessing = context.decided.departments(
        serial_no, _ASSESSING, split_departments("\n".join(filter(None, printed)), known), known
    )
    names = list(assessing.supporting)
    wordless: list[Doubt] = []
    for column in context.table.columns_of(Role.SUPPORTING):
        reading = split_departments(text_of(leaf, column), known)
        names.extend(reading.names)
        if not all(map(_has_words, reading.names)):
            wordless.extend(reading.doubts)
    held = DepartmentReading(tuple(n for n in dict.fromkeys(names) if not not_assessed(n)))
    supporting = context.decided.departments(serial_no, _SUPPORTING, held, known)
    return DepartmentReading(
        assessing.names,
        (*assessing.doubts, *wordless, *supporting.doubts),
        (*supporting.names, *supporting.supporting),
    )


def _has_words(name: str) -> bool:
    """Tell whether a name holds a letter: a bare digit is none."""
    return any(character.isalpha() for character in name)


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


def targets_of(
    records: Sequence[Record],
    context: TableContext,
    reason: Callable[[int, str], str | None],
) -> tuple[Target, ...]:
    """Make the targets, points in place. Grain: a leaf and an entity.

    One that is assessed for points that cannot be read keeps its text and is unreadable.
    ``reason`` gives why a target (serial number, entity) needs review, None where it needs none.
    """
    return tuple(
        _target(record, column, reason(record.indicator.serial_no, column.name), context)
        for record in records
        for column in context.table.columns_of(Role.TARGET)
    )


def _target(record: Record, column: Column, reason: str | None, context: TableContext) -> Target:
    held = record.targets[column.name]
    cell, typed = held.cell, held.typed
    source = cell.sources[0] if cell.sources else None
    decided = context.decided.base(record.indicator.serial_no, column.name)
    base = base_of(record, column.name, context.table, decided)
    points = _points(record, column.name, context)
    assessed = held.status == TargetStatus.ASSESSED
    kind = record.weight.reading.kind
    lacking = assessed and kind is ItemKind.SCORED and points is None
    return Target(
        serial_no=record.indicator.serial_no,
        entity=column.name,
        status=TargetStatus.UNREADABLE if lacking else held.status,
        max_points=points,
        target_text=clean(held.text) or None if assessed else None,
        target_kind=typed.kind,
        operator=typed.operator,
        target_value=typed.value,
        target_unit=typed.unit,
        parts=typed.parts,
        inherited=context.shared or _is_inherited(cell, column, record.leaf),
        page=source.page if source else None,
        box=source.box if source else None,
        needs_review=reason is not None,
        review_reason=reason,
        cell=source.key if source else None,
        item_kind=kind,
        cap=record.weight.reading.cap,
        annex=record.indicator.annex,
        base_text=base.text,
        base_value=base.value,
        base_unit=base.unit,
        base_label=base.label,
    )


def _points(record: Record, entity: str, context: TableContext) -> float | None:
    """Return the points that an entity can reach; only scored items of its own table have any."""
    absent = (record.indicator.serial_no, entity) in context.absent
    scored = record.weight.reading.kind is ItemKind.SCORED
    return record.weight.reading.of(entity) if scored and not absent else None


def _is_inherited(cell: LogicalCell, column: Column, leaf: Leaf) -> bool:
    """Tell whether a merged cell is printed to the left or above."""
    return cell.column0 < column.index or cell.row0 < leaf.row0
