"""A notice laid out as a grid of spans: what every drawing format starts from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import groupby

from tests.support.workshop.layout import ColumnPlan, Kind, Layout
from tests.support.workshop.logical import (
    NOT_ASSESSED,
    Indicator,
    Notice,
    WeightGroup,
    points_text,
    with_unit,
)

_ORDINALS = "一二三四五六七八九十"
_ZONE_ENDS = ("高新区", "经开区", "经济区", "度假区", "示范区", "新区")


@dataclass(frozen=True, slots=True)
class Span:
    """One printed cell; rows and columns are 0-based. ``kind`` None is a full-width heading."""

    row: int
    column: int
    row_span: int
    column_span: int
    text: str
    kind: Kind | None
    header: bool = False

    @property
    def rows(self) -> range:
        """The rows it covers."""
        return range(self.row, self.row + self.row_span)


@dataclass(frozen=True, slots=True)
class Grid:
    """Spans that tile ``row_count`` x ``column_count``; the first ``header_rows`` are header."""

    spans: tuple[Span, ...]
    row_count: int
    column_count: int
    header_rows: int
    kinds: tuple[Kind, ...]

    def filled(self) -> list[list[Span]]:
        """Return the span that covers each place."""
        places: list[list[Span | None]] = [
            [None] * self.column_count for _ in range(self.row_count)
        ]
        for span in self.spans:
            for row in span.rows:
                for column in range(span.column, span.column + span.column_span):
                    if places[row][column] is not None:
                        raise ValueError(f"two spans at {row}, {column}")
                    places[row][column] = span
        return [[_present(span) for span in row] for row in places]


def _present(span: Span | None) -> Span:
    if span is None:
        raise ValueError("a place is not covered")
    return span


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A leaf with all that its row prints."""

    row: int
    serial: int
    group_index: int
    group: WeightGroup
    indicator: Indicator
    stretch: int


def entity_group(entity: str) -> str:
    """Say what stands over an entity in a header of three rows."""
    return "功能区" if entity.endswith(_ZONE_ENDS) else "县区"


def grid_of(notice: Notice, layout: Layout) -> Grid:
    """Lay a fitted notice out as spans."""
    plans = list(_single_columns(notice, layout))
    header, depth = _header(plans)
    leaves, headings = _rows(notice, layout, depth)
    spans = [*header]
    spans += [Span(row, 0, 1, len(plans), text, None) for row, text in headings]
    spans += _body(notice, layout, plans, leaves)
    row_count = depth + len(leaves) + len(headings)
    grid = Grid(tuple(spans), row_count, len(plans), depth, tuple(plan.kind for plan in plans))
    grid.filled()
    return grid


def _single_columns(notice: Notice, layout: Layout) -> Iterator[ColumnPlan]:
    for plan in layout.columns:
        headings = tuple(text.format(year=notice.year) for text in plan.headings)
        if plan.kind is not Kind.TARGETS:
            yield ColumnPlan(plan.kind, headings)
            continue
        for entity in notice.entities:
            over = (entity_group(entity),) if layout.entity_groups else ()
            yield ColumnPlan(plan.kind, (*headings, *over, entity))


def _header(plans: list[ColumnPlan]) -> tuple[list[Span], int]:
    depth = max(len(plan.headings) for plan in plans)
    spans = []
    for row in range(depth):
        paths = [_path(plan, row) for plan in plans]
        for path, run in groupby(range(len(plans)), paths.__getitem__):
            columns = list(run)
            kind, headings = path
            if len(headings) <= row:
                continue
            down = 1 if row + 1 < _length(plans, columns) else depth - row
            spans.append(Span(row, columns[0], down, len(columns), headings[row], kind, True))
    return spans, depth


def _length(plans: list[ColumnPlan], columns: list[int]) -> int:
    return len(plans[columns[0]].headings)


def _path(plan: ColumnPlan, row: int) -> tuple[Kind | None, tuple[str, ...]]:
    """Return what neighbours must share to stand under one heading of this row."""
    if len(plan.headings) <= row:
        return None, ()
    last = row + 1 == len(plan.headings)
    return (plan.kind if last and plan.kind not in LEVEL_PAIR else None), plan.headings[: row + 1]


LEVEL_PAIR = (Kind.LEVEL3, Kind.LEVEL4)


def _rows(notice: Notice, layout: Layout, first: int) -> tuple[list[_Leaf], list[tuple[int, str]]]:
    """Give every leaf and every full-width heading its row."""
    leaves: list[_Leaf] = []
    headings: list[tuple[int, str]] = []
    row, stretch, level1 = first, 0, None
    for serial, index, indicator in notice.leaves():
        if layout.level1_rows and indicator.level1 != level1:
            level1, stretch = indicator.level1, stretch + 1
            headings.append((row, _level1_text(notice, layout, level1)))
            row += 1
        leaves.append(_Leaf(row, serial, index, notice.groups[index], indicator, stretch))
        row += 1
    return leaves, headings


def _level1_text(notice: Notice, layout: Layout, name: str) -> str:
    names = list(dict.fromkeys(leaf.level1 for _, _, leaf in notice.leaves()))
    ordinal = f"{_ORDINALS[names.index(name)]}、" if layout.ordinals else ""
    return ordinal + name + _sum_text(notice, layout, lambda leaf: leaf.level1 == name)


def _level2_text(notice: Notice, layout: Layout, level1: str, name: str) -> str:
    names = list(
        dict.fromkeys(leaf.level2 for _, _, leaf in notice.leaves() if leaf.level1 == level1)
    )
    ordinal = f"（{_ORDINALS[names.index(name) % 10]}）" if layout.ordinals else ""
    total = _sum_text(
        notice,
        layout,
        lambda leaf: (leaf.level1, leaf.level2) == (level1, name),
        always=layout.points == "level2",
    )
    return ordinal + name + total


def _sum_text(
    notice: Notice, layout: Layout, holds: Callable[[Indicator], bool], *, always: bool = False
) -> str:
    if not layout.heading_points and not always:
        return ""
    return f"（{points_text(_sum(notice, holds))}分）"


def _sum(notice: Notice, holds: Callable[[Indicator], bool]) -> Decimal:
    return sum((group.base for group in notice.groups if holds(group.indicators[0])), Decimal(0))


def _points(group: WeightGroup, layout: Layout) -> str:
    base = points_text(group.base)
    printed = [f"{entity}{points_text(number)}" for entity, number in group.exceptions]
    if not printed:
        return base
    if layout.exceptions == "list":
        return f"{base}（{'、'.join(printed)}）"
    return base + "".join(f"（{one}）" for one in printed)


def _body(
    notice: Notice, layout: Layout, plans: list[ColumnPlan], leaves: list[_Leaf]
) -> Iterator[Span]:
    printer = _Printer(notice, layout)
    first_target = next(i for i, plan in enumerate(plans) if plan.kind is Kind.TARGETS)
    for column, plan in enumerate(plans):
        if plan.kind is Kind.TARGETS:
            continue
        for _, run in groupby(leaves, partial(printer.key, plan.kind)):
            members = list(run)
            text = printer.text(plan.kind, members[0])
            if text is not None:
                wide = 1 + printer.covers_level4(plan.kind, members[0])
                yield Span(members[0].row, column, len(members), wide, text, plan.kind)
    for leaf in leaves:
        yield from _target_spans(layout, leaf, first_target)


def _target_spans(layout: Layout, leaf: _Leaf, first: int) -> Iterator[Span]:
    def key(item: tuple[int, str]) -> Hashable:
        merges = layout.merge_dashes if item[1] == NOT_ASSESSED else layout.merge_targets
        return (item[1], None if merges else item[0])

    for _, run in groupby(enumerate(leaf.indicator.targets), key):
        members = list(run)
        column, text = members[0]
        yield Span(leaf.row, first + column, 1, len(members), text, Kind.TARGETS)


@dataclass(frozen=True, slots=True)
class _Printer:
    """Says for every column what a leaf prints there and what it shares with its neighbours."""

    notice: Notice
    layout: Layout

    def covers_level4(self, kind: Kind, leaf: _Leaf) -> bool:
        """A name that is not split stands across both columns of level 3."""
        return (
            kind is Kind.LEVEL3
            and Kind.LEVEL4 in self.layout.kinds()
            and leaf.indicator.level4 is None
        )

    def key(self, kind: Kind, leaf: _Leaf) -> Hashable:
        """Neighbouring leaves of the same key share one cell."""
        one = leaf.indicator
        if kind is Kind.LEVEL3 and one.level4 is None:
            return leaf.row
        keys: dict[Kind, Hashable] = {
            Kind.LEVEL1: one.level1,
            Kind.LEVEL1_POINTS: one.level1,
            Kind.LEVEL2: (one.level1, one.level2),
            Kind.LEVEL3: (one.level1, one.level2, one.level3),
            Kind.POINTS: leaf.group_index,
            Kind.SUPPORTING: (leaf.group_index, leaf.group.departments_of(one)),
            Kind.ASSESSING: self._assessing_key(leaf),
        }
        return keys.get(kind, leaf.row)

    def _assessing_key(self, leaf: _Leaf) -> Hashable:
        departments = leaf.group.departments_of(leaf.indicator)
        if self.layout.departments == "group":
            return (leaf.group_index, departments)
        if self.layout.departments == "equal":
            one = leaf.indicator
            return (leaf.stretch, one.level1, one.level2, departments[0])
        return leaf.row

    def text(self, kind: Kind, leaf: _Leaf) -> str | None:
        """Return a cell's text; None where the cell to the left covers the place."""
        one, group, layout = leaf.indicator, leaf.group, self.layout
        assessing, supporting = group.departments_of(one)
        texts: dict[Kind, Callable[[], str | None]] = {
            Kind.SERIAL: lambda: str(leaf.serial),
            Kind.LEVEL1: lambda: _level1_text(self.notice, layout, one.level1),
            Kind.LEVEL2: lambda: _level2_text(self.notice, layout, one.level1, one.level2 or ""),
            Kind.LEVEL3: lambda: one.level3 if one.level4 else self._named(leaf),
            Kind.LEVEL4: lambda: self._named(leaf) if one.level4 else None,
            Kind.POINTS: lambda: _points(group, layout),
            Kind.LEVEL1_POINTS: lambda: points_text(
                _sum(self.notice, lambda other: other.level1 == one.level1)
            ),
            Kind.UNIT: lambda: one.unit or "",
            Kind.ASSESSING: lambda: layout.separator.join(assessing),
            Kind.SUPPORTING: lambda: layout.separator.join(supporting),
            Kind.METHOD: lambda: one.method or "",
            Kind.NOTE: lambda: one.note or "",
        }
        return texts[kind]()

    def _named(self, leaf: _Leaf) -> str:
        one, layout = leaf.indicator, self.layout
        name = with_unit(one.leaf, one.unit if layout.unit_in_name else None)
        return name + (f"（{_points(leaf.group, layout)}分）" if layout.points == "leaf" else "")
