"""Forms: what is asked, what may be written, that they come back, that no text is a formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from common.files import safe_name
from extract.office.form import read_form
from report.forms.form import HEAD_ROW, file_name, write_form
from report.forms.reply import write_reply
from report.workbook import same_workbook, sheet_title
from returns.form_lines import forms, version_of, without_department
from returns.receipt import receipt_of
from schemas.records.forms import FORM_SHEET, HEADINGS, INFO_SHEET, REPLY_SHEET, Form, Remark
from tests.support.for_each import for_each
from tests.support.returns.samples import document

ROLES = tuple(HEADINGS)


def form_of(department: str) -> Form:
    made = forms(document().lines, "tianhe-2021", 2021, "通知")
    return next(form for form in made if form.department == department)


def written(form: Form, folder: Path) -> Path:
    path = folder / file_name(form)
    write_form(form, path)
    return path


def test_one_form_a_department_and_one_line_a_part() -> None:
    made = {form.department: form for form in forms(document().lines, "tianhe-2021", 2021, None)}
    assert list(made) == ["市统计局", "市商务局", "市经济和信息化局", "市机关事务管理局",
                          "市政务服务管理局"]  # fmt: skip
    assert [line.key for line in made["市统计局"].lines][-2:] == [
        (9, "东河区", 1),
        (9, "东河区", 2),
    ]
    assert {line.serial_no for line in made["市商务局"].lines} == {4, 5, 6}
    lines = tuple(replace(line, departments=()) for line in document().lines[:2])
    assert forms(lines, "tianhe-2021", 2021, None) == ()
    assert without_department(lines) == (1,)


def test_sheet(tmp_path: Path) -> None:
    form = form_of("市统计局")
    book = openpyxl.load_workbook(written(form, tmp_path))
    sheet = book[FORM_SHEET]
    assert [cell.value for cell in sheet[HEAD_ROW]] == list(HEADINGS.values())
    assert sheet.max_row == HEAD_ROW + len(form.lines)
    assert sheet.protection.sheet
    assert sheet.freeze_panes is not None
    assert sheet.print_title_rows is not None
    assert book[INFO_SHEET].sheet_state == "hidden"
    info = {row[0].value: row[1].value for row in book[INFO_SHEET].iter_rows()}
    assert info == {
        "form": "kaohe-form-1", "document_id": "tianhe-2021", "year": 2021,
        "department": "市统计局", "version": version_of(form.lines), "sample": "false",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("department", "kind", "open_roles"),
    [("市统计局", "number", {"actual", "veto", "grounds", "evidence"}),
     ("市统计局", "benchmark", {"actual", "benchmark", "veto", "grounds", "evidence"}),
     ("市商务局", "judged", {"actual", "award", "veto", "grounds", "evidence"})],
)  # fmt: skip
def test_only_needed_cells_are_open(
    department: str, kind: str, open_roles: set[str], tmp_path: Path
) -> None:
    form = form_of(department)
    sheet = openpyxl.load_workbook(written(form, tmp_path))[FORM_SHEET]
    rows = [HEAD_ROW + 1 + at for at, line in enumerate(form.lines) if line.target_kind == kind]
    for row in rows:
        is_open = {
            role for role, cell in zip(ROLES, sheet[row], strict=True) if not cell.protection.locked
        }
        assert is_open == open_roles


def test_checks_cover_what_is_to_be_filled_in(tmp_path: Path) -> None:
    form = form_of("市商务局")
    sheet = openpyxl.load_workbook(written(form, tmp_path))[FORM_SHEET]
    checked = {
        (row, at): check.type
        for check in sheet.data_validations.dataValidation
        for area in check.sqref.ranges
        for row, at in area.cells
    }
    for row, line in enumerate(form.lines, start=HEAD_ROW + 1):
        asked = "award" if "award" in line.needs else "actual"
        assert checked[row, ROLES.index("veto") + 1] == "list"
        assert checked[row, ROLES.index(asked) + 1] == "decimal"


def test_the_cover_counts_the_points_of_an_entity_once(tmp_path: Path) -> None:
    form = form_of("市统计局")
    line = replace(form.lines[0], points=4.0)
    classes = [replace(line, serial_no=90, part_no=n, part_text=name, counts_class=True, points=3.0)
               for n, name in ((1, "国家级"), (2, "省级"))]  # fmt: skip
    on_top = replace(line, serial_no=91, points=5.0, on_top=True)
    form = replace(form, lines=(line, *classes, on_top), deadline=date(2022, 1, 9))
    sheet = openpyxl.load_workbook(written(form, tmp_path))[FORM_SHEET]
    assert "报送截止日期：2022年1月9日　本表各考核对象分值：7 分" in sheet["A3"].value
    own = [sheet.cell(HEAD_ROW + row, ROLES.index("points") + 1).value for row in range(1, 5)]
    assert own == [4, 3, 3, 5]


def test_an_award_above_100_is_checked_up_to_its_cap(tmp_path: Path) -> None:
    form = form_of("市商务局")
    lines = tuple(
        replace(line, most_award=120.0)
        if "award" in line.needs and line.entity == "东河区"
        else line
        for line in form.lines
    )
    sheet = openpyxl.load_workbook(written(replace(form, lines=lines), tmp_path))[FORM_SHEET]
    most = {
        (row, check.formula2)
        for check in sheet.data_validations.dataValidation
        for area in check.sqref.ranges
        for row, column in area.cells
        if column == ROLES.index("award") + 1
    }
    assert most == {
        (HEAD_ROW + 1 + at, f"{line.most_award:g}")
        for at, line in enumerate(lines)
        if "award" in line.needs
    }
    assert {bound for _, bound in most} == {"100", "120"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=2", "a\x07b", "---"])
def test_no_text_is_a_formula(text: str, tmp_path: Path) -> None:
    form = form_of("市统计局")
    odd = replace(form.lines[0], indicator=text, target_text=text, entity=text, level1=text)
    path = tmp_path / "form.xlsx"
    write_form(replace(form, department=text, title=text, lines=(odd,)), path)
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    assert not any(cell.kind == "formula" for cell in read_form(path).sheets[0].cells)


def test_a_form_handed_back_blank_brings_nothing_and_misses_nothing(tmp_path: Path) -> None:
    form = form_of("市统计局")
    receipt = receipt_of(read_form(written(form, tmp_path)), (document(),))
    assert (receipt.department, receipt.document_id) == ("市统计局", "tianhe-2021")
    assert (receipt.values, receipt.remarks) == ((), ())
    assert (receipt.unfilled, receipt.absent) == (len(form.lines), 0)
    assert not receipt.sample


def test_a_target_in_doubt_says_so_and_is_taken_back_as_it_is(tmp_path: Path) -> None:
    form = form_of("市统计局")
    doubtful = [replace(line, in_doubt=place == 0) for place, line in enumerate(form.lines)]
    path = written(replace(form, lines=tuple(doubtful)), tmp_path)
    sheet = openpyxl.load_workbook(path)[FORM_SHEET]
    shown = [row[ROLES.index("target")].value for row in sheet.iter_rows(min_row=HEAD_ROW + 1)]
    assert [str(each).endswith("（待核对）") for each in shown] == [
        line.in_doubt for line in doubtful
    ]
    lines = tuple(doubtful) + tuple(set(document().lines) - set(form.lines))
    receipt = receipt_of(read_form(path), (replace(document(), lines=lines),))
    assert receipt.remarks == ()


def test_samples_say_so(tmp_path: Path) -> None:
    form = replace(form_of("市统计局"), sample=True)
    path = written(form, tmp_path)
    assert "样例数据" in openpyxl.load_workbook(path)[FORM_SHEET]["A1"].value
    assert receipt_of(read_form(path), (document(),)).sample


@for_each(
    "name",
    ["../../etc", "a/b", "..", "市统计局\n", "con", "局" * 200, ".hidden", "C:\\x", "a\0b"],
)
def test_file_names_lead_nowhere_else(name: str) -> None:
    made = safe_name(name)
    assert made
    assert made != name
    assert not set(made) & set("/\\\0\n:.")
    assert len(made.encode()) < 200
    assert made != safe_name(f"{name}x")


def test_good_names_stay() -> None:
    assert safe_name("市教育和体育局（市教委）") == "市教育和体育局（市教委）"


def test_reply_marks_refused_cells_and_can_be_handed_in(tmp_path: Path) -> None:
    form = form_of("市统计局")
    path = written(form, tmp_path)
    book = openpyxl.load_workbook(path)
    actual = ROLES.index("actual") + 1
    book[FORM_SHEET].cell(HEAD_ROW + 1, actual).value = "基本完成"
    book[FORM_SHEET].cell(HEAD_ROW + 2, actual).value = 5.5
    book.save(path)
    receipt = receipt_of(read_form(path), (document(),))
    reply = tmp_path / "reply.xlsx"
    write_reply(receipt, "2021-01-05", reply)
    answered = openpyxl.load_workbook(reply)
    assert answered.sheetnames[0] == REPLY_SHEET
    cell = answered[FORM_SHEET].cell(HEAD_ROW + 1, actual)
    assert "不是数字" in cell.comment.text
    assert "请改正标红的单元格" in answered[REPLY_SHEET]["A3"].value
    assert cell.fill.start_color.rgb == "00FFC7CE"
    assert answered[FORM_SHEET].cell(HEAD_ROW + 2, actual).comment is None
    cell.value = 4.4
    answered.save(reply)
    again = receipt_of(read_form(reply), (document(),))
    assert again.department == "市统计局"
    assert [value.actual_value for value in again.values] == [4.4, 5.5]
    assert again.refused == ()


@pytest.mark.parametrize(
    ("remarks", "said"),
    [
        ((), "请看下列说明"),
        ((("warning", 5),), "标黄的单元格请核对"),
        ((("warning", None), ("refused", None)), "退回的没有对应的单元格"),
        ((("warning", None), ("refused", 5)), "请改正标红的单元格"),
    ],
)
def test_a_reply_asks_for_no_correction_where_nothing_was_refused(
    remarks: tuple[tuple[str, int | None], ...], said: str, tmp_path: Path
) -> None:
    receipt = receipt_of(read_form(written(form_of("市统计局"), tmp_path)), (document(),))
    made = tuple(Remark(each, "x", "x", "某处", FORM_SHEET, row, 1) for each, row in remarks)
    write_reply(replace(receipt, remarks=made), "2021-01-05", tmp_path / "reply.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "reply.xlsx")[REPLY_SHEET]
    assert said in sheet["A3"].value
    is_refused = any(each == "refused" for each, _ in remarks)
    assert ("退回说明" in sheet["A1"].value) == is_refused
    assert ("标红" in sheet["A3"].value) == (said == "请改正标红的单元格")


def test_same_workbook_looks_at_content(tmp_path: Path) -> None:
    form = form_of("市统计局")
    first, second, other = (tmp_path / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    write_form(form, first)
    write_form(form, second)
    write_form(replace(form, year=2022), other)
    assert same_workbook(first, second)
    assert not same_workbook(first, other)
    assert not same_workbook(first, tmp_path / "none.xlsx")


def test_sheet_titles_are_what_a_workbook_allows() -> None:
    assert sheet_title("a/b:c", []) == "a_b_c"
    assert sheet_title("X" * 50, ["x" * 31]) == "X" * 26 + " (2)"
