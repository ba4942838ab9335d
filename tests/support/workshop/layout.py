"""Layouts as data: which columns stand in which order, and how the headings are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from tests.support.workshop.logical import NOT_ASSESSED, Indicator, Notice, WeightGroup


class Kind(StrEnum):
    """What a drawn column holds."""

    SERIAL = "serial"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    LEVEL4 = "level4"
    POINTS = "points"
    LEVEL1_POINTS = "level1_points"
    UNIT = "unit"
    TARGETS = "targets"
    ASSESSING = "assessing"
    SUPPORTING = "supporting"
    METHOD = "method"
    NOTE = "note"


LEVELS = (Kind.LEVEL1, Kind.LEVEL2, Kind.LEVEL3, Kind.LEVEL4)


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """One column (for targets: one a entity) and the headings over it, outermost first."""

    kind: Kind
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """How a logical table is printed.

    ``level1_rows`` prints level 1 as rows across the table instead of a column;
    ``heading_points`` prints the sum of points inside the headings of levels 1 and 2;
    ``ordinals`` numbers the headings; ``entity_groups`` puts 县区 and 功能区 over the entities;
    ``departments`` is ``group`` (one cell a weight group), ``equal`` (neighbours of equal text
    merged) or ``each`` (a cell a row). ``points`` says where points stand: in a ``column``, or
    only in the brackets behind the name of ``level2`` or of the ``leaf``.
    """

    name: str
    columns: tuple[ColumnPlan, ...]
    points: str = "column"
    level1_rows: bool = False
    heading_points: bool = False
    ordinals: bool = False
    entity_groups: bool = False
    merge_targets: bool = True
    merge_dashes: bool = False
    departments: str = "group"
    separator: str = "、"
    exceptions: str = "each"
    notes: tuple[str, ...] = ()

    def kinds(self) -> frozenset[Kind]:
        """Return the kinds of columns this layout has."""
        return frozenset(plan.kind for plan in self.columns)

    @property
    def unit_in_name(self) -> bool:
        """Whether units stand in the names' brackets."""
        return Kind.UNIT not in self.kinds()


def fitted(notice: Notice, layout: Layout) -> Notice:
    """Drop from a notice what a layout has no place for, so that the rest is all printed."""
    kinds = layout.kinds()
    groups = tuple(_fitted_group(group, kinds) for group in _weighted(notice.groups, layout))
    return replace(notice, groups=groups, notes=layout.notes)


def _weighted(groups: tuple[WeightGroup, ...], layout: Layout) -> tuple[WeightGroup, ...]:
    """Give the points to what carries them; without a points column nothing is excepted."""
    if layout.points == "column":
        return groups
    if layout.points == "leaf":
        return tuple(_together((one,), group) for group in groups for one in _everywhere(group))
    runs = groupby(groups, lambda group: (group.indicators[0].level1, group.indicators[0].level2))
    return tuple(_merged(list(run)) for _, run in runs)


def _merged(groups: list[WeightGroup]) -> WeightGroup:
    leaves = tuple(leaf for group in groups for leaf in _everywhere(group))
    whole = _together(leaves, groups[0])
    return replace(whole, base=sum((group.base for group in groups[1:]), groups[0].base))


def _together(leaves: tuple[Indicator, ...], group: WeightGroup) -> WeightGroup:
    return WeightGroup(leaves, group.base, (), group.assessing, group.supporting)


def _everywhere(group: WeightGroup) -> tuple[Indicator, ...]:
    """Assess every leaf everywhere, so that totals stay equal without exceptions."""
    return tuple(
        replace(
            leaf,
            targets=tuple(
                "完成年度任务" if text == NOT_ASSESSED else text for text in leaf.targets
            ),
            departments=group.departments_of(leaf),
        )
        for leaf in group.indicators
    )


def _fitted_group(group: WeightGroup, kinds: frozenset[Kind]) -> WeightGroup:
    return replace(
        group,
        indicators=tuple(_fitted_leaf(leaf, kinds) for leaf in group.indicators),
        supporting=group.supporting if Kind.SUPPORTING in kinds else (),
    )


def _fitted_leaf(leaf: Indicator, kinds: frozenset[Kind]) -> Indicator:
    keeps_level4 = Kind.LEVEL4 in kinds
    return replace(
        leaf,
        level2=leaf.level2 if Kind.LEVEL2 in kinds else None,
        level3=leaf.level3 if keeps_level4 else leaf.leaf,
        level4=leaf.level4 if keeps_level4 else None,
        note=leaf.note if Kind.NOTE in kinds else None,
        method=leaf.method if Kind.METHOD in kinds else None,
        departments=leaf.departments and _departments(leaf.departments, kinds),
    )


def _departments(
    both: tuple[tuple[str, ...], tuple[str, ...]], kinds: frozenset[Kind]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return both[0], both[1] if Kind.SUPPORTING in kinds else ()
