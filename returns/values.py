"""The filled cells of a row become a returned value, or one doubt a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from common.declared import declared, declared_list
from common.fold import fold, fold_tight
from common.numbers import EPSILON, show
from returns.doubtful import Doubtful, doubtful, shortened
from returns.numbers import Expected, award_of, number_of
from returns.sheet import TableRow
from returns.signatures import Signed, signed_in
from returns.written import has_mark
from schemas.records.forms import HEADINGS, FormLine, ReadCell, ReturnedValue
from schemas.vocabulary import TargetKind

_NUMBER_BEHIND = re.compile(r"[<>≤≥=]?[0-9.]+[%‰]?$")


@dataclass(slots=True)
class Taken:
    """What a row holds: a value, or None where it is blank or doubtful.

    ``doubts`` and ``hints`` go with the role of the cell each is about; a doubt refuses the row.
    ``figure`` is the one figure to compare with, of a line whose indicator has just one.
    """

    value: ReturnedValue | None = None
    figure: float | None = None
    doubts: list[tuple[str, Doubtful]] = field(default_factory=list)
    hints: list[tuple[str, Doubtful]] = field(default_factory=list)


def taken_from(row: TableRow, line: FormLine, whole: Signed) -> Taken:
    """Return what the row holds for its line. Every cell that cannot be taken gives a doubt.

    ``whole`` is what the file says of who signed it.
    """
    taken = Taken()
    _check_merged(row, line, taken)
    actual = _actual(row, line, taken)
    award = _award(row, line, taken)
    _ask_sign(row, line, actual, taken)
    benchmark = _benchmark(row, line, actual, taken)
    taken.figure = benchmark if line.one_figure else None
    veto = _veto(row, taken)
    text, grounds = _text(row, "actual"), _text(row, "grounds")
    evidence = _text(row, "evidence")
    if taken.doubts:
        return taken
    given = {"actual": text, "award": award, "benchmark": benchmark}
    own = (text, award, None if line.one_figure else benchmark, grounds, evidence)
    if all(each is None for each in own) and not _answers_veto(veto, row, line):
        return taken
    wanted = [role for role in HEADINGS if role in line.needs]
    _check_complete(wanted, given, veto, line, taken)
    _hint_unneeded(given, line, taken)
    if veto and not _has_grounds(row):
        taken.hints.append(("grounds", doubtful("veto_without_grounds")))
    if not taken.doubts:
        own_signed, odd = signed_in(row, whole)
        taken.hints.extend(odd)
        taken.value = ReturnedValue(
            line, actual, text, award, benchmark, veto, grounds, row.sheet, row.row,
            evidence, own_signed,
        )  # fmt: skip
    return taken


def _answers_veto(veto: bool, row: TableRow, line: FormLine) -> bool:
    """Say whether a row says by its column of vetoes alone what its line asks."""
    return veto or (line.of_veto and "veto" in row.cells)


def _has_grounds(row: TableRow) -> bool:
    """Say whether anything is named that a value rests on: a reason, a source, a file."""
    return _text(row, "grounds") is not None or _text(row, "evidence") is not None


def _check_merged(row: TableRow, line: FormLine, taken: Taken) -> None:
    shared = {"benchmark"} if line.one_figure else set()
    for role in sorted((row.merged & row.cells.keys()) - shared):
        taken.doubts.append((role, doubtful("merged_value", heading=HEADINGS[role])))


def _text(row: TableRow, role: str) -> str | None:
    """Return a cell's text; None where it is blank or means that there is nothing yet."""
    cell = row.cells.get(role)
    if cell is None or cell.struck or cell.kind in ("error", "formula"):
        return None
    text = (cell.shown or cell.value).strip()
    return None if not text or _is_nothing(text) else text


def _is_nothing(text: str) -> bool:
    """Say whether a text means that there is no figure yet: 暂无, 尚未公布."""
    answers = declared(dict[str, list[str]], "returns", "returns", "answers")
    folded = fold_tight(text)
    return folded in map(fold_tight, answers["nothing"]) or any(
        re.fullmatch(form, folded) for form in answers["nothing_yet"]
    )


def _hint_none(role: str, cell: ReadCell, line: FormLine, taken: Taken) -> None:
    """Say of 无 for what is counted that it was not taken for 0."""
    none = declared_list("returns", "returns", "answers", "none")
    if _expected(line, None).counted and fold_tight(cell.value) in none:
        taken.hints.append((role, doubtful("none_or_zero", written=shortened(cell.value))))


def _actual(row: TableRow, line: FormLine, taken: Taken) -> float | None:
    """Return the actual value; words are enough where an award decides."""
    cell = row.cells.get("actual")
    if cell is None or (cell.kind == "text" and _is_nothing(cell.value) and not cell.struck):
        if cell is not None:
            _hint_none("actual", cell, line, taken)
        return None
    try:
        return _figure("actual", row, line, line.target_value, taken)
    except Doubtful as doubt:
        words = "award" in line.needs and cell.kind == "text" and not cell.struck
        if not words or (doubt.code != "text_for_number" and line.unit is not None):
            taken.doubts.append(("actual", doubt))
        return None


def _ask_sign(row: TableRow, line: FormLine, actual: float | None, taken: Taken) -> None:
    """Ask about a figure of the sign that a fall has not; grounds confirm that it is meant so."""
    if not line.fall or not actual or (actual > 0) == (line.fall > 0):
        return
    shown, other = shortened(row.cells["actual"].shown), show(-actual)
    goal, name = shortened(line.part_text or line.target_text or ""), line.indicator
    if _has_grounds(row):
        hint = doubtful("contrary_sign.confirmed", shown=shown, target=goal)
        taken.hints.append(("actual", hint))
    elif line.fall < 0:
        asked = doubtful("contrary_sign.negative", shown=shown, target=goal, other=other)
        taken.doubts.append(("actual", asked))
    else:
        asked = doubtful("contrary_sign.positive", shown=shown, target=goal, other=other, name=name)
        taken.doubts.append(("actual", asked))


def _figure(role: str, row: TableRow, line: FormLine, near: float | None, taken: Taken) -> float:
    """Return a cell's figure. Raises Doubtful, but not for being far from a target in doubt.

    Where there is no unit to write with it, grounds confirm that a figure is meant as it is.
    """
    cell, wide = row.cells[role], role == "benchmark"
    in_doubt = line.in_doubt and near == line.target_value
    try:
        return number_of(cell, _expected(line, near, wide=wide))
    except Doubtful:
        if not in_doubt and (line.unit is not None or not _has_grounds(row)):
            raise
    figure = number_of(cell, _expected(line, None, wide=wide))
    shown, goal = shortened(cell.shown), shortened(line.part_text or line.target_text or "")
    if in_doubt:
        hint = doubtful("far_from_doubtful", shown=shown, target=goal, unit=line.unit or "")
    else:
        hint = doubtful("scale.confirmed", shown=shown, target=goal)
    taken.hints.append((role, hint))
    return figure


def _expected(line: FormLine, near: float | None, *, wide: bool = False) -> Expected:
    name = _NUMBER_BEHIND.sub("", line.part_text or "") or line.indicator
    whole = line.target_kind == TargetKind.ZERO_TOLERANCE or line.counts_class
    return Expected(line.unit, near, name, whole=whole, wide=wide)


def _award(row: TableRow, line: FormLine, taken: Taken) -> float | None:
    cell = row.cells.get("award")
    if cell is None or (cell.kind == "text" and _is_nothing(cell.value) and not cell.struck):
        return None
    try:
        award = award_of(cell, line.most_award)
    except Doubtful as doubt:
        taken.doubts.append(("award", doubt))
        return None
    _hint_points(award, cell, line, taken)
    return award


def _hint_points(award: float, cell: ReadCell, line: FormLine, taken: Taken) -> None:
    """Ask of a small award whether points were meant: few are given so little of them."""
    points = line.points or 0.0
    if not 0 < award <= points + EPSILON or "%" in fold(cell.shown):
        return
    hint = doubtful(
        "award_or_points",
        shown=shortened(cell.shown),
        value=award,
        given=show(points * award / 100),
        points=show(points),
        scaled=show(100 * award / points),
    )
    taken.hints.append(("award", hint))


def _benchmark(row: TableRow, line: FormLine, actual: float | None, taken: Taken) -> float | None:
    cell = row.cells.get("benchmark")
    if cell is None or (cell.kind == "text" and _is_nothing(cell.value) and not cell.struck):
        return None
    try:
        return _figure("benchmark", row, line, actual or line.target_value, taken)
    except Doubtful as doubt:
        taken.doubts.append(("benchmark", doubt))
        return None


def _veto(row: TableRow, taken: Taken) -> bool:
    cell = row.cells.get("veto")
    if cell is None:
        return False
    answer = fold_tight(cell.value)
    if answer.endswith(".0"):
        answer = answer[:-2]
    for word, answered in (("yes", True), ("no", False)):
        words = declared_list("returns", "returns", "answers", word)
        if answer in map(fold_tight, words) and not cell.struck and not has_mark(cell.value):
            return answered
    taken.doubts.append(("veto", doubtful("bad_veto", written=shortened(cell.value))))
    return False


def _check_complete(
    wanted: list[str],
    given: Mapping[str, object],
    veto: bool,
    line: FormLine,
    taken: Taken,
) -> None:
    """Refuse a row that brings not all it must; a veto alone is enough."""
    missing = [role for role in wanted if given[role] is None]
    either = line.target_kind == TargetKind.NONE
    if veto or not missing or (either and len(missing) < len(wanted)):
        return
    if missing == ["benchmark"]:
        if not line.one_figure:
            taken.hints.append(("benchmark", doubtful("no_benchmark")))
        return
    named = ("或" if either else "、").join(f"“{HEADINGS[role]}”" for role in missing)
    taken.doubts.append((missing[0], doubtful("incomplete", missing=named)))


def _hint_unneeded(given: Mapping[str, object], line: FormLine, taken: Taken) -> None:
    for role, value in given.items():
        if value is None or role in line.needs or (role == "actual" and "award" in line.needs):
            continue
        heading = HEADINGS[role]
        hint = doubtful(
            "not_needed.refused" if taken.doubts else "not_needed.recorded", heading=heading
        )
        taken.hints.append((role, hint))
