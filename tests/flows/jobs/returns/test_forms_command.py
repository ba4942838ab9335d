"""``kaohe forms``: what is made for a real notice, what its workbooks hold, and what is kept."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from flows.cli.main import cli
from flows.jobs.returns import forms as forms_module
from flows.jobs.returns.forms import write
from report.forms.form import HEAD_ROW, file_name
from returns.form_lines import version_of
from schemas.records.forms import FILLED, FORM_SHEET, HELP_SHEET, INFO_SHEET, DocumentLines, Form
from tests.support.flows.offices import ROLES, forms_of

WITHOUT_DEPARTMENT = [32, 68]  # printed with no department


@pytest.fixture(scope="module")
def forms(landed: Path) -> dict[str, Form]:
    return forms_of(landed)


def kaohe(*arguments: object) -> Result:
    got = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert got.exception is None or isinstance(got.exception, SystemExit), got.exception
    return got


@pytest.fixture(scope="module")
def made(landed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    out = tmp_path_factory.mktemp("forms")
    got = kaohe("forms", 2020, "--out", out, "--warehouse", landed, "--json")
    assert got.exit_code == 0, got.output
    assert "第 32、68 项指标没有印出考核（责任）单位" in got.stderr
    answer: dict[str, Any] = json.loads(got.stdout)
    return answer


@pytest.fixture(scope="module")
def books(made: dict[str, Any]) -> dict[str, Any]:
    return {each["department"]: openpyxl.load_workbook(each["file"]) for each in made["forms"]}


def test_every_assessed_line_stands_in_its_departments_forms(
    made: dict[str, Any], books: dict[str, Any], forms: dict[str, Form]
) -> None:
    assert made["without_department"] == WITHOUT_DEPARTMENT
    assert list(books) == list(forms)
    for department, book in books.items():
        rows = list(book[FORM_SHEET].iter_rows(min_row=HEAD_ROW + 1, values_only=True))
        keys = [(row[0], row[ROLES.index("entity")], row[ROLES.index("part_no")] or 1)
                for row in rows]  # fmt: skip
        assert keys == [line.key for line in forms[department].lines]
        assert not {key[0] for key in keys} & set(WITHOUT_DEPARTMENT)


def test_the_hidden_sheet_names_the_form(books: dict[str, Any], forms: dict[str, Form]) -> None:
    for department, book in books.items():
        assert book.sheetnames == [FORM_SHEET, HELP_SHEET, INFO_SHEET]
        assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden"]
        facts = dict(book[INFO_SHEET].iter_rows(values_only=True))
        assert facts == {
            "form": "kaohe-form-1", "document_id": "ziyang-2020", "year": 2020,
            "department": department, "version": version_of(forms[department].lines),
            "sample": "false",
        }  # fmt: skip


def cells(book: Any, form: Form) -> Iterator[tuple[Any, str, Any]]:
    for row, line in enumerate(form.lines, start=HEAD_ROW + 1):
        for place, role in enumerate(ROLES, start=1):
            yield line, role, book[FORM_SHEET].cell(row, place)


def test_only_cells_to_fill_in_are_open(books: dict[str, Any], forms: dict[str, Form]) -> None:
    for department, book in books.items():
        assert all(sheet.protection.sheet for sheet in book.worksheets)
        for line, role, cell in cells(book, forms[department]):
            described = role == "actual" and "award" in line.needs
            asked = line.needs if line.asks_figure else line.needs - {"benchmark"}
            is_open = role in {*asked, "veto", "grounds", "evidence"} or described
            assert cell.protection.locked is not is_open, (department, line.key, role)
            if role in FILLED:
                assert cell.value is None


def test_open_cells_are_checked_and_hint_at_the_unit(
    books: dict[str, Any], forms: dict[str, Form]
) -> None:
    for department, book in books.items():
        checks = {
            place: check
            for check in book[FORM_SHEET].data_validations.dataValidation
            for area in check.sqref.ranges
            for place in area.cells
        }
        for line, role, cell in cells(book, forms[department]):
            check = checks.get((cell.row, cell.column))
            if role == "veto":
                assert check.type == "list"
            elif role in line.needs and (role != "benchmark" or line.asks_figure):
                described = role == "actual" and "award" in line.needs
                assert described or check.type == "decimal", (department, line.key, role)
                if role == "actual" and line.unit and not described:
                    assert line.unit in check.promptTitle
            elif role not in {"actual", "grounds", "evidence"}:
                assert check is None


def test_print_layout(books: dict[str, Any], forms: dict[str, Form]) -> None:
    for department, book in books.items():
        sheet = book[FORM_SHEET]
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
        assert department in sheet.oddFooter.left.text
        assert "&P" in sheet.oddFooter.center.text
        hidden = {
            ROLES[openpyxl.utils.column_index_from_string(letter) - 1]
            for letter, column in sheet.column_dimensions.items()
            if column.hidden
        }
        for line, role, cell in cells(book, forms[department]):
            if role in hidden:
                assert cell.value is None
                assert role not in line.needs


def test_no_formula_link_or_macro_is_in_any_form(made: dict[str, Any]) -> None:
    for each in made["forms"]:
        with zipfile.ZipFile(each["file"]) as package:
            names = package.namelist()
            assert not [name for name in names if re.search("vba|external|embed|media", name)]
            for name in names:
                data = package.read(name)
                assert b"TargetMode" not in data
                assert not re.search(rb"<f[ >]", data), (each["file"], name)


def test_the_same_again_is_unchanged_and_a_filled_form_is_kept(
    landed_few: Path, tmp_path: Path
) -> None:
    arguments = ("forms", 2020, "--out", tmp_path, "--warehouse", landed_few, "--json")
    first = json.loads(kaohe(*arguments).stdout)["forms"]
    assert {each["state"] for each in first} == {"new"}
    mine = Path(first[0]["file"])
    book = openpyxl.load_workbook(mine)
    book[FORM_SHEET].cell(HEAD_ROW + 1, ROLES.index("actual") + 1).value = 5
    book.save(mine)
    filled_in = mine.read_bytes()
    again = json.loads(kaohe(*arguments).stdout)["forms"]
    assert [each["state"] for each in again] == ["replaced", *["unchanged"] * (len(first) - 1)]
    assert Path(again[0]["kept_as"]).read_bytes() == filled_in
    assert len(list(tmp_path.iterdir())) == len(first) + 1


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d", "/etc/passwd", "市局\n", "..", "局" * 200, "a/b\\c:d", "con", " "]
)
def test_a_department_of_any_name_gets_a_file_in_the_folder(
    name: str, forms: dict[str, Form], tmp_path: Path
) -> None:
    out = tmp_path / "a" / "out"
    out.mkdir(parents=True)
    form = replace(next(iter(forms.values())), department=name)
    written = write(form, out)
    assert Path(written.file).parent == out
    assert [path.name for path in out.iterdir()] == [file_name(form)]
    assert [path.name for path in tmp_path.rglob("*.xlsx")] == [file_name(form)]
    facts = dict(openpyxl.load_workbook(written.file)[INFO_SHEET].iter_rows(values_only=True))
    assert facts["department"] == name


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("2031",), "2031"),
        (("2020", "--document", "elsewhere"), "elsewhere"),
        (("2021", "--document", "ziyang-2020"), "是2020年度的"),
    ],
)
def test_nothing_to_make_forms_of(
    landed: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    got = kaohe("forms", *arguments, "--out", tmp_path / "out", "--warehouse", landed)
    assert got.exit_code == 1
    assert says in got.stderr
    assert not (tmp_path / "out").exists()


def test_a_notice_without_any_department_is_refused(
    landed: Path, tmp_path: Path, forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = tuple(replace(line, departments=()) for line in next(iter(forms.values())).lines)
    document = DocumentLines("ziyang-2020", 2020, lines)
    monkeypatch.setattr(forms_module, "read_document_lines", lambda *_: (document, None))
    got = kaohe("forms", 2020, "--out", tmp_path / "out", "--warehouse", landed)
    assert got.exit_code == 1
    assert "没有印出任何考核（责任）单位" in got.stderr


def test_a_folder_that_cannot_be_written_is_named(landed: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    got = kaohe("forms", 2020, "--out", tmp_path / "out", "--warehouse", landed)
    assert got.exit_code in (1, 2)
    assert "Traceback" not in got.output
