"""What a form's cells check while they are filled in: lists, numbers, and a word on the unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from schemas.records.forms import HEADINGS, FormLine

_COLUMNS = tuple(HEADINGS)
_WIDEST = "1E+15"
_PER_CENT = frozenset({"%", "‰"})


def add_checks(sheet: Worksheet, lines: Sequence[FormLine], first_row: int) -> None:
    """Add drop-downs and number checks to the cells that are to be filled in."""
    rows = range(first_row, first_row + len(lines))
    placed = list(zip(rows, lines, strict=True))
    for unit, hint in dict.fromkeys((line.unit, hint_for(line)) for line in lines):
        of_unit = [each for each in placed if (each[1].unit, hint_for(each[1])) == (unit, hint)]
        # Where an award decides, words may stand for the actual value.
        numeric = [row for row, line in of_unit if "award" not in line.needs]
        compared = [row for row, line in of_unit if "benchmark" in line.needs]
        _apply(
            sheet, _number(unit, hint), _cells("actual", numeric) + _cells("benchmark", compared)
        )
    awarded = [row for row, line in placed if "award" in line.needs]
    _apply(sheet, _award(), _cells("award", awarded))
    _apply(sheet, _veto(), _cells("veto", list(rows)))


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
    check.promptTitle, check.prompt = f"单位：{unit or '无'}"[:32], hint[:250]
    return _stern(check, "请只填数字，不要带单位或文字。还没有数据时请留空。")


def hint_for(line: FormLine) -> str:
    """Return what a cell says while its number is typed."""
    if line.target_kind == "zero_tolerance":
        return "填发生的次数；没有发生的填 0。"
    if line.target_kind == "growth":
        return f"填增长率，例如 12.5 表示增长 12.5{line.unit or '%'}；下降填负数。"
    if line.target_kind == "external":
        return "填上级考核结果的得分。"
    if line.unit in _PER_CENT:
        return f"填数字，12.5 表示 12.5{line.unit}；不到 1{line.unit} 的请带上{line.unit}号。"
    return f"按“{line.unit}”填数字，不要带单位。" if line.unit else "只填数字。"


def _award() -> DataValidation:
    check = DataValidation(type="decimal", operator="between", formula1="0", formula2="100")
    check.promptTitle, check.prompt = "评定得分(%)", "填 0 至 100 之间的数，100 表示全部完成。"
    return _stern(check, "请填 0 至 100 之间的数。")


def _veto() -> DataValidation:
    check = DataValidation(type="list", formula1='"是,否"')
    check.promptTitle, check.prompt = "一票否决", "有否决情形时选“是”，并写明依据；没有的不用填。"
    return _stern(check, "请选“是”或“否”，或留空。")


def _stern(check: DataValidation, message: str) -> DataValidation:
    check.allow_blank = True
    check.showErrorMessage = check.showInputMessage = True
    check.errorTitle, check.error = "请核对", message
    return check
