"""The unit of a row: its own, or the one that a heading, the header or the caption state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from common.declared import declared_list
from common.fold import clean
from normalize.model.doubt import Doubt, doubt
from normalize.model.table import LogicalTable, Role
from normalize.points.rows import Leaf
from normalize.records.model import TargetReading, text_of
from normalize.targets.model import TypedTarget
from normalize.text.clean import not_assessed
from normalize.text.units import UnitReading, stated_units
from schemas.vocabulary import TargetKind, TargetStatus

_LEVELS = {TargetKind.NUMBER, TargetKind.LIMIT, TargetKind.APPROXIMATE, TargetKind.COMPOUND}


@dataclass(frozen=True, slots=True)
class RowUnit:
    """A row's unit, None where none is surely its own, and what is doubtful about it."""

    unit: str | None
    doubts: tuple[Doubt, ...] = ()


def own_unit(leaf: Leaf, table: LogicalTable, name: UnitReading) -> str | None:
    """Return the unit printed in the row itself: in a column for units, else with the name."""
    for column in table.columns_of(Role.UNIT):
        text = clean(text_of(leaf, column))
        if text and not not_assessed(text):
            return text
    return name.unit


def unit_over_row(
    leaf: Leaf,
    name: UnitReading,
    targets: Callable[[], Mapping[str, TargetReading]],
    table: LogicalTable,
) -> RowUnit:
    """Return the unit of a row that prints none, ``targets`` gives them as read without one.

    What its headings, else header or caption state is that of bare numbers; a row without any has
    none. Where it cannot be the row's (万元 of a rate), or several are stated, or the brackets at
    the name's end may hold another, the row is doubted.
    """
    stated = _stated_by_headings(leaf, table) or _stated(table)
    if not (stated or name.unsure) or not _bare(targets().values()):
        return RowUnit(None)
    maybe = (doubt("unit_maybe", (name.unsure,), text=name.unsure),) if name.unsure else ()
    fitting = _fitting(name.name, stated) if stated else RowUnit(None)
    return replace(fitting, doubts=(*fitting.doubts, *maybe))


def _bare(targets: Iterable[TargetReading]) -> bool:
    """Say whether a number of the row has no unit beside it, or none of its targets can be read."""
    held = [target for target in targets if target.status != TargetStatus.NOT_ASSESSED]
    if not any(target.status == TargetStatus.ASSESSED for target in held):
        return bool(held)
    return any(_is_bare(target.typed) for target in held)


def _is_bare(typed: TypedTarget) -> bool:
    if typed.kind not in _LEVELS:
        return False
    parts = (part for part in typed.parts if not part.subject)
    numbers = ((typed.value, typed.unit), *((part.value, part.unit) for part in parts))
    return any(value is not None and unit is None for value, unit in numbers)


def _stated_by_headings(leaf: Leaf, table: LogicalTable) -> tuple[str, ...]:
    """Return the units that the nearest heading states for the rows below it."""
    printed = (*leaf.headings, *filter(None, map(leaf.at, table.columns_of(Role.LEVEL))))
    above = reversed(printed[:-1])
    return next((units for cell in above if (units := stated_units(cell.text))), ())


def _stated(table: LogicalTable) -> tuple[str, ...]:
    """Return the units of the whole table: of the names' header, the targets', or the caption."""
    levels = [column.unit for column in table.columns_of(Role.LEVEL) if column.unit]
    targets = {column.unit for column in table.columns_of(Role.TARGET)}
    if levels:
        return (levels[0],)
    if len(targets) == 1 and (unit := next(iter(targets))):
        return (unit,)
    lines = (*table.caption, *table.notes)
    return next((units for line in lines if (units := stated_units(line))), ())


def _words(key: str) -> tuple[str, ...]:
    return declared_list("normalize", "units", "stated", key)


def _fitting(name: str, stated: Sequence[str]) -> RowUnit:
    shares = [unit for unit in stated if unit in _words("share_units")]
    amounts = [unit for unit in stated if unit not in shares]
    fitting = _of_kind(name, shares, amounts)
    if len(stated) == 1 and (fitting or shares):
        return RowUnit(stated[0])
    if len(stated) == 1:
        return RowUnit(None, (doubt("unit_stated.misfit", stated, text=name, unit=stated[0]),))
    unit = fitting[0] if len(fitting) == 1 else None
    units = "、".join(stated)
    return RowUnit(unit, (doubt("unit_stated.several", stated, text=name, units=units),))


def _of_kind(name: str, shares: Sequence[str], amounts: Sequence[str]) -> Sequence[str]:
    """Return the units that may measure what a name names: a share, a count, a sum."""
    if name.endswith(_words("shares")):
        return shares
    if name.endswith(_words("pure")):
        return ()
    counted = name.endswith(_words("counts"))
    return [unit for unit in amounts if not (counted and unit.endswith("元"))]
