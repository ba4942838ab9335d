"""Signs that values are wrong which only a whole row, or all rows together, can show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from common.fold import clean
from normalize.checks.near_duplicates import near_duplicate_doubts
from normalize.checks.ranges import far_out
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalCell, Role
from normalize.records.decisions import LEVELS
from normalize.records.model import Record, TableContext
from normalize.text.clean import strip_ordinal, without_points
from normalize.text.damage import name_doubts, remark_doubts
from normalize.text.near_departments import near_name
from schemas.vocabulary import Severity

_HABIT = 0.2  # share of rows without a name of their own from which a document means it so
_RARE = 0.05  # share of rows up to which a blank at a row's edge is no habit
_FEWEST = 3  # targets from which a row may stand one cell off


def row_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield what names, rows and neighbours say against each other."""
    counted = Counter(name for record in records for name in _departments(record))
    known = {*context.aliases.values()}
    near = {name: near_name(name, counted) for name in counted if name not in known}
    for record in records:
        yield from _name_doubts(record, context)
        yield from _department_doubts(record, near, context)
        yield from _range_doubts(record)
        yield from _missing_cells(record, context)
    for sign, field, odd in _odd_rows(records, context):
        for record in odd:
            yield from _of_row(record, sign, field, context)
    yield from _twins(records, context)
    yield from _returning_headings(records, context)
    yield from near_duplicate_doubts(records, context)


def _odd_rows(
    records: Sequence[Record], context: TableContext
) -> Iterator[tuple[Doubt, str, Iterable[Record]]]:
    """Yield each sign that a whole row is wrong, the field it is about, and the rows with it."""
    nameless = [record for record in records if _leaf_is_blank(record, context)]
    yield doubt("name_blank"), "indicator", _unless_usual(nameless, _HABIT, records)
    for edge in (0, -1):
        blank = [record for record in records if _blank_at_edge(record, context, edge)]
        usual = sum(_blank_inside(record, context) for record in records) > len(blank)
        odd = () if usual else _unless_usual(blank, _RARE, records)
        yield doubt("row_may_be_shifted"), "target_text", odd
    yield doubt("indicator_repeated"), "indicator", _repeated(records, context)


def _unless_usual(
    odd: Sequence[Record], share: float, records: Sequence[Record]
) -> Sequence[Record]:
    """Return the odd rows; none where they are more than a share of all, and more than one."""
    return odd if len(odd) <= max(1, share * len(records)) else ()


def _row(record: Record, context: TableContext) -> list[tuple[int, str]]:
    return [(record.indicator.serial_no, entity) for entity in context.entities]


def _of_row(
    record: Record, sign: Doubt, field: str, context: TableContext
) -> Iterator[PlacedDoubt]:
    serial_no = record.indicator.serial_no
    if not context.decided.has(serial_no, field):
        yield PlacedDoubt(sign, Place(serial_no, None, field), _row(record, context))


def _name_doubts(record: Record, context: TableContext) -> Iterator[PlacedDoubt]:
    """Doubt names of headings and indicators, and notes, that are cut or hold foreign words."""
    serial_no = record.indicator.serial_no
    for cell, slot in zip(record.printed.cells, record.printed.slots, strict=True):
        field = LEVELS[slot]
        if not context.decided.has(serial_no, field):
            for damage in name_doubts(strip_ordinal(without_points(cell.text))):
                place = Place(serial_no, None, field, cell)
                yield PlacedDoubt(damage, place, _row(record, context))
    for cell in _remarks(record, context):
        for damage in remark_doubts(clean(cell.text)):
            yield PlacedDoubt(damage, Place(serial_no, None, "note", cell))


def _remarks(record: Record, context: TableContext) -> Iterator[LogicalCell]:
    if context.decided.has(record.indicator.serial_no, "note"):
        return
    for column in context.table.columns:
        if column.role in (Role.NOTE, Role.METHOD):
            yield from record.leaf.cells.get(column.index, ())


def _departments(record: Record) -> tuple[str, ...]:
    one = record.indicator
    return (*one.assessing_departments, *one.supporting_departments)


def _department_doubts(
    record: Record, like: Mapping[str, tuple[str, ...]], context: TableContext
) -> Iterator[PlacedDoubt]:
    """Doubt departments whose names are ``like`` other ones."""
    fields = {
        "assessing_departments": record.indicator.assessing_departments,
        "supporting_departments": record.indicator.supporting_departments,
    }
    for field, names in fields.items():
        for name in names:
            if near := like.get(name):
                sign = doubt(
                    "department_near", near, printed=name, zh="、".join(near), en=", ".join(near)
                )
                yield from _of_row(record, sign, field, context)


def _range_doubts(record: Record) -> Iterator[PlacedDoubt]:
    serial_no = record.indicator.serial_no
    for entity, far in far_out(record):
        place = Place(serial_no, entity, "target_value", record.targets[entity].cell)
        yield PlacedDoubt(far, place)


def _missing_cells(record: Record, context: TableContext) -> Iterator[PlacedDoubt]:
    """Doubt a row of fewer cells than its table has columns: others may stand in wrong ones."""
    gone = [c.name for c in context.table.columns if not record.leaf.cells.get(c.index)]
    if gone:
        sign = doubt("cell_missing", columns="、".join(filter(None, gone)), count=len(gone))
        yield from _of_row(record, sign, "target_text", context)


_NUMBERED = re.compile(r"（\d+）$")


def _twins(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Doubt all targets of entities that the header names alike: whose they are is not known."""
    bare = {entity: _NUMBERED.sub("", entity) for entity in context.entities}
    again = {name for entity, name in bare.items() if entity != name and name in bare}
    for name in sorted(again):
        alike = [entity for entity in context.entities if bare[entity] == name]
        sign = doubt("entity_twice", severity=Severity.ERROR, whose=name, count=len(alike))
        touched = [(r.indicator.serial_no, entity) for r in records for entity in alike]
        yield PlacedDoubt(sign, Place(None, None, "entity"), touched)


def _blank_at_edge(record: Record, context: TableContext, edge: int) -> bool:
    """Tell whether the first (0) or last (-1) target is blank: the row may stand one cell off.

    It does not where the page shows that something stood there: struck out, covered, hidden.
    """
    order = [entity for entity in context.entities if entity in record.targets]
    blank = [entity for entity in order if _is_blank(record, entity)]
    if len(order) < _FEWEST or order[edge] not in blank or len(blank) == len(order):
        return False
    return not any(source.seen for source in record.targets[order[edge]].cell.sources)


def _blank_inside(record: Record, context: TableContext) -> bool:
    """Tell whether a target between others is blank: then blanks are printed, and no row moved."""
    order = [entity for entity in context.entities if entity in record.targets]
    return any(_is_blank(record, entity) for entity in order[1:-1])


def _is_blank(record: Record, entity: str) -> bool:
    unclear = any(d.code == "blank_ambiguous" for d in record.targets[entity].cell.doubts)
    return record.targets[entity].status == "unreadable" or unclear


def _leaf_is_blank(record: Record, context: TableContext) -> bool:
    """Tell whether the columns of the indicators' own names are blank in a row with a heading."""
    columns = list(context.table.columns_of(Role.LEVEL))
    own = [column for column in columns if column.name == columns[-1].name]
    cells = [record.leaf.at(column) for column in own]
    named = bool(record.indicator.indicator) and (len(own) < len(columns) or record.leaf.headings)
    return bool(named) and all(cell is not None and not clean(cell.text) for cell in cells)


def _repeated(records: Sequence[Record], context: TableContext) -> Iterator[Record]:
    """Yield the rows whose name, as printed, has stood before under the same headings."""
    seen = set()
    for record in records:
        one = record.indicator
        printed = tuple(clean(cell.text) for cell in record.printed.cells)
        path = (one.level1, one.level2, one.level3, one.level4, one.unit, printed)
        if path in seen and one.indicator:
            yield record
        seen.add(path)


def _returning_headings(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield a doubt, of all rows under it, for each heading that comes again after another."""
    for record, field, heading in _returning(records):
        under = [other for other in records if getattr(other.indicator, field) == heading]
        touched = [target for other in under for target in _row(other, context)]
        place = Place(record.indicator.serial_no, None, field)
        yield PlacedDoubt(doubt("heading_returns", heading=heading), place, touched)


def _returning(records: Sequence[Record]) -> Iterator[tuple[Record, str, str]]:
    """Yield the rows where a heading comes again after another of its level: field and name."""
    seen: set[tuple[str | None, ...]] = set()
    before: tuple[str | None, ...] = ()
    for record in records:
        path = (record.indicator.level1, record.indicator.level2)
        for depth in (1, 2):
            part = path[:depth]
            if part != before[:depth]:
                if part in seen and part[-1]:
                    yield record, f"level{depth}", part[-1]
                    break
                seen.add(part)
        seen.update((path[:1], path))
        before = path
