"""What a form's cells check while they are filled in: lists, numbers, and a hint on the unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from common.messages import Message, message
from common.numbers import PER_CENT, show
from schemas.records.forms import HEADINGS, FormLine
from schemas.vocabulary import TargetKind, word

_COLUMNS = tuple(HEADINGS)
_WIDEST = "1E+15"
_PER_CENT = frozenset({"%", "‰"})


def add_checks(sheet: Worksheet, lines: Sequence[FormLine], first_row: int) -> None:
    """Add drop-downs and number checks to the cells that are to be filled in."""
    rows = range(first_row, first_row + len(lines))
    placed = list(zip(rows, lines, strict=True))
    by_hint: dict[tuple[str | None, str], list[tuple[int, FormLine]]] = {}
    for row, line in placed:
        by_hint.setdefault((line.unit, hint_for(line)), []).append((row, line))
    for (unit, hint), own in by_hint.items():
        _apply(sheet, _number(unit, hint), _numeric(own))
    awards: dict[float, list[int]] = {}
    for row, line in placed:
        if "award" in line.needs:
            awards.setdefault(line.most_award, []).append(row)
    for most, awarded in awards.items():
        _apply(sheet, _award(most), _cells("award", awarded))
    _apply(sheet, _veto(), _cells("veto", list(rows)))


def _numeric(placed: Sequence[tuple[int, FormLine]]) -> list[str]:
    """Return the cells that take numbers; where an award decides, words may stand for a value."""
    numeric = [row for row, line in placed if "award" not in line.needs]
    compared = [row for row, line in placed if "benchmark" in line.needs and line.asks_figure]
    return _cells("actual", numeric) + _cells("benchmark", compared)


def _cells(role: str, rows: Iterable[int]) -> list[str]:
    letter = get_column_letter(_COLUMNS.index(role) + 1)
    return [f"{letter}{row}" for row in rows]


def _apply(sheet: Worksheet, check: DataValidation, cells: list[str]) -> None:
    if not cells:
        return
    for cell in cells:
        check.add(cell)
    sheet.add_data_validation(check)


def _number(unit: str | None, hint: str) -> DataValidation:
    check = DataValidation(
        type="decimal", operator="between", formula1=f"-{_WIDEST}", formula2=_WIDEST
    )
    title = f"单位：{unit or '无'}"
    return _stern(check, title, hint, message("report.check.number").zh)


def hint_for(line: FormLine) -> str:
    """Return what a cell shows while its number is typed."""
    return _hint(line).zh


def _hint(line: FormLine) -> Message:
    if line.counts_class or line.target_kind == TargetKind.ZERO_TOLERANCE:
        return _count_hint(line)
    if line.fall:
        return message("report.hint.fall" if line.fall < 0 else "report.hint.fall_named")
    if line.target_kind == TargetKind.GROWTH:
        return message("report.hint.growth", unit=line.unit or "%")
    if line.target_kind == TargetKind.EXTERNAL:
        return message("report.hint.external")
    if line.unit in _PER_CENT:
        return message("report.hint.per_cent", unit=line.unit)
    return message("report.hint.unit", unit=line.unit) if line.unit else message("report.hint.none")


def _count_hint(line: FormLine) -> Message:
    if line.counts_class:
        return message("report.hint.class", name=line.part_text)
    return message("report.hint.zero_tolerance")


def _award(most: float) -> DataValidation:
    check = DataValidation(type="decimal", operator="between", formula1="0", formula2=show(most))
    error = message("report.check.award", most=show(most)).zh
    beyond = message("report.hint.award_beyond", most=show(most)).zh
    hint = message("report.hint.award").zh if most <= PER_CENT else beyond
    return _stern(check, HEADINGS["award"], hint, error)


def _veto() -> DataValidation:
    check = DataValidation(type="list", formula1='"是,否"')
    hint, error = message("report.hint.veto").zh, message("report.check.veto").zh
    return _stern(check, HEADINGS["veto"], hint, error)


def _stern(check: DataValidation, title: str, hint: str, error: str) -> DataValidation:
    """Give a check its texts, cut to what Excel takes, and let it refuse what does not fit."""
    check.allow_blank = True
    check.showErrorMessage = check.showInputMessage = True
    check.promptTitle, check.prompt = title[:32], hint[:250]
    check.errorTitle, check.error = word("remark", "warning"), error
    return check
