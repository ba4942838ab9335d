"""Says what else in a damaged document speaks against the damage, or why nothing does.

Judged from what was drawn, never from how it is read: a reading that stays silent although there is
evidence has a fault, one that stays silent without any could not know.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from tests.workshop.damage_cells import Hurt, body
from tests.workshop.grid import Grid, Span
from tests.workshop.layout import LEVELS, Kind, Layout
from tests.workshop.logical import NOT_ASSESSED, Notice, WeightGroup, group_totals
from tests.workshop.vocabulary import DEPARTMENTS

_NEVER_BLANK = (*LEVELS, Kind.POINTS, Kind.TARGETS, Kind.ASSESSING)
_PAIRS = ("（）", "《》", "〈〉", "“”", "()")
_BASE = re.compile(r"^\d+(?:\.\d+)?")
_EXCEPTION = re.compile(r"([^（）、\d.]+)(\d+(?:\.\d+)?)(?=[）、])")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks against a damage (empty: nothing), and why it does or does not."""

    name: str
    reason: str

    def __bool__(self) -> bool:
        return bool(self.name)


_BLANK = Evidence("blank", "a cell of this kind is never printed blank")
_FORM = Evidence("form", "the text has not the form of what stands in this column")
_BRACKETS = Evidence("brackets", "a bracket or mark has no partner")
_TOTALS = Evidence("totals", "the entities' totals no longer meet")
_SUMS = Evidence("printed sums", "the points printed for the heading are no longer the sum")
_SERIALS = Evidence("serial numbers", "the printed serial numbers are no longer in order")
_ORDER = Evidence("order", "a heading comes again after another")
_TWICE = Evidence("printed twice", "the same name stands twice under the same headings")
_NAMES = Evidence("vocabulary", "the name is not one, but nearly one that is known")
_RANGE = Evidence("range", "the number lies far from all others of its row")
_ALL_ALIKE = Evidence("", "every entity's total moves alike, and no sum is printed")
_ONLY_PLACE = Evidence("", "this is the only place that says so")
_WHOLE_NAME = Evidence("", "what is left is a whole name or sentence")
_NO_TRACE = Evidence("", "the row carries no points or serial number of its own")
_AS_ABOVE = Evidence("", "a blank means “as above” in such a text")
_AS_LEFT = Evidence("", "a blank means “as left” in such a text")
_MAY_BE_BLANK = Evidence("", "a cell of this kind may be printed blank")
_UNKNOWN_NAME = Evidence("", "the name is printed nowhere else and is in no list")


@dataclass(frozen=True, slots=True)
class _Damaged:
    """A damage with all that it was done to."""

    hurt: Hurt
    grid: Grid
    notice: Notice
    layout: Layout
    kind: str


def evidence_of(hurt: Hurt, grid: Grid, notice: Notice, layout: Layout, kind: str) -> Evidence:
    """Return what speaks against a damage of a fitted notice's grid, drawn in a format."""
    whole = _Damaged(hurt, grid, notice, layout, kind)
    if hurt.what in ("bracket lost", "text cut: name", "text cut: target") and lonely(hurt.after):
        return _BRACKETS
    judges: tuple[tuple[tuple[str, ...], Callable[[_Damaged], Evidence]], ...] = (
        (("digit changed: points", "decimal point lost: points", "exception lost"), _of_points),
        (("row", "pages"), _row_evidence),
        (("merged",), _split_evidence),
        (("cell lost",), _lost_cell_evidence),
        (("cells of a row",), _shift_evidence),
        (("two targets", "decimal point lost: target"), _target_evidence),
        (("department", "text cut"), _name_evidence),
    )
    for begins, judge in judges:
        if hurt.what.startswith(begins):
            return judge(whole)
    return _PLAIN.get(hurt.what, _ONLY_PLACE)


def _shift_evidence(whole: _Damaged) -> Evidence:
    return _AS_LEFT if whole.kind == "md" and whole.hurt.after.endswith("|") else _BLANK


_PLAIN = {
    "exception without its number": _FORM,
    "name where a number belongs": _FORM,
    "letter for a digit": _FORM,
    "foreign word slipped in": _FORM,
    "bracket lost": _BRACKETS,
}


def lonely(text: str) -> bool:
    """Tell whether a bracket or mark has no partner."""
    return any(text.count(left) != text.count(right) for left, right in _PAIRS)


def serials(grid: Grid) -> dict[int, int]:
    """Return the serial number of the leaf in each row."""
    rows = {s.row for s in body(grid, Kind.LEVEL3, Kind.LEVEL4) if s.row_span == 1}
    return {row: serial for serial, row in enumerate(sorted(rows), 1)}


def _group_at(span: Span, grid: Grid, notice: Notice) -> int:
    serial = serials(grid)[span.row]
    return next(index for number, index, _ in notice.leaves() if number == serial)


def _of_points(whole: _Damaged) -> Evidence:
    """Hold changed points to the totals and to the sums that are printed."""
    hurt, grid, notice, layout = whole.hurt, whole.grid, whole.notice, whole.layout
    index = _group_at(hurt.span, grid, notice)
    base = _BASE.search(hurt.after)
    named = {name: Decimal(number) for name, number in _EXCEPTION.findall(hurt.after)}
    exceptions = tuple((name, named[name]) for name in notice.entities if name in named)
    group = notice.groups[index]
    changed = replace(
        group, base=Decimal(base.group()) if base else group.base, exceptions=exceptions
    )
    groups = (*notice.groups[:index], changed, *notice.groups[index + 1 :])
    return _of_groups(groups, notice, layout, base_moved=changed.base != group.base)


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


def _row_evidence(whole: _Damaged) -> Evidence:
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


def _split_evidence(whole: _Damaged) -> Evidence:
    hurt, grid, notice, layout = whole.hurt, whole.grid, whole.notice, whole.layout
    if "blank" in hurt.what:
        return _BLANK if hurt.span.kind in _NEVER_BLANK else _MAY_BE_BLANK
    if hurt.span.kind is not Kind.POINTS:
        return Evidence("", "each cell says what the merged one said")
    index = _group_at(hurt.span, grid, notice)
    group = notice.groups[index]
    singles = tuple(replace(group, indicators=(one,)) for one in group.indicators)
    groups = (*notice.groups[:index], *singles, *notice.groups[index + 1 :])
    return _of_groups(groups, notice, layout, base_moved=True)


def _lost_cell_evidence(whole: _Damaged) -> Evidence:
    hurt, kind = whole.hurt, whole.kind
    merged = hurt.span.kind in (*LEVELS, Kind.POINTS, Kind.ASSESSING)
    return _AS_ABOVE if kind == "md" and merged else _BLANK


def _target_evidence(whole: _Damaged) -> Evidence:
    hurt, grid, notice = whole.hurt, whole.grid, whole.notice
    if hurt.what == "two targets exchanged":
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
        return _ONLY_PLACE
    return _RANGE if far_out(hurt, grid) else _ONLY_PLACE


def far_out(hurt: Hurt, grid: Grid) -> bool:
    """Tell whether a number is ten times the median of a row whose others lie close together."""
    row = [s for s in body(grid, Kind.TARGETS) if s.row == hurt.span.row and s is not hurt.span]
    texts = [s.text for s in row if s.text != NOT_ASSESSED]
    plain = [t for t in texts if _BASE.fullmatch(t)]
    if len(plain) < 3 or len(plain) < len(texts) or not _BASE.fullmatch(hurt.after):
        return False
    others = [float(text) for text in plain]
    return max(others) <= 3 * min(others) and float(hurt.after) >= 10 * statistics.median(others)


def _name_evidence(whole: _Damaged) -> Evidence:
    hurt, grid = whole.hurt, whole.grid
    if hurt.span.kind not in (Kind.ASSESSING, Kind.SUPPORTING):
        cut = hurt.after[-1] in "，,、；;：:"
        return _FORM if cut else _WHOLE_NAME
    kinds = (Kind.ASSESSING, Kind.SUPPORTING)
    others = {s.text for s in body(grid, *kinds) if s is not hurt.span}
    last = re.split("[、，；\n]", hurt.after)[-1]
    if hurt.what == "text cut: department":
        whole = last.endswith(("局", "委", "办", "室", "市政府"))
        return _WHOLE_NAME if whole or not last else _NAMES
    meant = [name for name in DEPARTMENTS if name in hurt.span.text and name not in hurt.after]
    elsewhere = any(name in text for name in meant for text in others)
    return _NAMES if elsewhere else _UNKNOWN_NAME
