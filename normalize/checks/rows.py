"""Signs that values are wrong which only a whole row, or all rows together, can show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from common.fold import clean
from normalize.checks.near_duplicates import near_duplicate_doubts
from normalize.checks.ranges import far_out
from normalize.findings.ledger import Place, PlacedDoubt
from normalize.model.doubt import Doubt
from normalize.model.table import LogicalCell, Role
from normalize.points.rows import levels_of
from normalize.records.decisions import LEVELS
from normalize.records.model import Record, TableContext
from normalize.text.clean import strip_ordinal, without_points
from normalize.text.damage import name_doubts
from normalize.text.departments import near_name

_HABIT = 0.2  # share of rows without a name of their own from which a document means it so
_RARE = 0.05  # share of rows up to which a blank at a row's edge is no habit
_FEWEST = 3  # targets from which a row can be said to stand one cell off
_LIST_SIGN = re.compile(r"(?<![（(\w])[\w]{1,3}[）)]")


def row_doubts(records: Sequence[Record], context: TableContext) -> Iterator[PlacedDoubt]:
    """Yield what names, rows and neighbours say against each other."""
    nameless = [record for record in records if _leaf_is_blank(record, context)]
    counted = Counter(name for record in records for name in _departments(record))
    for record in records:
        yield from _name_doubts(record, context)
        yield from _department_doubts(record, counted, context)
        yield from _range_doubts(record)
    for record in nameless if len(nameless) <= max(1, _HABIT * len(records)) else ():
        yield from _of_row(record, _NAMELESS, "indicator", context)
    for edge in (0, -1):
        shifted = [record for record in records if _blank_at_edge(record, context, edge)]
        for record in shifted if len(shifted) <= max(1, _RARE * len(records)) else ():
            yield from _of_row(record, _SHIFTED, "target_text", context)
    for record in _repeated(records, context):
        yield from _of_row(record, _REPEATED, "indicator", context)
    for record, doubt, field in _returning(records):
        place = Place(record.indicator.serial_no, None, field)
        name = getattr(record.indicator, field)
        under = (other for other in records if getattr(other.indicator, field) == name)
        touched = [target for other in under for target in _row(other, context)]
        yield PlacedDoubt(doubt, place, touched)
    yield from near_duplicate_doubts(records, context)


def _row(record: Record, context: TableContext) -> list[tuple[int, str]]:
    return [(record.indicator.serial_no, entity) for entity in context.entities]


def _of_row(
    record: Record, doubt: Doubt, field: str, context: TableContext
) -> Iterator[PlacedDoubt]:
    serial_no = record.indicator.serial_no
    if not context.decided.has(serial_no, field):
        yield PlacedDoubt(doubt, Place(serial_no, None, field), _row(record, context))


def _name_doubts(record: Record, context: TableContext) -> Iterator[PlacedDoubt]:
    """Doubt names of headings and indicators, and notes, that are cut or hold foreign words."""
    serial_no = record.indicator.serial_no
    levels = levels_of(record.leaf, context.table, context.depth)
    for cell, slot in zip(levels.cells, levels.slots, strict=True):
        field = LEVELS[slot]
        if not context.decided.has(serial_no, field):
            for doubt in name_doubts(strip_ordinal(without_points(cell.text))):
                place = Place(serial_no, None, field, cell)
                yield PlacedDoubt(doubt, place, _row(record, context))
    for cell in _remarks(record, context):
        for doubt in name_doubts(_LIST_SIGN.sub("", clean(cell.text))):
            yield PlacedDoubt(doubt, Place(serial_no, None, "note", cell))


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
    record: Record, counted: Counter[str], context: TableContext
) -> Iterator[PlacedDoubt]:
    fields = {
        "assessing_departments": record.indicator.assessing_departments,
        "supporting_departments": record.indicator.supporting_departments,
    }
    for field, names in fields.items():
        for name in names:
            near = () if name in context.aliases.values() else near_name(name, counted)
            if near:
                yield from _of_row(record, _near(name, near), field, context)


def _range_doubts(record: Record) -> Iterator[PlacedDoubt]:
    serial_no = record.indicator.serial_no
    for entity, doubt in far_out(record):
        place = Place(serial_no, entity, "target_value", record.targets[entity].cell)
        yield PlacedDoubt(doubt, place)


def _blank_at_edge(record: Record, context: TableContext, edge: int) -> bool:
    """Tell whether the first (0) or last (-1) target is blank: the row may stand one cell off."""
    order = [entity for entity in context.entities if entity in record.targets]
    blank = [entity for entity in order if _is_blank(record, entity)]
    return len(order) >= _FEWEST and order[edge] in blank and len(blank) < len(order)


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
        cells = levels_of(record.leaf, context.table, context.depth).cells
        printed = tuple(clean(cell.text) for cell in cells)
        path = (one.level1, one.level2, one.level3, one.level4, one.unit, printed)
        if path in seen and one.indicator:
            yield record
        seen.add(path)


def _returning(records: Sequence[Record]) -> Iterator[tuple[Record, Doubt, str]]:
    """Yield the rows where a heading comes again after another of its level."""
    seen: set[tuple[str | None, ...]] = set()
    before: tuple[str | None, ...] = ()
    for record in records:
        one = record.indicator
        path = (one.level1, one.level2)
        for depth in (1, 2):
            part = path[:depth]
            if part != before[:depth]:
                if part in seen and part[-1]:
                    yield record, _returns(part[-1] or ""), f"level{depth}"
                    break
                seen.add(part)
        seen.update((path[:1], path))
        before = path


def _returns(name: str) -> Doubt:
    return Doubt(
        "heading_returns",
        f"Heading {name!r} comes again after another: rows or pages may be out of order.",
        f"标题“{name}”在其他标题之后再次出现，行或页的顺序可能有误。",
    )


def _near(name: str, near: tuple[str, ...]) -> Doubt:
    return Doubt(
        "department_near",
        f"{name!r} is no known department, but nearly {', '.join(near)}.",
        f"“{name}”与已知部门名称相近（{'、'.join(near)}），可能有错字，请核对。",
        near,
    )


_NAMELESS = Doubt(
    "name_blank",
    "The indicator's own name is printed blank; its heading is taken for it.",
    "该指标名称单元格空白，暂以上级标题为其名称，请核对是否漏印。",
)
_REPEATED = Doubt(
    "indicator_repeated",
    "The same indicator has been printed before under the same headings.",
    "同一标题下已有同名指标，该行可能重复。",
)
_SHIFTED = Doubt(
    "row_may_be_shifted",
    "The target at the row's end is blank: the others may stand one cell off.",
    "本行边上的目标值空白，其余目标值可能整体错位一格，请核对。",
)
