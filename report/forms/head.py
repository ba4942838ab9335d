"""The head of a form: whose it is, by when and for how many points, and who signs it."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.styles import Alignment, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from common.messages import message
from common.numbers import show
from report.workbook import ALARM, BODY, BOX, CENTRED, HEAD, TITLE, WRAPPED, Look, fill, height, put
from schemas.records.forms import (
    DEPARTMENT_LABEL,
    DOCUMENT_LABEL,
    HEADINGS,
    HELP_SHEET,
    SAMPLE_LABEL,
    SIGN_OFF,
    Form,
    FormLine,
)

#: The row of the headings; the lines follow.
HEAD_ROW = 6
_SIGN_ROW, _SEAL_ROW = 4, 5
#: Where each signature's label and cell stand: first and last column, of columns that are shown.
_PLACES = {
    "reported_by": (("serial_no", "indicator"), ("entity", "entity")),
    "approved_by": (("target", "target"), ("points", "actual")),
    "approved_on": (("award", "veto"), ("grounds", "grounds")),
}
_OPEN, _HEADED = fill("FFFFFF"), Look(HEAD, CENTRED, BOX, fill("DDEBF7"))
_RIGHT = Alignment(horizontal="right", vertical="center")
_GAP = "　" * 8
_SEALED = f"单位（盖章）：{_GAP}联系电话：{_GAP}日期：　　年　　月　　日"
_HOW = f"黄色为必填，按计量单位只填数字；填法见“{HELP_SHEET}”。"
_COLUMNS = tuple(HEADINGS)


def add_head(sheet: Worksheet, form: Form, shown: float) -> None:
    """Write what stands above a form's lines, over columns so wide together."""
    last = get_column_letter(len(_COLUMNS))
    title = f"{form.year}年度目标绩效考核数据填报表"
    notice = f"依据：{form.title}" if form.title else ""
    rows = (
        (1, f"【{SAMPLE_LABEL}，仅供演示】{title}" if form.sample else title, ALARM),
        (2, f"{DEPARTMENT_LABEL}：{form.department}", HEAD),
        (3, "　".join(filter(None, (notice, *_terms(form), _HOW + _asked(form)))), BODY),
        (_SEAL_ROW, _SEALED, BODY),
    )
    for row, text, font in rows:
        put(sheet.cell(row, 1), text).font = font if row > 1 or form.sample else TITLE
    label = f"{DOCUMENT_LABEL}：{form.document_id}　　年度：{form.year}　　版本：{form.version}"
    put(sheet.cell(2, 6), label)
    for area in (f"A1:{last}1", "A2:E2", f"F2:{last}2", f"A3:{last}3", f"A5:{last}5"):
        sheet.merge_cells(area)
    sheet["A1"].alignment = CENTRED
    sheet["A3"].alignment = WRAPPED
    sheet.cell(_SEAL_ROW, 1).protection = Protection(locked=False)
    _add_signatures(sheet)
    for column, role in enumerate(_COLUMNS, start=1):
        put(sheet.cell(HEAD_ROW, column), HEADINGS[role], _HEADED)
    sheet.row_dimensions[1].height = 28
    sheet.row_dimensions[3].height = height([(str(sheet["A3"].value), shown)])
    for row in (_SIGN_ROW, _SEAL_ROW):
        sheet.row_dimensions[row].height = 22
    sheet.row_dimensions[HEAD_ROW].height = 30


def _terms(form: Form) -> tuple[str, ...]:
    """Return by when the form is to be handed in, and for how many points it is."""
    day = form.deadline
    by = (
        message("report.form.deadline", year=day.year, month=day.month, day=day.day).zh
        if day
        else ""
    )
    return by, _points(form.lines)


def _points(lines: Sequence[FormLine]) -> str:
    """Return the points of the lines of one entity, those on top of the whole apart."""
    sums: dict[str, float] = {}
    for line in lines:
        if line.points is not None and _adds(line):
            sums[line.entity] = sums.get(line.entity, 0.0) + line.points
    if not sums:
        return ""
    ends = sorted({round(each, 6) for each in sums.values()})
    if len(ends) == 1:
        return message("report.form.points", points=show(ends[0])).zh
    return message("report.form.points_between", low=show(ends[0]), high=show(ends[-1])).zh


def _adds(line: FormLine) -> bool:
    """Whether a line's points are of the whole, and not those of a class counted before."""
    return not line.on_top and (line.part_no == 1 or not line.counts_class)


def _asked(form: Form) -> str:
    """Return the question which end of some indicators is good; empty where all is known."""
    names = {line.serial_no: line.indicator for line in form.lines}
    listed = "、".join(f"{number} {names[number]}" for number in sorted(form.unclear))
    return message("report.direction_asked", listed=listed).zh if listed else ""


def _add_signatures(sheet: Worksheet) -> None:
    """Write the labels of who signs, each with an open cell behind it."""
    for role, (label, place) in _PLACES.items():
        at = _merged(sheet, label)
        put(sheet.cell(_SIGN_ROW, at), f"{SIGN_OFF[role]}：").alignment = _RIGHT
        at = _merged(sheet, place)
        cell = put(sheet.cell(_SIGN_ROW, at), None)
        cell.protection, cell.fill, cell.alignment = Protection(locked=False), _OPEN, CENTRED
        for column in range(at, _COLUMNS.index(place[1]) + 2):
            sheet.cell(_SIGN_ROW, column).border = BOX
        if role == "approved_on":
            cell.number_format = "yyyy-mm-dd"
            _add_day_check(sheet, cell.coordinate)


def _merged(sheet: Worksheet, ends: tuple[str, str]) -> int:
    """Make one cell of columns of the row of signatures; return the first one's number."""
    first, last = (_COLUMNS.index(role) + 1 for role in ends)
    if first < last:
        sheet.merge_cells(
            start_row=_SIGN_ROW, end_row=_SIGN_ROW, start_column=first, end_column=last
        )
    return first


def _add_day_check(sheet: Worksheet, cell: str) -> None:
    hint = message("report.hint.approved_on").zh
    check = DataValidation(showInputMessage=True, promptTitle=SIGN_OFF["approved_on"], prompt=hint)
    check.add(cell)
    sheet.add_data_validation(check)
