"""Says what else in a damaged document speaks against the damage, or why nothing does.

Judged from what was drawn, never from how it is read: a reading that stays silent although there is
evidence has a fault, one that stays silent without any could not know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal

from tests.support.workshop.damage_cells import Hurt, body
from tests.support.workshop.damage_ground import (
    BASE,
    FORM,
    ONLY_PLACE,
    Damaged,
    Evidence,
    lonely,
    serials,
)
from tests.support.workshop.damage_texts import (
    cut_name_evidence,
    cut_target_evidence,
    department_evidence,
    number_evidence,
)
from tests.support.workshop.grid import Grid, Span
from tests.support.workshop.layout import LEVELS, Kind, Layout
from tests.support.workshop.logical import Notice, WeightGroup, group_totals

_NEVER_BLANK = (*LEVELS, Kind.POINTS, Kind.TARGETS, Kind.ASSESSING)
_NAME = r"[^（）、\d.]+"
_EXCEPTION = re.compile(rf"({_NAME}(?:、{_NAME})*)(\d+(?:\.\d+)?)(?=[）、])")
_SHARES = re.compile(rf"{_NAME}、{_NAME}\d")
_BLANK = Evidence("blank", "a cell of this kind is never printed blank")
_BRACKETS = Evidence("brackets", "a bracket or mark has no partner")
_TOTALS = Evidence("totals", "the entities' totals no longer meet")
_SUMS = Evidence("printed sums", "the points printed for the heading are no longer the sum")
_SERIALS = Evidence("serial numbers", "the printed serial numbers are no longer in order")
_ORDER = Evidence("order", "a heading comes again after another")
_TWICE = Evidence("printed twice", "the same name stands twice under the same headings")
_NOTHING_LOST = Evidence("nothing lost", "each cell says what the merged one said")
_ALL_ALIKE = Evidence("", "every entity's total moves alike, and no sum is printed")
_SHARED = Evidence("", "names in a list share the number at its end, and no total moves")
_NO_TRACE = Evidence("", "the row carries no points or serial number of its own")
_AS_ABOVE = Evidence("", "a blank means “as above” in such a text")
_AS_LEFT = Evidence("", "a blank means “as left” in such a text")
_MAY_BE_BLANK = Evidence("", "a cell of this kind may be printed blank")


def evidence_of(hurt: Hurt, grid: Grid, notice: Notice, layout: Layout, kind: str) -> Evidence:
    """Return what speaks against a damage of a fitted notice's grid, drawn in a format."""
    whole = Damaged(hurt, grid, notice, layout, kind)
    if hurt.what in ("bracket lost", "text cut: name", "text cut: target") and lonely(hurt.after):
        return _BRACKETS
    judges: tuple[tuple[tuple[str, ...], Callable[[Damaged], Evidence]], ...] = (
        (("digit changed: points", "decimal point lost: points", "exception lost"), _of_points),
        (("exception without its number",), _numberless_evidence),
        (("row", "pages"), _row_evidence),
        (("merged",), _split_evidence),
        (("cell lost",), _lost_cell_evidence),
        (("cells of a row",), _shift_evidence),
        (("two targets",), _exchange_evidence),
        (("decimal point lost: target", "digit changed: target"), number_evidence),
        (("text cut: target",), cut_target_evidence),
        (("text cut: name",), cut_name_evidence),
        (("department", "text cut"), department_evidence),
    )
    for begins, judge in judges:
        if hurt.what.startswith(begins):
            return judge(whole)
    return _PLAIN.get(hurt.what, ONLY_PLACE)


def _shift_evidence(whole: Damaged) -> Evidence:
    return _AS_LEFT if whole.kind == "md" and whole.hurt.after.endswith("|") else _BLANK


_PLAIN = {
    "name where a number belongs": FORM,
    "letter for a digit": FORM,
    "foreign word slipped in": FORM,
    "bracket lost": _BRACKETS,
}


def _group_at(span: Span, grid: Grid, notice: Notice) -> int:
    serial = serials(grid)[span.row]
    return next(index for number, index, _ in notice.leaves() if number == serial)


def _of_points(whole: Damaged) -> Evidence:
    """Hold changed points to the totals and to the sums that are printed."""
    hurt, grid, notice, layout = whole.hurt, whole.grid, whole.notice, whole.layout
    index = _group_at(hurt.span, grid, notice)
    base = BASE.search(hurt.after)
    lists = _EXCEPTION.findall(hurt.after)
    named = {name: Decimal(number) for names, number in lists for name in names.split("、")}
    exceptions = tuple((name, named[name]) for name in notice.entities if name in named)
    group = notice.groups[index]
    changed = replace(
        group, base=Decimal(base.group()) if base else group.base, exceptions=exceptions
    )
    groups = (*notice.groups[:index], changed, *notice.groups[index + 1 :])
    return _of_groups(groups, notice, layout, base_moved=changed.base != group.base)


def _numberless_evidence(whole: Damaged) -> Evidence:
    """A name alone has no number; before others in its list (甲县、乙县2) it shares theirs."""
    if not _SHARES.search(whole.hurt.after):
        return FORM
    return _TOTALS if _of_points(whole) is _TOTALS else _SHARED


def _of_groups(
    groups: Iterable[WeightGroup], notice: Notice, layout: Layout, *, base_moved: bool
) -> Evidence:
    totals = set(group_totals(replace(notice, groups=tuple(groups))).values())
    if len(totals) > 1:
        return _TOTALS
    return _SUMS if base_moved and prints_sums(layout) else _ALL_ALIKE


def prints_sums(layout: Layout) -> bool:
    """Tell whether a layout prints the sum of points for each heading of level 1."""
    in_names = layout.heading_points and layout.points != "level2"
    return in_names or Kind.LEVEL1_POINTS in layout.kinds()


def _row_evidence(whole: Damaged) -> Evidence:
    hurt, grid, notice, layout = whole.hurt, whole.grid, whole.notice, whole.layout
    serial = serials(grid).get(hurt.span.row)
    last = serial == len(serials(grid))
    if Kind.SERIAL in layout.kinds() and not (last and hurt.what == "row lost"):
        return _SERIALS
    if hurt.what == "row printed twice":
        return _TWICE
    if hurt.what == "pages exchanged":
        return _ORDER if heading_returns(hurt.grid) else _NO_TRACE
    return _lost_row_evidence(serial or 0, notice, layout)


def _lost_row_evidence(serial: int, notice: Notice, layout: Layout) -> Evidence:
    index, leaf = next((i, one) for number, i, one in notice.leaves() if number == serial)
    group = notice.groups[index]
    rest = tuple(one for one in group.indicators if one is not leaf)
    left = (replace(group, indicators=rest),) if rest else ()
    groups = (*notice.groups[:index], *left, *notice.groups[index + 1 :])
    found = _of_groups(groups, notice, layout, base_moved=not rest)
    return found or _NO_TRACE


def heading_returns(grid: Grid) -> bool:
    """Tell whether a heading is printed again after another of its level."""
    for kind in (Kind.LEVEL1, Kind.LEVEL2):
        spans = sorted(body(grid, kind), key=lambda span: span.row)
        texts = [span.text for span in spans if span.text]
        runs = [t for i, t in enumerate(texts) if not i or texts[i - 1] != t]
        if len(runs) > len(set(runs)):
            return True
    return False


def _split_evidence(whole: Damaged) -> Evidence:
    hurt, grid, notice, layout = whole.hurt, whole.grid, whole.notice, whole.layout
    if "blank" in hurt.what:
        return _BLANK if hurt.span.kind in _NEVER_BLANK else _MAY_BE_BLANK
    if hurt.span.kind is not Kind.POINTS:
        return _NOTHING_LOST
    index = _group_at(hurt.span, grid, notice)
    group = notice.groups[index]
    singles = tuple(replace(group, indicators=(one,)) for one in group.indicators)
    groups = (*notice.groups[:index], *singles, *notice.groups[index + 1 :])
    return _of_groups(groups, notice, layout, base_moved=True)


def _lost_cell_evidence(whole: Damaged) -> Evidence:
    """A blank goes on with the cell above in converted text, unless something else begins there."""
    kind = whole.hurt.span.kind
    if whole.kind != "md" or kind not in (*LEVELS, Kind.POINTS, Kind.ASSESSING):
        return _BLANK
    if kind is Kind.LEVEL2:
        begun = {span.row for span in body(whole.grid, Kind.LEVEL1)}
        return _BLANK if whole.hurt.span.row in begun else _AS_ABOVE
    if kind is Kind.POINTS:
        return _joined_evidence(whole) or _AS_ABOVE
    return _AS_ABOVE


def _joined_evidence(whole: Damaged) -> Evidence:
    """Hold to the totals that a group without its points shares those of the group above."""
    index = _group_at(whole.hurt.span, whole.grid, whole.notice)
    if index == 0:
        return _BLANK
    before, group = whole.notice.groups[index - 1 : index + 1]
    joined = replace(before, indicators=(*before.indicators, *group.indicators))
    groups = (*whole.notice.groups[: index - 1], joined, *whole.notice.groups[index + 1 :])
    found = _of_groups(groups, whole.notice, whole.layout, base_moved=True)
    headings = {(one.level1, one.level2) for one in joined.indicators}
    return _BLANK if len(headings) > 1 else found


def _exchange_evidence(whole: Damaged) -> Evidence:
    hurt, grid, notice = whole.hurt, whole.grid, whole.notice
    serial = serials(grid)[hurt.span.row]
    index = _group_at(hurt.span, grid, notice)
    spans = [s for s in body(hurt.grid, Kind.TARGETS) if s.row == hurt.span.row]
    spans.sort(key=lambda span: span.column)
    texts = tuple(s.text for s in spans for _ in range(s.column_span))
    group = notice.groups[index]
    first = next(number for number, i, _ in notice.leaves() if i == index)
    members = list(group.indicators)
    members[serial - first] = replace(members[serial - first], targets=texts)
    changed = replace(group, indicators=tuple(members))
    groups = (*notice.groups[:index], changed, *notice.groups[index + 1 :])
    if len(set(group_totals(replace(notice, groups=groups)).values())) > 1:
        return _TOTALS
    return ONLY_PLACE
