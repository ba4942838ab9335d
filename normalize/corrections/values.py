"""Corrections of values by serial number and column, held against what was read there."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

from common.fold import clean, fold
from common.numbers import same
from common.refusal import refusal
from normalize.corrections.cells import described, shown
from normalize.findings.ledger import Entry, Ledger
from normalize.model.table import Role
from normalize.points.groups import finest_points_column
from normalize.records.beside import base_column, base_of
from normalize.records.decisions import Decisions
from normalize.records.model import Interpretation, Record, TableContext, text_of
from normalize.text.clean import not_assessed
from schemas.records.corrections import BY_ENTITY, LISTS, OF_ENTITY, Content, Correction, ValuePlace

#: The field that findings name where it is not the column itself.
_FIELDS = {"status": "target_text", "points": "max_points"}
_DEPARTMENTS = {
    "assessing_departments": Role.ASSESSING,
    "supporting_departments": Role.SUPPORTING,
}


@dataclass(frozen=True, slots=True)
class ValueDecision:
    """A correction, the entities it is for (none where the column has none), and what was read."""

    correction: Correction
    where: ValuePlace
    entities: tuple[str, ...]
    read: str


def value_decisions(corrections: Sequence[Correction], read: Interpretation) -> list[ValueDecision]:
    """Return the corrections of values, each held against what was read."""
    found: list[ValueDecision] = []
    seen: dict[Hashable, Correction] = {}
    for correction in corrections:
        if not isinstance(correction.where, ValuePlace):
            continue
        record = _record(correction, correction.where, read.records)
        context = read.context_of(correction.where.serial_no)
        entities = _entities(correction, correction.where, record)
        for entity in entities or (None,):
            key = _key(record, correction.where.column, entity)
            if key in seen:
                raise refusal(
                    "normalize.correction_twice",
                    **described(correction),
                    other=seen[key].number,
                )
            seen[key] = correction
            _check(correction, _forms(record, correction.where.column, entity, context))
        _check_decision(correction, correction.where, record, context)
        first = entities[0] if entities else None
        was = shown(_forms(record, correction.where.column, first, context)[0])
        found.append(ValueDecision(correction, correction.where, entities, was))
    return found


def _record(correction: Correction, where: ValuePlace, records: Sequence[Record]) -> Record:
    if where.serial_no > len(records):
        raise refusal(
            "normalize.correction_place.no_indicator", **described(correction), count=len(records)
        )
    return records[where.serial_no - 1]


def _entities(correction: Correction, where: ValuePlace, record: Record) -> tuple[str, ...]:
    if where.column not in BY_ENTITY and where.column != OF_ENTITY:
        return ()
    if where.entity is None:
        return tuple(record.targets)
    if where.entity not in record.targets:
        listed = "、".join(record.targets)
        raise refusal(
            "normalize.correction_place.no_entity", **described(correction), listed=listed
        )
    return (where.entity,)


def _key(record: Record, column: str, entity: str | None) -> Hashable:
    """Return what two corrections of one value have in common."""
    serial_no, weight = record.indicator.serial_no, record.weight
    if column == "points":
        return (column, weight.first_serial if weight.cell is None else id(weight.cell))
    if column == OF_ENTITY:
        return (column, weight.first_serial, entity)
    return (_FIELDS.get(column, column), serial_no, entity)


def _forms(record: Record, column: str, entity: str | None, context: TableContext) -> list[Content]:
    """Return the forms in which what was read may be expected, the landed one first."""
    if column in LISTS:
        names: tuple[str, ...] = getattr(record.indicator, column)
        held = context.table.columns_of(_DEPARTMENTS[column])
        return ["、".join(names), names, *(clean(text_of(record.leaf, c)) for c in held)]
    if column == "points":
        own = clean(record.weight.cell.text) if record.weight.cell else ""
        return [own, record.weight.reading.text]
    if entity is None:
        return [getattr(record.indicator, column) or ""]
    return _of_entity(record, column, entity, context)


def _of_entity(record: Record, column: str, entity: str, context: TableContext) -> list[Content]:
    if column == OF_ENTITY:
        points = record.weight.reading.of(entity)
        return ["" if points is None else points]
    if column == "status":
        return [record.targets[entity].status]
    if column == "base_text":
        own = base_column(entity, context.table)  # none: "" is expected, whatever brackets say
        column = clean(text_of(record.leaf, own)) if own else ""
        return [column, base_of(record, entity, context.table).text or ""]
    printed = clean(record.targets[entity].text)
    return [printed] if record.targets[entity].status == "assessed" else [printed, ""]


def _check(correction: Correction, forms: Sequence[Content]) -> None:
    if not any(_same(correction.expect, form, fold) for form in forms):
        raise refusal(
            "normalize.correction_unmatched",
            **described(correction),
            expected=shown(correction.expect),
            read=shown(forms[0]),
        )
    if correction.value is not None and _same(correction.value, forms[0], clean):
        value = shown(correction.value)
        raise refusal("normalize.correction_unused.same", **described(correction), value=value)


def _same(one: Content, other: Content, seen: Callable[[str], str]) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return seen(one) == seen(other)
    if isinstance(one, float) and isinstance(other, float):
        return same(one, other)
    return isinstance(one, tuple) and one == other


def _check_decision(
    correction: Correction, where: ValuePlace, record: Record, context: TableContext
) -> None:
    """Refuse values that have nowhere to go."""
    if correction.accepts:
        return
    if where.column == "points" and not _has_points_cell(record, context):
        raise refusal("normalize.correction_place.no_points_column", **described(correction))
    entities = _entities(correction, where, record)
    texts = [clean(record.targets[entity].cell.text) for entity in entities]
    if correction.value == "assessed" and any(not t or not_assessed(t) for t in texts):
        raise refusal("normalize.correction_place.no_target", **described(correction))


def _has_points_cell(record: Record, context: TableContext) -> bool:
    entities = set(context.entities)
    own = [c for c in context.table.columns_of(Role.POINTS) if c.name in entities]
    column = finest_points_column([record.leaf], context.table)
    return len(own) < 2 and column is not None and record.weight.cell is record.leaf.at(column)


def decisions_of(values: Sequence[ValueDecision]) -> Decisions:
    """Return the right values by serial number, column and entity."""
    decided: dict[tuple[int, str, str | None], Content] = {}
    for each in values:
        if each.correction.value is not None:
            for entity in each.entities or (None,):
                decided[each.where.serial_no, each.where.column, entity] = each.correction.value
    return Decisions(decided)


def accept_values(
    values: Sequence[ValueDecision], records: Sequence[Record], ledger: Ledger
) -> None:
    """Close the open findings about values that a person accepts as read."""
    for each in values:
        if not each.correction.accepts:
            continue
        group = _group(records, each.where.serial_no)
        entries = [e for e in ledger.entries if e.is_open and _is_about(e, each, group)]
        if not entries:
            raise refusal("normalize.correction_unused.nothing_open", **described(each.correction))
        for entry in entries:
            ledger.accept(entry)


def _group(records: Sequence[Record], serial_no: int) -> set[int]:
    first = records[serial_no - 1].weight.first_serial
    return {r.indicator.serial_no for r in records if r.weight.first_serial == first}


def _is_about(entry: Entry, decision: ValueDecision, group: set[int]) -> bool:
    """Tell whether a finding is about the value; one cell's finding is one for all it serves."""
    where, finding = decision.where, entry.finding
    if finding.field != _FIELDS.get(where.column, where.column):
        return False
    if where.column in BY_ENTITY:
        return any((where.serial_no, entity) in entry.touched for entity in decision.entities)
    if where.column in ("points", OF_ENTITY):
        whose = where.column == "points" or finding.entity == where.entity
        return whose and finding.serial_no in group
    serials = {finding.serial_no, *(serial_no for serial_no, _ in entry.touched)}
    return where.serial_no in serials
