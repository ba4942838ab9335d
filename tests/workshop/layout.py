"""Layouts as data: which columns stand in which order, and how the headings are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tests.workshop.logical import Indicator, Notice, WeightGroup


class Kind(StrEnum):
    """What a drawn column holds."""

    SERIAL = "serial"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    LEVEL4 = "level4"
    POINTS = "points"
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
    merged) or ``each`` (a cell a row).
    """

    name: str
    columns: tuple[ColumnPlan, ...]
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
    groups = tuple(_fitted_group(group, kinds) for group in notice.groups)
    return replace(notice, groups=groups, notes=layout.notes)


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
    )


def _columns(*plans: tuple[Kind, str] | tuple[Kind, tuple[str, ...]]) -> tuple[ColumnPlan, ...]:
    return tuple(
        ColumnPlan(kind, (headings,) if isinstance(headings, str) else headings)
        for kind, headings in plans
    )


_THREE_LEVELS = (
    (Kind.LEVEL1, "一级指标"),
    (Kind.LEVEL2, "二级指标"),
    (Kind.LEVEL3, "三级指标"),
)

CLASSIC = Layout(
    "classic",
    _columns(
        *_THREE_LEVELS,
        (Kind.LEVEL4, "三级指标"),
        (Kind.POINTS, "分值"),
        (Kind.TARGETS, ()),
        (Kind.ASSESSING, "考核评估及数据提供单位"),
    ),
)

LEVEL1_ROWS = Layout(
    "level1_rows",
    _columns(
        (Kind.SERIAL, "序号"),
        (Kind.LEVEL2, "考核项目"),
        (Kind.LEVEL3, "考核指标"),
        (Kind.POINTS, "权重"),
        (Kind.TARGETS, ("目标任务",)),
        (Kind.ASSESSING, "责任单位"),
    ),
    level1_rows=True,
    ordinals=True,
)

LEVEL1_ROWS_POINTS = replace(
    LEVEL1_ROWS, name="level1_rows_points", heading_points=True, departments="equal"
)

DEPARTMENT_FIRST = Layout(
    "department_first",
    _columns(
        *_THREE_LEVELS,
        (Kind.ASSESSING, "监考单位"),
        (Kind.POINTS, "赋分"),
        (Kind.TARGETS, ("考核目标",)),
    ),
    departments="each",
)

THREE_HEADER_ROWS = Layout(
    "three_header_rows",
    _columns(
        *_THREE_LEVELS,
        (Kind.POINTS, "标准分"),
        (Kind.TARGETS, ("{year}年目标值",)),
        (Kind.ASSESSING, "数据来源"),
    ),
    entity_groups=True,
    merge_dashes=True,
)

TWO_DEPARTMENTS = Layout(
    "two_departments",
    _columns(
        *_THREE_LEVELS,
        (Kind.LEVEL4, "三级指标"),
        (Kind.POINTS, "分值"),
        (Kind.TARGETS, ()),
        (Kind.ASSESSING, ("责任单位", "牵头单位")),
        (Kind.SUPPORTING, ("责任单位", "配合单位")),
    ),
)

UNIT_COLUMN = Layout(
    "unit_column",
    _columns(
        (Kind.SERIAL, "序号"),
        *_THREE_LEVELS,
        (Kind.UNIT, "计量单位"),
        (Kind.POINTS, "满分"),
        (Kind.TARGETS, ("年度目标",)),
        (Kind.METHOD, "计分办法"),
        (Kind.ASSESSING, "牵头单位"),
        (Kind.NOTE, "备注"),
    ),
)

HEADING_POINTS = Layout(
    "heading_points",
    _columns(
        (Kind.LEVEL1, "考核内容"),
        (Kind.LEVEL2, "考核项目"),
        (Kind.LEVEL3, "考核指标"),
        (Kind.POINTS, "目标分值"),
        (Kind.TARGETS, ("指标值",)),
        (Kind.ASSESSING, "责任单位"),
    ),
    heading_points=True,
)

NOTES_BELOW = replace(
    CLASSIC,
    name="notes_below",
    notes=("注：1.“---”表示该地区不考核此项指标。", "2.分值栏括号内为该地区单列分值。"),
    exceptions="list",
)

MANY_DEPARTMENTS = replace(
    CLASSIC, name="many_departments", separator="", departments="equal", merge_targets=False
)

TWO_LEVELS = Layout(
    "two_levels",
    _columns(
        (Kind.SERIAL, "序号"),
        (Kind.LEVEL1, "类别"),
        (Kind.LEVEL3, "考核指标"),
        (Kind.POINTS, "基本分"),
        (Kind.TARGETS, ("{year}年度目标",)),
        (Kind.ASSESSING, "考核单位"),
        (Kind.NOTE, "备注"),
    ),
    separator="\n",
)

LAYOUTS = {
    layout.name: layout
    for layout in (
        CLASSIC,
        LEVEL1_ROWS,
        LEVEL1_ROWS_POINTS,
        DEPARTMENT_FIRST,
        THREE_HEADER_ROWS,
        TWO_DEPARTMENTS,
        UNIT_COLUMN,
        HEADING_POINTS,
        NOTES_BELOW,
        MANY_DEPARTMENTS,
        TWO_LEVELS,
    )
}
