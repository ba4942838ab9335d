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

_CLAUSE_ENDS = "，,。；;、（(《：:"
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
_AGAIN = Evidence("vocabulary", "the same text stands whole in other cells")
_YEAR = Evidence("form", "no notice speaks of such a year")
_UNIT = Evidence("units", "the row's numbers have lost the unit that all others have")
_NO_POINTS = Evidence("printed sums", "the heading has lost the points that all others print")
_NOTHING_LOST = Evidence("nothing lost", "each cell says what the merged one said")
_ALL_ALIKE = Evidence("", "every entity's total moves alike, and no sum is printed")
_ONLY_PLACE = Evidence("", "this is the only place that says so")
_WHOLE_NAME = Evidence("", "what is left is a whole name or sentence")
_NO_TRACE = Evidence("", "the row carries no points or serial number of its own")
_AS_ABOVE = Evidence("", "a blank means “as above” in such a text")
_AS_LEFT = Evidence("", "a blank means “as left” in such a text")
_MAY_BE_BLANK = Evidence("", "a cell of this kind may be printed blank")


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
        (("two targets",), _exchange_evidence),
        (("decimal point lost: target", "digit changed: target"), _number_evidence),
        (("text cut: target",), _cut_target_evidence),
        (("text cut: name",), _cut_name_evidence),
        (("department", "text cut"), _department_evidence),
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
        return _NOTHING_LOST
    index = _group_at(hurt.span, grid, notice)
    group = notice.groups[index]
    singles = tuple(replace(group, indicators=(one,)) for one in group.indicators)
    groups = (*notice.groups[:index], *singles, *notice.groups[index + 1 :])
    return _of_groups(groups, notice, layout, base_moved=True)


def _lost_cell_evidence(whole: _Damaged) -> Evidence:
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


def _joined_evidence(whole: _Damaged) -> Evidence:
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


def _exchange_evidence(whole: _Damaged) -> Evidence:
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
    return _ONLY_PLACE


def _number_evidence(whole: _Damaged) -> Evidence:
    """Hold a changed number to its row, a changed sentence to the same one elsewhere."""
    hurt, grid = whole.hurt, whole.grid
    if any(not 1949 <= int(year) <= 2100 for year in re.findall(r"(?<!\d)(\d{4})年", hurt.after)):
        return _YEAR
    words = re.sub(r"[\d.%]", "", hurt.after)
    if hurt.what.startswith("digit") and len(words) >= 8 and _whole_elsewhere(whole) >= 2:
        return _AGAIN
    return _RANGE if far_out(hurt, grid) else _ONLY_PLACE


def _whole_elsewhere(whole: _Damaged) -> int:
    """Count the other cells that print a damaged target's text as it was."""
    spans = body(whole.grid, Kind.TARGETS)
    return sum(s.text == whole.hurt.span.text for s in spans if s is not whole.hurt.span)


def _cut_target_evidence(whole: _Damaged) -> Evidence:
    hurt = whole.hurt
    if hurt.after[-1] in "，,、；;：:" or re.search(r"\d\.$", hurt.after):
        return _FORM
    targets = [s.text for s in body(whole.grid, Kind.TARGETS) if s is not hurt.span]
    longer = hurt.span.text[len(hurt.after)] not in _CLAUSE_ENDS and len(hurt.after) >= 3
    if longer and _whole_elsewhere(whole) >= 2 and hurt.after not in targets:
        return _AGAIN
    return _WHOLE_NAME


def _cut_name_evidence(whole: _Damaged) -> Evidence:
    hurt = whole.hurt
    if hurt.after[-1] in "，,、；;：:":
        return _FORM
    if _has_points(hurt.span.text) and not _has_points(hurt.after):
        alike = [s for s in body(whole.grid, hurt.span.kind) if s is not hurt.span]  # type: ignore[arg-type]
        if len(alike) >= 3 and all(_has_points(one.text) for one in alike):
            return _NO_POINTS
    return _UNIT if _lost_unit(whole) else _WHOLE_NAME


def _has_points(text: str) -> bool:
    return re.search(r"（\d+(?:\.\d+)?分）$", text) is not None


def _lost_unit(whole: _Damaged) -> bool:
    """Tell whether a row of bare numbers lost its unit where three of four other rows name it."""
    hurt = whole.hurt
    serial = serials(whole.grid).get(hurt.span.row)
    rows = [
        (number, leaf.unit)
        for number, _, leaf in whole.notice.leaves()
        if any(_BASE.fullmatch(text) for text in leaf.targets)
    ]
    own = dict(rows).get(serial or 0)
    left = [unit for number, unit in rows if unit is None or number == serial]
    named = own is not None and f"（{own}）" in hurt.span.text and f"（{own}" not in hurt.after
    odd = len(left) <= 0.25 * len(rows) and not hurt.after.endswith("数")
    return named and len(rows) >= 4 and odd


def far_out(hurt: Hurt, grid: Grid) -> bool:
    """Tell whether a number is six times the median, or a sixth, of a row whose others agree."""
    row = [s for s in body(grid, Kind.TARGETS) if s.row == hurt.span.row and s is not hurt.span]
    texts = [s.text for s in row if s.text != NOT_ASSESSED]
    plain = [t for t in texts if _BASE.fullmatch(t)]
    if len(plain) < 3 or len(plain) < len(texts) or not _BASE.fullmatch(hurt.after):
        return False
    others = [float(text) for text in plain]
    if min(others) <= 0 or max(others) > 3 * min(others):
        return False
    now, middle = float(hurt.after), statistics.median(others)
    return now >= 6 * middle or 0 < now <= middle / 6


def _department_evidence(whole: _Damaged) -> Evidence:
    if whole.hurt.what != "text cut: department":
        return _NAMES
    last = re.split("[、，；\n]", whole.hurt.after)[-1]
    return _WHOLE_NAME if not last or last in (*DEPARTMENTS, "市政府") else _NAMES
