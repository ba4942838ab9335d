"""Files handed in at the command line: what is taken, filed, answered, and the exit codes."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from extract.office import form
from flows.cli.main import cli
from flows.jobs.doctor.raw_data import check_raw
from flows.jobs.returns.filing import check_writable
from report.forms import reply
from report.forms.form import HEAD_ROW
from schemas.records.forms import FORM_SHEET, INFO_SHEET, REPLY_SHEET, Form, column_letters
from schemas.records.health import Check
from tests.support.flows.offices import DEPARTMENT, ROLES, filed, filled, returned, sha256
from tests.support.paths import ROOT

FIXTURES = ROOT / "tests/fixtures/returns"
TEN = {(line, "award"): 90 + line for line in range(10)}


@pytest.fixture
def good(office: Path, forms: dict[str, Form]) -> Path:
    """A return in which all is well."""
    return filled(forms[DEPARTMENT], office / "in" / f"{DEPARTMENT}.xlsx", TEN)


def arguments(office: Path, *files: object, day: str = "2021-01-05") -> list[str]:
    return [
        "receive", *map(str, files), "--received-on", day, "--warehouse", f"{office}/tables",
        "--raw", f"{office}/raw", "--replies", f"{office}/replies",
    ]  # fmt: skip


def hand_in(office: Path, *files: object, **more: str) -> Result:
    got = CliRunner().invoke(cli, arguments(office, *files, **more))
    assert got.exception is None or isinstance(got.exception, SystemExit), got.exception
    return got


def edited(path: Path, edit: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def test_a_good_return_is_filed_unchanged_and_landed(office: Path, good: Path) -> None:
    before = sha256(good)
    got = hand_in(office, good)
    assert got.exit_code == 0, got.output
    place = office / "raw/returns/2020" / DEPARTMENT / "2021-01-05-1.xlsx"
    assert filed(office) == [place]
    assert sha256(place) == before == sha256(good)
    assert not os.access(place, os.W_OK) or os.geteuid() == 0
    assert place.stat().st_mode & 0o222 == 0
    rows = returned(office)
    assert [row["awarded_pct"] for row in rows] == [90 + line for line in range(10)]
    assert {(row["revision"], str(row["received_on"]), row["sample"]) for row in rows} == {
        (1, "2021-01-05", False)
    }
    assert not (office / "replies").exists()


def test_replies_that_cannot_be_written_are_told_before_anything_is_done(
    office: Path, good: Path
) -> None:
    (office / "replies").write_text("", encoding="utf-8")
    got = hand_in(office, good)
    assert got.exit_code in (1, 2), got.output
    with pytest.raises(NotADirectoryError):
        check_writable(office / "replies/2020")
    assert filed(office) == []
    assert returned(office) == []


def test_the_same_file_again_under_any_name_and_day(office: Path, good: Path) -> None:
    hand_in(office, good)
    other = shutil.copy(good, office / "in" / "另一个名字.xlsx")
    got = hand_in(office, good, other, day="2021-02-01")
    assert got.exit_code == 0
    assert got.output.count("同一文件已于 2021-01-05 收到") == 2
    assert len(filed(office)) == 1
    assert len(returned(office)) == 10


def test_a_revision_is_kept_beside_the_first(
    office: Path, good: Path, forms: dict[str, Form]
) -> None:
    better = filled(forms[DEPARTMENT], office / "in2" / "改.xlsx", {(0, "award"): 95})
    hand_in(office, good)
    assert hand_in(office, better, day="2021-01-09").exit_code == 0
    rows = [row for row in returned(office) if row["serial_no"] == 23]
    first = [row for row in rows if row["entity"] == forms[DEPARTMENT].lines[0].entity]
    assert [(row["revision"], row["awarded_pct"]) for row in first] == [(1, 90), (2, 95)]
    assert len(filed(office)) == 2


def test_two_returns_of_one_day_are_numbered(
    office: Path, good: Path, forms: dict[str, Form]
) -> None:
    other = filled(forms[DEPARTMENT], office / "in2" / good.name, {(0, "award"): 95})
    assert hand_in(office, good, other).exit_code == 0
    assert [path.name for path in filed(office)] == ["2021-01-05-1.xlsx", "2021-01-05-2.xlsx"]


def test_a_bad_row_is_refused_by_cell_and_answered(office: Path, forms: dict[str, Form]) -> None:
    path = filled(forms[DEPARTMENT], office / "in/a.xlsx", {**TEN, (3, "award"): "优秀"})
    got = hand_in(office, path)
    assert got.exit_code == 3
    place = f"L{HEAD_ROW + 4}"
    assert f"单元格 {place}" in got.output
    assert len(returned(office)) == 9
    answer = office / "replies/2020" / DEPARTMENT / "2021-01-05-1.xlsx"
    book = openpyxl.load_workbook(answer)
    assert "不是数字" in book[FORM_SHEET][place].comment.text
    link = book[REPLY_SHEET]["C6"].hyperlink
    assert (link.location, link.target) == (f"'{FORM_SHEET}'!{place}", None)

    def put_right(made: Any) -> None:
        made[FORM_SHEET][place].value = 93

    assert hand_in(office, edited(answer, put_right), day="2021-01-20").exit_code == 0
    assert len(returned(office)) == 19


def test_remarks_go_to_the_cell_that_is_seen(office: Path, forms: dict[str, Form]) -> None:
    path = filled(forms[DEPARTMENT], office / "in/a.xlsx", TEN)
    row, name, entity = HEAD_ROW + 4, ROLES.index("indicator") + 1, ROLES.index("entity") + 1

    def merge(book: Any) -> None:
        book[FORM_SHEET].merge_cells(
            start_row=row, end_row=row, start_column=min(name, entity), end_column=max(name, entity)
        )

    got = hand_in(office, edited(path, merge))
    assert got.exit_code == 3, got.output
    place = f"{column_letters(min(name, entity))}{row}"
    assert f"单元格 {place}" in got.output
    reply = openpyxl.load_workbook(office / "replies/2020" / DEPARTMENT / "2021-01-05-1.xlsx")
    assert reply[FORM_SHEET][place].comment.text
    assert reply[REPLY_SHEET]["C6"].hyperlink.location == f"'{FORM_SHEET}'!{place}"


def test_a_reply_that_fails_is_written_by_the_next_run(
    office: Path, forms: dict[str, Form], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = {**TEN, (3, "award"): "优秀"}
    one, other = (
        filled(
            forms[DEPARTMENT],
            office / "in" / str(number) / "报送.xlsx",
            bad | {(0, "award"): number},
        )
        for number in (61, 62)
    )
    written = reply.write_reply

    def fail(receipt: Any, day: str, path: Path) -> None:
        if any(value.awarded_pct == 61 for value in receipt.values):
            raise OSError(28, "No space left on device")
        written(receipt, day, path)

    monkeypatch.setattr(reply, "write_reply", fail)
    got = hand_in(office, one, other)
    assert got.exit_code == 3, "rows were taken"
    assert "No space left" in got.output
    assert "没有办完" in got.output
    replies = office / "replies/2020" / DEPARTMENT
    assert [path.name for path in replies.iterdir()] == ["2021-01-05-2.xlsx"]
    assert len(returned(office)) == 18
    monkeypatch.undo()

    third = filled(forms[DEPARTMENT], office / "in/3.xlsx", TEN)
    got = hand_in(office, third, day="2021-01-09")
    assert got.exit_code == 3
    assert "上次没有办完，现已补办" in got.output
    assert sorted(path.name for path in replies.iterdir()) == [
        "2021-01-05-1.xlsx",
        "2021-01-05-2.xlsx",
    ]
    book = openpyxl.load_workbook(replies / "2021-01-05-1.xlsx")
    assert "报送.xlsx" in book[REPLY_SHEET]["A2"].value
    assert len(returned(office)) == 28
    assert len(filed(office)) == 3
    assert "补办" not in hand_in(office, third).output


@pytest.mark.parametrize("place", [(2, 20_000), (1_048_577, 3)])
def test_a_csv_may_go_on_further_than_a_workbook(
    office: Path, forms: dict[str, Form], place: tuple[int, int]
) -> None:
    path = filled(forms[DEPARTMENT], office / "in/a.xlsx", {**TEN, (3, "award"): "优秀"})
    rows = [list(row) for row in openpyxl.load_workbook(path)[FORM_SHEET].values]
    rows += [[]] * (place[0] - len(rows))
    last = rows[place[0] - 1]
    rows[place[0] - 1] = [*last, *([None] * (place[1] - len(last) - 1)), "x"]
    table = office / "in/a.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    got = hand_in(office, table)
    assert got.exit_code == 3, got.output
    assert len(list((office / "replies/2020" / DEPARTMENT).iterdir())) == 1


def test_nothing_but_bad_rows_is_exit_code_1(office: Path, forms: dict[str, Form]) -> None:
    path = filled(forms[DEPARTMENT], office / "in/a.xlsx", {(0, "award"): "优秀"})
    got = hand_in(office, path)
    assert got.exit_code == 1
    assert returned(office) == []
    assert len(filed(office)) == 1  # it is the department's return all the same


def test_a_blank_form_is_filed_and_nothing_is_refused(office: Path, forms: dict[str, Form]) -> None:
    got = hand_in(office, filled(forms[DEPARTMENT], office / "in/a.xlsx", {}))
    assert got.exit_code == 0
    assert "未填 blank 10 行" in got.output


def other_label(book: Any) -> None:
    book[FORM_SHEET]["A2"].value = "填报部门：市商务局"


def other_document(book: Any) -> None:
    book[INFO_SHEET]["B2"].value = "elsewhere-2019"
    book[FORM_SHEET]["F2"].value = "文件编号：elsewhere-2019"


def path_for_a_name(book: Any) -> None:
    book[INFO_SHEET]["B4"].value = "../../../../etc/cron.d"
    book[FORM_SHEET]["A2"].value = "填报部门：../../../../etc/cron.d"


def path_for_a_document(book: Any) -> None:
    book[INFO_SHEET]["B2"].value = "../../tables"
    book[FORM_SHEET]["F2"].value = "文件编号：../../tables"


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (other_label, "填报部门却写的是“市商务局”"),
        (other_document, "elsewhere-2019"),
        (path_for_a_name, "不是文件"),
        (path_for_a_document, "数据仓库中没有这份文件"),
    ],
)
def test_a_return_of_others_is_refused_whole(
    office: Path, good: Path, edit: Callable[[Any], None], says: str
) -> None:
    got = hand_in(office, edited(good, edit))
    assert got.exit_code == 1
    assert says in got.output
    assert "整份没有接收" in got.output
    assert returned(office) == []
    assert filed(office) == []


def test_rows_of_another_department_in_the_own_form(
    office: Path, good: Path, forms: dict[str, Form]
) -> None:
    line = forms["市商务局"].lines[0]

    def add(book: Any) -> None:
        said = {
            "serial_no": line.serial_no,
            "indicator": line.indicator,
            "entity": line.entity,
            "unit": line.unit,
            "actual": 5,
        }
        book[FORM_SHEET].append([said.get(role) for role in ROLES])

    got = hand_in(office, edited(good, add))
    assert got.exit_code == 3
    assert "由市商务局考核，不是市统计局" in got.output
    assert len(returned(office)) == 10


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.xls", "libreoffice.csv"])
def test_files_that_libreoffice_saved(landed: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(landed, tmp_path / "tables", symlinks=True)
    got = hand_in(tmp_path, FIXTURES / name)
    assert got.exit_code == 3
    assert "accepted 24 行" in got.output
    assert "单元格 J9" in got.output
    rows = {(row["serial_no"], row["entity"]): row for row in returned(tmp_path)}
    assert rows[4, "雁江区"]["actual_value"] == pytest.approx(3.3)  # a formula
    assert rows[4, "安岳县"]["actual_value"] == pytest.approx(4.3)  # a text: 4.30%
    assert rows[4, "乐至县"]["actual_value"] == pytest.approx(5.5)  # full-width digits
    assert (4, "高新区") not in rows
    assert rows[43, "雁江区"]["benchmark_value"] == pytest.approx(30.25)


def zip_bomb(path: Path, good: Path) -> None:
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as to:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", b" " * 150_000_000 + b"</sheetData>")
            to.writestr(info.filename, data, compresslevel=1)


def huge_sheet(path: Path, good: Path) -> None:
    """A return with 2,050 cells, whose table is written by hand: that is quick."""
    row = b"<row>" + b"<c><v>1</v></c>" * 410 + b"</row>"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as to:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", row * 5 + b"</sheetData>")
            to.writestr(info.filename, data)


BAD: dict[str, Callable[[Path, Path], object]] = {
    "empty.xlsx": lambda path, _: path.touch(),
    "cut.xlsx": lambda path, good: path.write_bytes(good.read_bytes()[:4000]),
    "end.xlsx": lambda path, good: path.write_bytes(good.read_bytes()[-4000:]),
    "picture.xlsx": lambda path, _: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(3000)),
    "letter.csv": lambda path, _: path.write_text("只是一封信。", encoding="utf-8"),
    "noise.csv": lambda path, _: path.write_bytes(random.Random(5).randbytes(5000)),
    "page.xlsx": lambda path, _: path.write_text("<html><table><tr><td>1</table></html>"),
    "folder.xlsx": lambda path, _: path.mkdir(),
    "pipe.xlsx": lambda path, _: os.mkfifo(path),
    "none.xlsx": lambda path, _: None,
    "large.xlsx": lambda path, _: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 31 * 2**20),
}


def test_what_is_no_form_is_refused_and_others_go_on(office: Path, good: Path) -> None:
    """As is each of them by itself."""
    paths = [office / name for name in BAD]
    for path in paths:
        BAD[path.name](path, good)
    got = hand_in(office, *paths, good, "--json")
    assert got.exit_code == 3, got.output
    states = {each["file"]: each["state"] for each in json.loads(got.stdout)["files"]}
    assert states == {str(path): "refused" for path in paths} | {str(good): "received"}
    assert len(returned(office)) == 10
    assert len(filed(office)) == 1
    alone = {path.name: hand_in(office, path) for path in paths}
    assert {name: each.exit_code for name, each in alone.items()} == dict.fromkeys(BAD, 1)
    assert all("未接收 refused" in each.output for each in alone.values())
    assert not any("Traceback" in each.output for each in (got, *alone.values()))


@pytest.mark.isolated
def test_what_is_too_large_for_a_process_is_refused_and_others_go_on(
    office: Path, good: Path
) -> None:
    zip_bomb(office / "bomb.xlsx", good)
    got = hand_in(office, office / "bomb.xlsx", good)
    assert got.exit_code == 3, got.output
    assert "未接收 refused" in got.output
    assert "Traceback" not in got.output
    assert len(returned(office)) == 10
    assert len(filed(office)) == 1


def test_a_workbook_of_too_many_cells_is_refused(
    office: Path, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As is a table of text; of as many as there may be a workbook takes seconds to read."""
    (office / "cells.csv").write_text(("1," * 410 + "\n") * 500)
    got = hand_in(office, office / "cells.csv")
    assert got.exit_code == 1
    assert "200000" in got.output
    monkeypatch.setattr(form, "MOST_CELLS", 2_000)
    huge_sheet(office / "sheet.xlsx", good)
    got = hand_in(office, office / "sheet.xlsx", good)
    assert got.exit_code == 3, got.output
    assert "2000" in got.output
    assert len(returned(office)) == 10


def test_an_extension_does_not_matter(office: Path, good: Path) -> None:
    renamed = good.rename(good.with_suffix(".pdf"))
    assert hand_in(office, renamed).exit_code == 0
    assert [path.name for path in filed(office)] == ["2021-01-05-1.xlsx"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\nb.xlsx", "a\\u000ab.xlsx"),
        ("=cmd.xlsx", "=cmd.xlsx"),
        ("市统计局 表(1)&<b>.xlsx", "市统计局 表(1)&<b>.xlsx"),
        ("-x.xlsx", "-x.xlsx"),
    ],
)
def test_odd_file_names(office: Path, good: Path, name: str, shown: str) -> None:
    odd = good.rename(good.with_name(name))
    assert hand_in(office, odd).exit_code == 0
    assert {row["source_name"] for row in returned(office)} == {shown}


@pytest.mark.parametrize("day", ["2999-01-01", "soon", "2021-13-01"])
def test_days_that_cannot_be(office: Path, good: Path, day: str) -> None:
    assert hand_in(office, good, day=day).exit_code == 2
    assert not (office / "raw").exists()


def test_nothing_handed_in_and_nothing_landed(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["receive"]).exit_code == 2
    got = CliRunner().invoke(
        cli, ["receive", str(FIXTURES / "libreoffice.csv"), "--warehouse", f"{tmp_path}/none"]
    )
    assert got.exit_code == 1
    assert "kaohe ingest" in got.output


def test_two_programs_at_once_file_and_land_once(office: Path, good: Path) -> None:
    command = [str(Path(sys.executable).with_name("kaohe")), *arguments(office, good)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate(timeout=120)[0] for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert sum("未重复归档" in each for each in said) == 1
    assert len(returned(office)) == 10
    assert len(filed(office)) == 1


def test_a_name_that_the_notice_declares_is_known(office: Path, good: Path) -> None:
    sidecar = office / "raw/notices/ziyang-2020/source.toml"
    sidecar.parent.mkdir(parents=True)
    sidecar.write_text('year = 2020\n[departments]\n"统计部门" = "市统计局"\n', encoding="utf-8")

    def rename(book: Any) -> None:
        del book[INFO_SHEET]
        book[FORM_SHEET]["A2"].value = "填报部门：统计部门"

    got = hand_in(office, edited(good, rename))
    assert got.exit_code == 0, got.output
    assert {row["department"] for row in returned(office)} == {DEPARTMENT}


def test_another_kind_of_file_is_told_what_a_form_is(office: Path) -> None:
    path = office / "表.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") * 200)
    got = hand_in(office, path)
    assert got.exit_code == 1
    assert "doc 文件，不是填报表" in got.output
    assert "请交回 .xlsx 格式的填报表" in got.output


@pytest.mark.parametrize("sign", ["_x001b_[31m", "_x0000_", "_xFFFF_", "_xFFFE_", "_xD800_"])
def test_a_text_that_no_file_can_hold_is_answered(
    office: Path, forms: dict[str, Form], good: Path, sign: str
) -> None:
    """Excel's spelling of any sign: it is shown as what it is not, and refused by its cell."""
    roles = dict(enumerate(("actual", "award", "grounds", "entity"), start=3))
    odd = filled(
        forms[DEPARTMENT],
        office / "in/odd.xlsx",
        {**TEN, (2, "award"): f"{sign}12"} | dict.fromkeys(roles.items(), sign),
    )
    got = hand_in(office, odd, good)
    assert got.exit_code == 3
    assert "Traceback" not in got.output
    assert len({row["source_sha256"] for row in returned(office)}) == 2
    reply_book = openpyxl.load_workbook(next((office / "replies").rglob("*-1.xlsx")))
    for line, role in {2: "award", **roles}.items():
        cell = reply_book[FORM_SHEET].cell(HEAD_ROW + 1 + line, ROLES.index(role) + 1)
        assert "\ufffd" in str(cell.value), cell.coordinate
    assert not list((office / "raw/returns").glob(".receiving/unanswered/*")), "nothing is left"


def test_a_file_that_breaks_the_program_is_its_own_failure(
    office: Path, forms: dict[str, Form], good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it does so; the others are read, landed and answered, and doctor says it is left."""
    bad = filled(
        forms[DEPARTMENT], office / "in/bad.xlsx", {**TEN, (0, "award"): 61, (3, "award"): "优秀"}
    )
    for at in ("receipt_of", "return_rows", "write_reply"):
        own = office / at
        shutil.copytree(office / "tables", own / "tables", symlinks=True)
        with monkeypatch.context() as patch:
            break_on_61(patch, at)
            got = hand_in(own, bad, good)
            assert got.exit_code == 3
            assert "bad.xlsx" in got.output
            assert "a mistake" in got.output
            assert any(row["awarded_pct"] == 90 for row in returned(own)), "the other is landed"
            again = hand_in(own, good)
            assert again.exit_code == (0 if at == "receipt_of" else 3)
            found = [each for each in raw_checks(own) if each.code == "returns_failed"]
            assert len(found) == (at != "receipt_of")
            assert all("a mistake" in each.found_zh and "bad" not in each.todo_zh for each in found)
        hand_in(own, bad)
        assert any(row["awarded_pct"] == 61 for row in returned(own)), "the next run does it"
        assert not [each for each in raw_checks(own) if each.code == "returns_failed"]


def break_on_61(patch: pytest.MonkeyPatch, at: str) -> None:
    """Let a step of the way fail on the return that awards 61."""
    from flows.jobs.returns import landing, receive
    from returns import receipt as receipts
    from returns import rows

    places = {"receipt_of": (receive, receipts), "return_rows": (landing, rows)}
    patched, real_in = places.get(at, (reply, reply))
    real = getattr(real_in, at)

    def broken(first: Any, *rest: Any) -> Any:
        cells = first.sheets if at == "receipt_of" else first.book.sheets
        if any(cell.value == "61" for sheet in cells for cell in sheet.cells):
            raise KeyError("a mistake")
        return real(first, *rest)

    patch.setattr(patched, at, broken)


def raw_checks(office: Path) -> list[Check]:
    """Return what the doctor says of an office's raw data."""
    return list(check_raw(office / "raw", office / "tables"))


def test_filed_returns_land_again_in_a_new_warehouse(
    office: Path, landed: Path, good: Path
) -> None:
    """The way out of a warehouse that is damaged and has no backup."""
    hand_in(office, good, day="2021-01-05")
    before = [(row["indicator_id"], row["received_on"]) for row in returned(office)]
    shutil.rmtree(office / "tables")
    shutil.copytree(landed, office / "tables", symlinks=True)
    assert not returned(office)
    (path,) = (path for path in filed(office) if path.suffix == ".xlsx")
    assert hand_in(office, path, day="2021-03-09").exit_code == 0
    assert [(row["indicator_id"], row["received_on"]) for row in returned(office)] == before
    assert len([each for each in filed(office) if each.suffix == ".xlsx"]) == 1
