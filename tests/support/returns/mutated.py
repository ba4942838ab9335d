"""Returned forms as people hand them in: filled by a generator, edited by hand, broken by chance.

Every filled line carries a mark in its grounds, so that what became of it can be told from the
outside: ``expected`` says for each mark which value may be taken, or that none may.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import random
import re
import tempfile
import zipfile
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from report.forms.form import HEAD_ROW, write_form
from schemas.records.forms import HEADINGS, INFO_SHEET, Form, FormLine

ROLES = tuple(HEADINGS)
NEVER = object()
MARK = re.compile(r"依据#\d+")


def column(role: str) -> int:
    return ROLES.index(role) + 1


@dataclass
class Case:
    """A form on its way to a file; ``notes`` name what was done to it."""

    form: Form
    random: random.Random
    book: Any
    expected: dict[str, tuple[FormLine, object]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    cached: dict[str, str] = field(default_factory=dict)
    broken: bool = False
    moved: bool = False
    far: bool = False

    @property
    def sheet(self) -> Worksheet:
        return next(each for each in self.book.worksheets if each.title != INFO_SHEET)

    def rows(self) -> list[int]:
        """The rows that carry a mark."""
        return [row for row in range(1, self.sheet.max_row + 1) if self.mark(row)]

    def mark(self, row: int) -> str | None:
        for cell in self.sheet[row]:
            if isinstance(cell.value, str) and MARK.fullmatch(cell.value):
                return cell.value
        return None

    def never(self, row: int) -> None:
        mark = self.mark(row)
        if mark in self.expected:
            self.expected[mark] = (self.expected[mark][0], NEVER)


@cache
def blank_form(form: Form) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_form(form, path)
        return path.read_bytes()


def make_case(form: Form, seed: int, path: Path) -> tuple[Case, Path]:
    """Write one mutated return; the same seed gives the same."""
    chance = random.Random(seed)
    case = Case(form, chance, openpyxl.load_workbook(io.BytesIO(blank_form(form))))
    fill(case)
    how = chance.choices((save, save_csv, save_broken), (16, 3, 2))[0]
    case.notes.append(how.__name__)
    last = chance.choice((*LAST, None, None, None))
    for edit in (*chance.sample(EDITS, chance.choice((0, 1, 1, 2, 3))), *([last] if last else ())):
        edit(case)
        case.notes.append(edit.__name__)
    return case, how(case, path)


# Filling: each way of writing gives the cell's content and what may come of it.


def fill(case: Case) -> None:
    for offset, line in enumerate(case.form.lines):
        if case.random.random() < 0.25:
            continue
        row = HEAD_ROW + 1 + offset
        mark = f"依据#{offset}"
        case.sheet.cell(row, column("grounds")).value = mark
        if "award" in line.needs:
            wanted = award(case, row)
        else:
            wanted = actual(case, row, line)
            if "benchmark" in line.needs:
                case.sheet.cell(row, column("benchmark")).value = 50.5
        case.expected[mark] = (line, wanted)


def award(case: Case, row: int) -> object:
    cell = case.sheet.cell(row, column("award"))
    value = case.random.choice((60, 85.5, 100, 0, 97.25))
    way = case.random.randrange(10)
    if way == 0:
        cell.value = case.random.choice(("优秀", "150", -3, 0.95, "九十"))
        return NEVER
    if way == 1:
        cell.value, cell.number_format = value / 100, "0.00%"
    elif way == 2:
        cell.value = f"{value}%"
    else:
        cell.value = value
    return value


def actual(case: Case, row: int, line: FormLine) -> object:
    cell = case.sheet.cell(row, column("actual"))
    value = plausible(case, line)
    way = case.random.choice(WAYS)
    return way(case, cell, value, line)


def plausible(case: Case, line: FormLine) -> float:
    if line.target_kind == "zero_tolerance":
        return 0
    near = line.target_value or 42
    factor = case.random.choice((1, 2, 3)) if near == int(near) else 1
    return near * factor if line.unit != "%" else min(near, 100)


def as_number(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = value
    return value


def as_text(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value, cell.data_type = f" {value:.10g} ", "s"
    return value


def as_full_width(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = "".join(
        chr(ord(sign) + 0xFEE0) if sign in "0123456789.%" else sign for sign in f"{value:.10g}"
    )
    return value


def as_grouped(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = f"{value:,.2f}"
    return round(value, 2)


def as_per_cent(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value, cell.number_format = value / 100, "0.00%"
    return value if line.unit == "%" or (value == 0 and line.unit == "%") else NEVER


def with_unit(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = f"{value:.10g}{line.unit or ''}"
    return value


def as_formula(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = value
    case.cached[cell.coordinate] = f"{value}+0"
    return value


def as_formula_without_value(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = "=1+1"
    return NEVER


def as_nonsense(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value = case.random.choice(
        (
            "基本完成",
            "约50",
            "1,2",
            "5-6",
            "#REF!",
            True,
            "12万吨公里",
            "1.2.3",
            "无",
            "≥5",
            "３０左右",
            "8.1①",
            "7.6²",
            "7.6 1",
            "①",
            "44 ¹",
            "暂未公布",
        )
    )
    if cell.value == "#REF!":
        cell.data_type = "e"
    return NEVER


def as_date(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value, cell.number_format = 43831, "yyyy/m/d"
    return NEVER


def as_struck(case: Case, cell: Any, value: float, line: FormLine) -> object:
    cell.value, cell.font = value, Font(strike=True)
    return NEVER


def as_fraction(case: Case, cell: Any, value: float, line: FormLine) -> object:
    if line.unit != "%" or not line.target_value or line.target_value < 1:
        return as_number(case, cell, value, line)
    cell.value = value / 100
    return NEVER


WAYS: tuple[Callable[[Case, Any, float, FormLine], object], ...] = (
    as_number, as_number, as_number, as_number, as_text, as_full_width, as_grouped, as_per_cent,
    with_unit, as_formula, as_formula_without_value, as_nonsense, as_date, as_struck, as_fraction,
)  # fmt: skip


# Editing: what is done to a form between filling and handing in.


def contents(sheet: Worksheet) -> list[list[tuple[Any, str, str, Any]]]:
    return [
        [(cell.value, cell.data_type, cell.number_format, copy(cell.font)) for cell in row]
        for row in sheet.iter_rows(min_row=HEAD_ROW + 1)
    ]


def write_back(case: Case, rows: list[list[tuple[Any, str, str, Any]]]) -> None:
    if case.moved:
        return
    sheet = case.sheet
    sheet.delete_rows(HEAD_ROW + 1, sheet.max_row)
    case.cached.clear()
    for number, row in enumerate(rows, start=HEAD_ROW + 1):
        for place, (value, data_type, number_format, font) in enumerate(row, start=1):
            cell = sheet.cell(number, place)
            cell.value = value
            if value is not None:
                cell.data_type = data_type
            cell.number_format, cell.font = number_format, font


def shuffle_rows(case: Case) -> None:
    rows = contents(case.sheet)
    case.random.shuffle(rows)
    write_back(case, rows)


def delete_rows(case: Case) -> None:
    for row in case.random.sample(case.rows(), len(case.rows()) // 3):
        case.sheet.delete_rows(row)
        case.cached.clear()


def blank_rows(case: Case) -> None:
    rows = contents(case.sheet)
    for _ in range(3):
        rows.insert(case.random.randrange(len(rows) + 1), [(None, "n", "General", Font())])
    write_back(case, rows)


def repeat_row(case: Case) -> None:
    if not case.rows() or case.moved:
        return
    row = case.random.choice(case.rows())
    again = [cell.value for cell in case.sheet[row]]
    case.sheet.append(again)
    place = case.sheet.cell(case.sheet.max_row, column("actual"))
    place.number_format = case.sheet.cell(row, column("actual")).number_format
    for role in ("actual", "award"):
        again_cell = case.sheet.cell(case.sheet.max_row, column(role))
        again_cell.number_format = case.sheet.cell(row, column(role)).number_format
    if case.random.random() < 0.5:
        case.sheet.cell(case.sheet.max_row, column("veto")).value = "是"
        case.never(row)
        case.never(case.sheet.max_row)


def rows_on_top(case: Case) -> None:
    case.sheet.insert_rows(1, case.random.randrange(1, 4))
    case.sheet.merged_cells.ranges = set()
    case.cached.clear()
    case.moved = True


def add_column(case: Case) -> None:
    at = case.random.randrange(1, len(ROLES) + 2)
    case.sheet.merged_cells.ranges = set()
    case.sheet.insert_cols(at)
    case.cached.clear()
    if not case.moved:
        case.sheet.cell(HEAD_ROW, at).value = "备注"
    case.moved = True


def swap_columns(case: Case) -> None:
    if case.moved:
        return
    first, second = case.random.sample(range(1, len(ROLES) + 1), 2)
    case.sheet.merged_cells.ranges = set()
    case.cached.clear()
    for row in range(HEAD_ROW, case.sheet.max_row + 1):
        one, other = case.sheet.cell(row, first), case.sheet.cell(row, second)
        if isinstance(one, MergedCell) or isinstance(other, MergedCell):
            continue
        kept = (one.value, one.data_type, one.number_format, copy(one.font))
        one.value, one.number_format, one.font = (
            other.value, other.number_format, copy(other.font),
        )  # fmt: skip
        one.data_type = other.data_type
        other.value, other.data_type, other.number_format, other.font = kept
    case.moved = True


def drop_column(case: Case) -> None:
    if case.moved:
        return
    role = case.random.choice(("level1", "level2", "target", "unit", "indicator", "veto"))
    if role == "unit" and "wrong_unit" in case.notes:
        return  # nobody could see any more that it was wrong
    case.sheet.merged_cells.ranges = set()
    case.sheet.delete_cols(column(role))
    case.cached.clear()
    case.moved = True


def rename_headings(case: Case) -> None:
    if case.moved:
        return
    for role, name in (("actual", "实际 完成值（截至12月底）"), ("entity", "县（市、区）"),
                       ("grounds", "佐证材料"), ("award", "得分率（%）")):  # fmt: skip
        if role != "entity":
            case.sheet.cell(HEAD_ROW, column(role)).value = name


def wrong_serial(case: Case) -> None:
    if case.moved:
        return
    for row in case.rows()[:2]:
        case.sheet.cell(row, column("serial_no")).value = case.random.choice((999, 1, "七"))
        written = case.sheet.cell(row, column("serial_no")).value
        mark = case.mark(row)
        if mark and written not in (case.expected[mark][0].serial_no, "七"):
            case.never(row)


def wrong_entity(case: Case) -> None:
    if case.moved:
        return
    for row in case.rows()[:2]:
        case.sheet.cell(row, column("entity")).value = case.random.choice(("不存在区", "", "县区"))
        case.never(row)


def wrong_unit(case: Case) -> None:
    if case.moved:
        return
    for row in case.rows()[-2:]:
        case.sheet.cell(row, column("unit")).value = "万吨公里"
        case.never(row)


def merge_values(case: Case) -> None:
    if case.moved or len(case.rows()) < 2 or "save_csv" in case.notes:
        return
    row = case.rows()[0]
    place = column("actual")
    if case.sheet.cell(row, place).value is None:
        return
    case.sheet.merge_cells(start_row=row, end_row=row + 1, start_column=place, end_column=place)
    case.never(row)
    if case.mark(row + 1):
        case.never(row + 1)


def add_sums(case: Case) -> None:
    """Write a row of sums below the lines, and a note on a mark below it."""
    if case.moved:
        return
    last = case.sheet.max_row
    case.sheet.cell(last + 1, column("entity")).value = case.random.choice(("合计", "全市 平均"))
    case.sheet.cell(last + 1, column("actual")).value = 123.4
    case.sheet.cell(last + 2, column("serial_no")).value = "注：①为初步核算数。"


def hide_rows(case: Case) -> None:
    for row in case.rows()[::2]:
        case.sheet.row_dimensions[row].hidden = True


def lose_hidden_sheet(case: Case) -> None:
    if INFO_SHEET in case.book.sheetnames:
        del case.book[INFO_SHEET]


def rename_sheet(case: Case) -> None:
    case.sheet.title = "Sheet1"


def add_sheets(case: Case) -> None:
    extra = case.book.create_sheet("汇总")
    extra["A1"], extra["B7"] = "合计", 12


def other_department(case: Case) -> None:
    case.sheet["A2"].value = "填报部门：市档案馆"
    everything_never(case)


def other_document(case: Case) -> None:
    if INFO_SHEET in case.book.sheetnames and not case.moved:
        case.book[INFO_SHEET]["B2"].value = "elsewhere-2019"
        case.sheet["F2"].value = "文件编号：elsewhere-2019"
        everything_never(case)


def far_cell(case: Case) -> None:
    case.far = True


def everything_never(case: Case) -> None:
    for mark, (line, _) in case.expected.items():
        case.expected[mark] = (line, NEVER)


EDITS: tuple[Callable[[Case], None], ...] = (
    shuffle_rows, delete_rows, blank_rows, rows_on_top, add_column, swap_columns,
    drop_column, rename_headings, wrong_serial, wrong_entity, wrong_unit, hide_rows,
    lose_hidden_sheet, rename_sheet, add_sheets, other_department, other_document, far_cell,
    add_sums,
)  # fmt: skip


def merge_names(case: Case) -> None:
    """Merge what rows of one indicator share, as people do to make a table look tidy."""
    if case.moved:
        return
    rows = case.rows()
    for first, second in itertools.pairwise(rows):
        one, other = (case.sheet.cell(row, column("serial_no")).value for row in (first, second))
        if second == first + 1 and one == other:
            for role in ("level1", "level2", "indicator", "serial_no"):
                place = column(role)
                if not isinstance(case.sheet.cell(first, place), MergedCell):
                    case.sheet.merge_cells(
                        start_row=first, end_row=second, start_column=place, end_column=place
                    )


def add_total(case: Case) -> None:
    row = case.sheet.max_row + 1
    case.sheet.cell(row, 1).value = "合计"
    if not case.moved:
        case.sheet.cell(row, column("actual")).value = 1234.5
        case.sheet.cell(row, column("grounds")).value = "依据#99999"
        case.expected["依据#99999"] = (case.form.lines[0], NEVER)


def copy_sheet(case: Case) -> None:
    """Leave a copy of the sheet in the file: every line stands there twice."""
    case.book.copy_worksheet(case.sheet)


#: These change what may be expected of two rows at once: nothing may move them again.
LAST = (repeat_row, merge_values, merge_names, add_total, copy_sheet)


# Saving.


def save(case: Case, path: Path) -> Path:
    if case.far:
        case.sheet.cell(1_048_576, 16_384).value = "远"
    case.book.save(path)
    if case.cached:
        put_formulas(path, case.cached)
    return path


def put_formulas(path: Path, formulas: dict[str, str]) -> None:
    """Give numbers a formula before their value, as a spreadsheet saves a calculated cell."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = "xl/worksheets/sheet1.xml"
    text = parts[name].decode()
    for place, formula in formulas.items():
        text = re.sub(
            rf'(<c r="{place}"[^>]*>)(<v>)',
            lambda found, f=formula: f"{found[1]}<f>{f}</f>{found[2]}",
            text,
        )
    parts[name] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, data in parts.items():
            package.writestr(part, data)


def save_csv(case: Case, path: Path) -> Path:
    """Save the sheet that people see as a spreadsheet does: what is shown, in one encoding."""
    target = path.with_suffix(".csv")
    text = io.StringIO()
    encoding, delimiter = case.random.choice(
        (("utf-8-sig", ","), ("utf-8", ","), ("gb18030", ","), ("gb18030", "\t"), ("utf-16", "\t"))
    )
    writer = csv.writer(text, delimiter=delimiter)
    for row in case.sheet.iter_rows():
        writer.writerow([shown(case, cell) for cell in row])
    target.write_bytes(text.getvalue().encode(encoding))
    return target


def shown(case: Case, cell: Any) -> str:
    if cell.value is None or isinstance(cell, MergedCell):
        return ""
    if cell.number_format == "yyyy/m/d":
        return "2020/1/1"
    if cell.font.strike:
        # The line through it is lost in a text file: the number is as good as any.
        mark = case.mark(cell.row)
        if mark and case.expected[mark][1] is NEVER:
            return f"作废{cell.value}"
    if isinstance(cell.value, str) and cell.value.startswith("="):
        return "#VALUE!"
    if "%" in cell.number_format and isinstance(cell.value, (int, float)):
        return f"{cell.value * 100:.2f}%"
    return str(cell.value)


def save_broken(case: Case, path: Path) -> Path:
    """Cut the file, flip bytes in it, empty it, or put something else there."""
    case.broken = True
    case.book.save(path)
    data = bytearray(path.read_bytes())
    way = case.random.randrange(6)
    if way == 0:
        data = data[: case.random.randrange(1, len(data))]
    elif way == 1:
        for _ in range(40):
            data[case.random.randrange(len(data))] ^= 1 << case.random.randrange(8)
    elif way == 2:
        data = bytearray()
    elif way == 3:
        data = bytearray(case.random.randbytes(3000))
    elif way == 4:
        data = bytearray("只是一段文字，没有表格。\n".encode("gb18030"))
    else:
        data = data[len(data) // 2 :]
    path.write_bytes(data)
    return path


def text_of(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def marks_in(path: Path) -> dict[str, list[tuple[str, int]]]:
    """Return where each mark stands in a file, read by another reader than ours."""
    found: dict[str, list[tuple[str, int]]] = {}
    if path.suffix == ".csv":
        text = text_of(path.read_bytes())
        delimiter = max(",\t", key=text.count)
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            for value in row:
                if MARK.fullmatch(value):
                    found.setdefault(value, []).append((path.name, number))
        return found
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for cell in list(sheet._cells.values()):
            if isinstance(cell.value, str) and MARK.fullmatch(cell.value):
                found.setdefault(cell.value, []).append((sheet.title, cell.row))
    return found
