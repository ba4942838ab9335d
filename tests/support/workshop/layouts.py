"""The named layouts."""

from __future__ import annotations

from dataclasses import replace

from tests.support.workshop.layout import ColumnPlan, Kind, Layout


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

POINTS_AT_TWO_LEVELS = Layout(
    "points_at_two_levels",
    _columns(
        (Kind.LEVEL1, "一级指标"),
        (Kind.LEVEL1_POINTS, "权重"),
        (Kind.LEVEL2, "二级指标"),
        (Kind.LEVEL3, "三级指标"),
        (Kind.POINTS, "分值"),
        (Kind.TARGETS, ("目标值",)),
        (Kind.ASSESSING, "责任部门"),
    ),
)

POINTS_IN_LEVEL2 = Layout(
    "points_in_level2",
    _columns(
        *_THREE_LEVELS,
        (Kind.TARGETS, ("{year}年目标值",)),
        (Kind.ASSESSING, "牵头单位"),
        (Kind.SUPPORTING, "配合单位"),
    ),
    points="level2",
)

POINTS_IN_NAMES = Layout(
    "points_in_names",
    _columns(
        (Kind.SERIAL, "序号"),
        (Kind.LEVEL1, "考核内容"),
        (Kind.LEVEL3, "考核指标"),
        (Kind.ASSESSING, "考核责任单位"),
        (Kind.TARGETS, ("考核目标",)),
    ),
    points="leaf",
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
        POINTS_AT_TWO_LEVELS,
        POINTS_IN_LEVEL2,
        POINTS_IN_NAMES,
    )
}
